// The failed units a page shows: each with where and why it failed, and what the model had said, folded.
import { formatCount } from '../analysis/numbers.ts';
import { oneLine } from './escape.ts';
import { writeQuote } from './html-blocks.ts';
import { html, type Markup } from './html-markup.ts';
import type { PageInput, Section } from './html-section.ts';
import type { ReportedFailure } from './report.ts';

const SHOWN = 50;
/** Characters of a reason on its line. */
const LINE = 160;

/** Null when nothing failed. */
export function failureSection({ report, units }: PageInput): Section | null {
  const listed = units.flatMap((unit) => unit.failure ?? []);
  const failures = (listed.length > 0 ? listed : report.failures).slice(0, SHOWN);
  if (failures.length === 0) return null;
  const { failed } = report.units;
  const shown = `${formatCount(failures.length)}${failed > failures.length ? ` of ${formatCount(failed)}` : ''}`;
  const unit = failures.length === 1 && failed <= 1 ? 'unit' : 'units';
  const note = [`${shown} failed ${unit}; all are in `, { code: 'failures.jsonl' }];
  return {
    id: 'failures',
    title: 'Failures',
    note,
    body: html`<div class="failures">\n${failures.map(writeFailure)}</div>\n`,
  };
}

function writeFailure(failure: ReportedFailure): Markup {
  const { unit, step, kind, attempts, reason, raw } = failure;
  const isEmpty = raw === null || raw.trim() === '';
  const after = attempts === 1 ? 'After 1 attempt' : `After ${formatCount(attempts)} attempts`;
  const note = `${after}. ${isEmpty ? 'There is no answer to show.' : 'The last answer as it came:'}`;
  // What the line above could not hold.
  const whole = [...reason].length > LINE ? html`<p>${oneLine(reason, 1000)}</p>\n` : null;
  return html`<details>
<summary><code>${oneLine(unit)}</code> <span class="where">${kind} at ${oneLine(step, 64)}</span> <span class="why">${oneLine(reason, LINE)}</span></summary>
${whole}<p class="note">${note}</p>
${isEmpty ? null : writeQuote(raw)}</details>
`;
}
