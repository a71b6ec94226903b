// The syntax tree of a template: what Jinja's grammar can say, with the offsets of each node.
// It holds no meaning and no positions for people; `positionAt` makes those when something fails.

/** Where a node stands in the normalised source. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A literal. Integers keep their source text, because they may exceed a JS number. */
export type Literal =
  | { readonly type: 'none' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'integer' | 'float'; readonly text: string };

/** Arguments of a call, a filter or a test. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly { readonly name: string; readonly value: Expression }[];
  /** `*args`, or null. */
  readonly spread: Expression | null;
  /** `**kwargs`, or null. */
  readonly spreadNamed: Expression | null;
}

/** Operators of two operands that compute a value. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';

/** Operators of a comparison chain. */
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

/** A call; `callblock` needs to know one. */
export type CallExpression = Span & {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly args: Arguments;
};

/** A name that is read. */
export type NameExpression = Span & { readonly kind: 'name'; readonly name: string };

/** A filter; `value` is null where the body of a block is filtered. */
export type FilterExpression = Span & {
  readonly kind: 'filter';
  readonly value: Expression | null;
  readonly name: string;
  readonly args: Arguments;
};

/** Anything with a value. */
export type Expression =
  | (Span & { readonly kind: 'literal'; readonly literal: Literal })
  | NameExpression
  | (Span & { readonly kind: 'tuple' | 'list'; readonly items: readonly Expression[] })
  | (Span & { readonly kind: 'dict'; readonly pairs: readonly (readonly [Expression, Expression])[] })
  | (Span & {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Span & { readonly kind: 'unary'; readonly operator: '+' | '-' | 'not'; readonly operand: Expression })
  | (Span & {
      readonly kind: 'logic';
      readonly operator: 'and' | 'or';
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Span & { readonly kind: 'concat'; readonly parts: readonly Expression[] })
  | (Span & {
      readonly kind: 'compare';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Expression }[];
    })
  | (Span & {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly value: Expression;
      readonly otherwise: Expression | null;
    })
  | (Span & { readonly kind: 'attribute'; readonly object: Expression; readonly name: string })
  | (Span & { readonly kind: 'item'; readonly object: Expression; readonly index: Expression })
  | (Span & {
      readonly kind: 'slice';
      readonly from: Expression | null;
      readonly to: Expression | null;
      readonly step: Expression | null;
    })
  | CallExpression
  | FilterExpression
  | (Span & {
      readonly kind: 'test';
      readonly value: Expression;
      readonly name: string;
      readonly args: Arguments;
    });

/** What can stand left of `=` or between `for` and `in`. */
export type Target =
  | (Span & { readonly kind: 'name'; readonly name: string })
  | (Span & { readonly kind: 'namespace'; readonly name: string; readonly attribute: string })
  | (Span & { readonly kind: 'tuple'; readonly items: readonly Target[] });

/** A macro's or call block's parameter. */
export interface Parameter extends Span {
  readonly name: string;
  readonly fallback: Expression | null;
}

/** A macro, or the body of a call block, which is an anonymous one. */
export interface MacroDefinition extends Span {
  readonly name: string | null;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

/** `for`; its own type because the resolver visits its parts one at a time. */
export type ForStatement = Span & {
  readonly kind: 'for';
  readonly target: Target;
  readonly items: Expression;
  readonly filter: Expression | null;
  readonly recursive: boolean;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
};

/** One branch of an `if`. */
export interface Branch {
  readonly test: Expression;
  readonly body: readonly Statement[];
}

/** `if` with its `elif` branches in order. */
export type IfStatement = Span & {
  readonly kind: 'if';
  readonly branches: readonly Branch[];
  readonly otherwise: readonly Statement[];
};

/** A block that templates can replace. */
export type BlockStatement = Span & {
  readonly kind: 'block';
  readonly name: string;
  readonly scoped: boolean;
  readonly required: boolean;
  readonly body: readonly Statement[];
};

/** Anything that stands in a template's body. */
export type Statement =
  | (Span & { readonly kind: 'text'; readonly text: string })
  | (Span & { readonly kind: 'output'; readonly expression: Expression })
  | IfStatement
  | ForStatement
  | (Span & { readonly kind: 'set'; readonly target: Target; readonly value: Expression })
  | (Span & {
      readonly kind: 'setBlock';
      readonly target: Target;
      readonly filter: FilterExpression | null;
      readonly body: readonly Statement[];
    })
  | (Span & { readonly kind: 'macro'; readonly definition: MacroDefinition })
  | (Span & {
      readonly kind: 'callBlock';
      readonly call: CallExpression;
      readonly definition: MacroDefinition;
    })
  | (Span & {
      readonly kind: 'filterBlock';
      readonly filter: FilterExpression;
      readonly body: readonly Statement[];
    })
  | (Span & {
      readonly kind: 'with';
      readonly bindings: readonly { readonly target: Target; readonly value: Expression }[];
      readonly body: readonly Statement[];
    })
  | (Span & { readonly kind: 'scope'; readonly body: readonly Statement[] })
  | BlockStatement
  | (Span & { readonly kind: 'extends'; readonly template: Expression })
  | (Span & {
      readonly kind: 'include';
      readonly template: Expression;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
    })
  | (Span & {
      readonly kind: 'import';
      readonly template: Expression;
      readonly alias: string;
      readonly withContext: boolean;
    })
  | (Span & {
      readonly kind: 'from';
      readonly template: Expression;
      readonly names: readonly { readonly name: string; readonly alias: string }[];
      readonly withContext: boolean;
    });
