// The interval of a mean whose values are so lopsided that its t interval would be, too. It decides by one rule and leaves
// every other mean alone.
import { bootstrapRatio } from './bootstrap.ts';
import type { Interval } from './estimate.ts';
import { FEWEST_RESAMPLED, type ResamplingWork } from './figure-work.ts';
import { describe } from './intervals.ts';

/**
 * True where the t interval is not to be believed: fewer than 25 g^2 values, g being their skewness (Cochran 1977, 2.15).
 * Of exponential values that are 100.
 */
export function isSkewed(values: ArrayLike<number>): boolean {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (values[i] as number) / n;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < n; i++) {
    const away = (values[i] as number) - mean;
    squares += away * away;
    cubes += away * away * away;
  }
  return squares > 0 && n < (25 * n * cubes * cubes) / squares ** 3;
}

/**
 * The BCa interval of the mean of independent values, ascending, so that the order of units does not matter. Null where t
 * will do, and where a bootstrap cannot be believed or paid for.
 */
export function skewedInterval(
  sorted: Float64Array,
  of: { readonly field: string; readonly group: string | null; readonly confidence: number },
  work: ResamplingWork,
): Interval | null {
  const n = sorted.length;
  if (n < FEWEST_RESAMPLED || !isSkewed(sorted)) return null;
  if (!work.take(2_000 * Math.min(5_000, n) + n)) return null;
  const draw = work.draw(`mean ${of.field}`, of.group);
  const found = bootstrapRatio(sorted, new Float64Array(n).fill(1), draw, of.confidence);
  const method = `BCa bootstrap, ${describe({ size: n, items: null })}`;
  return found === null ? null : { ...found.interval, confidence: of.confidence, method };
}
