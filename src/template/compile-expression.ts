// Turns expressions into closures. The meaning of operators is the expression language's; this adds what is Jinja's own.
// It refuses unknown filters and tests at once, before anything is rendered.
import {
  divide,
  floorDivide,
  modulo,
  multiply,
  negate,
  plus,
  power,
  subtract,
} from '../expression/arithmetic.ts';
import { compare, contains, equals } from '../expression/comparison.ts';
import { raise } from '../expression/errors.ts';
import { type Evaluation, spend } from '../expression/evaluation.ts';
import { isIterable, toItems } from '../expression/iteration.ts';
import { dictSet } from '../expression/keys.ts';
import {
  dictEntries,
  listOf,
  makeFloat,
  makeInt,
  PyDict,
  PySlice,
  PyTuple,
  typeName,
  type Value,
} from '../expression/values.ts';
import { callValue, getAttribute, getItem, isMutator } from './access.ts';
import { templateErrorAt } from './error.ts';
import { defined, Undefined, undefinedName } from './objects.ts';
import { FILTERS, TESTS } from './registry.ts';
import { compileRead, type Scope } from './runtime.ts';
import type { TemplateSource } from './source.ts';
import type { Symbols } from './symbols.ts';
import type {
  Arguments,
  BinaryOperator,
  CompareOperator,
  Expression,
  FilterExpression,
  Literal,
} from './syntax.ts';
import { addValues, concatenate, isTrue, operand } from './text.ts';

/** A compiled expression. */
export type Evaluate = (scope: Scope) => Value;

/** What the compiler of one template keeps in hand. */
export interface ExpressionContext {
  readonly source: TemplateSource;
  /** Called when an expression may change a list, dict or set in place. */
  readonly noteMutation: () => void;
}

/** How deeply syntax trees may nest; a chain such as `a + a + a` counts a level for each link. */
const MAX_TREE_DEPTH = 1_000;

/** Compiles an expression of the frame whose names are `symbols`. Throws TemplateError. */
export function compileExpression(
  context: ExpressionContext,
  symbols: Symbols,
  expression: Expression,
): Evaluate {
  return new ExpressionCompiler(context, symbols).compile(expression);
}

/** Compiles a filter chain whose innermost value is the text of a block's body. */
export function compileBodyFilter(
  context: ExpressionContext,
  symbols: Symbols,
  filter: FilterExpression,
): (scope: Scope, body: string) => Value {
  // The body reaches the innermost filter through a cell, which nested renderings of the same block must not share.
  const bodies: string[] = [];
  const apply = new ExpressionCompiler(context, symbols, () => bodies.at(-1)!).compile(filter);
  return (scope, body) => {
    bodies.push(body);
    try {
      return apply(scope);
    } finally {
      bodies.pop();
    }
  };
}

/** Compiles a call whose arguments also get `caller`. */
export function compileCallWithCaller(
  context: ExpressionContext,
  symbols: Symbols,
  call: Extract<Expression, { kind: 'call' }>,
): (scope: Scope, caller: Value) => Value {
  const compiler = new ExpressionCompiler(context, symbols);
  const callee = compiler.compile(call.callee);
  const args = compiler.compileArguments(call.args);
  return (scope, caller) => {
    const target = defined(callee(scope));
    const { positional, named } = args(scope);
    if (named?.has('caller')) raise('TypeError', "got multiple values for keyword argument 'caller'");
    return callValue(scope.run.evaluation, target, positional, new Map(named).set('caller', caller));
  };
}

interface CallArguments {
  readonly positional: Value[];
  readonly named: Map<string, Value> | null;
}

const BINARY: Readonly<
  Record<Exclude<BinaryOperator, '+'>, (evaluation: Evaluation, a: Value, b: Value) => Value>
> = {
  '-': subtract,
  '*': multiply,
  '/': divide,
  '//': floorDivide,
  '%': modulo,
  '**': power,
};

class ExpressionCompiler {
  private readonly context: ExpressionContext;
  private readonly symbols: Symbols;
  private readonly body: Evaluate | null;
  private depth = 0;

  constructor(context: ExpressionContext, symbols: Symbols, body: Evaluate | null = null) {
    this.context = context;
    this.symbols = symbols;
    this.body = body;
  }

  compile(expression: Expression): Evaluate {
    if (++this.depth > MAX_TREE_DEPTH) this.fail('expression too long', expression.start);
    const evaluate = this.compileKind(expression);
    this.depth--;
    return evaluate;
  }

  private fail(message: string, at: number): never {
    throw templateErrorAt('TemplateAssertionError', message, this.context.source, at);
  }

  private compileKind(expression: Expression): Evaluate {
    switch (expression.kind) {
      case 'literal': {
        const value = literalValue(expression.literal);
        return () => value;
      }
      case 'name': {
        const { name } = expression;
        const read = compileRead(this.symbols, name);
        return (scope) => {
          const value = read(scope);
          return value === undefined ? undefinedName(name) : value;
        };
      }
      case 'tuple': {
        const items = expression.items.map((item) => this.compile(item));
        return (scope) => {
          spend(scope.run.evaluation, items.length);
          return new PyTuple(items.map((item) => item(scope)));
        };
      }
      case 'list': {
        const items = expression.items.map((item) => this.compile(item));
        return (scope) => {
          spend(scope.run.evaluation, items.length);
          return listOf(items.map((item) => item(scope)));
        };
      }
      case 'dict':
        return this.compileDict(expression.pairs);
      case 'binary': {
        const left = this.compile(expression.left);
        const right = this.compile(expression.right);
        if (expression.operator === '+') {
          return (scope) => addValues(scope.run.evaluation, left(scope), right(scope));
        }
        const apply = BINARY[expression.operator];
        return (scope) => {
          // Both sides are evaluated before either is asked whether it is defined.
          const a = left(scope);
          const b = right(scope);
          return apply(scope.run.evaluation, operand(a), operand(b));
        };
      }
      case 'unary':
        return this.compileUnary(expression.operator, this.compile(expression.operand));
      case 'logic': {
        const left = this.compile(expression.left);
        const right = this.compile(expression.right);
        const stopsAt = expression.operator === 'or';
        return (scope) => {
          const value = left(scope);
          return isTrue(value) === stopsAt ? value : right(scope);
        };
      }
      case 'concat': {
        const parts = expression.parts.map((part) => this.compile(part));
        return (scope) =>
          concatenate(
            scope.run.evaluation,
            parts.map((part) => part(scope)),
          );
      }
      case 'compare':
        return this.compileCompare(expression.first, expression.rest);
      case 'conditional':
        return this.compileConditional(expression);
      case 'attribute': {
        const object = this.compile(expression.object);
        const { name } = expression;
        if (isMutator(name)) this.context.noteMutation();
        return (scope) => getAttribute(scope.run.evaluation, object(scope), name);
      }
      case 'item': {
        const object = this.compile(expression.object);
        const index = this.compile(expression.index);
        return (scope) => getItem(scope.run.evaluation, object(scope), index(scope));
      }
      case 'slice': {
        const [from, to, step] = [expression.from, expression.to, expression.step].map(
          (part): Evaluate => (part === null ? () => null : this.compile(part)),
        ) as [Evaluate, Evaluate, Evaluate];
        return (scope) => new PySlice(defined(from(scope)), defined(to(scope)), defined(step(scope)));
      }
      case 'call': {
        const callee = this.compile(expression.callee);
        const args = this.compileArguments(expression.args);
        return (scope) => {
          const target = defined(callee(scope));
          const { positional, named } = args(scope);
          return callValue(scope.run.evaluation, target, positional, named);
        };
      }
      case 'filter':
        return this.compileFilter(expression);
      case 'test': {
        const { name } = expression;
        const test = TESTS.get(name);
        if (test === undefined) return this.fail(`No test named '${name}'.`, expression.start);
        const value = this.compile(expression.value);
        const args = this.compileArguments(expression.args);
        return (scope) => {
          const { positional, named } = args(scope);
          return test.apply(scope.run.evaluation, value(scope), positional, named);
        };
      }
      default:
        return expression satisfies never;
    }
  }

  private compileFilter(expression: FilterExpression): Evaluate {
    const { name } = expression;
    const filter = FILTERS.get(name);
    if (filter === undefined) this.fail(`No filter named '${name}'.`, expression.start);
    const value = expression.value === null ? this.body! : this.compile(expression.value);
    const args = this.compileArguments(expression.args);
    return (scope) => {
      const input = value(scope);
      const { positional, named } = args(scope);
      spend(scope.run.evaluation, 1);
      return filter.apply(scope.run.evaluation, input, positional, named);
    };
  }

  private compileDict(pairs: readonly (readonly [Expression, Expression])[]): Evaluate {
    const compiled = pairs.map(([key, value]) => [this.compile(key), this.compile(value)] as const);
    return (scope) => {
      const dict = new PyDict();
      spend(scope.run.evaluation, compiled.length * 8);
      for (const [key, value] of compiled)
        dictSet(scope.run.evaluation, dict, operand(key(scope)), value(scope));
      return dict;
    };
  }

  private compileUnary(operator: '+' | '-' | 'not', evaluate: Evaluate): Evaluate {
    if (operator === 'not') return (scope) => !isTrue(evaluate(scope));
    const apply = operator === '-' ? negate : plus;
    return (scope) => apply(scope.run.evaluation, operand(evaluate(scope)));
  }

  private compileCompare(
    first: Expression,
    rest: readonly { readonly operator: CompareOperator; readonly operand: Expression }[],
  ): Evaluate {
    const start = this.compile(first);
    const links = rest.map((link) => ({ operator: link.operator, evaluate: this.compile(link.operand) }));
    return (scope) => {
      let left = start(scope);
      for (const { operator, evaluate } of links) {
        const right = evaluate(scope);
        if (!holds(scope.run.evaluation, operator, left, right)) return false;
        left = right;
      }
      return true;
    };
  }

  private compileConditional(expression: Extract<Expression, { kind: 'conditional' }>): Evaluate {
    const test = this.compile(expression.test);
    const value = this.compile(expression.value);
    const nothing = new Undefined(
      'the inline if-expression evaluated to false and no else section was defined.',
      true,
    );
    const otherwise = expression.otherwise === null ? () => nothing : this.compile(expression.otherwise);
    return (scope) => (isTrue(test(scope)) ? value(scope) : otherwise(scope));
  }

  compileArguments(args: Arguments): (scope: Scope) => CallArguments {
    const positional = args.positional.map((value) => this.compile(value));
    const named = args.named.map(({ name, value }) => ({ name, evaluate: this.compile(value) }));
    const spread = args.spread === null ? null : this.compile(args.spread);
    const spreadNamed = args.spreadNamed === null ? null : this.compile(args.spreadNamed);
    if (named.length === 0 && spread === null && spreadNamed === null) {
      return (scope) => {
        spend(scope.run.evaluation, positional.length);
        return { positional: positional.map((evaluate) => evaluate(scope)), named: null };
      };
    }
    return (scope) => {
      spend(scope.run.evaluation, positional.length + named.length);
      const values = positional.map((evaluate) => evaluate(scope));
      if (spread !== null) {
        for (const item of toItems(scope.run.evaluation, defined(spread(scope)))) values.push(item);
      }
      const byName = new Map<string, Value>();
      for (const { name, evaluate } of named) byName.set(name, evaluate(scope));
      if (spreadNamed !== null) mergeNamed(byName, defined(spreadNamed(scope)));
      return { positional: values, named: byName };
    };
  }
}

function mergeNamed(named: Map<string, Value>, more: Value): void {
  if (!(more instanceof PyDict))
    raise('TypeError', `argument after ** must be a mapping, not ${typeName(more)}`);
  for (const [key, value] of dictEntries(more)) {
    if (typeof key !== 'string') raise('TypeError', 'keywords must be strings');
    if (named.has(key)) raise('TypeError', `got multiple values for keyword argument '${key}'`);
    named.set(key, value);
  }
}

function holds(evaluation: Evaluation, operator: CompareOperator, a: Value, b: Value): boolean {
  if (operator === 'in' || operator === 'not in')
    return isMember(evaluation, a, operand(b)) === (operator === 'in');
  const left = operand(a);
  const right = operand(b);
  switch (operator) {
    case '==':
      return equals(evaluation, left, right);
    case '!=':
      return !equals(evaluation, left, right);
    default:
      return compare(evaluation, operator, left, right);
  }
}

// What cannot contain anything says so before the item is looked at, undefined or not.
function isMember(evaluation: Evaluation, item: Value, container: Value): boolean {
  const looks = isIterable(container) && typeof container !== 'string';
  return contains(evaluation, container, item instanceof Undefined && !looks ? item : operand(item));
}

function literalValue(literal: Literal): Value {
  switch (literal.type) {
    case 'none':
      return null;
    case 'boolean':
    case 'string':
      return literal.value;
    case 'integer':
      return makeInt(BigInt(literal.text));
    case 'float':
      return makeFloat(Number(literal.text));
    default:
      return literal satisfies never;
  }
}
