// Changes as text plots: each interval against zero, with the marks of its gate below it. The table beside them has the
// same numbers.
import type { Change } from '../analysis/comparison-change.ts';
import type { Bounds } from '../analysis/estimate.ts';
import { formatLevel, formatRegion } from '../analysis/gate-text.ts';
import type { GateResult } from '../analysis/gates.ts';
import type { Block } from './block.ts';
import { changeText } from './change-text.ts';
import { formatGateValue } from './headline.ts';
import { type Axis, drawIntervals, numberAxis, type PlotRow } from './plot.ts';

/** Half-widths of the axis of shares, in percentage points. */
const REACHES = [2, 5, 10, 20, 40, 100];

/** One change to draw: its interval is the gate's where the gate is on this very change. `label` is untrusted. */
export interface DrawnChange {
  readonly label: string;
  readonly kind: Change['kind'];
  readonly figure: string;
  readonly point: number;
  readonly interval: Bounds;
  readonly confidence: number;
  readonly gate: GateResult | null;
}

/** A change without a gate of its own; null: it has no interval. */
export function drawnChange(label: string, change: Change): DrawnChange | null {
  const { kind, interval, confidence } = change;
  if (interval === null) return null;
  return { label, kind, figure: changeText(change), point: change.change, interval, confidence, gate: null };
}

/** What a gate on a change was held against; null: there is nothing. */
export function drawnGate(gate: GateResult): DrawnChange | null {
  const { name: label, value, interval } = gate;
  if (value === null || interval === null) return null;
  const kind = gate.kind === 'share_change' ? 'share' : 'mean';
  const { low, high, confidence } = interval;
  return {
    label,
    kind,
    figure: formatGateValue(gate),
    point: value,
    interval: { low, high },
    confidence,
    gate,
  };
}

/** Plots of at most `most` changes: one of all shares, and one of each mean, as means have no unit in common. */
export function changePlots(changes: readonly DrawnChange[], branch: string, most: number): readonly Block[] {
  const drawn = changes.slice(0, most);
  const shares = drawn.filter(({ kind }) => kind === 'share');
  const means = drawn.filter(({ kind }) => kind === 'mean');
  const base = /^[\w./-]{1,12}$/.test(branch) ? branch : 'base';
  const plots = means.map((one) => draw([one], meanAxis([one], base)));
  return shares.length === 0 ? plots : [draw(shares, shareAxis(shares, base)), ...plots];
}

/** One plot of the same quantity in many groups; null without any. */
export function groupChangePlot(changes: readonly DrawnChange[], branch: string): Block | null {
  const [first] = changes;
  if (first === undefined) return null;
  const base = /^[\w./-]{1,12}$/.test(branch) ? branch : 'base';
  return draw(changes, first.kind === 'share' ? shareAxis(changes, base) : meanAxis(changes, base));
}

function draw(changes: readonly DrawnChange[], axis: Axis): Block {
  const rows = changes.flatMap(({ label, figure, interval, point, gate }): PlotRow[] => {
    const row: PlotRow = { kind: 'interval', label, figure: figure.replace(' pp', ''), ...interval, point };
    const bounds = boundsOf(gate);
    return bounds.length === 0 ? [row] : [row, { kind: 'gate', region: formatRegion(gate!), bounds }];
  });
  const levels = new Set(changes.map(({ confidence }) => confidence));
  const level = levels.size === 1 ? `${formatLevel([...levels][0]!)} CI` : 'confidence interval';
  const lines = drawIntervals(axis, [...rows, { kind: 'zero', label: 'no change' }], level);
  return { kind: 'plot', lines };
}

function boundsOf(gate: GateResult | null): readonly number[] {
  return [gate?.region.atLeast ?? null, gate?.region.atMost ?? null].filter((bound) => bound !== null);
}

function shareAxis(changes: readonly DrawnChange[], base: string): Axis {
  const ends = changes.flatMap(({ interval, gate }) => [interval.low, interval.high, ...boundsOf(gate)]);
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
  const ends = changes.flatMap(({ interval, gate }) => [interval.low, interval.high, ...boundsOf(gate)]);
  const farthest = Math.max(...ends.map(Math.abs));
  const { ticks } = numberAxis('', [-farthest, farthest]);
  const [low, high] = [ticks[0]!.at, ticks.at(-1)!.at];
  const signs = ticks.map(({ at, text }) => ({ at, text: at > 0 && /[1-9]/.test(text) ? `+${text}` : text }));
  return { title: `minus ${base}`, low, high, ticks: signs };
}

function tickText(at: number): string {
  return at === 0 ? '0' : `${at > 0 ? '+' : '−'}${Math.abs(at)}`;
}
