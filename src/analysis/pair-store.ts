// Pairs of numbers for a ratio of two sums, in bounded memory: one by one while they are few, then in blocks. It computes
// no interval; the sums per cluster are beside it where units hang together.
import { type Clustering, ClusterSums, Clusters } from './clusters.ts';
import type { Draw } from './resampling.ts';

/** Pairs kept one by one. */
export const MOST_PAIRS = 200_000;
/** As many as a bootstrap resamples at the most: see `bootstrapRatio`. */
const BLOCKS = 5_000;

/** Independent draws for a bootstrap, each with its two sums. */
export interface PairSums {
  readonly tops: Float64Array;
  readonly bottoms: Float64Array;
  /** How they hang together; null: each is one unit, or a block of them. */
  readonly clusters: number | null;
}

/** Least and largest value seen. */
class Range {
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;

  see(value: number): void {
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }
}

/** The pairs of one slice. */
export class PairStore {
  n = 0;
  top = 0;
  bottom = 0;
  readonly topRange: Range = new Range();
  readonly bottomRange: Range = new Range();
  readonly clusters: Clusters | null;
  /** Sums of top squared, of both, and of bottom squared, over units. */
  private readonly squares = { tops: 0, both: 0, bottoms: 0 };
  private readonly topSums = new ClusterSums();
  private readonly bottomSums = new ClusterSums();
  private readonly keep: boolean;
  private tops = new Float64Array(64);
  private bottoms = new Float64Array(64);
  private readonly draw: Draw;

  /** `keep`: what a bootstrap needs is kept. `draw` deals what is too much to the blocks. */
  constructor(clustered: Clustering, keep: boolean, draw: Draw) {
    this.clusters = clustered === false ? null : new Clusters(clustered);
    this.keep = keep;
    this.draw = draw;
  }

  add(cluster: number, top: number, bottom: number): void {
    if (this.keep) this.place(top, bottom);
    this.n++;
    this.top += top;
    this.bottom += bottom;
    this.topRange.see(top);
    this.bottomRange.see(bottom);
    this.squares.tops += top * top;
    this.squares.both += top * bottom;
    this.squares.bottoms += bottom * bottom;
    if (this.clusters === null) return;
    this.clusters.add(cluster);
    this.topSums.add(cluster, top);
    this.bottomSums.add(cluster, bottom);
  }

  private place(top: number, bottom: number): void {
    if (this.n === MOST_PAIRS) this.dealAll();
    const at = this.n < MOST_PAIRS ? this.n : Math.floor(this.draw() * BLOCKS);
    if (at >= this.tops.length) {
      this.tops = grown(this.tops);
      this.bottoms = grown(this.bottoms);
    }
    this.tops[at] = (this.tops[at] as number) + top;
    this.bottoms[at] = (this.bottoms[at] as number) + bottom;
  }

  // Blocks of independent units dealt at random are independent draws of the same ratio.
  private dealAll(): void {
    const [tops, bottoms] = [new Float64Array(BLOCKS), new Float64Array(BLOCKS)];
    for (let i = 0; i < MOST_PAIRS; i++) {
      const block = Math.floor(this.draw() * BLOCKS);
      tops[block] = (tops[block] as number) + (this.tops[i] as number);
      bottoms[block] = (bottoms[block] as number) + (this.bottoms[i] as number);
    }
    this.tops = tops;
    this.bottoms = bottoms;
  }

  /** What a bootstrap resamples: units, blocks of them, or clusters. */
  sums(): PairSums {
    const seen = this.clusters?.seen() ?? null;
    if (seen === null || this.clusters === null) {
      const count = this.n > MOST_PAIRS ? BLOCKS : this.n;
      return { tops: this.tops.subarray(0, count), bottoms: this.bottoms.subarray(0, count), clusters: null };
    }
    const sumsOf = (sums: ClusterSums) =>
      Float64Array.from(
        [...(this.clusters as Clusters).with(sums)].filter(({ n }) => n > 0).map(({ sum }) => sum),
      );
    return { tops: sumsOf(this.topSums), bottoms: sumsOf(this.bottomSums), clusters: seen };
  }

  /**
   * Sum over independent draws of (top - ratio x bottom)^2, times k/(k-1): the linearised variance of the ratio times the
   * square of the bottom. `draws` is k; the square sum is 0 below two.
   */
  residuals(): { readonly squares: number; readonly draws: number } {
    const ratio = this.top / this.bottom;
    const seen = this.clusters?.seen() ?? null;
    const draws = seen ?? this.n;
    if (draws < 2) return { squares: 0, draws };
    let squares = 0;
    if (seen === null || this.clusters === null) {
      const { tops, both, bottoms } = this.squares;
      squares = Math.max(0, tops - 2 * ratio * both + ratio * ratio * bottoms);
    } else {
      const { tops, bottoms } = this.sums();
      for (let i = 0; i < tops.length; i++)
        squares += ((tops[i] as number) - ratio * (bottoms[i] as number)) ** 2;
    }
    return { squares: (squares * draws) / (draws - 1), draws };
  }

  /** The ratio if `unknown` more units had each the worst pair of values seen; null: no bound is known. */
  worst(unknown: number): { readonly low: number; readonly high: number } | null {
    if (unknown === 0 || !(this.bottomRange.min >= 0) || this.bottom <= 0) return null;
    const corners = [this.topRange.min, this.topRange.max].flatMap((top) =>
      [this.bottomRange.min, this.bottomRange.max].map(
        (bottom) => (this.top + unknown * top) / (this.bottom + unknown * bottom),
      ),
    );
    return { low: Math.min(...corners), high: Math.max(...corners) };
  }
}

function grown(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(values.length * 2);
  longer.set(values);
  return longer;
}
