// JSON text to values and back. Unlike JSON.parse it keeps key order (`"10"` before `"2"`), the difference between 1
// and 1.0, and big integers; it is strict, and refuses NaN, Infinity and deep nesting.
import { floatRepr } from './decimal.ts';
import { placeOf, raise } from './errors.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import {
  dictOf,
  dictSetText,
  type Fields,
  listOf,
  makeFloat,
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
  return new Reader(text, maxDepth).read();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

class Reader {
  private readonly text: string;
  private readonly maxDepth: number;
  private at = 0;

  constructor(text: string, maxDepth: number) {
    this.text = text;
    this.maxDepth = maxDepth;
  }

  read(): Value {
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) this.fail('unexpected text after the value');
    return value;
  }

  private fail(message: string, at: number = this.at): never {
    throw new JsonError(at >= this.text.length ? 'unexpected end of the text' : message, this.text, at);
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  private value(depth: number): Value {
    this.skipSpace();
    const code = this.text.charCodeAt(this.at);
    if (code === 34) return this.string();
    if (code === 123) return this.object(depth + 1);
    if (code === 91) return this.array(depth + 1);
    if (code === 45 || (code >= 48 && code <= 57)) return this.number();
    if (code === 116) return this.word('true', true);
    if (code === 102) return this.word('false', false);
    if (code === 110) return this.word('null', null);
    return this.fail('a value was expected');
  }

  private word(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.at)) this.fail('a value was expected');
    this.at += word.length;
    return value;
  }

  private number(): Value {
    // Short integers, the common case, without a regular expression.
    const start = this.at;
    const first = this.text.charCodeAt(start) === 45 ? start + 1 : start;
    let at = first;
    let n = 0;
    let code = this.text.charCodeAt(at);
    while (code >= 48 && code <= 57) {
      n = n * 10 + code - 48;
      code = this.text.charCodeAt(++at);
    }
    const leadingZero = at - first > 1 && this.text.charCodeAt(first) === 48;
    if (leadingZero) this.fail('a number must not begin with 0', first);
    if (at > first && at - first < 16 && code !== 46 && code !== 101 && code !== 69) {
      this.at = at;
      return first === start ? n : 0 - n;
    }
    NUMBER.lastIndex = start;
    const match = NUMBER.exec(this.text);
    if (match === null) return this.fail('a digit was expected', first);
    this.at = NUMBER.lastIndex;
    if (match[1] === undefined && match[2] === undefined) {
      if (match[0].length > MAX_DIGITS) this.fail(`a whole number of more than ${MAX_DIGITS} digits`, start);
      return makeInt(BigInt(match[0]));
    }
    const x = Number(match[0]);
    if (!Number.isFinite(x)) this.fail('the number is too large', start);
    return makeFloat(x);
  }

  private string(): string {
    const start = this.at + 1;
    let at = start;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (code === 34) break;
      if (code === 92) return this.escaped(start, at);
      if (code < 32) this.fail('a control character inside a string', at);
      if (Number.isNaN(code)) this.fail('unexpected end of the text', at);
      at++;
    }
    this.at = at + 1;
    return this.text.slice(start, at);
  }

  private escaped(start: number, at: number): string {
    let result = '';
    let from = start;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (code === 34) break;
      if (code < 32) this.fail('a control character inside a string', at);
      if (Number.isNaN(code)) this.fail('unexpected end of the text', at);
      if (code !== 92) {
        at++;
        continue;
      }
      result += this.text.slice(from, at);
      const letter = this.text[at + 1] ?? '';
      if (letter === 'u') {
        const hex = this.text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.fail('four hex digits were expected after \\u', at);
        result += String.fromCharCode(Number.parseInt(hex, 16));
        at += 6;
      } else {
        const character = ESCAPES.get(letter);
        if (character === undefined) this.fail('an unknown escape inside a string', at);
        result += character;
        at += 2;
      }
      from = at;
    }
    this.at = at + 1;
    return result + this.text.slice(from, at);
  }

  private array(depth: number): PyList {
    this.admit(depth);
    this.at++;
    const items: Value[] = [];
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === 93) {
      this.at++;
      return listOf(items);
    }
    for (;;) {
      items.push(this.value(depth));
      this.skipSpace();
      const code = this.text.charCodeAt(this.at);
      if (code !== 44 && code !== 93) this.fail("',' or ']' was expected");
      this.at++;
      if (code === 93) return listOf(items);
    }
  }

  private object(depth: number): PyDict {
    this.admit(depth);
    this.at++;
    const dict = new PyDict();
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === 125) {
      this.at++;
      return dict;
    }
    for (;;) {
      this.skipSpace();
      if (this.text.charCodeAt(this.at) !== 34) this.fail('a name in double quotes was expected');
      const key = this.string();
      this.skipSpace();
      if (this.text.charCodeAt(this.at) !== 58) this.fail("':' was expected");
      this.at++;
      dictSetText(dict, key, this.value(depth));
      this.skipSpace();
      const code = this.text.charCodeAt(this.at);
      if (code !== 44 && code !== 125) this.fail("',' or '}' was expected");
      this.at++;
      if (code === 125) return dict;
    }
  }

  private admit(depth: number): void {
    if (depth > this.maxDepth) this.fail(`nested deeper than ${this.maxDepth} levels`);
  }
}

// Python refuses to read longer ones too: reading them is quadratic.
const MAX_DIGITS = 4300;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

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

/** Reads a JSON object as fields. Throws JsonError when the text is anything else. */
export function fieldsFromJson(text: string): Map<string, Value> {
  const value = parseJson(text);
  if (!(value instanceof PyDict)) throw new JsonError('an object was expected', text, 0);
  const fields = new Map<string, Value>();
  for (const [key, item] of value.entries) fields.set(originalKey(value, key) as string, item);
  return fields;
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
