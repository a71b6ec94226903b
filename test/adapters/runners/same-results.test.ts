import { afterAll, expect, test } from 'vitest';
import { createInlineRunner } from '../../../src/adapters/runners/inline.ts';
import { createThreadRunner } from '../../../src/adapters/runners/threads.ts';
import type { LocalChunk, LocalOutcome, LocalRunner } from '../../../src/ports/runner.ts';
import { assignments, stepOf } from '../../simulation/steps.ts';

const ENTRY = new URL('../../../build/worker.js', import.meta.url);
const inline = createInlineRunner();
const one = createThreadRunner({ entry: ENTRY, threads: 1 });
const two = createThreadRunner({ entry: ENTRY, threads: 2 });

afterAll(async () => {
  for (const runner of [inline, one, two]) await runner.close();
});

const walk = stepOf({
  name: 'walk',
  init: assignments({ position: 'start', path: '[start]' }),
  expressions: assignments({ position: 'position + random.choice([-1, 1])', path: 'path + [position]' }),
  loopUntil: 'position <= 0 or position >= 10',
});

const judge = stepOf({
  name: 'judge',
  expressions: assignments({ longest: 'max(path)', ratio: 'longest / (len(path) - 5)' }),
  checks: {
    required: ['longest'],
    types: { longest: 'integer' },
    enums: {},
    ranges: { longest: { min: null, max: 10 } },
    rules: [
      { name: 'not_long', expr: 'len(path) < 60', when: null, error: 'path of {longest}', level: 'error' },
      { name: 'short', expr: 'len(path) < 30', when: null, error: 'rather long', level: 'warning' },
    ],
  },
});

function chunkOf(count: number): LocalChunk {
  const units = Array.from({ length: count }, (_, i) => ({
    id: `pier__rep${String(i).padStart(4, '0')}`,
    // Some paths have five places: `judge` divides by zero there.
    fields: `{"start":${i % 10},"name":"Pier \\u00e9 ${i}"}`,
  }));
  return { steps: [walk, judge], seed: '42', rng: 'tychei', units };
}

function kinds(outcomes: readonly LocalOutcome[]): string[] {
  return [
    ...new Set(outcomes.map((o) => (o.kind === 'done' ? 'done' : `${o.step} ${o.failure.kind}`))),
  ].sort();
}

async function text(runner: LocalRunner, chunk: LocalChunk): Promise<string> {
  return JSON.stringify(await runner.compute(chunk));
}

test('one thread, two threads and no thread give the same bytes', async () => {
  const chunk = chunkOf(1_200);
  const outcomes = await inline.compute(chunk);
  expect(kinds(outcomes)).toEqual(['done', 'judge expression', 'judge invalid']);
  expect(await text(one, chunk)).toBe(JSON.stringify(outcomes));
  expect(await text(two, chunk)).toBe(JSON.stringify(outcomes));
});

test('a chunk cut in two gives the same outcomes as the whole', async () => {
  const chunk = chunkOf(100);
  const whole = await inline.compute(chunk);
  const first = await inline.compute({ ...chunk, units: chunk.units.slice(0, 37) });
  const second = await two.compute({ ...chunk, units: chunk.units.slice(37) });
  expect([...first, ...second]).toEqual(whole);
});

test('a failed check of an expression step names the rule, and a warning stays with the step', async () => {
  const outcomes = await inline.compute(chunkOf(300));
  const failed = outcomes.find((o) => o.kind === 'failed' && o.failure.kind === 'invalid');
  expect(failed).toMatchObject({ step: 'judge', done: [{}], failure: { issues: [{ rule: 'not_long' }] } });
  const warned = outcomes.find((o) => o.kind === 'done' && o.steps[1]!.warnings.length > 0);
  expect(warned).toMatchObject({
    steps: [{ warnings: [] }, { warnings: [{ rule: 'short', message: 'rather long' }] }],
  });
});

test('steps that do not compile reject the run on either side', async () => {
  const chunk = { ...chunkOf(1), steps: [stepOf({ expressions: assignments({ a: '1 +' }) })] };
  await expect(inline.compute(chunk)).rejects.toBeDefined();
  await expect(one.compute(chunk)).rejects.toThrow('SyntaxError');
});

test('a real unit that eats the heap of its worker fails alone', async () => {
  const runner = createThreadRunner({ entry: ENTRY, threads: 1, heapMb: 24 });
  const hoard = stepOf({
    name: 'hoard',
    expressions: assignments({ n: 'len([[i] * 10000 for i in range(size)])' }),
  });
  const units = [1, 450, 2].map((size) => ({ id: `u${size}`, fields: `{"size":${size}}` }));
  try {
    expect(await runner.compute({ steps: [hoard], seed: '1', rng: 'tychei', units })).toMatchObject([
      { kind: 'done', steps: [{ fields: '{"n":1}' }] },
      { kind: 'failed', step: 'hoard', failure: { kind: 'expression', issues: [{ rule: 'LimitError' }] } },
      { kind: 'done', steps: [{ fields: '{"n":2}' }] },
    ]);
  } finally {
    await runner.close();
  }
});
