// Two runs of the same units, quantity by quantity. The intervals themselves are held against scipy elsewhere.

import { describe, expect, it } from 'vitest';
import { compareSamples, compareUnits } from '../../src/analysis/comparison.ts';
import { isBeyondChance } from '../../src/analysis/comparison-change.ts';
import {
  MOST_KEPT_UNITS,
  parseUnitValues,
  type UnitColumn,
  UnitValueCollector,
  type UnitValues,
  writeUnitValues,
} from '../../src/analysis/unit-values.ts';
import { fc } from '../property.ts';

type Values = readonly (number | null)[];

function share(values: Values, name = 'good'): UnitColumn {
  return { kind: 'share', name, isGate: true, labels: [], values };
}

function run(columns: readonly UnitColumn[], items: readonly number[] | null = null): UnitValues {
  return { units: columns[0]?.values.length ?? 0, items, groups: null, columns };
}

const ones = (count: number, of: number): number[] =>
  Array.from({ length: of }, (_, at) => (at < count ? 1 : 0));

describe('the comparison of two runs', () => {
  it('is exactly zero for the same values on both sides, whatever they are', () => {
    const value = fc.option(fc.constantFrom(0, 1), { nil: null });
    const number = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), {
      nil: null,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, number), { minLength: 1, maxLength: 60 }), (units) => {
        const same = run([
          share(units.map(([hit]) => hit)),
          {
            ...share(
              units.map(([, one]) => one),
              'steps',
            ),
            kind: 'mean',
          },
        ]);
        const { changes, isSame } = compareUnits(same, same);
        expect(isSame).toBe(true);
        for (const { change, interval } of changes) {
          expect(change).toBe(0);
          if (interval !== null) expect(interval.low <= 0 && interval.high >= 0).toBe(true);
        }
      }),
    );
  });

  it('pairs units by their place: what was gained and what was lost', () => {
    const { changes } = compareUnits(run([share([1, 1, 0, 0, 1])]), run([share([1, 0, 1, 1, 1])]));
    expect(changes).toMatchObject([
      { base: 3 / 5, head: 4 / 5, change: 1 / 5, gained: 2, lost: 1, pairs: 5 },
    ]);
  });

  it('leaves out units that failed on a side, and counts them', () => {
    const { changes, dropped } = compareUnits(run([share([1, null, 0, 1])]), run([share([1, 1, null, 0])]));
    expect(changes).toMatchObject([{ pairs: 2, lost: 1, gained: 0 }]);
    expect(dropped).toBe(2);
  });

  it('is surer where fewer units moved, at the same change', () => {
    const base = ones(60, 100);
    const few = base.map((hit, at) => (at < 10 ? 0 : hit));
    const many = base.map((hit, at) => (at < 30 ? 0 : at >= 80 ? 1 : hit));
    const widthOf = (head: number[]): number => {
      const { interval, change } = compareUnits(run([share(base)]), run([share(head)])).changes[0]!;
      expect(change).toBeCloseTo(-0.1);
      return interval!.high - interval!.low;
    };
    expect(widthOf(few)).toBeLessThan(widthOf(many));
  });

  it('takes units of one item together when that is less sure', () => {
    const items = Array.from({ length: 200 }, (_, at) => Math.floor(at / 10));
    // Whole items move: twenty of them say less than two hundred units.
    const base = items.map(() => 1);
    const head = items.map((item) => (item % 4 === 0 ? 0 : 1));
    const [change] = compareUnits(run([share(base)]), run([share(head)], items)).changes;
    expect(change).toMatchObject({
      method: 'paired Newcombe and Bonett-Price, clustered by item (20 items)',
      change: -0.25,
    });
    const [plain] = compareUnits(run([share(base)]), run([share(head)])).changes;
    expect(change!.interval!.low).toBeLessThan(plain!.interval!.low);
  });

  it('says what so many units can show, and what would settle it', () => {
    const base = ones(50, 100);
    const head = base.map((hit, at) => (at < 14 ? 0 : at >= 92 ? 1 : hit));
    const [change] = compareUnits(run([share(base)]), run([share(head)])).changes;
    expect(change!.change).toBeCloseTo(-0.06);
    expect(change!.detectable).toBeGreaterThan(0.06);
    expect(change!.toSettle).toBeGreaterThan(100);
  });

  it('names one of two values of an outcome, and each of more', () => {
    const bool: UnitColumn = {
      kind: 'category',
      name: 'ok',
      isGate: false,
      labels: ['false', 'true'],
      values: [0, 1, 1],
    };
    expect(compareUnits(run([bool]), run([bool])).changes.map(({ label }) => label)).toEqual(['true']);
    const three: UnitColumn = { ...bool, name: 'end', labels: ['a', 'b', 'c'], values: [0, 1, 2] };
    expect(compareUnits(run([three]), run([three])).changes.map(({ label }) => label)).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('knows a value by its label, not by the order in which labels appeared', () => {
    const first: UnitColumn = {
      kind: 'category',
      name: 'end',
      isGate: false,
      labels: ['x', 'y'],
      values: [0, 1],
    };
    const second: UnitColumn = { ...first, labels: ['y', 'x'], values: [1, 0] };
    expect(compareUnits(run([first]), run([second])).isSame).toBe(true);
  });

  it('compares means by their paired differences', () => {
    const mean = (values: Values): UnitColumn => ({ ...share(values, 'steps'), kind: 'mean' });
    const { changes } = compareUnits(run([mean([1, 2, 3, 4])]), run([mean([2, 3, 4, 5])]));
    expect(changes).toMatchObject([{ change: 1, interval: { low: 1, high: 1 }, base: 2.5, head: 3.5 }]);
  });

  it('says of a mean too what could be seen and what would settle it', () => {
    const mean = (values: Values): UnitColumn => ({ ...share(values, 'steps'), kind: 'mean', isGate: false });
    const base = Array.from({ length: 200 }, (_, at) => at % 10);
    const head = base.map((value, at) => value + (at % 2 === 0 ? 3 : -2.8));
    const [change] = compareUnits(run([mean(base)]), run([mean(head)])).changes;
    expect(change!.change).toBeCloseTo(0.1);
    // 2.9 is how far differences go; 2.8 standard errors are seen in four of five cases.
    expect(change!.detectable).toBeCloseTo((2.8016 * 2.907) / Math.sqrt(200), 2);
    expect(change!.toSettle).toBe(3300);
    expect(change!.tests.map(({ name }) => name)).toEqual(['paired t', 'sign-flip permutation']);
  });

  it('leaves it to the signs when every difference is the same', () => {
    const mean = (values: Values): UnitColumn => ({ ...share(values, 'steps'), kind: 'mean', isGate: false });
    const [change] = compareUnits(run([mean([1, 2])]), run([mean([2, 3])])).changes;
    expect(change).toMatchObject({ interval: { low: 1, high: 1 }, adjusted: 0.5, detectable: null });
    expect(isBeyondChance(change!)).toBe(false);
  });

  it('calls a change more than chance only after all that was looked at', () => {
    const base = ones(50, 100);
    const moved = base.map((hit, at) => (at < 7 ? 0 : at === 60 ? 1 : hit));
    const still = base.map((hit, at) => (at === 3 ? 0 : at === 70 ? 1 : hit));
    const columns = (first: Values): UnitColumn[] => [
      { ...share(first, 'first'), isGate: false },
      ...Array.from({ length: 9 }, (_, i) => ({
        ...share(first === base ? base : still, `other ${i}`),
        isGate: false,
      })),
    ];
    const alone = compareUnits(run(columns(base).slice(0, 1)), run(columns(moved).slice(0, 1)));
    const among = compareUnits(run(columns(base)), run(columns(moved)));
    expect(alone.looked).toBe(1);
    expect(among.looked).toBe(10);
    expect(among.changes[0]!.adjusted).toBeCloseTo(alone.changes[0]!.adjusted! * 10, 9);
    expect(among.changes.some(isBeyondChance)).toBe(false);
  });

  it('pairs the units that both runs have when one went on for longer', () => {
    const base = run([share([1, 0, 1])]);
    const head = run([share([1, 0, 0, 1, 1])]);
    expect(compareUnits(base, head)).toMatchObject({ units: 3, dropped: 0, isSame: false });
    expect(compareUnits(base, head).changes[0]).toMatchObject({ pairs: 3, lost: 1, missing: 0, worst: null });
  });

  it('asks of more than two values whether all of them together are as often', () => {
    const end = (values: Values): UnitColumn => ({
      kind: 'category',
      name: 'end',
      isGate: false,
      labels: ['a', 'b', 'c'],
      values,
    });
    const base = Array.from({ length: 90 }, (_, at) => at % 3);
    const head = base.map((value, at) => (value === 0 && at % 2 === 0 ? 1 : value));
    const { outcomes } = compareUnits(run([end(base)]), run([end(head)]));
    expect(outcomes).toMatchObject([{ name: 'end', values: 3, test: { name: 'Stuart-Maxwell', draws: 0 } }]);
    expect(outcomes[0]!.test.p).toBeLessThan(0.001);
    expect(compareSamples(run([end(base)]), run([end(head)])).outcomes[0]!.test.name).toBe('chi-square');
  });

  it('holds two samples against each other by other tests, and says how many draws they took', () => {
    const steps = (values: Values): UnitColumn => ({
      ...share(values, 'steps'),
      kind: 'mean',
      isGate: false,
    });
    const base = run([share(ones(40, 80)), steps(Array.from({ length: 80 }, (_, at) => at % 9))]);
    const head = run([share(ones(80, 120)), steps(Array.from({ length: 120 }, (_, at) => (at % 9) + 2))]);
    const [hits, mean] = compareSamples(base, head).changes;
    expect(hits).toMatchObject({
      pairing: 'unpaired',
      baseUnits: 80,
      headUnits: 120,
      pairs: 0,
      method: 'Newcombe',
    });
    expect(hits!.tests.map(({ name }) => name)).toEqual(['Fisher exact']);
    expect(mean!.tests.map(({ name }) => name)).toEqual([
      'Welch',
      'Mann-Whitney',
      'Kolmogorov-Smirnov permutation',
    ]);
    expect(mean!.tests[1]!.effect).toMatchObject({ name: "Cliff's delta" });
    expect(mean!.tests[2]!.draws).toBeGreaterThan(99);
    expect(compareSamples(base, head)).toEqual(compareSamples(base, head));
  });

  it('takes no ranks where items repeat', () => {
    const items = Array.from({ length: 60 }, (_, at) => at % 12);
    const steps: UnitColumn = {
      ...share(
        items.map((item) => item + 1),
        'steps',
      ),
      kind: 'mean',
      isGate: false,
    };
    const [change] = compareSamples(run([steps], items), run([steps], items)).changes;
    expect(change).toMatchObject({ method: 'Welch, clustered by item' });
    expect(change!.tests.map(({ name }) => name)).toEqual(['Welch, clustered by item']);
  });

  it('takes a gate for no metric of the same name, which it may ask something else of', () => {
    const steps = { ...share([3, 5, 8], 'steps'), kind: 'mean', isGate: false } as const;
    const gate = { ...steps, isGate: true, values: [6, 10, 16] };
    const { changes, isSame, dropped } = compareUnits(run([steps]), run([steps, gate]));
    expect(changes.map(({ isGate, change }) => ({ isGate, change }))).toEqual([{ isGate: false, change: 0 }]);
    expect({ isSame, dropped }).toEqual({ isSame: true, dropped: 0 });
  });

  it('has nothing to say of quantities that only one side has', () => {
    expect(compareUnits(run([share([1], 'old')]), run([share([1], 'new')])).changes).toEqual([]);
  });
});

describe('values of units', () => {
  it('come back as they were written', () => {
    const collector = new UnitValueCollector(true, false);
    for (const [item, hit, end] of [
      [0, 1, 'a'],
      [0, null, 'b'],
      [1, 0, 'a'],
    ] as const) {
      collector.next(item);
      if (hit !== null) collector.set('gate 0', hit);
      collector.set('outcome end', end);
    }
    const values = collector.finish(
      [
        { key: 'gate 0', kind: 'share', name: 'good', isGate: true },
        { key: 'outcome end', kind: 'category', name: 'end', isGate: false },
        { key: 'metric none', kind: 'mean', name: 'none', isGate: false },
      ],
      null,
    )!;
    expect(values.columns.map((column) => column.values)).toEqual([
      [1, null, 0],
      [0, 1, 0],
      [null, null, null],
    ]);
    const read = parseUnitValues(JSON.parse(JSON.stringify(writeUnitValues(values))));
    expect(read).toEqual({ units: 3, columns: values.columns, groups: null });
  });

  it('are nothing of a run that is too large', () => {
    const collector = new UnitValueCollector(false, false);
    for (let at = 0; at <= MOST_KEPT_UNITS; at++) if (collector.next(0)) collector.set('gate 0', 1);
    expect(collector.finish([{ key: 'gate 0', kind: 'share', name: 'good', isGate: true }], null)).toBeNull();
  });

  it('keep their groups, as long as there is room', () => {
    const groups = { labels: ['x', 'y'], values: [0, null, 1] };
    const column = share([1, 0, null]);
    const values: UnitValues = { units: 3, items: null, groups, columns: [column] };
    const back = (run: UnitValues) => parseUnitValues(JSON.parse(JSON.stringify(writeUnitValues(run))));
    expect(back(values)).toEqual({ units: 3, columns: [column], groups });
    const long = { ...groups, labels: ['x', 'y'.repeat(300_000)] };
    expect(back({ ...values, groups: long })).toEqual({ units: 3, columns: [column], groups: null });
    const damaged = { ...(writeUnitValues(values) as object), groups: { labels: ['x'], values: '0,,1' } };
    expect(parseUnitValues(damaged)).toEqual({ units: 3, columns: [column], groups: null });
  });

  it('are nothing when they were tampered with', () => {
    const good = { kind: 'share', name: 'g', isGate: true, labels: [], values: '1,0' };
    expect(parseUnitValues({ units: 2, columns: [good] })).not.toBeNull();
    for (const bad of [
      null,
      'text',
      { units: 3, columns: [good] },
      { units: 2, columns: 'x' },
      { units: 2, columns: [{ ...good, values: '1,x' }] },
      { units: 2, columns: [{ ...good, values: '1,2' }] },
      { units: 2, columns: [{ ...good, kind: 'category', labels: ['a'], values: '0,1' }] },
      { units: 2, columns: [{ ...good, kind: 'mean', values: '1,1e999' }] },
      { units: 2, columns: [{ ...good, kind: 'other' }] },
      { units: 2, columns: [{ ...good, labels: [1] }] },
      { units: 1e9, columns: [] },
    ])
      expect(parseUnitValues(bad)).toBeNull();
  });
});
