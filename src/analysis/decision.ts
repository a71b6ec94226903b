// How many units a gate needs: the fewest with which it can pass at all, and about how many would decide it where
// the estimate stands. Counts only; it never stops or starts anything.
import type { Region } from '../pipeline/pipeline.ts';
import type { Bounds } from './estimate.ts';
import { clopperPearsonHigh, clopperPearsonLow } from './intervals.ts';
import { roughly } from './numbers.ts';
import { normalQuantile } from './special.ts';

/** Where an interval lies: inside the region, wholly outside, or neither. */
export type GateState = 'pass' | 'fail' | 'inconclusive';

/** Pass, fail or inconclusive for an interval held against a region. */
export function decide(interval: Bounds, region: Region): GateState {
  const { atLeast, atMost } = region;
  if ((atLeast !== null && interval.high < atLeast) || (atMost !== null && interval.low > atMost))
    return 'fail';
  const inside =
    (atLeast === null || interval.low >= atLeast) && (atMost === null || interval.high <= atMost);
  return inside ? 'pass' : 'inconclusive';
}

/**
 * Fewest independent units with which a share gate can pass: the first n that has a count whose Clopper-Pearson
 * interval lies in the region. Null when none below 100 million has one.
 */
export function smallestPassing(region: Region, confidence: number): number | null {
  const { atLeast, atMost } = region;
  const low = atLeast ?? 0;
  const high = atMost ?? 1;
  const tail = (1 - confidence) / 2;
  if (low <= 0 && high >= 1) return 1;
  if (low > high || low > 1 || high < 0) return null;
  // At one end of the scale the best case is all or nothing, which has a closed form.
  if (high >= 1) return low >= 1 ? null : Math.ceil(Math.log(tail) / Math.log(low) - 1e-9);
  if (low <= 0) return high <= 0 ? null : Math.ceil(Math.log(tail) / Math.log1p(-high) - 1e-9);
  let enough = 1;
  while (!canPass(enough, low, high, confidence)) {
    enough *= 2;
    if (enough > 100_000_000) return null;
  }
  let tooFew = enough / 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2);
    if (canPass(middle, low, high, confidence)) enough = middle;
    else tooFew = middle;
  }
  // Feasibility is a saw-tooth in n: a little below the point found there may be another tooth.
  let smallest = enough;
  for (let n = enough - 1; n >= 1 && n > enough - 200; n--)
    if (canPass(n, low, high, confidence)) smallest = n;
  return smallest;
}

function canPass(n: number, low: number, high: number, confidence: number): boolean {
  let feasible = n;
  let infeasible = -1;
  while (feasible - infeasible > 1) {
    const x = Math.floor((feasible + infeasible) / 2);
    if (clopperPearsonLow(x, n, confidence) >= low) feasible = x;
    else infeasible = x;
  }
  return (
    clopperPearsonLow(feasible, n, confidence) >= low && clopperPearsonHigh(feasible, n, confidence) <= high
  );
}

/** Units at which the same share would be decided, given that `n` units count as `size`; null when none would. */
export function sharesToSettle(
  share: number,
  n: number,
  size: number,
  region: Region,
  confidence: number,
): number | null {
  const distance = distanceTo(share, region);
  if (distance === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  let units = Math.max(size, (share * (1 - share) * z * z) / (distance * distance));
  for (let step = 0; step < 200; step++) {
    const ends = {
      low: clopperPearsonLow(share * units, units, confidence),
      high: clopperPearsonHigh(share * units, units, confidence),
    };
    if (decide(ends, region) !== 'inconclusive') return roughly(Math.ceil((units * n) / size));
    units *= 1.04;
  }
  return null;
}

/** Units at which a mean with this standard error over `n` units would be decided; null when none would. */
export function meansToSettle(
  mean: number,
  n: number,
  error: number,
  region: Region,
  confidence: number,
): number | null {
  const distance = distanceTo(mean, region);
  if (distance === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  return roughly(Math.ceil(n * ((z * error) / distance) ** 2));
}

/** How far the estimate lies from the bound that would have to be cleared. */
function distanceTo(value: number, region: Region): number {
  const ends = [region.atLeast, region.atMost].filter((bound) => bound !== null);
  return Math.min(...ends.map((bound) => Math.abs(value - bound)));
}
