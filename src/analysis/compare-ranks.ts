// Order compared instead of size, for skewed and ordinal metrics: which sample tends to be higher, and whether
// differences of the same units lean one way. Values are finite numbers; nothing is assumed of their shape.
import type { Bounds } from './estimate.ts';
import type { TestResult } from './resampling.ts';
import { studentQuantile } from './special.ts';
import { normalTail } from './tails.ts';

/**
 * `delta` is Cliff's: P(head > base) - P(head < base), -1 to 1; `p` is Mann-Whitney's, two-sided. `interval` is -1 to
 * 1 when a sample has one value only.
 */
export interface RankChange extends TestResult {
  readonly delta: number;
  readonly interval: Bounds;
}

/** Samples smaller than this, without ties, are counted exactly; the same bound as in R. */
const EXACT_BELOW = 50;

/**
 * Two independent samples by rank. p: exact without ties below 50 values each, else normal with the correction for
 * ties and continuity (Mann and Whitney 1947). Interval of delta: Cliff 1996 with the t quantile of Feng and Cliff
 * 2004, and Wilson's bound on the smaller sample where every pair agrees. Null when a sample is empty.
 */
export function compareRanks(
  base: ArrayLike<number>,
  head: ArrayLike<number>,
  confidence: number,
): RankChange | null {
  const m = base.length;
  const n = head.length;
  if (m === 0 || n === 0) return null;
  const pairs = countPairs(Float64Array.from(base).sort(), Float64Array.from(head).sort());
  const { higher, lower, ties } = pairs;
  const delta = (higher - lower) / (m * n);
  // U, the pairs that the head wins, where a tied pair counts half.
  const farther = (m * n + Math.abs(higher - lower)) / 2;
  const exact = ties === 0 && m < EXACT_BELOW && n < EXACT_BELOW;
  const p = exact ? exactTwoSided(farther, m, n) : normalTwoSided(farther, m, n, ties);
  const interval = deltaInterval(delta, pairs, m, n, confidence);
  return { delta, interval, p, method: exact ? 'exact' : 'asymptotic', resamples: 0 };
}

interface Pairs {
  /** Pairs in which the head's value is the higher, and the lower. */
  readonly higher: number;
  readonly lower: number;
  /** Sum of t^3 - t over runs of t equal values in both samples together. */
  readonly ties: number;
  /** Sums of squares of (values of the other sample below - above) over the values of a sample. */
  readonly baseSquares: number;
  readonly headSquares: number;
}

/** One walk over both sorted samples, value by value. */
function countPairs(base: Float64Array, head: Float64Array): Pairs {
  const m = base.length;
  const n = head.length;
  let higher = 0;
  let lower = 0;
  let ties = 0;
  let baseSquares = 0;
  let headSquares = 0;
  let i = 0;
  let j = 0;
  while (i < m || j < n) {
    const value = Math.min(base[i] ?? Number.POSITIVE_INFINITY, head[j] ?? Number.POSITIVE_INFINITY);
    const baseBelow = i;
    const headBelow = j;
    while (i < m && base[i] === value) i++;
    while (j < n && head[j] === value) j++;
    const inBase = i - baseBelow;
    const inHead = j - headBelow;
    higher += inHead * baseBelow;
    lower += inHead * (m - i);
    ties += (inBase + inHead) ** 3 - (inBase + inHead);
    baseSquares += inBase * (headBelow - (n - j)) ** 2;
    headSquares += inHead * (baseBelow - (m - i)) ** 2;
  }
  return { higher, lower, ties, baseSquares, headSquares };
}

/** Cliff's skewed interval on the unbiased variance of delta (Cliff 1993), which is not let below its own minimum. */
function deltaInterval(delta: number, pairs: Pairs, m: number, n: number, confidence: number): Bounds {
  if (m < 2 || n < 2) return { low: -1, high: 1 };
  const t = studentQuantile((1 + confidence) / 2, m + n - 2);
  const square = t * t;
  if (Math.abs(delta) === 1) {
    const fewer = Math.min(m, n);
    const inner = (fewer - square) / (fewer + square);
    return delta === 1 ? { low: inner, high: 1 } : { low: -1, high: -inner };
  }
  // Sum over head of m^2 (mean - delta)^2, over base of n^2 (mean - delta)^2, and over pairs of (sign - delta)^2.
  const overHead = pairs.headSquares - n * (m * delta) ** 2;
  const overBase = pairs.baseSquares - m * (n * delta) ** 2;
  const overPairs = pairs.higher + pairs.lower - m * n * delta * delta;
  const variance = Math.max(
    (overHead + overBase - overPairs) / (m * n * (m - 1) * (n - 1)),
    (1 - delta * delta) / (m * n - 1),
  );
  const rest = 1 - delta * delta;
  const half = t * Math.sqrt(variance * (rest * rest + square * variance));
  const scale = rest + square * variance;
  return {
    low: Math.max(-1, (delta * rest - half) / scale),
    high: Math.min(1, (delta * rest + half) / scale),
  };
}

function normalTwoSided(farther: number, m: number, n: number, ties: number): number {
  const all = m + n;
  const variance = ((m * n) / 12) * (all + 1 - ties / (all * (all - 1)));
  // All values equal: nothing can be told apart.
  if (!(variance > 0)) return 1;
  return Math.min(1, 2 * normalTail((farther - (m * n) / 2 - 0.5) / Math.sqrt(variance)));
}

/** 2 P(U >= farther), from the probabilities of U for ever larger samples: the last value is of either. */
function exactTwoSided(farther: number, m: number, n: number): number {
  let column: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let a = 1; a <= m; a++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let b = 1; b <= n; b++) {
      const fewerBase = column[b] as Float64Array;
      const fewerHead = next[b - 1] as Float64Array;
      const chances = new Float64Array(a * b + 1);
      for (let u = 0; u < fewerBase.length; u++) chances[u] = (fewerBase[u] as number) * (a / (a + b));
      // A last value of the head is above all `a` of the base.
      for (let u = 0; u < fewerHead.length; u++)
        chances[u + a] = (chances[u + a] as number) + (fewerHead[u] as number) * (b / (a + b));
      next.push(chances);
    }
    column = next;
  }
  const chances = column[n] as Float64Array;
  let tail = 0;
  for (let u = chances.length - 1; u >= farther; u--) tail += chances[u] as number;
  return Math.min(1, 2 * tail);
}

/** `sum` is the rank sum of the positive differences, `n` the differences other than zero that were ranked. */
export interface SignedRanks extends TestResult {
  readonly n: number;
  readonly sum: number;
}

/** Most differences that are counted exactly. */
const EXACT_SIGNED = 50;

/**
 * Wilcoxon's signed-rank test of differences of the same units, two-sided (Wilcoxon 1945). Zeros are left out, ties
 * share their mean rank. Exact up to 50 differences, ties included; above, normal with the correction for ties and
 * continuity. p is 1 when no difference is left.
 */
export function signedRanks(differences: ArrayLike<number>): SignedRanks {
  const kept = Float64Array.from(differences).filter((difference) => difference !== 0);
  const bySize = kept.sort((a, b) => Math.abs(a) - Math.abs(b));
  const n = bySize.length;
  // Twice the rank, so that a mean rank is whole.
  const doubled = new Float64Array(n);
  let twiceSum = 0;
  let ties = 0;
  for (let i = 0; i < n; ) {
    const start = i;
    const size = Math.abs(bySize[start] as number);
    while (i < n && Math.abs(bySize[i] as number) === size) i++;
    for (let at = start; at < i; at++) {
      doubled[at] = start + 1 + i;
      if ((bySize[at] as number) > 0) twiceSum += start + 1 + i;
    }
    ties += (i - start) ** 3 - (i - start);
  }
  const sum = twiceSum / 2;
  if (n <= EXACT_SIGNED) return { n, sum, p: exactSigned(doubled, twiceSum), method: 'exact', resamples: 0 };
  const away = Math.abs(sum - (n * (n + 1)) / 4) - 0.5;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - ties / 48;
  const p = Math.min(1, 2 * normalTail(away / Math.sqrt(variance)));
  return { n, sum, p, method: 'asymptotic', resamples: 0 };
}

/** Every rank is as likely on either side: the chances of each sum, rank by rank. */
function exactSigned(doubled: Float64Array, twiceSum: number): number {
  const total = doubled.reduce((all, rank) => all + rank, 0);
  const chances = new Float64Array(total + 1);
  chances[0] = 1;
  let reached = 0;
  for (const rank of doubled) {
    for (let s = reached; s >= 0; s--) {
      const half = (chances[s] as number) / 2;
      chances[s] = half;
      chances[s + rank] = (chances[s + rank] as number) + half;
    }
    reached += rank;
  }
  const farther = Math.max(twiceSum, total - twiceSum);
  let tail = 0;
  for (let s = total; s >= farther; s--) tail += chances[s] as number;
  return Math.min(1, 2 * tail);
}
