// Running totals over units: shares, numbers and categories, with their sums per item when items repeat. One pass;
// memory grows with items and categories, and by at most eight bytes per number that a median needs.

import { type Clustering, ClusterSums, Clusters } from './clusters.ts';
import type { Bounds, Interval, MetricEstimate, OutcomeEstimate, ShareEstimate } from './estimate.ts';
import {
  clusterError,
  type Dependence,
  describe,
  medianRanks,
  shareInterval,
  tInterval,
} from './intervals.ts';
import { PackedValues, sortValues } from './packed-values.ts';

/** Numbers the items of a run as they appear. Null items mean that nothing repeats, so that no sums are kept. */
export class ItemIndex {
  private readonly places = new Map<string, number>();

  /** The item's number, from 0. */
  of(item: string): number {
    const known = this.places.get(item);
    if (known !== undefined) return known;
    this.places.set(item, this.places.size);
    return this.places.size - 1;
  }
}

function dependenceOf(clusters: Clusters | null, hits: ClusterSums | null, x: number, n: number): Dependence {
  const seen = clusters?.seen() ?? null;
  return clusters === null || seen === null ? { size: n, items: null } : clusters.ofShare(hits, x, seen);
}

/** x of n, and how the n hang together. */
export interface ShareCount {
  readonly x: number;
  readonly n: number;
  readonly dependence: () => Dependence;
}

/** x of n, with its sums per cluster when `clustered`. */
export class ShareTally {
  x = 0;
  n = 0;
  private readonly clusters: Clusters | null;
  private readonly hits: ClusterSums | null;

  constructor(clustered: Clustering) {
    this.clusters = clustered === false ? null : new Clusters(clustered);
    this.hits = clustered === false ? null : new ClusterSums();
  }

  add(cluster: number, hit: boolean): void {
    this.n++;
    this.clusters?.add(cluster);
    if (!hit) return;
    this.x++;
    this.hits?.add(cluster, 1);
  }

  dependence(): Dependence {
    return dependenceOf(this.clusters, this.hits, this.x, this.n);
  }
}

/** What a mean rests on: its standard error and degrees of freedom, with how the units hang together. */
export interface MeanError {
  readonly error: number;
  readonly degrees: number;
  /** True when items differ more than independent draws would, so that repetitions alone narrow little. */
  readonly widened: boolean;
  readonly method: string;
}

/** Numbers: running mean and spread (Welford 1962). With `keep`, the values themselves, for their median. */
export class NumberTally {
  n = 0;
  mean = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  missing = 0;
  private squares = 0;
  private isZeroOrOne = true;
  /** The values kept, and from when on they are asked for, in their order. */
  private values: PackedValues | Float64Array | null;
  private readonly clusters: Clusters | null;
  private readonly sums: ClusterSums | null;

  constructor(clustered: Clustering, keep: boolean) {
    this.values = keep ? new PackedValues() : null;
    this.clusters = clustered === false ? null : new Clusters(clustered);
    this.sums = clustered === false ? null : new ClusterSums();
  }

  add(cluster: number, value: number): void {
    if (this.values instanceof PackedValues) this.values.push(value);
    this.n++;
    const away = value - this.mean;
    this.mean += away / this.n;
    this.squares += away * (value - this.mean);
    if (value !== 0 && value !== 1) this.isZeroOrOne = false;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.clusters?.add(cluster);
    this.sums?.add(cluster, value);
  }

  /** Sample standard deviation; null below two values. */
  deviation(): number | null {
    return this.n < 2 ? null : Math.sqrt(this.squares / (this.n - 1));
  }

  /** The clusters seen; null when the values count as independent draws. */
  items(): number | null {
    return this.clusters?.seen() ?? null;
  }

  /** How the values hang together; all of them count. */
  dependence(): Dependence {
    const seen = this.items();
    return seen === null || this.clusters === null
      ? { size: this.n, items: null }
      : this.clusters.dependence(this.n, seen);
  }

  /** The count of ones where nothing but 0 and 1 was seen, so that the mean is a share; else null, also without a value. */
  asShare(): ShareCount | null {
    const { n, clusters, sums } = this;
    if (n === 0 || !this.isZeroOrOne) return null;
    const x = Math.round(this.mean * n);
    return { x, n, dependence: () => dependenceOf(clusters, sums, x, n) };
  }

  /** Null below two values, or two clusters. The error of items is never taken below that of independent draws. */
  meanError(): MeanError | null {
    const deviation = this.deviation();
    if (deviation === null) return null;
    const alone = deviation / Math.sqrt(this.n);
    const dependence = this.dependence();
    const method = `t, ${describe(dependence)}`;
    if (dependence.items === null || this.clusters === null || this.sums === null) {
      return { error: alone, degrees: this.n - 1, widened: false, method };
    }
    if (dependence.items < 2) return null;
    const clustered = clusterError(this.clusters.with(this.sums), this.mean) ?? 0;
    const error = this.clusters.mayGain(dependence.items) ? clustered : Math.max(alone, clustered);
    // More repetitions narrow what draws do to an estimate, not what items do.
    const widened = dependence.clusters === 'items' && clustered > alone;
    return { error, degrees: dependence.items - 1, widened, method };
  }

  /** The values kept, in ascending order; none unless they are kept. Call it at the end: no value may follow. */
  sorted(): Float64Array {
    if (this.values instanceof PackedValues) this.values = sortValues(this.values);
    return this.values ?? new Float64Array();
  }

  /** Lets go of the values kept. No estimate may follow. */
  drop(): void {
    this.values = null;
  }

  /** The estimate shown; null without any value. Call it at the end, as `sorted`. */
  estimate(field: string, dropped: number, confidence: number): MetricEstimate | null {
    if (this.n === 0 || this.values === null) return null;
    const sorted = this.sorted();
    const at = (rank: number) => sorted[rank - 1] as number;
    const middle = Math.floor(this.n / 2);
    const median = this.n % 2 === 1 ? at(middle + 1) : (at(middle) + at(middle + 1)) / 2;
    // Order statistics assume independent draws; with repeated items there is no such interval.
    const ranks = this.items() === null ? medianRanks(this.n, confidence) : null;
    const spread = this.meanError();
    const unknown = dropped + this.missing;
    return {
      field,
      n: this.n,
      missing: this.missing,
      mean: this.mean,
      error: spread?.error ?? null,
      interval:
        spread === null
          ? null
          : {
              ...tInterval(this.mean, spread.error, spread.degrees, confidence),
              confidence,
              method: spread.method,
            },
      deviation: this.deviation(),
      median,
      medianInterval:
        ranks === null
          ? null
          : {
              low: at(ranks.low),
              high: at(ranks.high),
              confidence,
              method: 'order statistics, independent draws',
            },
      min: this.min,
      max: this.max,
      worst: unknown === 0 ? null : observedBounds(this, { low: this.mean, high: this.mean }, unknown),
    };
  }
}

/** Puts `unknown` more units at the smallest value seen, and at the largest: an interval's ends move to these. */
export function observedBounds(
  tally: { readonly n: number; readonly min: number; readonly max: number },
  ends: Bounds,
  unknown: number,
): Bounds {
  const all = tally.n + unknown;
  return {
    low: (tally.n * ends.low + unknown * tally.min) / all,
    high: (tally.n * ends.high + unknown * tally.max) / all,
  };
}

/** Categories of one field. At most `cap` values are told apart, in order of appearance; the rest are counted. */
export class CategoryTally {
  n = 0;
  missing = 0;
  other = 0;
  private readonly values = new Map<string, { x: number; hits: ClusterSums | null }>();
  private readonly clusters: Clusters | null;
  private readonly cap: number;

  constructor(clustered: Clustering, cap: number) {
    this.clusters = clustered === false ? null : new Clusters(clustered);
    this.cap = cap;
  }

  get distinct(): number {
    return this.values.size;
  }

  add(cluster: number, value: string): void {
    this.n++;
    this.clusters?.add(cluster);
    let entry = this.values.get(value);
    if (entry === undefined) {
      if (this.values.size >= this.cap) {
        this.other++;
        return;
      }
      entry = { x: 0, hits: this.clusters === null ? null : new ClusterSums() };
      this.values.set(value, entry);
    }
    entry.x++;
    entry.hits?.add(cluster, 1);
  }

  /**
   * Two values in order of their names, so that they keep their places from run to run; more by size. With `order`,
   * those values come first, in that order, also when they were never seen here: none of n is a result.
   */
  estimate(field: string, dropped: number, confidence: number, order: readonly string[]): OutcomeEstimate {
    const share = (value: string): ShareEstimate => {
      const { x, hits } = this.values.get(value) ?? { x: 0, hits: null };
      return {
        value,
        x,
        n: this.n,
        share: this.n === 0 ? 0 : x / this.n,
        interval: this.interval(x, hits, confidence),
        worst: shareBounds(x, this.n, dropped + this.missing),
      };
    };
    const ordered = new Set(order);
    const shares = [...this.values.keys()].filter((value) => !ordered.has(value)).map(share);
    const byName = (a: ShareEstimate, b: ShareEstimate) =>
      a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    shares.sort(shares.length <= 2 ? byName : (a, b) => b.x - a.x || byName(a, b));
    // Of true and false, what is claimed to be true is the one to read first.
    if (shares.length === 2 && shares[0]?.value === 'false' && shares[1]?.value === 'true') shares.reverse();
    const values = [...order.map(share), ...shares];
    return { field, n: this.n, missing: this.missing, other: this.other, values };
  }

  private interval(x: number, hits: ClusterSums | null, confidence: number): Interval {
    return shareInterval(x, this.n, dependenceOf(this.clusters, hits, x, this.n), confidence);
  }
}

/** Worst-case bounds of a share with `unknown` units outside it (Manski 1989); null when there are none. */
export function shareBounds(x: number, n: number, unknown: number): Bounds | null {
  return unknown === 0 ? null : { low: x / (n + unknown), high: (x + unknown) / (n + unknown) };
}
