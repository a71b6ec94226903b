// Python's format mini-language: `format(value, spec)` and the part after `:` in f-strings.

import { exponentText, fixedText, floatRepr, generalText } from './decimal.ts';
import { raise, raiseLimit } from './errors.ts';
import { admitText, type Evaluation, spend } from './evaluation.ts';
import { asDouble, asInt, isNumeric, type Numeric } from './numbers.ts';
import { bigText, characters, codePointLength, escapeNonAscii, pyRepr, pyStr } from './text.ts';
import { isFloat, typeName, type Value } from './values.ts';

/** A conversion in an f-string or format field: `!s`, `!r`, `!a`. */
export type Conversion = 's' | 'r' | 'a';

/** `str`, `repr` or `ascii` of a value. */
export function convertText(evaluation: Evaluation, value: Value, conversion: Conversion): string {
  if (conversion === 's') return pyStr(evaluation, value);
  const text = pyRepr(evaluation, value);
  return conversion === 'a' ? escapeNonAscii(text) : text;
}

interface Spec {
  readonly fill: string;
  readonly align: string | null;
  readonly sign: string;
  readonly noNegativeZero: boolean;
  readonly alternate: boolean;
  readonly width: number;
  readonly grouping: string;
  /** -1 when not given. */
  readonly precision: number;
  readonly type: string;
}

const SPEC = /^(?:(.)?([<>=^]))?([-+ ])?(z)?(#)?(0)?([0-9]+)?([,_])?(?:\.([0-9]+))?([a-zA-Z%])?$/su;

/** Python's `format(value, spec)`. Throws ValueError for a spec the value does not take. */
export function formatValue(evaluation: Evaluation, value: Value, spec: string): string {
  if (spec === '') return pyStr(evaluation, value);
  if (!isNumeric(value) && typeof value !== 'string') {
    return raise('TypeError', `unsupported format string passed to ${typeName(value)}.__format__`);
  }
  const parsed = parseSpec(evaluation, value, spec);
  spend(evaluation, (parsed.width >> 4) + (parsed.precision > 0 ? parsed.precision >> 1 : 0));
  if (typeof value === 'string') return formatText(value, parsed);
  if (!isFloat(value) && (parsed.type === '' || 'bcdoxXn'.includes(parsed.type))) {
    return formatInteger(evaluation, asInt(value), parsed);
  }
  // Large numbers go through big integers.
  if (Math.abs(asDouble(value)) >= 1e21) spend(evaluation, 128);
  return formatFloat(value, parsed);
}

function parseSpec(evaluation: Evaluation, value: Value, spec: string): Spec {
  const match = SPEC.exec(spec);
  if (match === null) {
    return raise('ValueError', `Invalid format specifier '${spec}' for object of type '${typeName(value)}'`);
  }
  const [, fill, align, sign, z, alternate, zero, width, grouping, precision, type] = match;
  const { formatWidth, formatPrecision } = evaluation.limits;
  if (Number(width ?? 0) > formatWidth) raiseLimit(`a format width of ${width} (limit ${formatWidth})`);
  if (Number(precision ?? 0) > formatPrecision)
    raiseLimit(`a format precision of ${precision} (limit ${formatPrecision})`);
  // A zero before the width pads after the sign, unless the author chose an alignment.
  const zeroPads = zero !== undefined && align === undefined && typeof value !== 'string';
  return {
    fill: fill ?? (zero === undefined ? ' ' : '0'),
    align: align ?? (zeroPads ? '=' : null),
    sign: sign ?? '',
    noNegativeZero: z !== undefined,
    alternate: alternate !== undefined,
    width: Number(width ?? 0),
    grouping: grouping ?? '',
    precision: precision === undefined ? -1 : Number(precision),
    type: type ?? '',
  };
}

function unknownCode(spec: Spec, value: Value): never {
  return raise('ValueError', `Unknown format code '${spec.type}' for object of type '${typeName(value)}'`);
}

function pad(prefix: string, body: string, spec: Spec, natural: '<' | '>'): string {
  const missing = spec.width - codePointLength(prefix) - codePointLength(body);
  if (missing <= 0) return prefix + body;
  switch (spec.align ?? natural) {
    case '<':
      return prefix + body + spec.fill.repeat(missing);
    case '>':
      return spec.fill.repeat(missing) + prefix + body;
    case '^': {
      const left = missing >> 1;
      return spec.fill.repeat(left) + prefix + body + spec.fill.repeat(missing - left);
    }
    default:
      return prefix + spec.fill.repeat(missing) + body;
  }
}

function formatText(text: string, spec: Spec): string {
  if (spec.type !== '' && spec.type !== 's') unknownCode(spec, text);
  if (spec.sign !== '') raise('ValueError', 'Sign not allowed in string format specifier');
  if (spec.noNegativeZero)
    raise('ValueError', 'Negative zero coercion (z) not allowed in string format specifier');
  if (spec.alternate) raise('ValueError', 'Alternate form (#) not allowed in string format specifier');
  if (spec.grouping !== '') raise('ValueError', `Cannot specify '${spec.grouping}' with 's'.`);
  if (spec.align === '=') raise('ValueError', "'=' alignment not allowed in string format specifier");
  const cut = spec.precision < 0 ? text : characters(text).slice(0, spec.precision).join('');
  return pad('', cut, spec, '<');
}

const BASES: ReadonlyMap<string, number> = new Map([
  ['b', 2],
  ['o', 8],
  ['x', 16],
  ['X', 16],
]);

function formatInteger(evaluation: Evaluation, int: number | bigint, spec: Spec): string {
  if (spec.precision >= 0) raise('ValueError', 'Precision not allowed in integer format specifier');
  if (spec.noNegativeZero)
    raise('ValueError', 'Negative zero coercion (z) not allowed in format specifier with integer');
  if (spec.type === 'c') return formatCharacter(int, spec);
  const base = BASES.get(spec.type) ?? 10;
  if (spec.grouping === ',' && base !== 10) raise('ValueError', `Cannot specify ',' with '${spec.type}'.`);
  if (spec.grouping !== '' && spec.type === 'n')
    raise('ValueError', `Cannot specify '${spec.grouping}' with 'n'.`);
  const negative = int < 0;
  const size = typeof int === 'bigint' ? (negative ? -int : int) : Math.abs(int);
  let digits = base === 10 && typeof size === 'bigint' ? bigText(evaluation, size) : size.toString(base);
  let prefix = spec.alternate && base !== 10 ? `0${spec.type}` : '';
  if (spec.type === 'X') {
    digits = digits.toUpperCase();
    prefix = prefix.toUpperCase();
  }
  return padNumber(signOf(negative, spec) + prefix, digits, '', base === 10 ? 3 : 4, spec);
}

function formatCharacter(int: number | bigint, spec: Spec): string {
  if (spec.sign !== '') raise('ValueError', "Sign not allowed with integer format specifier 'c'");
  if (spec.alternate) raise('ValueError', "Alternate form (#) not allowed with integer format specifier 'c'");
  if (spec.grouping !== '') raise('ValueError', `Cannot specify '${spec.grouping}' with 'c'.`);
  if (int < 0 || int > 0x10ffff) raise('OverflowError', '%c arg not in range(0x110000)');
  return pad('', String.fromCodePoint(Number(int)), spec, '>');
}

function signOf(negative: boolean, spec: Spec): string {
  return negative ? '-' : spec.sign === '-' ? '' : spec.sign;
}

function formatFloat(value: Numeric, spec: Spec): string {
  if (spec.type !== '' && !'eEfFgG%n'.includes(spec.type)) unknownCode(spec, value);
  if (spec.grouping !== '' && spec.type === 'n')
    raise('ValueError', `Cannot specify '${spec.grouping}' with 'n'.`);
  const x = asDouble(value);
  let negative = x < 0 || Object.is(x, -0);
  let body = Number.isFinite(x) ? floatBody(Math.abs(x), spec) : nonFiniteBody(x, spec);
  if (spec.type === 'E' || spec.type === 'F' || spec.type === 'G') body = body.toUpperCase();
  if (spec.noNegativeZero && negative && /^[0.]*(?:[eE].*)?%?$/.test(body)) negative = false;
  const whole = /^[0-9]*/.exec(body)?.[0] ?? '';
  return padNumber(signOf(negative, spec), whole, body.slice(whole.length), 3, spec);
}

function nonFiniteBody(x: number, spec: Spec): string {
  return (Number.isNaN(x) ? 'nan' : 'inf') + (spec.type === '%' ? '%' : '');
}

function floatBody(x: number, spec: Spec): string {
  const precision = spec.precision < 0 ? 6 : spec.precision;
  let body: string;
  switch (spec.type) {
    case 'f':
    case 'F':
      body = fixedText(x, precision);
      break;
    case 'e':
    case 'E':
      body = exponentText(x, precision);
      break;
    case '%':
      body = percentBody(x, precision);
      break;
    case '':
      body = spec.precision < 0 ? floatRepr(x) : generalText(x, precision, spec.alternate, true);
      break;
    default:
      body = generalText(x, precision, spec.alternate, false);
  }
  return spec.alternate && !body.includes('.') ? body.replace(/^[0-9]+/, (digits) => `${digits}.`) : body;
}

function percentBody(x: number, precision: number): string {
  const scaled = x * 100;
  return `${Number.isFinite(scaled) ? fixedText(scaled, precision) : 'inf'}%`;
}

function padNumber(prefix: string, digits: string, rest: string, size: number, spec: Spec): string {
  if (spec.grouping === '' || digits === '') return pad(prefix, digits + rest, spec, '>');
  if (spec.fill !== '0' || spec.align !== '=') {
    return pad(prefix, group(digits, spec.grouping, size) + rest, spec, '>');
  }
  // Zeros that fill the width are grouped too.
  const room = spec.width - prefix.length - rest.length;
  const zeros = Math.max(0, room - digits.length - Math.floor(room / (size + 1)));
  let text = group('0'.repeat(zeros) + digits, spec.grouping, size);
  if (text.length < room) text = group(`${'0'.repeat(zeros + 1)}${digits}`, spec.grouping, size);
  return prefix + text + rest;
}

function group(digits: string, separator: string, size: number): string {
  const parts: string[] = [];
  for (let end = digits.length; end > 0; end -= size)
    parts.unshift(digits.slice(Math.max(0, end - size), end));
  return parts.join(separator);
}

/** Text of one f-string field. */
export function formatField(
  evaluation: Evaluation,
  value: Value,
  conversion: Conversion | null,
  spec: string,
): string {
  const text = formatValue(
    evaluation,
    conversion === null ? value : convertText(evaluation, value, conversion),
    spec,
  );
  admitText(evaluation, text.length);
  return text;
}
