// What the page is made of: sections, each from one function that reads the report and gives nothing when it has
// nothing to say.
import type { Text } from './block.ts';
import type { Markup } from './html-markup.ts';
import type { ListedUnit } from './html-unit-list.ts';
import type { Report } from './report.ts';

/** What a page is written from. `units` may be a part of them, in canonical order; empty when none is known. */
export interface PageInput {
  readonly report: Report;
  readonly units: readonly ListedUnit[];
}

/** `id` is the anchor, `title` the heading and the word in the list of sections, `note` the line below it. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly note: Text | null;
  readonly body: Markup;
}
