// What coupled draws brought, through the analyser, on cases whose factor is known by calculus.
import { describe, expect, test } from 'vitest';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Gain } from '../../src/analysis/gains.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { fromPlain } from '../../src/expression/json.ts';
import type { Coupling, Pipeline } from '../../src/pipeline/pipeline.ts';
import { openStream } from '../../src/simulation/stream.ts';
import { repeatedId } from '../../src/simulation/unit-stream.ts';
import { expressionStep, pipelineOf } from '../report/fixture.ts';

const ALONE: Coupling = { streamBy: null, antithetic: false, stratify: null };

function draws(name: string): () => number {
  const stream = openStream(['gains', name]);
  return () => stream.double();
}

function unit(item: string, repetition: number, plain: Record<string, unknown>): UnitRecord {
  const fields = new Map(Object.entries(plain).map(([name, value]) => [name, fromPlain(value)]));
  return {
    kind: 'valid',
    unit: repeatedId(item, repetition),
    item,
    attempts: 1,
    capped: false,
    loops: new Map(),
    fields,
  };
}

function gainsOf(
  coupling: Partial<Coupling>,
  records: readonly UnitRecord[],
  part: Partial<Pipeline> = {},
): readonly Gain[] {
  const steps = [{ ...expressionStep('s', ['x']), coupling: { ...ALONE, ...coupling } }];
  const report = { groupBy: 'group', outcomes: ['o'], metrics: ['x'] };
  const pipeline = pipelineOf({ steps, report, repeat: 1000, ...part });
  const analyser = createAnalyser({ pipeline, provider: 'none', simulated: false });
  for (const record of records) analyser.add(record);
  const [planned, valid] = [records.length, records.length];
  return analyser.finish({ planned, valid, failed: 0, inFlight: 0, steps: [] }).gains;
}

/** In canonical order: every item once, then every one again. */
function runOf(
  items: readonly string[],
  repeat: number,
  make: (item: string, repetition: number) => Record<string, unknown>,
): readonly UnitRecord[] {
  return Array.from({ length: repeat }, (_, repetition) =>
    items.map((item) => unit(item, repetition, make(item, repetition))),
  ).flat();
}

describe('antithetic pairs', () => {
  const mirrored = (of: (u: number) => number, shift: (item: string) => number = () => 0) => {
    const draw = draws('mirrored');
    const last = new Map<string, number>();
    return runOf(['a', 'b', 'c'], 2000, (item, repetition) => {
      const u = repetition % 2 === 0 ? draw() : 1 - (last.get(item) ?? 0);
      last.set(item, u);
      return { x: of(u) + shift(item), o: u < 0.5 ? 'low' : 'high' };
    });
  };

  test('are worth 31 times as many units for the mean of exp(u), however far the items are apart', () => {
    for (const shift of [() => 0, (item: string) => item.charCodeAt(0) * 10]) {
      const [gain] = gainsOf({ antithetic: true }, mirrored(Math.exp, shift));
      expect(gain).toMatchObject({ coupling: 'antithetic', kind: 'mean', name: 'x', units: 6000 });
      expect(gain!.factor! / 30.9).toBeGreaterThan(0.85);
      expect(gain!.factor! / 30.9).toBeLessThan(1.15);
    }
  });

  test('do harm where the mirror image says the same', () => {
    const [gain] = gainsOf(
      { antithetic: true },
      mirrored((u) => (u - 0.5) ** 2),
    );
    expect(gain?.factor).toBeCloseTo(0.5, 2);
  });

  test('leave no chance in what rises evenly', () => {
    const [gain] = gainsOf(
      { antithetic: true },
      mirrored((u) => 3 * u),
    );
    expect(gain?.factor).toBeNull();
  });

  test('are measured for the first gate beside the first metric, and for an outcome when there is neither', () => {
    const gates = [
      { kind: 'valid_share', name: 'valid', region: { atLeast: 0.9, atMost: null }, confidence: 0.95 },
      {
        kind: 'share',
        name: 'low',
        expr: "o == 'low'",
        region: { atLeast: 0.4, atMost: null },
        confidence: 0.95,
      },
    ] as const;
    const records = mirrored(Math.exp);
    const both = gainsOf({ antithetic: true }, records, { gates });
    expect(both.map(({ kind, name }) => [kind, name])).toEqual([
      ['gate', 'low'],
      ['mean', 'x'],
    ]);
    expect(both[0]?.factor).toBeNull();
    const report = { groupBy: null, outcomes: ['o'], metrics: [] };
    expect(gainsOf({ antithetic: true }, records, { report })).toMatchObject([
      { kind: 'share', name: 'o', label: 'high' },
    ]);
  });
});

describe('strata', () => {
  test('of a uniform mean are worth the square of their number', () => {
    const draw = draws('strata');
    const records = runOf(['a', 'b'], 2000, (item, repetition) => ({
      x: ((repetition % 5) + draw()) / 5 + (item === 'a' ? 7 : 0),
    }));
    const [gain] = gainsOf({ stratify: 5 }, records);
    expect(gain).toMatchObject({ coupling: 'stratified', units: 4000 });
    expect(gain!.factor! / 25).toBeGreaterThan(0.9);
    expect(gain!.factor! / 25).toBeLessThan(1.1);
  });
});

describe('shared streams', () => {
  const waits = (streets: readonly string[]) => {
    const draw = draws('waits');
    const drawn = new Map<string, number>();
    const items = streets.flatMap((street) => [`${street}-1`, `${street}-2`]);
    return runOf(items, 1000, (item, repetition) => {
      const [street = '', tills = ''] = item.split('-');
      const stream = `${street} ${repetition}`;
      const wait = drawn.get(stream) ?? -Math.log(1 - draw());
      drawn.set(stream, wait);
      return { street, group: tills, x: wait / Number(tills) + (street === 'north' ? 9 : 0) };
    });
  };

  test('are worth 5 times as many units for the difference of two exponential means, 1 and 1/2', () => {
    for (const streets of [['north'], ['north', 'south']]) {
      const [gain] = gainsOf({ streamBy: 'street' }, waits(streets));
      expect(gain).toMatchObject({
        coupling: 'common',
        kind: 'mean',
        name: 'x',
        units: 2000 * streets.length,
      });
      expect(gain?.factor).toBeCloseTo(5, 6);
    }
  });

  test('bring nothing that could be measured without groups, with several units of a group, or by a field that changes', () => {
    const records = waits(['north', 'south']);
    const report = { groupBy: null, outcomes: [], metrics: ['x'] };
    expect(gainsOf({ streamBy: 'street' }, records, { report })).toEqual([]);
    expect(gainsOf({ streamBy: "'all'" }, records)).toEqual([]);
    expect(gainsOf({ streamBy: 'x' }, records)).toEqual([]);
  });
});

test('nothing is said of draws that are not coupled, of Octobatch seeds, or of a handful of pairs', () => {
  const draw = draws('few');
  const records = runOf(['a'], 30, () => ({ x: draw() }));
  expect(gainsOf({}, records)).toEqual([]);
  expect(gainsOf({ antithetic: true }, records, { rng: 'python' })).toEqual([]);
  expect(gainsOf({ antithetic: true }, records)).toEqual([]);
});
