// Truth, equality, identity, order and membership of values.

import { raise } from './errors.ts';
import { type Evaluation, enter, leave, spend } from './evaluation.ts';
import { iterate } from './iteration.ts';
import { canonicalKey, dictLookup, setHas } from './keys.ts';
import { asInt, isIntegral, isNumeric, type Numeric } from './numbers.ts';
import { isSetLike, isSubset, toSet } from './sets.ts';
import { compareText } from './text.ts';
import {
  PyDict,
  PyFloat,
  PyHost,
  PyIterator,
  PyList,
  PyRange,
  PySet,
  PyTuple,
  PyView,
  typeName,
  type Value,
} from './values.ts';

/** Python's `bool(value)`. */
export function isTruthy(value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'string':
      return value.length > 0;
    case 'bigint':
      return value !== 0n;
    default:
  }
  if (value === null) return false;
  if (value instanceof PyList) return value.length > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyDict || value instanceof PySet) return value.entries.size > 0;
  if (value instanceof PyRange) return value.length > 0;
  if (value instanceof PyView) return value.dict.entries.size > 0;
  return true;
}

/** `a is b`. Numbers and strings of equal type and value count as one object. */
export function isSame(a: Value, b: Value): boolean {
  if (a instanceof PyFloat && b instanceof PyFloat) return Object.is(a.value, b.value);
  if (a instanceof PyTuple && b instanceof PyTuple && a.items.length === 0 && b.items.length === 0)
    return true;
  return a === b;
}

function plainNumber(value: Numeric): number | bigint {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'boolean' ? (value ? 1 : 0) : value;
}

/** `a == b`. */
export function equals(evaluation: Evaluation, a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length > 1024) spend(evaluation, a.length >> 8);
    return a === b;
  }
  if (a === b) return true;
  if (typeof a === 'string' || typeof b === 'string' || a === null || b === null) return false;
  if (isNumeric(a)) {
    if (!isNumeric(b)) return false;
    const x = plainNumber(a);
    const y = plainNumber(b);
    // Python compares int and float exactly, as JavaScript compares bigint and number.
    return x >= y && x <= y;
  }
  if (a instanceof PyList) {
    return b instanceof PyList && a.length === b.length && equalItems(evaluation, a.items, b.items, a.length);
  }
  if (a instanceof PyTuple) {
    if (!(b instanceof PyTuple) || a.items.length !== b.items.length) return false;
    return equalItems(evaluation, a.items, b.items, a.items.length);
  }
  if (a instanceof PyDict) return b instanceof PyDict && equalDicts(evaluation, a, b);
  if (isSetLike(a)) {
    if (!isSetLike(b)) return false;
    const x = toSet(evaluation, a);
    const y = toSet(evaluation, b);
    return x.entries.size === y.entries.size && isSubset(evaluation, x, y);
  }
  if (a instanceof PyRange) {
    if (!(b instanceof PyRange) || a.length !== b.length) return false;
    return a.length === 0 || (a.start === b.start && (a.length === 1 || a.step === b.step));
  }
  return false;
}

function equalItems(
  evaluation: Evaluation,
  a: readonly Value[],
  b: readonly Value[],
  length: number,
): boolean {
  enter(evaluation);
  let equal = true;
  for (let i = 0; i < length && equal; i++) {
    spend(evaluation, 1);
    equal = equals(evaluation, a[i]!, b[i]!);
  }
  leave(evaluation);
  return equal;
}

function equalDicts(evaluation: Evaluation, a: PyDict, b: PyDict): boolean {
  if (a.entries.size !== b.entries.size) return false;
  enter(evaluation);
  let equal = true;
  for (const [key, value] of a.entries) {
    spend(evaluation, 1);
    const other = b.entries.get(key);
    equal = other !== undefined && equals(evaluation, value, other);
    if (!equal) break;
  }
  leave(evaluation);
  return equal;
}

/** An ordering operator. */
export type Order = '<' | '<=' | '>' | '>=';

/** `a < b` and its like. Throws TypeError for values without an order. */
export function compare(evaluation: Evaluation, order: Order, a: Value, b: Value): boolean {
  if (isNumeric(a) && isNumeric(b)) return ordered(order, plainNumber(a), plainNumber(b));
  if (typeof a === 'string' && typeof b === 'string') {
    spend(evaluation, Math.min(a.length, b.length) >> 4);
    return ordered(order, compareText(a, b), 0);
  }
  if (a instanceof PyList && b instanceof PyList) {
    return compareItems(evaluation, order, a.items, a.length, b.items, b.length);
  }
  if (a instanceof PyTuple && b instanceof PyTuple) {
    return compareItems(evaluation, order, a.items, a.items.length, b.items, b.items.length);
  }
  if (isSetLike(a) && isSetLike(b)) {
    const smaller = toSet(evaluation, order === '<' || order === '<=' ? a : b);
    const larger = toSet(evaluation, order === '<' || order === '<=' ? b : a);
    const strict = order === '<' || order === '>';
    return isSubset(evaluation, smaller, larger) && !(strict && smaller.entries.size === larger.entries.size);
  }
  return raise(
    'TypeError',
    `'${order}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function ordered(order: Order, x: number | bigint, y: number | bigint): boolean {
  switch (order) {
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    default:
      return order satisfies never;
  }
}

function compareItems(
  evaluation: Evaluation,
  order: Order,
  a: readonly Value[],
  aLength: number,
  b: readonly Value[],
  bLength: number,
): boolean {
  enter(evaluation);
  let result: boolean | null = null;
  for (let i = 0; i < aLength && i < bLength && result === null; i++) {
    spend(evaluation, 1);
    if (!equals(evaluation, a[i]!, b[i]!)) result = compare(evaluation, order, a[i]!, b[i]!);
  }
  leave(evaluation);
  return result ?? ordered(order, aLength, bLength);
}

/** `item in container`. */
export function contains(evaluation: Evaluation, container: Value, item: Value): boolean {
  if (container instanceof PyList) return hasItem(evaluation, container.items, container.length, item);
  if (typeof container === 'string') {
    if (typeof item !== 'string') {
      raise('TypeError', `'in <string>' requires string as left operand, not ${typeName(item)}`);
    }
    spend(evaluation, container.length >> 4);
    return container.includes(item);
  }
  if (container instanceof PyDict) return container.entries.has(canonicalKey(evaluation, item));
  if (container instanceof PySet) return setHas(evaluation, container, item);
  if (container instanceof PyTuple) return hasItem(evaluation, container.items, container.items.length, item);
  if (container instanceof PyRange) return rangeIndex(container, item) !== null;
  if (container instanceof PyView) return viewContains(evaluation, container, item);
  if (container instanceof PyIterator || container instanceof PyHost) {
    for (const value of iterate(container)) {
      spend(evaluation, 1);
      if (equals(evaluation, value, item)) return true;
    }
    return false;
  }
  return raise('TypeError', `argument of type '${typeName(container)}' is not iterable`);
}

function hasItem(evaluation: Evaluation, items: readonly Value[], length: number, item: Value): boolean {
  spend(evaluation, length >> 2);
  // Only the same text equals a text.
  if (typeof item === 'string' && item.length <= 1024) {
    for (let i = 0; i < length; i++) if (items[i] === item) return true;
    return false;
  }
  for (let i = 0; i < length; i++) if (items[i] === item || equals(evaluation, items[i]!, item)) return true;
  return false;
}

function viewContains(evaluation: Evaluation, view: PyView, item: Value): boolean {
  if (view.kind === 'keys') return view.dict.entries.has(canonicalKey(evaluation, item));
  if (view.kind === 'values') {
    const values = [...view.dict.entries.values()];
    return hasItem(evaluation, values, values.length, item);
  }
  if (!(item instanceof PyTuple) || item.items.length !== 2) return false;
  const value = dictLookup(evaluation, view.dict, item.items[0]!);
  return value !== undefined && equals(evaluation, value, item.items[1]!);
}

/** Place of a number in a range, or null. */
export function rangeIndex(range: PyRange, item: Value): number | null {
  if (!isNumeric(item)) return null;
  const value = isIntegral(item) ? asInt(item) : plainNumber(item);
  if (typeof value !== 'number' || !Number.isInteger(value)) return null;
  const index = (value - range.start) / range.step;
  return Number.isInteger(index) && index >= 0 && index < range.length ? index + 0 : null;
}
