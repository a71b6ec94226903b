// Changes as text plots: the levels of both runs, then each change with its interval against zero and the marks of its gate
// below it. The table beside them has the same numbers.
import type { Change } from '../analysis/comparison-change.ts';
import type { Bounds } from '../analysis/estimate.ts';
import { formatLevel, formatRegion } from '../analysis/gate-text.ts';
import type { GateResult } from '../analysis/gates.ts';
import { SHOWN_CONFIDENCE } from '../analysis/intervals.ts';
import type { Block } from './block.ts';
import { changeText, sideText } from './change-text.ts';
import { formatGateValue } from './headline.ts';
import { type Axis, drawPanels, numberAxis, type Panel, type PlotRow, shareAxis } from './plot.ts';

/** Half-widths of the axis of shares, in percentage points. */
const REACHES = [2, 5, 10, 20, 40, 100];
/** Gates on differences that are drawn. */
const DIFFERENCES = 6;

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

/** What a gate on a change or a difference was held against; null: there is nothing. */
export function drawnGate(gate: GateResult): DrawnChange | null {
  const { name: label, value, interval } = gate;
  if (value === null || interval === null) return null;
  const kind = gate.kind.startsWith('share') ? 'share' : 'mean';
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

/** What a share came to in both runs, with the gate on it. `label` is untrusted. */
export interface DrawnLevel {
  readonly label: string;
  readonly base: DrawnSide | null;
  readonly head: DrawnSide;
  /** Of a gate on the level itself. */
  readonly gate: GateResult | null;
}

/** One run's share. */
export interface DrawnSide {
  readonly figure: string;
  readonly point: number;
  readonly interval: Bounds;
  readonly confidence: number;
}

/** What a gate on a share was held by; null: there is nothing. */
export function drawnLevel(gate: GateResult): DrawnSide | null {
  const { value, interval } = gate;
  if (value === null || interval === null) return null;
  const { low, high, confidence } = interval;
  return { figure: formatGateValue(gate), point: value, interval: { low, high }, confidence };
}

/** One side of a change; null: it has no interval. */
export function drawnSide(change: Change, side: 'base' | 'head'): DrawnSide | null {
  const interval = side === 'base' ? change.baseInterval : change.headInterval;
  if (interval === null) return null;
  return { figure: sideText(change, side), point: change[side], interval, confidence: SHOWN_CONFIDENCE };
}

/**
 * One plot: levels, at most `most` changes of shares, those of each mean, as means have no unit in common, and what gates
 * on differences between groups were held by.
 */
export function changePlot(
  levels: readonly DrawnLevel[],
  changes: readonly DrawnChange[],
  gates: readonly GateResult[],
  branch: string,
  most: number,
): readonly Block[] {
  const base = baseName(branch);
  const drawn = changes.slice(0, most);
  const shares = drawn.filter(({ kind }) => kind === 'share');
  const means = drawn.filter(({ kind }) => kind === 'mean');
  const differences = drawnDifferences(gates);
  const panels = [
    ...(levels.length === 0 ? [] : [levelPanel(levels, base)]),
    ...(shares.length === 0 ? [] : [changePanel(shares, shareAxisOf(shares, titleOf(base)))]),
    ...means.map((one) => changePanel([one], meanAxis([one], titleOf(base)))),
    ...differences.map(differencePanel),
  ];
  const sides = levels.flatMap(({ base: there, head }) => (there === null ? [head] : [there, head]));
  return panels.length === 0 ? [] : [draw(panels, [...sides, ...drawn, ...differences], base)];
}

/** What gates on differences between groups were held by, where no other run is seen beside it; empty without any. */
export function differencePlot(gates: readonly GateResult[]): readonly Block[] {
  const differences = drawnDifferences(gates);
  return differences.length === 0 ? [] : [draw(differences.map(differencePanel), differences, '')];
}

function drawnDifferences(gates: readonly GateResult[]): readonly DrawnChange[] {
  const isDifference = ({ kind }: GateResult) => kind === 'share_difference' || kind === 'mean_difference';
  return gates
    .filter(isDifference)
    .slice(0, DIFFERENCES)
    .flatMap((gate) => drawnGate(gate) ?? []);
}

function differencePanel(one: DrawnChange): Panel {
  const { sides } = one.gate!;
  const title = `${sides?.of?.name} − ${sides?.minus?.name}`;
  const named = /^[\w −.-]{1,22}$/.test(title) ? title : 'difference';
  const axis = one.kind === 'share' ? shareAxisOf([one], named) : meanAxis([one], named);
  return changePanel([one], axis, 'no difference');
}

/** One plot of the same quantity in many groups; null without any. */
export function groupChangePlot(changes: readonly DrawnChange[], branch: string): Block | null {
  const [first] = changes;
  if (first === undefined) return null;
  const base = baseName(branch);
  const title = titleOf(base);
  const axis = first.kind === 'share' ? shareAxisOf(changes, title) : meanAxis(changes, title);
  return draw([changePanel(changes, axis)], changes, base);
}

function titleOf(base: string): string {
  return `this run − ${base}`;
}

/** As long as an axis has room for. */
function baseName(branch: string): string {
  return /^[\w./-]{1,11}$/.test(branch) ? branch : 'base';
}

function draw(panels: readonly Panel[], drawn: readonly { confidence: number }[], base: string): Block {
  const levels = new Set(drawn.map(({ confidence }) => confidence));
  const level = levels.size === 1 ? `${formatLevel([...levels][0]!)} CI` : 'interval';
  return { kind: 'plot', lines: drawPanels(panels, level, base) };
}

function levelPanel(levels: readonly DrawnLevel[], base: string): Panel {
  const rows = levels.flatMap(({ label, base: there, head, gate }): PlotRow[] => [
    { kind: 'title', label },
    ...(there === null ? [] : [sideRow('base', base, there)]),
    sideRow('interval', 'this run', head),
    ...gateRows(gate),
  ]);
  return { axis: shareAxis('share of units'), rows };
}

function sideRow(kind: 'base' | 'interval', name: string, { figure, point, interval }: DrawnSide): PlotRow {
  return { kind, label: name, isBelow: true, figure, ...interval, point };
}

function changePanel(changes: readonly DrawnChange[], axis: Axis, zero = 'no change'): Panel {
  const rows = changes.flatMap(({ label, figure, interval, point, gate }): PlotRow[] => [
    { kind: 'interval', label, figure: figure.replace(' pp', ''), ...interval, point },
    ...gateRows(gate),
  ]);
  return { axis, rows: [...rows, { kind: 'zero', label: zero }] };
}

function gateRows(gate: GateResult | null): readonly PlotRow[] {
  const bounds = boundsOf(gate);
  return bounds.length === 0 ? [] : [{ kind: 'gate', region: formatRegion(gate!), bounds }];
}

function boundsOf(gate: GateResult | null): readonly number[] {
  return [gate?.region.atLeast ?? null, gate?.region.atMost ?? null].filter((bound) => bound !== null);
}

function shareAxisOf(changes: readonly DrawnChange[], title: string): Axis {
  const ends = changes.flatMap(({ interval, gate }) => [interval.low, interval.high, ...boundsOf(gate)]);
  const farthest = Math.max(...ends.map((end) => Math.abs(end * 100)));
  const reach = REACHES.find((one) => one >= farthest) ?? 100;
  const ticks = [-reach, -reach / 2, 0, reach / 2, reach];
  return {
    title: `${title}, pp`,
    low: -reach / 100,
    high: reach / 100,
    ticks: ticks.map((at) => ({ at: at / 100, text: tickText(at) })),
  };
}

/** Zero in the middle, as of shares, so that the eye finds it in the same place. */
function meanAxis(changes: readonly DrawnChange[], title: string): Axis {
  const ends = changes.flatMap(({ interval, gate }) => [interval.low, interval.high, ...boundsOf(gate)]);
  const farthest = Math.max(...ends.map(Math.abs));
  const { ticks } = numberAxis('', [-farthest, farthest]);
  const [low, high] = [ticks[0]!.at, ticks.at(-1)!.at];
  const signs = ticks.map(({ at, text }) => ({ at, text: at > 0 && /[1-9]/.test(text) ? `+${text}` : text }));
  return { title, low, high, ticks: signs };
}

function tickText(at: number): string {
  return at === 0 ? '0' : `${at > 0 ? '+' : '−'}${Math.abs(at)}`;
}
