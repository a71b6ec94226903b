// Laws of comparisons, whatever the runs are: nothing changes between a run and itself, base and head may trade places, and
// what failed can do no worse than the bounds say.

import { describe, expect, it } from 'vitest';
import { compareSamples, compareSlices, compareUnits } from '../../src/analysis/comparison.ts';
import { type Change, type Comparison, isBeyondChance } from '../../src/analysis/comparison-change.ts';
import {
  effectiveSample,
  meanChangeInterval,
  pairsOf,
  shareChangeInterval,
  shareEvidence,
} from '../../src/analysis/comparison-intervals.ts';
import type { Slice } from '../../src/analysis/estimate.ts';
import { ResamplingWork } from '../../src/analysis/figure-work.ts';
import { wilson } from '../../src/analysis/intervals.ts';
import { SliceTally } from '../../src/analysis/slice.ts';
import type { UnitColumn, UnitValues } from '../../src/analysis/unit-values.ts';
import { fc } from '../property.ts';

interface Unit {
  readonly hit: number | null;
  readonly size: number | null;
  readonly end: number | null;
}

const LABELS = ['a', 'b', 'c', 'd'];
const unit = fc.record({
  hit: fc.option(fc.constantFrom(0, 1), { freq: 9 }),
  size: fc.option(fc.integer({ min: -20, max: 20 }), { freq: 9 }),
  end: fc.option(fc.constantFrom(0, 1, 2, 3), { freq: 9 }),
});
const pairOfUnits = fc.array(fc.tuple(unit, unit), { minLength: 1, maxLength: 60 });

function column(
  kind: UnitColumn['kind'],
  name: string,
  values: UnitColumn['values'],
  isGate = false,
): UnitColumn {
  return { kind, name, isGate, labels: kind === 'category' ? LABELS : [], values };
}

function runOf(units: readonly Unit[], repeats = false): UnitValues {
  const items = repeats ? units.map((_, at) => at % 12) : null;
  const groups = { labels: ['x', 'y', 'z'], values: units.map((_, at) => at % 3) };
  const columns = [
    column(
      'share',
      'gate',
      units.map(({ hit }) => hit),
      true,
    ),
    column(
      'mean',
      'size',
      units.map(({ size }) => size),
    ),
    column(
      'category',
      'end',
      units.map(({ end }) => end),
    ),
  ];
  return { units: units.length, items, groups, columns };
}

function allChanges({ changes, groups }: Comparison): readonly Change[] {
  return [...changes, ...groups.flatMap((group) => group.changes)];
}

describe('a run held against itself', () => {
  it('has changed by exactly zero in everything, and no test sees anything', () => {
    fc.assert(
      fc.property(pairOfUnits, fc.boolean(), (units, repeats) => {
        const same = runOf(
          units.map(([one]) => one),
          repeats,
        );
        const comparison = compareUnits(same, same);
        expect(comparison.isSame).toBe(true);
        for (const change of allChanges(comparison)) {
          expect(change).toMatchObject({ change: 0, gained: 0, lost: 0, toSettle: null });
          expect(change.tests.map(({ p }) => p)).toEqual(change.tests.map(() => 1));
          expect(isBeyondChance(change)).toBe(false);
          if (change.kind === 'mean' && change.interval !== null)
            expect(change.interval).toEqual({ low: 0, high: 0 });
        }
        for (const { test } of comparison.outcomes) expect(test.p).toBe(1);
      }),
    );
  });

  it('is the middle of its interval as a sample too', () => {
    fc.assert(
      fc.property(pairOfUnits, (units) => {
        const same = runOf(units.map(([one]) => one));
        for (const { change, interval, tests } of allChanges(compareSamples(same, same))) {
          expect(change).toBe(0);
          if (interval !== null) expect(interval.low + interval.high).toBeCloseTo(0, 10);
          for (const { p } of tests) expect(p).toBeGreaterThan(0.05);
        }
      }),
    );
  });
});

describe('base and head that trade places', () => {
  const mirrored = (there: Comparison, back: Comparison): void => {
    const backward = allChanges(back);
    for (const change of allChanges(there)) {
      const other = backward.find(
        (one) => one.name === change.name && one.label === change.label && one.base === change.head,
      );
      expect(other).toBeDefined();
    }
    there.changes.forEach((change) => {
      const other = back.changes.find(({ name, label }) => name === change.name && label === change.label)!;
      expect(other.change).toBeCloseTo(-change.change, 10);
      expect([other.gained, other.lost]).toEqual([change.lost, change.gained]);
      if (change.interval !== null) {
        expect(other.interval!.low).toBeCloseTo(-change.interval.high, 9);
        expect(other.interval!.high).toBeCloseTo(-change.interval.low, 9);
      }
      if (change.worst !== null) expect(other.worst!.low).toBeCloseTo(-change.worst.high, 9);
      change.tests.forEach(({ name, p }, turn) => {
        expect(other.tests[turn]!.name).toBe(name);
        expect(other.tests[turn]!.p).toBeCloseTo(p, 9);
      });
    });
  };

  it('mirror the changes of the same units', () => {
    fc.assert(
      fc.property(pairOfUnits, fc.boolean(), (units, repeats) => {
        const [base, head] = [
          runOf(
            units.map(([one]) => one),
            repeats,
          ),
          runOf(
            units.map(([, one]) => one),
            repeats,
          ),
        ];
        mirrored(compareUnits(base, head), compareUnits(head, base));
      }),
      { numRuns: 60 },
    );
  });

  it('mirror the changes of two samples', () => {
    fc.assert(
      fc.property(
        fc.array(unit, { minLength: 1, maxLength: 40 }),
        fc.array(unit, { minLength: 1, maxLength: 40 }),
        (a, b) => {
          mirrored(compareSamples(runOf(a), runOf(b)), compareSamples(runOf(b), runOf(a)));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('units that failed', () => {
  it('can move a share by no more than its worst cases, which they reach', () => {
    const three = fc.array(fc.tuple(fc.constantFrom(0, 1, null), fc.constantFrom(0, 1, null)), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(three, (units) => {
        const side = (which: 0 | 1) => [
          column(
            'share',
            'gate',
            units.map((pair) => pair[which]),
            true,
          ),
        ];
        const run = (which: 0 | 1): UnitValues => ({
          units: units.length,
          items: null,
          groups: null,
          columns: side(which),
        });
        const [change] = compareUnits(run(0), run(1)).changes;
        if (change === undefined) return;
        // Every way in which the failed ones could have come out.
        const possible = units.reduce<readonly number[]>(
          (sums, [before, after]) =>
            sums.flatMap((sum) =>
              (after === null ? [0, 1] : [after]).flatMap((h) =>
                (before === null ? [0, 1] : [before]).map((b) => sum + h - b),
              ),
            ),
          [0],
        );
        const { low, high } = change.worst ?? { low: change.change, high: change.change };
        expect(low).toBeCloseTo(Math.min(...possible) / units.length, 12);
        expect(high).toBeCloseTo(Math.max(...possible) / units.length, 12);
        expect(change.missing).toBe(units.filter((pair) => pair.includes(null)).length);
      }),
    );
  });
});

describe('groups', () => {
  const units = Array.from({ length: 90 }, (_, at): Unit => ({ hit: at % 2, size: at % 7, end: at % 4 }));

  it('are compared by units of both sides, and corrected for with all else', () => {
    const head = units.map((one, at) => (at % 3 === 0 ? { ...one, end: 3 } : one));
    const { groups, looked, changes, outcomes } = compareUnits(runOf(units), runOf(head));
    expect(groups.map(({ group }) => group)).toEqual(['x', 'y', 'z']);
    expect(looked).toBe(changes.filter(({ isGate }) => !isGate).length + outcomes.length + 3);
    expect(groups.map(({ changes }) => isBeyondChance(changes[0]!))).toEqual([true, false, false]);
  });

  it('that are results themselves are two samples', () => {
    const base = runOf(units);
    const head = { ...base, groups: { labels: ['x', 'y', 'z'], values: units.map((_, at) => (at + 1) % 3) } };
    expect(compareUnits(base, head).groups.map(({ changes }) => changes[0]!.pairing)).toEqual([
      'unpaired',
      'unpaired',
      'unpaired',
    ]);
  });

  it('are compared by what is on balance, where there is such a thing', () => {
    const net = column(
      'mean',
      'net end',
      units.map((_, at) => (at % 2) * 2 - 1),
    );
    const withNet = (run: UnitValues): UnitValues => ({ ...run, columns: [...run.columns, net] });
    const { groups } = compareUnits(withNet(runOf(units)), withNet(runOf(units)));
    expect(groups[0]!.changes[0]!.name).toBe('net end');
  });

  it('are not there for a single one, and at most two hundred of many', () => {
    const base = runOf(units);
    const one = { ...base, groups: { labels: ['x'], values: units.map(() => 0) } };
    expect(compareUnits(one, one).groups).toEqual([]);
    const labels = Array.from({ length: 250 }, (_, at) => `g${String(at).padStart(3, '0')}`);
    const many = Array.from({ length: 500 }, (_, at): Unit => ({ hit: at % 2, size: at, end: at % 4 }));
    const wide = { ...runOf(many), groups: { labels, values: many.map((_, at) => at % 250) } };
    expect(compareUnits(wide, wide)).toMatchObject({ moreGroups: 50 });
  });
});

describe('the evidence of a change', () => {
  it('has an interval that grows with the confidence, with items that repeat too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1)), { minLength: 24, maxLength: 80 }),
        (units) => {
          const items = units.map((_, at) => at % 12);
          const evidence = shareEvidence(
            pairsOf(
              units.map(([b]) => b),
              units.map(([, h]) => h),
              items,
            ),
          );
          let before = shareChangeInterval(evidence, 0.5);
          for (const confidence of [0.8, 0.95, 0.99, 0.999]) {
            const now = shareChangeInterval(evidence, confidence);
            expect(now.low).toBeLessThanOrEqual(before.low);
            expect(now.high).toBeGreaterThanOrEqual(before.high);
            before = now;
          }
        },
      ),
    );
  });

  it('of an effective sample is as wide as its standard error says', () => {
    const side = (mean: number) => effectiveSample(mean, 0.5, 40);
    const { low, high } = meanChangeInterval({ kind: 'samples', base: side(1), head: side(3) }, 0.95)!;
    expect((low + high) / 2).toBeCloseTo(2, 12);
    // t with 80 degrees, errors of 0.5 squared and added.
    expect((high - low) / 2).toBeCloseTo(1.990063421 * Math.SQRT1_2, 6);
  });

  it('is the same from estimates as from the units of two samples', () => {
    const slice = (units: readonly Unit[]) => {
      const tally = new SliceTally(
        { outcomes: ['end'], metrics: ['size'], figures: [] },
        false,
        null,
        new ResamplingWork('1'),
      );
      for (const { size, end } of units)
        tally.add(
          0,
          new Map<string, number | string>([
            ['size', size!],
            ['end', LABELS[end!]!],
          ]),
          [],
        );
      return tally.estimate(0, []);
    };
    const some = (n: number, shift: number) =>
      Array.from(
        { length: n },
        (_, at): Unit => ({ hit: 0, size: (at * 7) % 11, end: (at * at + shift) % 4 }),
      );
    const [a, b] = [some(60, 0), some(90, 1)];
    const units = compareSamples(runOf(a), runOf(b)).changes.filter(({ isGate }) => !isGate);
    const changes = compareSlices(slice(a), slice(b)).changes;
    // Also of what came up on one side only.
    const told = (all: readonly Change[]) => all.map(({ name, label }) => `${name} ${label}`).sort();
    expect(told(changes)).toEqual(told(units));
    expect(changes.filter(({ base, head }) => base === 0 || head === 0)).toHaveLength(2);
    for (const change of changes) {
      const other = units.find(({ name, label }) => name === change.name && label === change.label)!;
      expect(change.change).toBeCloseTo(other.change, 12);
      expect(change.interval!.low).toBeCloseTo(other.interval!.low, 9);
      expect(change.tests[0]).toMatchObject({ name: other.tests[0]!.name });
      expect(change.tests[0]!.p).toBeCloseTo(other.tests[0]!.p, 9);
    }
  });

  it('leave out a value that may be among those that a side does not tell apart', () => {
    const share = (value: string, x: number) => {
      const interval = {
        ...wilson(x / 100, 100, 0.95),
        confidence: 0.95,
        method: 'Wilson, independent draws',
      };
      return { value, x, n: 100, share: x / 100, interval, worst: null };
    };
    const slice = (values: readonly [string, number][], other: number): Slice => ({
      group: null,
      units: 100,
      dropped: 0,
      outcomes: [{ field: 'end', n: 100, missing: 0, other, values: values.map((one) => share(...one)) }],
      metrics: [],
      figures: [],
    });
    const changes = (base: Slice, head: Slice) =>
      compareSlices(base, head).changes.map(({ label, change }) => [label, change]);
    const all = slice([['won', 100]], 0);
    const both = slice(
      [
        ['lost', 40],
        ['won', 60],
      ],
      0,
    );
    expect(changes(all, both)).toEqual([['lost', 0.4]]);
    expect(changes(both, all)).toEqual([['lost', -0.4]]);
    expect(changes(slice([['won', 70]], 30), both)).toEqual([['won', expect.closeTo(-0.1, 12)]]);
    expect(changes(slice([['drawn', 70]], 30), both)).toEqual([['drawn', -0.7]]);
  });
});
