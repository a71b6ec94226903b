// The methods of `list`, `tuple` and `range`. In-place methods first make a shared list's items its own.

import { callFunction } from './calls.ts';
import { compare, contains, equals, isTruthy, rangeIndex } from './comparison.ts';
import { raise } from './errors.ts';
import { admitItems, type Evaluation, spend } from './evaluation.ts';
import { sliceBounds } from './indexing.ts';
import { toItems } from './iteration.ts';
import { type MethodTable, methodTable } from './method.ts';
import { asInt, isIntegral } from './numbers.ts';
import { pyRepr } from './text.ts';
import { PyList, type PyRange, PySlice, type PyTuple, typeName, type Value } from './values.ts';

/** Prepares a list for a change in place: afterwards its array is its own and ends where the list ends. */
export function own(list: PyList): Value[] {
  if (list.shared || list.items.length !== list.length) {
    list.items = list.items.slice(0, list.length);
    list.shared = false;
  }
  return list.items;
}

function place(value: Value): number {
  if (!isIntegral(value)) {
    return raise('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
  }
  return Number(asInt(value));
}

function indexOf(
  evaluation: Evaluation,
  items: readonly Value[],
  length: number,
  item: Value,
  start: Value | undefined,
  stop: Value | undefined,
): number {
  const bounds = sliceBounds(new PySlice(start ?? null, stop ?? null, null), length);
  for (let i = bounds.start; i < bounds.stop; i++) {
    spend(evaluation, 1);
    if (equals(evaluation, items[i]!, item)) return i;
  }
  return -1;
}

function count(evaluation: Evaluation, items: readonly Value[], length: number, item: Value): number {
  spend(evaluation, length);
  let found = 0;
  for (let i = 0; i < length; i++) if (equals(evaluation, items[i]!, item)) found++;
  return found;
}

/** The items in order, stable; `key` is a function or null. */
export function sortItems(
  evaluation: Evaluation,
  items: readonly Value[],
  key: Value,
  reverse: boolean,
): Value[] {
  spend(evaluation, items.length * 4);
  const keys = key === null ? items : items.map((item) => callFunction(evaluation, key, [item]));
  const order = items.map((_, i) => i);
  order.sort((i, j) => {
    spend(evaluation, 1);
    const a = keys[i]!;
    const b = keys[j]!;
    if (compare(evaluation, '<', reverse ? b : a, reverse ? a : b)) return -1;
    if (compare(evaluation, '<', reverse ? a : b, reverse ? b : a)) return 1;
    return i - j;
  });
  return order.map((i) => items[i]!);
}

/** The methods of `list`. */
export const LIST_METHODS: MethodTable<PyList> = methodTable<PyList>({
  'append(object, /)': (evaluation, self, item) => {
    admitGrowth(evaluation, self, 1);
    own(self).push(item!);
    self.length++;
    return null;
  },
  'extend(iterable, /)': (evaluation, self, iterable) => {
    const items = toItems(evaluation, iterable!);
    admitGrowth(evaluation, self, items.length);
    const target = own(self);
    for (const item of items) target.push(item);
    self.length = target.length;
    return null;
  },
  'insert(index, object, /)': (evaluation, self, index, item) => {
    admitGrowth(evaluation, self, 1);
    spend(evaluation, self.length >> 3);
    own(self).splice(place(index!), 0, item!);
    self.length++;
    return null;
  },
  'pop(index?, /)': (evaluation, self, index) => {
    if (self.length === 0) raise('IndexError', 'pop from empty list');
    const wanted = index === undefined ? -1 : place(index);
    const at = wanted < 0 ? wanted + self.length : wanted;
    if (at < 0 || at >= self.length) raise('IndexError', 'pop index out of range');
    spend(evaluation, self.length >> 3);
    const [item] = own(self).splice(at, 1);
    self.length--;
    return item!;
  },
  'remove(value, /)': (evaluation, self, item) => {
    const at = indexOf(evaluation, self.items, self.length, item!, undefined, undefined);
    if (at < 0) raise('ValueError', 'list.remove(x): x not in list');
    own(self).splice(at, 1);
    self.length--;
    return null;
  },
  'clear()': (_evaluation, self) => {
    self.items = [];
    self.length = 0;
    self.shared = false;
    return null;
  },
  'sort(*, key?, reverse?)': (evaluation, self, key, reverse) => {
    self.items = sortItems(evaluation, own(self), key ?? null, isTruthy(reverse ?? false));
    self.length = self.items.length;
    return null;
  },
  'reverse()': (evaluation, self) => {
    spend(evaluation, self.length);
    own(self).reverse();
    return null;
  },
  'index(value, start?, stop?, /)': (evaluation, self, item, start, stop) => {
    const at = indexOf(evaluation, self.items, self.length, item!, start, stop);
    return at < 0 ? raise('ValueError', `${pyRepr(evaluation, item!)} is not in list`) : at;
  },
  'count(value, /)': (evaluation, self, item) => count(evaluation, self.items, self.length, item!),
  'copy()': (evaluation, self) => new PyList(toItems(evaluation, self)),
});

function admitGrowth(evaluation: Evaluation, list: PyList, by: number): void {
  spend(evaluation, by);
  if (list.length + by > evaluation.limits.collection) admitItems(evaluation, list.length + by);
}

/** The methods of `tuple`. */
export const TUPLE_METHODS: MethodTable<PyTuple> = methodTable<PyTuple>({
  'index(value, start?, stop?, /)': (evaluation, self, item, start, stop) => {
    const at = indexOf(evaluation, self.items, self.items.length, item!, start, stop);
    return at < 0 ? raise('ValueError', 'tuple.index(x): x not in tuple') : at;
  },
  'count(value, /)': (evaluation, self, item) => count(evaluation, self.items, self.items.length, item!),
});

/** The methods of `range`. */
export const RANGE_METHODS: MethodTable<PyRange> = methodTable<PyRange>({
  'index(value, /)': (evaluation, self, item) => {
    const at = rangeIndex(self, item!);
    return at ?? raise('ValueError', `${pyRepr(evaluation, item!)} is not in range`);
  },
  'count(value, /)': (evaluation, self, item) => (contains(evaluation, self, item!) ? 1 : 0),
});
