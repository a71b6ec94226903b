// The tallies of all units, or of one group, over the fields to show. It decides nothing about which those are.
import type { Fields } from '../expression/values.ts';
import type { OutcomeEstimate, Slice } from './estimate.ts';
import { labelOf, numberOf } from './fields.ts';
import { CategoryTally, NumberTally } from './tally.ts';

/** Level of the intervals a report shows. Gates have their own. */
export const SHOWN_CONFIDENCE = 0.95;

/** Values of one outcome that are told apart. */
export const CATEGORY_CAP = 50;

/** Running totals of one slice. */
export class SliceTally {
  units = 0;
  dropped = 0;
  readonly categories = new Map<string, CategoryTally>();
  readonly numbers = new Map<string, NumberTally>();

  constructor(outcomes: Iterable<string>, metrics: Iterable<string>, clustered: boolean) {
    for (const field of outcomes) this.categories.set(field, new CategoryTally(clustered, CATEGORY_CAP));
    for (const field of metrics) this.numbers.set(field, new NumberTally(clustered, true));
  }

  add(item: number, fields: Fields): void {
    this.units++;
    for (const [field, tally] of this.categories) {
      const label = labelOf(fields.get(field));
      if (label === null) tally.missing++;
      else tally.add(item, label);
    }
    for (const [field, tally] of this.numbers) {
      const number = numberOf(fields.get(field));
      if (number === null) tally.missing++;
      else tally.add(item, number);
    }
  }

  /**
   * `unplaced`: dropped units that may belong here, because their group is not known. `like`: outcomes whose values
   * and order this slice shows too, so that groups can be read against each other.
   */
  estimate(group: string | null, unplaced: number, like: readonly OutcomeEstimate[]): Slice {
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
        .map(([field, tally]) => tally.estimate(field, dropped, SHOWN_CONFIDENCE))
        .filter((metric) => metric !== null),
      figures: [],
    };
  }
}
