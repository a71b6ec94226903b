// A change in words and figures: with its sign, its unit, and the decimals that its interval carries.
import type { Change, ChangeTest } from '../analysis/comparison-change.ts';
import type { Bounds } from '../analysis/estimate.ts';
import { formatSigned } from '../analysis/gate-text.ts';
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatPlain,
  percentDecimals,
} from '../analysis/numbers.ts';
import type { Text } from './block.ts';

/** What changed: its name, and of an outcome which value. A field's name holds no blank; a figure's name says it all. */
export function nameText({ kind, name, label, isGate }: Change): Text {
  if (label !== null) return [{ name }, ' ', { code: label, max: 40 }];
  return kind === 'mean' && !isGate && !name.includes(' ') ? ['mean ', { name }] : [{ name }];
}

/** `−11 pp`, `+2.4`: with the sign, and 0 as `±0`. */
export function changeText(change: Change): string {
  return `${signed(change, change.change)}${change.kind === 'share' ? ' pp' : ''}`;
}

/** `−24 to +3`: its interval; empty without one. */
export function spanText(change: Change): string {
  return change.interval === null ? '' : boundsText(change, change.interval);
}

/** `−24 to +3`: bounds of a change, in its unit. */
export function boundsText(change: Change, { low, high }: Bounds): string {
  return `${signed(change, low)} to ${signed(change, high)}`;
}

/** What it is on one side, with the decimals that the side's own interval carries: `52%`, `25.1`. */
export function sideText(change: Change, side: 'base' | 'head'): string {
  return writeSide(change, side, change[side]);
}

/** The same with the decimals of the change, where no interval of a side stands beside it: the sides differ by the change. */
export function levelText(change: Change, side: 'base' | 'head'): string {
  return change.kind === 'share' ? sideText(change, side) : formatNumber(change[side], decimalsOf(change));
}

/** `(42 to 62)`: the interval of one side; empty without one. */
export function sideSpanText(change: Change, side: 'base' | 'head'): string {
  const interval = intervalOf(change, side);
  if (interval === null) return '';
  const write = (end: number) => writeSide(change, side, end).replace('%', '');
  return `(${write(interval.low)} to ${write(interval.high)})`;
}

function writeSide(change: Change, side: 'base' | 'head', value: number): string {
  if (change.kind === 'share') return formatPercent(value, decimalsOf(change));
  const interval = intervalOf(change, side);
  return formatNumber(value, interval === null ? 2 : errorDecimals((interval.high - interval.low) / 4));
}

function intervalOf({ baseInterval, headInterval }: Change, side: 'base' | 'head'): Bounds | null {
  return side === 'base' ? baseInterval : headInterval;
}

/** A change as a length, in words: `about 20 pp`, `about 1.3`. */
export function distanceText({ kind }: Change, distance: number): string {
  if (kind === 'mean') return `about ${formatPlain(Number(distance.toPrecision(2)))}`;
  const points = distance * 100;
  return `about ${formatNumber(points, points < 1 ? errorDecimals(points) : points < 10 ? 1 : 0)} pp`;
}

/** `p 0.031`. */
export function probabilityText(p: number): string {
  return p === 1 ? 'p 1' : `p ${chanceText(p)}`;
}

/** `0.031`, `< 0.0001`: a p where its column says that it is one. */
export function chanceText(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p >= 0.1 ? p.toFixed(2) : p.toPrecision(2);
}

/** `sign-flip permutation (9,999 draws)`. */
export function testName({ name, draws }: ChangeTest): string {
  return draws === 0 ? name : `${name} (${formatCount(draws)} draws)`;
}

/** `Cliff's delta 0.12 (0.05 to 0.19)`; empty for a test without a measure of its own. */
export function effectText({ effect }: ChangeTest): string {
  if (effect === null) return '';
  const write = (value: number) => formatPlain(Number(value.toPrecision(2)));
  const { name, value, interval } = effect;
  return `${name} ${write(value)}${interval === null ? '' : ` (${write(interval.low)} to ${write(interval.high)})`}`;
}

function signed(change: Change, value: number): string {
  return formatSigned(change.kind === 'share' ? value * 100 : value, decimalsOf(change));
}

function decimalsOf({ kind, baseUnits, headUnits, interval }: Change): number {
  if (kind === 'share') return percentDecimals(Math.min(baseUnits, headUnits));
  return errorDecimals(interval === null ? 0 : (interval.high - interval.low) / 4);
}
