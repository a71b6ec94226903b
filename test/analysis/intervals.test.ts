import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  clopperPearsonHigh,
  clopperPearsonLow,
  clusterError,
  effectiveSize,
  exactShareInterval,
  medianRanks,
  shareInterval,
  sizeAt,
  tInterval,
  wilson,
} from '../../src/analysis/intervals.ts';
import { studentQuantile } from '../../src/analysis/special.ts';
import { fc } from '../property.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/analysis/scipy.json', import.meta.url), 'utf8'));
const independent = (n: number) => ({ size: n, items: null });

describe('share intervals', () => {
  test('Wilson agrees with scipy, also at zero and at all', () => {
    for (const [x, n, confidence, low, high] of golden.wilson) {
      const got = wilson(x / n, n, confidence);
      expect(got.low).toBeCloseTo(low, 12);
      expect(got.high).toBeCloseTo(high, 12);
    }
  });

  test('Clopper-Pearson agrees with scipy', () => {
    for (const [x, n, confidence, low, high] of golden.clopperPearson) {
      expect(clopperPearsonLow(x, n, confidence)).toBeCloseTo(low, 11);
      expect(clopperPearsonHigh(x, n, confidence)).toBeCloseTo(high, 11);
    }
  });

  test('nothing seen still has an upper bound above zero', () => {
    const interval = shareInterval(0, 100, independent(100), 0.95);
    expect(interval.low).toBe(0);
    expect(interval.high).toBeCloseTo(1 - 0.025 ** (1 / 100), 12);
    expect(interval.method).toBe('Clopper-Pearson, independent draws');
  });

  test('every interval holds its share and lies within 0 and 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.999),
        (n, fraction, confidence) => {
          const x = Math.round(n * fraction);
          for (const of of [shareInterval, exactShareInterval]) {
            const { low, high } = of(x, n, independent(n), confidence);
            expect(low).toBeGreaterThanOrEqual(0);
            expect(low).toBeLessThanOrEqual(x / n);
            expect(high).toBeGreaterThanOrEqual(x / n);
            expect(high).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('Clopper-Pearson covers at least its nominal level, counted exactly', () => {
    const n = 40;
    for (const p of [0.01, 0.1, 0.37, 0.5, 0.93]) {
      let covered = 0;
      let weight = (1 - p) ** n;
      for (let x = 0; x <= n; x++) {
        if (clopperPearsonLow(x, n, 0.95) <= p && p <= clopperPearsonHigh(x, n, 0.95)) covered += weight;
        weight *= ((n - x) / (x + 1)) * (p / (1 - p));
      }
      expect(covered).toBeGreaterThanOrEqual(0.95);
    }
  });
});

describe('means', () => {
  test('the t interval agrees with scipy, also where the values differ in the tenth digit only', () => {
    for (const [sample, confidence, mean, error, low, high] of golden.tInterval) {
      const got = tInterval(mean, error, sample.length - 1, confidence);
      expect(Math.abs(got.low - low)).toBeLessThan(1e-9 * Math.max(1, Math.abs(low)));
      expect(Math.abs(got.high - high)).toBeLessThan(1e-9 * Math.max(1, Math.abs(high)));
    }
  });
});

describe('the median', () => {
  test('has no interval when there are too few units for one', () => {
    expect(medianRanks(5, 0.95)).toBeNull();
    expect(medianRanks(6, 0.95)).toEqual({ low: 1, high: 6 });
    expect(medianRanks(0, 0.95)).toBeNull();
  });

  test('has the ranks of the published tables', () => {
    // Conover, Practical Nonparametric Statistics: n = 20 gives ranks 6 and 15, n = 100 gives 40 and 61.
    expect(medianRanks(20, 0.95)).toEqual({ low: 6, high: 15 });
    expect(medianRanks(100, 0.95)).toEqual({ low: 40, high: 61 });
  });

  test('covers at least its level and could not be narrower', () => {
    for (const n of [6, 7, 30, 31, 999, 100_000]) {
      const ranks = medianRanks(n, 0.95);
      const below = (r: number) => {
        let sum = 0;
        let log = -n * Math.LN2;
        for (let k = 0; k < r; k++) {
          sum += Math.exp(log);
          log += Math.log((n - k) / (k + 1));
        }
        return sum;
      };
      expect(below(ranks?.low ?? 0)).toBeLessThanOrEqual(0.025);
      expect(below((ranks?.low ?? 0) + 1)).toBeGreaterThan(0.025);
    }
  });
});

describe('repeated items', () => {
  test('identical repetitions count as one unit each', () => {
    const clusters = Array.from({ length: 40 }, (_, i) => ({ n: 5, sum: i % 2 === 0 ? 5 : 0 }));
    const error = clusterError(clusters, 0.5) ?? 0;
    // 40 items, each all or nothing: the error of 40 draws, not of 200.
    expect(error).toBeCloseTo(Math.sqrt(0.25 / 39), 12);
    const size = effectiveSize({ bare: 0.25 / error ** 2, units: 200, clusters: 40, mayGain: false }, 0.95);
    expect(size).toBeLessThan(40);
    expect(size).toBeGreaterThan(35);
  });

  test('never claim more than independent draws, and one item is no cluster', () => {
    expect(clusterError([{ n: 100, sum: 40 }], 0.4)).toBeNull();
    expect(effectiveSize({ bare: 1e17, units: 100, clusters: 4, mayGain: false }, 0.95)).toBe(100);
  });

  test('widen an interval the more, the surer it is to be, as Student says of so few items', () => {
    const spread = { bare: 40, units: 2000, clusters: 10, mayGain: false };
    const dependence = { size: effectiveSize(spread, 0.95), items: 10, spread };
    for (const confidence of [0.9, 0.95, 0.99, 0.998, 0.99999, 1 - 2e-15]) {
      const tail = (1 - confidence) / 2;
      const widening = studentQuantile(tail, 9) / studentQuantile(tail, 1999);
      expect(sizeAt(dependence, confidence)).toBeCloseTo(40 / widening ** 2, 9);
    }
    expect(sizeAt(dependence, 0.95)).toBe(dependence.size);
    expect(sizeAt({ size: 40 }, 0.998)).toBe(40);
  });

  test('have ends that move outwards with the confidence, so that gates can turn them around', () => {
    const spreads = fc.record({
      bare: fc.double({ min: 0.5, max: 500, noNaN: true }),
      units: fc.integer({ min: 12, max: 400 }),
      clusters: fc.integer({ min: 2, max: 11 }),
      mayGain: fc.boolean(),
    });
    const levels = fc.tuple(
      fc.double({ min: 0.01, max: 0.99999999, noNaN: true }),
      fc.double({ min: 0.01, max: 0.99999999, noNaN: true }),
    );
    fc.assert(
      fc.property(spreads, fc.double({ min: 0, max: 1, noNaN: true }), levels, (spread, at, both) => {
        const x = Math.max(1, Math.min(spread.units - 1, Math.round(at * spread.units)));
        const dependence = { size: effectiveSize(spread, 0.95), items: spread.clusters, spread };
        const [low, high] = [Math.min(...both), Math.max(...both)];
        for (const interval of [shareInterval, exactShareInterval]) {
          const narrow = interval(x, spread.units, dependence, low);
          const wide = interval(x, spread.units, dependence, high);
          expect(wide.low).toBeLessThanOrEqual(narrow.low + 1e-9);
          expect(wide.high).toBeGreaterThanOrEqual(narrow.high - 1e-9);
        }
      }),
    );
  });

  test('say so', () => {
    expect(shareInterval(3, 10, { size: 5, items: 2 }, 0.95).method).toBe(
      'Wilson, clustered by item (2 items)',
    );
  });
});
