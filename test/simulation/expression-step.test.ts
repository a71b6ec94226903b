import { expect, test } from 'vitest';
import { fieldsFromJson, fieldsToJson } from '../../src/expression/json.ts';
import type { ExpressionStep } from '../../src/pipeline/pipeline.ts';
import { compileExpressionStep, type StepRun } from '../../src/simulation/expression-step.ts';
import { openStream } from '../../src/simulation/stream.ts';
import { assignments, stepOf } from './steps.ts';
import { walk as handWalk } from './stream-checks.ts';

const WALK = stepOf({
  name: 'walk',
  init: assignments({ position: 'start_position', path: '[start_position]', steps_taken: '0' }),
  expressions: assignments({
    position: 'position + random.choice([-1, 1])',
    path: 'path + [position]',
    steps_taken: 'steps_taken + 1',
  }),
  loopUntil: 'position <= 0 or position >= 10',
});

const SETTINGS = { seed: '42', rng: 'tychei' } as const;

function run(step: ExpressionStep, fields = '{}', id = 'pier', seed = '42'): StepRun {
  return compileExpressionStep(step, { seed, rng: 'tychei' }).run({ id }, fieldsFromJson(fields));
}

function text(outcome: StepRun): string {
  return outcome.kind === 'done'
    ? fieldsToJson(outcome.fields)
    : `${outcome.issue.rule} ${outcome.issue.message}`;
}

function draw(name: string, id = 'pier', seed = '42'): string {
  return text(run(stepOf({ name, init: assignments({ a: 'random.random()' }) }), '{}', id, seed));
}

test('a walk gives its fields in order, its iterations and no timeout', () => {
  const outcome = run(WALK, '{"start_position":5}');
  expect(outcome.kind).toBe('done');
  if (outcome.kind !== 'done') return;
  expect([...outcome.fields.keys()]).toEqual(['position', 'path', 'steps_taken']);
  expect(outcome.timedOut).toBe(false);
  expect(outcome.fields.get('steps_taken')).toBe(outcome.iterations);
});

test('the draws depend on seed, unit and step, and on nothing else', () => {
  expect(draw('walk')).toBe(draw('walk'));
  expect(new Set([draw('walk'), draw('other'), draw('walk', 'quay'), draw('walk', 'pier', '43')]).size).toBe(
    4,
  );
});

test('a unit draws the same whoever ran before it in the same compiled step', () => {
  const compiled = compileExpressionStep(WALK, SETTINGS);
  const fields = () => fieldsFromJson('{"start_position":5}');
  const alone = text(compiled.run({ id: 'b' }, fields()));
  compiled.run({ id: 'a' }, fields());
  expect(text(compiled.run({ id: 'b' }, fields()))).toBe(alone);
});

test('one stream runs on over init, iterations and the loop condition', () => {
  const step = stepOf({
    name: 'walk',
    init: assignments({ a: 'random.random()', seen: '[a]' }),
    expressions: assignments({ a: 'random.random()', seen: 'seen + [a]' }),
    loopUntil: 'random.random() < 0 or len(seen) == 4',
  });
  const stream = openStream(['42', 'pier', 'walk']);
  const d = Array.from({ length: 7 }, () => stream.double());
  const outcome = run(step);
  expect(outcome.kind === 'done' && fieldsToJson(outcome.fields)).toBe(
    `{"a":${d[5]},"seen":[${d[0]},${d[1]},${d[3]},${d[5]}]}`,
  );
});

test('reaching max_iterations is not a failure', () => {
  const step = stepOf({
    init: assignments({ n: '0' }),
    expressions: assignments({ n: 'n + 1' }),
    loopUntil: 'False',
    maxIterations: 7,
  });
  expect(run(step)).toMatchObject({ kind: 'done', iterations: 7, timedOut: true });
});

test('an error in an expression is data: the assignment, the class and the sentence', () => {
  const outcome = run(stepOf({ expressions: assignments({ fine: '1', broken: "{}['Z']" }) }));
  expect(outcome).toMatchObject({ kind: 'failed', issue: { path: '/broken', rule: 'KeyError' } });
  expect(text(outcome)).toMatch(/^KeyError broken: KeyError: 'Z'/);
});

test('a unit that runs out of fuel fails without harm to the next', () => {
  const compiled = compileExpressionStep(
    stepOf({
      init: assignments({ n: '0' }),
      expressions: assignments({ n: 'sum([i for i in range(size)])' }),
    }),
    SETTINGS,
  );
  const heavy = compiled.run({ id: 'a' }, fieldsFromJson('{"size":9000000}'));
  expect(heavy).toMatchObject({ kind: 'failed', issue: { path: '/n', rule: 'LimitError' } });
  expect(compiled.run({ id: 'b' }, fieldsFromJson('{"size":3}'))).toMatchObject({ kind: 'done' });
});

test('10,000 compiled walks end in the water half the time after 25 steps on average', () => {
  const compiled = compileExpressionStep(WALK, SETTINGS);
  const units = 10_000;
  let water = 0;
  let steps = 0;
  for (let i = 0; i < units; i++) {
    const outcome = compiled.run(
      { id: `pier__rep${String(i).padStart(4, '0')}` },
      fieldsFromJson('{"start_position":5}'),
    );
    if (outcome.kind !== 'done') throw new Error(outcome.issue.message);
    if ((outcome.fields.get('position') as number) <= 0) water++;
    steps += outcome.iterations;
  }
  expect(Math.abs(water / units - 0.5)).toBeLessThan(4 * 0.005);
  expect(Math.abs(steps / units - 25)).toBeLessThan(4 * 0.2);
});

test('a compiled walk has the length law of a hand-written one', () => {
  const count = 2_000;
  const lengths = Array.from(
    { length: count },
    (_, i) => handWalk(openStream(['law', `u${i}`, 'walk'])).steps,
  );
  const compiled = compileExpressionStep(WALK, { seed: 'law', rng: 'tychei' });
  const others = Array.from({ length: count }, (_, i) => {
    const outcome = compiled.run({ id: `u${i}` }, fieldsFromJson('{"start_position":5}'));
    return outcome.kind === 'done' ? outcome.iterations : 0;
  });
  const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  expect(Math.abs(mean(lengths) - mean(others))).toBeLessThan(4 * 20 * Math.sqrt(2 / count));
  expect(Math.min(...others)).toBe(5);
  expect(others.every((steps) => steps % 2 === 1)).toBe(true);
});
