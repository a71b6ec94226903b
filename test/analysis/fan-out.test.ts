// Units that are children of one: bundled in every interval, paired by id with those of another run, and counted where
// their parent failed before it had any.

import { describe, expect, test } from 'vitest';
import { holdAgainst } from '../../src/analysis/against.ts';
import { alignUnits, readIds, writeIds } from '../../src/analysis/align-units.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Analysis } from '../../src/analysis/analysis.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { unitDifferences } from '../../src/analysis/unit-differences.ts';
import { parseUnitValues, writeUnitValues } from '../../src/analysis/unit-values.ts';
import { fromPlain } from '../../src/expression/json.ts';
import type { FanOutStep, Gate, Pipeline } from '../../src/pipeline/pipeline.ts';
import { fc } from '../property.ts';
import { createDraws, expressionStep, llmStep, pipelineOf, stepAccount } from '../report/fixture.ts';

const split: FanOutStep = {
  kind: 'fan_out',
  name: 'split',
  field: 'lines',
  childField: 'line',
  maxChildren: 6,
  retry: { maxAttempts: 1, feedback: true, from: null },
};

function pipeline(part: Partial<Pipeline> = {}): Pipeline {
  const steps = [llmStep('write', ['lines']), split, expressionStep('act', ['hit', 'size'])];
  return pipelineOf({ steps, report: { groupBy: null, outcomes: ['hit'], metrics: ['size'] }, ...part });
}

interface Child {
  readonly item: string;
  readonly repetition?: number;
  readonly index: number;
  readonly hit: boolean;
  readonly size?: number;
}

function child({ item, repetition, index, hit, size = 0 }: Child): UnitRecord {
  const source = repetition === undefined ? item : `${item}__rep${String(repetition).padStart(4, '0')}`;
  const unit = `${source}__fan${String(index).padStart(3, '0')}`;
  const fields = new Map(
    Object.entries({ item, hit, size }).map(([name, value]) => [name, fromPlain(value)]),
  );
  return { kind: 'valid', unit, item, attempts: 1, capped: false, loops: new Map(), fields };
}

function failed(unit: string, step: string, fields: Record<string, unknown> = {}): UnitRecord {
  const failure = { kind: 'malformed', step, issues: [], raw: null } as const;
  const own = new Map(Object.entries(fields).map(([name, value]) => [name, fromPlain(value)]));
  return { kind: 'failed', unit, item: unit, attempts: 1, fields: own, failure };
}

function analyse(records: readonly UnitRecord[], of: Pipeline = pipeline()): Analysis {
  const analyser = createAnalyser({ pipeline: of, provider: 'openai', simulated: false });
  for (const record of records) analyser.add(record);
  const lost = records.filter(({ kind }) => kind === 'failed').length;
  const step = stepAccount({ step: 'act', entered: records.length, failed: lost });
  const counts = { planned: records.length, valid: records.length - lost, failed: lost, inFlight: 0 };
  return analyser.finish({ ...counts, steps: [step] });
}

/** Children that have most of their luck in common. */
function family(draw: () => number, item: string, repetition?: number): Child[] {
  const luck = draw();
  return Array.from({ length: 5 }, (_, index) => ({
    ...(repetition === undefined ? {} : { repetition }),
    item,
    index,
    hit: (draw() < 0.2 ? draw() : luck) < 0.4,
    size: luck + draw() / 5,
  }));
}

describe('the interval of children', () => {
  test.each([
    ['of as many items as units', 40, 1],
    ['of one item, repeated', 1, 40],
    ['of a handful of items, repeated', 4, 10],
    ['of many items, repeated', 20, 2],
  ])('%s covers the truth as often as it says', (_, items, repeat) => {
    const draw = createDraws(17 + items);
    let [shares, means] = [0, 0];
    const runs = 300;
    for (let run = 0; run < runs; run++) {
      const records: UnitRecord[] = [];
      for (let repetition = 0; repetition < repeat; repetition++) {
        for (let item = 0; item < items; item++)
          records.push(...family(draw, `i${item}`, repeat === 1 ? undefined : repetition).map(child));
      }
      const { overall } = analyse(records, pipeline({ repeat }));
      const share = overall.outcomes[0]!.values.find(({ value }) => value === 'true')!.interval;
      const mean = overall.metrics[0]!.interval!;
      if (share.low <= 0.4 && 0.4 <= share.high) shares++;
      if (mean.low <= 0.6 && 0.6 <= mean.high) means++;
    }
    // Taken for independent draws they would cover about 70 of 100 times.
    expect(shares / runs).toBeGreaterThan(0.91);
    expect(means / runs).toBeGreaterThan(0.91);
  });

  test('is clustered by item where there are many, else by the unit that was split, in each group anew', () => {
    const draw = createDraws(5);
    const run = (items: number, repeat: number) => {
      const records: UnitRecord[] = [];
      for (let repetition = 0; repetition < repeat; repetition++)
        for (let item = 0; item < items; item++)
          records.push(...family(draw, `i${item}`, repetition).map(child));
      const report = { groupBy: 'item', outcomes: ['hit'], metrics: [] };
      const { overall, groups } = analyse(records, pipeline({ repeat, report }));
      return [overall, groups[0]!].map(({ outcomes }) => outcomes[0]!.values[0]!.interval.method);
    };
    expect(run(12, 8)).toEqual([
      'Wilson, clustered by item (12 items)',
      'Wilson, clustered by the unit before the fan-out',
    ]);
    expect(run(3, 8)[0]).toBe('Wilson, clustered by the unit before the fan-out');
  });

  test('of children that all agree is as wide as that of their parents alone', () => {
    const records = Array.from({ length: 20 }, (_, item) =>
      Array.from({ length: 5 }, (_, index) => child({ item: `i${item}`, index, hit: true })),
    ).flat();
    const { interval } = analyse(records).overall.outcomes[0]!.values[0]!;
    // (0.025)^(1/20)
    expect(interval.low).toBeCloseTo(0.8316, 4);
  });

  test('of units that are never split is that of independent draws', () => {
    const records = Array.from({ length: 20 }, (_, item) =>
      child({ item: `i${item}`, index: 0, hit: item < 9 }),
    );
    const method = analyse(records).overall.outcomes[0]!.values[0]!.interval.method;
    expect(method).toBe('Wilson, independent draws');
  });
});

describe('a unit that failed before it was split', () => {
  const gate: Gate = {
    kind: 'share',
    name: 'good',
    expr: 'hit',
    region: { atLeast: 0.5, atMost: null },
    confidence: 0.95,
  };
  const children = Array.from({ length: 30 }, (_, at) =>
    child({ item: `i${Math.floor(at / 3)}`, index: at % 3, hit: at % 5 !== 0 }),
  );

  test('counts in worst cases as the most results it could have given, and is said apart', () => {
    const lost = [failed('x', 'write'), failed('y', 'split'), failed('z__fan000', 'act')];
    const { overall, unsplit } = analyse([...children, ...lost]);
    expect(unsplit).toEqual({ units: 2, most: 12 });
    expect(overall.dropped).toBe(13);
    expect(overall.outcomes[0]!.values[0]!.worst).toEqual({ low: 24 / 43, high: 37 / 43 });
    expect(analyse([...children, failed('z__fan000', 'act')]).unsplit).toBeUndefined();
  });

  test('widens a gate by all of them, which says that they are at most so many', () => {
    const held = analyse([...children, failed('x', 'write')], pipeline({ gates: [gate] })).gates[0]!;
    expect(held.worst).toEqual({ low: 24 / 36, high: 30 / 36 });
    expect(held.reason).toContain('the interval covers at most 6 units dropped');
    const alone = analyse(children, pipeline({ gates: [gate] })).gates[0]!;
    expect(held.interval!.low).toBeLessThan(alone.interval!.low);
  });

  test('before two fan-outs could have given the product of both', () => {
    const again: FanOutStep = { ...split, name: 'again', field: 'line', childField: 'word', maxChildren: 4 };
    const steps = [llmStep('write', ['lines']), split, llmStep('cut', ['words']), again];
    const records = [failed('x', 'write'), failed('y__fan001', 'cut')];
    expect(analyse(records, pipeline({ steps })).unsplit).toEqual({ units: 2, most: 28 });
  });

  test('may be missing in either group of a difference', () => {
    const difference: Gate = {
      kind: 'share_difference',
      name: 'apart',
      expr: 'hit',
      by: 'item',
      of: 'i0',
      minus: 'i1',
      region: { atLeast: -1, atMost: null },
      confidence: 0.95,
    };
    const held = (fields: Record<string, unknown>) =>
      analyse([...children, failed('x', 'write', fields)], pipeline({ gates: [difference] })).gates[0]!;
    expect(held({ item: 'i0' }).reason).toContain('6 units dropped');
    expect(held({ item: 'i5' }).worst).toBeNull();
  });
});

describe('two runs whose lists differ in length', () => {
  const lengths = (counts: readonly number[], hit: (item: number, index: number) => boolean) =>
    counts.flatMap((count, item) =>
      Array.from({ length: count }, (_, index) => child({ item: `i${item}`, index, hit: hit(item, index) })),
    );
  const before = analyse(lengths([3, 0, 2, 4], (item, index) => (item + index) % 2 === 0));
  const after = analyse(lengths([2, 1, 2, 5], (item, index) => item === 3 || (item + index) % 2 === 0));
  const base = { name: 'main', reason: null, isSame: false, values: before.values, overall: before.overall };

  test('are compared child by child, by id, and what has no partner is counted', () => {
    const { against } = holdAgainst(after, pipeline(), base);
    const change = against!.comparison!.changes.find(({ label }) => label === 'true')!;
    expect(against!.comparison).toMatchObject({ units: 8, unpaired: { base: 1, head: 2 }, isSame: false });
    expect(change).toMatchObject({ pairing: 'paired', pairs: 8, gained: 2, lost: 0 });
  });

  test('are the same only where every child of the one is in the other', () => {
    const same = holdAgainst(before, pipeline(), base).against!.comparison!;
    expect(same.isSame).toBe(true);
    expect(same.unpaired).toBeUndefined();
    const shorter = analyse(lengths([3, 0, 2, 3], (item, index) => (item + index) % 2 === 0));
    expect(holdAgainst(shorter, pipeline(), base).against!.comparison).toMatchObject({
      isSame: false,
      unpaired: { base: 1, head: 0 },
    });
  });

  test('say which units differ by the place they have here', () => {
    const differing = unitDifferences(before.values!, after.values!, 10);
    expect([...differing.keys()].map((place) => after.values!.ids![place])).toEqual([
      'i3__fan000',
      'i3__fan002',
    ]);
  });

  test('are held by estimates where only one of them is split', () => {
    const { ids: _, ...whole } = before.values!;
    const { against } = holdAgainst(after, pipeline(), { ...base, values: whole });
    expect(against!.comparison!.pairing).toBe('estimates');
  });

  test('come back from what is kept of them with their ids', () => {
    const read = parseUnitValues(JSON.parse(JSON.stringify(writeUnitValues(before.values!))));
    expect(read?.ids).toEqual(before.values!.ids);
    expect(alignUnits(read!, after.values!)).toMatchObject({ baseOnly: 1, headOnly: 2 });
  });
});

test('ids of any kind come back as they were written, and nothing else is taken for ids', () => {
  const id = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(fc.uniqueArray(id, { maxLength: 20 }), (ids) => {
      expect(readIds(writeIds(ids), ids.length)).toEqual(ids);
    }),
  );
  expect(readIds('0 a\n9 b', 2)).toBeNull();
  expect(readIds('0 a\n1 ', 2)).toBeNull();
  expect(readIds('0 a', 2)).toBeNull();
  expect(readIds(['a'], 1)).toBeNull();
});
