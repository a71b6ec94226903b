// What the page is made of: sections, each from one function that reads the report and gives nothing when it has
// nothing to say.
import type { DrawnValues, UnitValues } from '../analysis/unit-values.ts';
import type { Text } from './block.ts';
import type { Markup } from './html-markup.ts';
import type { ListedUnit } from './html-unit-list.ts';
import type { Report, ReportedStep } from './report.ts';

/** What is known of the run it was held against, beside what the report says. */
export interface PageBase {
  readonly values: Pick<UnitValues, 'units' | 'columns'> | null;
  /** Its funnel and its costs; null: not known. */
  readonly report: {
    readonly units: Pick<Report['units'], 'planned' | 'sources'>;
    readonly steps: readonly Pick<ReportedStep, 'step' | 'valid' | 'cost' | 'paid' | 'children'>[];
  } | null;
}

/**
 * What a page is written from. `units` may be a part of them, those to look at first before the others; empty when none
 * is known. `values`: what each unit came to, in canonical order; null: not known, or they were too many.
 */
export interface PageInput {
  readonly report: Report;
  readonly units: readonly ListedUnit[];
  readonly values: DrawnValues | null;
  readonly base: PageBase | null;
}

/** `id` is the anchor, `title` the heading and the word in the list of sections, `note` the line below it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly note: Text | null;
  readonly body: Markup;
}

/** False while numbers of a part of a run would be taken for results. */
export function isJudged(report: Report): boolean {
  return report.verdict !== 'pending' && report.verdict !== 'error';
}
