// The report as one HTML file that needs nothing but itself: it opens from a disk, asks the network for nothing, and
// says what the comment says. Every section is a function of its own; this is their order.
import { writeText } from './html-blocks.ts';
import { changeSection } from './html-changes.ts';
import { convergenceSection, distributionSection } from './html-curves.ts';
import { failureSection } from './html-failures.ts';
import { html, type Markup } from './html-markup.ts';
import { costSection, notRunSection, provenanceSection } from './html-origin.ts';
import { outputsSection } from './html-outputs.ts';
import { writePage } from './html-page.ts';
import { groupSection, resultSection } from './html-results.ts';
import type { PageInput, Section } from './html-section.ts';
import { stepSection } from './html-steps.ts';
import type { ListedUnit } from './html-unit-list.ts';
import { unitSection } from './html-units.ts';
import { writeVerdict } from './html-verdict.ts';
import type { Report } from './report.ts';

const SECTIONS: readonly ((input: PageInput) => Section | null)[] = [
  resultSection,
  changeSection,
  groupSection,
  distributionSection,
  convergenceSection,
  stepSection,
  failureSection,
  unitSection,
  costSection,
  outputsSection,
  notRunSection,
  provenanceSection,
];

/** What is not in the report itself: see `PageInput`. */
export type PageExtras = Partial<Pick<PageInput, 'values' | 'base'>>;

/** The whole file, below 5 MB whatever the run was. `units`: those that the page lists, see `collectUnits`. */
export function toHtml(report: Report, units: readonly ListedUnit[], extras: PageExtras = {}): string {
  const input: PageInput = { report, units, values: null, base: null, ...extras };
  const sections = SECTIONS.flatMap((section) => section(input) ?? []);
  const body = html`<header>
${writeVerdict(report)}</header>
${writeList(sections)}<main>
${sections.map(writeSection)}</main>
`;
  return writePage(report.headline, body);
}

function writeList(sections: readonly Section[]): Markup {
  const links = sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>\n`);
  return html`<nav aria-label="Sections">\n${links}</nav>\n`;
}

function writeSection({ id, title, note, body }: Section): Markup {
  const said = note === null ? null : html`<p class="note">${writeText(note)}</p>\n`;
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${said}${body}</section>
`;
}
