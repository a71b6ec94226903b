// The tallies of all units, or of one group, over what is shown of them. It decides nothing about what that is.
import type { Fields } from '../expression/values.ts';

import type { FigureSpec } from '../pipeline/pipeline.ts';
import type { Clustering } from './clusters.ts';
import type { MetricEstimate, OutcomeEstimate, Slice } from './estimate.ts';
import { Families } from './families.ts';
import { labelOf, numberOf } from './fields.ts';
import type { FigurePart } from './figure-reader.ts';
import type { ResamplingWork } from './figure-work.ts';
import { SliceFigures } from './figures.ts';
import { SHOWN_CONFIDENCE } from './intervals.ts';
import { skewedInterval } from './skewed-mean.ts';
import { CategoryTally, NumberTally } from './tally.ts';

/** Values of one outcome that are told apart. */
export const CATEGORY_CAP = 50;

/** What is estimated of a slice. */
export interface Shown {
  readonly outcomes: Iterable<string>;
  readonly metrics: Iterable<string>;
  readonly figures: readonly FigureSpec[];
}

/** Running totals of one slice; `group` is null for all units. */
export class SliceTally {
  units = 0;
  dropped = 0;
  readonly categories = new Map<string, CategoryTally>();
  readonly numbers = new Map<string, NumberTally>();

  private readonly figures: SliceFigures;
  /** Of a group, the numbers its clusters have here: it has few of them, and the tallies keep sums by number. */
  private readonly clusters: Map<number, number> | null;
  /** Families of the run, and of a group its own numbers for them. */
  private readonly families: { readonly all: Families; readonly own: Families } | null;
  private readonly group: string | null;
  private readonly work: ResamplingWork;

  constructor(shown: Shown, clustering: Clustering, group: string | null, work: ResamplingWork) {
    this.families =
      group !== null && clustering instanceof Families ? { all: clustering, own: new Families() } : null;
    const clustered = this.families?.own ?? clustering;
    for (const field of shown.outcomes)
      this.categories.set(field, new CategoryTally(clustered, CATEGORY_CAP));
    for (const field of shown.metrics) this.numbers.set(field, new NumberTally(clustered, true));
    this.figures = new SliceFigures(shown.figures, clustered, group, work);
    this.clusters = group === null ? null : new Map();
    this.group = group;
    this.work = work;
  }

  /** A valid unit; `parts` are its parts of the figures. */
  add(item: number, fields: Fields, parts: readonly FigurePart[]): void {
    this.units++;
    const cluster = this.placeOf(item);
    for (const [field, tally] of this.categories) {
      const label = labelOf(fields.get(field));
      if (label === null) tally.missing++;
      else tally.add(cluster, label);
    }
    for (const [field, tally] of this.numbers) {
      const number = numberOf(fields.get(field));
      if (number === null) tally.missing++;
      else tally.add(cluster, number);
    }
    this.figures.add(cluster, parts);
  }

  private placeOf(item: number): number {
    const known = this.clusters === null ? item : this.clusters.get(item);
    if (known !== undefined) return known;
    const number = this.clusters?.size ?? 0;
    this.clusters?.set(item, number);
    this.families?.own.add(this.families.all.itemOf(item));
    return number;
  }

  /**
   * `unplaced`: dropped units that may belong here, because their group is not known. `like`: outcomes whose values
   * and order this slice shows too, so that groups can be read against each other.
   */
  estimate(unplaced: number, like: readonly OutcomeEstimate[]): Slice {
    const { group, work } = this;
    const dropped = this.dropped + unplaced;
    return {
      group,
      units: this.units,
      dropped,
      outcomes: [...this.categories].map(([field, tally]) => {
        const order = like.find((outcome) => outcome.field === field)?.values.map(({ value }) => value) ?? [];
        return tally.estimate(field, dropped, SHOWN_CONFIDENCE, order);
      }),
      metrics: [...this.numbers]
        .map(([field, tally]) => {
          const metric = this.estimateMean(field, tally, dropped);
          // In order they may take more room than before, and one metric after the other needs it.
          tally.drop();
          return metric;
        })
        .filter((metric) => metric !== null),
      figures: this.figures.estimate({ group, dropped, confidence: SHOWN_CONFIDENCE, work }),
    };
  }

  private estimateMean(field: string, tally: NumberTally, dropped: number): MetricEstimate | null {
    const metric = tally.estimate(field, dropped, SHOWN_CONFIDENCE);
    // Clusters even out what is lopsided in their units, and their t interval is the wider one.
    if (metric === null || tally.items() !== null) return metric;
    const of = { field, group: this.group, confidence: SHOWN_CONFIDENCE };
    const interval = skewedInterval(tally.sorted(), of, this.work);
    return interval === null ? metric : { ...metric, interval };
  }
}
