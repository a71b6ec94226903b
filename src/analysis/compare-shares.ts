// Two shares held against each other: of two samples, or of the same units twice. Counts only; a change is always the
// head's minus the base's, from -1 to 1.
import type { Bounds } from './estimate.ts';
import { wilson } from './intervals.ts';
import { betaKernel, binomialCdf, binomialProbability } from './special.ts';

/** x of n; both may be effective, fractional counts. */
export interface Count {
  readonly x: number;
  readonly n: number;
}

/** The same units twice, by where the event happened. Whole counts. */
export interface PairedCounts {
  readonly both: number;
  readonly baseOnly: number;
  readonly headOnly: number;
  readonly neither: number;
}

/**
 * Interval of the change of a share between two samples: Wilson's limits of each, squared and added (Newcombe 1998,
 * "Interval estimation for the difference between independent proportions", method 10). -1 to 1 when a sample is empty.
 */
export function newcombe(base: Count, head: Count, confidence: number): Bounds {
  if (base.n === 0 || head.n === 0) return { low: -1, high: 1 };
  return squareAndAdd(base, head, 0, confidence);
}

/**
 * Interval of the change of a share over the same units (Newcombe 1998, "Improved confidence intervals for the
 * difference between binomial proportions based on paired data", method 10). -1 to 1 without a unit. Where no unit
 * changed it still has a width: that none of n did does not say that none would.
 */
export function pairedNewcombe(counts: PairedCounts, confidence: number): Bounds {
  const { both, baseOnly, headOnly, neither } = counts;
  const n = both + baseOnly + headOnly + neither;
  if (n === 0) return { low: -1, high: 1 };
  const base = { x: both + baseOnly, n };
  const head = { x: both + headOnly, n };
  return squareAndAdd(base, head, correlation(counts), confidence);
}

/**
 * The same for two samples that hang together, `correlated` from -1 to 1: Newcombe's paired interval with a correlation
 * that is known from elsewhere, such as from items that have units in both. -1 to 1 when a sample is empty.
 */
export function correlatedNewcombe(base: Count, head: Count, correlated: number, confidence: number): Bounds {
  if (base.n === 0 || head.n === 0) return { low: -1, high: 1 };
  return squareAndAdd(base, head, correlated, confidence);
}

function squareAndAdd(base: Count, head: Count, correlated: number, confidence: number): Bounds {
  const before = base.x / base.n;
  const after = head.x / head.n;
  const b = wilson(before, base.n, confidence);
  const h = wilson(after, head.n, confidence);
  const change = after - before;
  return {
    low: Math.max(-1, change - distance(after - h.low, b.high - before, correlated)),
    high: Math.min(1, change + distance(h.high - after, before - b.low, correlated)),
  };
}

/** sqrt(u^2 - 2 r u v + v^2), which rounding could put below the root of nothing. */
function distance(u: number, v: number, r: number): number {
  return Math.sqrt(Math.max(0, u * u - 2 * r * u * v + v * v));
}

/** The phi coefficient, a positive one continuity-corrected; 0 where a margin is empty. */
function correlation({ both, baseOnly, headOnly, neither }: PairedCounts): number {
  const margins = (both + baseOnly) * (headOnly + neither) * ((both + headOnly) * (baseOnly + neither));
  if (margins === 0) return 0;
  const excess = both * neither - baseOnly * headOnly;
  const n = both + baseOnly + headOnly + neither;
  return (excess > 0 ? Math.max(0, excess - n / 2) : excess) / Math.sqrt(margins);
}

/** Two probabilities that differ by less than this are the same table seen twice, with rounding between. */
const TIE = 1 + 1e-7;

/**
 * Fisher's exact test of equal shares, two-sided: the probability of all tables with these margins that are no more
 * likely than this one (Fisher 1935; Irwin's rule). 1 when a sample or an outcome is empty; 0 below about 1e-300.
 */
export function fisherExact(base: Count, head: Count): number {
  const events = base.x + head.x;
  const low = Math.max(0, events - head.n);
  const high = Math.min(base.n, events);
  // Of `events` in all, `x` fall to the base: each weight from its neighbour, relative to the likeliest table's.
  const up = (x: number) => ((base.n - x) * (events - x)) / ((x + 1) * (head.n - events + x + 1));
  const mode = Math.min(
    high,
    Math.max(low, Math.floor(((base.n + 1) * (events + 1)) / (base.n + head.n + 2))),
  );
  const weights = new Float64Array(high - low + 1);
  weights[mode - low] = 1;
  for (let x = mode; x < high; x++) weights[x + 1 - low] = (weights[x - low] as number) * up(x);
  for (let x = mode; x > low; x--) weights[x - 1 - low] = (weights[x - low] as number) / up(x - 1);
  const limit = (weights[base.x - low] as number) * TIE;
  // Smallest first, from both ends towards the likeliest, so that small terms keep their digits.
  weights.sort();
  let all = 0;
  let extreme = 0;
  for (const weight of weights) {
    all += weight;
    if (weight <= limit) extreme += weight;
  }
  return Math.min(1, extreme / all);
}

/** McNemar's test of no change. `exact` never rejects too often; `mid` is close to its level on average. */
export interface McNemar {
  readonly exact: number;
  readonly mid: number;
}

/**
 * Exact McNemar test from the units that changed, two-sided: under no change each is as likely to have changed either
 * way (McNemar 1947; mid-p: Fagerland, Lydersen and Laake 2013, by doubling). Both are 1 when no unit changed.
 */
export function mcnemar(baseOnly: number, headOnly: number): McNemar {
  const n = baseOnly + headOnly;
  if (baseOnly === headOnly) return { exact: 1, mid: 1 };
  const fewer = Math.min(baseOnly, headOnly);
  const twoTails = 2 * binomialCdf(fewer, n, 0.5);
  return { exact: Math.min(1, twoTails), mid: twoTails - binomialProbability(fewer, n, 0.5) };
}

/**
 * Evidence against no change that may be looked at any number of times: reject at level alpha once it reaches
 * 1/alpha. E = B(b + 1/2, c + 1/2) / B(1/2, 1/2) * 2^(b + c), a Beta(1/2, 1/2) mixture of likelihood ratios (Ville
 * 1939; Robbins 1970). 1 when no unit changed; infinite past 1e308.
 */
export function anytimeMcNemar(baseOnly: number, headOnly: number): number {
  return 1 / (2 * Math.PI * betaKernel(baseOnly + 0.5, headOnly + 0.5, 0.5, 0.5));
}
