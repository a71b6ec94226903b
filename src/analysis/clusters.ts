// Which units hang together, and the sums over those that do. It counts, and computes no interval of its own.
import {
  clusterError,
  type Dependence,
  effectiveSize,
  FEWEST_CLUSTERS,
  SHOWN_CONFIDENCE,
} from './intervals.ts';

/**
 * What hangs together: nothing, the repetitions of an item (true), units that drew from the same stream, or a unit and
 * its mirror image (see `bundlesOf`).
 */
export type Clustering = boolean | 'draws' | 'pairs';

/** Fewest clusters whose error is believed where it is below that of independent draws. */
const FEWEST_GAINING = 30;

/** Sums per cluster. One that was never added to has 0. */
export class ClusterSums {
  private values = new Float64Array(16);

  add(cluster: number, amount: number): void {
    if (cluster >= this.values.length) {
      const grown = new Float64Array(Math.max(cluster + 1, this.values.length * 2));
      grown.set(this.values);
      this.values = grown;
    }
    this.values[cluster] = (this.values[cluster] as number) + amount;
  }

  get size(): number {
    return this.values.length;
  }

  of(cluster: number): number {
    return this.values[cluster] ?? 0;
  }
}

/** How many units each cluster has. */
export class Clusters {
  private readonly kind: 'items' | 'draws' | 'pairs';
  private readonly counts = new ClusterSums();
  private n = 0;

  constructor(clustering: Exclude<Clustering, false>) {
    this.kind = clustering === true ? 'items' : clustering;
  }

  add(cluster: number): void {
    this.counts.add(cluster, 1);
    this.n++;
  }

  /**
   * The clusters seen, or null when units count as independent draws: no cluster has two, or they are a handful of items
   * (see `FEWEST_CLUSTERS`). Units that drew together never do.
   */
  seen(): number | null {
    let clusters = 0;
    for (let at = 0; at < this.counts.size; at++) if (this.counts.of(at) > 0) clusters++;
    const fewest = this.kind === 'items' ? FEWEST_CLUSTERS : 1;
    return clusters >= fewest && clusters < this.n ? clusters : null;
  }

  /** Each cluster's number of units with its part of a sum; those without a unit too, with n = 0. */
  *with(sums: ClusterSums): Generator<{ readonly n: number; readonly sum: number }> {
    for (let at = 0; at < this.counts.size; at++) yield { n: this.counts.of(at), sum: sums.of(at) };
  }

  /** What `size` units of so many clusters are for an interval. */
  dependence(size: number, clusters: number): Dependence {
    return { size, items: clusters, clusters: this.kind };
  }

  /** The same for a share of x of n; `hits` are its sums, null: there are none. */
  ofShare(hits: ClusterSums | null, x: number, clusters: number): Dependence {
    const isOneSided = x === 0 || x === this.n;
    if (isOneSided || clusters < 2) {
      return this.dependence(sizeWhenAlike(this.dependence(this.n, clusters)), clusters);
    }
    const share = x / this.n;
    const error = hits === null ? 0 : (clusterError(this.with(hits), share) ?? 0);
    if (error === 0) return this.dependence(this.n, clusters);
    const bare = (share * (1 - share)) / (error * error);
    const spread = { bare, units: this.n, clusters, mayGain: this.mayGain(clusters) };
    return { ...this.dependence(effectiveSize(spread, SHOWN_CONFIDENCE), clusters), spread };
  }

  /**
   * True when the clusters may tell more than as many independent units: they were coupled for that, and are enough to
   * show it. Of items an error below that of independent draws is chance.
   */
  mayGain(clusters: number): boolean {
    return this.kind !== 'items' && clusters >= FEWEST_GAINING;
  }
}

/**
 * The independent draws that `size` units are worth which all agree, so that their clusters show no spread. Repetitions of
 * an item are draws of their own; units that drew together count once, as a unit and its mirror image do.
 */
export function sizeWhenAlike({ size, items, clusters }: Dependence): number {
  if (items === null) return size;
  switch (clusters) {
    case undefined:
    case 'items':
      return size;
    case 'draws':
      return items;
    case 'pairs':
      return Math.max(items, size / 2);
    default:
      return clusters satisfies never;
  }
}
