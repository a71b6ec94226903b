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
  while (!canPass(enough, region, confidence)) {
    enough *= 2;
    if (enough > 100_000_000) return null;
  }
  const found = smallestFrom(enough / 2 + 1, enough, (n) => canPass(n, region, confidence)) ?? enough;
  // Feasibility is a saw-tooth in n: a little below the point found there may be another tooth.
  let smallest = found;
  for (let n = found - 1; n >= 1 && n > found - 200; n--) if (canPass(n, region, confidence)) smallest = n;
  return smallest;
}

/** Whether some count of so many units has a Clopper-Pearson interval in the region. */
export function canPass(n: number, { atLeast, atMost }: Region, confidence: number): boolean {
  const x = smallestFrom(0, n, (count) => clopperPearsonLow(count, n, confidence) >= (atLeast ?? 0));
  return x !== null && clopperPearsonHigh(x, n, confidence) <= (atMost ?? 1);
}

/** The smallest whole number from `low` to `high` that holds, when all above it hold too; null when none does. */
export function smallestFrom(low: number, high: number, holds: (number: number) => boolean): number | null {
  if (!holds(high)) return null;
  let [below, enough] = [low - 1, high];
  while (enough - below > 1) {
    const middle = Math.floor((below + enough) / 2);
    if (holds(middle)) enough = middle;
    else below = middle;
  }
  return enough;
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
