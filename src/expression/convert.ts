// Conversions between numbers and text as `int()`, `float()` and `round()` make them.

import { fixedText, scaledInteger } from './decimal.ts';
import { raise, raiseLimit } from './errors.ts';
import { type Evaluation, spend, spendSquare } from './evaluation.ts';
import { asDouble, asInt, isIntegral, isNumeric } from './numbers.ts';
import { textRepr } from './text.ts';
import { isFloat, makeFloat, makeInt, PyFloat, typeName, type Value } from './values.ts';

const SPACE_CODES = new Set([
  9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005,
  0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
]);

/** True for a UTF-16 code that Python's `str.isspace` accepts. */
export function isSpaceCode(code: number): boolean {
  return SPACE_CODES.has(code);
}

/** Removes white space at the start, the end, or both. */
export function stripSpace(text: string, side: 'left' | 'right' | 'both' = 'both'): string {
  let start = 0;
  let end = text.length;
  if (side !== 'right') while (start < end && isSpaceCode(text.charCodeAt(start))) start++;
  if (side !== 'left') while (end > start && isSpaceCode(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** `int(number)`: cuts a float's fraction. Throws ValueError for nan, OverflowError for inf. */
export function toInteger(value: Value): number | bigint {
  if (isIntegral(value)) return asInt(value);
  if (!isFloat(value)) {
    const expected = 'int() argument must be a string, a bytes-like object or a real number';
    return raise('TypeError', `${expected}, not '${typeName(value)}'`);
  }
  const x = asDouble(value);
  if (Number.isNaN(x)) raise('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(x)) raise('OverflowError', 'cannot convert float infinity to integer');
  const whole = Math.trunc(x);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}

// Digits of every script count in Python; each block of ten begins with its zero.
function asciiDigits(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

/** Value of a decimal digit of any script. */
export function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

// The number of a text of one to nine plain digits, else -1.
function plainDigits(text: string): number {
  const { length } = text;
  if (length === 0 || length > 9) return -1;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** `int(text, base)`. */
export function parseInteger(evaluation: Evaluation, text: string, base: number): number | bigint {
  const plain = base === 10 ? plainDigits(text) : -1;
  if (plain >= 0) return plain;
  const bad = (): never =>
    raise('ValueError', `invalid literal for int() with base ${base}: ${textRepr(text)}`);
  let digits = asciiDigits(stripSpace(text));
  const negative = digits.startsWith('-');
  if (negative || digits.startsWith('+')) digits = digits.slice(1);
  const prefix = /^0([xXoObB])_?/.exec(digits);
  const prefixBase =
    prefix === null ? 0 : prefix[1]!.toLowerCase() === 'x' ? 16 : prefix[1]!.toLowerCase() === 'o' ? 8 : 2;
  let radix = base;
  if (prefix !== null && (base === 0 || base === prefixBase)) {
    radix = prefixBase;
    digits = digits.slice(prefix[0].length);
  } else if (base === 0) {
    radix = 10;
    if (/^0[0-9_]*[1-9]/.test(digits)) bad();
  }
  if (!/^[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*$/.test(digits)) bad();
  digits = digits.replaceAll('_', '');
  if (digits.length > 4300 && (radix & (radix - 1)) !== 0) {
    raise(
      'ValueError',
      `Exceeds the limit (4300 digits) for integer string conversion: value has ${digits.length} digits`,
    );
  }
  spend(evaluation, digits.length);
  const bits = digits.length * (32 - Math.clz32(radix - 1));
  const { integerBits } = evaluation.limits;
  if (bits > integerBits) raiseLimit(`an integer of about ${bits} bits (limit ${integerBits})`);
  spendSquare(evaluation, bits);
  let small = 0;
  let big = 0n;
  const exact = digits.length <= 10;
  for (const character of digits) {
    const digit = Number.parseInt(character, 36);
    if (digit >= radix) bad();
    if (exact) small = small * radix + digit;
    else if (radix !== 10) big = big * BigInt(radix) + BigInt(digit);
  }
  // JavaScript reads decimal digits faster than any loop.
  if (!exact && radix === 10) big = BigInt(digits);
  if (!exact) return makeInt(negative ? -big : big);
  return Number.isSafeInteger(small) ? (negative ? 0 - small : small) : parseBig(digits, radix, negative);
}

function parseBig(digits: string, radix: number, negative: boolean): number | bigint {
  let big = 0n;
  for (const character of digits) big = big * BigInt(radix) + BigInt(Number.parseInt(character, 36));
  return makeInt(negative ? -big : big);
}

const FLOAT =
  /^[+-]?(?:(?:[0-9](?:_?[0-9])*)(?:\.(?:[0-9](?:_?[0-9])*)?)?|\.[0-9](?:_?[0-9])*)(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const NON_FINITE = /^([+-]?)(inf(?:inity)?|nan)$/i;

/** `float(text)`. */
export function parseFloatText(text: string): Value {
  const digits = asciiDigits(stripSpace(text));
  const special = NON_FINITE.exec(digits);
  if (special !== null) {
    if (special[2]!.toLowerCase() === 'nan') return Number.NaN;
    return special[1] === '-' ? -Infinity : Infinity;
  }
  if (!FLOAT.test(digits)) raise('ValueError', `could not convert string to float: ${textRepr(text)}`);
  return makeFloat(Number(digits.replaceAll('_', '')));
}

/** `round(value)` and `round(value, digits)`: half to even, on the exact decimal value. */
export function roundValue(evaluation: Evaluation, value: Value, digits: Value): Value {
  if (!isNumeric(value)) return raise('TypeError', `type ${typeName(value)} doesn't define __round__ method`);
  if (digits !== null && !isIntegral(digits)) {
    return raise('TypeError', `'${typeName(digits)}' object cannot be interpreted as an integer`);
  }
  const places = digits === null ? null : Number(asInt(digits));
  // Rounding goes through decimal text of that many places.
  if (places !== null) spend(evaluation, Math.min(Math.abs(places), 10_000));
  if (!isFloat(value)) return roundInteger(asInt(value), places);
  const x = asDouble(value);
  return places === null ? roundToInteger(x) : makeFloat(roundToPlaces(x, places));
}

function roundInteger(int: number | bigint, places: number | null): Value {
  if (places === null || places >= 0) return int;
  // An int of the limit's size has fewer than 10,000 digits: beyond, everything rounds to 0.
  if (places < -10_000) return 0;
  const unit = 10n ** BigInt(-places);
  const size = BigInt(int) < 0n ? -BigInt(int) : BigInt(int);
  const quotient = size / unit;
  const twice = (size % unit) * 2n;
  const rounded = (quotient + (twice > unit || (twice === unit && (quotient & 1n) === 1n) ? 1n : 0n)) * unit;
  return makeInt(int < 0 ? -rounded : rounded);
}

function roundToInteger(x: number): Value {
  if (!Number.isFinite(x)) return toInteger(x);
  let rounded = Math.abs(x) >= 2 ** 52 ? x : Math.round(x);
  if (Math.abs(x % 1) === 0.5 && rounded % 2 !== 0) rounded -= 1;
  return toInteger(makeFloat(rounded));
}

function roundToPlaces(x: number, places: number): number {
  if (!Number.isFinite(x) || x === 0 || places > 323) return x;
  if (places < -308) return x * 0;
  const size = Math.abs(x);
  const rounded =
    places >= 0
      ? Number(fixedText(size, places))
      : Number(scaledInteger(size, places) * 10n ** BigInt(-places));
  if (!Number.isFinite(rounded)) raise('OverflowError', 'rounded value too large to represent');
  return x < 0 ? -rounded : rounded;
}

/** `float(value)`. */
export function toFloat(value: Value): Value {
  if (typeof value === 'string') return parseFloatText(value);
  if (value instanceof PyFloat) return value;
  if (!isNumeric(value)) {
    return raise('TypeError', `float() argument must be a string or a real number, not '${typeName(value)}'`);
  }
  return isFloat(value) ? value : makeFloat(asDouble(value));
}
