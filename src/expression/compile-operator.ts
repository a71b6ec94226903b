// Compiles operators. Each tries the case of plain numbers before the general operation.
import {
  add,
  type BitOperator,
  bitwise,
  divide,
  floorDivide,
  invert,
  modulo,
  multiply,
  negate,
  plus,
  power,
  subtract,
} from './arithmetic.ts';
import type { Code, Context } from './code.ts';
import { compare, contains, equals, isSame, isTruthy } from './comparison.ts';
import type { Evaluation } from './evaluation.ts';
import type { BinaryOperator, ComparisonOperator, Node } from './syntax.ts';
import { PyTuple, type Value } from './values.ts';

type Operation = (evaluation: Evaluation, a: Value, b: Value) => Value;

const OPERATIONS: ReadonlyMap<BinaryOperator, Operation> = new Map<BinaryOperator, Operation>([
  ['+', add],
  ['-', subtract],
  ['*', multiply],
  ['/', divide],
  ['//', floorDivide],
  ['%', modulo],
  ['**', power],
]);

/** An operator between two operands. */
export function compileBinary(operator: BinaryOperator, left: Code, right: Code, at: number): Code {
  // Sums of small integers, the hot path of every walk, skip the general operation.
  if (operator === '+') {
    return (frame, evaluation) => {
      const a = left(frame, evaluation);
      const b = right(frame, evaluation);
      if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) return a + b;
      evaluation.at = at;
      return add(evaluation, a, b);
    };
  }
  if (operator === '-') {
    return (frame, evaluation) => {
      const a = left(frame, evaluation);
      const b = right(frame, evaluation);
      if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) return a - b;
      evaluation.at = at;
      return subtract(evaluation, a, b);
    };
  }
  const operation =
    OPERATIONS.get(operator) ??
    ((evaluation: Evaluation, a: Value, b: Value) => bitwise(evaluation, operator as BitOperator, a, b));
  return (frame, evaluation) => {
    const a = left(frame, evaluation);
    const b = right(frame, evaluation);
    evaluation.at = at;
    return operation(evaluation, a, b);
  };
}

/** A sign, `~` or `not`. */
export function compileUnary(operator: '-' | '+' | '~' | 'not', operand: Code, at: number): Code {
  if (operator === 'not') return (frame, evaluation) => !isTruthy(operand(frame, evaluation));
  const operation = operator === '-' ? negate : operator === '+' ? plus : invert;
  return (frame, evaluation) => {
    const value = operand(frame, evaluation);
    evaluation.at = at;
    return operation(evaluation, value);
  };
}

/** `and` and `or`, which give the operand that decided. */
export function compileLogical(kind: 'and' | 'or', nodes: readonly Node[], context: Context): Code {
  const codes = nodes.map((node) => context.compile(node, context));
  const stopAt = kind === 'or';
  return (frame, evaluation) => {
    let value: Value = null;
    for (let i = 0; i < codes.length; i++) {
      value = codes[i]!(frame, evaluation);
      if (isTruthy(value) === stopAt) return value;
    }
    return value;
  };
}

type Test = (evaluation: Evaluation, a: Value, b: Value) => boolean;

// Small numbers and short texts first: what most comparisons of a pipeline are about.
function isEqual(evaluation: Evaluation, a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b;
  if (typeof a === 'string' && typeof b === 'string' && a.length <= 1024) return a === b;
  return equals(evaluation, a, b);
}

// `card in ['J', 'Q']`: the display is made once, as CPython does, and texts are looked up in a set. Null for others.
function constantMembers(operator: ComparisonOperator, node: Node): Test | null {
  if (operator !== 'in' && operator !== 'not in') return null;
  if (node.kind !== 'list' && node.kind !== 'tuple') return null;
  const values: Value[] = [];
  for (const item of node.items) {
    if (item.kind !== 'constant') return null;
    values.push(item.value);
  }
  const tuple = new PyTuple(values);
  const texts = new Set(values.filter((value) => typeof value === 'string'));
  const wanted = operator === 'in';
  return (evaluation, a) =>
    (typeof a === 'string' ? texts.has(a) : contains(evaluation, tuple, a)) === wanted;
}

function testOf(operator: ComparisonOperator): Test {
  switch (operator) {
    case '==':
      return isEqual;
    case '!=':
      return (evaluation, a, b) => !isEqual(evaluation, a, b);
    case 'in':
      return (evaluation, a, b) => contains(evaluation, b, a);
    case 'not in':
      return (evaluation, a, b) => !contains(evaluation, b, a);
    case 'is':
      return (_evaluation, a, b) => isSame(a, b);
    case 'is not':
      return (_evaluation, a, b) => !isSame(a, b);
    case '<':
      return (evaluation, a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a < b : compare(evaluation, '<', a, b);
    case '<=':
      return (evaluation, a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a <= b : compare(evaluation, '<=', a, b);
    case '>':
      return (evaluation, a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a > b : compare(evaluation, '>', a, b);
    case '>=':
      return (evaluation, a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a >= b : compare(evaluation, '>=', a, b);
    default:
      return operator satisfies never;
  }
}

/** A comparison or a chain of them. */
export function compileComparison(
  first: Node,
  rest: readonly { readonly operator: ComparisonOperator; readonly operand: Node }[],
  context: Context,
): Code {
  const left = context.compile(first, context);
  const at = first.start;
  const [single] = rest;
  const members = rest.length === 1 ? constantMembers(single!.operator, single!.operand) : null;
  if (members !== null) {
    return (frame, evaluation) => {
      const value = left(frame, evaluation);
      evaluation.at = at;
      return members(evaluation, value, null);
    };
  }
  const links = rest.map(({ operator, operand }) => ({
    test: testOf(operator),
    operand: context.compile(operand, context),
  }));
  const [only] = links;
  if (links.length === 1 && only !== undefined) {
    const { test, operand } = only;
    return (frame, evaluation) => {
      const a = left(frame, evaluation);
      const b = operand(frame, evaluation);
      evaluation.at = at;
      return test(evaluation, a, b);
    };
  }
  return (frame, evaluation) => {
    let a = left(frame, evaluation);
    for (const { test, operand } of links) {
      const b = operand(frame, evaluation);
      evaluation.at = at;
      if (!test(evaluation, a, b)) return false;
      a = b;
    }
    return true;
  };
}
