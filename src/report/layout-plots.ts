// The plots of a report: which shares and means are drawn, and in which order. The tables beside them hold all.
import type { Interval, ShareEstimate, Slice } from '../analysis/estimate.ts';
import { formatRegion } from '../analysis/gates.ts';
import { formatPercent, percentDecimals } from '../analysis/numbers.ts';
import { type Block, paragraph } from './block.ts';
import { drawIntervals, numberAxis, type PlotRow, shareAxis } from './plot.ts';
import type { Report } from './report.ts';
import { formatShare } from './tables.ts';

/** Rows of one plot; what is left out stands in the table. */
const PLOT_ROWS = 12;

/** Gates on shares and overall outcomes; empty when there are none. */
export function sharePlot(report: Report): readonly Block[] {
  const rows = shareRows(report);
  if (rows.length === 0) return [];
  return [{ kind: 'plot', lines: drawIntervals(shareAxis('share of units'), rows, intervalLegend(report)) }];
}

/** The first outcome, or else the first metric, group by group; empty for a single group. */
export function groupPlot(report: Report): readonly Block[] {
  if (report.groups.length < 2) return [];
  const first = report.overall.outcomes[0];
  return first === undefined ? groupMeanPlot(report) : groupSharePlot(report, first.field);
}

/** Gates on shares with their bounds, then outcomes. Of two complementary values only the first is drawn. */
function shareRows(report: Report): readonly PlotRow[] {
  const rows: PlotRow[] = [];
  const drawn = new Set<string>();
  for (const gate of report.gates) {
    const isShare = gate.kind === 'share' || gate.kind === 'valid_share';
    if (!isShare || gate.value === null || gate.interval === null || gate.n === 0) continue;
    const figure = formatPercent(gate.value, percentDecimals(gate.n));
    rows.push({ kind: 'interval', label: gate.name, figure, ...ends(gate.interval), point: gate.value });
    const bounds = [gate.region.atLeast, gate.region.atMost].filter((bound) => bound !== null);
    rows.push({ kind: 'gate', region: formatRegion(gate), bounds });
    drawn.add(`${gate.value} of ${gate.n}`);
  }
  for (const outcome of report.overall.outcomes) {
    // The same share is there already, with its gate; of two values the other one would say nothing new.
    const isDrawn = (share: ShareEstimate) => drawn.has(`${share.share} of ${share.n}`);
    if (outcome.values.length <= 2 && outcome.values.some(isDrawn)) continue;
    for (const share of plottedValues(outcome.values)) {
      if (rows.length >= PLOT_ROWS) return rows;
      if (isDrawn(share)) continue;
      rows.push(shareRow(share, labelOf(outcome.field, share.value)));
    }
  }
  return rows;
}

/** A bool is called by its field, anything else by its value. */
function labelOf(field: string, value: string): string {
  return value === 'true' ? field : value === 'false' ? `not ${field}` : value;
}

function plottedValues(values: readonly ShareEstimate[]): readonly ShareEstimate[] {
  return values.length <= 2 ? values.slice(0, 1) : values.slice(0, 8);
}

function shareRow(share: ShareEstimate, label: string): PlotRow {
  return { kind: 'interval', label, figure: formatShare(share), ...ends(share.interval), point: share.share };
}

function ends(interval: Interval): { low: number; high: number } {
  return { low: interval.low, high: interval.high };
}

function intervalLegend(report: Report): string {
  const levels = new Set(
    report.gates.map((gate) => gate.interval?.confidence).filter((level) => level !== undefined),
  );
  if (report.overall.outcomes.length > 0) levels.add(0.95);
  return levels.size === 1 ? `${Math.round([...levels][0]! * 1000) / 10}% CI` : 'confidence interval';
}

function groupSharePlot(report: Report, field: string): readonly Block[] {
  const value = report.overall.outcomes.find((outcome) => outcome.field === field)?.values[0]?.value;
  if (value === undefined) return [];
  const rows = report.groups.slice(0, PLOT_ROWS).flatMap((group) => {
    const share = shareOf(group, field, value);
    return share === null ? [] : [shareRow(share, group.group ?? '')];
  });
  if (rows.length < 2) return [];
  const caption = paragraph(['Share of ', { name: field }, ' ', { code: value }, ' in each group:']);
  return [caption, { kind: 'plot', lines: drawIntervals(shareAxis('share by group'), rows, '95% CI') }];
}

function groupMeanPlot(report: Report): readonly Block[] {
  const field = report.overall.metrics[0]?.field;
  if (field === undefined) return [];
  const rows = report.groups.slice(0, PLOT_ROWS).flatMap((group): PlotRow[] => {
    const metric = group.metrics.find((candidate) => candidate.field === field);
    if (metric === undefined || metric.interval === null) return [];
    const figure = metric.mean.toPrecision(4).replace('-', '−');
    return [
      { kind: 'interval', label: group.group ?? '', figure, ...ends(metric.interval), point: metric.mean },
    ];
  });
  if (rows.length < 2) return [];
  const values = rows.flatMap((row) => (row.kind === 'interval' ? [row.low, row.high] : []));
  const caption = paragraph(['Mean of ', { name: field }, ' in each group:']);
  return [
    caption,
    { kind: 'plot', lines: drawIntervals(numberAxis('mean by group', values), rows, '95% CI') },
  ];
}

/** The share of a value in a group; a group where it never came up has none of n, which is a result too. */
function shareOf(group: Slice, field: string, value: string): ShareEstimate | null {
  return (
    group.outcomes
      .find((outcome) => outcome.field === field)
      ?.values.find((share) => share.value === value) ?? null
  );
}
