// What hangs together, as the tallies see it: items, units that drew together, a unit and its mirror image.
import { describe, expect, test } from 'vitest';
import { type Clustering, sizeWhenAlike } from '../../src/analysis/clusters.ts';
import { clusteringOf } from '../../src/analysis/drawn-together.ts';
import { shareInterval } from '../../src/analysis/intervals.ts';
import { NumberTally, ShareTally } from '../../src/analysis/tally.ts';
import { expressionStep } from '../report/fixture.ts';

function shares(clustered: Clustering, hits: readonly boolean[], clusters: number): ShareTally {
  const tally = new ShareTally(clustered);
  hits.forEach((hit, i) => {
    tally.add(i % clusters, hit);
  });
  return tally;
}

const all = (n: number) => Array<boolean>(n).fill(true);

describe('units that drew together', () => {
  test('are as many draws as there are clusters when they all agree, however few', () => {
    expect(shares('draws', all(600), 3).dependence()).toEqual({ size: 3, items: 3, clusters: 'draws' });
    expect(shares('draws', [true, false, true], 1).dependence()).toEqual({
      size: 1,
      items: 1,
      clusters: 'draws',
    });
  });

  test('say so in the name of the interval', () => {
    const hits = Array.from({ length: 200 }, (_, i) => i % 20 < 8);
    const tally = shares('draws', hits, 20);
    const dependence = tally.dependence();
    expect(shareInterval(tally.x, tally.n, dependence, 0.95).method).toBe(
      'Wilson, clustered by shared draws (20 clusters)',
    );
    expect(dependence.size).toBeLessThan(21);
  });

  test('have no standard error of a mean when they are one cluster', () => {
    const numbers = new NumberTally('draws', false);
    for (const value of [1, 2, 3]) numbers.add(0, value);
    expect(numbers.meanError()).toBeNull();
    numbers.add(1, 4);
    expect(numbers.meanError()).toMatchObject({
      degrees: 1,
      method: 't, clustered by shared draws (2 clusters)',
    });
  });
});

test('a unit and its mirror image tell more than two units where they make up for each other, given thirty pairs', () => {
  const mirrored = (pairs: number) => {
    const numbers = new NumberTally('pairs', false);
    const tally = new ShareTally('pairs');
    for (let i = 0; i < 2 * pairs; i++) {
      // Nearly every pair has one of each.
      const hit = i % 2 === 0 || i % 20 === 1;
      numbers.add(Math.floor(i / 2), Number(hit));
      tally.add(Math.floor(i / 2), hit);
    }
    const alone = (numbers.deviation() ?? 0) / Math.sqrt(2 * pairs);
    return { gain: alone / (numbers.meanError()?.error ?? 0), size: tally.dependence().size / (2 * pairs) };
  };
  expect(mirrored(200).gain).toBeGreaterThan(2);
  expect(mirrored(200).size).toBeGreaterThan(4);
  expect(mirrored(20)).toEqual({ gain: 1, size: 1 });
});

test('a unit and its mirror image that agree are one draw, and never fewer than their clusters', () => {
  const pairs = (size: number, items: number) => sizeWhenAlike({ size, items, clusters: 'pairs' });
  expect(pairs(600, 300)).toBe(300);
  expect(pairs(600, 12)).toBe(300);
  expect(pairs(15, 12)).toBe(12);
});

test('repetitions of an item are draws of their own, and a handful of items no clusters', () => {
  expect(shares(true, all(600), 20).dependence()).toEqual({ size: 600, items: 20, clusters: 'items' });
  expect(shares(true, all(600), 3).dependence()).toEqual({ size: 600, items: null });
  expect(shares(false, all(600), 3).dependence()).toEqual({ size: 600, items: null });
});

test('the coupling of a run says which it is', () => {
  const none = { streamBy: null, antithetic: false, stratify: null };
  const of = (coupling: object, repeat = 10, rng: 'tychei' | 'python' = 'tychei') =>
    clusteringOf({
      repeat,
      rng,
      steps: [{ ...expressionStep('s', ['x']), coupling: { ...none, ...coupling } }],
    });
  expect(of({})).toBe(true);
  expect(of({ antithetic: true })).toBe('pairs');
  expect(of({ antithetic: true, streamBy: 'p' })).toBe('draws');
  expect(of({ stratify: 5 })).toBe(true);
  expect(of({ streamBy: 'p' }, 10, 'python')).toBe(true);
  expect(of({ antithetic: true }, 1)).toBe(false);
});
