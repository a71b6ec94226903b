import { describe, expect, test } from 'vitest';
import { compareCategories, stuartMaxwell } from '../../src/analysis/compare-categories.ts';
import { fc } from '../property.ts';
import { drawOf, near, rowsOf } from './golden.ts';

const unused = () => {
  throw new Error('no draw is needed');
};

describe('categories of two samples', () => {
  test('agree with scipy, and with counting every table where they are sparse', () => {
    for (const [base, head, method, statistic, degrees, p] of rowsOf('compareCategories')) {
      const got = compareCategories(base, head, unused);
      expect(got).toMatchObject({ method, degrees });
      near(got.statistic, statistic, 1e-11, [base, head]);
      near(got.p, p, 1e-10, [base, head]);
    }
  });

  test('with one category, or nothing in a sample, differ in nothing', () => {
    for (const [base, head] of [
      [
        [5, 0],
        [7, 0],
      ],
      [
        [0, 0],
        [3, 4],
      ],
      [[], []],
    ] as const) {
      expect(compareCategories(base, head, unused)).toMatchObject({ statistic: 0, degrees: 0, p: 1 });
    }
  });

  test('that are too many tables to count are relabelled, the same each time', () => {
    const base = [60, 50, 40, 3, 2, 0, 1, 0];
    const head = [55, 58, 44, 0, 0, 3, 0, 2];
    const got = compareCategories(base, head, drawOf('categories'));
    expect(got.method).toBe('resampled');
    expect(compareCategories(base, head, drawOf('categories'))).toEqual(got);
    // A million tables drawn by numpy's multivariate_hypergeometric: 0.0920. Five standard errors of ours.
    expect(Math.abs(got.p - 0.092)).toBeLessThan(0.046);
  });
});

describe('categories of the same units twice', () => {
  test('agree with the generalised inverse, also when categories are unused or fall apart', () => {
    for (const [table, statistic, degrees, p] of rowsOf('stuartMaxwell')) {
      const got = stuartMaxwell(table);
      expect(got.degrees).toBe(degrees);
      near(got.statistic, statistic, 1e-9, table);
      near(got.p, p, 1e-9, table);
    }
  });

  test('are the same whatever the order of the categories', () => {
    const cell = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }));
    const table = fc.array(fc.array(cell, { minLength: 5, maxLength: 5 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(table, (cells) => {
        const got = stuartMaxwell(cells);
        const turned = [...cells].reverse().map((row) => [...row].reverse());
        const again = stuartMaxwell(turned);
        expect(again.degrees).toBe(got.degrees);
        near(again.statistic, got.statistic, 1e-9, cells, 1);
        const exchanged = stuartMaxwell(cells.map((_, i) => cells.map((row) => row[i] as number)));
        near(exchanged.statistic, got.statistic, 1e-9, cells, 1);
      }),
      { numRuns: 200 },
    );
  });
});
