// Running totals of two groups of one run, with what hangs together between them: units of both groups that share an item
// or drew from the same stream. It counts, and holds nothing against anything.
import { bundlingOf, type Clustering } from './clusters.ts';
import { type Sample, sampleOf } from './compare-means.ts';
import type { PairedCounts } from './compare-shares.ts';
import { Families } from './families.ts';
import { FEWEST_CLUSTERS } from './intervals.ts';
import { NumberTally, ShareTally } from './tally.ts';

/** The units of one group. A share counts its values as 0 and 1 in both. */
export class GroupTally {
  readonly numbers: NumberTally;
  readonly shares: ShareTally;
  /** Units that failed, or whose expression gave nothing. */
  dropped = 0;

  constructor(clustered: Clustering) {
    this.numbers = new NumberTally(clustered, false);
    this.shares = new ShareTally(clustered);
  }
}

/** Sums of one cluster in both groups. */
interface Cluster {
  ofUnits: number;
  ofSum: number;
  minusUnits: number;
  minusSum: number;
}

/** Two groups, the second to be taken from the first. */
export class DifferenceTally {
  readonly of: GroupTally;
  readonly minus: GroupTally;
  /** Failed units that may belong to either. */
  unplaced = 0;
  private readonly clusters: Map<number, Cluster> | null;
  private readonly fewest: number;
  private readonly families: Families | null;

  constructor(clustered: Clustering) {
    this.of = new GroupTally(clustered);
    this.minus = new GroupTally(clustered);
    this.clusters = clustered === false ? null : new Map();
    // Items are the cases meant unless they are many; units that drew together, or came of one, are one draw always.
    this.families = clustered instanceof Families ? clustered : null;
    this.fewest = clustered === 'draws' || this.families !== null ? 2 : FEWEST_CLUSTERS;
  }

  /** Counts a unit. `cluster`: its item, or those it drew together with. */
  add(side: 'of' | 'minus', cluster: number, value: number): void {
    this[side].numbers.add(cluster, value);
    this[side].shares.add(cluster, value === 1);
    if (this.clusters === null) return;
    let sums = this.clusters.get(cluster);
    if (sums === undefined) {
      sums = { ofUnits: 0, ofSum: 0, minusUnits: 0, minusSum: 0 };
      this.clusters.set(cluster, sums);
    }
    sums[`${side}Units`]++;
    sums[`${side}Sum`] += value;
  }

  /** The clusters when each has one unit of each group: then the groups are pairs. Null otherwise. */
  pairs(): { readonly counts: PairedCounts; readonly differences: Sample } | null {
    const clusters = this.bundled();
    if (clusters === null || clusters.size < 2) return null;
    const counts = { both: 0, baseOnly: 0, headOnly: 0, neither: 0 };
    const differences = new Float64Array(clusters.size);
    let at = 0;
    for (const { ofUnits, ofSum, minusUnits, minusSum } of clusters.values()) {
      if (ofUnits !== 1 || minusUnits !== 1) return null;
      differences[at++] = ofSum - minusSum;
      if (ofSum === 1) counts[minusSum === 1 ? 'both' : 'headOnly']++;
      else counts[minusSum === 1 ? 'baseOnly' : 'neither']++;
    }
    return { counts, differences: sampleOf(differences) };
  }

  /**
   * How the two estimates move together, -1 to 1, and the number of clusters that tell it: the covariance of the
   * residual totals of clusters (linearised, as `clusterError`). Null when nothing is shared, or too few clusters tell.
   */
  correlation(): { readonly r: number; readonly clusters: number } | null {
    const clusters = this.bundled();
    if (clusters === null || clusters.size < this.fewest) return null;
    let [both, together, ofSquares, minusSquares] = [0, 0, 0, 0];
    for (const { ofUnits, ofSum, minusUnits, minusSum } of clusters.values()) {
      const away = ofSum - ofUnits * this.of.numbers.mean;
      const other = minusSum - minusUnits * this.minus.numbers.mean;
      if (ofUnits > 0 && minusUnits > 0) both++;
      together += away * other;
      ofSquares += away * away;
      minusSquares += other * other;
    }
    if (both === 0) return null;
    const scale = Math.sqrt(ofSquares * minusSquares);
    const r = scale > 0 ? together / scale : 0;
    return { r: Math.max(-1, Math.min(1, r)), clusters: clusters.size };
  }

  /** The sums of each cluster; of families those of their items, where these are the clusters. */
  private bundled(): ReadonlyMap<number, Readonly<Cluster>> | null {
    if (this.clusters === null || this.families === null) return this.clusters;
    const by = bundlingOf(this.clusters.keys(), this.families);
    if (by.kind === 'families') return this.clusters;
    const bundles = new Map<number, Cluster>();
    for (const [cluster, { ofUnits, ofSum, minusUnits, minusSum }] of this.clusters) {
      const sums = bundles.get(by.of(cluster)) ?? { ofUnits: 0, ofSum: 0, minusUnits: 0, minusSum: 0 };
      sums.ofUnits += ofUnits;
      sums.ofSum += ofSum;
      sums.minusUnits += minusUnits;
      sums.minusSum += minusSum;
      bundles.set(by.of(cluster), sums);
    }
    return bundles;
  }
}
