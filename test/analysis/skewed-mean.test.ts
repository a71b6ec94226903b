// Means of lopsided values: when their interval is a bootstrap, and what it is then.
import { describe, expect, test } from 'vitest';
import { ResamplingWork } from '../../src/analysis/figure-work.ts';
import { isSkewed, skewedInterval } from '../../src/analysis/skewed-mean.ts';
import { SliceTally } from '../../src/analysis/slice.ts';

/** The quantiles of an exponential distribution, ascending. */
const exponential = (n: number) => Float64Array.from({ length: n }, (_, i) => -Math.log(1 - (i + 0.5) / n));
const of = { field: 'x', group: null, confidence: 0.95 };

describe('the rule', () => {
  test('is 25 times the square of the skewness', () => {
    // One of n values is 1: the skewness is (n - 2) / sqrt(n - 1), so that n is always too few.
    expect(isSkewed([0, 0, 0, 0, 0, 0, 0, 0, 0, 1])).toBe(true);
    // A share of 1/5 has the skewness 1.5: 57 values are enough, 55 are not.
    const fifths = (n: number) => Array.from({ length: n }, (_, i) => (i % 5 === 0 ? 1 : 0));
    expect(isSkewed(fifths(55))).toBe(true);
    expect(isSkewed(fifths(60))).toBe(false);
  });

  test('leaves values alone that are even, or all the same', () => {
    expect(isSkewed(Array.from({ length: 30 }, (_, i) => i))).toBe(false);
    expect(isSkewed(new Float64Array(30).fill(4))).toBe(false);
    expect(isSkewed([])).toBe(false);
  });
});

describe('the interval of a skewed mean', () => {
  test('reaches farther to the side of the long tail', () => {
    const values = exponential(40);
    const interval = skewedInterval(values, of, new ResamplingWork('7'));
    const mean = values.reduce((sum, value) => sum + value, 0) / 40;
    expect(interval?.method).toBe('BCa bootstrap, independent draws');
    expect(interval!.high - mean).toBeGreaterThan(1.1 * (mean - interval!.low));
  });

  test('is t where the rule, too few values, or the work it would cost say so', () => {
    expect(skewedInterval(exponential(1000), of, new ResamplingWork('7'))).toBeNull();
    expect(skewedInterval(exponential(19), of, new ResamplingWork('7'))).toBeNull();
    const spent = new ResamplingWork('7');
    expect(spent.take(300_000_000)).toBe(true);
    expect(skewedInterval(exponential(40), of, spent)).toBeNull();
  });

  test('is the same whatever the order of the units, and another with another seed', () => {
    const values = [...exponential(40)];
    const meanOf = (order: readonly number[], seed: string) => {
      const shown = { outcomes: [], metrics: ['x'], figures: [] };
      const slice = new SliceTally(shown, false, null, new ResamplingWork(seed));
      for (const x of order) slice.add(0, new Map([['x', x]]), []);
      return slice.estimate(0, []).metrics[0]?.interval;
    };
    const interval = meanOf(values, '7');
    expect(interval?.method).toMatch(/^BCa/);
    expect(meanOf(values.toReversed(), '7')).toEqual(interval);
    expect(meanOf(values, '8')).not.toEqual(interval);
  });
});
