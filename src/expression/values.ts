// The value model: Python's values in JavaScript, chosen so that integers and fractions stay plain JS numbers.
// It knows what a value is, not what can be done with it.
import type { Evaluation } from './evaluation.ts';

/**
 * A Python value. int: a JS number while safe, else a bigint. float: a JS number unless integral-valued (5.0, -0.0,
 * 1e300), then a PyFloat; inf and nan are JS numbers. str: a JS string, whose length Python counts in code points.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | PyList
  | PyTuple
  | PyDict
  | PySet
  | PyRange
  | PyView
  | PyIterator
  | PySlice
  | PyFunction
  | PyType
  | PyModule
  | PyHost;

/** The fields of a unit: names in the order they arrived. */
export type Fields = ReadonlyMap<string, Value>;

/** A float whose value is integral, so that it still prints with its `.0`. Never holds a fraction, inf or nan. */
export class PyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/**
 * A list: the first `length` items of an array it may share with other lists. `path + [x]` appends to the shared
 * array when nobody did before, which makes growing a path O(1); in-place methods copy first when `shared`.
 */
export class PyList {
  items: Value[];
  length: number;
  shared: boolean;
  constructor(items: Value[], length: number = items.length, shared: boolean = false) {
    this.items = items;
    this.length = length;
    this.shared = shared;
  }
}

/** A tuple. */
export class PyTuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** What equal keys have in common: `1`, `1.0` and `True` have one canonical key. Made by `canonicalKey`. */
export type Key = string | number | bigint | null | object;

/** A dict in insertion order. `originals` holds the keys that differ from their canonical key (`True`, `2.0`, tuples). */
export class PyDict {
  readonly entries: Map<Key, Value> = new Map();
  originals: Map<Key, Value> | null = null;
}

/** A set or frozenset, in insertion order (Python's own order is an accident of hashing). */
export class PySet {
  readonly entries: Map<Key, Value> = new Map();
  readonly frozen: boolean;
  constructor(frozen: boolean = false) {
    this.frozen = frozen;
  }
}

/** `range(start, stop, step)` with its number of items. */
export class PyRange {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
  constructor(start: number, stop: number, step: number, length: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = length;
  }
}

/** A live view of a dict: what `keys()`, `values()` and `items()` give. */
export class PyView {
  readonly dict: PyDict;
  readonly kind: 'keys' | 'values' | 'items';
  constructor(dict: PyDict, kind: 'keys' | 'values' | 'items') {
    this.dict = dict;
    this.kind = kind;
  }
}

/** A one-pass iterator: generator expressions, `zip`, `map`, `reversed` and their like. `name` is Python's type name. */
export class PyIterator {
  readonly source: Iterator<Value>;
  readonly name: string;
  constructor(source: Iterator<Value>, name: string) {
    this.source = source;
    this.name = name;
  }
}

/** A slice inside brackets. */
export class PySlice {
  readonly start: Value;
  readonly stop: Value;
  readonly step: Value;
  constructor(start: Value, stop: Value, step: Value) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/** Arguments given by name. */
export type NamedArguments = ReadonlyMap<string, Value>;

/** What a call runs. `evaluation` carries fuel, limits and random numbers. */
export type Body = (
  evaluation: Evaluation,
  positional: readonly Value[],
  named: NamedArguments | null,
) => Value;

/** A callable: a builtin function, a bound method or a lambda. */
export class PyFunction {
  readonly name: string;
  readonly body: Body;
  readonly kind: 'builtin' | 'lambda';
  constructor(name: string, body: Body, kind: 'builtin' | 'lambda' = 'builtin') {
    this.name = name;
    this.body = body;
    this.kind = kind;
  }
}

/** A type name used as a value: `int`, `str`, `list`; callable, and the second argument of `isinstance`. */
export class PyType {
  readonly name: string;
  readonly body: Body;
  readonly includes: (value: Value) => boolean;
  constructor(name: string, body: Body, includes: (value: Value) => boolean) {
    this.name = name;
    this.body = body;
    this.includes = includes;
  }
}

/** A module name used as a value: `math`, `random`. */
export class PyModule {
  readonly name: string;
  readonly members: ReadonlyMap<string, Value>;
  constructor(name: string, members: ReadonlyMap<string, Value>) {
    this.name = name;
    this.members = members;
  }
}

/** A value another layer adds (a template's loop, namespace, macro). It exposes only what `attribute` answers. */
export abstract class PyHost {
  /** Python's type name, for error messages. */
  abstract readonly typeName: string;
  /** The attribute of that name, or undefined. */
  abstract attribute(name: string): Value | undefined;
  /** What `str()` prints. */
  abstract text(): string;
  /** What a loop over it gives, when it can be looped over. */
  items?(): Iterator<Value>;
  /** What calling it gives, when it can be called. */
  call?(evaluation: Evaluation, positional: readonly Value[], named: NamedArguments | null): Value;
}

/** A float of any JS number. */
export function makeFloat(x: number): Value {
  return Number.isInteger(x) ? new PyFloat(x) : x;
}

/** The int of a bigint: a JS number when safe. */
export function makeInt(n: bigint): number | bigint {
  return n >= -9007199254740991n && n <= 9007199254740991n ? Number(n) : n;
}

/** A new list that takes the array over. */
export function listOf(items: Value[]): PyList {
  return new PyList(items);
}

/** The items of a list, as a copy. */
export function listItems(list: PyList): readonly Value[] {
  return list.items.slice(0, list.length);
}

/** A dict of string keys. A repeated key keeps its first place and its last value, as in Python. */
export function dictOf(entries: Iterable<readonly [string, Value]>): PyDict {
  const dict = new PyDict();
  for (const [key, value] of entries) dictSetText(dict, key, value);
  return dict;
}

/** The value of a string key, or undefined. */
export function dictGet(dict: PyDict, key: string): Value | undefined {
  return dict.entries.get(textKey(key));
}

/** Sets the value of a string key. */
export function dictSetText(dict: PyDict, key: string, value: Value): void {
  const canonical = textKey(key);
  if (canonical !== key && !dict.entries.has(canonical)) {
    dict.originals ??= new Map();
    dict.originals.set(canonical, key);
  }
  dict.entries.set(canonical, value);
}

/** Original keys and values in insertion order. */
export function* dictEntries(dict: PyDict): Generator<[Value, Value]> {
  for (const [key, value] of dict.entries) yield [originalKey(dict, key), value];
}

/** The key as the author wrote it. */
export function originalKey(dict: PyDict, key: Key): Value {
  const original = dict.originals?.get(key);
  // Only callables and modules use themselves as key, and strings, numbers and None are their own.
  return original !== undefined ? original : (key as Value);
}

/** Canonical key of a string. Canonical keys of composite values begin with NUL, so such strings are moved aside. */
export function textKey(text: string): string {
  return text.charCodeAt(0) === 0 ? `\0s${text}` : text;
}

/** True for a Python float. */
export function isFloat(value: Value): value is number | PyFloat {
  return value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value));
}

/** True for a Python int; False for a bool. */
export function isInt(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

/** True for int and float; False for a bool. */
export function isNumber(value: Value): value is number | bigint | PyFloat {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof PyFloat;
}

/** The number as a JS double (infinite for an int beyond its range), or null when it is no number. A bool is none. */
export function toNumber(value: Value): number | null {
  if (typeof value === 'number') return value;
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'bigint' ? Number(value) : null;
}

/** Python's name of the value's type. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'string':
      return 'str';
    default:
      return value === null ? 'NoneType' : objectTypeName(value);
  }
}

function objectTypeName(value: Exclude<Value, null | boolean | number | bigint | string>): string {
  if (value instanceof PyFloat) return 'float';
  if (value instanceof PyList) return 'list';
  if (value instanceof PyTuple) return 'tuple';
  if (value instanceof PyDict) return 'dict';
  if (value instanceof PySet) return value.frozen ? 'frozenset' : 'set';
  if (value instanceof PyRange) return 'range';
  if (value instanceof PyView) return `dict_${value.kind}`;
  if (value instanceof PyIterator) return value.name;
  if (value instanceof PySlice) return 'slice';
  if (value instanceof PyFunction) return value.kind === 'lambda' ? 'function' : 'builtin_function_or_method';
  if (value instanceof PyType) return 'type';
  if (value instanceof PyModule) return 'module';
  return value.typeName;
}
