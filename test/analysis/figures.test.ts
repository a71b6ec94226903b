// Figures through the analyser: their values on cases that can be worked out by hand, and what they refuse.

import { describe, expect, test } from 'vitest';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import { compareUnits } from '../../src/analysis/comparison.ts';
import type { FigureEstimate, Slice } from '../../src/analysis/estimate.ts';
import { netValue } from '../../src/analysis/net-value.ts';
import { rateInterval } from '../../src/analysis/rates.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { parseUnitValues, writeUnitValues } from '../../src/analysis/unit-values.ts';
import { fromPlain } from '../../src/expression/json.ts';
import type { FigureSpec, Pipeline } from '../../src/pipeline/pipeline.ts';
import { fc } from '../property.ts';
import { createDraws, expressionStep, pipelineOf } from '../report/fixture.ts';

type Plain = Record<string, unknown>;

function unit(plain: Plain, item = 'a', id = 'u'): UnitRecord {
  const fields = new Map(Object.entries(plain).map(([name, value]) => [name, fromPlain(value)]));
  return { kind: 'valid', unit: id, item, attempts: 1, capped: false, loops: new Map(), fields };
}

function lost(plain: Plain = {}): UnitRecord {
  const { fields } = unit(plain);
  const failure = { kind: 'malformed', step: 's', issues: [], raw: null } as const;
  return { kind: 'failed', unit: 'f', item: 'a', attempts: 1, fields, failure };
}

function analysed(
  figures: readonly FigureSpec[],
  records: readonly UnitRecord[],
  part: Partial<Pipeline> = {},
) {
  const report = { groupBy: null, outcomes: ['o'], metrics: [], figures };
  const pipeline = pipelineOf({ steps: [expressionStep('s', ['o'])], report, ...part });
  const analyser = createAnalyser({ pipeline, provider: 'openai', simulated: false });
  for (const record of records) analyser.add(record);
  const failed = records.filter(({ kind }) => kind === 'failed').length;
  const [planned, valid] = [records.length, records.length - failed];
  return analyser.finish({ planned, valid, failed, inFlight: 0, steps: [] });
}

function figureOf(
  figure: FigureSpec,
  records: readonly UnitRecord[],
  part?: Partial<Pipeline>,
): FigureEstimate {
  return analysed([figure], records, part).overall.figures[0]!;
}

const net: FigureSpec = { kind: 'net', name: 'net o', field: 'o', values: { win: 1, lose: -1 } };
const quantileAt = (at: number): FigureSpec => ({ kind: 'quantile', name: `${at}`, field: 'x', at });
const ratio: FigureSpec = { kind: 'ratio', name: 'hits per try', of: 'hits', to: 'tries' };
const rate: FigureSpec = { kind: 'rate', name: 'falls', events: 'fell', per: 'steps / 1000' };
const custom = (expr: string): FigureSpec => ({ kind: 'custom', name: 'own', expr });

const repeated = (count: number, items: number, make: (i: number) => Plain) =>
  Array.from({ length: count }, (_, i) => unit(make(i), `item${i % items}`));

describe('a net value', () => {
  const outcomes = (...labels: string[]) => labels.map((o) => unit({ o }));

  test('is compared with one that counts the same, and with no other of its name', () => {
    const records = outcomes('win', 'lose', 'push', 'win', 'lose', 'push');
    const valuesOf = (values: Readonly<Record<string, number>>) => {
      const { values: all } = analysed([{ ...net, values }], records);
      return parseUnitValues(JSON.parse(JSON.stringify(writeUnitValues(all!))))!;
    };
    const now = valuesOf({ win: 1, lose: -1 });
    const changesFrom = (base: typeof now) => compareUnits(base, now).changes.map(({ name }) => name);
    expect(changesFrom(valuesOf({ push: 0, lose: -1, win: 1 }))).toContain('net o');
    expect(changesFrom(valuesOf({ win: 2, lose: -1 }))).not.toContain('net o');
  });

  test('is the mean of what the outcomes count, all others 0', () => {
    const records = outcomes('win', 'win', 'lose', 'push', 'win');
    const figure = figureOf(net, records);
    expect(figure).toMatchObject({ n: 5, missing: 0, value: 0.4, worst: null, note: null });
    expect(figure.interval).toEqual({
      ...netValue(3, 1, 5, 0.95).interval,
      confidence: 0.95,
      method: 'Bonett-Price, independent draws',
    });
  });

  test('keeps a width when all units agree', () => {
    const figure = figureOf(net, outcomes(...Array<string>(30).fill('win')));
    expect(figure.value).toBe(1);
    expect(figure.interval?.low).toBeLessThan(0.95);
    expect(figure.interval?.high).toBe(1);
  });

  test('of other numbers has a t interval, or none when all count the same', () => {
    const pays: FigureSpec = { ...net, values: { blackjack: 1.5, lose: -1 } };
    const figure = figureOf(pays, outcomes('blackjack', 'lose', 'lose', 'push'));
    expect(figure.value).toBeCloseTo(-0.125, 12);
    expect(figure.interval?.method).toBe('t, independent draws');
    expect(figure.interval?.low).toBe(-1);
    expect(figureOf(pays, outcomes('lose', 'lose', 'lose'))).toMatchObject({
      value: -1,
      interval: null,
      note: 'no interval: all units count the same',
    });
  });

  test('is clustered by item when items repeat', () => {
    const records = repeated(200, 20, (i) => ({ o: i % 20 < 12 ? 'win' : 'lose' }));
    const clustered = figureOf(net, records, { repeat: 10 });
    const alone = figureOf(net, records);
    expect(clustered.interval?.method).toBe('t, clustered by item (20 items)');
    const width = ({ interval }: FigureEstimate) => interval!.high - interval!.low;
    expect(width(clustered) / width(alone)).toBeGreaterThan(3);
  });

  test('has bounds from the values an outcome can count when units were dropped or have none', () => {
    const figure = figureOf(net, [...outcomes('win', 'lose', 'win', 'push'), unit({ other: 1 }), lost()]);
    expect(figure).toMatchObject({ n: 4, missing: 1, value: 0.25 });
    expect(figure.worst).toEqual({ low: (1 - 2) / 6, high: (1 + 2) / 6 });
  });

  test('is kept for every unit, so that it can be compared', () => {
    const { values } = analysed([net], [...outcomes('win', 'lose'), lost()]);
    const column = values?.columns.find(({ name }) => name === 'net o');
    expect(column).toMatchObject({ kind: 'mean', isGate: false, values: [1, -1, null] });
  });
});

describe('a quantile', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => unit({ x: (i * 7919) % count }));

  test('has an interval between two of the values', () => {
    const figure = figureOf(quantileAt(0.9), numbers(101));
    expect(figure.value).toBe(90);
    expect(figure.interval).toMatchObject({
      low: 84,
      high: 96,
      method: 'order statistics, independent draws',
    });
  });

  test('says how many units an interval takes', () => {
    expect(figureOf(quantileAt(0.99), numbers(101))).toMatchObject({
      value: 99,
      interval: null,
      note: 'no interval: it takes 368 units',
    });
  });

  test('has no interval where units hang together', () => {
    const figure = figureOf(
      quantileAt(0.5),
      repeated(100, 20, (i) => ({ x: i % 20 })),
      { repeat: 5 },
    );
    expect(figure).toMatchObject({ value: 9.5, interval: null, note: 'no interval: units hang together' });
  });

  test('several of one field are read off the same values, and bounds put what is dropped at both ends', () => {
    const figures = [quantileAt(0.25), quantileAt(0.75)];
    const { overall } = analysed(figures, [...numbers(5), lost(), unit({ x: 'none' })]);
    expect(overall.figures.map(({ value, n, missing, worst }) => ({ value, n, missing, worst }))).toEqual([
      { value: 1, n: 5, missing: 1, worst: { low: 0, high: 1.5 } },
      { value: 3, n: 5, missing: 1, worst: { low: 2.5, high: 4 } },
    ]);
  });
});

describe('a ratio', () => {
  const tries = (count: number, seed = 1) => {
    const draw = createDraws(seed);
    return Array.from({ length: count }, () => {
      const tries = 1 + Math.floor(draw() * 9);
      return { tries, hits: Math.floor(draw() * (tries + 1)) };
    });
  };

  test('is a sum over a sum, with a seeded bootstrap interval', () => {
    const rows = tries(200);
    const sum = (key: 'hits' | 'tries') => rows.reduce((total, row) => total + row[key], 0);
    const records = rows.map((row) => unit(row));
    const figure = figureOf(ratio, records);
    expect(figure.value).toBeCloseTo(sum('hits') / sum('tries'), 12);
    expect(figure.interval?.method).toBe('BCa bootstrap, independent draws');
    expect(figure.interval!.low).toBeLessThan(figure.value!);
    expect(figure.interval!.high).toBeGreaterThan(figure.value!);
    expect(figureOf(ratio, records)).toEqual(figure);
    expect(figureOf(ratio, records, { seed: '43' }).interval).not.toEqual(figure.interval);
  });

  test('resamples items where they repeat', () => {
    const rows = tries(30);
    const records = rows.flatMap((row, i) => Array.from({ length: 8 }, () => unit(row, `item${i}`)));
    const clustered = figureOf(ratio, records, { repeat: 8 });
    expect(clustered.interval?.method).toBe('BCa bootstrap, clustered by item (30 items)');
    const width = ({ interval }: FigureEstimate) => interval!.high - interval!.low;
    // Eight copies of thirty units know what thirty units know.
    expect(width(clustered) / width(figureOf(ratio, records))).toBeGreaterThan(2);
  });

  test('says what it lacks', () => {
    const few = tries(10).map((row) => unit(row));
    expect(figureOf(ratio, few)).toMatchObject({ interval: null, note: 'no interval below 20 units' });
    const nothing = [unit({ hits: 1, tries: 0 }), unit({ hits: 2, tries: 0 })];
    expect(figureOf(ratio, nothing)).toMatchObject({
      value: null,
      note: 'no value: what it is divided by adds up to 0',
    });
    expect(figureOf(ratio, [unit({ hits: 1 })])).toMatchObject({
      n: 0,
      missing: 1,
      value: null,
      note: 'no unit has a value: NameError',
    });
  });

  test('has bounds from the worst units seen', () => {
    const figure = figureOf(ratio, [unit({ hits: 0, tries: 2 }), unit({ hits: 3, tries: 4 }), lost()]);
    expect(figure.worst).toEqual({ low: 3 / 10, high: 6 / 8 });
  });
});

describe('a rate', () => {
  const walks = (falls: readonly number[], steps = 500) => falls.map((fell) => unit({ fell, steps }));

  test('has exact bounds, also at zero events', () => {
    const none = figureOf(rate, walks([0, 0, 0, 0]));
    expect(none).toMatchObject({ value: 0, note: 'no event seen' });
    expect(none.interval).toMatchObject({ low: 0, method: 'exact Poisson, independent draws' });
    expect(none.interval?.high).toBeCloseTo(-Math.log(0.025) / 2, 10);
    const some = figureOf(rate, walks([1, 0, 1, 0, 1, 0, 0, 1]));
    expect(some.value).toBe(1);
    expect(some.interval).toMatchObject(rateInterval(4, 4, 0.95));
  });

  test('is wider where events come in bursts', () => {
    const bursts = walks(Array.from({ length: 60 }, (_, i) => (i % 10 === 0 ? 10 : 0)));
    const figure = figureOf(rate, bursts);
    const even = rateInterval(60, 30, 0.95);
    expect(figure.interval?.method).toBe('exact Poisson widened for bursts, independent draws');
    expect((figure.interval!.high - figure.interval!.low) / (even.high - even.low)).toBeGreaterThan(2.5);
  });

  test('counts whole events only, and says so', () => {
    const figure = figureOf(rate, walks([0.5, -1]));
    expect(figure).toMatchObject({ n: 0, missing: 2 });
    expect(figure.note).toBe('no unit has a value: the number of events is not a whole number of 0 or more');
    expect(figureOf(rate, walks([1, 0], 0)).note).toBe(
      'no value: what events are counted against adds up to 0',
    );
  });

  test('takes True for an event', () => {
    const fell: FigureSpec = { ...rate, events: "o == 'fell'", per: '1' } as FigureSpec;
    expect(figureOf(fell, [unit({ o: 'fell' }), unit({ o: 'stands' })]).value).toBe(0.5);
  });
});

describe('a custom figure', () => {
  const draw = createDraws(5);
  const rows = Array.from({ length: 60 }, () => ({
    x: Math.floor(draw() * 1000),
    o: draw() < 0.5 ? 'a' : 'b',
  }));
  const records = rows.map((row) => unit(row));

  test('sees each field as the list of its values', () => {
    const figure = figureOf(custom("sum([x[i] for i in range(len(x)) if o[i] == 'a']) / len(x)"), records);
    const sum = rows.reduce((total, row) => total + (row.o === 'a' ? row.x : 0), 0);
    expect(figure.value).toBeCloseTo(sum / 60, 9);
    expect(figure.interval?.method).toBe('BCa bootstrap, independent draws');
    expect(figure.interval!.low).toBeLessThan(figure.value!);
    expect(figure.interval!.high).toBeGreaterThan(figure.value!);
  });

  test('of a mean has about the interval of a bootstrap of the mean', () => {
    const own = figureOf(custom('sum(x) / len(x)'), records);
    const same = figureOf({ kind: 'ratio', name: 'own', of: 'x', to: '1' }, records);
    expect(own.value).toBeCloseTo(same.value!, 9);
    const width = same.interval!.high - same.interval!.low;
    expect(Math.abs(own.interval!.low - same.interval!.low) / width).toBeLessThan(0.08);
    expect(Math.abs(own.interval!.high - same.interval!.high) / width).toBeLessThan(0.08);
  });

  test('resamples items where they repeat', () => {
    const copies = rows.flatMap((row, i) => Array.from({ length: 6 }, () => unit(row, `item${i}`)));
    const clustered = figureOf(custom('sum(x) / len(x)'), copies, { repeat: 6 });
    expect(clustered.interval?.method).toBe('BCa bootstrap, clustered by item (60 items)');
  });

  test('has no interval where resampling cannot reach beyond what was seen', () => {
    expect(figureOf(custom('max(x)'), records)).toMatchObject({
      interval: null,
      note: 'no interval: resampling cannot go beyond the value seen',
    });
  });

  test('an error in it is a note, and so is a value that is no number', () => {
    expect(figureOf(custom('1 / (len(x) - 60)'), records).note).toBe('no value: ZeroDivisionError');
    expect(figureOf(custom('o[0]'), records).note).toBe('no value: not a number');
    expect(figureOf(custom('len(x) * 1e150'), records).note).toBe('no value: a number beyond 1e150');
    expect(figureOf(custom('sum([i for i in range(10 ** 9)])'), records).note).toBe('no value: LimitError');
    expect(figureOf(custom('random.random()'), records).note).toMatch(/^no value: /);
    expect(figureOf(custom('max(nothing)'), records)).toMatchObject({ n: 0, missing: 60 });
  });

  test('leaves the values of the units as they are', () => {
    const figures = [custom('x.sort() or x[0]'), { ...custom('x[0]'), name: 'first' }];
    const { overall } = analysed(figures, records);
    expect(overall.figures[1]?.value).toBe(rows[0]!.x);
  });

  test('of too many units has no interval, and of far too many no value, in bounded time', () => {
    const many = Array.from({ length: 40_000 }, (_, i) => unit({ x: i % 1000 }));
    expect(figureOf(custom('sum(x) / len(x)'), many).note).toBe('no interval: too many units for one');
    const text = 'word '.repeat(20_000);
    const long = Array.from({ length: 500 }, () => unit({ x: text }));
    expect(figureOf(custom('len(x)'), long).note).toBe('no value: too many units');
  });
});

describe('figures of groups', () => {
  const figures = [net, quantileAt(0.5), ratio, rate, custom('max(x)')];
  const make = (i: number): Plain => ({
    g: i % 3 === 0 ? 'north' : 'south',
    o: i % 4 === 0 ? 'win' : 'lose',
    x: i,
    hits: i % 5,
    tries: 5,
    fell: i % 2,
    steps: 100,
  });
  const report = { groupBy: 'g', outcomes: ['o'], metrics: [], figures };
  const records = Array.from({ length: 120 }, (_, i) => unit(make(i)));

  test('are those of their units alone', () => {
    const { groups } = analysed(figures, [...records, lost({ g: 'north' })], { report });
    const north = records.filter((_, i) => i % 3 === 0);
    const values = (slice: Slice | undefined) => slice?.figures.map(({ value, n }) => ({ value, n }));
    expect(groups.map(({ group }) => group)).toEqual(['north', 'south']);
    expect(values(groups[0])).toEqual(values(analysed(figures, north).overall));
    expect(groups[0]?.figures.every(({ kind, worst }) => (worst === null) === (kind === 'custom'))).toBe(
      true,
    );
    expect(groups[1]?.figures.every(({ worst }) => worst === null)).toBe(true);
  });

  test('do not depend on the order of the units, but for the chance of a bootstrap', () => {
    const plain = (part: readonly UnitRecord[]) =>
      analysed(figures, part, { report }).groups.map(({ figures }) =>
        figures.map(({ value, interval, kind }) => [
          value?.toPrecision(10),
          kind === 'ratio' ? null : interval?.low.toPrecision(10),
        ]),
      );
    const expected = plain(records);
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: 120 }), (shuffled) => {
        expect(plain(shuffled)).toEqual(expected);
      }),
      { numRuns: 5 },
    );
  });

  test('are the same to the bit from the same seed', () => {
    const text = () => JSON.stringify(analysed(figures, records, { report }).groups);
    expect(text()).toBe(text());
  });
});

test('units that all drew together tell nothing about how sure a net value is', () => {
  const coupling = { streamBy: "'all'", antithetic: false, stratify: null };
  const steps = [{ ...expressionStep('s', ['o']), coupling }];
  const records = Array.from({ length: 24 }, (_, i) =>
    unit(
      { o: i % 2 === 0 ? 'win' : 'lose' },
      `item${i % 12}`,
      `item${i % 12}__rep${i < 12 ? '0000' : '0001'}`,
    ),
  );
  const two = figureOf(net, records, { steps, repeat: 2 });
  expect(two.interval?.method).toMatch(/shared draws \(2 clusters\)/);
  const one = figureOf(net, records.slice(0, 12), { steps, repeat: 2 });
  expect(one).toMatchObject({ interval: null, note: 'no interval: all units drew together' });
});
