import { describe, expect, test } from 'vitest';
import { fieldsFromJson, fieldsToJson } from '../../src/expression/json.ts';
import type { ExpressionStep } from '../../src/pipeline/pipeline.ts';
import { type CheckerOf, compileLocalSteps, type LocalOutcome } from '../../src/simulation/local-chunk.ts';
import { fc } from '../property.ts';
import { assignments, stepOf } from './steps.ts';

const UNCHECKED: CheckerOf = () => null;

function run(steps: readonly ExpressionStep[], fields = '{}', checkerOf = UNCHECKED): LocalOutcome {
  return compileLocalSteps({ steps, seed: '42', rng: 'tychei' }, checkerOf)({ id: 'u', fields });
}

function assign(name: string, given: Readonly<Record<string, string>>): ExpressionStep {
  return stepOf({ name, expressions: assignments(given) });
}

// The same steps, one chunk each, the fields going through text in between.
function runApart(steps: readonly ExpressionStep[], fields = '{}'): LocalOutcome {
  let known = fields;
  const done = [];
  for (const step of steps) {
    const outcome = run([step], known);
    if (outcome.kind === 'failed') return { ...outcome, done };
    const result = outcome.steps[0]!;
    done.push(result);
    known = fieldsToJson(new Map([...fieldsFromJson(known), ...fieldsFromJson(result.fields)]));
  }
  return { kind: 'done', steps: done };
}

describe('a chunk of consecutive steps', () => {
  test('gives what each step assigned, with its own iterations and timeout', () => {
    const loop = stepOf({
      name: 'loop',
      init: assignments({ n: '0' }),
      expressions: assignments({ n: 'n + 1' }),
      loopUntil: 'n == 3',
    });
    const endless = stepOf({ ...loop, name: 'endless', loopUntil: 'False', maxIterations: 5 });
    expect(run([loop, endless, assign('sum', { total: 'n + given' })], '{"given":1}')).toEqual({
      kind: 'done',
      steps: [
        { fields: '{"n":3}', iterations: 3, timedOut: false, warnings: [] },
        { fields: '{"n":5}', iterations: 5, timedOut: true, warnings: [] },
        { fields: '{"total":6}', iterations: 1, timedOut: false, warnings: [] },
      ],
    });
  });

  test('a step that assigns nothing gives no fields', () => {
    expect(run([stepOf({})])).toMatchObject({ kind: 'done', steps: [{ fields: '{}' }] });
  });

  test('a failing step keeps the steps before it and runs none after', () => {
    const steps = [assign('one', { a: '1' }), assign('two', { b: '1 // 0' }), assign('three', { c: '3' })];
    expect(run(steps)).toMatchObject({
      kind: 'failed',
      step: 'two',
      done: [{ fields: '{"a":1}' }],
      failure: {
        kind: 'expression',
        step: 'two',
        raw: null,
        issues: [{ path: '/b', rule: 'ZeroDivisionError' }],
      },
    });
  });

  test('a unit that fails leaves the others alone', () => {
    const steps = [assign('one', { a: '1 // n' })];
    const compute = compileLocalSteps({ steps, seed: '42', rng: 'tychei' }, UNCHECKED);
    const kinds = [2, 0, 1].map((n) => compute({ id: `u${n}`, fields: `{"n":${n}}` }).kind);
    expect(kinds).toEqual(['done', 'failed', 'done']);
  });

  test('is the same as its steps run apart, also for tuples; a list changed in place stays changed, as in Python', () => {
    const steps = [
      assign('deal', {
        hand: '[deck.pop(), deck.pop()]',
        pair: '(1, 2)',
        counts: '{1: 2.0}',
        luck: 'random.random()',
      }),
      assign('count', {
        left: 'len(deck)',
        same: 'pair == [1, 2]',
        keys: 'list(counts)',
        grown: 'hand.append(0)',
      }),
      assign('again', { cards: 'len(hand)', kept: 'deck', luck: 'random.random()' }),
    ];
    const fields = '{"deck":[1,2,3,4],"who":{"hp":1.0}}';
    const together = run(steps, fields);
    expect(together).toEqual(runApart(steps, fields));
    expect(together.kind === 'done' && together.steps[1]!.fields).toBe(
      '{"left":2,"same":true,"keys":["1"],"grown":null,"hand":[4,3,0]}',
    );
    expect(together.kind === 'done' && together.steps[2]!.fields).toMatch(/^\{"cards":3,"kept":\[1,2\],/);
  });

  test('is the same as its steps run apart for any data', () => {
    const steps = [assign('one', { y: 'x', z: '[x, (x,)]' }), assign('two', { w: '[y, z, x]', s: 'str(z)' })];
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (x) => {
        const fields = JSON.stringify({ x });
        expect(run(steps, fields)).toEqual(runApart(steps, fields));
      }),
      { numRuns: 100 },
    );
  });

  test('two steps of one unit draw from different streams', () => {
    const outcome = run([assign('a', { x: 'random.random()' }), assign('b', { y: 'random.random()' })]);
    if (outcome.kind !== 'done') throw new Error('failed');
    expect(outcome.steps[0]!.fields.slice(5)).not.toBe(outcome.steps[1]!.fields.slice(5));
  });
});

describe('what cannot be kept fails the step with a typed error', () => {
  test.each([
    ['infinity', '1e308 * 10', 'ValueError'],
    ['a function', 'len', 'TypeError'],
    ['an integer too long to read back', '10 ** 5000', 'ValueError'],
    ['a small list of huge text', "['a' * 1000000] * 100000", 'LimitError'],
    ['lists in lists without end in sight', '[[[[0] * 1000] * 1000] * 1000] * 1000', 'LimitError'],
  ])('%s', (_, expr, rule) => {
    expect(run([assign('s', { fine: '1', x: expr })])).toMatchObject({
      kind: 'failed',
      failure: { kind: 'expression', issues: [{ path: '/x', rule }] },
    });
  });

  test('data nested deeper than the reader goes, but not data just as deep', () => {
    const nest = (levels: number) =>
      stepOf({
        init: assignments({ n: '0', x: '0' }),
        expressions: assignments({ n: 'n + 1', x: '[x]' }),
        loopUntil: `n == ${levels}`,
      });
    const deepest = run([nest(59)]);
    expect(deepest.kind).toBe('done');
    if (deepest.kind === 'done') fieldsFromJson(deepest.steps[0]!.fields);
    expect(run([nest(60)])).toMatchObject({ kind: 'failed', failure: { issues: [{ rule: 'LimitError' }] } });
  });
});

describe('checks of an expression step', () => {
  const seen: string[] = [];
  const checkerOf: CheckerOf = (step) =>
    step.name !== 'checked'
      ? null
      : (values, fields) => {
          seen.push(`${fieldsToJson(values)} ${fieldsToJson(fields)}`);
          const issue = { path: '/a', rule: 'limit', message: 'a is too large' };
          const a = values.get('a') as number;
          return { errors: a > 2 ? [issue] : [], warnings: a > 1 ? [issue] : [] };
        };

  test('see the fields as kept, over those from before', () => {
    run([assign('checked', { a: '1', t: '(1, 2)' })], '{"a":0}', checkerOf);
    expect(seen.at(-1)).toBe('{"a":1,"t":[1,2]} {"a":0}');
  });

  test('that fail make the unit invalid at that step', () => {
    expect(run([assign('first', { b: '1' }), assign('checked', { a: '3' })], '{}', checkerOf)).toMatchObject({
      kind: 'failed',
      step: 'checked',
      done: [{ fields: '{"b":1}' }],
      failure: { kind: 'invalid', step: 'checked', issues: [{ message: 'a is too large' }] },
    });
  });

  test('of level warning are kept with the step and do not stop the unit', () => {
    expect(run([assign('checked', { a: '2' }), assign('after', { b: 'a' })], '{}', checkerOf)).toMatchObject({
      kind: 'done',
      steps: [{ warnings: [{ message: 'a is too large' }] }, { fields: '{"b":2}', warnings: [] }],
    });
  });
});
