// The tables of post-processing: counted values and numbers by group, as Octobatch's analyser lays them out, from the
// same estimates as the report. It draws no interval: those are in the report.
import type { MetricEstimate, OutcomeEstimate, Slice } from '../analysis/estimate.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import type { AnalysisEntry } from '../pipeline/pipeline.ts';
import { formatCells } from './csv.ts';
import { oneLine } from './escape.ts';

/** Longest name of a group or a value in a table, in characters. */
const LONGEST = 60;

/** One more column of numbers, by group; null: it has no value there. */
export interface StatColumn {
  readonly name: string;
  readonly values: ReadonlyMap<string | null, number | null>;
}

/** What a table is made of. `slices`: the groups, or all units as one with group null. */
export interface TabledResults {
  readonly slices: readonly Slice[];
  readonly stats: readonly StatColumn[];
  /** Units that failed, of how many; and units whose group is past the cap of groups. */
  readonly failed: number;
  readonly planned: number;
  readonly unitsInMoreGroups: number;
}

interface Column {
  readonly head: string;
  readonly isRight: boolean;
}

type Cell = string | number | null;

interface Table {
  readonly field: string;
  readonly columns: readonly Column[];
  readonly rows: readonly { readonly rank: number; readonly cells: readonly Cell[] }[];
  readonly total: number;
  /** Sentences below it. */
  readonly notes: readonly string[];
}

/** The file of an analysis: its tables one below the other, or one CSV table. */
export function formatPostAnalysis(entry: AnalysisEntry, results: TabledResults): string {
  const tables = [
    ...entry.counts.map((field) => countTable(entry, field, results)),
    ...entry.numbers.map((field) => numberTable(entry, field, results)),
  ];
  return entry.format === 'csv'
    ? tables.map(writeCsv).join('')
    : `${tables.map((table) => writeTable(entry, table, results)).join('\n')}`;
}

/** True when a valid unit has a value in one of the fields that the analysis is about. */
export function hasValues({ counts, numbers }: AnalysisEntry, { slices }: TabledResults): boolean {
  return slices.some(
    ({ outcomes, metrics }) =>
      outcomes.some(({ field, n }) => counts.includes(field) && n > 0) ||
      metrics.some(({ field, n }) => numbers.includes(field) && n > 0),
  );
}

function countTable(entry: AnalysisEntry, field: string, { slices }: TabledResults): Table {
  const rows = slices.flatMap((slice) => {
    const outcome = slice.outcomes.find((one) => one.field === field);
    return outcome === undefined || outcome.n === 0 ? [] : [{ slice, outcome }];
  });
  const values = [...new Set(rows.flatMap(({ outcome }) => outcome.values.map(({ value }) => value)))].sort();
  const hasOther = rows.some(({ outcome }) => outcome.other > 0);
  const isNet = entry.netPositive.length + entry.netNegative.length > 0;
  const isCsv = entry.format === 'csv';
  const counted = rows.map(({ slice, outcome }) => {
    const shareOf = (x: number): Cell =>
      isCsv ? rounded(x / outcome.n) : `${((100 * x) / outcome.n).toFixed(1)}%`;
    const counts = values.map((value) => outcome.values.find((one) => one.value === value)?.x ?? 0);
    const net = netOf(entry, outcome);
    const cells: Cell[] = [groupName(slice, isCsv), outcome.n, ...counts.map(shareOf)];
    if (hasOther) cells.push(shareOf(outcome.other));
    if (isNet) cells.push(isCsv ? net : signed(net));
    if (isCsv) cells.push(slice.dropped);
    return { rank: isNet ? net : (counts[0] ?? 0), cells };
  });
  const heads = ['Total', ...values, ...(hasOther ? ['(other)'] : []), ...(isNet ? ['Net'] : [])];
  return {
    field,
    columns: columnsOf([...heads, ...(isCsv ? ['Dropped'] : [])], isCsv),
    rows: ranked(counted),
    total: rows.reduce((sum, { outcome }) => sum + outcome.n, 0),
    notes: missingNote(
      field,
      rows.reduce((sum, { outcome }) => sum + outcome.missing, 0),
    ),
  };
}

function netOf({ netPositive, netNegative }: AnalysisEntry, { values }: OutcomeEstimate): number {
  const has = (list: readonly string[], value: string): boolean =>
    list.some((one) => one.toLowerCase() === value.toLowerCase());
  return values.reduce((net, { value, x }) => {
    if (has(netPositive, value)) return net + x;
    return has(netNegative, value) ? net - x : net;
  }, 0);
}

function numberTable(entry: AnalysisEntry, field: string, { slices, stats }: TabledResults): Table {
  const isCsv = entry.format === 'csv';
  const show = (value: number | null): Cell => (isCsv ? rounded(value) : shown(value));
  const rows = slices.flatMap((slice) => {
    const metric = slice.metrics.find((one) => one.field === field);
    return metric === undefined || metric.n === 0 ? [] : [{ slice, metric }];
  });
  const measured = rows.map(({ slice, metric }) => {
    const { n, mean, median, deviation, min, max } = metric;
    const more = stats.map(({ values }) => show(values.get(slice.group) ?? null));
    const cells = [n, ...[mean, median, deviation ?? 0, min, max].map(show), ...more];
    return {
      rank: mean,
      cells: [groupName(slice, isCsv), ...cells, ...(isCsv ? [slice.dropped] : [])],
    };
  });
  const heads = ['Count', 'Mean', 'Median', 'StdDev', 'Min', 'Max', ...stats.map(({ name }) => name)];
  return {
    field,
    columns: columnsOf([...heads, ...(isCsv ? ['Dropped'] : [])], isCsv),
    rows: ranked(measured),
    total: rows.reduce((sum, { metric }) => sum + metric.n, 0),
    notes: missingNote(
      field,
      rows.reduce((sum, { metric }) => sum + metric.missing, 0),
    ),
  };
}

function missingNote(field: string, missing: number): readonly string[] {
  return missing === 0
    ? []
    : [`${formatUnits(missing)} without a usable ${oneLine(field, LONGEST)} left out.`];
}

function columnsOf(heads: readonly string[], isCsv: boolean): readonly Column[] {
  const name = (head: string): string => (isCsv ? head : oneLine(head, LONGEST));
  return [{ head: 'Group', isRight: false }, ...heads.map((head) => ({ head: name(head), isRight: true }))];
}

/** The highest first, equals by name. */
function ranked(rows: Table['rows']): Table['rows'] {
  return rows.toSorted((a, b) => b.rank - a.rank || (String(a.cells[0]) < String(b.cells[0]) ? -1 : 1));
}

function groupName({ group }: Slice, isCsv: boolean): string {
  const name = group ?? 'All';
  return isCsv ? name : oneLine(name, LONGEST);
}

function signed(net: number): string {
  return net > 0 ? `+${net}` : String(net);
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(12));
}

/** Two decimals, or three digits of what is too small for them. */
function shown(value: number | null): string {
  if (value === null) return '-';
  return value === 0 || Math.abs(value) >= 0.1 ? value.toFixed(2) : String(Number(value.toPrecision(3)));
}

function writeCsv({ columns, rows }: Table): string {
  return [columns.map(({ head }) => head), ...rows.map(({ cells }) => cells)].map(formatCells).join('');
}

function writeTable(entry: AnalysisEntry, table: Table, results: TabledResults): string {
  const title = oneLine(titleOf(entry, table.field), 200);
  const { columns, rows, total } = table;
  const texts = rows.map(({ cells }) => cells.map((cell) => String(cell ?? '-')));
  const widths = columns.map(({ head }, at) =>
    Math.max([...head].length, ...texts.map((cells) => [...cells[at]!].length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, at) => {
        const space = ' '.repeat(Math.max(0, widths[at]! - [...cell].length));
        return columns[at]!.isRight ? space + cell : cell + space;
      })
      .join(' | ');
  const head = line(columns.map((column) => column.head));
  const rule = '-'.repeat(head.length);
  const notes = [...table.notes, ...leftOut(results)];
  return [
    title,
    '='.repeat([...title].length),
    '',
    head,
    rule,
    ...texts.map(line),
    rule,
    `Total: ${formatCount(total)} ${total === 1 ? 'result' : 'results'}`,
    ...notes,
    '',
  ].join('\n');
}

/** What it is about, where nobody said it, or where there are several. */
function titleOf({ title, groupBy, counts, numbers }: AnalysisEntry, field: string): string {
  const about = groupBy === null ? field : `${field} by ${groupBy}`;
  if (title === null) return about;
  return counts.length + numbers.length > 1 ? `${title}: ${field}` : title;
}

/** Nothing is left out in silence. */
function leftOut({ failed, planned, unitsInMoreGroups }: TabledResults): readonly string[] {
  const notes: string[] = [];
  if (unitsInMoreGroups > 0) notes.push(`${formatUnits(unitsInMoreGroups)} in further groups not shown.`);
  if (failed > 0)
    notes.push(
      `${formatCount(failed)} of ${formatUnits(planned)} failed and ${failed === 1 ? 'is' : 'are'} in no row; the report says how far they could move these figures.`,
    );
  return notes;
}

/** A mean that a group has, for columns worked out from it. */
export function metricOf(slice: Slice, field: string): MetricEstimate | null {
  return slice.metrics.find((one) => one.field === field && one.n > 0) ?? null;
}
