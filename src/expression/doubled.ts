// Numbers of twice a double's precision (about 32 digits), as the exact sum of two doubles. Built from + - * / and sqrt
// only, which IEEE 754 rounds alike on every machine. Sources: Dekker 1971; Knuth, TAOCP 2, 4.2.2.

/** The value `hi + lo`, where `hi` is the double nearest to it. */
export interface Doubled {
  readonly hi: number;
  readonly lo: number;
}

/** Exact sum of two doubles. */
export function exactSum(a: number, b: number): Doubled {
  const hi = a + b;
  const part = hi - a;
  return { hi, lo: a - (hi - part) + (b - part) };
}

// Splits a double into two halves of 26 bits, whose products are exact.
const SPLITTER = 2 ** 27 + 1;

/** Exact product of two doubles whose product neither overflows nor vanishes. */
export function exactProduct(a: number, b: number): Doubled {
  const hi = a * b;
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return { hi, lo: aHigh * bHigh - hi + aHigh * bLow + aLow * bHigh + aLow * bLow };
}

// As exactSum, when |a| >= |b|.
function normal(a: number, b: number): Doubled {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

/** The doubled form of a double. */
export function doubled(hi: number): Doubled {
  return { hi, lo: 0 };
}

/** a + b. */
export function plus(a: Doubled, b: Doubled): Doubled {
  const high = exactSum(a.hi, b.hi);
  const low = exactSum(a.lo, b.lo);
  const sum = normal(high.hi, high.lo + low.hi);
  return normal(sum.hi, sum.lo + low.lo);
}

/** a - b. */
export function minus(a: Doubled, b: Doubled): Doubled {
  return plus(a, { hi: -b.hi, lo: -b.lo });
}

/** a * b. */
export function times(a: Doubled, b: Doubled): Doubled {
  const product = exactProduct(a.hi, b.hi);
  return normal(product.hi, product.lo + (a.hi * b.lo + a.lo * b.hi));
}

/** a * b for a double b. */
export function scaled(a: Doubled, b: number): Doubled {
  const product = exactProduct(a.hi, b);
  return normal(product.hi, product.lo + a.lo * b);
}

/** a / b. */
export function over(a: Doubled, b: Doubled): Doubled {
  const first = a.hi / b.hi;
  const rest = minus(a, scaled(b, first));
  const second = rest.hi / b.hi;
  const third = minus(rest, scaled(b, second)).hi / b.hi;
  const sum = normal(first, second);
  return normal(sum.hi, sum.lo + third);
}

/** Square root of a positive value. */
export function root(a: Doubled): Doubled {
  const first = Math.sqrt(a.hi);
  if (first === 0) return doubled(0);
  return normal(first, minus(a, exactProduct(first, first)).hi / (2 * first));
}
