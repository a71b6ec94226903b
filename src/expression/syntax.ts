// The syntax tree of an expression. Plain data; `start` and `end` are offsets into the source.
import type { Order } from './comparison.ts';
import type { Conversion } from './format.ts';
import type { PyFloat } from './values.ts';

/** An arithmetic or bit operator between two operands. */
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '|' | '&' | '^' | '<<' | '>>';

/** A comparison operator; several may be chained. */
export type ComparisonOperator = Order | '==' | '!=' | 'in' | 'not in' | 'is' | 'is not';

/** A literal value. */
export type Constant = null | boolean | number | bigint | string | PyFloat;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A parameter of a lambda. */
export interface Parameter {
  readonly name: string;
  readonly default: Node | null;
}

/** What a `for` assigns to: a name, or several by unpacking. */
export type Target =
  | (Span & { readonly kind: 'name'; readonly name: string })
  | (Span & { readonly kind: 'unpack'; readonly targets: readonly Target[] });

/** One `for target in source if ...` of a comprehension. */
export interface Clause {
  readonly target: Target;
  readonly source: Node;
  readonly conditions: readonly Node[];
}

/** A replacement field of an f-string. */
export interface Field {
  readonly value: Node;
  readonly conversion: Conversion | null;
  /** The parts of the format spec, or null when there is none. */
  readonly spec: readonly (string | Field)[] | null;
}

/** A named argument; `name` is null for `**mapping`. */
export interface NamedArgument {
  readonly name: string | null;
  readonly value: Node;
}

/** A node of the tree. */
export type Node = Span &
  (
    | { readonly kind: 'constant'; readonly value: Constant }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'formatted'; readonly parts: readonly (string | Field)[] }
    | { readonly kind: 'tuple' | 'list' | 'set'; readonly items: readonly Node[] }
    /** A null key stands for `**value`. */
    | { readonly kind: 'dict'; readonly entries: readonly (readonly [Node | null, Node])[] }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly left: Node;
        readonly right: Node;
      }
    | { readonly kind: 'unary'; readonly operator: '-' | '+' | '~' | 'not'; readonly operand: Node }
    | { readonly kind: 'and' | 'or'; readonly operands: readonly Node[] }
    | {
        readonly kind: 'comparison';
        readonly first: Node;
        readonly rest: readonly { readonly operator: ComparisonOperator; readonly operand: Node }[];
      }
    | {
        readonly kind: 'conditional';
        readonly condition: Node;
        readonly chosen: Node;
        readonly otherwise: Node;
      }
    | {
        readonly kind: 'call';
        readonly callee: Node;
        readonly positional: readonly Node[];
        readonly named: readonly NamedArgument[];
      }
    | { readonly kind: 'attribute'; readonly object: Node; readonly name: string }
    | { readonly kind: 'subscript'; readonly object: Node; readonly index: Node }
    | {
        readonly kind: 'slice';
        readonly from: Node | null;
        readonly to: Node | null;
        readonly step: Node | null;
      }
    | { readonly kind: 'starred'; readonly value: Node }
    | { readonly kind: 'walrus'; readonly name: string; readonly value: Node }
    | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: Node }
    | {
        readonly kind: 'comprehension';
        readonly form: 'list' | 'set' | 'dict' | 'generator';
        readonly clauses: readonly Clause[];
        readonly item: Node;
        /** The value of a dict comprehension, whose `item` is the key. */
        readonly value: Node | null;
      }
  );
