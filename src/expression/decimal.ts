// Decimal text of doubles as Python writes it.

/** Python's `repr` of a float: the shortest text that reads back, with `.0` or an exponent. */
export function floatRepr(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (x === Infinity) return 'inf';
  if (x === -Infinity) return '-inf';
  const size = Math.abs(x);
  if (size === 0) return Object.is(x, -0) ? '-0.0' : '0.0';
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(x) ? `${x}.0` : String(x);
  const [mantissa = '', exponent = ''] = x.toExponential().split('e');
  const digits = exponent.slice(1).padStart(2, '0');
  return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${digits}`;
}

const BITS = new DataView(new ArrayBuffer(8));

/** |x| * 10^digits rounded half to even, exactly. `digits` may be negative; x must be finite. */
export function scaledInteger(x: number, digits: number): bigint {
  BITS.setFloat64(0, Math.abs(x));
  const bits = BITS.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  const exponent = (biased === 0 ? 1 : biased) - 1075;
  let numerator = biased === 0 ? fraction : fraction | 0x10000000000000n;
  let denominator = 1n;
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  if (digits >= 0) numerator *= 10n ** BigInt(digits);
  else denominator *= 10n ** BigInt(-digits);
  const quotient = numerator / denominator;
  const twice = (numerator % denominator) * 2n;
  const up = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

/** Python's `'%.<digits>f'` of a finite x >= 0. */
export function fixedText(x: number, digits: number): string {
  // toFixed is exact but breaks ties upward, Python half to even; a tie needs x * 2^(digits + 1) to be whole.
  const mayTie = digits < 30 && Number.isInteger(x * 2 ** (digits + 1));
  if (digits <= 100 && x < 1e21 && !mayTie) return x.toFixed(digits);
  const text = scaledInteger(x, digits)
    .toString()
    .padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Python's `'%.<digits>e'` of a finite x >= 0. */
export function exponentText(x: number, digits: number): string {
  if (x === 0) return `0${digits > 0 ? `.${'0'.repeat(digits)}` : ''}e+00`;
  let exponent = Number.parseInt(x.toExponential().split('e')[1] ?? '0', 10);
  let text = scaledInteger(x, digits - exponent).toString();
  // Rounding may carry into one more digit.
  if (text.length > digits + 1) text = scaledInteger(x, digits - ++exponent).toString();
  const size = String(Math.abs(exponent)).padStart(2, '0');
  const fraction = digits > 0 ? `.${text.slice(1)}` : '';
  return `${text.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
}

/**
 * Python's `'%.<digits>g'` of a finite x >= 0. `keepZeros` is the alternate form; `asFloat` the format without a
 * type letter, which goes over to exponents one digit earlier and always shows that it is a float.
 */
export function generalText(x: number, digits: number, keepZeros: boolean, asFloat: boolean): string {
  const precision = digits === 0 ? 1 : digits;
  const scientific = exponentText(x, precision - 1);
  const split = scientific.indexOf('e');
  const exponent = Number.parseInt(scientific.slice(split + 1), 10);
  if (exponent < -4 || exponent >= precision - (asFloat ? 1 : 0)) {
    return `${dropZeros(scientific.slice(0, split), keepZeros)}${scientific.slice(split)}`;
  }
  const text = dropZeros(fixedText(x, precision - 1 - exponent), keepZeros);
  return asFloat && !text.includes('.') ? `${text}.0` : text;
}

function dropZeros(text: string, keepZeros: boolean): string {
  return keepZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, '');
}
