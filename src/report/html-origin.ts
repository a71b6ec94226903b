// What a run cost, what was left out of it, and where it comes from with the command that gives it again.
import type { Table } from './block.ts';
import { costSummary, formatUsd } from './cost-text.ts';
import { oneLine } from './escape.ts';
import { leftOut, writeBlocks, writeTable } from './html-blocks.ts';
import { html } from './html-markup.ts';
import type { PageInput, Section } from './html-section.ts';
import { notRunTable, provenanceTable } from './layout-closing.ts';
import { costNotes } from './layout-cost.ts';
import type { Report } from './report.ts';
import { costTable } from './tables.ts';

/** Models of which the price is told. */
const PRICES = 40;

/** Null when no step asks a model. */
export function costSection({ report, base }: PageInput): Section | null {
  const table = withBase(report, costTable(report), base);
  if (table.rows.length === 0) return null;
  const prices = report.cost.prices.slice(0, PRICES);
  const notes = costNotes({ ...report, cost: { ...report.cost, prices } });
  const more = report.cost.prices.length - prices.length;
  const body = html`${writeTable(table, 'Cost')}<div class="note">${writeBlocks(notes)}</div>
${more > 0 ? leftOut(more, more === 1 ? 'price' : 'prices', 'report.json') : null}`;
  return { id: 'cost', title: 'Cost', note: [costSummary(report)], body };
}

/** The table of costs with what each step cost on the base, where that is known. */
function withBase(report: Report, table: Table, base: PageInput['base']): Table {
  const before = base?.report ?? null;
  if (before === null) return table;
  const asked = report.steps.filter((step) => step.kind === 'llm');
  const rows = table.rows.map((row, i) => {
    const same = before.steps.find(({ step }) => step === asked[i]?.step);
    const cost = same === undefined || !same.paid || same.cost === null ? '' : formatUsd(same.cost);
    return [...row, [cost]];
  });
  return { head: [...table.head, 'On the base'], align: [...table.align, 'right'], rows };
}

/** Null when all of the pipeline was run. */
export function notRunSection({ report }: PageInput): Section | null {
  const count = report.notRun.length;
  if (count === 0) return null;
  const note = [`${count} ${count === 1 ? 'entry' : 'entries'} of the pipeline`];
  return { id: 'not-run', title: 'Not run', note, body: writeTable(notRunTable(report), 'Not run') };
}

/** Where every number comes from. */
export function provenanceSection({ report }: PageInput): Section {
  const { reproduce } = report.provenance;
  const command =
    reproduce === null
      ? null
      : html`<p class="note">Reproduce it with</p>
<div class="command"><pre id="reproduce" tabindex="0">${oneLine(reproduce, 400)}</pre><button type="button" id="copy" hidden>Copy</button></div>
`;
  const body = html`${command}${writeTable(provenanceTable(report), 'Provenance')}`;
  return { id: 'provenance', title: 'Provenance', note: null, body };
}
