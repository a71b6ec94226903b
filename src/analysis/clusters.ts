// Which units hang together, and the sums over those that do. It counts, and computes no interval of its own.
import { Families } from './families.ts';
import {
  type ClusterKind,
  clusterError,
  type Dependence,
  effectiveSize,
  FEWEST_CLUSTERS,
  SHOWN_CONFIDENCE,
} from './intervals.ts';

/**
 * What hangs together: nothing, the repetitions of an item (true), units that drew from the same stream, a unit and its
 * mirror image (see `bundlesOf`), or the children of one unit: clusters are then the numbers of these.
 */
export type Clustering = boolean | 'draws' | 'pairs' | Families;

/** How single units are bundled. `fewest`: with fewer bundles they count as independent. */
export interface Bundling {
  readonly kind: ClusterKind;
  readonly fewest: number;
  /** The bundle of a cluster. */
  of(cluster: number): number;
}

/** The bundles of units in these clusters. */
export function bundlingOf(clusters: Iterable<number>, clustering: Exclude<Clustering, false>): Bundling {
  const same = (cluster: number) => cluster;
  if (clustering === true) return { kind: 'items', fewest: FEWEST_CLUSTERS, of: same };
  if (!(clustering instanceof Families)) return { kind: clustering, fewest: 1, of: same };
  return clustering.itemsOf(clusters) === null
    ? { kind: 'families', fewest: 1, of: same }
    : { kind: 'items', fewest: FEWEST_CLUSTERS, of: (cluster) => clustering.itemOf(cluster) };
}

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
  private readonly clustering: Exclude<Clustering, false>;
  private readonly counts = new ClusterSums();
  private n = 0;
  /** Bundles of families, until another unit comes. */
  private bundled: { readonly n: number; readonly by: Bundling; readonly bundles: number } | null = null;

  constructor(clustering: Exclude<Clustering, false>) {
    this.clustering = clustering;
  }

  add(cluster: number): void {
    this.counts.add(cluster, 1);
    this.n++;
  }

  /**
   * The clusters seen, or null when units count as independent draws: no cluster has two, or they are a handful of items
   * (see `FEWEST_CLUSTERS`). Units that drew together, or came of one, never do.
   */
  seen(): number | null {
    const { by, bundles } = this.bundling();
    return bundles >= by.fewest && bundles < this.n ? bundles : null;
  }

  /** The bundle that the units of a cluster count in. */
  bundleOf(cluster: number): number {
    return this.bundling().by.of(cluster);
  }

  /** Each cluster's number of units with its part of a sum; those without a unit too, with n = 0. */
  *with(sums: ClusterSums): Generator<{ readonly n: number; readonly sum: number }> {
    const { by } = this.bundling();
    if (by.kind === 'families' || !(this.clustering instanceof Families)) {
      for (let at = 0; at < this.counts.size; at++) yield { n: this.counts.of(at), sum: sums.of(at) };
      return;
    }
    const bundles = new Map<number, { n: number; sum: number }>();
    for (const at of this.present()) {
      const bundle = bundles.get(by.of(at)) ?? { n: 0, sum: 0 };
      bundle.n += this.counts.of(at);
      bundle.sum += sums.of(at);
      bundles.set(by.of(at), bundle);
    }
    yield* bundles.values();
  }

  /** What `size` units of so many clusters are for an interval. */
  dependence(size: number, clusters: number): Dependence {
    const { kind } = this.bundling().by;
    const all = { size, items: clusters, clusters: kind };
    if (!(this.clustering instanceof Families) || kind !== 'items') return all;
    let families = 0;
    for (const _ of this.present()) families++;
    return { ...all, families };
  }

  private *present(): Generator<number> {
    for (let at = 0; at < this.counts.size; at++) if (this.counts.of(at) > 0) yield at;
  }

  private bundling(): { readonly by: Bundling; readonly bundles: number } {
    if (this.bundled?.n === this.n) return this.bundled;
    const by = bundlingOf(this.present(), this.clustering);
    let bundles = 0;
    if (by.kind === 'items' && this.clustering instanceof Families)
      bundles = this.clustering.itemsOf(this.present()) ?? 0;
    else for (const _ of this.present()) bundles++;
    this.bundled = { n: this.n, by, bundles };
    return this.bundled;
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
   * show it. Of items and families an error below that of independent draws is chance.
   */
  mayGain(clusters: number): boolean {
    const isCoupled = this.clustering === 'draws' || this.clustering === 'pairs';
    return isCoupled && clusters >= FEWEST_GAINING;
  }
}

/**
 * The independent draws that `size` units are worth which all agree, so that their clusters show no spread. Repetitions of
 * an item are draws of their own; units that drew together count once, as a unit and its mirror image do, and as the
 * children of one unit do.
 */
export function sizeWhenAlike({ size, items, clusters, families }: Dependence): number {
  if (items === null) return size;
  switch (clusters) {
    case undefined:
    case 'items':
      return families ?? size;
    case 'draws':
    case 'families':
      return items;
    case 'pairs':
      return Math.max(items, size / 2);
    default:
      return clusters satisfies never;
  }
}
