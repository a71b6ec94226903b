// Intervals and bounds as people read them, with the decimals that they carry. It computes none.
import type { Bounds, Interval } from '../analysis/estimate.ts';
import { formatLevel } from '../analysis/gate-text.ts';
import { SHOWN_CONFIDENCE } from '../analysis/intervals.ts';
import { errorDecimals, formatNumber, formatPercent } from '../analysis/numbers.ts';

/** `(48.1 to 54.3)`; shares in percent with that many decimals, other quantities (null) as their width asks. */
export function formatInterval(interval: Interval, percent: number | null): string {
  const decimals = percent ?? errorDecimals((interval.high - interval.low) / 4);
  const write = (x: number) =>
    percent === null ? formatNumber(x, decimals) : formatPercent(x, decimals).slice(0, -1);
  return nbsp(`(${levelOf(interval)}${write(interval.low)} to ${write(interval.high)})`);
}

/** `99% CI `, before an interval; empty for the level that tables say once. */
export function levelOf({ confidence }: Pick<Interval, 'confidence'>): string {
  return confidence === SHOWN_CONFIDENCE ? '' : `${formatLevel(confidence)} CI `;
}

/** `41.2% to 43.9%`. */
export function shareBoundsText(bounds: Bounds, decimals: number): string {
  // Two different bounds are never written as the same figure.
  const same = formatPercent(bounds.low, decimals) === formatPercent(bounds.high, decimals);
  const shown = same ? decimals + 1 : decimals;
  return nbsp(`${formatPercent(bounds.low, shown)} to ${formatPercent(bounds.high, shown)}`);
}

/** `2.1 to 2.4`. */
export function plainBounds(bounds: Bounds): string {
  const decimals = errorDecimals(bounds.high - bounds.low);
  return nbsp(`${formatNumber(bounds.low, decimals)} to ${formatNumber(bounds.high, decimals)}`);
}

/** An interval never breaks across lines. */
export function nbsp(text: string): string {
  return text.replace(/ /g, '\u00a0');
}
