import { describe, expect, test } from 'vitest';
import { compareRanks, signedRanks } from '../../src/analysis/compare-ranks.ts';
import { fc } from '../property.ts';
import { near, rowsOf } from './golden.ts';

describe('two samples by rank', () => {
  test("Mann-Whitney agrees with scipy, Cliff's delta with the slow way", () => {
    for (const [base, head, confidence, method, delta, low, high, p] of rowsOf('compareRanks')) {
      const got = compareRanks(base, head, confidence);
      expect(got?.method).toBe(method);
      near(got?.delta ?? 9, delta, 1e-12, [base, head], 1e-6);
      near(got?.interval.low ?? 9, low, 1e-9, [base, head], 1e-3);
      near(got?.interval.high ?? 9, high, 1e-9, [base, head], 1e-3);
      near(got?.p ?? 9, p, 1e-11, [base, head], 1e-300);
    }
  });

  test('need a value each', () => {
    expect(compareRanks([], [1], 0.95)).toBeNull();
    expect(compareRanks([1], [], 0.95)).toBeNull();
  });

  test('that are all one value cannot be told apart', () => {
    expect(compareRanks([2, 2, 2], [2, 2], 0.95)).toMatchObject({ delta: 0, p: 1 });
  });

  test('exchanged turn around; stretched by any rising curve they stay', () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 70 });
    fc.assert(
      fc.property(values, values, (base, head) => {
        const there = compareRanks(base, head, 0.95);
        const back = compareRanks(head, base, 0.95);
        near(there?.delta ?? 9, -(back?.delta ?? 9), 1e-12, [base, head], 1e-9);
        near(there?.interval.low ?? 9, -(back?.interval.high ?? 9), 1e-9, [base, head], 1e-3);
        near(there?.p ?? 9, back?.p ?? 8, 1e-11, [base, head]);
        const cubed = (of: number[]) => of.map((value) => value ** 3 + value);
        expect(compareRanks(cubed(base), cubed(head), 0.95)).toEqual(there);
      }),
      { numRuns: 100 },
    );
  });

  test('of 100,000 values each stay exact in their counts', () => {
    const base = Float64Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 100_003);
    const head = base.map((value) => value + 0.5);
    // Each head value is above exactly those base values that are at or below its own.
    const got = compareRanks(base, head, 0.95);
    expect(got?.delta).toBe(1 / 100_000);
  });
});

describe('signed ranks', () => {
  test('agree with scipy, or with counting where ties must be exact', () => {
    for (const [differences, method, n, sum, p] of rowsOf('signedRanks')) {
      const got = signedRanks(differences);
      expect(got).toMatchObject({ method, n, sum });
      near(got.p, p, 1e-12, differences, 1e-300);
    }
  });
});
