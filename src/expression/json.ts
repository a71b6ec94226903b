// JSON text to values and back. Unlike JSON.parse it keeps key order (`"10"` before `"2"`), the difference between 1
// and 1.0, and big integers; it is strict, and refuses NaN, Infinity and deep nesting.
import { floatRepr } from './decimal.ts';
import { placeOf, raise } from './errors.ts';
import { JsonReader } from './json-reader.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import {
  dictOf,
  type Fields,
  listOf,
  makeInt,
  originalKey,
  PyDict,
  PyFloat,
  PyList,
  PyRange,
  PySet,
  PyTuple,
  PyView,
  typeName,
  type Value,
} from './values.ts';

/** The text is not JSON. Line and column count from 1, `offset` from 0. */
export class JsonError {
  readonly kind = 'json';
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;

  constructor(message: string, source: string, offset: number) {
    const place = placeOf(source, offset);
    this.message = message;
    this.line = place.line;
    this.column = place.column;
    this.offset = offset;
  }

  toString(): string {
    return `${this.message} (line ${this.line}, column ${this.column})`;
  }
}

/** Reads one JSON value. A repeated key keeps its first place and its last value. Throws JsonError. */
export function parseJson(text: string, maxDepth: number = DEFAULT_LIMITS.depth): Value {
  return new JsonReader(text, maxDepth, (message, offset) => {
    throw new JsonError(message, text, offset);
  }).read();
}

/**
 * Compact JSON of a value: `{"a":1,"b":2.0}`. Tuples, sets and ranges become arrays, dict keys become text as
 * Python's `json.dumps` makes them. Throws ExpressionError: ValueError for inf and nan, TypeError for functions.
 */
export function stringifyJson(value: Value): string {
  return write(value, 0);
}

function write(value: Value, depth: number): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (Number.isInteger(value)) return String(value);
      if (!Number.isFinite(value)) raise('ValueError', 'Out of range float values are not JSON compliant');
      return floatRepr(value);
    case 'bigint':
      return value.toString();
    default:
  }
  if (value === null) return 'null';
  if (value instanceof PyFloat) return floatRepr(value.value);
  if (depth >= DEFAULT_LIMITS.depth * 2) raise('LimitError', 'data nested too deeply for JSON');
  if (value instanceof PyDict) return writeObject(value, depth + 1);
  if (value instanceof PyList) return writeArray(value.items, value.length, depth + 1);
  if (value instanceof PyTuple) return writeArray(value.items, value.items.length, depth + 1);
  if (value instanceof PySet) return writeArray([...value.entries.values()], value.entries.size, depth + 1);
  if (value instanceof PyRange) {
    const parts: string[] = [];
    for (let i = 0; i < value.length; i++) parts.push(String(value.start + i * value.step));
    return `[${parts.join(',')}]`;
  }
  if (value instanceof PyView) return writeView(value, depth + 1);
  return raise('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
}

function writeArray(items: readonly Value[], length: number, depth: number): string {
  let text = '[';
  for (let i = 0; i < length; i++) text += (i === 0 ? '' : ',') + write(items[i]!, depth);
  return `${text}]`;
}

function writeView(view: PyView, depth: number): string {
  const items: Value[] = [];
  for (const [key, value] of view.dict.entries) {
    const original = originalKey(view.dict, key);
    items.push(
      view.kind === 'keys' ? original : view.kind === 'values' ? value : new PyTuple([original, value]),
    );
  }
  return writeArray(items, items.length, depth);
}

function writeObject(dict: PyDict, depth: number): string {
  let text = '';
  for (const [key, value] of dict.entries) {
    const name = typeof key === 'string' && dict.originals === null ? key : keyText(originalKey(dict, key));
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${write(value, depth)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (
    typeof key === 'boolean' ||
    typeof key === 'number' ||
    typeof key === 'bigint' ||
    key instanceof PyFloat
  ) {
    return write(key, 0);
  }
  return raise('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

/** JSON object of the fields, in their order. */
export function fieldsToJson(fields: Fields): string {
  let text = '';
  for (const [name, value] of fields)
    text += `${text === '' ? '{' : ','}${JSON.stringify(name)}:${write(value, 1)}`;
  return text === '' ? '{}' : `${text}}`;
}

/**
 * Reads a JSON object as fields; with `only`, the values of all others may be None, though all of the text must be JSON.
 * Throws JsonError when the text is anything else.
 */
export function fieldsFromJson(text: string, only: ReadonlySet<string> | null = null): Map<string, Value> {
  const refuse = (message: string, offset: number): never => {
    throw new JsonError(message, text, offset);
  };
  const fields = new JsonReader(text, DEFAULT_LIMITS.depth, refuse).readFields(only);
  return fields ?? refuse('an object was expected', 0);
}

/**
 * Plain JavaScript data for validators: null-prototype objects, arrays, JS numbers (a big int loses digits).
 * Throws ExpressionError for what JSON has no form for, except inf and nan, which stay numbers.
 */
export function toPlain(value: Value): unknown {
  return plain(value, 0);
}

function plain(value: Value, depth: number): unknown {
  if (value === null || typeof value !== 'object') return typeof value === 'bigint' ? Number(value) : value;
  if (value instanceof PyFloat) return value.value;
  if (depth >= DEFAULT_LIMITS.depth * 2) raise('LimitError', 'data nested too deeply');
  if (value instanceof PyList)
    return value.items.slice(0, value.length).map((item) => plain(item, depth + 1));
  if (value instanceof PyTuple) return value.items.map((item) => plain(item, depth + 1));
  if (value instanceof PySet) return [...value.entries.values()].map((item) => plain(item, depth + 1));
  if (value instanceof PyRange)
    return Array.from({ length: value.length }, (_, i) => value.start + i * value.step);
  if (value instanceof PyDict) {
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, item] of value.entries)
      object[keyText(originalKey(value, key))] = plain(item, depth + 1);
    return object;
  }
  return raise('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
}

/** A value of plain JavaScript data, as `JSON.parse` or a YAML reader gives it. An integral JS number becomes an int. */
export function fromPlain(json: unknown, depth: number = 0): Value {
  switch (typeof json) {
    case 'string':
    case 'boolean':
      return json;
    case 'number':
      return Object.is(json, -0)
        ? 0
        : Number.isInteger(json) && !Number.isSafeInteger(json)
          ? makeInt(BigInt(json))
          : json;
    case 'bigint':
      return makeInt(json);
    default:
  }
  if (json === null || json === undefined) return null;
  if (depth >= DEFAULT_LIMITS.depth) raise('LimitError', 'data nested too deeply');
  if (Array.isArray(json)) return listOf(json.map((item) => fromPlain(item, depth + 1)));
  if (json instanceof Map) {
    return dictOf([...json].map(([key, item]) => [String(key), fromPlain(item, depth + 1)] as const));
  }
  if (typeof json === 'object') {
    return dictOf(Object.entries(json).map(([key, item]) => [key, fromPlain(item, depth + 1)] as const));
  }
  return raise('TypeError', `a ${typeof json} is not data`);
}
