// The methods of `dict` and of sets.
import { refuseNamed } from './calls.ts';
import { raise } from './errors.ts';
import { type Evaluation, spend } from './evaluation.ts';
import { isIterable, iterate, toItems } from './iteration.ts';
import {
  canonicalKey,
  dictCopy,
  dictDelete,
  dictLookup,
  dictMerge,
  dictSet,
  setAdd,
  setCopy,
} from './keys.ts';
import { type Method, type MethodTable, methodTable } from './method.ts';
import { combineSets, isSubset, toSet } from './sets.ts';
import { pyRepr } from './text.ts';
import {
  type NamedArguments,
  originalKey,
  PyDict,
  PySet,
  PyTuple,
  PyView,
  typeName,
  type Value,
} from './values.ts';

/** What `dict(...)` and `update(...)` do: a mapping or pairs first, then the named entries. */
export function dictUpdate(
  evaluation: Evaluation,
  dict: PyDict,
  positional: readonly Value[],
  named: NamedArguments | null,
): void {
  if (positional.length > 1)
    raise('TypeError', `update expected at most 1 argument, got ${positional.length}`);
  const [source] = positional;
  if (source instanceof PyDict) dictMerge(evaluation, dict, source);
  else if (source !== undefined) updateFromPairs(evaluation, dict, source);
  for (const [key, value] of named ?? []) dictSet(evaluation, dict, key, value);
}

function updateFromPairs(evaluation: Evaluation, dict: PyDict, pairs: Value): void {
  let index = 0;
  for (const pair of iterate(pairs)) {
    if (!isIterable(pair)) {
      raise('TypeError', `cannot convert dictionary update sequence element #${index} to a sequence`);
    }
    const items = toItems(evaluation, pair);
    if (items.length !== 2) {
      raise(
        'ValueError',
        `dictionary update sequence element #${index} has length ${items.length}; 2 is required`,
      );
    }
    dictSet(evaluation, dict, items[0]!, items[1]!);
    index++;
  }
}

const update: Method<PyDict> = (evaluation, self, positional, named) => {
  dictUpdate(evaluation, self, positional, named);
  return null;
};

/** `dict.fromkeys(keys, value)`. */
export function dictFromKeys(evaluation: Evaluation, keys: Value, value: Value): PyDict {
  const dict = new PyDict();
  for (const key of iterate(keys)) dictSet(evaluation, dict, key, value);
  return dict;
}

/** The methods of `dict`. */
export const DICT_METHODS: MethodTable<PyDict> = methodTable<PyDict>({
  'get(key, default?, /)': (evaluation, self, key, missing) => {
    // None is a value like any other: only undefined means absent.
    const value = dictLookup(evaluation, self, key!);
    return value !== undefined ? value : (missing ?? null);
  },
  'keys()': (_evaluation, self) => new PyView(self, 'keys'),
  'values()': (_evaluation, self) => new PyView(self, 'values'),
  'items()': (_evaluation, self) => new PyView(self, 'items'),
  'copy()': (evaluation, self) => dictCopy(evaluation, self),
  'clear()': (_evaluation, self) => {
    self.entries.clear();
    self.originals = null;
    return null;
  },
  'pop(key, default?, /)': (evaluation, self, key, missing) => {
    const value = dictDelete(evaluation, self, key!);
    if (value !== undefined) return value;
    return missing !== undefined ? missing : raise('KeyError', pyRepr(evaluation, key!));
  },
  'popitem()': (evaluation, self) => {
    spend(evaluation, self.entries.size >> 3);
    const key = [...self.entries.keys()].at(-1);
    if (key === undefined) return raise('KeyError', "'popitem(): dictionary is empty'");
    const original = originalKey(self, key);
    return new PyTuple([original, dictDelete(evaluation, self, original) ?? null]);
  },
  'setdefault(key, default?, /)': (evaluation, self, key, missing) => {
    const value = dictLookup(evaluation, self, key!);
    if (value !== undefined) return value;
    dictSet(evaluation, self, key!, missing ?? null);
    return missing ?? null;
  },
  'fromkeys(iterable, value?, /)': (evaluation, _self, keys, value) =>
    dictFromKeys(evaluation, keys!, value ?? null),
}).set('update', update);

// A method over any number of other iterables, folded from the left. Results are of the receiver's kind.
function folded(
  name: string,
  step: (evaluation: Evaluation, set: PySet, other: PySet) => PySet,
): readonly [string, Method<PySet>] {
  return [
    name,
    (evaluation, self, positional, named) => {
      refuseNamed(name, named);
      let result = setCopy(evaluation, self, self.frozen);
      for (const other of positional) result = step(evaluation, result, toSet(evaluation, other));
      return result;
    },
  ];
}

const SHARED_SET_METHODS: MethodTable<PySet> = new Map([
  ...methodTable<PySet>({
    'symmetric_difference(other, /)': (evaluation, self, other) =>
      combineSets(evaluation, '^', self, toSet(evaluation, other!)),
    'issubset(other, /)': (evaluation, self, other) => isSubset(evaluation, self, toSet(evaluation, other!)),
    'issuperset(other, /)': (evaluation, self, other) =>
      isSubset(evaluation, toSet(evaluation, other!), self),
    'isdisjoint(other, /)': (evaluation, self, other) =>
      combineSets(evaluation, '&', self, toSet(evaluation, other!)).entries.size === 0,
    'copy()': (evaluation, self) => setCopy(evaluation, self, self.frozen),
  }),
  folded('union', (evaluation, set, other) => combineSets(evaluation, '|', set, other)),
  folded('intersection', (evaluation, set, other) => combineSets(evaluation, '&', set, other)),
  folded('difference', (evaluation, set, other) => combineSets(evaluation, '-', set, other)),
]);

/** The methods of `frozenset`. */
export const FROZEN_SET_METHODS: MethodTable<PySet> = SHARED_SET_METHODS;

// An in-place method keeps the set and takes the entries of the result.
function inPlace(name: string, operator: '|' | '&' | '-' | '^'): readonly [string, Method<PySet>] {
  return [
    name,
    (evaluation, self, positional, named) => {
      refuseNamed(name, named);
      let result: PySet = self;
      for (const other of positional)
        result = combineSets(evaluation, operator, result, toSet(evaluation, other));
      const entries = [...result.entries];
      self.entries.clear();
      for (const [key, value] of entries) self.entries.set(key, value);
      return null;
    },
  ];
}

/** The methods of `set`. */
export const SET_METHODS: MethodTable<PySet> = new Map([
  ...SHARED_SET_METHODS,
  ...methodTable<PySet>({
    'add(element, /)': (evaluation, self, item) => {
      setAdd(evaluation, self, item!);
      return null;
    },
    'discard(element, /)': (evaluation, self, item) => {
      self.entries.delete(memberKey(evaluation, item!));
      return null;
    },
    'remove(element, /)': (evaluation, self, item) => {
      if (!self.entries.delete(memberKey(evaluation, item!))) raise('KeyError', pyRepr(evaluation, item!));
      return null;
    },
    'pop()': (_evaluation, self) => {
      for (const [key, value] of self.entries) {
        self.entries.delete(key);
        return value;
      }
      return raise('KeyError', "'pop from an empty set'");
    },
    'clear()': (_evaluation, self) => {
      self.entries.clear();
      return null;
    },
  }),
  inPlace('update', '|'),
  inPlace('intersection_update', '&'),
  inPlace('difference_update', '-'),
  inPlace('symmetric_difference_update', '^'),
]);

// Python looks a set up in a set as its frozenset.
function memberKey(evaluation: Evaluation, value: Value) {
  return canonicalKey(evaluation, value instanceof PySet ? setCopy(evaluation, value, true) : value);
}

/** The methods of dict views: those of sets, for keys and items. */
export const VIEW_METHODS: MethodTable<PyView> = methodTable<PyView>({
  'isdisjoint(other, /)': (evaluation, self, other) => {
    if (self.kind === 'values')
      raise('AttributeError', `'${typeName(self)}' object has no attribute 'isdisjoint'`);
    return combineSets(evaluation, '&', self, toSet(evaluation, other!)).entries.size === 0;
  },
});
