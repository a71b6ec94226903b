// The gain of coupled draws on cases whose factor is known by calculus.

import { describe, expect, it } from 'vitest';
import { bundlesOf } from '../../src/analysis/drawn-together.ts';
import { gainOf } from '../../src/analysis/variance-gain.ts';
import { openStream } from '../../src/simulation/stream.ts';
import { fc } from '../property.ts';
import { stepOf } from '../simulation/steps.ts';

function draws(count: number): number[] {
  const stream = openStream(['gain', String(count)]);
  return Array.from({ length: count }, () => stream.double());
}

describe('the gain of antithetic pairs', () => {
  const paired = (count: number, f: (u: number) => number) =>
    gainOf({ kind: 'antithetic', pairs: draws(count).map((u) => [f(u), f(1 - u)]) })!;

  it('of exp(u) is Var / (Var + Cov), about 30.9', () => {
    const e = Math.E;
    const variance = (e * e - 1) / 2 - (e - 1) ** 2;
    const covariance = e - (e - 1) ** 2;
    const gain = paired(20_000, Math.exp);
    expect(gain.factor).toBeGreaterThan((variance / (variance + covariance)) * 0.95);
    expect(gain.factor).toBeLessThan((variance / (variance + covariance)) * 1.05);
    expect(Math.abs(gain.estimate - (e - 1))).toBeLessThan(4 * gain.error);
    expect(gain.independentError).toBeCloseTo(Math.sqrt(variance / 40_000), 4);
  });

  it('of u * u is 8: (4/45) / (4/45 - 7/90)', () => {
    expect(paired(20_000, (u) => u * u).factor / 8).toBeCloseTo(1, 1);
  });

  it('is a loss of half where the mirror image repeats the draw', () => {
    expect(paired(20_000, (u) => (u - 0.5) ** 2).factor).toBeCloseTo(0.5, 2);
  });

  it('has no end where only the mean is left', () => {
    const pairs = [0, 1, 2, 3].map((k) => [k / 4, 1 - k / 4] as const);
    expect(gainOf({ kind: 'antithetic', pairs })).toMatchObject({
      estimate: 0.5,
      error: 0,
      factor: Infinity,
    });
    const flat = gainOf({ kind: 'antithetic', pairs: pairs.map(() => [2, 2] as const) });
    expect(flat).toMatchObject({ error: 0, factor: 1 });
  });
});

describe('the gain of common random numbers', () => {
  it('of two exponential means, 1 and 1/2, is (1 + 1/4) / (1/2)^2 = 5', () => {
    const pairs = draws(20_000).map((u) => [-Math.log(1 - u), -Math.log(1 - u) / 2] as const);
    const gain = gainOf({ kind: 'common', pairs })!;
    expect(gain.factor).toBeCloseTo(5, 6);
    expect(Math.abs(gain.estimate - 0.5)).toBeLessThan(4 * gain.error);
  });

  it('of independent groups is none', () => {
    const [a, b] = [draws(20_000), draws(19_999)];
    const gain = gainOf({ kind: 'common', pairs: b.map((y, i) => [a[i]!, y] as const) })!;
    expect(Math.abs(gain.factor - 1)).toBeLessThan(0.05);
  });
});

describe('the gain of strata', () => {
  const uniform = (strata: number, each: number): number[][] => {
    const u = draws(strata * each);
    return Array.from({ length: strata }, (_, h) =>
      Array.from({ length: each }, (_, i) => (h + u[h * each + i]!) / strata),
    );
  };

  it.each([2, 5, 20])('of a uniform mean is the square of their number, here %i', (k) => {
    const gain = gainOf({ kind: 'stratified', strata: uniform(k, 20_000 / k) })!;
    expect(gain.factor / k ** 2).toBeGreaterThan(0.93);
    expect(gain.factor / k ** 2).toBeLessThan(1.07);
    expect(Math.abs(gain.estimate - 0.5)).toBeLessThan(4 * gain.error);
    expect(gain.independentError).toBeCloseTo(Math.sqrt(1 / 12 / 20_000), 4);
  });

  it('is none where the strata do not differ', () => {
    const u = draws(20_000);
    const strata = Array.from({ length: 10 }, (_, h) => u.slice(h * 2000, h * 2000 + 2000));
    expect(gainOf({ kind: 'stratified', strata })!.factor).toBeCloseTo(1, 2);
  });
});

it('a gain needs two pairs, or two values in each stratum', () => {
  expect(gainOf({ kind: 'antithetic', pairs: [[1, 2]] })).toBeNull();
  expect(gainOf({ kind: 'common', pairs: [] })).toBeNull();
  expect(gainOf({ kind: 'stratified', strata: [] })).toBeNull();
  expect(gainOf({ kind: 'stratified', strata: [[1, 2], [3]] })).toBeNull();
});

it('a gain does not depend on where zero is nor on the unit of measure', () => {
  const pair = fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 }));
  fc.assert(
    fc.property(
      fc.array(pair, { minLength: 2, maxLength: 30 }),
      fc.integer({ min: -50, max: 50 }),
      (pairs, shift) => {
        for (const kind of ['antithetic', 'common'] as const) {
          const plain = gainOf({ kind, pairs })!;
          const moved = gainOf({
            kind,
            pairs: pairs.map(([x, y]) => [4 * x + shift, 4 * y + shift] as const),
          })!;
          expect(moved.error).toBeCloseTo(4 * plain.error, 6);
          if (plain.error > 1e-9) expect(moved.factor).toBeCloseTo(plain.factor, 4);
        }
      },
    ),
  );
});

describe('units that drew together', () => {
  const coupling = { streamBy: null, antithetic: false, stratify: null };
  const bundles = (
    given: Partial<typeof coupling> | { streamBy: string },
    rng: 'tychei' | 'python' = 'tychei',
  ) => bundlesOf({ rng, steps: [stepOf({}), stepOf({ coupling: { ...coupling, ...given } })] });

  it('are none in a run without coupled draws, with strata only, or with seeds that know no coupling', () => {
    expect(bundlesOf({ rng: 'tychei', steps: [stepOf({})] })).toBeNull();
    expect(bundles({ stratify: 4 as never })).toBeNull();
    expect(bundles({ streamBy: 'p' }, 'python')).toBeNull();
  });

  it('are a repetition and its mirror image, or all items of a repetition', () => {
    const pairs = bundles({ antithetic: true })!;
    expect(pairs({ item: 'a', repetition: 2 })).toBe(pairs({ item: 'a', repetition: 3 }));
    expect(pairs({ item: 'a', repetition: 2 })).not.toBe(pairs({ item: 'a', repetition: 1 }));
    expect(pairs({ item: 'a', repetition: 2 })).not.toBe(pairs({ item: 'b', repetition: 2 }));
    const shared = bundles({ streamBy: 'p' })!;
    expect(shared({ item: 'a', repetition: 2 })).toBe(shared({ item: 'b', repetition: 2 }));
    expect(shared({ item: 'a', repetition: 2 })).not.toBe(shared({ item: 'a', repetition: 3 }));
  });

  it('are all repetitions of an item where the items are so many that they are clusters', () => {
    const pairs = bundles({ antithetic: true })!;
    for (let item = 0; item < 12; item++) pairs({ item: `item${item}`, repetition: 0 });
    expect(pairs({ item: 'item3', repetition: 5 })).toBe(pairs({ item: 'item3', repetition: 1 }));
    expect(pairs({ item: 'item3', repetition: 5 })).not.toBe(pairs({ item: 'item4', repetition: 5 }));
  });
});
