// The sign-flip test: were the differences of the same units as likely to go either way? It needs no shape of them.
import { type Draw, MOST_STEPS, resample, type TestResult } from './resampling.ts';

/** Most differences (other than zero) whose every pattern of signs is tried: 2^19 patterns. */
const EXACT_UP_TO = 20;

/**
 * Two-sided p that differences are symmetric about zero, by flipping their signs (Fisher 1935): all patterns for up to
 * 20 differences other than zero, else seeded ones. Give the sum per item as one difference when units of an
 * item hang together. 1 when all are zero or there is none. Differences are finite.
 */
export function signFlip(
  differences: ArrayLike<number>,
  draw: Draw,
  mostSteps: number = MOST_STEPS,
): TestResult {
  const sizes: number[] = [];
  let observed = 0;
  let most = 0;
  for (let i = 0; i < differences.length; i++) {
    const difference = differences[i] as number;
    // A zero stays what it is whichever way it is flipped.
    if (difference === 0) continue;
    sizes.push(Math.abs(difference));
    observed += difference;
    most += Math.abs(difference);
  }
  // Sums of the same numbers in another order may differ in their last digits.
  const limit = Math.abs(observed) - most * 1e-12;
  if (sizes.length <= EXACT_UP_TO) return { p: exactShare(sizes, limit), method: 'exact', resamples: 0 };
  return resample(sizes.length, () => Math.abs(2 * drawnSum(sizes, draw) - most) >= limit, mostSteps);
}

/** The share of all sign patterns whose sum is at least `limit` away from zero. */
function exactShare(sizes: readonly number[], limit: number): number {
  if (sizes.length === 0) return 1;
  // The first sign is fixed: turning all of them gives the same distance from zero.
  const count = (at: number, sum: number): number => {
    const size = sizes[at];
    if (size === undefined) return Math.abs(sum) >= limit ? 1 : 0;
    return count(at + 1, sum + size) + count(at + 1, sum - size);
  };
  return count(1, sizes[0] as number) / 2 ** (sizes.length - 1);
}

/** The sum of those whose sign is drawn to be positive. */
function drawnSum(sizes: readonly number[], draw: Draw): number {
  let sum = 0;
  let signs = 0;
  for (let i = 0; i < sizes.length; i++) {
    // One draw holds 32 signs.
    if ((i & 31) === 0) signs = Math.floor(draw() * 2 ** 32) | 0;
    sum += (sizes[i] as number) * (signs & 1);
    signs >>>= 1;
  }
  return sum;
}
