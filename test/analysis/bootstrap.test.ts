import { describe, expect, test } from 'vitest';
import { acceleration, bcaBounds, bootstrapRatio } from '../../src/analysis/bootstrap.ts';
import { sampleOf } from '../../src/analysis/compare-means.ts';
import { tInterval } from '../../src/analysis/intervals.ts';
import { drawOf, near, rowsOf } from './golden.ts';

const ones = (n: number) => new Float64Array(n).fill(1);

describe('BCa intervals', () => {
  test("agree with scipy's on the resamples that scipy drew", () => {
    for (const [values, resampled, confidence, low, high] of rowsOf('bcaBounds')) {
      const estimate = (values as number[]).reduce((sum, value) => sum + value, 0) / values.length;
      const accelerated = acceleration(values, ones(values.length));
      const got = bcaBounds(Float64Array.from(resampled), estimate, accelerated, confidence);
      near(got.low, low, 1e-9, values);
      near(got.high, high, 1e-9, values);
    }
  });

  test('are the same for the same draws, hold the estimate and lean the way the values do', () => {
    const values = Array.from({ length: 80 }, (_, i) => Math.exp(((i * 37) % 80) / 16));
    const got = bootstrapRatio(values, ones(80), drawOf('skewed'), 0.95);
    expect(bootstrapRatio(values, ones(80), drawOf('skewed'), 0.95)).toEqual(got);
    const { low = 0, high = 0 } = got?.interval ?? {};
    const estimate = got?.estimate ?? 0;
    expect(high - estimate).toBeGreaterThan(estimate - low);
  });

  test('above 5,000 draws come from blocks, and are near the t interval, which is right there', () => {
    const draw = drawOf('many');
    const values = Float64Array.from({ length: 15_000 }, () => draw() + (draw() < 0.1 ? 3 : 0));
    const got = bootstrapRatio(values, ones(15_000), drawOf('blocks'), 0.95);
    const { mean, deviation, n } = sampleOf(values);
    const right = tInterval(mean, deviation / Math.sqrt(n), n - 1, 0.95);
    const width = right.high - right.low;
    expect(got?.estimate).toBeCloseTo(mean, 12);
    expect(Math.abs((got?.interval.low ?? 0) - right.low)).toBeLessThan(0.06 * width);
    expect(Math.abs((got?.interval.high ?? 0) - right.high)).toBeLessThan(0.06 * width);
  });

  test('of nothing that varies are a point', () => {
    const got = bootstrapRatio([2, 2, 2], ones(3), drawOf('point'), 0.95);
    expect(got).toEqual({ estimate: 2, interval: { low: 2, high: 2 } });
  });

  test('have no end where the bottom may be zero, and do not exist where it is', () => {
    const got = bootstrapRatio([1, 2, 3, 1], [1, 0, 0, 0], drawOf('infinite'), 0.95);
    expect(got?.estimate).toBe(7);
    expect(got?.interval.high).toBe(Number.POSITIVE_INFINITY);
    expect(got?.interval.low).toBeGreaterThan(0);
    const below = bootstrapRatio([-1, -2, -3, -1], [1, 0, 0, 0], drawOf('infinite'), 0.95);
    expect(below?.interval.low).toBe(Number.NEGATIVE_INFINITY);
    expect(below?.interval.high).toBeLessThan(0);
    expect(bootstrapRatio([1, 2], [0, 0], drawOf('none'), 0.95)).toBeNull();
    expect(bootstrapRatio([1], [1], drawOf('one'), 0.95)).toBeNull();
    expect(bootstrapRatio([], [], drawOf('empty'), 0.95)).toBeNull();
  });
});
