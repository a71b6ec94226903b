// Intervals for shares, means and medians. Each is a function of counts and sums; none of them sees a unit.
import type { Bounds, Interval } from './estimate.ts';
import { binomialCdf, inverseIncompleteBeta, normalQuantile, studentQuantile } from './special.ts';

/** Level of every interval that no gate or rule gives its own. */
export const SHOWN_CONFIDENCE = 0.95;

/** Wilson's score interval (Wilson 1927). `n` may be an effective, fractional number of units; `share` is 0 to 1. */
export function wilson(share: number, n: number, confidence: number): { low: number; high: number } {
  const z = normalQuantile((1 + confidence) / 2);
  const centre = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return {
    low: share === 0 ? 0 : Math.max(0, (centre - half) / scale),
    high: share === 1 ? 1 : Math.min(1, (centre + half) / scale),
  };
}

/** Lower end of the two-sided Clopper-Pearson interval (1934). `x` and `n` may be effective, fractional counts. */
export function clopperPearsonLow(x: number, n: number, confidence: number): number {
  const tail = (1 - confidence) / 2;
  if (x <= 0) return 0;
  return x >= n ? tail ** (1 / n) : inverseIncompleteBeta(x, n - x + 1, tail);
}

/** Upper end of the same interval; for x = 0 the exact bound at zero, 1 - (alpha/2)^(1/n). */
export function clopperPearsonHigh(x: number, n: number, confidence: number): number {
  const tail = (1 - confidence) / 2;
  if (x >= n) return 1;
  return x <= 0 ? 1 - tail ** (1 / n) : inverseIncompleteBeta(x + 1, n - x, 1 - tail);
}

/** Two-sided t interval of a mean with its standard error and degrees of freedom. */
export function tInterval(
  mean: number,
  error: number,
  degrees: number,
  confidence: number,
): { low: number; high: number } {
  const half = studentQuantile((1 + confidence) / 2, degrees) * error;
  return { low: mean - half, high: mean + half };
}

/** Ends of which nothing is known. */
export const EVERYTHING: Bounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/**
 * The ends of a mean's interval where `draws` independent values may have been all the same: a point is believed from as
 * many on as a median's interval takes, between whose ends, the least and the largest value, it then lies (6 at 95 %).
 * Of fewer nothing is known.
 */
export function whereAlike(ends: Bounds, draws: number, confidence: number): Bounds {
  return ends.low < ends.high || 0.5 ** draws <= (1 - confidence) / 2 ? ends : EVERYTHING;
}

/**
 * Ranks (from 1) of the two order statistics that enclose the median with at least `confidence`, whatever the
 * distribution; null when n is too small for any two (below 6 at 95 %).
 */
export function medianRanks(n: number, confidence: number): { low: number; high: number } | null {
  const tail = (1 - confidence) / 2;
  // The largest rank r with P(Binomial(n, 1/2) < r) <= tail, searched down from the normal approximation's upper end.
  let rank = Math.min(
    Math.floor(n / 2),
    Math.ceil(n / 2 - (normalQuantile(1 - tail) * Math.sqrt(n)) / 2) + 2,
  );
  while (rank > 0 && binomialCdf(rank - 1, n, 0.5) > tail) rank--;
  return rank < 1 ? null : { low: rank, high: n + 1 - rank };
}

/** How far clusters differ in a share: what its effective number of units rests on. */
export interface ShareSpread {
  /** share (1 - share) over the square of the clustered standard error. */
  readonly bare: number;
  readonly units: number;
  readonly clusters: number;
  /** True where more may be believed than independent draws would tell. */
  readonly mayGain: boolean;
}

/** What clusters are: items, units that drew together or with their mirror images, or the children of one unit. */
export type ClusterKind = 'items' | 'draws' | 'pairs' | 'families';

/**
 * How units hang together: `items`, the number of clusters, is null for independent draws. `size` is the effective number
 * of units, with `spread` that at 95 %. `clusters` says what the clusters are; absent: items. `families`: how many units
 * they were before their fan-outs; absent: there are none.
 */
export interface Dependence {
  readonly size: number;
  readonly items: number | null;
  readonly clusters?: ClusterKind;
  readonly families?: number;
  readonly spread?: ShareSpread;
}

/**
 * Fewest items that are taken as clusters when they repeat. A handful of items are the cases the claim is about, and
 * their repetitions are independent draws; from ten on, the items stand for others like them, and the spread between
 * them counts.
 */
export const FEWEST_CLUSTERS = 10;

/**
 * Standard error of a share or mean with units clustered by item: sum over items of (residual total)^2, times
 * k/(k-1), over n^2 (linearised ratio, as in survey sampling). Null below two items.
 */
export function clusterError(
  clusters: Iterable<{ readonly n: number; readonly sum: number }>,
  mean: number,
): number | null {
  let items = 0;
  let n = 0;
  let squares = 0;
  for (const cluster of clusters) {
    if (cluster.n === 0) continue;
    items++;
    n += cluster.n;
    squares += (cluster.sum - mean * cluster.n) ** 2;
  }
  return items < 2 ? null : Math.sqrt((squares * items) / (items - 1)) / n;
}

/**
 * The effective number of units behind a share whose clusters differ (Korn and Graubard 1998). At most all units, unless
 * more may be believed: repetitions that agree by chance are no reason to claim more than independent draws would. The
 * t quantile of the clusters' degrees of freedom widens it, the more the surer an interval is to be.
 */
export function effectiveSize({ bare, units, clusters, mayGain }: ShareSpread, confidence: number): number {
  const tail = (1 - confidence) / 2;
  const widening = studentQuantile(tail, clusters - 1) / studentQuantile(tail, units - 1);
  return Math.min(mayGain ? Number.POSITIVE_INFINITY : units, bare / (widening * widening));
}

/** The effective number of units for an interval at this confidence. */
export function sizeAt({ size, spread }: Pick<Dependence, 'size' | 'spread'>, confidence: number): number {
  return spread === undefined ? size : effectiveSize(spread, confidence);
}

/** Wilson's interval of x of n; exact at zero and at all, where Wilson's is an approximation at its worst. */
export function shareInterval(x: number, n: number, dependence: Dependence, confidence: number): Interval {
  const share = n === 0 ? 0 : x / n;
  if (n === 0) return { low: 0, high: 1, confidence, method: 'no data' };
  if (x === 0 || x === n) return exactShareInterval(x, n, dependence, confidence);
  const size = sizeAt(dependence, confidence);
  return { ...wilson(share, size, confidence), confidence, method: `Wilson, ${describe(dependence)}` };
}

/** The Clopper-Pearson interval of x of n, on the effective number of units. */
export function exactShareInterval(
  x: number,
  n: number,
  dependence: Dependence,
  confidence: number,
): Interval {
  if (n === 0) return { low: 0, high: 1, confidence, method: 'no data' };
  const size = sizeAt(dependence, confidence);
  const hits = (x / n) * size;
  return {
    low: clopperPearsonLow(hits, size, confidence),
    high: clopperPearsonHigh(hits, size, confidence),
    confidence,
    method: `Clopper-Pearson, ${describe(dependence)}`,
  };
}

/** `independent draws`, `clustered by item (24 items)`, `clustered by shared draws (500 clusters)`, and so on. */
export function describe({ items, clusters }: Dependence): string {
  if (items === null) return 'independent draws';
  const by = `clustered by ${clusterName(clusters)}`;
  if (clusters === undefined || clusters === 'items') return `${by} (${items} items)`;
  // Without their number, which is another one in each group.
  if (clusters === 'families') return by;
  return `${by} (${items} ${items === 1 ? 'cluster' : 'clusters'})`;
}

/** What the clusters are, as one says it behind "by". */
export function clusterName(clusters: ClusterKind = 'items'): string {
  switch (clusters) {
    case 'items':
      return 'item';
    case 'families':
      return 'the unit before the fan-out';
    case 'draws':
      return 'shared draws';
    case 'pairs':
      return 'item or antithetic pair';
    default:
      return clusters satisfies never;
  }
}
