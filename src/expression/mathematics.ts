// The functions whose last bit a library chooses. They are computed in doubled precision and rounded once, so that
// every machine and every Node version gives the same double: the nearest one, save in about one of 2^40 cases.
// `Math.*` only supplies first approximations that are then corrected. Domain errors are the caller's business.
import {
  type Doubled,
  doubled,
  exactProduct,
  exactSum,
  minus,
  over,
  plus,
  root,
  scaled,
  times,
} from './doubled.ts';

const LN2: Doubled = { hi: Math.LN2, lo: 2.3190468138462996e-17 };
// pi / 2 as the sum of three doubles.
const HALF_PI: Doubled = { hi: Math.PI / 2, lo: 6.123233995736766e-17 };
const HALF_PI_REST = -1.4973849048591833e-33;

const INVERSE_FACTORIALS: readonly Doubled[] = Array.from({ length: 30 }, (_, n) => {
  let factorial = doubled(1);
  for (let i = 2; i <= n; i++) factorial = scaled(factorial, i);
  return over(doubled(1), factorial);
});

// --- exponential

// e ** x - 1 for |x| < 0.36: the series of x / 512, and nine doublings by (1 + e) ** 2 - 1 = e * (2 + e).
function exponentialMinusOne(x: Doubled): Doubled {
  const r = { hi: x.hi / 512, lo: x.lo / 512 };
  // The terms from the sixth on lie below the last bit of a double of the first: plain doubles are enough.
  let tail = 0;
  for (let n = 10; n >= 6; n--) tail = (tail + INVERSE_FACTORIALS[n]!.hi) * r.hi;
  let sum = doubled(tail);
  for (let n = 5; n >= 1; n--) sum = times(plus(sum, INVERSE_FACTORIALS[n]!), r);
  for (let i = 0; i < 9; i++) sum = times(sum, plus(sum, doubled(2)));
  return sum;
}

function exponentialOf(x: Doubled): number {
  if (x.hi > 709.8) return Infinity;
  if (x.hi < -745.2) return 0;
  const k = Math.round(x.hi / LN2.hi);
  const reduced = minus(minus(x, exactProduct(k, LN2.hi)), exactProduct(k, LN2.lo));
  const result = plus(doubled(1), exponentialMinusOne(reduced));
  // Two factors: 2 ** k alone may overflow or vanish when the result does not.
  const half = Math.trunc(k / 2);
  return result.hi * 2 ** half * 2 ** (k - half);
}

/** e ** x. */
export function exponential(x: number): number {
  return Number.isFinite(x) ? exponentialOf(doubled(x)) : Math.exp(x);
}

// --- logarithm

const BITS = new DataView(new ArrayBuffer(8));

// x = m * 2 ** k with m between sqrt(1/2) and sqrt(2).
function splitBinary(x: number): { m: number; k: number } {
  const subnormal = x < 2 ** -1022;
  BITS.setFloat64(0, subnormal ? x * 2 ** 54 : x);
  const high = BITS.getUint32(0);
  let k = (high >>> 20) - 1023 - (subnormal ? 54 : 0);
  BITS.setUint32(0, (high & 0xfffff) | 0x3ff00000);
  let m = BITS.getFloat64(0);
  if (m > Math.SQRT2) {
    m /= 2;
    k++;
  }
  return { m, k };
}

// One Newton step on e ** y = m doubles the digits of Math.log.
function logarithmOf(x: number): Doubled {
  const { m, k } = splitBinary(x);
  if (m === 1) return scaled(LN2, k);
  const y = Math.log(m);
  const e = exponentialMinusOne(doubled(y));
  const correction = (m - 1 - e.hi - e.lo) / (1 + e.hi);
  return plus(plus(exactProduct(k, LN2.hi), exactProduct(k, LN2.lo)), exactSum(y, correction));
}

/** Natural logarithm. */
export function logarithm(x: number): number {
  return x > 0 && Number.isFinite(x) ? logarithmOf(x).hi : Math.log(x);
}

// --- power

// Whole powers by squaring: exact while the result fits, so that exact ties round to even.
function wholePower(x: number, n: number): number {
  let result = doubled(1);
  let square = doubled(x);
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = times(result, square);
    square = times(square, square);
  }
  return result.hi;
}

/** x ** y as C's pow, for every double. */
export function power(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (x === -1 && !Number.isFinite(y)) return 1;
  if (x === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return x ** y;
  if (x < 0 && !Number.isInteger(y)) return Number.NaN;
  if (y === 1) return x;
  const size = Math.abs(x);
  const sign = x < 0 && Math.abs(y % 2) === 1 ? -1 : 1;
  if (y === 0.5) return Math.sqrt(size);
  const logarithmOfSize = logarithmOf(size);
  const exponent = y * logarithmOfSize.hi;
  if (Math.abs(exponent) > 750) return sign * (exponent > 0 ? Infinity : 0);
  if (y > 0 && y <= 64 && Number.isInteger(y) && Math.abs(exponent) < 300) return sign * wholePower(size, y);
  return sign * exponentialOf(scaled(logarithmOfSize, y));
}

// --- sine and cosine

/** An angle as quarter turns and a rest of at most an eighth of a turn. */
interface Reduced {
  readonly quarter: number;
  readonly rest: Doubled;
}

function reduceAngle(x: number): Reduced {
  if (Math.abs(x) > 1e6) return reduceLargeAngle(x);
  const n = Math.round(x / HALF_PI.hi);
  const high = exactProduct(n, HALF_PI.hi);
  const low = exactProduct(n, HALF_PI.lo);
  const rest = minus(minus(minus(doubled(x), high), low), doubled(n * HALF_PI_REST));
  return { quarter: ((n % 4) + 4) % 4, rest };
}

// Large angles need pi to as many digits as the angle has: whole numbers, scaled by 2 ** SCALE.
const SCALE = 1300n;
let scaledHalfPi = 0n;

function reduceLargeAngle(x: number): Reduced {
  if (scaledHalfPi === 0n)
    scaledHalfPi = ((16n * inverseTangent(5n) - 4n * inverseTangent(239n)) / 2n) >> 40n;
  const { m, k } = splitBinary(Math.abs(x));
  const angle = (BigInt(m * 2 ** 53) << SCALE) << BigInt(Math.max(k - 53, 0));
  const whole = k - 53 > 0 ? angle : angle >> BigInt(53 - k);
  let n = whole / scaledHalfPi;
  let left = whole - n * scaledHalfPi;
  if (left * 2n > scaledHalfPi) {
    n += 1n;
    left -= scaledHalfPi;
  }
  // 200 bits of the rest are plenty; then two doubles take 106 of them.
  const shortened = left >> (SCALE - 200n);
  const hi = Number(shortened);
  const lo = Number(shortened - BigInt(hi));
  const rest = exactSum(hi * 2 ** -200, lo * 2 ** -200);
  const quarter = Number(n % 4n);
  if (x > 0) return { quarter, rest };
  return { quarter: (4 - quarter) % 4, rest: { hi: -rest.hi, lo: -rest.lo } };
}

// atan(1 / n) * 2 ** (SCALE + 40), by its series.
function inverseTangent(n: bigint): bigint {
  let term = (1n << (SCALE + 40n)) / n;
  let sum = term;
  for (let k = 3n; term !== 0n; k += 2n) {
    term = -term / (n * n);
    sum += term / k;
  }
  return sum;
}

// The series of sine (first = 1) or cosine (first = 0), for angles up to an eighth of a turn.
function series(x: Doubled, first: 0 | 1): Doubled {
  const square = times(x, x);
  let sum = doubled(0);
  for (let n = 26 + first; n >= first; n -= 2) {
    const factor = INVERSE_FACTORIALS[n]!;
    const signed = ((n - first) / 2) % 2 === 0 ? factor : { hi: -factor.hi, lo: -factor.lo };
    sum = plus(n === 26 + first ? sum : times(sum, square), signed);
  }
  return first === 0 ? sum : times(sum, x);
}

// Sine of an angle turned on by `quarters` quarter turns.
function sineOf({ quarter, rest }: Reduced, quarters: number): Doubled {
  const turned = (quarter + quarters) % 4;
  const value = series(rest, turned % 2 === 0 ? 1 : 0);
  return turned < 2 ? value : { hi: -value.hi, lo: -value.lo };
}

/** Sine of an angle in radians. */
export function sine(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  return Math.abs(x) < 2 ** -27 ? x : sineOf(reduceAngle(x), 0).hi;
}

/** Cosine of an angle in radians. */
export function cosine(x: number): number {
  return Number.isFinite(x) ? sineOf(reduceAngle(x), 1).hi : Number.NaN;
}

function tangent(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (Math.abs(x) < 2 ** -27) return x;
  const angle = reduceAngle(x);
  return over(sineOf(angle, 0), sineOf(angle, 1)).hi;
}

// --- inverse functions: an approximate angle a is corrected by the sine of what is missing

// Angle of the point (x, y) on the unit circle, from an approximation.
function corrected(approximation: number, x: Doubled, y: Doubled): number {
  const angle = reduceAngle(approximation);
  const missing = minus(times(y, sineOf(angle, 1)), times(x, sineOf(angle, 0)));
  return approximation + missing.hi;
}

// sqrt(1 - x * x)
function otherLeg(x: number): Doubled {
  return root(times(exactSum(1, -x), exactSum(1, x)));
}

function arcsine(x: number): number {
  if (Math.abs(x) < 2 ** -27 || !(Math.abs(x) < 1)) return Math.asin(x);
  return corrected(Math.asin(x), otherLeg(x), doubled(x));
}

function arccosine(x: number): number {
  return Math.abs(x) < 1 ? corrected(Math.acos(x), doubled(x), otherLeg(x)) : Math.acos(x);
}

/** Angle of the point (x, y). */
export function arctangent2(y: number, x: number): number {
  const approximation = Math.atan2(y, x);
  const larger = Math.max(Math.abs(x), Math.abs(y));
  const smaller = Math.min(Math.abs(x), Math.abs(y));
  if (!Number.isFinite(larger) || smaller === 0 || Math.abs(approximation) < 2 ** -27) return approximation;
  if (larger > 2 ** 400 || smaller < 2 ** -400) return approximation;
  const legs = { x: doubled(x), y: doubled(y) };
  const hypotenuse = root(plus(exactProduct(x, x), exactProduct(y, y)));
  return corrected(approximation, over(legs.x, hypotenuse), over(legs.y, hypotenuse));
}

function arctangent(x: number): number {
  return Number.isFinite(x) ? arctangent2(x, 1) : Math.atan(x);
}

// --- hyperbolic functions as fdlibm composes them, on the functions above

function hyperbolicCosine(x: number): number {
  const size = Math.abs(x);
  if (size < 0.5 * LN2.hi) {
    const e = Math.expm1(size);
    return 1 + (e * e) / (2 * (1 + e));
  }
  if (size < 22) return 0.5 * exponential(size) + 0.5 / exponential(size);
  const half = exponential(0.5 * size);
  return size < 709.7 ? 0.5 * exponential(size) : 0.5 * half * half;
}

function inverseHyperbolicSine(x: number): number {
  const size = Math.abs(x);
  if (!Number.isFinite(x) || size < 2 ** -28) return x;
  let result: number;
  if (size > 2 ** 28) result = logarithm(size) + LN2.hi;
  else if (size > 2) result = logarithm(2 * size + 1 / (Math.sqrt(x * x + 1) + size));
  else result = Math.log1p(size + (x * x) / (1 + Math.sqrt(1 + x * x)));
  return x < 0 ? -result : result;
}

function inverseHyperbolicCosine(x: number): number {
  if (!(x > 1) || !Number.isFinite(x)) return Math.acosh(x);
  if (x > 2 ** 28) return logarithm(x) + LN2.hi;
  if (x > 2) return logarithm(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
  const t = x - 1;
  return Math.log1p(t + Math.sqrt(2 * t + t * t));
}

/** The functions of Python's `math` that need no more than their argument, by name. */
export const ELEMENTARY: ReadonlyMap<string, (x: number) => number> = new Map<string, (x: number) => number>([
  ['exp', exponential],
  ['exp2', (x) => power(2, x)],
  ['sin', sine],
  ['cos', cosine],
  ['tan', tangent],
  ['asin', arcsine],
  ['acos', arccosine],
  ['atan', arctangent],
  ['cosh', hyperbolicCosine],
  ['asinh', inverseHyperbolicSine],
  ['acosh', inverseHyperbolicCosine],
  // V8 compiles these from fdlibm, unchanged from Node 20 to 24, and CPython's C library has the same code.
  ['expm1', Math.expm1],
  ['log1p', Math.log1p],
  ['sinh', Math.sinh],
  ['tanh', Math.tanh],
  ['atanh', Math.atanh],
  ['cbrt', Math.cbrt],
]);

/** Logarithm to base 10. */
export function logarithm10(x: number): number {
  return Math.log10(x);
}

/** Logarithm to base 2. */
export function logarithm2(x: number): number {
  return Math.log2(x);
}
