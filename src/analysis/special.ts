// The special functions that intervals stand on. Pure numerics in double precision; nothing here knows a sample.

const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 0.000009984369578019572, 1.5056327351493116e-7,
];

/** ln Gamma(x) for x > 0. Lanczos approximation with g = 7, 9 terms (Godfrey's coefficients). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  let sum = LANCZOS[0] as number;
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] as number) / (shifted + i);
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** ln n! minus Stirling's main terms (Loader 2000). The difference keeps its digits where logGamma has lost them. */
function stirlingError(n: number): number {
  if (n <= 15) return logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI);
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** x ln(x/m) + m - x, without cancellation when x is near m (Loader 2000). */
function deviance(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x;
  const v = (x - m) / (x + m);
  let sum = (x - m) * v;
  let term = 2 * x * v;
  for (let j = 1; ; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) return next;
    sum = next;
  }
}

/** x^a (1-x)^b / B(a,b), by Loader's saddle-point form; `y` is 1 - x with its own digits. */
export function betaKernel(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.exp(exponent) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

/** The continued fraction of the incomplete beta function (modified Lentz). Converges fast for x < (a+1)/(a+b+2). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let fraction = d;
  // About sqrt(max(a, b)) rounds are needed; the bound only guards against a loop without end.
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    d = 1 / (Math.abs(d) < tiny ? tiny : d);
    c = 1 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return fraction;
}

/** Regularised incomplete beta function I_x(a, b), for a, b > 0 and x in [0, 1]: the CDF of Beta(a, b). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const kernel = betaKernel(a, b, x, 1 - x);
  return x < (a + 1) / (a + b + 2)
    ? (kernel * betaFraction(a, b, x)) / a
    : 1 - (kernel * betaFraction(b, a, 1 - x)) / b;
}

/** The x with I_x(a, b) = p: the quantile of Beta(a, b). Newton's steps, kept inside a shrinking bracket. */
export function inverseIncompleteBeta(a: number, b: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let i = 0; i < 400; i++) {
    const excess = incompleteBeta(a, b, x) - p;
    if (excess === 0) return x;
    if (excess > 0) high = x;
    else low = x;
    const density = betaKernel(a, b, x, 1 - x) / (x * (1 - x));
    let next = x - excess / density;
    // Newton leaves the bracket far from the root; then halve it, in ratio when the root may be very small.
    if (!(next > low && next < high))
      next = low > 0 ? Math.sqrt(low * high) : high < 1e-3 ? high / 16 : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-15 * x) return next;
    x = next;
  }
  return x;
}

/** x^a e^-x / Gamma(a + 1), by Loader's saddle-point form; for whole a the Poisson probability of a at mean x. */
function gammaKernel(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - deviance(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** Regularised lower incomplete gamma function P(a, x), for a > 0 and x >= 0: the CDF of Gamma(a, 1). */
export function incompleteGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x);
}

/** Its complement Q(a, x) = 1 - P(a, x), with its own digits far out in the tail. */
export function incompleteGammaTail(a: number, x: number): number {
  if (x <= 0) return 1;
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x);
}

function gammaSeries(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n < 1_000_000; n++) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return gammaKernel(a, x) * sum;
}

/** The continued fraction of Q(a, x) (modified Lentz), for x >= a + 1. */
function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 1_000_000; i++) {
    const step = i * (a - i);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return gammaKernel(a, x) * a * fraction;
}

/** The x with P(a, x) = p: the quantile of Gamma(a, 1). Newton's steps, kept inside a shrinking bracket. */
export function inverseIncompleteGamma(a: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let x = a;
  for (let i = 0; i < 400; i++) {
    const excess = incompleteGamma(a, x) - p;
    if (excess === 0) return x;
    if (excess > 0) high = x;
    else low = x;
    let next = x - (excess * x) / (gammaKernel(a, x) * a);
    if (!(next > low && next < high))
      next = high === Number.POSITIVE_INFINITY ? x * 2 : low > 0 ? Math.sqrt(low * high) : high / 16;
    if (Math.abs(next - x) <= 1e-15 * x) return next;
    x = next;
  }
  return x;
}

function rational(numerator: readonly number[], denominator: readonly number[], x: number): number {
  const evaluate = (coefficients: readonly number[]) =>
    coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
  return evaluate(numerator) / evaluate(denominator);
}

/** Quantile of the standard normal distribution, p in (0, 1). Wichura 1988, algorithm AS 241 (PPND16). */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) return q * rational(CENTRE_TOP, CENTRE_BOTTOM, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const tail = r <= 5 ? rational(MIDDLE_TOP, MIDDLE_BOTTOM, r - 1.6) : rational(FAR_TOP, FAR_BOTTOM, r - 5);
  return q < 0 ? -tail : tail;
}

const CENTRE_TOP = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_BOTTOM = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852546,
];
const MIDDLE_TOP = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const MIDDLE_BOTTOM = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR_TOP = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
];
const FAR_BOTTOM = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/** Quantile of Student's t with `degrees` > 0 degrees of freedom, p in (0, 1), through the incomplete beta function. */
export function studentQuantile(p: number, degrees: number): number {
  // No search for its ends would come to one.
  if (!(degrees > 0)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  const both = 2 * Math.min(p, 1 - p);
  const sign = p < 0.5 ? -1 : 1;
  // Of the two forms of the same ratio, each keeps its digits on one side: the centre, and the far tail.
  if (both > 0.001) {
    const y = inverseIncompleteBeta(0.5, degrees / 2, 1 - both);
    return sign * Math.sqrt((degrees * y) / (1 - y));
  }
  const x = inverseIncompleteBeta(degrees / 2, 0.5, both);
  return sign * Math.sqrt((degrees * (1 - x)) / x);
}

/** P(X <= k) for X ~ Binomial(n, p). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(n - k, k + 1, 1 - p);
}

/** P(X = k) for X ~ Binomial(n, p); k and n are whole. */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return p ** n;
  return (betaKernel(k, n - k, p, 1 - p) * n) / (k * (n - k));
}
