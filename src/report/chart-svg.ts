// Charts as a list of rows, each with an SVG of its own: positions are percentages, so that text keeps its size on
// every screen. Nothing in it needs a style attribute, which the page's policy forbids.
import type { Chart, ChartRow } from './chart.ts';
import { oneLine } from './escape.ts';
import { writeText } from './html-blocks.ts';
import { html, type Markup } from './html-markup.ts';
import type { Axis } from './plot.ts';

/** Figures one below the other; a legend that says what the one before said is left out. */
export function drawCharts(charts: readonly Chart[]): readonly Markup[] {
  let before = '';
  return charts.map((chart) => {
    const key = legendOf(chart);
    const same = key.markup === before;
    before = key.markup;
    return drawChart(chart, same ? null : key);
  });
}

function drawChart(chart: Chart, key: Markup | null): Markup {
  const { caption, axis, rows, leftOut } = chart;
  const more = `${leftOut} more ${leftOut === 1 ? 'row stands' : 'rows stand'} in the table.`;
  return html`<figure class="chart">
<figcaption>${writeText(caption)}</figcaption>
<div class="rows">
<span></span><span></span>${drawTicks(axis)}
${rows.map((row) => drawRow(row, chart))}</div>
${key}${leftOut === 0 ? null : html`<p class="note">${more}</p>\n`}</figure>
`;
}

function legendOf({ rows, confidence, zero }: Chart): Markup {
  const gate = rows.some((row) => row.gate !== null) ? swatch('region', 'where the gate holds') : null;
  const nothing = zero === undefined ? null : swatch('zero', zero);
  const point = swatch('point', zero === undefined ? 'estimate' : 'change');
  return html`<p class="legend">${swatch('band', confidence)}${point}${gate}${nothing}</p>\n`;
}

function drawRow(row: ChartRow, { axis, confidence, zero }: Chart): Markup {
  const label = oneLine(row.label, 64);
  const at = (value: number) => place(value, axis);
  const needed = row.gate === null ? '' : `, needed ${row.gate.region}`;
  const says = `${label}: ${row.figure}, ${confidence} ${row.span.replace(/^\(|\)$/g, '')}${needed}`;
  const gate = row.gate === null ? null : html`<small>needed ${row.gate.region}</small>`;
  return html`<span class="label">${label}${gate}</span><span class="figure">${row.figure}</span>
<span class="track"><svg role="img" aria-label="${says}"><title>${says}</title>${grid(axis)}${drawRegion(row, axis)}${
    zero === undefined ? null : html`<line class="zero" x1="${at(0)}%" x2="${at(0)}%" y1="0" y2="100%"/>`
  }
<line class="interval" x1="${at(row.low)}%" x2="${at(row.high)}%" y1="50%" y2="50%"/>
<circle class="point" cx="${at(row.point)}%" cy="50%" r="5"/></svg></span>
`;
}

/** The part of the axis where the gate holds, with a line at each bound. */
function drawRegion({ gate }: ChartRow, axis: Axis): Markup | null {
  if (gate === null) return null;
  const low = gate.atLeast === null ? '0' : place(gate.atLeast, axis);
  const high = gate.atMost === null ? '100' : place(gate.atMost, axis);
  const bounds = [gate.atLeast === null ? [] : [low], gate.atMost === null ? [] : [high]].flat();
  return html`<rect class="region" x="${low}%" y="0" width="${width(low, high)}%" height="100%"/>${bounds.map(
    (x) => html`<line class="bound" x1="${x}%" x2="${x}%" y1="0" y2="100%"/>`,
  )}`;
}

function grid(axis: Axis): readonly Markup[] {
  return axis.ticks.map(({ at }) => {
    const x = place(at, axis);
    return html`<line class="grid" x1="${x}%" x2="${x}%" y1="0" y2="100%"/>`;
  });
}

function drawTicks(axis: Axis): Markup {
  const ticks = axis.ticks.map(({ at, text }, i) => {
    const anchor = i === 0 ? 'start' : i === axis.ticks.length - 1 ? 'end' : 'middle';
    return html`<text x="${place(at, axis)}%" y="13" text-anchor="${anchor}">${text}</text>`;
  });
  return html`<svg class="ticks" aria-hidden="true">${ticks}</svg>`;
}

/** A mark and what it stands for. */
export function swatch(mark: string, text: string): Markup {
  const shape = swatchShape(mark);
  return html`<span><svg class="swatch" aria-hidden="true">${shape}</svg>${text}</span>`;
}

function swatchShape(mark: string): Markup {
  switch (mark) {
    case 'point':
      return html`<circle class="point" cx="7" cy="5" r="5"/>`;
    case 'head':
      return html`<path class="curve" d="M0 5H14"/>`;
    case 'before':
      return html`<path class="curve before" d="M0 5H14"/>`;
    case 'zero':
      return html`<path class="zero" d="M7 0V10"/>`;
    default:
      return html`<rect class="${mark}" width="14" height="10" rx="2"/>`;
  }
}

/** Where a value stands on the axis, 0 to 100 with two decimals. */
function place(value: number, axis: Axis): string {
  const share = (value - axis.low) / (axis.high - axis.low);
  return percent(Math.min(1, Math.max(0, share)));
}

function width(low: string, high: string): string {
  return percent(Math.max(0, Number(high) - Number(low)) / 100);
}

/** A share of a length as SVG takes it. */
export function percent(share: number): string {
  return String(Number((share * 100).toFixed(2)));
}
