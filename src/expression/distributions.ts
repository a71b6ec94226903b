// Draws from continuous distributions, by the algorithms of CPython 3.11's `random`, and a Poisson draw of our own.
// All arguments and results are doubles.
import { raise } from './errors.ts';
import { cosine, exponential, logarithm, power, sine } from './mathematics.ts';
import type { RandomSource } from './random.ts';

const TWO_PI = 2 * Math.PI;

// The second value of the last pair, which belongs to the state of the source.
const SPARE = new WeakMap<RandomSource, number>();

/** Normal draw by Box and Muller; every second call uses up the spare value. Source: CPython `Random.gauss`. */
export function drawGauss(source: RandomSource, mean: number, deviation: number): number {
  if (source.mirrors !== undefined) return mean - drawGauss(source.mirrors, 0, 1) * deviation;
  const spare = SPARE.get(source);
  if (spare !== undefined) {
    SPARE.delete(source);
    return mean + spare * deviation;
  }
  const angle = source.double() * TWO_PI;
  const radius = Math.sqrt(-2 * logarithm(1 - source.double()));
  SPARE.set(source, sine(angle) * radius);
  return mean + cosine(angle) * radius * deviation;
}

// 4 * exp(-0.5) / sqrt(2)
const NORMAL_FACTOR = 1.7155277699214135;

/** Normal draw by Kinderman and Monahan. Source: CPython `Random.normalvariate`. */
export function drawNormal(source: RandomSource, mean: number, deviation: number): number {
  if (source.mirrors !== undefined) return mean - drawNormal(source.mirrors, 0, 1) * deviation;
  for (;;) {
    const u1 = source.double();
    const u2 = 1 - source.double();
    const z = (NORMAL_FACTOR * (u1 - 0.5)) / u2;
    if ((z * z) / 4 <= -logarithm(u2)) return mean + z * deviation;
  }
}

/** Exponential draw with the given rate. */
export function drawExponential(source: RandomSource, rate: number): number {
  return divided(-logarithm(1 - source.double()), rate);
}

function divided(x: number, y: number): number {
  return y === 0 ? raise('ZeroDivisionError', 'float division by zero') : x / y;
}

/** Triangular draw; `mode` null means the middle. */
export function drawTriangular(source: RandomSource, low: number, high: number, mode: number | null): number {
  let u = source.double();
  if (mode !== null && high === low) return low;
  let c = mode === null ? 0.5 : (mode - low) / (high - low);
  if (u > c) {
    u = 1 - u;
    c = 1 - c;
    [low, high] = [high, low];
  }
  return low + (high - low) * Math.sqrt(u * c);
}

const LOG4 = 1.3862943611198906;
const GAMMA_FACTOR = 2.504077396776274;

/** Gamma draw with mean `alpha * beta`. Source: CPython `Random.gammavariate` (Cheng; Ahrens and Dieter below 1). */
export function drawGamma(source: RandomSource, alpha: number, beta: number): number {
  if (alpha <= 0 || beta <= 0) raise('ValueError', 'gammavariate: alpha and beta must be > 0.0');
  if (alpha > 1) {
    const inverse = Math.sqrt(2 * alpha - 1);
    const b = alpha - LOG4;
    const c = alpha + inverse;
    for (;;) {
      const u1 = source.double();
      if (!(u1 > 1e-7 && u1 < 0.9999999)) continue;
      const u2 = 1 - source.double();
      const v = logarithm(u1 / (1 - u1)) / inverse;
      const x = alpha * exponential(v);
      const z = u1 * u1 * u2;
      const r = b + c * v - x;
      if (r + GAMMA_FACTOR - 4.5 * z >= 0 || r >= logarithm(z)) return x * beta;
    }
  }
  if (alpha === 1) return -logarithm(1 - source.double()) * beta;
  for (;;) {
    const b = (Math.E + alpha) / Math.E;
    const p = b * source.double();
    const x = p <= 1 ? power(p, 1 / alpha) : -logarithm((b - p) / alpha);
    const u1 = source.double();
    if (p > 1 ? u1 <= power(x, alpha - 1) : u1 <= exponential(-x)) return x * beta;
  }
}

/** Beta draw. */
export function drawBeta(source: RandomSource, alpha: number, beta: number): number {
  const y = drawGamma(source, alpha, 1);
  return y === 0 ? 0 : y / (y + drawGamma(source, beta, 1));
}

/** Pareto draw with the given shape. */
export function drawPareto(source: RandomSource, alpha: number): number {
  return power(1 - source.double(), divided(-1, alpha));
}

/** Weibull draw. */
export function drawWeibull(source: RandomSource, alpha: number, beta: number): number {
  return alpha * power(-logarithm(1 - source.double()), divided(1, beta));
}

/** Von Mises draw: an angle in [0, 2 pi). Source: CPython `Random.vonmisesvariate` (Best and Fisher). */
export function drawVonMises(
  source: RandomSource,
  mean: number,
  kappa: number,
  arccosine: (x: number) => number,
): number {
  if (kappa <= 1e-6) return TWO_PI * source.double();
  const s = 0.5 / kappa;
  const r = s + Math.sqrt(1 + s * s);
  for (;;) {
    const z = cosine(Math.PI * source.double());
    const d = z / (r + z);
    const u2 = source.double();
    if (!(u2 < 1 - d * d || u2 <= (1 - d) * exponential(d))) continue;
    const q = 1 / r;
    const angle = arccosine((q + z) / (1 + q * z));
    const turned = source.double() > 0.5 ? mean + angle : mean - angle;
    const rest = turned % TWO_PI;
    return rest < 0 ? rest + TWO_PI : rest;
  }
}

/**
 * Poisson draw, which Python's `random` lacks: uniforms are multiplied until their product falls below exp(-mean),
 * in portions of at most 30, so that the product stays far from zero. `pay` is called once per uniform.
 */
export function drawPoisson(source: RandomSource, mean: number, pay: () => void): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 30) {
    const limit = exponential(-Math.min(left, 30));
    for (let product = source.double(); product > limit; product *= source.double()) {
      pay();
      count++;
    }
  }
  return count;
}
