// Changes as text plots: each interval against zero, with the marks of its gate below it. The table beside them has the
// same numbers.
import type { Change } from '../analysis/comparison-change.ts';
import type { Bounds } from '../analysis/estimate.ts';
import { formatRegion } from '../analysis/gate-text.ts';
import type { GateResult } from '../analysis/gates.ts';
import type { Block } from './block.ts';
import { changeText } from './change-text.ts';
import { type Axis, drawIntervals, numberAxis, type PlotRow } from './plot.ts';

/** Half-widths of the axis of shares, in percentage points. */
const REACHES = [2, 5, 10, 20, 40, 100];

/** One change to draw; `gate`: the one on this very change, whose interval is the one to draw. */
export interface DrawnChange {
  readonly label: string;
  readonly change: Change;
  readonly gate: GateResult | null;
}

/** Plots of at most `most` changes: one of all shares, and one of each mean, as means have no unit in common. */
export function changePlots(changes: readonly DrawnChange[], branch: string, most: number): readonly Block[] {
  const drawn = changes.filter((one) => intervalOf(one) !== null).slice(0, most);
  const shares = drawn.filter(({ change }) => change.kind === 'share');
  const means = drawn.filter(({ change }) => change.kind === 'mean');
  const base = /^[\w./-]{1,12}$/.test(branch) ? branch : 'base';
  const plots = means.map((one) => draw([one], meanAxis([one], base)));
  return shares.length === 0 ? plots : [draw(shares, shareAxis(shares, base)), ...plots];
}

/** One plot of the same mean in many groups. */
export function groupChangePlot(changes: readonly DrawnChange[], branch: string): Block | null {
  const drawn = changes.filter((one) => intervalOf(one) !== null);
  const [first] = drawn;
  if (first === undefined) return null;
  const base = /^[\w./-]{1,12}$/.test(branch) ? branch : 'base';
  return draw(drawn, first.change.kind === 'share' ? shareAxis(drawn, base) : meanAxis(drawn, base));
}

function draw(changes: readonly DrawnChange[], axis: Axis): Block {
  const rows = changes.flatMap((one): PlotRow[] => {
    const { label, change, gate } = one;
    const { low, high } = intervalOf(one)!;
    const figure = changeText(change).replace(' pp', '');
    const row: PlotRow = { kind: 'interval', label, figure, low, high, point: change.change };
    const bounds = boundsOf(gate);
    return bounds.length === 0 ? [row] : [row, { kind: 'gate', region: formatRegion(gate!), bounds }];
  });
  const levels = new Set(changes.map(({ change, gate }) => gate?.interval?.confidence ?? change.confidence));
  const level = levels.size === 1 ? `${Math.round([...levels][0]! * 1000) / 10}% CI` : 'confidence interval';
  const lines = drawIntervals(axis, [...rows, { kind: 'zero', label: 'no change' }], level);
  return { kind: 'plot', lines };
}

function intervalOf({ change, gate }: DrawnChange): Bounds | null {
  return gate?.interval ?? change.interval;
}

function boundsOf(gate: GateResult | null): readonly number[] {
  return [gate?.region.atLeast ?? null, gate?.region.atMost ?? null].filter((bound) => bound !== null);
}

function shareAxis(changes: readonly DrawnChange[], base: string): Axis {
  const ends = changes.flatMap((one) => [intervalOf(one)!.low, intervalOf(one)!.high, ...boundsOf(one.gate)]);
  const farthest = Math.max(...ends.map((end) => Math.abs(end * 100)));
  const reach = REACHES.find((one) => one >= farthest) ?? 100;
  const ticks = [-reach, -reach / 2, 0, reach / 2, reach];
  return {
    title: `minus ${base}, pp`,
    low: -reach / 100,
    high: reach / 100,
    ticks: ticks.map((at) => ({ at: at / 100, text: tickText(at) })),
  };
}

/** Zero in the middle, as of shares, so that the eye finds it in the same place. */
function meanAxis(changes: readonly DrawnChange[], base: string): Axis {
  const ends = changes.flatMap((one) => [intervalOf(one)!.low, intervalOf(one)!.high, ...boundsOf(one.gate)]);
  const farthest = Math.max(...ends.map(Math.abs));
  const { ticks } = numberAxis('', [-farthest, farthest]);
  const [low, high] = [ticks[0]!.at, ticks.at(-1)!.at];
  const signs = ticks.map(({ at, text }) => ({ at, text: at > 0 && /[1-9]/.test(text) ? `+${text}` : text }));
  return { title: `minus ${base}`, low, high, ticks: signs };
}

function tickText(at: number): string {
  return at === 0 ? '0' : `${at > 0 ? '+' : '−'}${Math.abs(at)}`;
}
