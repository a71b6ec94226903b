// Changes in place (`hand.append(card)`, `random.shuffle(deck)`) must not reach a unit's stored fields: a retry would
// start from them. Expressions that may change something work on copies.
import type { Evaluation } from './evaluation.ts';
import { enter, leave, spend } from './evaluation.ts';
import { children } from './scope.ts';
import type { Node } from './syntax.ts';
import { PyDict, PyFloat, PyList, PySet, PyTuple, type Value } from './values.ts';

const CHANGING: ReadonlySet<string> = new Set(
  (
    'append extend insert pop remove clear sort reverse update setdefault popitem add discard shuffle ' +
    'intersection_update difference_update symmetric_difference_update'
  ).split(' '),
);

/** True when the tree names a method that changes its receiver, or `shuffle`. */
export function mayChange(node: Node): boolean {
  if (node.kind === 'attribute' && CHANGING.has(node.name)) return true;
  return children(node).some(mayChange);
}

/** Copies containers, however deep. What was one object before is one object in the copy. */
export class Copier {
  private readonly evaluation: Evaluation;
  private readonly copies = new Map<Value, Value>();

  constructor(evaluation: Evaluation) {
    this.evaluation = evaluation;
  }

  copy(value: Value): Value {
    if (value === null || typeof value !== 'object') return value;
    const known = this.copies.get(value);
    if (known !== undefined) return known;
    enter(this.evaluation);
    const copy = this.copyContainer(value);
    leave(this.evaluation);
    return copy;
  }

  private copyContainer(value: Value & object): Value {
    if (value instanceof PyList) {
      const copy = new PyList([]);
      this.copies.set(value, copy);
      spend(this.evaluation, value.length);
      for (let i = 0; i < value.length; i++) copy.items.push(this.copy(value.items[i]!));
      copy.length = value.length;
      return copy;
    }
    if (value instanceof PyDict) {
      const copy = new PyDict();
      this.copies.set(value, copy);
      spend(this.evaluation, value.entries.size);
      for (const [key, item] of value.entries) copy.entries.set(key, this.copy(item));
      copy.originals = value.originals === null ? null : new Map(value.originals);
      return copy;
    }
    if (value instanceof PySet) {
      const copy = new PySet(value.frozen);
      spend(this.evaluation, value.entries.size);
      for (const [key, item] of value.entries) copy.entries.set(key, item);
      this.copies.set(value, copy);
      return copy;
    }
    if (value instanceof PyTuple) {
      spend(this.evaluation, value.items.length);
      return new PyTuple(value.items.map((item) => this.copy(item)));
    }
    return value;
  }
}

/** True when two values are alike in type, order and content: stricter than `==`. */
export function isUnchanged(evaluation: Evaluation, before: Value, after: Value): boolean {
  if (before === after || Number.isNaN(before)) return true;
  if (before === null || typeof before !== 'object') return false;
  spend(evaluation, 1);
  if (before instanceof PyFloat) return after instanceof PyFloat && Object.is(before.value, after.value);
  enter(evaluation);
  const same = hasSameContent(evaluation, before, after);
  leave(evaluation);
  return same;
}

function hasSameContent(evaluation: Evaluation, before: Value, after: Value): boolean {
  if (before instanceof PyList) {
    if (!(after instanceof PyList) || before.length !== after.length) return false;
    for (let i = 0; i < before.length; i++) {
      if (!isUnchanged(evaluation, before.items[i]!, after.items[i]!)) return false;
    }
    return true;
  }
  if (before instanceof PyTuple) {
    if (!(after instanceof PyTuple) || before.items.length !== after.items.length) return false;
    return before.items.every((item, i) => isUnchanged(evaluation, item, after.items[i]!));
  }
  if (before instanceof PyDict && after instanceof PyDict) {
    return sameEntries(evaluation, before.entries, after.entries);
  }
  if (before instanceof PySet && after instanceof PySet) {
    return sameEntries(evaluation, before.entries, after.entries);
  }
  return false;
}

function sameEntries<K>(
  evaluation: Evaluation,
  before: ReadonlyMap<K, Value>,
  after: ReadonlyMap<K, Value>,
): boolean {
  if (before.size !== after.size) return false;
  const others = after.entries();
  for (const [key, value] of before) {
    const [otherKey, other] = others.next().value!;
    if (key !== otherKey || !isUnchanged(evaluation, value, other)) return false;
  }
  return true;
}
