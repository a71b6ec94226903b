// Quantiles with intervals between two of the values seen, whatever the distribution. It assumes independent draws.
import type { Bounds } from './estimate.ts';
import { binomialCdf, normalQuantile } from './special.ts';

/** `interval` is null where n is too small for any two values to enclose the quantile; `fewest` is what it takes. */
export interface QuantileEstimate {
  readonly value: number;
  readonly interval: Bounds | null;
  readonly fewest: number;
}

/**
 * The q-quantile (0 < q < 1) of ascending values, interpolated between neighbours (type 7 of Hyndman and Fan 1996,
 * which for q = 1/2 is the median), with its interval by order statistics. Null without a value.
 */
export function quantile(sorted: ArrayLike<number>, q: number, confidence: number): QuantileEstimate | null {
  const n = sorted.length;
  if (n === 0) return null;
  const place = q * (n - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  const ranks = quantileRanks(n, q, confidence);
  return {
    value: below + (above - below) * (place - Math.floor(place)),
    interval:
      ranks === null
        ? null
        : { low: sorted[ranks.low - 1] as number, high: sorted[ranks.high - 1] as number },
    fewest: fewestForQuantile(q, confidence),
  };
}

/**
 * Ranks (from 1) of the two values that enclose the q-quantile with at least `confidence`, each tail at most half of
 * the rest: the largest low with P(Binomial(n, q) < low) <= tail, the smallest high with P(Binomial(n, q) >= high) <=
 * tail (David and Nagaraja 2003, 7.1). Null when n is too small.
 */
export function quantileRanks(n: number, q: number, confidence: number): Bounds | null {
  const low = lowRank(n, q, (1 - confidence) / 2);
  const mirrored = lowRank(n, 1 - q, (1 - confidence) / 2);
  return low < 1 || mirrored < 1 ? null : { low, high: n + 1 - mirrored };
}

function lowRank(n: number, q: number, tail: number): number {
  const guess = Math.round(n * q + normalQuantile(tail) * Math.sqrt(n * q * (1 - q)));
  let rank = Math.min(n, Math.max(0, guess));
  while (rank < n && binomialCdf(rank, n, q) <= tail) rank++;
  while (rank > 0 && binomialCdf(rank - 1, n, q) > tail) rank--;
  return rank;
}

/** Fewest values with which the q-quantile has an interval, from the least to the largest. 6 for a median at 95 %. */
export function fewestForQuantile(q: number, confidence: number): number {
  const log = Math.log((1 - confidence) / 2);
  return Math.ceil(Math.max(log / Math.log(q), log / Math.log1p(-q)) - 1e-9);
}
