// Python's `math`: as a module, and as plain names, which Octobatch's expressions use.

import { admitInt, multiply } from './arithmetic.ts';
import { type Bound, builtin, refuseNamed } from './calls.ts';
import { compare } from './comparison.ts';
import { toInteger } from './convert.ts';
import { raise, raiseLimit } from './errors.ts';
import { type Evaluation, spend, spendSquare } from './evaluation.ts';
import { iterate, toItems } from './iteration.ts';
import { arctangent2, ELEMENTARY, logarithm, logarithm2, logarithm10, power } from './mathematics.ts';
import { asDouble, asInt, bitLength, isIntegral, isNumeric } from './numbers.ts';
import { makeFloat, makeInt, PyFunction, PyModule, PyTuple, typeName, type Value } from './values.ts';

/** An argument as a double; TypeError when it is no number. */
export function doubleArgument(value: Value | undefined): number {
  if (value !== undefined && isNumeric(value)) return asDouble(value);
  return raise('TypeError', `must be real number, not ${typeName(value ?? null)}`);
}

/** An argument as an int; TypeError when it is none. */
export function intArgument(value: Value | undefined): number | bigint {
  if (value !== undefined && isIntegral(value)) return asInt(value);
  return raise('TypeError', `'${typeName(value ?? null)}' object cannot be interpreted as an integer`);
}

// CPython's rule: nan from a number is a domain error, inf from a finite number an overflow.
function checked(argument: number, result: number, infinityIsDomain: boolean): Value {
  if (Number.isNaN(result) && !Number.isNaN(argument)) raise('ValueError', 'math domain error');
  if (!Number.isFinite(result) && Number.isFinite(argument)) {
    if (infinityIsDomain) raise('ValueError', 'math domain error');
    raise('OverflowError', 'math range error');
  }
  return makeFloat(result);
}

function oneArgument(name: string, compute: (x: number) => number): PyFunction {
  const infinityIsDomain = name === 'log1p' || name === 'atanh';
  return builtin(`${name}(x, /)`, (_evaluation, [x]) => {
    const argument = doubleArgument(x);
    return checked(argument, compute(argument), infinityIsDomain);
  });
}

// Big ints have logarithms beyond the doubles: log(m * 2^k) = log(m) + k * log(2).
function logOf(value: Value | undefined, compute: (x: number) => number): number {
  if (typeof value === 'bigint' && value > 0n) {
    const bits = bitLength(value);
    if (bits > 1000) return compute(Number(value >> BigInt(bits - 64))) + (bits - 64) * compute(2);
  }
  const x = typeof value === 'bigint' ? Number(value) : doubleArgument(value);
  if (x <= 0) raise('ValueError', 'math domain error');
  return compute(x);
}

function log(_evaluation: Evaluation, [value, base]: Bound): Value {
  const numerator = logOf(value, logarithm);
  if (base === undefined) return makeFloat(numerator);
  const denominator = logOf(base, logarithm);
  if (denominator === 0) raise('ZeroDivisionError', 'float division by zero');
  return makeFloat(numerator / denominator);
}

function rounded(name: string, compute: (x: number) => number): PyFunction {
  return builtin(`${name}(x, /)`, (_evaluation, [x]) => {
    if (x !== undefined && isIntegral(x)) return asInt(x);
    return toInteger(makeFloat(compute(doubleArgument(x))));
  });
}

function factorial(evaluation: Evaluation, [value]: Bound): Value {
  const n = intArgument(value);
  if (n < 0) raise('ValueError', 'factorial() not defined for negative values');
  if (n > 3000) raiseLimit(`the factorial of ${n} (limit 3000)`);
  let result = 1n;
  for (let i = 2n; i <= BigInt(n); i++) {
    spend(evaluation, 1 + (Number(i) >> 8));
    result *= i;
  }
  return admitInt(evaluation, result);
}

function binomial(evaluation: Evaluation, name: string, n: Value | undefined, k: Value | undefined): Value {
  const total = intArgument(n);
  const chosen = k === undefined || k === null ? total : intArgument(k);
  if (total < 0 || chosen < 0) raise('ValueError', `${name}() arguments must be non-negative integers`);
  if (chosen > total) return 0;
  const fromOther = name === 'comb' && BigInt(total) - BigInt(chosen) < BigInt(chosen);
  const steps = fromOther ? BigInt(total) - BigInt(chosen) : BigInt(chosen);
  if (steps > 10_000n) raiseLimit(`${name}() of more than 10000 factors`);
  let result = 1n;
  for (let i = 0n; i < steps; i++) {
    result *= BigInt(total) - i;
    if (name === 'comb') result /= i + 1n;
    admitInt(evaluation, result);
    spend(evaluation, 1);
  }
  return makeInt(result);
}

function gcdOf(evaluation: Evaluation, a: bigint, b: bigint): bigint {
  const cost = 1 + (bitLength(b < 0n ? -b : b) >> 9);
  while (b !== 0n) {
    spend(evaluation, cost);
    [a, b] = [b, a % b];
  }
  return a < 0n ? -a : a;
}

function foldInts(
  name: string,
  first: bigint,
  step: (evaluation: Evaluation, a: bigint, b: bigint) => bigint,
): PyFunction {
  return new PyFunction(name, (evaluation, positional, named) => {
    refuseNamed(name, named);
    let result = first;
    for (const value of positional) result = step(evaluation, result, BigInt(intArgument(value)));
    return admitInt(evaluation, result);
  });
}

function leastCommonMultiple(evaluation: Evaluation, a: bigint, b: bigint): bigint {
  if (a === 0n || b === 0n) return 0n;
  const product = (a / gcdOf(evaluation, a, b)) * b;
  admitInt(evaluation, product);
  return product < 0n ? -product : product;
}

function integerRoot(evaluation: Evaluation, [value]: Bound): Value {
  const n = BigInt(intArgument(value));
  if (n < 0n) raise('ValueError', 'isqrt() argument must be nonnegative');
  if (n === 0n) return 0;
  // Newton's method from above.
  const bits = bitLength(n);
  let root = 1n << BigInt((bits + 1) >> 1);
  for (;;) {
    spendSquare(evaluation, bits);
    const next = (root + n / root) >> 1n;
    if (next >= root) return makeInt(root);
    root = next;
  }
}

function product(evaluation: Evaluation, [iterable, start]: Bound): Value {
  let result: Value = start ?? 1;
  for (const item of iterate(iterable!)) {
    spend(evaluation, 1);
    result = multiply(evaluation, result, item);
  }
  return result;
}

// Exact sum of doubles, rounded once: Shewchuk's partials, as CPython's math.fsum.
function exactSum(evaluation: Evaluation, [iterable]: Bound): Value {
  const partials: number[] = [];
  let special = 0;
  for (const item of iterate(iterable!)) {
    spend(evaluation, 1);
    let x = doubleArgument(item);
    if (!Number.isFinite(x)) {
      special += x;
      continue;
    }
    let kept = 0;
    for (const partial of partials) {
      const [large, small] = Math.abs(x) < Math.abs(partial) ? [partial, x] : [x, partial];
      const high = large + small;
      const low = small - (high - large);
      if (low !== 0) partials[kept++] = low;
      x = high;
    }
    partials.length = kept;
    partials.push(x);
  }
  if (special !== 0 || Number.isNaN(special)) return special;
  return makeFloat(roundPartials(partials));
}

function roundPartials(partials: number[]): number {
  let n = partials.length;
  if (n === 0) return 0;
  let high = partials[--n]!;
  let low = 0;
  while (n > 0) {
    const x = high;
    const y = partials[--n]!;
    high = x + y;
    low = y - (high - x);
    if (low !== 0) break;
  }
  // Half-way cases are decided by the sign of what is left.
  if (n > 0 && ((low < 0 && partials[n - 1]! < 0) || (low > 0 && partials[n - 1]! > 0))) {
    const y = low * 2;
    const x = high + y;
    if (y === x - high) high = x;
  }
  return high;
}

// Squares are summed after scaling by a power of two, so that they neither overflow nor vanish.
function length(evaluation: Evaluation, coordinates: readonly number[]): Value {
  spend(evaluation, coordinates.length);
  const sizes = coordinates.map(Math.abs);
  if (sizes.includes(Infinity)) return Infinity;
  const largest = sizes.reduce((a, b) => (Number.isNaN(b) || b > a ? b : a), 0);
  if (largest === 0 || Number.isNaN(largest)) return makeFloat(largest);
  let scale = 1;
  while (largest / scale > 2 ** 500) scale *= 2 ** 500;
  while (largest / scale < 2 ** -500) scale /= 2 ** 500;
  let sum = 0;
  let lost = 0;
  for (const size of sizes) {
    const x = size / scale;
    const square = x * x;
    const total = sum + square;
    lost += Math.abs(sum) >= square ? sum - total + square : square - total + sum;
    sum = total;
  }
  return makeFloat(Math.sqrt(sum + lost) * scale);
}

function splitExponent(_evaluation: Evaluation, [value]: Bound): Value {
  let mantissa = doubleArgument(value);
  if (mantissa === 0 || !Number.isFinite(mantissa)) return new PyTuple([makeFloat(mantissa), 0]);
  let exponent = 0;
  while (Math.abs(mantissa) >= 1) {
    mantissa /= 2;
    exponent++;
  }
  while (Math.abs(mantissa) < 0.5) {
    mantissa *= 2;
    exponent--;
  }
  return new PyTuple([makeFloat(mantissa), exponent]);
}

function scaleByPower(_evaluation: Evaluation, [value, exponent]: Bound): Value {
  const x = doubleArgument(value);
  const by = Math.max(-3000, Math.min(3000, Number(intArgument(exponent))));
  if (x === 0 || !Number.isFinite(x)) return makeFloat(x);
  // Halving is exact until the last step, which rounds once: go down in large steps that stay normal.
  let result = x;
  let left = by;
  for (; left > 1000; left -= 1000) result *= 2 ** 1000;
  for (; left < -1000 && Math.abs(result) > 2 ** -20; left += 1000) result *= 2 ** -1000;
  result = left >= -1022 ? result * 2 ** left : result * 2 ** -1000 * 2 ** Math.max(left + 1000, -1074);
  if (!Number.isFinite(result)) raise('OverflowError', 'math range error');
  return makeFloat(result);
}

function isClose(evaluation: Evaluation, [a, b, relative, absolute]: Bound): Value {
  const x = doubleArgument(a);
  const y = doubleArgument(b);
  const rel = relative === undefined ? 1e-9 : doubleArgument(relative);
  const abs = absolute === undefined ? 0 : doubleArgument(absolute);
  if (rel < 0 || abs < 0) raise('ValueError', 'tolerances must be non-negative');
  if (x === y) return true;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
  const difference = makeFloat(Math.abs(x - y));
  const allowed = makeFloat(Math.max(rel * Math.max(Math.abs(x), Math.abs(y)), abs));
  return compare(evaluation, '<=', difference, allowed);
}

function floatPower(_evaluation: Evaluation, [base, exponent]: Bound): Value {
  const x = doubleArgument(base);
  const y = doubleArgument(exponent);
  if (x === 0 && y < 0) raise('ValueError', 'math domain error');
  const result = power(x, y);
  if (Number.isNaN(result) && !Number.isNaN(x) && !Number.isNaN(y)) raise('ValueError', 'math domain error');
  if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y))
    raise('OverflowError', 'math range error');
  return makeFloat(result);
}

const FUNCTIONS: readonly PyFunction[] = [
  ...[...ELEMENTARY].map(([name, compute]) => oneArgument(name, compute)),
  oneArgument('sqrt', Math.sqrt),
  oneArgument('fabs', Math.abs),
  oneArgument('degrees', (x) => x * (180 / Math.PI)),
  oneArgument('radians', (x) => x * (Math.PI / 180)),
  builtin('log(x, base?, /)', log),
  builtin('log10(x, /)', (_evaluation, [x]) => makeFloat(logOf(x, logarithm10))),
  builtin('log2(x, /)', (_evaluation, [x]) => makeFloat(logOf(x, logarithm2))),
  rounded('floor', Math.floor),
  rounded('ceil', Math.ceil),
  rounded('trunc', Math.trunc),
  builtin('isnan(x, /)', (_evaluation, [x]) => Number.isNaN(doubleArgument(x))),
  builtin('isinf(x, /)', (_evaluation, [x]) => Math.abs(doubleArgument(x)) === Infinity),
  builtin('isfinite(x, /)', (_evaluation, [x]) => Number.isFinite(doubleArgument(x))),
  builtin('isclose(a, b, /, *, rel_tol?, abs_tol?)', isClose),
  builtin('atan2(y, x, /)', (_evaluation, [y, x]) =>
    makeFloat(arctangent2(doubleArgument(y), doubleArgument(x))),
  ),
  builtin('fmod(x, y, /)', (_evaluation, [x, y]) => {
    const result = doubleArgument(x) % doubleArgument(y);
    if (Number.isNaN(result) && !Number.isNaN(doubleArgument(x)) && !Number.isNaN(doubleArgument(y))) {
      raise('ValueError', 'math domain error');
    }
    return makeFloat(result);
  }),
  builtin('copysign(x, y, /)', (_evaluation, [x, y]) => {
    const sign = doubleArgument(y);
    const size = Math.abs(doubleArgument(x));
    return makeFloat(sign < 0 || Object.is(sign, -0) ? -size : size);
  }),
  builtin('pow(x, y, /)', floatPower),
  builtin('modf(x, /)', (_evaluation, [value]) => {
    const x = doubleArgument(value);
    const whole = Math.trunc(x);
    const fraction = Number.isFinite(x) ? x - whole : Number.isNaN(x) ? x : 0;
    const signed = x < 0 || Object.is(x, -0) ? -Math.abs(fraction) : fraction;
    return new PyTuple([makeFloat(signed), makeFloat(whole)]);
  }),
  builtin('frexp(x, /)', splitExponent),
  builtin('ldexp(x, i, /)', scaleByPower),
  builtin('factorial(x, /)', factorial),
  builtin('comb(n, k, /)', (evaluation, [n, k]) => binomial(evaluation, 'comb', n, k)),
  builtin('perm(n, k?, /)', (evaluation, [n, k]) => binomial(evaluation, 'perm', n, k)),
  builtin('isqrt(n, /)', integerRoot),
  builtin('prod(iterable, /, *, start?)', product),
  builtin('fsum(seq, /)', exactSum),
  foldInts('gcd', 0n, gcdOf),
  foldInts('lcm', 1n, leastCommonMultiple),
  new PyFunction('hypot', (evaluation, positional, named) => {
    refuseNamed('hypot', named);
    return length(evaluation, positional.map(doubleArgument));
  }),
  builtin('dist(p, q, /)', (evaluation, [p, q]) => {
    const a = toItems(evaluation, p!).map(doubleArgument);
    const b = toItems(evaluation, q!).map(doubleArgument);
    if (a.length !== b.length) raise('ValueError', 'both points must have the same number of dimensions');
    return length(
      evaluation,
      a.map((x, i) => x - b[i]!),
    );
  }),
];

/** Everything of Python's `math` that the language has. */
export const MATH_MEMBERS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['pi', Math.PI],
  ['e', Math.E],
  ['tau', 2 * Math.PI],
  ['inf', Infinity],
  ['nan', Number.NaN],
  ...FUNCTIONS.map((entry) => [entry.name, entry] as const),
]);

/** The module `math`. */
export const MATH = new PyModule('math', MATH_MEMBERS);
