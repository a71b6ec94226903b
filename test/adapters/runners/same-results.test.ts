import { afterAll, expect, test } from 'vitest';
import { createMemoryPublisher } from '../../../src/adapters/publishers/memory.ts';
import { createInlineRunner } from '../../../src/adapters/runners/inline.ts';
import { createThreadRunner } from '../../../src/adapters/runners/threads.ts';
import { publish } from '../../../src/engine/perform-publish.ts';
import type {
  AnswerChunk,
  LocalChunk,
  LocalOutcome,
  LocalRunner,
  PromptChunk,
} from '../../../src/ports/runner.ts';
import { describeUnits, planDescribed } from '../../../src/simulation/unit-source.ts';
import { pipelineOf, settleDown, worldOf } from '../../engine/world.ts';
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

/** Prompts that draw, include, fail in `prepare`, in the prompt and in the system prompt. */
function promptsOf(count: number): PromptChunk {
  return {
    step: 'ask',
    drawsFor: 'ask',
    repeats: true,
    seed: '42',
    rng: 'tychei',
    template: 'ask',
    system: 'role',
    templates: {
      ask: '{% include "greeting" %} {{ town }}: {{ mood }}, {{ 12 / (n - 3) }}{% if n == 5 %}{{ nowhere }}{% endif %}',
      greeting: 'Good {{ ["morning", "evening"] | random }}, {{ name }} \u00e9\ud83d\ude00',
      role: 'You are {{ role[n] }}.',
    },
    prepare: assignments({ mood: 'random.choice(["fine", "grey"])', share: '1 / (n - 4)' }),
    globals: '{"town":"Whitby","role":["a","b","c","d","e","f","g","h","i"]}',
    units: Array.from({ length: count }, (_, i) => ({
      id: `pier__rep${String(i).padStart(4, '0')}`,
      fields: `{"n":${i % 10},"name":"Pier ${i}"}`,
    })),
  };
}

/** Answers that are valid, valid with a warning, no JSON, against the schema, against a rule that draws. */
function answersOf(count: number): AnswerChunk {
  const answers = [
    '{"offer": 3.0, "note": "fair"}',
    'Here you are: ```json\n{"offer": "9", "note": "\ud83d\ude00"}\n```',
    'I would rather not.',
    '{"offer": -1}',
    '{"offer": 12345678901234567890}',
  ];
  return {
    step: 'ask',
    repeats: true,
    seed: '42',
    rng: 'tychei',
    schema: '{"type":"object","required":["offer"],"properties":{"offer":{"type":"number","minimum":0}}}',
    checks: {
      required: [],
      types: {},
      enums: {},
      ranges: {},
      rules: [
        { name: 'luck', expr: 'random.random() < 0.9', when: null, error: 'bad luck', level: 'error' },
        {
          name: 'modest',
          expr: 'offer <= limit',
          when: null,
          error: '{offer} is above {limit}',
          level: 'warning',
        },
      ],
    },
    units: Array.from({ length: count }, (_, i) => ({
      id: `pier__rep${String(i).padStart(4, '0')}`,
      fields: '{"limit":5}',
      answer: answers[i % answers.length]!,
    })),
  };
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

test('outcome lines are the same bytes in one thread, two threads and no thread', async () => {
  const { units, ...work } = chunkOf(700);
  const numbered = units.map((unit, at) => ({ ...unit, unit: at + 10 }));
  const joined = async (runner: LocalRunner) => {
    const { pieces, notes } = await runner.computeLines({ ...work, attempt: 2, source: null }, numbered);
    return { text: Buffer.concat(pieces).toString('utf8'), notes };
  };
  const lines = await joined(inline);
  const failed = lines.notes.flatMap(({ stopped }) => stopped?.failure.kind ?? []);
  expect([...new Set(failed)].sort()).toEqual(['expression', 'invalid']);
  expect(lines.text.match(/\n/g)).toHaveLength(700);
  expect(await joined(one)).toEqual(lines);
  expect(await joined(two)).toEqual(lines);
});

test('units that come as numbers have the same lines as the units themselves', async () => {
  const { pipeline, items } = pipelineOf(1_300);
  const source = describeUnits({ ...pipeline, only: '3-900,1000-1299' }, items)!;
  const table = planDescribed(source);
  const numbers = Array.from({ length: 700 }, (_, at) => at + 290);
  const units = numbers.map((unit) => ({ unit, id: table.unit(unit).id, fields: table.text(unit) }));
  const start = { ...walk, init: assignments({ position: '5', path: '[5]' }) };
  const work = { steps: [start, judge], seed: '42', rng: 'tychei', attempt: 1 } as const;
  const text = async (runner: LocalRunner, kind: 'numbers' | 'units'): Promise<unknown> => {
    const { pieces, notes } = await (kind === 'numbers'
      ? runner.computeLines({ ...work, source }, numbers)
      : runner.computeLines({ ...work, source: null }, units));
    return { text: Buffer.concat(pieces).toString('utf8'), notes };
  };
  const lines = await text(inline, 'units');
  expect(lines).toMatchObject({ notes: { length: expect.any(Number) } });
  for (const runner of [inline, one, two]) {
    expect(await text(runner, 'numbers')).toEqual(lines);
    expect(await text(runner, 'units')).toEqual(lines);
  }
});

test('a number without anything that says what it is of rejects', async () => {
  const work = { steps: [walk], seed: '42', rng: 'tychei', attempt: 1, source: null } as const;
  await expect(inline.computeLines(work, [3])).rejects.toThrow('unit 3 comes as a number');
  await expect(two.computeLines(work, [3])).rejects.toThrow('unit 3 comes as a number');
  // The job is told anew after that.
  expect((await two.computeLines(work, [])).pieces).toHaveLength(0);
});

test('a run leaves the same journal and the same files with one worker, two, five and none', async () => {
  const five = createThreadRunner({ entry: ENTRY, threads: 5 });
  try {
    const { pipeline, items } = pipelineOf(2_500);
    const start = { ...walk, init: assignments({ position: '5', path: '[5]' }) };
    const loaded = { items, pipeline: { ...pipeline, steps: [start, judge] } };
    const left = await Promise.all(
      [inline, one, two, five].map(async (runner) => {
        const world = await worldOf(loaded, {}, { runner });
        const worker = await world.open();
        await settleDown(world, worker);
        const publisher = createMemoryPublisher();
        const options = { launcher: 'octobatch', pending: null, timing: null, error: null };
        await publish(worker.context, publisher, options);
        return { events: (await world.journal.read()).events, files: [...publisher.files] };
      }),
    );
    expect(left[0]?.events.filter(({ type }) => type === 'work_settled')).toHaveLength(3);
    for (const other of left) expect(other).toEqual(left[0]);
  } finally {
    await five.close();
  }
});

test('prompts are the same bytes in one thread, two threads and no thread', async () => {
  const chunk = promptsOf(700);
  const outcomes = await inline.render(chunk);
  const parts = outcomes.map((o) => (o.kind === 'rendered' ? 'rendered' : o.failure.issues[0]?.rule));
  expect([...new Set(parts)].sort()).toEqual(['prompt', 'rendered', 'share', 'system']);
  expect(JSON.stringify(await one.render(chunk))).toBe(JSON.stringify(outcomes));
  expect(JSON.stringify(await two.render(chunk))).toBe(JSON.stringify(outcomes));
});

test('verdicts on answers are the same bytes in one thread, two threads and no thread', async () => {
  const chunk = answersOf(700);
  const outcomes = await inline.check(chunk);
  const found = outcomes.map((o) => (o.kind === 'valid' ? `valid ${o.warnings.length}` : o.failure.kind));
  expect([...new Set(found)].sort()).toEqual(['invalid', 'malformed', 'valid 0', 'valid 1']);
  expect(JSON.stringify(await one.check(chunk))).toBe(JSON.stringify(outcomes));
  expect(JSON.stringify(await two.check(chunk))).toBe(JSON.stringify(outcomes));
});

test('an answer in free text stays as it is wherever it is checked', async () => {
  const chunk = { ...answersOf(10), schema: null, checks: { ...answersOf(0).checks, rules: [] } };
  const outcomes = await inline.check(chunk);
  expect(outcomes[2]).toEqual({
    kind: 'valid',
    fields: '{"response":"I would rather not."}',
    warnings: [],
  });
  expect(await two.check(chunk)).toEqual(outcomes);
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

test('work that does not compile rejects on either side', async () => {
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

test('a unit that comes as a number and eats the heap of its worker fails alone', async () => {
  const runner = createThreadRunner({ entry: ENTRY, threads: 1, heapMb: 24 });
  const size = '450 if unit_id == "a__rep0001" else 2';
  const hoard = stepOf({
    name: 'hoard',
    expressions: assignments({ n: `len([[i] * 10000 for i in range(${size})])` }),
  });
  const { pipeline, items } = pipelineOf(4);
  const source = describeUnits(pipeline, items);
  try {
    const work = { steps: [hoard], seed: '1', rng: 'tychei', attempt: 1, source } as const;
    const { pieces, notes } = await runner.computeLines(work, [0, 1, 2, 3]);
    const lines = Buffer.concat(pieces).toString('utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.split('\t')[1])).toEqual(['{"n":2}', undefined, '{"n":2}', '{"n":2}']);
    expect(notes).toMatchObject([{ unit: 1, stopped: { column: 0, failure: { kind: 'expression' } } }]);
  } finally {
    await runner.close();
  }
});

test('a real prompt or check that eats the heap of its worker fails alone', async () => {
  const runner = createThreadRunner({ entry: ENTRY, threads: 1, heapMb: 24 });
  const hoard = 'len([[i] * 10000 for i in range(size)])';
  const sizes = [1, 450, 2];
  const prompts: PromptChunk = {
    ...promptsOf(0),
    template: 'count',
    system: null,
    templates: { count: 'n = {{ n }}' },
    prepare: assignments({ n: hoard }),
    units: sizes.map((size) => ({ id: `u${size}`, fields: `{"size":${size}}` })),
  };
  const rule = { name: 'held', expr: `${hoard} > 0`, when: null, error: '', level: 'error' } as const;
  const answers: AnswerChunk = {
    ...answersOf(0),
    schema: null,
    checks: { ...answersOf(0).checks, rules: [rule] },
    units: sizes.map((size) => ({ id: `u${size}`, fields: '{}', answer: `{"size":${size}}` })),
  };
  try {
    expect(await runner.render(prompts)).toMatchObject([
      { kind: 'rendered', prompt: 'n = 1' },
      { kind: 'failed', failure: { kind: 'template', issues: [{ rule: 'LimitError' }] } },
      { kind: 'rendered', prompt: 'n = 2' },
    ]);
    expect(await runner.check(answers)).toMatchObject([
      { kind: 'valid', fields: '{"size":1}' },
      { kind: 'failed', failure: { kind: 'invalid', issues: [{ rule: 'LimitError' }], raw: '{"size":450}' } },
      { kind: 'valid', fields: '{"size":2}' },
    ]);
  } finally {
    await runner.close();
  }
});
