// Filters over lists, dicts and anything else that can be gone through.
// Those that Python's Jinja makes lazy are lazy here, so that the same templates fail in the same places.
import { add } from '../expression/arithmetic.ts';
import type { Bound } from '../expression/calls.ts';
import { compare, equals } from '../expression/comparison.ts';
import { raise } from '../expression/errors.ts';
import { admitItems, admitText, type Evaluation, spend } from '../expression/evaluation.ts';
import { isIterable, iterate, lengthOf, toItems } from '../expression/iteration.ts';
import { setAdd, setHas } from '../expression/keys.ts';
import { drawBelow } from '../expression/random.ts';
import {
  dictEntries,
  listOf,
  type NamedArguments,
  PyDict,
  PyIterator,
  PyList,
  PyRange,
  PySet,
  PyTuple,
  PyView,
  typeName,
  type Value,
} from '../expression/values.ts';
import { getItem, reversed } from './access.ts';
import { type Callable, callable, type Table, wholeNumber } from './callable.ts';
import { Group, Markup, Undefined } from './objects.ts';
import { flag, given, isTrue, operand, toText } from './text.ts';

/** Derives a key from an item. */
type KeyOf = (evaluation: Evaluation, item: Value) => Value;

/** A lazy result, as Python's generators are. */
function lazily(items: Iterator<Value>): PyIterator {
  return new PyIterator(items, 'generator');
}

function lower(value: Value): Value {
  if (value instanceof Markup) return value.content.toLowerCase();
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** The parts of `'a.b.0'`: names, and numbers for positions. */
function pathOf(attribute: Value): Value[] {
  if (attribute === null) return [];
  if (typeof attribute !== 'string') return [attribute];
  return attribute.split('.').map((part) => (/^\p{Nd}+$/u.test(part) ? Number.parseInt(part, 10) : part));
}

function followPath(
  evaluation: Evaluation,
  item: Value,
  path: readonly Value[],
  fallback: Value = null,
): Value {
  for (const part of path) {
    item = getItem(evaluation, item, part);
    if (fallback !== null && item instanceof Undefined) item = fallback;
  }
  return item;
}

function keyOf(attribute: Value | undefined, caseSensitive: boolean, fallback: Value = null): KeyOf {
  const path = pathOf(attribute ?? null);
  return (evaluation, item) => {
    const key = followPath(evaluation, item, path, fallback);
    return caseSensitive ? key : lower(key);
  };
}

/** Sorts by keys and keeps the order of equal ones, also when reversed. */
function sortBy(evaluation: Evaluation, items: readonly Value[], key: KeyOf, descending = false): Value[] {
  const rows = items.map((item) => ({ item, key: operand(key(evaluation, item)) }));
  const sign = descending ? -1 : 1;
  rows.sort((a, b) => {
    spend(evaluation, 1);
    if (compare(evaluation, '<', a.key, b.key)) return -sign;
    return compare(evaluation, '<', b.key, a.key) ? sign : 0;
  });
  return rows.map((row) => row.item);
}

function sort(evaluation: Evaluation, value: Value, [reverse, caseSensitive, attribute]: Bound): Value {
  const exact = flag(caseSensitive, false);
  const attributes = typeof attribute === 'string' ? attribute.split(',') : [attribute ?? null];
  const keys = attributes.map((name) => keyOf(name, exact));
  const key: KeyOf = (_, item) => new PyTuple(keys.map((part) => operand(part(evaluation, item))));
  return listOf(sortBy(evaluation, toItems(evaluation, value), key, flag(reverse, false)));
}

function dictSort(evaluation: Evaluation, value: Value, [caseSensitive, by, reverse]: Bound): Value {
  const dict = operand(value);
  if (by !== undefined && by !== 'key' && by !== 'value') {
    raise('FilterArgumentError', 'You can only sort by either "key" or "value"');
  }
  const index = by === 'value' ? 1 : 0;
  const pairs = toItems(evaluation, itemsOf(dict));
  const exact = flag(caseSensitive, false);
  const key: KeyOf = (_, pair) => {
    const part = (pair as PyTuple).items[index]!;
    return exact ? part : lower(part);
  };
  return listOf(sortBy(evaluation, pairs, key, flag(reverse, false)));
}

function itemsOf(value: Value): PyView {
  if (value instanceof PyDict) return new PyView(value, 'items');
  return raise('AttributeError', `'${typeName(value)}' object has no attribute 'items'`);
}

function* pairsOf(dict: PyDict): Generator<Value> {
  for (const pair of dictEntries(dict)) yield new PyTuple(pair);
}

function* uniqueItems(evaluation: Evaluation, value: Value, key: KeyOf): Generator<Value> {
  const seen = new PySet();
  for (const item of iterate(value)) {
    spend(evaluation, 1);
    const itemKey = operand(key(evaluation, item));
    if (setHas(evaluation, seen, itemKey)) continue;
    setAdd(evaluation, seen, itemKey);
    yield item;
  }
}

/** `min` and `max`. */
function extreme(name: 'min' | 'max'): Callable<Value> {
  return callable(`${name}(case_sensitive?, attribute?)`, (evaluation, value, [caseSensitive, attribute]) => {
    const key = keyOf(attribute, flag(caseSensitive, false));
    let best: { item: Value; key: Value } | null = null;
    for (const item of iterate(operand(value))) {
      spend(evaluation, 1);
      const itemKey = operand(key(evaluation, item));
      if (best === null || compare(evaluation, name === 'min' ? '<' : '>', itemKey, best.key)) {
        best = { item, key: itemKey };
      }
    }
    return best === null ? new Undefined('No aggregated item, sequence was empty.') : best.item;
  });
}

function sum(evaluation: Evaluation, value: Value, [attribute, start]: Bound): Value {
  let total: Value = given(start, 0);
  if (typeof total === 'string') raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
  const path = pathOf(attribute ?? null);
  for (const item of iterate(value)) {
    spend(evaluation, 1);
    total = add(evaluation, total, operand(followPath(evaluation, item, path)));
  }
  return total;
}

function join(evaluation: Evaluation, value: Value, [separator, attribute]: Bound): Value {
  const between = toText(evaluation, given(separator, ''));
  const path = pathOf(attribute ?? null);
  let text = '';
  let first = true;
  for (const item of iterate(operand(value))) {
    spend(evaluation, 1);
    if (!first) text += between;
    first = false;
    text += toText(evaluation, followPath(evaluation, item, path));
    if (text.length > 1024) admitText(evaluation, text.length);
  }
  return text;
}

function* batches(evaluation: Evaluation, value: Value, size: Value, filler: Value): Generator<Value> {
  const count = wholeNumber(size, 0);
  let batch: Value[] = [];
  for (const item of iterate(value)) {
    spend(evaluation, 1);
    if (batch.length === count) {
      yield listOf(batch);
      batch = [];
    }
    batch.push(item);
  }
  if (batch.length === 0) return;
  if (filler !== null && batch.length < count) {
    admitItems(evaluation, count);
    while (batch.length < count) batch.push(filler);
  }
  yield listOf(batch);
}

function* slices(evaluation: Evaluation, value: Value, number: Value, filler: Value): Generator<Value> {
  const items = toItems(evaluation, value);
  const count = wholeNumber(number, 0);
  if (count === 0) raise('ZeroDivisionError', 'integer division or modulo by zero');
  const size = Math.floor(items.length / count);
  // Python's remainder takes the sign of the divisor; a negative count gives no slices at all.
  const longer = count > 0 ? items.length % count : 0;
  let offset = 0;
  for (let i = 0; i < count; i++) {
    spend(evaluation, 1);
    const start = offset + i * size;
    if (i < longer) offset++;
    const slice = items.slice(start, offset + (i + 1) * size);
    if (filler !== null && i >= longer) slice.push(filler);
    yield listOf(slice);
  }
}

function groupBy(evaluation: Evaluation, value: Value, [attribute, fallback, caseSensitive]: Bound): Value {
  const exact = flag(caseSensitive, false);
  const key = keyOf(attribute, exact, fallback ?? null);
  const realKey = keyOf(attribute, true, fallback ?? null);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortBy(evaluation, toItems(evaluation, value), key)) {
    // Two look-ups of the attribute and the sorting of its values, which may be texts.
    spend(evaluation, 50);
    const itemKey = operand(key(evaluation, item));
    const group = groups.at(-1);
    if (group !== undefined && equals(evaluation, group.key, itemKey)) group.items.push(item);
    else groups.push({ key: itemKey, items: [item] });
  }
  return listOf(
    groups.map((group) => new Group([realKey(evaluation, group.items[0]!), listOf(group.items)])),
  );
}

/** `map`; needs the table of filters, which it is part of. */
export function mapFilter(filters: () => Table<Value>): Callable<Value> {
  return {
    apply: (evaluation, value, positional, named) => {
      if (!isTrue(value)) return lazily([].values());
      return lazily(mapped(evaluation, value, mapper(filters(), positional, named)));
    },
  };
}

function* mapped(evaluation: Evaluation, value: Value, map: KeyOf): Generator<Value> {
  for (const item of iterate(value)) {
    spend(evaluation, 1);
    yield map(evaluation, item);
  }
}

function mapper(filters: Table<Value>, positional: readonly Value[], named: NamedArguments | null): KeyOf {
  if (positional.length === 0 && named?.has('attribute')) {
    const unexpected = [...named.keys()].find((name) => name !== 'attribute' && name !== 'default');
    if (unexpected !== undefined) raise('FilterArgumentError', `Unexpected keyword argument '${unexpected}'`);
    return keyOf(named.get('attribute'), true, named.get('default') ?? null);
  }
  const [name, ...rest] = positional;
  if (name === undefined) raise('FilterArgumentError', 'map requires a filter argument');
  const filter = typeof name === 'string' ? filters.get(name) : undefined;
  if (filter === undefined) raise('TemplateRuntimeError', `No filter named ${describeName(name)}.`);
  return (evaluation, item) => filter.apply(evaluation, item, rest, named);
}

function describeName(name: Value): string {
  return typeof name === 'string' ? `'${name}'` : `by a ${typeName(name)}; did you forget the quotes?`;
}

/** `select`, `reject`, `selectattr`, `rejectattr`. */
export function selection(
  tests: () => Table<boolean>,
  options: { readonly keep: boolean; readonly byAttribute: boolean },
): Callable<Value> {
  return {
    apply: (evaluation, value, positional, named) => {
      if (!isTrue(value)) return lazily([].values());
      const [attribute, ...afterAttribute] = positional;
      if (options.byAttribute && attribute === undefined) {
        raise('FilterArgumentError', 'Missing parameter for attribute name');
      }
      const key: KeyOf = options.byAttribute ? keyOf(attribute, true) : (_, item) => item;
      const holds = selector(tests(), options.byAttribute ? afterAttribute : positional, named);
      return lazily(selected(evaluation, value, (e, item) => holds(e, key(e, item)) === options.keep));
    },
  };
}

function selector(
  tests: Table<boolean>,
  positional: readonly Value[],
  named: NamedArguments | null,
): (evaluation: Evaluation, item: Value) => boolean {
  const [name, ...rest] = positional;
  if (name === undefined) return (_, item) => isTrue(item);
  const test = typeof name === 'string' ? tests.get(name) : undefined;
  if (test === undefined) raise('TemplateRuntimeError', `No test named ${describeName(name)}.`);
  return (evaluation, item) => test.apply(evaluation, item, rest, named);
}

function* selected(
  evaluation: Evaluation,
  value: Value,
  wanted: (evaluation: Evaluation, item: Value) => boolean,
): Generator<Value> {
  for (const item of iterate(value)) {
    spend(evaluation, 1);
    if (wanted(evaluation, item)) yield item;
  }
}

function last(evaluation: Evaluation, value: Value): Value {
  const items = reversed(evaluation, operand(value));
  return items.length === 0 ? new Undefined('No last item, sequence was empty.') : items[0]!;
}

function first(_evaluation: Evaluation, value: Value): Value {
  const { done, value: item } = iterate(operand(value)).next();
  return done === true ? new Undefined('No first item, sequence was empty.') : item;
}

function reverse(evaluation: Evaluation, value: Value): Value {
  const target = operand(value);
  if (typeof target === 'string') return reversed(evaluation, target).join('');
  if (!isIterable(target)) raise('FilterArgumentError', 'argument must be iterable');
  if (target instanceof PySet || target instanceof PyIterator)
    return listOf(toItems(evaluation, target).reverse());
  const name =
    target instanceof PyList
      ? 'list_reverseiterator'
      : target instanceof PyRange
        ? 'range_iterator'
        : 'reversed';
  return new PyIterator(reversed(evaluation, target).values(), name);
}

function random(evaluation: Evaluation, value: Value): Value {
  const target = operand(value);
  const length = lengthOf(target);
  if (length === 0) return new Undefined('No random item, sequence was empty.');
  const { random: source } = evaluation;
  if (source === null) raise('RuntimeError', 'no random numbers here: a template with random needs a stream');
  return getItem(evaluation, target, drawBelow(source, length));
}

/** Filters by name. */
export const SEQUENCE_FILTERS: readonly (readonly [string, Callable<Value>])[] = [
  ...['length', 'count'].map(
    (name) => [name, callable(`${name}()`, (_, value) => lengthOf(operand(value)))] as const,
  ),
  ['list', callable('list()', (evaluation, value) => listOf(toItems(evaluation, operand(value))))],
  ['first', callable('first()', first)],
  ['last', callable('last()', last)],
  ['reverse', callable('reverse()', reverse)],
  ['random', callable('random()', random)],
  ['sort', callable('sort(reverse?, case_sensitive?, attribute?)', sort)],
  ['dictsort', callable('dictsort(case_sensitive?, by?, reverse?)', dictSort)],
  [
    'items',
    callable('items()', (_, value) => {
      if (value instanceof Undefined) return lazily([].values());
      if (!(value instanceof PyDict)) raise('TypeError', 'Can only get item pairs from a mapping.');
      return lazily(pairsOf(value));
    }),
  ],
  [
    'unique',
    callable('unique(case_sensitive?, attribute?)', (evaluation, value, [caseSensitive, attribute]) =>
      lazily(uniqueItems(evaluation, operand(value), keyOf(attribute, flag(caseSensitive, false)))),
    ),
  ],
  ['min', extreme('min')],
  ['max', extreme('max')],
  ['sum', callable('sum(attribute?, start?)', sum)],
  ['join', callable('join(d?, attribute?)', join)],
  [
    'batch',
    callable('batch(linecount, fill_with?)', (evaluation, value, [size, filler]) =>
      lazily(batches(evaluation, operand(value), size!, filler ?? null)),
    ),
  ],
  [
    'slice',
    callable('slice(slices, fill_with?)', (evaluation, value, [number, filler]) =>
      lazily(slices(evaluation, operand(value), number!, filler ?? null)),
    ),
  ],
  ['groupby', callable('groupby(attribute, default?, case_sensitive?)', groupBy)],
];
