import { describe, expect, test } from 'vitest';
import {
  anytimeMcNemar,
  fisherExact,
  mcnemar,
  newcombe,
  pairedNewcombe,
} from '../../src/analysis/compare-shares.ts';
import { netValue } from '../../src/analysis/net-value.ts';
import { fc } from '../property.ts';
import { near, rowsOf } from './golden.ts';

describe('two samples', () => {
  test("Newcombe's interval agrees with statsmodels", () => {
    for (const [x1, n1, x2, n2, confidence, low, high] of rowsOf('newcombe')) {
      const got = newcombe({ x: x1, n: n1 }, { x: x2, n: n2 }, confidence);
      near(got.low, low, 1e-10, [x1, n1, x2, n2], 1e-6);
      near(got.high, high, 1e-10, [x1, n1, x2, n2], 1e-6);
    }
  });

  test("Newcombe's own example: 56 of 70 against 48 of 80", () => {
    // Newcombe 1998, table II (a): 0.0524 to 0.3339.
    const got = newcombe({ x: 48, n: 80 }, { x: 56, n: 70 }, 0.95);
    expect(got.low).toBeCloseTo(0.0524, 4);
    expect(got.high).toBeCloseTo(0.3339, 4);
  });

  test("Fisher's p agrees with scipy, also where a share is rare and samples are large", () => {
    for (const [x1, n1, x2, n2, p] of rowsOf('fisherExact')) {
      near(fisherExact({ x: x1, n: n1 }, { x: x2, n: n2 }), p, 1e-9, [x1, n1, x2, n2], 1e-300);
    }
  });

  test('with nothing in one of them say nothing', () => {
    expect(newcombe({ x: 0, n: 0 }, { x: 3, n: 4 }, 0.95)).toEqual({ low: -1, high: 1 });
    expect(fisherExact({ x: 0, n: 0 }, { x: 3, n: 4 })).toBe(1);
    expect(fisherExact({ x: 5, n: 5 }, { x: 4, n: 4 })).toBe(1);
  });

  test('exchanged turn the interval around and leave p alone', () => {
    const count = fc
      .tuple(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([n, part]) => ({ x: Math.round(n * part), n }));
    fc.assert(
      fc.property(count, count, (a, b) => {
        const there = newcombe(a, b, 0.95);
        const back = newcombe(b, a, 0.95);
        expect(there.low).toBeCloseTo(-back.high, 12);
        const change = b.x / b.n - a.x / a.n;
        expect(there.low).toBeLessThanOrEqual(change + 1e-12);
        expect(there.high).toBeGreaterThanOrEqual(change - 1e-12);
        expect(fisherExact(a, b)).toBeCloseTo(fisherExact(b, a), 9);
        const turned = fisherExact({ x: a.n - a.x, n: a.n }, { x: b.n - b.x, n: b.n });
        expect(turned).toBeCloseTo(fisherExact(a, b), 9);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the same units twice', () => {
  test("Newcombe's paired interval agrees with his paper's formula", () => {
    for (const [both, baseOnly, headOnly, neither, confidence, low, high] of rowsOf('pairedNewcombe')) {
      const got = pairedNewcombe({ both, baseOnly, headOnly, neither }, confidence);
      near(got.low, low, 1e-10, [both, baseOnly, headOnly, neither], 1e-6);
      near(got.high, high, 1e-10, [both, baseOnly, headOnly, neither], 1e-6);
    }
  });

  test('the example of Fagerland, Lydersen and Laake 2014: 1, 1, 7, 12 gives 0.026 to 0.507', () => {
    const got = pairedNewcombe({ both: 1, baseOnly: 1, headOnly: 7, neither: 12 }, 0.95);
    expect(got.low).toBeCloseTo(0.026, 3);
    expect(got.high).toBeCloseTo(0.507, 3);
  });

  test('keeps a width where no unit changed, and holds zero', () => {
    const got = pairedNewcombe({ both: 40, baseOnly: 0, headOnly: 0, neither: 60 }, 0.95);
    expect(got.low).toBeLessThan(0);
    expect(got.high).toBeGreaterThan(0);
    expect(got.high).toBeCloseTo(-got.low, 12);
    const none = { both: 0, baseOnly: 0, headOnly: 0, neither: 0 };
    expect(pairedNewcombe(none, 0.95)).toEqual({ low: -1, high: 1 });
  });

  test('McNemar agrees with statsmodels, mid-p with scipy', () => {
    for (const [baseOnly, headOnly, exact, mid] of rowsOf('mcnemar')) {
      const got = mcnemar(baseOnly, headOnly);
      near(got.exact, exact, 1e-10, [baseOnly, headOnly], 1e-300);
      near(got.mid, mid, 1e-10, [baseOnly, headOnly], 1e-300);
    }
  });

  test('the anytime value agrees with scipy, and starts at 1', () => {
    for (const [baseOnly, headOnly, value] of rowsOf('anytimeMcNemar')) {
      near(anytimeMcNemar(baseOnly, headOnly), value, 1e-8, [baseOnly, headOnly], 1e-300);
    }
    expect(anytimeMcNemar(0, 0)).toBeCloseTo(1, 13);
    expect(anytimeMcNemar(0, 100_000)).toBe(Number.POSITIVE_INFINITY);
  });

  test('the anytime value is a fair bet: its mean over the next unit is what it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), (b, c) => {
        const next = (anytimeMcNemar(b + 1, c) + anytimeMcNemar(b, c + 1)) / 2;
        near(next, anytimeMcNemar(b, c), 1e-11, [b, c], 1e-300);
      }),
    );
  });
});

describe('a net value', () => {
  test('has the interval of Bonett and Price', () => {
    for (const [plus, minus, n, confidence, low, high] of rowsOf('netValue')) {
      const got = netValue(plus, minus, n, confidence);
      expect(got.net).toBe((plus - minus) / n);
      near(got.interval.low, low, 1e-10, [plus, minus, n]);
      near(got.interval.high, high, 1e-10, [plus, minus, n]);
    }
    expect(netValue(0, 0, 0, 0.95)).toEqual({ net: 0, interval: { low: -1, high: 1 } });
  });
});
