// Going through values: `len`, `for`, unpacking. Iteration is live, as in Python: a list that grows is followed.
import { ExpressionError, raise } from './errors.ts';
import { admitItems, type Evaluation, spend } from './evaluation.ts';
import { codePointLength } from './text.ts';
import {
  originalKey,
  PyDict,
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

/** Python's `len(value)`. */
export function lengthOf(value: Value): number {
  if (value instanceof PyList) return value.length;
  if (typeof value === 'string') return codePointLength(value);
  if (value instanceof PyTuple) return value.items.length;
  if (value instanceof PyDict || value instanceof PySet) return value.entries.size;
  if (value instanceof PyRange) return value.length;
  if (value instanceof PyView) return value.dict.entries.size;
  return raise('TypeError', `object of type '${typeName(value)}' has no len()`);
}

/**
 * The items of an iterable, one by one. Leaving a loop early does not close a one-pass iterator: the rest can still
 * be read, as in Python. Spends no fuel: whoever loops pays.
 */
export function iterate(value: Value): IterableIterator<Value> {
  if (value instanceof PyList) return new ListItems(value);
  if (typeof value === 'string') return value[Symbol.iterator]();
  if (value instanceof PyTuple) return value.items[Symbol.iterator]();
  if (value instanceof PyRange) return new RangeItems(value);
  if (value instanceof PyDict) return iterateDict(value, 'keys');
  if (value instanceof PyView) return iterateDict(value.dict, value.kind);
  if (value instanceof PySet) return iterateSet(value);
  if (value instanceof PyIterator) return new Rest(value.source);
  if (value instanceof PyHost && value.items !== undefined) return new Rest(value.items());
  return raise('TypeError', `'${typeName(value)}' object is not iterable`);
}

/** True when `iterate` accepts the value. */
export function isIterable(value: Value): boolean {
  return (
    typeof value === 'string' ||
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyRange ||
    value instanceof PyDict ||
    value instanceof PyView ||
    value instanceof PySet ||
    value instanceof PyIterator ||
    (value instanceof PyHost && value.items !== undefined)
  );
}

class Rest implements IterableIterator<Value> {
  private readonly source: Iterator<Value>;
  constructor(source: Iterator<Value>) {
    this.source = source;
  }
  next(): IteratorResult<Value> {
    return this.source.next();
  }
  [Symbol.iterator](): this {
    return this;
  }
}

const FINISHED: IteratorResult<Value> = { done: true, value: undefined };

// Lists and ranges are what most loops run over: plain classes, since JavaScript's generators are slower.
class ListItems implements IterableIterator<Value> {
  private readonly list: PyList;
  private at = 0;
  constructor(list: PyList) {
    this.list = list;
  }
  next(): IteratorResult<Value> {
    if (this.at < this.list.length) return { done: false, value: this.list.items[this.at++]! };
    // Once at its end it stays there, even when the list grows.
    this.at = Infinity;
    return FINISHED;
  }
  [Symbol.iterator](): this {
    return this;
  }
}

class RangeItems implements IterableIterator<Value> {
  private readonly range: PyRange;
  private at = 0;
  constructor(range: PyRange) {
    this.range = range;
  }
  next(): IteratorResult<Value> {
    const { start, step, length } = this.range;
    return this.at < length ? { done: false, value: start + this.at++ * step } : FINISHED;
  }
  [Symbol.iterator](): this {
    return this;
  }
}

function* iterateDict(dict: PyDict, kind: PyView['kind']): Generator<Value> {
  const size = dict.entries.size;
  for (const [key, value] of dict.entries) {
    if (dict.entries.size !== size) raise('RuntimeError', 'dictionary changed size during iteration');
    if (kind === 'values') yield value;
    else if (kind === 'keys') yield originalKey(dict, key);
    else yield new PyTuple([originalKey(dict, key), value]);
  }
  if (dict.entries.size !== size) raise('RuntimeError', 'dictionary changed size during iteration');
}

function* iterateSet(set: PySet): Generator<Value> {
  const size = set.entries.size;
  for (const value of set.entries.values()) {
    if (set.entries.size !== size) raise('RuntimeError', 'Set changed size during iteration');
    yield value;
  }
  if (set.entries.size !== size) raise('RuntimeError', 'Set changed size during iteration');
}

/** All items in a new array. Pays for each. */
export function toItems(evaluation: Evaluation, value: Value): Value[] {
  if (value instanceof PyList) {
    admitItems(evaluation, value.length);
    return value.items.slice(0, value.length);
  }
  if (value instanceof PyTuple) {
    admitItems(evaluation, value.items.length);
    return value.items.slice();
  }
  if (value instanceof PyRange) admitItems(evaluation, value.length);
  const items: Value[] = [];
  for (const item of iterate(value)) {
    spend(evaluation, 1);
    items.push(item);
    if (items.length > evaluation.limits.collection) admitItems(evaluation, items.length);
  }
  return items;
}

/** Exactly `count` items, for `for a, b in pairs`. */
export function unpack(evaluation: Evaluation, value: Value, count: number): readonly Value[] {
  if (value instanceof PyTuple && value.items.length === count) return value.items;
  if (!isIterable(value)) raise('TypeError', `cannot unpack non-iterable ${typeName(value)} object`);
  const items: Value[] = [];
  for (const item of iterate(value)) {
    spend(evaluation, 1);
    if (items.length === count) raise('ValueError', `too many values to unpack (expected ${count})`);
    items.push(item);
  }
  if (items.length < count) {
    raise('ValueError', `not enough values to unpack (expected ${count}, got ${items.length})`);
  }
  return items;
}

/** A one-pass iterator that refuses to be asked while it is answering, as Python's generators do. */
export function guardedIterator(source: Iterator<Value>, name: string): PyIterator {
  let running = false;
  return new PyIterator(
    {
      next(): IteratorResult<Value> {
        if (running) throw new ExpressionError('ValueError', `${name} already executing`);
        running = true;
        try {
          return source.next();
        } finally {
          running = false;
        }
      },
    },
    name,
  );
}
