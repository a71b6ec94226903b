// Two means held against each other by Student's t: of two samples, of the same units twice, and of items with several
// units each. It sees summaries only; a change is always the head's minus the base's.
import type { Bounds } from './estimate.ts';
import { clusterError, tInterval } from './intervals.ts';
import { studentTwoSided } from './tails.ts';

/** Count, mean and sample standard deviation (n - 1) of a sample, in the metric's unit. */
export interface Sample {
  readonly n: number;
  readonly mean: number;
  readonly deviation: number;
}

/**
 * A change of a mean in the metric's unit, with its standard error. When nothing varied the error is 0: the interval
 * is then a point and p is 1 or 0, which says what was seen and not how sure it is; the caller must say so.
 */
export interface MeanChange {
  readonly change: number;
  readonly error: number;
  readonly degrees: number;
  readonly interval: Bounds;
  /** Two-sided p of no change. */
  readonly p: number;
}

/** Count, mean and deviation of values, in one pass (Welford 1962). The deviation is 0 below two values. */
export function sampleOf(values: ArrayLike<number>): Sample {
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const away = (values[i] as number) - mean;
    mean += away / (i + 1);
    squares += away * ((values[i] as number) - mean);
  }
  const n = values.length;
  return { n, mean, deviation: n < 2 ? 0 : Math.sqrt(squares / (n - 1)) };
}

/** The change between two samples with variances of their own (Welch 1947). Null when one has less than two values. */
export function welch(base: Sample, head: Sample, confidence: number): MeanChange | null {
  if (base.n < 2 || head.n < 2) return null;
  const b = base.deviation ** 2 / base.n;
  const h = head.deviation ** 2 / head.n;
  const error = Math.sqrt(b + h);
  // Shares of the variance, so that nothing overflows or vanishes when squared.
  const ofBase = b / (b + h);
  const degrees =
    error === 0 ? base.n + head.n - 2 : 1 / (ofBase ** 2 / (base.n - 1) + (1 - ofBase) ** 2 / (head.n - 1));
  return changeOf(head.mean - base.mean, error, degrees, confidence);
}

/** The mean of differences, head minus base of the same unit. Null below two of them. */
export function pairedT(differences: Sample, confidence: number): MeanChange | null {
  const { n, mean, deviation } = differences;
  return n < 2 ? null : changeOf(mean, deviation / Math.sqrt(n), n - 1, confidence);
}

/** CR0 is the plain sandwich; CR1 widens it by items / (items - 1), as software does when it says "clustered". */
export type ClusterCorrection = 'CR0' | 'CR1';

/**
 * The mean of differences when units of one item hang together: `clusters` are the number of units of each item and
 * the sum of their differences. Sandwich error, t on items - 1 degrees (Liang and Zeger 1986; Cameron and Miller
 * 2015). Null below two items. With few items (below about 20) both are somewhat too narrow, CR0 more so.
 */
export function clusteredPairedT(
  clusters: readonly { readonly n: number; readonly sum: number }[],
  correction: ClusterCorrection,
  confidence: number,
): MeanChange | null {
  let n = 0;
  let sum = 0;
  let items = 0;
  for (const cluster of clusters) {
    n += cluster.n;
    sum += cluster.sum;
    if (cluster.n > 0) items++;
  }
  const corrected = clusterError(clusters, sum / n);
  if (corrected === null) return null;
  const error = correction === 'CR1' ? corrected : corrected * Math.sqrt((items - 1) / items);
  return changeOf(sum / n, error, items - 1, confidence);
}

function changeOf(change: number, error: number, degrees: number, confidence: number): MeanChange {
  if (error === 0) {
    return { change, error, degrees, interval: { low: change, high: change }, p: change === 0 ? 1 : 0 };
  }
  const interval = tInterval(change, error, degrees, confidence);
  return { change, error, degrees, interval, p: studentTwoSided(change / error, degrees) };
}
