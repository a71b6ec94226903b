// The algebra of sets and of the set-like dict views. Results keep the order of the left operand.
import { type Evaluation, spend } from './evaluation.ts';
import { iterate } from './iteration.ts';
import { setAdd, setCopy } from './keys.ts';
import { PySet, PyView, type Value } from './values.ts';

/** A set, a frozenset, or the keys or items of a dict. */
export type SetLike = PySet | PyView;

/** True for what takes part in set operators. */
export function isSetLike(value: Value): value is SetLike {
  return value instanceof PySet || (value instanceof PyView && value.kind !== 'values');
}

/** The set of an iterable's items; a set itself is given back, not copied. */
export function toSet(evaluation: Evaluation, value: Value): PySet {
  if (value instanceof PySet) return value;
  const set = new PySet();
  for (const item of iterate(value)) setAdd(evaluation, set, item);
  return set;
}

/** `a | b`, `a & b`, `a ^ b`, `a - b`. The result is a frozenset when `a` is one. */
export function combineSets(
  evaluation: Evaluation,
  operator: '|' | '&' | '^' | '-',
  a: SetLike,
  b: SetLike,
): PySet {
  const left = toSet(evaluation, a);
  const right = toSet(evaluation, b);
  if (operator === '|') {
    const union = setCopy(evaluation, left, left.frozen);
    spend(evaluation, right.entries.size * 8);
    for (const [key, value] of right.entries) if (!union.entries.has(key)) union.entries.set(key, value);
    return union;
  }
  const result = new PySet(left.frozen);
  spend(evaluation, (left.entries.size + right.entries.size) * 2);
  for (const [key, value] of left.entries) {
    if (right.entries.has(key) === (operator === '&')) result.entries.set(key, value);
  }
  if (operator === '^') {
    for (const [key, value] of right.entries) if (!left.entries.has(key)) result.entries.set(key, value);
  }
  return result;
}

/** True when every item of `a` is in `b`. */
export function isSubset(evaluation: Evaluation, a: PySet, b: PySet): boolean {
  spend(evaluation, a.entries.size);
  if (a.entries.size > b.entries.size) return false;
  for (const key of a.entries.keys()) if (!b.entries.has(key)) return false;
  return true;
}
