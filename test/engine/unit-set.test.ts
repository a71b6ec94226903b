import { describe, expect, it } from 'vitest';
import { UnitSet } from '../../src/engine/unit-set.ts';
import { fc } from '../property.ts';

const units = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });
const plain = (set: UnitSet): number[] => [...set];
const sorted = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);

describe('a set of units', () => {
  it('is written as ranges', () => {
    expect(UnitSet.of([5, 1, 2, 3, 9, 2]).toString()).toBe('1-3,5,9');
    expect(UnitSet.firstOf(1000).toString()).toBe('0-999');
    expect(UnitSet.empty.toString()).toBe('');
  });

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(units, (some) => {
        const set = UnitSet.of(some);
        expect(UnitSet.parse(set.toString()).equals(set)).toBe(true);
        expect(plain(set)).toEqual(sorted(some));
        expect(set.size).toBe(sorted(some).length);
      }),
    );
  });

  it('unites, intersects and subtracts as sets of numbers do', () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        const [x, y] = [UnitSet.of(a), UnitSet.of(b)];
        expect(plain(x.union(y))).toEqual(sorted([...a, ...b]));
        expect(plain(x.intersect(y))).toEqual(sorted(a.filter((unit) => b.includes(unit))));
        expect(plain(x.minus(y))).toEqual(sorted(a.filter((unit) => !b.includes(unit))));
        for (let unit = 0; unit <= 60; unit++) expect(x.has(unit)).toBe(a.includes(unit));
      }),
    );
  });

  it('takes its first units in order', () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 0, max: 50 }), (a, count) => {
        expect(plain(UnitSet.of(a).take(count))).toEqual(sorted(a).slice(0, count));
      }),
    );
  });

  it('knows the parents of its units, and all children there is room for', () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 1, max: 7 }), (some, width) => {
        const set = UnitSet.of(some);
        expect(plain(set.parents(width))).toEqual(sorted(some.map((unit) => Math.floor(unit / width))));
        const room = some.flatMap((unit) => Array.from({ length: width }, (_, i) => unit * width + i));
        expect(plain(set.children(width))).toEqual(sorted(room));
        expect(set.children(width).parents(width).equals(set)).toBe(true);
      }),
    );
  });

  it('is the same set however many ranges it has and however it came together', () => {
    const every = (step: number, from: number, to: number): UnitSet =>
      UnitSet.of(Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step));
    const odd = every(2, 1, 20_000);
    const parts = Array.from({ length: 40 }, (_, i) => every(2, i * 500 + 1, i * 500 + 500));
    const shuffled = [...parts.filter((_, i) => i % 3 === 0), ...parts.filter((_, i) => i % 3 !== 0)];
    const joined = shuffled.reduce((all, part) => all.union(part), UnitSet.empty);
    expect(joined.equals(odd)).toBe(true);
    expect(joined.toString()).toBe(odd.toString());
    expect(UnitSet.parse(joined.toString()).equals(joined)).toBe(true);
    expect(
      UnitSet.firstOf(20_000)
        .minus(joined)
        .equals(every(2, 0, 20_000)),
    ).toBe(true);
    expect(UnitSet.firstOf(20_000).minus(joined).union(odd).toString()).toBe('0-19999');
    const sixth = joined.intersect(every(3, 0, 20_000));
    expect(sixth.equals(every(6, 3, 20_000))).toBe(true);
    expect(joined.minus(sixth).size + sixth.size).toBe(10_000);
    expect(joined.take(7777).minus(odd.take(7776)).toString()).toBe('15553');
    expect([0, 1, 19_998, 19_999, 20_001].map((unit) => joined.has(unit))).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(joined.children(3).parents(3).equals(joined)).toBe(true);
  });

  it('unites many sets as it unites two', () => {
    fc.assert(
      fc.property(fc.array(units, { maxLength: 9 }), (many) => {
        expect(plain(UnitSet.unionOf(many.map((some) => UnitSet.of(some))))).toEqual(sorted(many.flat()));
      }),
    );
  });

  it('refuses text that is no ascending list of ranges', () => {
    for (const text of ['a', '3-1', '1,1', '5,2', '1-', '-1', '1;2', '1,,2']) {
      expect(() => UnitSet.parse(text), text).toThrow(RangeError);
    }
  });
});
