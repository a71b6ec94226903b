// The table of units: the first ones stand in the page, all that are listed in a block of data from which the page's
// script searches and sorts. How many are listed is bounded, in number and in bytes.
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { oneLine } from './escape.ts';
import { dataBlock, html, type Markup } from './html-markup.ts';
import type { PageInput, Section } from './html-section.ts';
import type { ListedUnit } from './html-unit-list.ts';
import type { Report } from './report.ts';

/** Units in the page before anything is searched for. */
const FIRST = 50;
const COLUMNS = 8;
/** Bytes of all listed cells in the page's data. */
const DATA_LIMIT = 300_000;

const NUMBER = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i;

interface Column {
  readonly name: string;
  readonly number: boolean;
}

/** Null when no unit is listed. */
export function unitSection({ report, units }: PageInput): Section | null {
  if (units.length === 0) return null;
  const fields = chooseFields(report, units);
  const rows = withinLimit(units.map((unit) => rowOf(unit, fields)));
  const names = ['Unit', 'Result', 'Attempts', ...fields];
  const columns = names.map((name, c): Column => {
    const cells = rows.map((row) => row[c]!).filter((cell) => cell !== '');
    return { name: oneLine(name, 40), number: cells.length > 0 && cells.every((cell) => NUMBER.test(cell)) };
  });
  const finished = report.units.valid + report.units.failed;
  const all = rows.length >= finished;
  const count = all ? formatUnits(rows.length) : `${formatCount(rows.length)} of ${formatUnits(finished)}`;
  const body = html`${writeTools(rows.length)}${writeUnits(columns, rows.slice(0, FIRST))}${dataBlock(
    'unit-data',
    {
      columns,
      rows,
      first: FIRST,
    },
  )}
`;
  const note = [`${count}; all are in `, { code: 'results.jsonl' }, ' and ', { code: 'failures.jsonl' }];
  return { id: 'units', title: 'Units', note, body };
}

/** What the report is about comes first. */
function chooseFields(report: Report, units: readonly ListedUnit[]): readonly string[] {
  const known = new Set(units.flatMap((unit) => [...unit.cells.keys()]));
  const first = [
    ...(report.groupBy === null ? [] : [report.groupBy]),
    ...report.overall.outcomes.map((outcome) => outcome.field),
    ...report.overall.metrics.map((metric) => metric.field),
  ].filter((name) => known.has(name));
  return [...new Set([...first, ...known])].slice(0, COLUMNS);
}

function rowOf({ unit, attempts, cells, failure }: ListedUnit, fields: readonly string[]): readonly string[] {
  const result = failure === null ? 'valid' : `${failure.kind} at ${oneLine(failure.step, 40)}`;
  return [unit, result, String(attempts), ...fields.map((field) => cells.get(field) ?? '')];
}

function withinLimit(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let used = 0;
  const end = rows.findIndex((row) => {
    used += row.reduce((sum, cell) => sum + weightOf(cell), 2);
    return used > DATA_LIMIT;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

/** About how many bytes a cell takes as JSON, of which some characters are written as `\u003c`. */
function weightOf(cell: string): number {
  const long = cell.match(/[<>&]/g)?.length ?? 0;
  const wide = cell.match(/[^ -~]/g)?.length ?? 0;
  return cell.length + 5 * long + 2 * wide + 3;
}

/** Hidden until the script is there to answer. */
function writeTools(count: number): Markup {
  return html`<div class="tools" id="unit-tools" hidden><label>Search <input type="search" id="unit-search" autocomplete="off" spellcheck="false"></label> <output id="unit-count" for="unit-search">${formatUnits(count)}</output></div>
`;
}

function writeUnits(columns: readonly Column[], rows: readonly (readonly string[])[]): Markup {
  const side = (column: Column) => (column.number ? html` class="number"` : null);
  const head = columns.map((column) => html`<th scope="col"${side(column)}>${column.name}</th>`);
  const body = rows.map(
    (row) => html`<tr>${row.map((cell, c) => html`<td${side(columns[c]!)}>${cell}</td>`)}</tr>\n`,
  );
  return html`<div class="scroll" role="group" tabindex="0" aria-label="Units"><table id="unit-table">
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>
<p><button type="button" id="unit-more" hidden>Show more</button></p>
`;
}
