import { describe, expect, test } from 'vitest';
import { kolmogorovSmirnov } from '../../src/analysis/compare-distributions.ts';
import { signFlip } from '../../src/analysis/permutation.ts';
import { MOST_STEPS, resamplesFor } from '../../src/analysis/resampling.ts';
import { drawOf, near, rowsOf } from './golden.ts';

const unused = () => {
  throw new Error('no draw is needed');
};

describe('flipped signs', () => {
  test('agree with counting every pattern in fractions, where sums tie in their last digit too', () => {
    for (const [differences, p] of rowsOf('signFlip')) {
      expect(signFlip(differences, unused)).toEqual({ p, method: 'exact', resamples: 0 });
    }
  });

  test('of twenty differences are still counted, of one more drawn, and both say nearly the same', () => {
    const twenty = Array.from({ length: 20 }, (_, i) => Math.sin(i * 1.7) + 0.2);
    const counted = signFlip(twenty, unused);
    expect(counted.method).toBe('exact');
    const drawn = signFlip([...twenty, 1e-9], drawOf('flips'));
    expect(drawn.method).toBe('resampled');
    // Five standard errors of a p that stopped after a hundred hits.
    expect(Math.abs(drawn.p - counted.p)).toBeLessThan(5 * counted.p * 0.1);
    expect(signFlip([...twenty, 1e-9], drawOf('flips'))).toEqual(drawn);
  });

  test('never give a p of zero', () => {
    const ones = new Float64Array(500).fill(1);
    expect(signFlip(ones, drawOf('ones'))).toEqual({ p: 1 / 10_000, method: 'resampled', resamples: 9_999 });
  });

  test('that make the sample look ordinary are few', () => {
    const balanced = Float64Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    expect(signFlip(balanced, drawOf('balanced'))).toEqual({ p: 1, method: 'resampled', resamples: 100 });
  });
});

describe('the gap between two curves', () => {
  test('agrees with scipy; its p with the exact one as far as draws can tell', () => {
    rowsOf('kolmogorovSmirnov').forEach(([base, head, statistic, p], i) => {
      const got = kolmogorovSmirnov(base, head, drawOf(`gap ${i}`));
      near(got?.statistic ?? 9, statistic, 1e-12, [base, head]);
      if (p === null) return;
      // Five standard errors of the resampling, which stops after a hundred hits.
      const error = 5 * Math.max(Math.sqrt((p * (1 - p)) / 9_999), p * 0.1) + 1e-4;
      expect(Math.abs((got?.p ?? 9) - p), `${got?.p} against ${p}`).toBeLessThanOrEqual(error);
    });
  });

  test('is right with ties: all equal values have no gap', () => {
    expect(kolmogorovSmirnov([1, 1, 1], [1, 1], drawOf('ties'))).toMatchObject({ statistic: 0, p: 1 });
    expect(kolmogorovSmirnov([], [1], unused)).toBeNull();
  });
});

test('the work of a test is bounded whatever the size, and never below 99 resamples', () => {
  expect([0, 1, 10_000, 100_000, 1_000_000, 100_000_000].map(resamplesFor)).toEqual([
    9_999, 9_999, 9_999, 1_000, 100, 99,
  ]);
  for (const size of [1, 500, 30_000, 999_999])
    expect(resamplesFor(size) * size).toBeLessThanOrEqual(MOST_STEPS);
});
