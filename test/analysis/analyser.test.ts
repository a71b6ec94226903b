import { describe, expect, test } from 'vitest';
import { checkAccounting } from '../../src/analysis/accounting.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Analysis } from '../../src/analysis/analysis.ts';
import { costSteps, totalCost } from '../../src/analysis/cost.ts';
import type { FailedUnit, UnitRecord, ValidUnit } from '../../src/analysis/record.ts';
import { decideVerdict, type summariseGates } from '../../src/analysis/verdict.ts';
import { fromPlain } from '../../src/expression/json.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { expressionStep, llmStep, pipelineOf, stepAccount } from '../report/fixture.ts';

function valid(plain: Record<string, unknown>, item = 'a', unit = 'u'): ValidUnit {
  const fields = new Map(Object.entries(plain).map(([name, value]) => [name, fromPlain(value)]));
  return { kind: 'valid', unit, item, attempts: 1, capped: false, loops: new Map(), fields };
}

function failed(plain: Record<string, unknown>, unit = 'f'): FailedUnit {
  const { fields } = valid(plain);
  const failure = { kind: 'malformed', step: 's', issues: [], raw: null } as const;
  return { kind: 'failed', unit, item: 'a', attempts: 1, fields, failure };
}

function analyse(pipeline: Pipeline, records: readonly UnitRecord[], itemFields: string[] = []): Analysis {
  const analyser = createAnalyser({ pipeline, provider: 'openai', simulated: false, itemFields });
  for (const record of records) analyser.add(record);
  const lost = records.filter((record) => record.kind === 'failed').length;
  const step = stepAccount({
    step: 's',
    entered: records.length,
    failed: lost,
    failures: { malformed: lost },
  });
  const counts = { planned: records.length, valid: records.length - lost, failed: lost, inFlight: 0 };
  return analyser.finish({ ...counts, steps: [step] });
}

const declared = (outcomes: string[], metrics: string[], groupBy: string | null = null) =>
  pipelineOf({ steps: [expressionStep('s', ['x'])], report: { groupBy, outcomes, metrics } });

describe('shares and means', () => {
  test('count what is there, and say what is missing', () => {
    const records = [
      valid({ o: 'a', m: 1 }),
      valid({ o: 'b', m: 2.5 }),
      valid({ o: 'a' }),
      valid({ m: 'many' }),
    ];
    const { overall } = analyse(declared(['o'], ['m']), records);
    expect(overall.outcomes[0]).toMatchObject({ n: 3, missing: 1 });
    expect(overall.outcomes[0]?.values.map(({ value, x }) => [value, x])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(overall.metrics[0]).toMatchObject({
      n: 2,
      missing: 2,
      mean: 1.75,
      median: 1.75,
      min: 1,
      max: 2.5,
    });
  });

  test('carry worst-case bounds when a unit was dropped or has no value', () => {
    const records = [valid({ o: 'a', m: 0 }), valid({ o: 'b', m: 4 }), failed({}), valid({})];
    const { overall } = analyse(declared(['o'], ['m']), records);
    expect(overall.outcomes[0]?.values[0]?.worst).toEqual({ low: 1 / 4, high: 3 / 4 });
    expect(overall.metrics[0]?.worst).toEqual({ low: 1, high: 3 });
  });

  test('cluster by item when items repeat, and say so', () => {
    const pipeline = { ...declared(['o'], ['m']), repeat: 5 };
    const records = Array.from({ length: 100 }, (_, i) =>
      valid({ o: i % 20 < 10 ? 'a' : 'b', m: i % 20 }, `item${i % 20}`),
    );
    const { overall } = analyse(pipeline, records);
    const alone = analyse({ ...pipeline, repeat: 1 }, records).overall;
    const width = (of: typeof overall) =>
      (of.outcomes[0]?.values[0]?.interval.high ?? 0) - (of.outcomes[0]?.values[0]?.interval.low ?? 0);
    expect(overall.outcomes[0]?.values[0]?.interval.method).toBe('Wilson, clustered by item (20 items)');
    // Five copies of twenty draws know what twenty draws know.
    expect(width(overall) / width(alone)).toBeGreaterThan(2);
    expect(overall.metrics[0]?.interval?.method).toBe('t, clustered by item (20 items)');
    expect(overall.metrics[0]?.medianInterval).toBeNull();
  });

  test('take a handful of items as the cases they are about, and their repetitions as independent draws', () => {
    const records = Array.from({ length: 90 }, (_, i) =>
      valid({ o: i % 3 === 0 ? 'a' : 'b' }, `item${i % 3}`),
    );
    const { overall } = analyse({ ...declared(['o'], []), repeat: 30 }, records);
    expect(overall.outcomes[0]?.values[0]?.interval.method).toBe('Wilson, independent draws');
  });

  test('take repetitions of one item as independent draws', () => {
    const records = Array.from({ length: 50 }, (_, i) => valid({ o: i % 2 === 0 ? 'a' : 'b' }, 'pier'));
    const { overall } = analyse({ ...declared(['o'], []), repeat: 50 }, records);
    expect(overall.outcomes[0]?.values[0]?.interval.method).toBe('Wilson, independent draws');
  });
});

describe('groups', () => {
  test('have their own estimates, with the values of the whole in one order', () => {
    const records = [
      valid({ g: 'x', o: 'a' }),
      valid({ g: 'x', o: 'b' }),
      valid({ g: 'y', o: 'a' }),
      valid({ g: 'y', o: 'c' }),
      valid({ g: 'y', o: 'a' }),
    ];
    const { groups } = analyse(declared(['o'], [], 'g'), records);
    expect(groups.map((group) => group.group)).toEqual(['x', 'y']);
    expect(groups[0]?.outcomes[0]?.values.map(({ value, x }) => [value, x])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 0],
    ]);
  });

  test('a dropped unit counts where it belongs, or everywhere when that is unknown', () => {
    const records = [valid({ g: 'x', o: 'a' }), valid({ g: 'y', o: 'a' }), failed({ g: 'x' }), failed({})];
    const { groups } = analyse(declared(['o'], [], 'g'), records);
    expect(groups.map((group) => group.dropped)).toEqual([2, 1]);
  });

  test('past the cap are counted, not forgotten', () => {
    const records = Array.from({ length: 205 }, (_, i) => valid({ g: `g${i}`, o: 'a' }));
    const { groups, unitsInMoreGroups } = analyse(declared(['o'], [], 'g'), records);
    expect(groups).toHaveLength(200);
    expect(unitsInMoreGroups).toBe(5);
  });
});

describe('without a report section', () => {
  const pipeline = pipelineOf({
    steps: [
      expressionStep('walk', ['steps', 'path']),
      llmStep('say', ['mood', 'text', 'ok', 'name', 'same']),
    ],
  });
  const records = Array.from({ length: 30 }, (_, i) =>
    valid({
      name: i % 2 === 0 ? 'n' : 'm',
      extra: i,
      steps: i,
      path: [i],
      mood: i % 3 === 0 ? 'low' : 'high',
      text: `free text ${i}`,
      ok: true,
      same: 7,
    }),
  );

  test('finds what varies: few-valued text, bools and numbers, and nothing that came from the items', () => {
    const { overall, found } = analyse(pipeline, records, ['name', 'extra']);
    expect(found).toBe(true);
    expect(overall.outcomes.map(({ field }) => field)).toEqual(['mood', 'ok']);
    expect(overall.metrics.map(({ field }) => field)).toEqual(['steps']);
  });

  test('gives up a field that turns out to hold something else', () => {
    const { overall } = analyse(
      pipeline,
      [...records, valid({ steps: 'none', mood: 3, ok: false })],
      ['name'],
    );
    expect(overall.outcomes.map(({ field }) => field)).toEqual(['ok']);
    expect(overall.metrics).toEqual([]);
  });
});

test('of many numbers found the first eight that vary are shown, however many units there are', () => {
  const names = ['same', ...Array.from({ length: 11 }, (_, i) => `n${i}`)];
  const pipeline = pipelineOf({ steps: [expressionStep('s', names)] });
  for (const count of [20, 10_050]) {
    const records = Array.from({ length: count }, (_, i) =>
      valid(Object.fromEntries(names.map((name, at) => [name, at === 0 ? 1 : i + at]))),
    );
    const { metrics } = analyse(pipeline, records).overall;
    expect(metrics.map(({ field, n }) => [field, n])).toEqual(names.slice(1, 9).map((name) => [name, count]));
  }
});

describe('gates', () => {
  const pipeline = pipelineOf({
    steps: [expressionStep('s', ['x'])],
    gates: [
      { kind: 'share', name: 'low', expr: 'x < 3', region: { atLeast: 0.1, atMost: null }, confidence: 0.95 },
      { kind: 'mean', name: 'mean', expr: 'x * 2', region: { atLeast: null, atMost: 50 }, confidence: 0.95 },
      {
        kind: 'share',
        name: 'wrong',
        expr: 'x + 10',
        region: { atLeast: 0.1, atMost: null },
        confidence: 0.95,
      },
    ],
  });

  test('are evaluated unit by unit; what is neither true nor false is counted and shown', () => {
    const { gates } = analyse(
      pipeline,
      Array.from({ length: 10 }, (_, i) => valid({ x: i })),
    );
    expect(gates[0]).toMatchObject({ value: 0.3, n: 10, errors: 0 });
    expect(gates[1]).toMatchObject({ value: 9, state: 'pass' });
    expect(gates[2]).toMatchObject({ state: 'inconclusive', errors: 10 });
    expect(gates[2]?.firstError).toBe('TypeError: a share needs True or False, not int');
  });

  test('a number that is too large to be added up is said to be that', () => {
    const region = { atLeast: 0, atMost: null };
    const mean = { kind: 'mean', name: 'm', expr: 'x', region, confidence: 0.95 } as const;
    const firstError = (x: number) =>
      analyse({ ...pipeline, gates: [mean] }, [valid({ x })]).gates[0]?.firstError;
    expect(firstError(-1e151)).toBe('OverflowError: the number is too large for a mean: it is beyond 1e150');
    expect(firstError(Number.POSITIVE_INFINITY)).toContain('too large');
    expect(firstError(Number.NaN)).toBe('TypeError: a mean needs a number, not nan');
    expect(firstError(1e150)).toBeNull();
  });

  test('a field that is missing is an error of that unit, not of the run', () => {
    const { gates } = analyse(pipeline, [valid({ x: 1 }), valid({})]);
    expect(gates[0]).toMatchObject({ n: 1, errors: 1 });
    expect(gates[0]?.firstError).toContain('NameError');
  });
});

test('the same units in the same order give the same analysis', () => {
  const pipeline = declared(['o'], ['m'], 'o');
  const records = Array.from({ length: 40 }, (_, i) => valid({ o: `v${i % 4}`, m: i / 7 }));
  expect(analyse(pipeline, records)).toEqual(analyse(pipeline, records));
});

describe('the books', () => {
  const whole = {
    planned: 10,
    valid: 7,
    failed: 2,
    inFlight: 1,
    steps: [
      stepAccount({ step: 'a', entered: 10, failed: 1, failures: { invalid: 1 } }),
      stepAccount({ step: 'b', entered: 9, failed: 1, inFlight: 1, failures: { missing: 1 } }),
    ],
  };

  test('balance, or say where they do not', () => {
    expect(checkAccounting(whole)).toBeNull();
    expect(checkAccounting({ ...whole, planned: 11 })).toBe(
      'planned 11 is not valid 7 + failed 2 + in flight 1',
    );
    const vanished = { ...whole, inFlight: 0, valid: 8 };
    expect(checkAccounting(vanished)).toBe('valid is 8, but 7 came through the last step');
    const unnamed = { ...whole, steps: [whole.steps[0]!, { ...whole.steps[1]!, failures: {} }] };
    expect(checkAccounting(unnamed)).toBe('b: failures by kind add up to 0, failed is 1');
  });

  test('what was paid is what the journal says, whatever is declared, and unknown when a price was', () => {
    const paid = stepAccount({
      step: 'a',
      entered: 1,
      requests: 2,
      usage: { input: 10, output: 1 },
      model: 'm',
      provider: 'openai',
      paid: true,
      firstCost: 5n,
      retryCost: 2n,
    });
    const prices = { m: { input: '1', output: '2' } };
    const costOfRun = (...steps: (typeof paid)[]) => totalCost(costSteps({ ...whole, steps }, prices));
    expect(costSteps({ ...whole, steps: [paid] }, prices)).toEqual([{ total: 7n, retries: 2n }]);
    expect(costOfRun(paid, { ...paid, retryCost: null })).toBeNull();
    expect(costOfRun(paid, { ...paid, firstCost: null })).toBeNull();
    expect(costOfRun(paid, paid)).toBe(14n);
  });

  test('of answers nobody paid for, a model without a price makes the cost unknown, and a step that sent nothing costs nothing', () => {
    const step = stepAccount({
      step: 'a',
      entered: 1,
      requests: 2,
      usage: { input: 10, output: 1 },
      model: 'm',
      provider: 'simulated',
    });
    const books = { ...whole, steps: [stepAccount({ step: 'z', entered: 1 }), step] };
    expect(totalCost(costSteps(books, { m: { input: '1', output: '2' } }))).toBe(12_000_000n);
    expect(totalCost(costSteps(books, { other: { input: '1', output: '2' } }))).toBeNull();
    expect(
      totalCost(costSteps(books, JSON.parse('{"__proto__": {"m": {"input": "1", "output": "2"}}}'))),
    ).toBeNull();
  });
});

describe('the verdict', () => {
  const done = { planned: 3, valid: 3, failed: 0, inFlight: 0, steps: [] };
  const gates = (...states: ('pass' | 'fail' | 'inconclusive')[]) =>
    states.map((state) => ({ state }) as unknown as Parameters<typeof summariseGates>[0][number]);
  const base = { accounting: done, gates: gates('pass'), simulated: false, error: null };

  test('is the worst gate, once everything is there', () => {
    expect(decideVerdict(base)).toBe('pass');
    expect(decideVerdict({ ...base, gates: gates('pass', 'inconclusive', 'fail') })).toBe('fail');
    expect(decideVerdict({ ...base, gates: gates('pass', 'inconclusive') })).toBe('inconclusive');
    expect(decideVerdict({ ...base, gates: [] })).toBe('pass');
  });

  test('invented answers are never green, whatever the gates say', () => {
    expect(decideVerdict({ ...base, simulated: true })).toBe('dry_run');
    expect(decideVerdict({ ...base, simulated: true, gates: gates('fail') })).toBe('dry_run');
  });

  test('waits while units are in flight, and is an error when nothing came through or the run was stopped', () => {
    expect(decideVerdict({ ...base, accounting: { ...done, valid: 2, inFlight: 1 } })).toBe('pending');
    expect(decideVerdict({ ...base, accounting: { ...done, valid: 0, failed: 3 } })).toBe('error');
    expect(decideVerdict({ ...base, error: { kind: 'canceled' } })).toBe('error');
  });
});

test('where the items differ, an undecided gate asks for more items and not for more repetitions', () => {
  const gate = {
    kind: 'share',
    name: 'g',
    expr: "o == 'a'",
    region: { atLeast: 0.4, atMost: null },
    confidence: 0.95,
  };
  const pipeline = { ...declared(['o'], []), repeat: 40, gates: [gate as Pipeline['gates'][number]] };
  const records = Array.from({ length: 480 }, (_, i) =>
    valid({ o: i % 12 < 6 ? 'a' : 'b' }, `item${i % 12}`),
  );
  const { gates } = analyse(pipeline, records);
  expect(gates[0]).toMatchObject({ state: 'inconclusive', toSettle: null });
  expect(gates[0]?.reason).toContain('more items');
});
