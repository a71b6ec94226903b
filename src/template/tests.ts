// Every test by name: what can stand right of `is`.
// Tests for presence take undefined values as they are; all others treat them as errors.
import { modulo } from '../expression/arithmetic.ts';
import { compare, contains, equals, isSame, type Order } from '../expression/comparison.ts';
import type { Evaluation } from '../expression/evaluation.ts';
import { isIterable } from '../expression/iteration.ts';
import {
  isFloat,
  isInt,
  isNumber,
  PyDict,
  PyFunction,
  PyHost,
  PyList,
  PyRange,
  PyTuple,
  PyType,
  type Value,
} from '../expression/values.ts';
import { callMethod } from './access.ts';
import { type Callable, callable } from './callable.ts';
import { defined, Markup, Undefined } from './objects.ts';
import { operand, toText } from './text.ts';

/** A test of the value alone. */
export function ofValue(name: string, holds: (value: Value) => boolean): [string, Callable<boolean>] {
  return [name, callable(`${name}()`, (_, value) => holds(value))];
}

function divides(evaluation: Evaluation, value: Value, by: Value, rest: number): boolean {
  return equals(evaluation, modulo(evaluation, operand(value), by), rest);
}

function caseTest(name: string, method: string): [string, Callable<boolean>] {
  return [
    name,
    callable(
      `${name}()`,
      (evaluation, value) => callMethod(evaluation, toText(evaluation, value), method, []) === true,
    ),
  ];
}

/** A test that is an operator, under all its names. */
function operator(
  names: readonly string[],
  holds: (evaluation: Evaluation, a: Value, b: Value) => boolean,
): [string, Callable<boolean>][] {
  const test = callable(`${names[0]}(other)`, (evaluation, value, [other]) =>
    holds(evaluation, operand(value), operand(other!)),
  );
  return names.map((name) => [name, test]);
}

function order(names: readonly string[], sign: Order): [string, Callable<boolean>][] {
  return operator(names, (evaluation, a, b) => compare(evaluation, sign, a, b));
}

function isSequence(value: Value): boolean {
  return (
    typeof value === 'string' ||
    value instanceof Markup ||
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyDict ||
    value instanceof PyRange
  );
}

function isCallable(value: Value): boolean {
  return (
    value instanceof PyFunction ||
    value instanceof PyType ||
    (value instanceof PyHost && value.call !== undefined)
  );
}

/** The tests of Jinja 3.1, but for `filter` and `test`, which look into the tables themselves. */
export const VALUE_TESTS: readonly (readonly [string, Callable<boolean>])[] = [
  ofValue('defined', (value) => !(value instanceof Undefined)),
  ofValue('undefined', (value) => value instanceof Undefined),
  ofValue('none', (value) => value === null),
  ofValue('true', (value) => value === true),
  ofValue('false', (value) => value === false),
  ofValue('boolean', (value) => typeof value === 'boolean'),
  ofValue('integer', isInt),
  ofValue('float', isFloat),
  ofValue('number', (value) => isNumber(value) || typeof value === 'boolean'),
  ofValue('string', (value) => typeof value === 'string' || value instanceof Markup),
  ofValue('mapping', (value) => value instanceof PyDict),
  ofValue('sequence', isSequence),
  ofValue('iterable', (value) => value instanceof Markup || isIterable(defined(value))),
  ofValue('callable', isCallable),
  ofValue('escaped', (value) => value instanceof Markup),
  ['odd', callable('odd()', (evaluation, value) => divides(evaluation, value, 2, 1))],
  ['even', callable('even()', (evaluation, value) => divides(evaluation, value, 2, 0))],
  [
    'divisibleby',
    callable('divisibleby(num)', (evaluation, value, [by]) => divides(evaluation, value, operand(by!), 0)),
  ],
  caseTest('lower', 'islower'),
  caseTest('upper', 'isupper'),
  ['sameas', callable('sameas(other)', (_, value, [other]) => isSame(value, other!))],
  ...operator(['in'], (evaluation, value, container) => contains(evaluation, container, value)),
  ...operator(['eq', 'equalto', '=='], equals),
  ...operator(['ne', '!='], (evaluation, a, b) => !equals(evaluation, a, b)),
  ...order(['lt', 'lessthan', '<'], '<'),
  ...order(['le', '<='], '<='),
  ...order(['gt', 'greaterthan', '>'], '>'),
  ...order(['ge', '>='], '>='),
];
