// Curves are exact where they have a point, never have more than their share of points, and end where the run ended.

import { expect, test } from 'vitest';
import { CURVE_POINTS, distributionOf, runningEstimates } from '../../src/analysis/curves.ts';
import { shareInterval, tInterval } from '../../src/analysis/intervals.ts';
import { NumberTally, ShareTally } from '../../src/analysis/tally.ts';
import { fc } from '../property.ts';

const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const values = fc.array(fc.option(number, { freq: 6 }), { maxLength: 900 });

test('every point of a distribution is the share of values at or below it', () => {
  fc.assert(
    fc.property(values, (all) => {
      const known = all.filter((value) => value !== null);
      const curve = distributionOf(all);
      expect(curve === null).toBe(known.length === 0);
      if (curve === null) return;
      const { n, distinct, points } = curve;
      expect(n).toBe(known.length);
      expect(distinct).toBe(new Set(known.map((value) => value + 0)).size);
      expect(points.length).toBe(Math.min(distinct, CURVE_POINTS));
      for (const { value, share } of points) {
        expect(share).toBe(known.filter((one) => one <= value).length / n);
      }
      expect(points[0]!.value).toBe(Math.min(...known.map((value) => value + 0)));
      expect(points.at(-1)).toEqual({ value: Math.max(...known.map((value) => value + 0)), share: 1 });
    }),
    { numRuns: 60 },
  );
});

test('a distribution of one value is one step, and of none there is nothing', () => {
  expect(distributionOf([7, null, 7])).toEqual({ n: 2, distinct: 1, points: [{ value: 7, share: 1 }] });
  expect(distributionOf([null, null])).toBeNull();
});

test('a running share is what the units so far came to, with their own interval', () => {
  const hits = Array.from({ length: 1000 }, (_, i) => (i % 7 === 3 ? null : i % 3 === 0 ? 1 : 0));
  const points = runningEstimates({ kind: 'share', values: hits, items: null });
  expect(points).toHaveLength(CURVE_POINTS);
  expect([points[0]!.units, points.at(-1)!.units]).toEqual([1, 1000]);
  for (const { units, estimate, interval } of points) {
    const known = hits.slice(0, units).filter((value) => value !== null);
    const x = known.filter((value) => value === 1).length;
    expect(estimate).toBe(x / known.length);
    const whole = shareInterval(x, known.length, { size: known.length, items: null }, 0.95);
    expect(interval).toEqual({ low: whole.low, high: whole.high });
  }
});

test('the last point of a running mean is the estimate of the report, items that repeat included', () => {
  const items = Array.from({ length: 300 }, (_, i) => i % 20);
  const numbers = items.map((item, i) => item * 3 + (i % 5));
  for (const of of [items, null]) {
    const tally = new NumberTally(of !== null, false);
    numbers.forEach((value, i) => void tally.add(of?.[i] ?? 0, value));
    const { error, degrees } = tally.meanError()!;
    const last = runningEstimates({ kind: 'mean', values: numbers, items: of }).at(-1)!;
    expect(last.units).toBe(300);
    expect(last.estimate).toBe(tally.mean);
    expect(last.interval).toEqual(tInterval(tally.mean, error, degrees, 0.95));
  }
});

test('a share over items that repeat is as wide as in the report', () => {
  const items = Array.from({ length: 200 }, (_, i) => i % 20);
  const hits = items.map((item) => (item < 10 ? 1 : 0));
  const tally = new ShareTally(true);
  hits.forEach((hit, i) => void tally.add(items[i]!, hit === 1));
  const whole = shareInterval(100, 200, tally.dependence(), 0.95);
  const last = runningEstimates({ kind: 'share', values: hits, items }).at(-1)!;
  expect(last.interval).toEqual({ low: whole.low, high: whole.high });
});

test('nothing is drawn before the first value, and a single number has no interval', () => {
  expect(runningEstimates({ kind: 'mean', values: [null, null], items: null })).toEqual([]);
  expect(runningEstimates({ kind: 'mean', values: [null, 4], items: null })).toEqual([
    { units: 2, estimate: 4, interval: null },
  ]);
});
