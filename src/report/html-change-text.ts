// A change in figures: with its sign, its unit and the decimals that its interval carries.
import type { Change, ChangeTest } from '../analysis/comparison-change.ts';
import {
  errorDecimals,
  formatNumber,
  formatPercent,
  formatPlain,
  percentDecimals,
} from '../analysis/numbers.ts';

/** `−11 pp`, `+2.4`: with the sign, and 0 as `±0`. */
export function changeText(change: Change): string {
  return signed(change.change, change);
}

/** `−24 to +3`: its interval; empty without one. */
export function spanText(change: Change): string {
  const { interval } = change;
  if (interval === null) return '';
  return [interval.low, interval.high].map((end) => signed(end, change).replace(' pp', '')).join(' to ');
}

/** What it is on one side. */
export function sideText(change: Change, value: number): string {
  return change.kind === 'share'
    ? formatPercent(value, decimalsOf(change))
    : formatNumber(value, decimalsOf(change));
}

/** `0.031`, `< 0.0001`. */
export function probabilityText(p: number): string {
  return p < 0.0001 ? '< 0.0001' : p >= 0.1 ? p.toFixed(2) : p.toPrecision(2);
}

/** `Cliff's delta 0.12`; empty where the test has no measure of its own. */
export function effectText({ effect }: ChangeTest): string {
  return effect === null ? '' : `${effect.name} ${formatPlain(Number(effect.value.toPrecision(3)))}`;
}

function decimalsOf({ kind, baseUnits, headUnits, interval }: Change): number {
  if (kind === 'share') return percentDecimals(Math.min(baseUnits, headUnits));
  return errorDecimals(interval === null ? 0 : (interval.high - interval.low) / 4);
}

function signed(value: number, change: Change): string {
  const isShare = change.kind === 'share';
  const text = formatNumber(isShare ? value * 100 : value, decimalsOf(change));
  const unit = isShare ? ' pp' : '';
  if (!/[1-9]/.test(text)) return `±0${unit}`;
  return `${value > 0 ? '+' : ''}${text}${unit}`;
}
