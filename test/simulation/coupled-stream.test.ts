// Shared, mirrored and spread streams: what units have in common, and that each alone is distributed as before.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gainOf } from '../../src/analysis/variance-gain.ts';
import { fieldsFromJson, fieldsToJson } from '../../src/expression/json.ts';
import { toNumber } from '../../src/expression/values.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import type { Coupling, ExpressionStep, Rng } from '../../src/pipeline/pipeline.ts';
import { compileExpressionStep } from '../../src/simulation/expression-step.ts';
import { compileLocalSteps } from '../../src/simulation/local-chunk.ts';
import { repeatedId } from '../../src/simulation/unit-stream.ts';
import { planUnits } from '../../src/simulation/units.ts';
import { memoryFolder } from '../pipeline/memory-folder.ts';
import { fc } from '../property.ts';
import { assignments, stepOf } from './steps.ts';

function coupled(expressions: Readonly<Record<string, string>>, coupling: Partial<Coupling>): ExpressionStep {
  return stepOf({
    expressions: assignments(expressions),
    coupling: { streamBy: null, antithetic: false, stratify: null, ...coupling },
  });
}

/** A function from a unit to what the step gave it, as text; a failure's message instead. */
function runner(step: ExpressionStep, rng: Rng = 'tychei') {
  const compiled = compileExpressionStep(step, { seed: '42', rng });
  return (item: string, repetition: number, fields: object = {}): string => {
    const unit = { ...fields, _repetition_id: repetition, _repetition_seed: 1 };
    const outcome = compiled.run({ id: repeatedId(item, repetition) }, fieldsFromJson(JSON.stringify(unit)));
    return outcome.kind === 'done' ? fieldsToJson(outcome.fields) : outcome.issue.message;
  };
}

/** The field `x` of a unit as a number. */
function numbers(step: ExpressionStep) {
  const run = runner(step);
  return (item: string, repetition: number, fields: object = {}): number =>
    toNumber(fieldsFromJson(run(item, repetition, fields)).get('x') ?? null)!;
}

const DRAWS = { a: 'random.random()', b: 'random.choice(range(10))', c: 'random.gauss()' };
const plain = runner(stepOf({ expressions: assignments(DRAWS) }));

describe('stream_by', () => {
  const shared = runner(coupled(DRAWS, { streamBy: 'crowd' }));

  test('gives units with the same value the same draws, repetition by repetition', () => {
    expect(shared('a', 3, { crowd: 1 })).toBe(shared('b', 3, { crowd: 1 }));
    expect(shared('a', 3, { crowd: 1 })).not.toBe(shared('a', 4, { crowd: 1 }));
    expect(shared('a', 3, { crowd: 1 })).not.toBe(shared('a', 3, { crowd: 2 }));
    expect(shared('a', 3, { crowd: 1 })).not.toBe(shared('a', 3, { crowd: '1' }));
  });

  test('takes any expression over the fields; one that has no value fails the unit', () => {
    const run = runner(coupled(DRAWS, { streamBy: "crowd['size'] // 10" }));
    expect(run('a', 0, { crowd: { size: 12 } })).toBe(run('b', 0, { crowd: { size: 19 } }));
    expect(run('a', 0, { crowd: {} })).toBe("stream_by: KeyError: 'size' (at 1:1 of the expression)");
  });

  test('leaves no trace of a unit in its neighbours, in whatever order they run', () => {
    const order = [2, 0, 3, 1];
    const once = order.map((r) => shared('a', r, { crowd: 1 }));
    expect(order.toReversed().map((r) => shared('a', r, { crowd: 1 }))).toEqual(once.toReversed());
  });

  test('brings the difference of two queues closer by the factor that calculus gives', () => {
    const time = numbers(coupled({ x: 'random.expovariate(rate)' }, { streamBy: "'all'" }));
    const pairs = Array.from(
      { length: 2_000 },
      (_, r) => [time('a', r, { rate: 1 }), time('b', r, { rate: 2 })] as const,
    );
    expect(gainOf({ kind: 'common', pairs })!.factor).toBeCloseTo(5, 6);
  });
});

describe('antithetic', () => {
  const mirrored = runner(coupled(DRAWS, { antithetic: true }));
  const read = (text: string) => JSON.parse(text) as { a: number; b: number; c: number };

  test('leaves even repetitions as they are, and mirrors each draw of them in the odd ones', () => {
    for (let r = 0; r < 20; r += 2) {
      expect(mirrored('a', r)).toBe(plain('a', r));
      const [one, two] = [read(mirrored('a', r)), read(mirrored('a', r + 1))];
      expect(one.a + two.a).toBe(1 - 2 ** -53);
      expect(one.b + two.b).toBe(9);
      expect(one.c + two.c).toBe(0);
    }
  });

  test.each([
    'random.random()',
    'random.uniform(0, 1)',
    'random.getrandbits(40)',
    'random.randint(1, 6)',
    'random.randrange(0, 90, 7)',
    'random.randint(0, 10 ** 30)',
    'random.normalvariate(5, 2)',
    'random.gauss(5, 2) + random.gauss(5, 2) + random.gauss(5, 2)',
  ])('keeps the sum of a pair the same: %s', (x) => {
    const value = numbers(coupled({ x }, { antithetic: true }));
    const sums = Array.from({ length: 20 }, (_, k) => value('a', 2 * k) + value('a', 2 * k + 1));
    for (const sum of sums) expect(sum / sums[0]!).toBeCloseTo(1, 9);
  });

  test.each([
    'triangular(0, 9, 4)',
    'expovariate(1)',
    'paretovariate(3)',
    'weibullvariate(1, 2)',
    'lognormvariate(0, 1)',
  ])('makes one of a pair the lower the higher the other is: %s', (call) => {
    const value = numbers(coupled({ x: `random.${call}` }, { antithetic: true }));
    const pairs = Array.from({ length: 400 }, (_, k) => [value('a', 2 * k), value('a', 2 * k + 1)] as const);
    const others = pairs.sort(([a], [b]) => a - b).map(([, other]) => other);
    expect(others).toEqual(others.toSorted((a, b) => b - a));
  });

  test('stays in step over loops and many draws', () => {
    const step = {
      ...coupled({ x: 'x + random.choice([-1, 1, 3])' }, { antithetic: true }),
      loopUntil: 'len(seen) == 50',
    };
    const walk = numbers({
      ...step,
      init: assignments({ x: '0', seen: '[]' }),
      expressions: [...step.expressions, { name: 'seen', expr: 'seen + [x]' }],
    });
    for (let r = 0; r < 20; r += 2) expect(walk('a', r) + walk('a', r + 1)).toBe(100);
  });

  test('goes together with stream_by', () => {
    const both = runner(coupled(DRAWS, { antithetic: true, streamBy: "'all'" }));
    expect(both('a', 1)).toBe(both('b', 1));
    expect(read(both('a', 0)).a + read(both('b', 1)).a).toBe(1 - 2 ** -53);
  });

  test('gives an odd repetition the distribution of any other', () => {
    const value = numbers(coupled({ x: 'random.randrange(5)' }, { antithetic: true }));
    const counts = [0, 0, 0, 0, 0];
    for (let k = 0; k < 5_000; k++) counts[value('a', 2 * k + 1)]!++;
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(800));
  });
});

describe('stratify', () => {
  test('puts the first draws of a round into different parts of the range, one in each', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.nat(5),
        fc.string({ minLength: 1, maxLength: 5 }),
        (n, round, item) => {
          const value = numbers(coupled({ x: 'random.random()' }, { stratify: n }));
          const parts = Array.from({ length: n }, (_, i) => Math.floor(value(item, round * n + i) * n));
          expect(parts.sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each(['random.randrange(10)', 'random.choice(range(10))', 'random.choices(range(10))[0]'])(
    'gives each of ten values its share exactly: %s',
    (x) => {
      const value = numbers(coupled({ x }, { stratify: 20 }));
      const counts = Array.from({ length: 10 }, () => 0);
      for (let r = 0; r < 100; r++) counts[value('a', r)]!++;
      expect(counts).toEqual(counts.map(() => 10));
    },
  );

  test('changes the first draw only', () => {
    const two = { x: 'random.random()', y: 'random.random()' };
    const [spread, alone] = [
      runner(coupled(two, { stratify: 4 })),
      runner(stepOf({ expressions: assignments(two) })),
    ];
    const y = (text: string) => JSON.parse(text).y;
    for (let r = 0; r < 8; r++) expect(y(spread('a', r))).toBe(y(alone('a', r)));
  });

  test('begins items at different parts, so that the first repetitions alone are no fixed part of the range', () => {
    const value = numbers(coupled({ x: 'random.random()' }, { stratify: 10 }));
    const firsts = Array.from({ length: 2_000 }, (_, i) => value(`item${i}`, 0));
    const mean = firsts.reduce((sum, x) => sum + x, 0) / firsts.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 2_000));
  });

  test('brings a uniform mean closer by the square of the number of parts', () => {
    const value = numbers(coupled({ x: 'random.random()' }, { stratify: 10 }));
    const strata = Array.from({ length: 10 }, (_, h) =>
      Array.from({ length: 400 }, (_, k) => value('a', 10 * k + h)),
    );
    const { factor } = gainOf({ kind: 'stratified', strata })!;
    expect(factor).toBeGreaterThan(90);
    expect(factor).toBeLessThan(111);
  });
});

test('the seeds of rng: python know no coupling', () => {
  const step = coupled(DRAWS, { antithetic: true, streamBy: "'all'" });
  const without = stepOf({ expressions: assignments(DRAWS) });
  expect(runner(step, 'python')('a', 1)).toBe(runner(without, 'python')('a', 1));
});

test('arc4 may be coupled too', () => {
  const run = runner(coupled({ x: 'random.random()' }, { antithetic: true }), 'arc4');
  expect(JSON.parse(run('a', 0)).x + JSON.parse(run('a', 1)).x).toBe(1 - 2 ** -53);
});

test('the pipeline of the page about variance gives both streets the same customers, whatever runs where', async () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/variance.md', import.meta.url)), 'utf8');
  const text = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const loaded = await loadPipeline(memoryFolder({ 'pipeline.yaml': text }), { repeat: 4 }, () => null);
  expect(loaded.warnings).toEqual([]);
  const { steps, seed, rng } = loaded.pipeline;
  const table = planUnits(loaded.pipeline, loaded.items);
  const results = (indices: readonly number[]): string[] => {
    const work = { steps: steps as readonly ExpressionStep[], seed, rng };
    const compute = compileLocalSteps(work, () => null);
    return indices.map((index) => {
      const { id, fields } = table.unit(index);
      const outcome = compute({ id, fields: fieldsToJson(fields) });
      return outcome.kind === 'done' ? outcome.steps[0]!.fields : outcome.step;
    });
  };
  const all = results([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(new Set(all).size).toBe(4);
  for (let i = 0; i < 8; i += 2) expect(all[i]).toBe(all[i + 1]);
  expect([...results([6, 1]), ...results([3])]).toEqual([all[6], all[1], all[3]]);
});
