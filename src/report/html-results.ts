// Gates, outcomes and metrics with their intervals, drawn and in a table; then the same group by group.
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Chart, groupMeanChart, groupShareChart, meanCharts, shareChart } from './chart.ts';
import { drawCharts } from './chart-svg.ts';
import { gainBlocks } from './gain-sentences.ts';
import { leftOut, writeBlocks, writeTable } from './html-blocks.ts';
import { html } from './html-markup.ts';
import { isJudged, type PageInput, type Section } from './html-section.ts';
import { resultNote } from './layout.ts';
import { GROUP_ROWS, groupTable, resultTable } from './tables.ts';

const CHART_ROWS = 40;
/** Gates are drawn before all else, and still not without end. */
const GATE_ROWS = 100;
const MEAN_CHARTS = 12;
/** Charts by group, of outcomes and of metrics each. */
const GROUP_CHARTS = 6;
/** Lines of the table by group. */
const GROUP_LINES = 800;

/** Null while nothing is judged: numbers of a part of a run are no results. */
export function resultSection({ report }: PageInput): Section | null {
  if (!isJudged(report)) return null;
  const table = resultTable(report);
  if (table.rows.length === 0) return null;
  const shares = shareChart(report, CHART_ROWS);
  const charts = [...(shares === null ? [] : [shorten(shares)]), ...meanCharts(report).slice(0, MEAN_CHARTS)];
  const note = resultNote(report);
  const gains = gainBlocks(report);
  const body = html`${drawCharts(charts)}${writeTable(table, 'Results')}${
    note === '' ? null : html`<p class="note">${note}</p>\n`
  }${gains.length === 0 ? null : html`<div class="note">${writeBlocks(gains)}</div>\n`}`;
  return { id: 'results', title: 'Results', note: null, body };
}

/** A single group would only repeat the whole. */
export function groupSection({ report }: PageInput): Section | null {
  const { groups, unitsInMoreGroups, overall } = report;
  if (!isJudged(report) || groups.length + Math.min(1, unitsInMoreGroups) < 2) return null;
  const charts = [
    ...overall.outcomes
      .slice(0, GROUP_CHARTS)
      .map((outcome) => groupShareChart(report, outcome.field, CHART_ROWS)),
    ...overall.metrics
      .slice(0, GROUP_CHARTS)
      .map((metric) => groupMeanChart(report, metric.field, CHART_ROWS)),
  ].filter((chart) => chart !== null);
  const more = groups.length - GROUP_ROWS;
  const further =
    unitsInMoreGroups > 0
      ? html`<p class="note">${formatUnits(unitsInMoreGroups)} in further groups are not shown here.</p>\n`
      : null;
  const body = html`${drawCharts(charts)}${writeTable(
    groupTable(report),
    'Groups',
    GROUP_LINES,
  )}${more > 0 ? leftOut(more, more === 1 ? 'group' : 'groups', 'report.json') : null}${further}`;
  const count = `${formatCount(groups.length)} ${groups.length === 1 ? 'group' : 'groups'}`;
  const by = report.groupBy === null ? [] : [' by ', { name: report.groupBy }];
  return { id: 'groups', title: 'Groups', note: [count, ...by], body };
}

function shorten(chart: Chart): Chart {
  const rows = chart.rows.slice(0, GATE_ROWS);
  return { ...chart, rows, leftOut: chart.leftOut + chart.rows.length - rows.length };
}
