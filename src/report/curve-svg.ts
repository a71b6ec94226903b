// Curves over two axes as SVG: lines in a box that is stretched to the room there is, texts beside it that keep their
// size. What a curve shows in numbers stands in the table that comes with it.
import type { Table, Text } from './block.ts';
import { swatch } from './chart-svg.ts';
import { writeTable, writeText } from './html-blocks.ts';
import { html, type Markup } from './html-markup.ts';
import type { Axis } from './plot.ts';

/** The box of a curve, in units of its own. */
const SIDE = 1000;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A line through spots, or the steps between them; `base` is dashed. `band`: a filled strip between two lines. */
export type CurveShape =
  | { readonly kind: 'line' | 'steps'; readonly of: 'head' | 'base'; readonly spots: readonly Spot[] }
  | { readonly kind: 'band'; readonly upper: readonly Spot[]; readonly lower: readonly Spot[] }
  | { readonly kind: 'region'; readonly from: number | null; readonly to: number | null };

/** One figure. `says` is the drawing in a sentence, `keys` what its marks stand for: class and text. */
export interface Curve {
  readonly caption: Text;
  readonly says: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly shapes: readonly CurveShape[];
  readonly keys: readonly (readonly [mark: string, text: string])[];
  readonly table: Table;
}

/** Figures beside each other where there is room, each with its numbers folded below it. */
export function drawCurves(curves: readonly Curve[]): Markup {
  return html`<div class="curves">\n${curves.map(drawCurve)}</div>\n`;
}

function drawCurve({ caption, says, x, y, shapes, keys, table }: Curve): Markup {
  const place = placer(x, y);
  return html`<figure class="chart">
<figcaption>${writeText(caption)}</figcaption>
<div class="plane">${drawHeights(y)}
<span class="box"><svg role="img" viewBox="0 0 ${SIDE} ${SIDE}" preserveAspectRatio="none" aria-label="${says}"><title>${says}</title>${gridOf(x, y)}${shapes.map(
    (shape) => drawShape(shape, place),
  )}</svg></span>
${drawLengths(x)}</div>
<p class="legend">${keys.map(([mark, text]) => swatch(mark, text))}<span class="axis">${x.title}</span></p>
<details><summary>Numbers</summary>${writeTable(table)}</details>
</figure>
`;
}

type Place = (spot: Spot) => readonly [x: number, y: number];

/** Into the box, from its upper left corner; what lies beyond the axes stays at their end. */
function placer(x: Axis, y: Axis): Place {
  const part = (value: number, { low, high }: Axis) => Math.min(1, Math.max(0, (value - low) / (high - low)));
  return (spot) => [short(part(spot.x, x) * SIDE), short((1 - part(spot.y, y)) * SIDE)];
}

function short(value: number): number {
  return Number(value.toFixed(1));
}

function drawShape(shape: CurveShape, place: Place): Markup {
  switch (shape.kind) {
    case 'line':
    case 'steps':
      return html`<path class="${shape.of === 'base' ? 'curve before' : 'curve'}" d="${pathOf(shape.spots, place, shape.kind === 'steps')}"/>`;
    case 'band': {
      const around = [...shape.upper, ...shape.lower.toReversed()];
      return html`<path class="band" d="${pathOf(around, place, false)}Z"/>`;
    }
    case 'region': {
      const top = shape.to === null ? 0 : place({ x: 0, y: shape.to })[1];
      const bottom = shape.from === null ? SIDE : place({ x: 0, y: shape.from })[1];
      const bounds = [shape.to === null ? [] : top, shape.from === null ? [] : bottom].flat();
      return html`<rect class="region" x="0" y="${top}" width="${SIDE}" height="${short(Math.max(0, bottom - top))}"/>${bounds.map(
        (at) => html`<path class="bound" d="M0 ${at}H${SIDE}"/>`,
      )}`;
    }
    default:
      return shape satisfies never;
  }
}

function pathOf(spots: readonly Spot[], place: Place, steps: boolean): string {
  return spots
    .map(place)
    .map(([x, y], i) => (i === 0 ? `M${x} ${y}` : steps ? `H${x}V${y}` : `L${x} ${y}`))
    .join('');
}

function gridOf(x: Axis, y: Axis): Markup {
  const place = placer(x, y);
  const across = y.ticks.map(({ at }) => `M0 ${place({ x: x.low, y: at })[1]}H${SIDE}`);
  const down = x.ticks.map(({ at }) => `M${place({ x: at, y: y.low })[0]} 0V${SIDE}`);
  return html`<path class="grid" d="${[...across, ...down].join('')}"/>`;
}

function drawHeights(axis: Axis): Markup {
  const texts = axis.ticks.map(
    ({ at, text }) =>
      html`<text x="100%" y="${percentOf(axis.high - at, axis)}%" dy="4" text-anchor="end">${text}</text>`,
  );
  return html`<svg class="heights" aria-hidden="true">${texts}</svg>`;
}

function drawLengths(axis: Axis): Markup {
  const last = axis.ticks.length - 1;
  const texts = axis.ticks.map(({ at, text }, i) => {
    const anchor = i === 0 ? 'start' : i === last ? 'end' : 'middle';
    return html`<text x="${percentOf(at - axis.low, axis)}%" y="13" text-anchor="${anchor}">${text}</text>`;
  });
  return html`<svg class="ticks" aria-hidden="true">${texts}</svg>`;
}

function percentOf(length: number, { low, high }: Axis): number {
  return short((length / (high - low)) * 100);
}
