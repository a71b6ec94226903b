// What statsmodels, scipy and numpy say of units that hang together, of several looks, and of coupled draws.
import { describe, expect, test } from 'vitest';
import { exactShareInterval, sizeAt, tInterval } from '../../src/analysis/intervals.ts';
import { unitsPaired } from '../../src/analysis/power.ts';
import { crossingChances } from '../../src/analysis/sequential.ts';
import { NumberTally, ShareTally } from '../../src/analysis/tally.ts';
import { gainOf } from '../../src/analysis/variance-gain.ts';
import { near, rowsOf } from './golden.ts';

describe('units that hang together', () => {
  test('have the standard error of statsmodels in a mean, or that of independent draws where it is larger', () => {
    for (const [values, items, confidence, error, low, high] of rowsOf('clusteredMean')) {
      const tally = new NumberTally(true, false);
      for (const [at, value] of values.entries()) tally.add(items[at], value);
      const found = tally.meanError()!;
      near(found.error, error, 1e-6, [items, confidence]);
      const interval = tInterval(tally.mean, found.error, found.degrees, confidence);
      near(interval.low, low, 1e-7, [items, confidence, 'low']);
      near(interval.high, high, 1e-7, [items, confidence, 'high']);
    }
  });

  test("have Clopper and Pearson's ends at the effective number of units in a share", () => {
    for (const [hits, items, confidence, size, low, high] of rowsOf('clusteredShare')) {
      const tally = new ShareTally(true);
      for (const [at, hit] of hits.entries()) tally.add(items[at], hit === 1);
      const dependence = tally.dependence();
      near(sizeAt(dependence, confidence), size, 1e-9, [items, confidence]);
      const interval = exactShareInterval(tally.x, tally.n, dependence, confidence);
      near(interval.low, low, 1e-8, [items, confidence, 'low']);
      near(interval.high, high, 1e-8, [items, confidence, 'high']);
    }
  });
});

test('the chances of crossing at several looks are those of the joint normal distribution', () => {
  for (const [bounds, drift, chances] of rowsOf('crossingChances')) {
    crossingChances(bounds, drift).forEach((chance, look) => {
      expect(Math.abs(chance - chances[look]), `${bounds}, look ${look + 1}`).toBeLessThan(2e-6);
    });
  }
});

test('the pairs for a change are the fewest that have the power', () => {
  for (const [discordant, change, alpha, power, units] of rowsOf('unitsPaired')) {
    expect(unitsPaired(discordant, change, { alpha, power })).toBe(units);
  }
});

test("the gain of coupled draws is what numpy's covariances say", () => {
  for (const [kind, first, second, error, independentError] of rowsOf('pairedGain')) {
    const pairs = first.map((value: number, at: number) => [value, second[at]]);
    const gain = gainOf({ kind, pairs })!;
    near(gain.error, error, 1e-9, [kind, first], 1e-6);
    near(gain.independentError, independentError, 1e-9, [kind, first]);
  }
});
