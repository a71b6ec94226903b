// Compiles operators, comparisons aside. Each tries the case of plain numbers before the general operation.
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
import { isTruthy } from './comparison.ts';
import type { Evaluation } from './evaluation.ts';
import type { BinaryOperator, Node } from './syntax.ts';
import type { Value } from './values.ts';

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
