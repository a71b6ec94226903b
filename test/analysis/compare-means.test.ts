import { describe, expect, test } from 'vitest';
import { clusteredPairedT, pairedT, sampleOf, welch } from '../../src/analysis/compare-means.ts';
import { near, rowsOf } from './golden.ts';

describe('means of two samples', () => {
  test('Welch agrees with scipy, also where values differ in their tenth digit only', () => {
    for (const [base, head, confidence, change, degrees, low, high, p] of rowsOf('welch')) {
      const got = welch(sampleOf(base), sampleOf(head), confidence);
      // The means themselves are only as good as 1e-16 of their size.
      const floor = Math.abs(low) + Math.abs(high);
      const loose = Math.abs(base[0]) > 1e8 ? 1e-6 : 1e-9;
      near(got?.change ?? 0, change, loose, [base, head], floor);
      near(got?.degrees ?? 0, degrees, loose, [base, head]);
      near(got?.interval.low ?? 0, low, loose, [base, head], floor);
      near(got?.interval.high ?? 0, high, loose, [base, head], floor);
      near(got?.p ?? 0, p, loose, [base, head]);
    }
  });

  test('need two values each', () => {
    expect(welch(sampleOf([1]), sampleOf([2, 3]), 0.95)).toBeNull();
    expect(welch(sampleOf([]), sampleOf([2, 3]), 0.95)).toBeNull();
  });

  test('that never varied have a point for an interval, and no error', () => {
    const same = welch(sampleOf([5, 5, 5]), sampleOf([5, 5]), 0.95);
    expect(same).toEqual({ change: 0, error: 0, degrees: 3, interval: { low: 0, high: 0 }, p: 1 });
    expect(welch(sampleOf([5, 5, 5]), sampleOf([6, 6]), 0.95)).toMatchObject({ change: 1, error: 0, p: 0 });
  });

  test('do not lose their degrees of freedom when their spread is tiny', () => {
    const tiny = (values: number[]) => sampleOf(values.map((value) => value * 1e-120));
    const plain = welch(sampleOf([1, 2, 4]), sampleOf([2, 2, 9]), 0.95);
    const scaled = welch(tiny([1, 2, 4]), tiny([2, 2, 9]), 0.95);
    near(scaled?.degrees ?? 0, plain?.degrees ?? 1, 1e-12, 'degrees');
    near(scaled?.p ?? 0, plain?.p ?? 1, 1e-12, 'p');
  });
});

describe('differences of the same units', () => {
  test('paired t agrees with scipy', () => {
    for (const [differences, confidence, low, high, p] of rowsOf('pairedT')) {
      const got = pairedT(sampleOf(differences), confidence);
      const loose = differences[0] > 1e8 ? 1e-7 : 1e-9;
      near(got?.interval.low ?? 0, low, loose, differences);
      near(got?.interval.high ?? 0, high, loose, differences);
      near(got?.p ?? 0, p, loose, differences, 1e-300);
    }
  });

  test('of identical code are exactly no change', () => {
    expect(pairedT(sampleOf([0, 0, 0]), 0.95)).toMatchObject({
      change: 0,
      interval: { low: 0, high: 0 },
      p: 1,
    });
    expect(pairedT(sampleOf([0]), 0.95)).toBeNull();
  });

  test('clustered by item agree with statsmodels, CR0 and CR1', () => {
    for (const [differences, items, correction, confidence, error, low, high, p] of rowsOf(
      'clusteredPairedT',
    )) {
      const clusters = new Map<number, { n: number; sum: number }>();
      (differences as number[]).forEach((difference, i) => {
        const cluster = clusters.get(items[i]) ?? { n: 0, sum: 0 };
        clusters.set(items[i], { n: cluster.n + 1, sum: cluster.sum + difference });
      });
      const got = clusteredPairedT([...clusters.values()], correction, confidence);
      near(got?.error ?? 0, error, 1e-10, differences);
      near(got?.interval.low ?? 0, low, 1e-9, differences, 1);
      near(got?.interval.high ?? 0, high, 1e-9, differences, 1);
      near(got?.p ?? 0, p, 1e-9, differences);
    }
  });

  test('with one unit an item are the paired t; of one item they say nothing', () => {
    const differences = [1, 4, -2, 0.5, 3];
    const clusters = differences.map((sum) => ({ n: 1, sum }));
    const plain = pairedT(sampleOf(differences), 0.95);
    const clustered = clusteredPairedT([...clusters, { n: 0, sum: 0 }], 'CR1', 0.95);
    near(clustered?.error ?? 0, plain?.error ?? 1, 1e-14, 'error');
    near(clustered?.p ?? 0, plain?.p ?? 1, 1e-12, 'p');
    expect(clusteredPairedT([{ n: 9, sum: 3 }], 'CR1', 0.95)).toBeNull();
    expect(clusteredPairedT([], 'CR0', 0.95)).toBeNull();
  });
});
