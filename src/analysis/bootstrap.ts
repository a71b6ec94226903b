// Intervals by resampling, for ratios and skewed means, whose t interval would be lopsided. Seeded; its cost is
// bounded; it needs about twenty independent draws before it can be believed.
import type { Bounds } from './estimate.ts';
import type { Draw } from './resampling.ts';
import { normalQuantile } from './special.ts';
import { normalTail } from './tails.ts';

/** Resamples of one interval. */
const RESAMPLES = 2_000;
/** More draws than this are dealt at random to that many blocks first. */
const MOST_BLOCKS = 5_000;

/** The estimate with its interval. An end is infinite when resamples whose bottom is zero reach it. */
export interface BootstrapEstimate {
  readonly estimate: number;
  readonly interval: Bounds;
}

/**
 * The ratio of two sums over independent draws, with its BCa interval (Efron 1987; acceleration by the jackknife).
 * Each place is one independent draw: of a ratio of means, the two values of a unit; of a mean, the value over 1;
 * when items repeat, the sum of an item over its number of units (or over its sum of the other metric).
 * It is right to second order: of 60 exponential draws it holds the mean 93.6 % of the time at 95 %, 97.7 % at 99 %.
 *
 * Above 5,000 draws, seeded shuffling deals them to 5,000 blocks that are summed and resampled instead. The
 * cumulants of a sum add up, so the interval aims at the same ends; its width varies by about 1 % more.
 *
 * Null when there are fewer than two draws, the bottom sums to zero, or more than half of the resamples have 0/0.
 */
export function bootstrapRatio(
  top: ArrayLike<number>,
  bottom: ArrayLike<number>,
  draw: Draw,
  confidence: number,
): BootstrapEstimate | null {
  const estimate = sum(top) / sum(bottom);
  if (top.length < 2 || sum(bottom) === 0) return null;
  const [tops, bottoms] = top.length > MOST_BLOCKS ? deal(top, bottom, draw) : [top, bottom];
  const resampled = new Float64Array(RESAMPLES);
  let defined = 0;
  for (let r = 0; r < RESAMPLES; r++) {
    const ratio = resampledRatio(tops, bottoms, draw);
    // 0/0 says nothing either way.
    if (Number.isNaN(ratio)) continue;
    resampled[defined] = ratio;
    defined++;
  }
  if (defined * 2 < RESAMPLES) return null;
  const sorted = resampled.subarray(0, defined).sort();
  return { estimate, interval: bcaBounds(sorted, estimate, acceleration(tops, bottoms), confidence) };
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}

function deal(top: ArrayLike<number>, bottom: ArrayLike<number>, draw: Draw): [Float64Array, Float64Array] {
  const order = Uint32Array.from({ length: top.length }, (_, i) => i);
  const tops = new Float64Array(MOST_BLOCKS);
  const bottoms = new Float64Array(MOST_BLOCKS);
  for (let i = order.length - 1; i >= 0; i--) {
    const other = Math.floor(draw() * (i + 1));
    const chosen = order[other] as number;
    order[other] = order[i] as number;
    const block = i % MOST_BLOCKS;
    tops[block] = (tops[block] as number) + (top[chosen] as number);
    bottoms[block] = (bottoms[block] as number) + (bottom[chosen] as number);
  }
  return [tops, bottoms];
}

function resampledRatio(tops: ArrayLike<number>, bottoms: ArrayLike<number>, draw: Draw): number {
  let top = 0;
  let bottom = 0;
  for (let i = 0; i < tops.length; i++) {
    const at = Math.floor(draw() * tops.length);
    top += tops[at] as number;
    bottom += bottoms[at] as number;
  }
  return top / bottom;
}

/** The jackknife's acceleration of a ratio of sums; 0 when it is not defined, as when nothing varies. */
export function acceleration(tops: ArrayLike<number>, bottoms: ArrayLike<number>): number {
  const top = sum(tops);
  const bottom = sum(bottoms);
  const n = tops.length;
  const without = (i: number) => (top - (tops[i] as number)) / (bottom - (bottoms[i] as number));
  let mean = 0;
  for (let i = 0; i < n; i++) mean += without(i) / n;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < n; i++) {
    const away = mean - without(i);
    squares += away * away;
    cubes += away * away * away;
  }
  const found = cubes / (6 * squares ** 1.5);
  return Number.isFinite(found) ? found : 0;
}

/**
 * Bias-corrected and accelerated ends of a sorted, non-empty set of resampled estimates (Efron 1987), interpolated
 * between neighbours. Where every resample is on one side of the estimate, the correction stops at half a resample.
 */
export function bcaBounds(
  sorted: Float64Array,
  estimate: number,
  accelerated: number,
  confidence: number,
): Bounds {
  const n = sorted.length;
  let below = 0;
  let equal = 0;
  for (const value of sorted) {
    if (value < estimate) below++;
    else if (value === estimate) equal++;
  }
  const share = Math.min(1 - 0.5 / n, Math.max(0.5 / n, (below + equal / 2) / n));
  const bias = normalQuantile(share);
  const end = (z: number) => {
    const shifted = bias + z;
    const curved = 1 - accelerated * shifted;
    // Past the pole the acceleration has no meaning: the end is the last resample on that side.
    const at = curved <= 0 ? (z < 0 ? 0 : 1) : 1 - normalTail(bias + shifted / curved);
    return interpolated(sorted, at);
  };
  const z = normalQuantile((1 + confidence) / 2);
  return { low: end(-z), high: end(z) };
}

function interpolated(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  const rest = place - Math.floor(place);
  // An infinite neighbour makes nothing undefined, nor infinite of a place that it has no part in.
  return rest === 0 || below === above || below === Number.NEGATIVE_INFINITY
    ? below
    : below + (above - below) * rest;
}
