// What a method of a type is. Tables of them are Maps: a method name never reaches a host object.

import type { Bound } from './calls.ts';
import { bind, noteSignature, signature } from './calls.ts';
import type { Evaluation } from './evaluation.ts';
import type { NamedArguments, Value } from './values.ts';

/** A method of receivers of type T. */
export type Method<T> = (
  evaluation: Evaluation,
  self: T,
  positional: readonly Value[],
  named: NamedArguments | null,
) => Value;

/** The methods of one type by name. */
export type MethodTable<T> = ReadonlyMap<string, Method<T>>;

/** A table from methods with signatures (`index(item, start?, stop?)`), each with its work on bound arguments. */
export function methodTable<T>(
  entries: Readonly<Record<string, (evaluation: Evaluation, self: T, ...bound: Bound) => Value>>,
): Map<string, Method<T>> {
  const table = new Map<string, Method<T>>();
  for (const [text, run] of Object.entries(entries)) {
    const target = signature(text);
    const method: Method<T> = (evaluation, self, positional, named) =>
      run(evaluation, self, ...bind(target, positional, named));
    noteSignature(method, target);
    table.set(target.name, method);
  }
  return table;
}
