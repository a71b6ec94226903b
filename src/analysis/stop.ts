// Weighs a run after a wave: whether it has enough, and if not, what of it goes on. The same units in canonical order
// always weigh the same; which units they are and what opens next is the caller's business.
import type { Pipeline, StopSpec } from '../pipeline/pipeline.ts';
import type { Accounting } from './accounting.ts';
import type { BaseResult } from './against.ts';
import type { Look } from './look.ts';
import type { UnitRecord } from './record.ts';
import { BestScale } from './stop-best.ts';
import { GateScale } from './stop-gates.ts';
import { WidthScale } from './stop-width.ts';

/** An estimate as it stood when a run was weighed; null where there was nothing to estimate from. 95 % of `best`. */
export interface WeighedFigure {
  readonly n: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A group's estimate; `group` is its place in the order of items. */
export interface WeighedGroup extends WeighedFigure {
  readonly group: number;
}

/** What a weighing found. `enough`: no more units are needed. Numbers have twelve digits, as in a report. */
export type Weighed =
  | { readonly kind: 'gates'; readonly enough: boolean; readonly gates: number; readonly undecided: number }
  | { readonly kind: 'half_width'; readonly enough: boolean; readonly figure: WeighedFigure }
  /** `left`: the groups that go on, better ones first; with one left, its fresh repetitions come next. */
  | {
      readonly kind: 'best';
      readonly enough: boolean;
      readonly groups: readonly WeighedGroup[];
      readonly left: readonly number[];
    };

/** What is known when a run is weighed. `left`, of a search for the best: the groups that are still in it. */
export interface Occasion extends Look {
  readonly pipeline: Pipeline;
  readonly stop: StopSpec;
  readonly left: readonly number[];
  /** The group of an item, by its id. */
  readonly groupOf: (item: string) => number;
  /** The result that changes are held against; null: none was known when the run began. */
  readonly base: BaseResult | null;
}

/** Takes every unit that is over, once and in canonical order, then weighs. */
export interface Scale {
  add(record: UnitRecord): void;
  weigh(accounting: Accounting): Weighed;
}

/** The scale of the pipeline's rule. */
export function createScale(occasion: Occasion): Scale {
  const { pipeline, stop, left, groupOf, look, looks, base } = occasion;
  const { rule } = stop;
  switch (rule.kind) {
    case 'half_width':
      return new WidthScale(pipeline, rule);
    case 'gates':
      return new GateScale(pipeline, { look, looks }, base);
    case 'best':
      return new BestScale(pipeline, rule, {
        left,
        groupOf,
        chosenBefore: stop.every * (looks - 1),
        isLast: look === looks,
      });
    default:
      return rule satisfies never;
  }
}
