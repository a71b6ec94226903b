// The charts of a report as text plots. The tables beside them hold what is left out here.
import { type Block, paragraph } from './block.ts';
import { type Chart, groupMeanChart, groupShareChart, shareChart } from './chart.ts';
import { drawIntervals, type PlotRow } from './plot.ts';
import type { Report } from './report.ts';

/** Rows of one plot; what is left out stands in the table. */
const PLOT_ROWS = 12;

/** Gates on shares and overall outcomes; empty when there are none. */
export function sharePlot(report: Report): readonly Block[] {
  const chart = shareChart(report, PLOT_ROWS);
  return chart === null ? [] : [draw(chart)];
}

/** The first outcome, or else the first metric, group by group; empty for a single group. */
export function groupPlot(report: Report): readonly Block[] {
  if (report.groups.length < 2) return [];
  const outcome = report.overall.outcomes[0]?.field;
  const metric = report.overall.metrics[0]?.field;
  const chart =
    outcome !== undefined
      ? groupShareChart(report, outcome, PLOT_ROWS)
      : metric === undefined
        ? null
        : groupMeanChart(report, metric, PLOT_ROWS);
  return chart === null ? [] : [paragraph([...chart.caption, ':']), draw(chart)];
}

function draw(chart: Chart): Block {
  const rows = chart.rows.flatMap(({ gate, ...row }): PlotRow[] => {
    const interval: PlotRow = { kind: 'interval', ...row };
    if (gate === null) return [interval];
    const bounds = [gate.atLeast, gate.atMost].filter((bound) => bound !== null);
    return [interval, { kind: 'gate', region: gate.region, bounds }];
  });
  return { kind: 'plot', lines: drawIntervals(chart.axis, rows, chart.confidence) };
}
