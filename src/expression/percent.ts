// The `%` operator of strings: `'%s has %d' % (name, n)`.

import { toInteger } from './convert.ts';
import { exponentText, fixedText, generalText } from './decimal.ts';
import { raise, raiseLimit } from './errors.ts';
import { admitText, type Evaluation, spend } from './evaluation.ts';
import { convertText } from './format.ts';
import { getItem } from './indexing.ts';
import { asDouble, asInt, isIntegral, isNumeric, type Numeric } from './numbers.ts';
import { bigText, characters, codePointLength } from './text.ts';
import { isFloat, PyDict, PyList, PyTuple, typeName, type Value } from './values.ts';

const FIELD = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|[0-9]+)?(?:\.(\*|[0-9]*))?[hlL]?([\s\S])?/g;

/** `format % values`. Throws TypeError for missing or spare values. */
export function percentFormat(evaluation: Evaluation, format: string, values: Value): string {
  const source = new Arguments(values);
  let result = '';
  let last = 0;
  for (const match of format.matchAll(FIELD)) {
    result += format.slice(last, match.index);
    last = match.index + match[0].length;
    const [, name, flags = '', width, precision, letter] = match;
    if (letter === undefined) raise('ValueError', 'incomplete format');
    if (letter === '%') {
      result += '%';
      continue;
    }
    const field = { flags, width: source.size(width) ?? 0, precision: source.size(precision) ?? -1 };
    if (field.width < 0) {
      field.flags += '-';
      field.width = -field.width;
    }
    admitField(evaluation, field);
    const value = name === undefined ? source.next() : source.named(evaluation, name);
    result += place(field, letter, textOf(evaluation, value, letter, field, last - 1));
    admitText(evaluation, result.length);
  }
  source.finish();
  return result + format.slice(last);
}

interface Field {
  flags: string;
  width: number;
  precision: number;
}

function admitField(evaluation: Evaluation, field: Field): void {
  const { formatWidth, formatPrecision } = evaluation.limits;
  if (field.width > formatWidth) raiseLimit(`a format width of ${field.width} (limit ${formatWidth})`);
  if (field.precision > formatPrecision) {
    raiseLimit(`a format precision of ${field.precision} (limit ${formatPrecision})`);
  }
  spend(evaluation, 1 + (field.width >> 4) + (field.precision > 0 ? field.precision >> 1 : 0));
}

class Arguments {
  private readonly whole: Value;
  private used = 0;
  private namedUsed = false;

  constructor(whole: Value) {
    this.whole = whole;
  }

  next(): Value {
    if (this.whole instanceof PyTuple) {
      const value = this.whole.items[this.used++];
      return value !== undefined ? value : raise('TypeError', 'not enough arguments for format string');
    }
    if (this.used++ > 0 || this.namedUsed) raise('TypeError', 'not enough arguments for format string');
    return this.whole;
  }

  named(evaluation: Evaluation, name: string): Value {
    if (!(this.whole instanceof PyDict)) raise('TypeError', 'format requires a mapping');
    this.namedUsed = true;
    return getItem(evaluation, this.whole, name);
  }

  size(text: string | undefined): number | null {
    if (text !== '*') return text === undefined ? null : Number(text);
    const value = this.next();
    if (!isIntegral(value)) raise('TypeError', '* wants int');
    return Number(asInt(value));
  }

  finish(): void {
    const { whole } = this;
    if (whole instanceof PyTuple) {
      if (this.used < whole.items.length)
        raise('TypeError', 'not all arguments converted during string formatting');
      return;
    }
    // A mapping, or a list, which Python takes for one, may stay unused.
    if (this.used === 0 && !this.namedUsed && !(whole instanceof PyDict) && !(whole instanceof PyList)) {
      raise('TypeError', 'not all arguments converted during string formatting');
    }
  }
}

function textOf(evaluation: Evaluation, value: Value, letter: string, field: Field, at: number): string {
  switch (letter) {
    case 's':
    case 'r':
    case 'a': {
      const text = convertText(evaluation, value, letter);
      return field.precision < 0 ? text : characters(text).slice(0, field.precision).join('');
    }
    case 'c':
      return characterOf(value);
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
      return integerOf(evaluation, value, letter, field);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      if (!isNumeric(value)) raise('TypeError', `must be real number, not ${typeName(value)}`);
      return floatOf(value, letter, field);
    default: {
      const code = letter.charCodeAt(0).toString(16);
      return raise('ValueError', `unsupported format character '${letter}' (0x${code}) at index ${at}`);
    }
  }
}

function characterOf(value: Value): string {
  if (typeof value === 'string' && codePointLength(value) === 1) return value;
  if (!isIntegral(value)) raise('TypeError', '%c requires int or char');
  const code = asInt(value);
  if (code < 0 || code > 0x10ffff) raise('OverflowError', '%c arg not in range(0x110000)');
  return String.fromCodePoint(Number(code));
}

function signOf(negative: boolean, flags: string): string {
  return negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
}

function integerOf(evaluation: Evaluation, value: Value, letter: string, field: Field): string {
  const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
  if (!isNumeric(value))
    raise('TypeError', `%${letter} format: a real number is required, not ${typeName(value)}`);
  if (base !== 10 && isFloat(value))
    raise('TypeError', `%${letter} format: an integer is required, not float`);
  const int = toInteger(value);
  const negative = int < 0;
  const size = typeof int === 'bigint' ? (negative ? -int : int) : Math.abs(int);
  let digits = typeof size === 'bigint' && base === 10 ? bigText(evaluation, size) : size.toString(base);
  digits = digits.padStart(field.precision, '0');
  if (field.flags.includes('#') && base !== 10) digits = `0${letter.toLowerCase()}${digits}`;
  if (letter === 'X') digits = digits.toUpperCase();
  return signOf(negative, field.flags) + digits;
}

function floatOf(value: Numeric, letter: string, field: Field): string {
  const x = asDouble(value);
  const size = Math.abs(x);
  const precision = field.precision < 0 ? 6 : field.precision;
  const alternate = field.flags.includes('#');
  const kind = letter.toLowerCase();
  let body: string;
  if (!Number.isFinite(x)) body = Number.isNaN(x) ? 'nan' : 'inf';
  else if (kind === 'f') body = fixedText(size, precision);
  else if (kind === 'e') body = exponentText(size, precision);
  else body = generalText(size, precision, alternate, false);
  if (alternate && Number.isFinite(x) && !body.includes('.'))
    body = body.replace(/^[0-9]+/, (digits) => `${digits}.`);
  if (letter !== kind) body = body.toUpperCase();
  return signOf(x < 0 || Object.is(x, -0), field.flags) + body;
}

function place(field: Field, letter: string, text: string): string {
  const missing = field.width - codePointLength(text);
  if (missing <= 0) return text;
  if (field.flags.includes('-')) return text + ' '.repeat(missing);
  if (!field.flags.includes('0') || 'srac'.includes(letter)) return ' '.repeat(missing) + text;
  const prefix = /^[-+ ]?(?:0[xXo])?/.exec(text)?.[0] ?? '';
  return prefix + '0'.repeat(missing) + text.slice(prefix.length);
}
