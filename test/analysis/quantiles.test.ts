import { describe, expect, test } from 'vitest';
import { medianRanks } from '../../src/analysis/intervals.ts';
import { fewestForQuantile, quantile, quantileRanks } from '../../src/analysis/quantiles.ts';
import { rateInterval } from '../../src/analysis/rates.ts';
import { near, rowsOf } from './golden.ts';

describe('quantiles', () => {
  test('agree with numpy, their intervals and smallest n with scipy', () => {
    for (const [values, q, confidence, value, low, high, fewest] of rowsOf('quantile')) {
      const got = quantile(Float64Array.from(values).sort(), q, confidence);
      near(got?.value ?? Number.NaN, value, 1e-12, [values, q]);
      expect(got?.interval).toEqual(low === null ? null : { low, high });
      expect(got?.fewest, `q ${q} at ${confidence}`).toBe(fewest);
    }
  });

  test('have an interval from the smallest n on, and none below it', () => {
    for (const q of [0.01, 0.1, 0.5, 0.75, 0.95, 0.999]) {
      const fewest = fewestForQuantile(q, 0.95);
      expect(quantileRanks(fewest, q, 0.95)).not.toBeNull();
      expect(quantileRanks(fewest - 1, q, 0.95)).toBeNull();
    }
  });

  test('are the median at one half, at any size', () => {
    for (const n of [5, 6, 7, 100, 12_345, 100_000])
      expect(quantileRanks(n, 0.5, 0.95)).toEqual(medianRanks(n, 0.95));
  });

  test('of nothing are none', () => {
    expect(quantile([], 0.5, 0.95)).toBeNull();
  });
});

describe('rates', () => {
  test("Garwood's interval agrees with scipy, at zero events too", () => {
    for (const [events, exposure, confidence, low, high] of rowsOf('rateInterval')) {
      const got = rateInterval(events, exposure, confidence);
      near(got.low, low, 1e-9, [events, exposure], 1e-300);
      near(got.high, high, 1e-9, [events, exposure], 1e-300);
    }
    near(rateInterval(0, 200, 0.95).high, -Math.log(0.025) / 200, 1e-12, 'zero events');
  });

  test('without exposure nothing is known', () => {
    expect(rateInterval(0, 0, 0.95)).toEqual({ low: 0, high: Number.POSITIVE_INFINITY });
  });
});
