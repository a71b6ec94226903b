import { describe, expect, it } from 'vitest';
import { listValues, PackedValues, sortValues } from '../../src/analysis/packed-values.ts';
import { fc } from '../property.ts';

function rowOf(values: readonly (number | null)[]): PackedValues {
  const row = new PackedValues();
  for (const value of values) row.push(value);
  return row;
}

const EDGES = [
  0,
  -0,
  1,
  254,
  255,
  256,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  -(2 ** 31) + 1,
  2 ** 31,
  0.5,
  1e150,
  -1e-300,
];

describe('a row of packed values', () => {
  it('gives back what was put in, whatever numbers come in whatever order', () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.integer({ min: 0, max: 255 }),
      fc.integer(),
      fc.constantFrom(...EDGES),
      fc.double({ noNaN: true }),
    );
    const few = fc.array(value, { maxLength: 200 });
    fc.assert(
      fc.property(few, fc.nat(400), few, (before, gap, after) => {
        const row = rowOf(before);
        row.fill(gap);
        for (const one of after) row.push(one);
        const missing = new Array<null>(Math.max(0, gap - before.length)).fill(null);
        const all = [...before, ...missing, ...after];
        expect(row.length).toBe(all.length);
        expect(listValues(row)).toEqual(all);
        expect(row.at(all.length)).toBeUndefined();
        const there = all.filter((one) => one !== null);
        expect([...sortValues(row)]).toEqual([...Float64Array.from(there).sort()]);
      }),
    );
  });

  it('keeps them through many pieces, also when a value late in the row needs more room', () => {
    const all = Array.from({ length: 100_000 }, (_, at) => (at % 7 === 3 ? null : (at * 31) % 200));
    for (const [late, value] of [
      [90_000, 70_000],
      [95_000, -0.25],
    ] as const) {
      all[late] = value;
      expect(listValues(rowOf(all))).toEqual(all);
    }
  });

  it('has no place for a value that is no number', () => {
    expect(listValues(rowOf([1, Number.NaN, 2]))).toEqual([1, null, 2]);
  });
});
