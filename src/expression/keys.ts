// Dict and set contents by Python's equality: which keys are the same key, and the operations built on that.
import { raise, raiseLimit } from './errors.ts';
import { type Evaluation, enter, leave, spend } from './evaluation.ts';
import {
  type Key,
  makeInt,
  originalKey,
  PyDict,
  PyFloat,
  PyFunction,
  PyHost,
  PyModule,
  PyRange,
  PySet,
  PyTuple,
  PyType,
  textKey,
  typeName,
  type Value,
} from './values.ts';

/** The canonical key: equal for values Python calls equal. Throws TypeError for what cannot be hashed. */
export function canonicalKey(evaluation: Evaluation, value: Value): Key {
  switch (typeof value) {
    case 'string':
      return textKey(value);
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return value ? 1 : 0;
    default:
      return value === null ? null : objectKey(evaluation, value);
  }
}

function objectKey(evaluation: Evaluation, value: Value & object): Key {
  if (value instanceof PyFloat) return makeInt(BigInt(value.value));
  if (value instanceof PyTuple) {
    enter(evaluation);
    spend(evaluation, value.items.length * 4);
    let text = '\0t';
    for (const item of value.items) text += keyPart(canonicalKey(evaluation, item));
    leave(evaluation);
    return text;
  }
  if (value instanceof PySet && value.frozen) {
    spend(evaluation, value.entries.size);
    return `\0f${[...value.entries.keys()].map(keyPart).sort().join('')}`;
  }
  if (value instanceof PyRange) {
    const shape =
      value.length === 0 ? '' : `${value.start},${value.length},${value.length === 1 ? 1 : value.step}`;
    return `\0r${shape}`;
  }
  if (
    value instanceof PyFunction ||
    value instanceof PyType ||
    value instanceof PyModule ||
    value instanceof PyHost
  ) {
    return value;
  }
  return raise('TypeError', `unhashable type: '${typeName(value)}'`);
}

// One part of a composite key. Lengths make it unambiguous.
function keyPart(key: Key): string {
  if (typeof key === 'string') return `s${key.length}:${key}`;
  if (key === null) return 'N';
  if (typeof key === 'object') return raise('TypeError', 'functions inside a tuple cannot be keys here');
  return `n${key};`;
}

/** The value of a key, or undefined. */
export function dictLookup(evaluation: Evaluation, dict: PyDict, key: Value): Value | undefined {
  return dict.entries.get(canonicalKey(evaluation, key));
}

/** Sets a key. The first of equal keys stays the key that is shown. */
export function dictSet(evaluation: Evaluation, dict: PyDict, key: Value, value: Value): void {
  const canonical = canonicalKey(evaluation, key);
  if (canonical !== key && !dict.entries.has(canonical)) {
    dict.originals ??= new Map();
    dict.originals.set(canonical, key);
  }
  dict.entries.set(canonical, value);
  payForEntry(evaluation, dict.entries.size);
}

/** Deletes a key; gives its value, or undefined when it was not there. */
export function dictDelete(evaluation: Evaluation, dict: PyDict, key: Value): Value | undefined {
  const canonical = canonicalKey(evaluation, key);
  const value = dict.entries.get(canonical);
  dict.entries.delete(canonical);
  dict.originals?.delete(canonical);
  return value;
}

/** Adds every entry of `other`. */
export function dictMerge(evaluation: Evaluation, dict: PyDict, other: PyDict): void {
  for (const [key, value] of dict === other ? [] : other.entries) {
    dictSet(evaluation, dict, originalKey(other, key), value);
  }
}

/** A shallow copy. */
export function dictCopy(evaluation: Evaluation, dict: PyDict): PyDict {
  const copy = new PyDict();
  dictMerge(evaluation, copy, dict);
  return copy;
}

/** Adds a value to a set; an equal one stays. */
export function setAdd(evaluation: Evaluation, set: PySet, value: Value): void {
  const key = canonicalKey(evaluation, value);
  if (!set.entries.has(key)) set.entries.set(key, value);
  payForEntry(evaluation, set.entries.size);
}

/** True when an equal value is in the set. A set as the value stands for its frozenset, as in Python. */
export function setHas(evaluation: Evaluation, set: PySet, value: Value): boolean {
  return set.entries.has(
    canonicalKey(evaluation, value instanceof PySet ? setCopy(evaluation, value, true) : value),
  );
}

/** A copy, frozen or not. */
export function setCopy(evaluation: Evaluation, set: PySet, frozen: boolean): PySet {
  const copy = new PySet(frozen);
  spend(evaluation, set.entries.size * ENTRY_COST);
  for (const [key, value] of set.entries) copy.entries.set(key, value);
  return copy;
}

// A hash-table insertion takes about as long, and as much memory, as eight ordinary steps.
const ENTRY_COST = 8;

function payForEntry(evaluation: Evaluation, size: number): void {
  spend(evaluation, ENTRY_COST);
  if (size > evaluation.limits.collection) {
    raiseLimit(`a collection of ${size} items (limit ${evaluation.limits.collection})`);
  }
}
