// Text plots of at most 58 columns, in glyphs that every terminal font has (WGL4). They draw numbers that stand in a
// table beside them, and place nothing that is not in the report.
import { formatCount } from '../analysis/numbers.ts';
import { logText, oneLine } from './escape.ts';

/** Widest line of a plot. */
export const PLOT_WIDTH = 58;

/** Widest label before a row; a longer one takes a line of its own. */
const LABEL = 18;
const TRACK = 31;

/** One row: an interval with its point, or the marks of a gate's bounds. `label` is untrusted text. */
export type PlotRow =
  /** `base`: what an interval is seen beside. */
  | {
      readonly kind: 'interval' | 'base';
      readonly label: string;
      /** It belongs to the title above. */
      readonly isBelow?: boolean;
      readonly figure: string;
      readonly low: number;
      readonly high: number;
      readonly point: number;
    }
  | { readonly kind: 'gate'; readonly region: string; readonly bounds: readonly number[] }
  /** Where nothing has changed: a mark through all rows of its panel. */
  | { readonly kind: 'zero'; readonly label: string }
  /** What the rows below are about. */
  | { readonly kind: 'title'; readonly label: string };

/** Rows on one axis. */
export interface Panel {
  readonly axis: Axis;
  readonly rows: readonly PlotRow[];
}

/** An axis from `low` to `high` with the texts at its ticks. */
export interface Axis {
  readonly title: string;
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** The axis of shares, 0 to 100 %. */
export function shareAxis(title: string): Axis {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${at * 100}%` }));
  return { title, low: 0, high: 1, ticks };
}

/** An axis of round numbers that holds all the values given. */
export function numberAxis(title: string, values: readonly number[]): Axis {
  const low = Math.min(...values);
  const high = Math.max(...values);
  // Values that differ by nothing a plot could show get an axis around them.
  const size = Math.max(Math.abs(low), Math.abs(high));
  const span = high - low > Math.max(1e-100, size * 1e-9) ? high - low : size > 1e-100 ? size : 1;
  const raw = span / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  const decimals = Math.max(0, Math.min(10, -Math.floor(Math.log10(step) + 1e-9)));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const at = (first + i) * step;
    return { at, text: at.toFixed(decimals).replace('-', '−') };
  });
  return { title, low: first * step, high: last * step, ticks };
}

/** The plot's lines: title and ticks, a line per row, the legend. Narrower than it may be when the labels are short. */
export function drawIntervals(axis: Axis, rows: readonly PlotRow[], confidence: string): readonly string[] {
  return drawPanels([{ axis, rows }], confidence, 'base');
}

/** Panels one below the other, with their tracks in one column and one legend. `base`: of short words that are ours. */
export function drawPanels(panels: readonly Panel[], confidence: string, base: string): readonly string[] {
  const all = panels.flatMap(({ rows }) => rows);
  const figures = Math.max(0, ...all.map((row) => (isFigure(row) ? row.figure.length : 0)));
  const labels = all.map((row) => widthOf(rowText(row)) + (isFigure(row) ? figures + 2 : 1));
  const titles = panels.map(({ axis }) => axis.title.length + 1);
  const left = Math.max(...titles, ...labels.filter((width) => width <= PLOT_WIDTH - TRACK));
  const lines = panels.flatMap((panel, at) => [
    ...(at === 0 ? [] : ['']),
    ...drawPanel(panel, left, figures),
  ]);
  return [...lines.map((line) => line.trimEnd()), ...drawLegend(all, confidence, base)];
}

function drawPanel({ axis, rows }: Panel, left: number, figures: number): readonly string[] {
  const column = (value: number) => {
    const fraction = (value - axis.low) / (axis.high - axis.low);
    return Math.min(TRACK - 1, Math.max(0, Math.round(fraction * (TRACK - 1))));
  };
  const lines = [padRight(axis.title, left) + drawTicks(axis, column)];
  const zero = rows.some(({ kind }) => kind === 'zero') ? column(0) : null;
  for (const row of rows) {
    if (row.kind === 'zero') continue;
    const [text, track] = [rowText(row), drawTrack(row, column, zero)];
    if (!isFigure(row)) {
      lines.push(row.kind === 'title' ? text : padRight(text, left) + track);
      continue;
    }
    const room = left - figures - 2;
    // A label that does not fit takes a line of its own.
    const long = widthOf(text) > room;
    if (long) lines.push(text);
    lines.push(`${padRight(long ? '' : text, room)} ${padLeft(row.figure, figures)} ${track}`);
  }
  return lines;
}

/** What each glyph is; on a second line what does not fit. */
function drawLegend(rows: readonly PlotRow[], confidence: string, base: string): readonly string[] {
  const zeros = new Set(rows.flatMap((row) => (row.kind === 'zero' ? [row.label] : [])));
  const isBeside = rows.some((row) => row.kind === 'base');
  const entries = [
    ` ░ ${confidence}`,
    `█ ${isBeside ? 'this run' : zeros.has('no change') ? 'change' : 'estimate'}`,
    ...(isBeside ? [`▒ ${base}`] : []),
    ...(zeros.size === 0 ? [] : [`│ ${zeros.size === 1 ? [...zeros][0] : 'zero'}`]),
    ...(rows.some((row) => row.kind === 'gate') ? ['║ gate'] : []),
  ];
  const lines: string[] = [];
  for (const entry of entries) {
    const joined = `${lines.at(-1)}  ${entry}`;
    if (lines.length > 0 && widthOf(joined) <= PLOT_WIDTH) lines[lines.length - 1] = joined;
    else lines.push(lines.length === 0 ? entry : ` ${entry}`);
  }
  return lines;
}

function isFigure(row: PlotRow): row is Extract<PlotRow, { figure: string }> {
  return row.kind === 'interval' || row.kind === 'base';
}

/** What stands to the left of a row: visible characters only, shorter than the plot is wide. */
function rowText(row: PlotRow): string {
  if (row.kind === 'zero') return '';
  if (row.kind === 'gate') return `  gate ${row.region}`;
  const indent = isFigure(row) && row.isBelow === true ? '  ' : ' ';
  return `${indent}${visible(row.label, PLOT_WIDTH - indent.length)}`;
}

function drawTrack(row: PlotRow, column: (value: number) => number, zero: number | null): string {
  const track = new Array<string>(TRACK).fill(' ');
  if (isFigure(row)) for (let i = column(row.low); i <= column(row.high); i++) track[i] = '░';
  // Below the point and the gate's bounds, over the interval.
  if (zero !== null) track[zero] = '│';
  if (isFigure(row)) track[column(row.point)] = row.kind === 'base' ? '▒' : '█';
  if (row.kind === 'gate') for (const bound of row.bounds) track[column(bound)] = '║';
  return track.join('');
}

function drawTicks(axis: Axis, column: (value: number) => number): string {
  const track = new Array<string>(TRACK).fill(' ');
  let free = 0;
  for (const { at, text } of axis.ticks) {
    // Centred on its column, pushed in from the ends; left out where the one before is in the way.
    const start = Math.min(TRACK - text.length, Math.max(0, column(at) - Math.floor((text.length - 1) / 2)));
    if (start < free) continue;
    for (let i = 0; i < text.length; i++) track[start + i] = text[i] as string;
    free = start + text.length + 1;
  }
  return track.join('');
}

/** One step of a funnel. `label` is untrusted text. */
export interface FunnelRow {
  readonly label: string;
  readonly left: number;
  readonly lost: number;
  readonly retried: number;
  /** All units there are at this step; absent: those planned. */
  readonly of?: number;
  /** What those left have become by fanning out. */
  readonly children?: number;
}

/** What is left after each step, with what was lost there and what needed another attempt. */
export function drawFunnel(planned: number, rows: readonly FunnelRow[]): readonly string[] {
  const columns = [
    [`of ${formatCount(planned)}`, ...rows.map(leftText)],
    ['lost', ...rows.map((row) => (row.lost === 0 ? '0' : `−${formatCount(row.lost)}`))],
  ];
  if (rows.some((row) => row.retried > 0)) {
    columns.push(['retried', ...rows.map((row) => formatCount(row.retried))]);
  }
  const widths = columns.map((column) => Math.max(...column.map((text) => text.length)) + 2);
  const room = PLOT_WIDTH - 2 - widths.reduce((sum, width) => sum + width, 0);
  const label = Math.min(labelWidth(rows), room - 6);
  const bar = Math.min(12, room - label);
  const names = ['units left after', ...rows.map((row) => ` ${row.label}`)];
  const bars = ['', ...rows.map((row) => drawBar(row.left, row.of ?? planned, bar))];
  return names.map((name, i) => {
    const counts = columns.map((column, c) => padLeft(column[i] ?? '', widths[c] ?? 0)).join('');
    return `${padRight(name, label + 1)} ${(bars[i] ?? '').padEnd(bar)}${counts}`;
  });
}

function leftText({ left, children }: FunnelRow): string {
  return children === undefined ? formatCount(left) : `${formatCount(left)} → ${formatCount(children)}`;
}

/** As wide as the longest label, within its limit. */
function labelWidth(rows: readonly { readonly label: string }[]): number {
  return Math.min(LABEL, Math.max(15, ...rows.map((row) => widthOf(visible(row.label, LABEL)))));
}

/** One step of an unfinished run. `label` is untrusted text; `note` is ours. */
export interface ProgressRow {
  readonly label: string;
  readonly done: number;
  readonly note: string;
  /** All units there are at this step so far; absent: those planned. */
  readonly of?: number;
  /** There will be more of them, nobody knows how many. */
  readonly isGrowing?: boolean;
}

/** How far each step is. */
export function drawProgress(planned: number, rows: readonly ProgressRow[]): readonly string[] {
  const all = rows.map(({ of = planned, isGrowing = false }) =>
    !isGrowing ? formatCount(of) : of === 0 ? '?' : `${formatCount(of)}+`,
  );
  const width = Math.max(...[formatCount(planned), ...all].map((text) => text.length));
  const left = Math.max(...[planned, ...rows.map(({ of }) => of ?? 0)].map((n) => formatCount(n).length));
  const names = labelWidth(rows);
  return rows.map(({ label, done, note, of = planned }, at) => {
    const counts = `${padLeft(formatCount(done), left)} of ${all[at]!.padEnd(width)}`;
    const bar = Math.max(6, Math.min(12, PLOT_WIDTH - 1 - names - 3 - counts.length - note.length - 2));
    return ` ${padRight(label, names)} ${drawBar(done, of, bar)}  ${counts}  ${note}`.slice(0, PLOT_WIDTH);
  });
}

/** A bar that is full only when all is there, and empty only when nothing is. */
function drawBar(part: number, whole: number, width: number): string {
  const exact = whole === 0 ? 0 : (part / whole) * width;
  const full = part > 0 && exact < 1 ? 1 : part < whole && exact > width - 1 ? width - 1 : Math.round(exact);
  return '█'.repeat(full) + '░'.repeat(width - full);
}

/** Untrusted or not, a cell is visible characters of exactly that width, cut with an ellipsis. */
function padRight(text: string, width: number): string {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const clean = text.trim() === '' ? '' : indent + visible(text, width - indent.length);
  return clean + ' '.repeat(Math.max(0, width - widthOf(clean)));
}

/** Plots are read in logs too, so that a label is no workflow command there. */
function visible(text: string, width: number): string {
  return oneLine(logText(text, width), width);
}

function widthOf(text: string): number {
  return [...text].length;
}

function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - text.length)) + text;
}
