// The table of units: the first ones stand in the page, all that are listed in a block of data from which the page's
// script searches, sorts and unfolds. How many are listed, and how much is told of them, is bounded in number and bytes.
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import type { Text } from './block.ts';
import { oneLine } from './escape.ts';
import { dataBlock, html, type Markup } from './html-markup.ts';
import type { PageInput, Section } from './html-section.ts';
import type { Difference, ListedUnit, UnitStory } from './html-unit-list.ts';
import type { Report } from './report.ts';

/** Units in the page before anything is searched for. */
const FIRST = 50;
const COLUMNS = 8;
/** Bytes of all listed cells, and of all that is told in full, in the page's data. */
const CELLS_LIMIT = 500_000;
const STORIES_LIMIT = 1_500_000;

const NUMBER = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i;

interface Column {
  readonly name: string;
  readonly number: boolean;
}

/** What the script shows below a unit's line: parts with a heading, each a text that keeps its lines. */
interface Told {
  readonly head: string;
  readonly text: string;
}

/** Null when no unit is listed. */
export function unitSection({ report, units }: PageInput): Section | null {
  if (units.length === 0) return null;
  const fields = chooseFields(report, units);
  const differ = units.some((unit) => unit.differences.length > 0);
  const rows = withinLimit(
    units.map((unit) => rowOf(unit, fields, differ)),
    CELLS_LIMIT,
    (row) => row.reduce((sum, cell) => sum + weightOf(cell), 2),
  );
  const told = withinLimit(
    units.slice(0, rows.length).map((unit) => tell(unit)),
    STORIES_LIMIT,
    (parts) => parts.reduce((sum, { head, text }) => sum + weightOf(head) + weightOf(text) + 20, 2),
  );
  const names = ['Unit', 'Result', 'Attempts', ...(differ ? ['Differs from the base'] : []), ...fields];
  const columns = names.map((name, c): Column => {
    const cells = rows.map((row) => row[c]!).filter((cell) => cell !== '');
    return { name: oneLine(name, 40), number: cells.length > 0 && cells.every((cell) => NUMBER.test(cell)) };
  });
  const data = { columns, rows, told: told.some((parts) => parts.length > 0) ? told : [], first: FIRST };
  const body = html`${writeTools(rows.length)}${writeUnits(columns, rows.slice(0, FIRST))}${dataBlock('unit-data', data)}
`;
  const full = told.filter((parts) => parts.length > 0).length;
  return { id: 'units', title: 'Units', note: noteOf(report, units, rows.length, full), body };
}

/** What is listed, in which order, and what is left out. */
function noteOf(report: Report, units: readonly ListedUnit[], listed: number, full: number): Text {
  const finished = report.units.valid + report.units.failed;
  const count =
    listed >= finished ? formatUnits(listed) : `${formatCount(listed)} of ${formatUnits(finished)}`;
  const has = (test: (unit: ListedUnit) => boolean) => units.some(test);
  const sorts = [
    ...(has(({ differences }) => differences.some(({ isMetric }) => !isMetric))
      ? ['that came out otherwise than on the base']
      : []),
    ...(has(({ failure }) => failure !== null) ? ['that failed'] : []),
    ...(has(({ failure, attempts }) => failure === null && attempts > 1) ? ['that were tried again'] : []),
  ];
  const order = sorts.length === 0 ? '' : `, first those ${sorts.join(', then those ')}`;
  const told =
    full === 0
      ? ''
      : ` ${full === 1 ? '1 unit opens' : `${formatCount(full)} units open`} on all that is known of ${full === 1 ? 'it' : 'each'}.`;
  return [
    `${count}${order}; all are in `,
    { code: 'results.jsonl' },
    ' and ',
    { code: 'failures.jsonl' },
    `.${told}`,
  ];
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

function rowOf(
  { unit, attempts, cells, failure, differences }: ListedUnit,
  fields: readonly string[],
  differ: boolean,
): readonly string[] {
  const result = failure === null ? 'valid' : `${failure.kind} at ${oneLine(failure.step, 40)}`;
  return [
    unit,
    result,
    String(attempts),
    ...(differ ? [differenceCell(differences)] : []),
    ...fields.map((field) => cells.get(field) ?? ''),
  ];
}

function differenceCell(differences: readonly Difference[]): string {
  const [first] = differences;
  if (first === undefined) return '';
  const more = differences.length > 1 ? ` and ${differences.length - 1} more` : '';
  return `${oneLine(first.name, 40)}: ${oneLine(first.base, 30)} → ${oneLine(first.head, 30)}${more}`;
}

/** Empty where there is no more than the line says. */
function tell({ differences, story, failure }: ListedUnit): readonly Told[] {
  const parts: Told[] = [];
  if (differences.length > 0) {
    const lines = differences.map(
      ({ name, base, head }) =>
        `${oneLine(name, 64)}: ${oneLine(head, 80)}, on the base ${oneLine(base, 80)}`,
    );
    parts.push({ head: 'Differs from the base', text: lines.join('\n') });
  }
  if (story === null) return parts;
  if (failure !== null) {
    parts.push({ head: `Failed at ${oneLine(failure.step, 64)}`, text: oneLine(failure.reason, 1000) });
  }
  return [...parts, ...tellAttempts(story), ...tellValues(story)];
}

function tellAttempts({ attempts }: UnitStory): readonly Told[] {
  let before: { readonly step: string; readonly prompt: string } | null = null;
  return attempts.flatMap((one) => {
    const asked = one.attempt === 1 ? one.step : `${one.step}, attempt ${one.attempt}`;
    const parts: Told[] = [];
    const isKnown = before?.step === one.step && before.prompt === one.prompt;
    if (one.system !== null && before?.step !== one.step)
      parts.push({ head: `System prompt of ${one.step}`, text: one.system });
    if (!isKnown) parts.push({ head: `Prompt of ${asked}`, text: one.prompt });
    parts.push({ head: `Answer to ${asked}`, text: one.answer ?? 'There is no answer to show.' });
    if (one.issues.length > 0) {
      const lines = one.issues.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
      parts.push({ head: 'Not accepted', text: lines.join('\n') });
    }
    before = one;
    return parts;
  });
}

function tellValues({ values }: UnitStory): readonly Told[] {
  if (values.length === 0) return [];
  return [{ head: 'Values', text: values.map(([name, text]) => `${name}: ${text}`).join('\n') }];
}

/** The first ones that stay within so many bytes. */
function withinLimit<T>(list: readonly T[], limit: number, weigh: (one: T) => number): readonly T[] {
  let used = 0;
  const end = list.findIndex((one) => {
    used += weigh(one);
    return used > limit;
  });
  return end < 0 ? list : list.slice(0, end);
}

/** About how many bytes a text takes as JSON, in which some characters are written as `\u003c`. */
function weightOf(text: string): number {
  const long = text.match(/[<>&]/g)?.length ?? 0;
  const wide = text.match(/[^ -~]/g)?.length ?? 0;
  return text.length + 5 * long + 2 * wide + (text.match(/["\\]/g)?.length ?? 0) + 3;
}

/** Hidden until the script is there to answer. */
function writeTools(count: number): Markup {
  return html`<div class="tools" id="unit-tools" hidden><label>Search <input type="search" id="unit-search" autocomplete="off" spellcheck="false"></label> <output id="unit-count" for="unit-search" aria-live="polite">${formatUnits(count)}</output></div>
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
