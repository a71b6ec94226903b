// Every function whose last bit could differ between machines or Node versions, in one place, so that one file decides
// it. Arguments and results are doubles; domain errors are the caller's business.

/** x ** y as C's pow. */
export function power(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (x === -1 && !Number.isFinite(y)) return 1;
  return y === 0.5 && x >= 0 ? Math.sqrt(x) : x ** y;
}

/** e ** x. */
export function exponential(x: number): number {
  return Math.exp(x);
}

/** Natural logarithm. */
export function logarithm(x: number): number {
  return Math.log(x);
}

/** Sine of an angle in radians. */
export function sine(x: number): number {
  return Math.sin(x);
}

/** Cosine of an angle in radians. */
export function cosine(x: number): number {
  return Math.cos(x);
}

/** The functions of Python's `math` that need no more than their argument, by name. */
export const ELEMENTARY: ReadonlyMap<string, (x: number) => number> = new Map<string, (x: number) => number>([
  ['exp', exponential],
  ['exp2', (x) => power(2, x)],
  ['expm1', Math.expm1],
  ['log1p', Math.log1p],
  ['sin', sine],
  ['cos', cosine],
  ['tan', Math.tan],
  ['asin', Math.asin],
  ['acos', Math.acos],
  ['atan', Math.atan],
  ['sinh', Math.sinh],
  ['cosh', Math.cosh],
  ['tanh', Math.tanh],
  ['asinh', Math.asinh],
  ['acosh', Math.acosh],
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

/** Angle of the point (x, y). */
export function arctangent2(y: number, x: number): number {
  return Math.atan2(y, x);
}
