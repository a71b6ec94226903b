// The shape of filters and tests: a name, a signature in Python's notation, and the work.
// It refuses to hold any filter itself.
import { type Bound, bind, signature } from '../expression/calls.ts';
import { raise } from '../expression/errors.ts';
import type { Evaluation } from '../expression/evaluation.ts';
import { type NamedArguments, toNumber, type Value } from '../expression/values.ts';

/** A filter or test. `value` is what stands left of the bar or of `is`. */
export interface Callable<Result> {
  readonly apply: (
    evaluation: Evaluation,
    value: Value,
    positional: readonly Value[],
    named: NamedArguments | null,
  ) => Result;
}

/** Filters, or tests, by name. */
export type Table<Result> = ReadonlyMap<string, Callable<Result>>;

/** One from its signature without the value, such as `join(d?, attribute?)`. */
export function callable<Result>(
  text: string,
  run: (evaluation: Evaluation, value: Value, bound: Bound) => Result,
): Callable<Result> {
  const target = signature(text);
  return {
    apply: (evaluation, value, positional, named) => run(evaluation, value, bind(target, positional, named)),
  };
}

/** A whole number argument. */
export function wholeNumber(value: Value | undefined, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = toNumber(value);
  if (number === null || !Number.isInteger(number)) raise('TypeError', 'an integer is required');
  return number;
}
