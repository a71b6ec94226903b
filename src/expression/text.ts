// Strings as Python sees them, in code points, and the text of values: `str()` and `repr()`.
// It knows no format specs and no string methods.
import { floatRepr } from './decimal.ts';
import { raise, raiseLimit } from './errors.ts';
import { admitText, type Evaluation, spend, spendSquare } from './evaluation.ts';
import {
  originalKey,
  PyDict,
  PyFloat,
  PyFunction,
  PyHost,
  PyIterator,
  PyList,
  PyModule,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  PyType,
  type PyView,
  typeName,
  type Value,
} from './values.ts';

const SURROGATE = /[\ud800-\udfff]/;

/** True when code units and code points of the text may differ. */
export function hasSurrogates(text: string): boolean {
  return SURROGATE.test(text);
}

/** Python's `len` of a string: its code points. */
export function codePointLength(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** The characters of a text, one code point each. */
export function characters(text: string): string[] {
  return SURROGATE.test(text) ? [...text] : text.split('');
}

/** Order of two texts by code points: negative, 0 or positive. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1;
  let i = 0;
  while (i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  // Step back when the difference is inside a surrogate pair, so that whole code points are compared.
  if (i > 0 && isLow(a.charCodeAt(i)) && isHigh(a.charCodeAt(i - 1))) i--;
  else if (i > 0 && isLow(b.charCodeAt(i)) && isHigh(b.charCodeAt(i - 1))) i--;
  return (a.codePointAt(i) ?? -1) - (b.codePointAt(i) ?? -1);
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}

/** Python's `str(value)`. Throws TypeError for functions, whose text would be a memory address. */
export function pyStr(evaluation: Evaluation, value: Value): string {
  return typeof value === 'string' ? value : pyRepr(evaluation, value);
}

/** Python's `repr(value)`. */
export function pyRepr(evaluation: Evaluation, value: Value): string {
  switch (typeof value) {
    case 'string':
      spend(evaluation, value.length >> 2);
      return textRepr(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'number':
      return Number.isInteger(value) ? String(value) : floatRepr(value);
    case 'bigint':
      return bigText(evaluation, value);
    default:
      if (value === null) return 'None';
      return value instanceof PyFloat ? floatRepr(value.value) : reprObject(evaluation, value, []);
  }
}

function reprObject(evaluation: Evaluation, value: Value, outer: Value[]): string {
  if (value === null || typeof value !== 'object' || value instanceof PyFloat)
    return pyRepr(evaluation, value);
  if (value instanceof PyType) return `<class '${value.name}'>`;
  if (value instanceof PyModule) return `<module '${value.name}'>`;
  if (value instanceof PyHost) return value.text();
  if (value instanceof PyRange) {
    const step = value.step === 1 ? '' : `, ${value.step}`;
    return `range(${value.start}, ${value.stop}${step})`;
  }
  if (value instanceof PySlice) {
    const parts = [value.start, value.stop, value.step].map((part) => pyRepr(evaluation, part));
    return `slice(${parts.join(', ')})`;
  }
  if (value instanceof PyFunction || value instanceof PyIterator) {
    raise('TypeError', `a ${typeName(value)} object has no text here`);
  }
  if (outer.includes(value))
    return value instanceof PyList ? '[...]' : value instanceof PyDict ? '{...}' : '(...)';
  if (outer.length >= evaluation.limits.depth)
    raiseLimit(`data nested deeper than ${evaluation.limits.depth} levels`);
  outer.push(value);
  const text = reprContainer(evaluation, value, outer);
  outer.pop();
  return text;
}

function reprContainer(evaluation: Evaluation, value: Container, outer: Value[]): string {
  if (value instanceof PyList) return `[${joinRepr(evaluation, value.items, value.length, outer)}]`;
  if (value instanceof PyTuple) {
    const inner = joinRepr(evaluation, value.items, value.items.length, outer);
    return value.items.length === 1 ? `(${inner},)` : `(${inner})`;
  }
  if (value instanceof PyDict) return `{${joinPairs(evaluation, value, outer)}}`;
  if (value instanceof PySet) {
    const items = [...value.entries.values()];
    if (items.length === 0) return value.frozen ? 'frozenset()' : 'set()';
    const inner = joinRepr(evaluation, items, items.length, outer);
    return value.frozen ? `frozenset({${inner}})` : `{${inner}}`;
  }
  const items = viewItems(value);
  return `dict_${value.kind}([${joinRepr(evaluation, items, items.length, outer)}])`;
}

type Container = PyList | PyTuple | PyDict | PySet | PyView;

/** What a dict view gives, as an array. */
export function viewItems(view: PyView): Value[] {
  const { dict, kind } = view;
  if (kind === 'values') return [...dict.entries.values()];
  const items: Value[] = [];
  for (const [key, value] of dict.entries) {
    const original = originalKey(dict, key);
    items.push(kind === 'keys' ? original : new PyTuple([original, value]));
  }
  return items;
}

function joinRepr(evaluation: Evaluation, items: readonly Value[], length: number, outer: Value[]): string {
  spend(evaluation, length);
  let text = '';
  for (let i = 0; i < length; i++) {
    text += (i === 0 ? '' : ', ') + reprObject(evaluation, items[i]!, outer);
    if (text.length > evaluation.limits.stringLength) admitText(evaluation, text.length);
  }
  return text;
}

function joinPairs(evaluation: Evaluation, dict: PyDict, outer: Value[]): string {
  spend(evaluation, dict.entries.size);
  let text = '';
  for (const [key, value] of dict.entries) {
    const name = reprObject(evaluation, originalKey(dict, key), outer);
    text += `${text === '' ? '' : ', '}${name}: ${reprObject(evaluation, value, outer)}`;
    if (text.length > evaluation.limits.stringLength) admitText(evaluation, text.length);
  }
  return text;
}

/** Decimal text of a big int. Python refuses more than 4300 digits: the conversion is quadratic. */
export function bigText(evaluation: Evaluation, value: bigint): string {
  const text = value.toString();
  spendSquare(evaluation, text.length * 3);
  if (text.length - (text.startsWith('-') ? 1 : 0) > 4300) {
    raise('ValueError', 'Exceeds the limit (4300 digits) for integer string conversion');
  }
  return text;
}

const PLAIN = /^[ !#-&(-[\]-~]*$/;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** Python's `repr` of a string: single quotes unless the text holds only those. */
export function textRepr(text: string): string {
  if (PLAIN.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let result = quote;
  for (const character of text) {
    if (character === quote || character === '\\') result += `\\${character}`;
    else if (character === '\n') result += '\\n';
    else if (character === '\r') result += '\\r';
    else if (character === '\t') result += '\\t';
    else if (UNPRINTABLE.test(character)) result += escapeCodePoint(character);
    else result += character;
  }
  return result + quote;
}

/** Python's `ascii()` of a text already in `repr` form: everything beyond ASCII escaped. */
export function escapeNonAscii(text: string): string {
  let result = '';
  for (const character of text)
    result += character.charCodeAt(0) < 128 ? character : escapeCodePoint(character);
  return result;
}

function escapeCodePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\U${code.toString(16).padStart(8, '0')}`;
}
