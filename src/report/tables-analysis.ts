// What `analyze` shows of a run: counts, numbers and figures as tables, of all units and by group. It estimates nothing
// itself, and leaves gates and changes to the report.
import type { Bounds, FigureEstimate, MetricEstimate, OutcomeEstimate, Slice } from '../analysis/estimate.ts';
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatPlain,
  formatUnits,
  percentDecimals,
} from '../analysis/numbers.ts';
import type { FailureKind } from '../validation/failure.ts';
import { type Block, joinText, paragraph, type Table, type Text } from './block.ts';

/** Results analysed once more: the estimates, and what was dropped before them. */
export interface ResultAnalysis {
  /** A run's id, or a file; untrusted. */
  readonly name: string;
  /** An answer was invented. */
  readonly simulated: boolean;
  readonly units: {
    readonly planned: number;
    readonly valid: number;
    readonly failed: number;
    readonly inFlight: number;
  };
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** Outcomes and metrics were found from the results, because nobody named any. */
  readonly found: boolean;
  readonly groupBy: string | null;
  readonly overall: Slice;
  readonly groups: readonly Slice[];
  readonly unitsInMoreGroups: number;
}

/** The analysis as blocks. */
export function layOutAnalysis(analysis: ResultAnalysis): readonly Block[] {
  const { overall, groups, unitsInMoreGroups, found } = analysis;
  const slices = [overall, ...groups];
  const tables = [countTable, meanTable, spreadTable, figureTable].map((make) => make(analysis, slices));
  const blocks: Block[] = [paragraph(booksText(analysis))];
  for (const table of tables) if (table.rows.length > 0) blocks.push({ kind: 'table', table });
  if (unitsInMoreGroups > 0)
    blocks.push(paragraph([`${formatUnits(unitsInMoreGroups)} in further groups are not shown.`]));
  const notes: Text[] = methodText(slices);
  if (found)
    notes.push([
      'Outcomes and metrics were found from the results; --count and --numeric, or report: in the pipeline, say which to show.',
    ]);
  if (notes.length > 0) blocks.push(paragraph(joinText(notes, ' ')));
  return blocks;
}

/** Who is counted, and what was lost. */
function booksText({ name, units, failures, simulated }: ResultAnalysis): Text {
  const { planned, valid, failed, inFlight } = units;
  const sorted = Object.entries(failures).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const kinds = sorted.map(([kind, count]) => (sorted.length === 1 ? kind : `${formatCount(count)} ${kind}`));
  const parts = [
    `${formatCount(valid)} of ${formatUnits(planned)} valid`,
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed (${kinds.join(', ')})`]),
    ...(inFlight === 0 ? [] : [`${formatCount(inFlight)} not finished yet`]),
  ];
  const text: Text[] = [[{ code: name, max: 100 }, ': ', { strong: `${parts.join(', ')}.` }]];
  if (simulated) text.push([{ strong: 'The answers are simulated: no model was called for them.' }]);
  if (failed > 0)
    text.push([
      'Failed units are in no share and no mean; the worst cases say how far they could move it, had all of them gone one way.',
    ]);
  return joinText(text, ' ');
}

function methodText(slices: readonly Slice[]): Text[] {
  const methods = slices.flatMap(({ outcomes, metrics, figures }) => [
    ...outcomes.flatMap(({ values }) => values.map(({ interval }) => interval.method)),
    ...metrics.flatMap(({ interval, medianInterval }) => [interval?.method, medianInterval?.method]),
    ...figures.map(({ interval }) => interval?.method),
  ]);
  const parts = methods.filter((method) => method !== undefined).map((method) => method.split(', '));
  if (parts.length === 0) return [];
  const names = [...new Set(parts.map(([name = '']) => name))].join(', ');
  const draws = [...new Set(parts.flatMap(([, dependence]) => dependence ?? []))].join(' or ');
  return [[`Intervals: ${names}${draws === '' ? '' : `; ${draws}`}.`]];
}

interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
}

const left = (head: string): Column => ({ head, align: 'left' });
const right = (head: string): Column => ({ head, align: 'right' });

/** A row for each slice and quantity; the group is named on the first row of each, the last column only when it says something. */
function tableOf(
  { groupBy }: ResultAnalysis,
  slices: readonly Slice[],
  columns: readonly Column[],
  rowsOf: (slice: Slice) => readonly (readonly Text[])[],
): Table {
  const rows = slices.flatMap((slice) =>
    rowsOf(slice).map((row, at): readonly Text[] => [at === 0 ? groupCell(slice) : [''], ...row]),
  );
  const isBare = rows.every((row) => row.at(-1)?.every((piece) => piece === '') ?? true);
  const kept = [left('Group'), ...columns].slice(groupBy === null ? 1 : 0, isBare ? -1 : undefined);
  return {
    head: kept.map(({ head }) => head),
    align: kept.map(({ align }) => align),
    rows: rows.map((row) => row.slice(groupBy === null ? 1 : 0, isBare ? -1 : undefined)),
  };
}

function groupCell({ group }: Slice): Text {
  return group === null ? ['all units'] : [{ code: group, max: 40 }];
}

function countTable(analysis: ResultAnalysis, slices: readonly Slice[]): Table {
  const columns = [left('Field'), left('Value'), right('Units'), left('Share (95% CI)'), left('Worst cases')];
  return tableOf(analysis, slices, columns, ({ outcomes }) => outcomes.flatMap(countRows));
}

function countRows({ field, n, missing, other, values }: OutcomeEstimate): readonly (readonly Text[])[] {
  const decimals = percentDecimals(n);
  const percent = (share: number): string => formatPercent(share, decimals);
  const bare = (share: number): string => percent(share).slice(0, -1);
  const rows = values.map(({ value, x, share, interval, worst }): readonly Text[] => [
    [{ code: value, max: 40 }],
    [formatCount(x)],
    [{ strong: percent(share) }, nbsp(` (${bare(interval.low)} to ${bare(interval.high)})`)],
    [worst === null ? '' : nbsp(`${percent(worst.low)} to ${percent(worst.high)}`)],
  ]);
  if (other > 0) rows.push([['further values'], [formatCount(other)], [''], ['']]);
  if (missing > 0) rows.push([['without a value'], [formatCount(missing)], [''], ['']]);
  return rows.map((row, at): readonly Text[] => [at === 0 ? [{ code: field, max: 40 }] : [''], ...row]);
}

function meanTable(analysis: ResultAnalysis, slices: readonly Slice[]): Table {
  const columns = [left('Number'), right('Units'), left('Mean ± error (95% CI)'), left('Worst cases')];
  return tableOf(analysis, slices, columns, ({ metrics }) => metrics.map(meanRow));
}

function meanRow({ field, n, mean, error, interval, worst }: MetricEstimate): readonly Text[] {
  const decimals = error === null || error === 0 ? null : errorDecimals(error);
  const write = (x: number): string => (decimals === null ? formatPlain(x) : formatNumber(x, decimals));
  const figure = `${write(mean)}${error === null ? '' : ` ± ${write(error)}`}`;
  const span = interval === null ? '' : ` (${write(interval.low)} to ${write(interval.high)})`;
  return [
    [{ code: field, max: 40 }],
    [formatCount(n)],
    [{ strong: nbsp(figure) }, nbsp(span)],
    [boundsText(worst, write)],
  ];
}

function spreadTable(analysis: ResultAnalysis, slices: readonly Slice[]): Table {
  const columns = [left('Number'), left('Median (95% CI)'), right('Std dev'), left('Range')];
  return tableOf(analysis, slices, columns, ({ metrics }) => metrics.map(spreadRow));
}

function spreadRow({ field, median, medianInterval, deviation, min, max }: MetricEstimate): readonly Text[] {
  const span = medianInterval === null ? '' : boundsText(medianInterval, formatPlain);
  return [
    [{ code: field, max: 40 }],
    [formatPlain(median), span === '' ? '' : ` (${span})`],
    [deviation === null ? '' : formatNumber(deviation, errorDecimals(deviation))],
    [nbsp(`${formatPlain(min)} to ${formatPlain(max)}`)],
  ];
}

function figureTable(analysis: ResultAnalysis, slices: readonly Slice[]): Table {
  const columns = [left('Figure'), right('Units'), left('Estimate (95% CI)'), left('Worst cases')];
  return tableOf(analysis, slices, columns, ({ figures }) => figures.map(figureRow));
}

function figureRow({ kind, name, n, value, interval, worst, note }: FigureEstimate): readonly Text[] {
  const width = interval === null ? 0 : interval.high - interval.low;
  const decimals = kind === 'quantile' || width === 0 ? null : errorDecimals(width / 4);
  const write = (x: number): string => (decimals === null ? formatPlain(x) : formatNumber(x, decimals));
  const span = interval === null ? '' : ` (${write(interval.low)} to ${write(interval.high)})`;
  const why = note === null ? '' : `${value === null ? '' : '; '}${note}`;
  const estimate: Text = value === null ? [] : [{ strong: write(value) }, nbsp(span)];
  return [[{ code: name, max: 60 }], [formatCount(n)], [...estimate, why], [boundsText(worst, write)]];
}

function boundsText(bounds: Bounds | null, write: (x: number) => string): string {
  return bounds === null ? '' : nbsp(`${write(bounds.low)} to ${write(bounds.high)}`);
}

/** What belongs together is not broken across lines. */
function nbsp(text: string): string {
  return text.replace(/ (?!\()/g, '\u00a0');
}
