// From one unit to its children: what each has, who it is, and that each draws for itself.

import { describe, expect, it, test } from 'vitest';
import { dictOf } from '../../src/expression/values.ts';
import type { Coupling, ExpressionStep, FanOutStep, Rng } from '../../src/pipeline/pipeline.ts';
import { fanOut } from '../../src/simulation/fan-out.ts';
import { compileLocalSteps } from '../../src/simulation/local-chunk.ts';
import { planLevels } from '../../src/simulation/unit-levels.ts';
import { childId } from '../../src/simulation/unit-stream.ts';
import { planUnits } from '../../src/simulation/units.ts';
import { fc } from '../property.ts';
import { assignments, stepOf } from './steps.ts';

const STEP: FanOutStep = {
  kind: 'fan_out',
  name: 'split',
  field: 'lines',
  childField: 'line',
  maxChildren: 3,
  retry: { maxAttempts: 1, feedback: false, from: null },
};

const childrenOf = (fields: string) => fanOut(STEP, { id: 'a', fields });

describe('a unit that is fanned out', () => {
  it('gives each child its element, its place and its parent', () => {
    expect(childrenOf('{"x": 1, "lines": ["so", {"b": [null]}]}')).toEqual({
      kind: 'done',
      children: [
        '{"line":"so","_fan_index":0,"_fan_parent_id":"a"}',
        '{"line":{"b":[null]},"_fan_index":1,"_fan_parent_id":"a"}',
      ],
    });
  });

  it('keeps numbers as they are', () => {
    const lines = '{"lines":[1.0,12345678901234567890,-0.0]}';
    expect(childrenOf(lines)).toMatchObject({
      children: [{}, {}, {}].map((_, i) =>
        expect.stringContaining(`{"line":${['1.0', '12345678901234567890', '-0.0'][i]},`),
      ),
    });
  });

  it('has no child when its list is empty', () => {
    expect(childrenOf('{"lines":[]}')).toEqual({ kind: 'done', children: [] });
  });

  it.each([
    ['{}', 'fan_out.missing', '"lines" is missing, and nothing else can be fanned out'],
    ['{"lines":{"a":1}}', 'fan_out.list', 'is of type dict, and only a list can be fanned out'],
    ['{"lines":null}', 'fan_out.list', 'is of type NoneType, and only a list can be fanned out'],
    ['{"lines":[1,2,3,4]}', 'fan_out.too_many', 'has 4 elements, and at most 3 can be fanned out'],
  ])('fails with %s', (fields, rule, message) => {
    const issues = [{ path: rule === 'fan_out.missing' ? '' : '/lines', rule, message }];
    const failure = { kind: 'invalid', step: 'split', issues, raw: null };
    expect(childrenOf(fields)).toEqual({ kind: 'failed', failure });
  });
});

const PLAN = { form: 'native', strategy: { kind: 'direct', group: 'items' }, maxUnits: null } as const;

function levelsOf(items: number, repeat: number, widths: readonly number[]) {
  const group = Array.from({ length: items }, (_, i) => ({ id: `i${i}`, fields: dictOf([['n', i]]) }));
  const table = planUnits({ ...PLAN, repeat }, new Map([['items', group]]));
  const steps = widths.map((maxChildren) => ({ ...STEP, maxChildren }));
  return { table, levels: planLevels(table, steps) };
}

describe('the units of a level', () => {
  it('are told by their numbers alone: of their source all but the id', () => {
    const { levels } = levelsOf(2, 2, [3, 4]);
    const unit = levels.unit(2, (2 * 3 + 1) * 4 + 3);
    expect({ ...unit, fields: Object.fromEntries(unit.fields) }).toMatchObject({
      ...{ index: 31, id: 'i0__rep0001__fan001__fan003', item: 'i0', repetition: 1 },
      fields: { unit_id: 'i0__rep0001__fan001__fan003', n: 0, _repetition_id: 1 },
    });
    expect(levels.text(2, 31)).toContain('{"unit_id":"i0__rep0001__fan001__fan003","n":0,');
    expect(levels.unit(0, 2).id).toBe('i0__rep0001');
    expect(levels.text(1, 3)).toContain('"unit_id":"i1__rep0000__fan000"');
  });

  it('have the id of a child even where an item names its own', () => {
    const items = new Map([['items', [{ id: 'a', fields: dictOf([['unit_id', 'mine']]) }]]]);
    const levels = planLevels(planUnits({ ...PLAN, repeat: 1 }, items), [STEP]);
    expect([levels.text(0, 0), levels.text(1, 2)]).toEqual(['{"unit_id":"mine"}', '{"unit_id":"a__fan002"}']);
  });

  it('have ids and streams of their own, parents in order and their children in order', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
        (items, repeat, widths) => {
          const { table, levels } = levelsOf(items, repeat, widths);
          const count = widths.reduce((product, width) => product * width, table.count);
          const ids = Array.from({ length: count }, (_, i) => levels.unit(widths.length, i).id);
          expect(new Set(ids).size).toBe(count);
          const last = widths.at(-1)!;
          const before = Array.from({ length: count / last }, (_, i) => levels.unit(widths.length - 1, i));
          const expected = before.flatMap(({ id }) =>
            Array.from({ length: last }, (_, place) => childId(id, place)),
          );
          expect(ids).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });
});

/** A function from a unit to what its steps drew. */
function drawer(steps: readonly ExpressionStep[], rng: Rng = 'tychei') {
  return (id: string, fields: object = {}): string[] => {
    const given = {
      _repetition_seed: 5,
      ...(id.includes('__fan') ? { _fan_parent_id: 'p' } : {}),
      ...fields,
    };
    const outcome = compileLocalSteps(
      { steps, seed: '42', rng },
      () => null,
    )({
      id,
      fields: JSON.stringify(given),
    });
    if (outcome.kind !== 'done') throw new Error('it fails');
    return outcome.steps.map((one) => one.fields);
  };
}

const drawing = (name: string, coupling: Partial<Coupling> | null = null): ExpressionStep =>
  stepOf({
    name,
    expressions: assignments({ x: 'random.random()' }),
    ...(coupling === null
      ? {}
      : { coupling: { streamBy: null, antithetic: false, stratify: null, ...coupling } }),
  });

const FAMILY = ['a__rep0003', 'a__rep0003__fan000', 'a__rep0003__fan001', 'a__rep0003__fan001__fan001'];

describe('the draws of children', () => {
  test.each(['tychei', 'arc4', 'python'] as const)('are their own, and their steps’ own, with %s', (rng) => {
    const draw = drawer([drawing('one'), drawing('two')], rng);
    const draws = FAMILY.slice(1).flatMap((id) => draw(id));
    expect(new Set([...draws, ...draw(FAMILY[0]!)]).size).toBe(draws.length + (rng === 'python' ? 1 : 2));
  });

  test('are the same whoever is computed beside them', () => {
    const steps = [drawing('one')];
    const run = (ids: readonly string[]) => {
      const compute = compileLocalSteps({ steps, seed: '1', rng: 'tychei' }, () => null);
      return ids.map((id) => compute({ id, fields: '{}' }));
    };
    const together = run(FAMILY);
    expect(FAMILY.map((id) => run([id])[0])).toEqual(together);
    expect(run(FAMILY.toReversed())).toEqual(together.toReversed());
  });

  test('by a key are shared place by place and repetition by repetition, never by siblings', () => {
    const draw = drawer([drawing('one', { streamBy: 'crowd' })]);
    const by = (id: string): string => draw(id, { crowd: 1 })[0]!;
    expect(by('a__rep0003__fan001')).toBe(by('b__rep0003__fan001'));
    const others = ['a__rep0003__fan000', 'a__rep0004__fan001', 'a__rep0003', 'a__rep0003__fan001__fan001'];
    expect(new Set([...others, 'a__rep0003__fan001'].map(by)).size).toBe(5);
    // Without repetitions too.
    expect(by('a__fan001')).toBe(by('b__fan001'));
    expect(by('a__fan001')).not.toBe(by('a__fan000'));
  });

  test('mirror those of the same child in the repetition before', () => {
    const draw = drawer([drawing('one', { antithetic: true })]);
    const x = (id: string): number => (JSON.parse(draw(id)[0]!) as { x: number }).x;
    expect(x('a__rep0003__fan001') + x('a__rep0002__fan001')).toBeCloseTo(1, 12);
    expect(x('a__rep0003__fan000') + x('a__rep0002__fan001')).not.toBeCloseTo(1, 6);
  });

  test('of one place are spread over the repetitions, each place from a start of its own', () => {
    const draw = drawer([drawing('one', { stratify: 5 })]);
    const stratum = (id: string): number => Math.floor((JSON.parse(draw(id)[0]!) as { x: number }).x * 5);
    const starts = new Set<number>();
    for (let place = 0; place < 12; place++) {
      const strata = [0, 1, 2, 3, 4].map((repetition) => stratum(childId(`a__rep000${repetition}`, place)));
      expect(new Set(strata).size).toBe(5);
      starts.add(strata[0]!);
    }
    expect(starts.size).toBeGreaterThan(1);
  });
});
