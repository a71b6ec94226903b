// Which intervals a report draws, and in which order: data, for text plots and SVG alike. Every number in it stands in
// a table too, and none is computed here.
import type { Interval, ShareEstimate, Slice } from '../analysis/estimate.ts';
import { formatLevel, formatRegion } from '../analysis/gate-text.ts';
import type { GateResult } from '../analysis/gates.ts';
import { SHOWN_CONFIDENCE } from '../analysis/intervals.ts';
import { errorDecimals, formatNumber, percentDecimals } from '../analysis/numbers.ts';
import type { Text } from './block.ts';
import { formatGateValue } from './headline.ts';
import { formatInterval } from './interval-text.ts';
import { type Axis, numberAxis, shareAxis } from './plot.ts';
import type { Report } from './report.ts';
import { formatShare } from './tables.ts';

/** One interval with its estimate; `label` is untrusted. `span` is the interval in words, `gate` the claim it must meet. */
export interface ChartRow {
  readonly label: string;
  readonly figure: string;
  readonly span: string;
  readonly low: number;
  readonly high: number;
  readonly point: number;
  readonly gate: {
    readonly region: string;
    readonly atLeast: number | null;
    readonly atMost: number | null;
  } | null;
}

/** Intervals on one axis. `confidence` is the legend: `95% CI`; `leftOut` counts rows past the limit. */
export interface Chart {
  readonly caption: Text;
  readonly axis: Axis;
  readonly rows: readonly ChartRow[];
  readonly confidence: string;
  readonly leftOut: number;
  /** What it means to be at 0, where that is drawn. */
  readonly zero?: string;
}

/** Gates on shares, then outcomes, at most `lines` rows and gate marks; null when there are none. */
export function shareChart(report: Report, lines: number): Chart | null {
  const all = shareRows(report);
  // A gate has a line of its own in a text plot; gates are never left out.
  let used = 0;
  const rows = all.filter((row) => {
    if (row.gate === null && used >= lines) return false;
    used += row.gate === null ? 1 : 2;
    return true;
  });
  if (rows.length === 0) return null;
  return {
    caption: ['Share of units'],
    axis: shareAxis('share of units'),
    rows,
    confidence: intervalLegend(report),
    leftOut: all.length - rows.length,
  };
}

/** Each gate on a mean with its bounds, on an axis of its own: means have no unit in common. */
export function meanCharts(report: Report): readonly Chart[] {
  return report.gates.flatMap((gate) => {
    if (gate.kind !== 'mean' || gate.value === null || gate.interval === null) return [];
    const row = gateRow(gate, gate.interval, gate.value);
    const bounds = [gate.region.atLeast, gate.region.atMost].filter((bound) => bound !== null);
    return [
      {
        caption: ['A mean and its gate'],
        axis: numberAxis('mean', [row.low, row.high, ...bounds]),
        rows: [row],
        confidence: `${formatLevel(gate.interval.confidence)} CI`,
        leftOut: 0,
      },
    ];
  });
}

/** The share of an outcome's first value in each group; null when fewer than two groups have it. */
export function groupShareChart(report: Report, field: string, lines: number): Chart | null {
  const value = report.overall.outcomes.find((outcome) => outcome.field === field)?.values[0]?.value;
  if (value === undefined) return null;
  return groupChart(
    report,
    lines,
    ['Share of ', { name: field }, ' ', { code: value }, ' in each group'],
    (group) => {
      const share = shareOf(group, field, value);
      return share === null ? null : shareRow(share, group.group ?? '');
    },
    () => shareAxis('share by group'),
  );
}

/** The mean of a metric in each group; null when fewer than two groups have one. */
export function groupMeanChart(report: Report, field: string, lines: number): Chart | null {
  return groupChart(
    report,
    lines,
    ['Mean of ', { name: field }, ' in each group'],
    (group) => {
      const metric = group.metrics.find((candidate) => candidate.field === field);
      if (metric === undefined || metric.interval === null) return null;
      const { interval, mean } = metric;
      const figure = formatNumber(mean, errorDecimals(metric.error ?? 0));
      return { label: group.group ?? '', figure, ...spanOf(interval, null), point: mean, gate: null };
    },
    (rows) =>
      numberAxis(
        'mean by group',
        rows.flatMap((row) => [row.low, row.high]),
      ),
  );
}

function groupChart(
  report: Report,
  lines: number,
  caption: Text,
  rowOf: (group: Slice) => ChartRow | null,
  axisOf: (rows: readonly ChartRow[]) => Axis,
): Chart | null {
  const rows = report.groups.slice(0, lines).flatMap((group) => rowOf(group) ?? []);
  if (rows.length < 2) return null;
  const leftOut = Math.max(0, report.groups.length - lines);
  return { caption, axis: axisOf(rows), rows, confidence: '95% CI', leftOut };
}

/** Gates on shares with their bounds, then outcomes. Of two complementary values only the first is drawn. */
function shareRows(report: Report): readonly ChartRow[] {
  const rows: ChartRow[] = [];
  const drawn = new Set<string>();
  for (const gate of report.gates) {
    const isShare = gate.kind === 'share' || gate.kind === 'valid_share';
    if (!isShare || gate.value === null || gate.interval === null || gate.n === 0) continue;
    rows.push(gateRow(gate, gate.interval, gate.value));
    drawn.add(`${gate.value} of ${gate.n}`);
  }
  for (const outcome of report.overall.outcomes) {
    // The same share is there already, with its gate; of two values the other one would say nothing new.
    const isDrawn = (share: ShareEstimate) => drawn.has(`${share.share} of ${share.n}`);
    if (outcome.values.length <= 2 && outcome.values.some(isDrawn)) continue;
    for (const share of plottedValues(outcome.values)) {
      if (!isDrawn(share)) rows.push(shareRow(share, labelOf(outcome.field, share.value)));
    }
  }
  return rows;
}

function gateRow(gate: GateResult, interval: Interval, value: number): ChartRow {
  const decimals = gate.kind === 'mean' ? null : percentDecimals(gate.n);
  return {
    label: gate.name,
    figure: formatGateValue(gate),
    ...spanOf(interval, decimals),
    point: value,
    gate: { region: formatRegion(gate), ...gate.region },
  };
}

/** A bool is called by its field, anything else by its value. */
function labelOf(field: string, value: string): string {
  return value === 'true' ? field : value === 'false' ? `not ${field}` : value;
}

function plottedValues(values: readonly ShareEstimate[]): readonly ShareEstimate[] {
  return values.length <= 2 ? values.slice(0, 1) : values.slice(0, 8);
}

function shareRow(share: ShareEstimate, label: string): ChartRow {
  const span = spanOf(share.interval, percentDecimals(share.n));
  return { label, figure: formatShare(share), ...span, point: share.share, gate: null };
}

function spanOf(interval: Interval, percent: number | null): Pick<ChartRow, 'low' | 'high' | 'span'> {
  return { low: interval.low, high: interval.high, span: formatInterval(interval, percent) };
}

function intervalLegend(report: Report): string {
  const levels = new Set(
    report.gates.map((gate) => gate.interval?.confidence).filter((level) => level !== undefined),
  );
  if (report.overall.outcomes.length > 0) levels.add(SHOWN_CONFIDENCE);
  return levels.size === 1 ? `${formatLevel([...levels][0]!)} CI` : 'confidence interval';
}

/** The share of a value in a group; a group where it never came up has none of n, which is a result too. */
function shareOf(group: Slice, field: string, value: string): ShareEstimate | null {
  return (
    group.outcomes
      .find((outcome) => outcome.field === field)
      ?.values.find((share) => share.value === value) ?? null
  );
}
