// Pairs in bounded memory: what is dealt to blocks still adds up.
import { expect, test } from 'vitest';
import { MOST_PAIRS, PairStore } from '../../src/analysis/pair-store.ts';
import { createDraws } from '../report/fixture.ts';

const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);

test('pairs beyond two hundred thousand are dealt to blocks that add up to the same', () => {
  const store = new PairStore(false, true, createDraws(3));
  for (let i = 0; i < MOST_PAIRS + 5_000; i++) {
    store.add(0, i % 7, 1 + (i % 3));
    if (i === MOST_PAIRS - 1) expect(store.sums().tops).toHaveLength(MOST_PAIRS);
  }
  const { tops, bottoms, clusters } = store.sums();
  expect([tops.length, bottoms.length, clusters]).toEqual([5_000, 5_000, null]);
  expect(total(tops)).toBe(store.top);
  expect(total(bottoms)).toBe(store.bottom);
});

test('clusters are summed whole, in the order in which they came', () => {
  const store = new PairStore(true, true, createDraws(3));
  for (let i = 0; i < 36; i++) store.add(i % 12, i, 1);
  const { tops, bottoms, clusters } = store.sums();
  expect(clusters).toBe(12);
  expect([...tops]).toEqual(Array.from({ length: 12 }, (_, item) => 3 * item + 36));
  expect([...bottoms]).toEqual(Array<number>(12).fill(3));
});

test('bounds need a bottom that is never below zero', () => {
  const store = new PairStore(false, false, createDraws(3));
  store.add(0, 1, 2);
  expect(store.worst(0)).toBeNull();
  expect(store.worst(1)).toEqual({ low: 0.5, high: 0.5 });
  store.add(0, 1, -1);
  expect(store.worst(1)).toBeNull();
});
