import { describe, expect, test } from 'vitest';
import { ExpressionSyntaxError } from '../../src/expression/errors.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { fieldsFromJson, fieldsToJson } from '../../src/expression/json.ts';
import { dictOf } from '../../src/expression/values.ts';
import type { Checks, Rule } from '../../src/pipeline/pipeline.ts';
import { SchemaError } from '../../src/validation/keywords.ts';
import { compileSchema } from '../../src/validation/schema.ts';
import { compileValidator, type Verdict } from '../../src/validation/validator.ts';
import { fc } from '../property.ts';

const NONE: Checks = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };

interface Setup {
  readonly schema?: unknown;
  readonly checks?: Partial<Checks>;
  readonly fields?: string;
}

function check(answer: string, { schema, checks, fields = '{}' }: Setup = {}): Verdict {
  const validator = compileValidator({
    step: 'analyze',
    schema: schema === undefined ? null : JSON.stringify(schema),
    checks: { ...NONE, ...checks },
  });
  return validator.check(answer, fieldsFromJson(fields), createEvaluation({ random: null }));
}

function values(verdict: Verdict): string {
  if (verdict.kind === 'failed') throw new Error(JSON.stringify(verdict.failure));
  return fieldsToJson(verdict.values);
}

function failure(verdict: Verdict): { kind: string; issues: string[]; raw: string | null } {
  if (verdict.kind === 'valid') throw new Error(`valid: ${fieldsToJson(verdict.values)}`);
  const { kind, issues, raw, step } = verdict.failure;
  expect(step).toBe('analyze');
  return { kind, issues: issues.map((issue) => `${issue.path} ${issue.rule}: ${issue.message}`), raw };
}

function rule(expr: string, error = ''): Rule {
  return { name: 'agrees', expr, when: null, error, level: 'error' };
}

const SAILOR = {
  type: 'object',
  required: ['final_position', 'outcome', 'path'],
  properties: {
    final_position: { type: 'integer', minimum: 0, maximum: 10 },
    path: { type: 'array', items: { type: 'integer' } },
    outcome: { type: 'string', enum: ['fell_in_water', 'reached_ship'] },
  },
};

describe('an answer', () => {
  test('becomes the values of the step, in its own order and with its own numbers', () => {
    const verdict = check('{"z": 1.0, "a": [1, 2.50], "10": 12345678901234567890}', { schema: {} });
    expect(values(verdict)).toBe('{"z":1.0,"a":[1,2.5],"10":12345678901234567890}');
    expect(verdict).toMatchObject({ kind: 'valid', warnings: [], notes: [] });
  });

  test('keeps its coercions in schema, types, ranges, rules and result alike', () => {
    const setup = {
      schema: SAILOR,
      checks: {
        types: { final_position: 'integer', outcome: 'string' },
        ranges: { final_position: { min: 0, max: 10 } },
        enums: { outcome: ['"fell_in_water"', '"reached_ship"'] },
        rules: [rule('final_position + 1 == 6 and path[0] == 5'), rule("outcome == 'fell_in_water'")],
      },
    } as const;
    const answer = '```json\n{"final_position": "5", "path": "[5, 4.0]", "outcome": "Fell_In_Water",}\n```';
    const verdict = check(answer, setup);
    expect(values(verdict)).toBe('{"final_position":5,"path":[5,4],"outcome":"fell_in_water"}');
    expect(verdict.kind === 'valid' && verdict.notes).toEqual([
      'took the JSON out of its code fence',
      'removed 1 comma before a closing bracket',
      '/final_position: read "5" as 5',
      '/path: read "[5, 4.0]" as a list of 2 items',
      '/path/1: read 4.0 as 4',
      '/outcome: read "Fell_In_Water" as "fell_in_water"',
    ]);
  });

  test('is coerced by the checks where there is no schema', () => {
    const checks = { types: { n: 'integer' }, enums: { c: ['"Red"'] } } as const;
    expect(values(check('{"reply": {"n": "5", "c": "RED"}}', { checks }))).toBe('{"n":5,"c":"Red"}');
  });

  test('that is not JSON is malformed, with the answer as it came', () => {
    const answer = 'I cannot do that.';
    expect(failure(check(answer, { schema: SAILOR }))).toEqual({
      kind: 'malformed',
      issues: [' json: The answer is not JSON: it holds no JSON value.'],
      raw: answer,
    });
  });

  test.each(['[1, 2]', '5', '"text"', 'null'])('that is %s and no object is invalid', (answer) => {
    const { kind, issues } = failure(check(answer, { checks: { required: ['a'] } }));
    expect(kind).toBe('invalid');
    expect(issues).toEqual([expect.stringMatching(/^ object: must be a JSON object, but is /)]);
  });

  test('that breaks schema and checks lists every issue once', () => {
    const setup = {
      schema: SAILOR,
      checks: {
        required: ['outcome', 'path', 'mood'],
        types: { final_position: 'integer' },
        rules: [rule('outcome in path'), rule('1 > 2', 'never right')],
      },
    } as const;
    expect(failure(check('{"final_position": "high", "path": [1]}', setup))).toMatchObject({
      kind: 'invalid',
      issues: [
        ' required: "outcome" is missing',
        '/final_position type: must be a whole number, but is "high"',
        ' required: "mood" is missing',
        ' agrees: never right',
      ],
    });
  });

  test('gives no more than 50 issues', () => {
    const required = Array.from({ length: 200 }, (_, i) => `f${i}`);
    expect(failure(check('{}', { checks: { required } })).issues).toHaveLength(50);
  });
});

describe('what an answer may not set', () => {
  test('the unit and everything internal stay as they are, in rules too', () => {
    const checks = { rules: [rule("unit_id == 'pier__rep0001' and _meta == 1")] };
    const fields = '{"unit_id": "pier__rep0001", "_meta": 1}';
    const verdict = check('{"unit_id": "other", "_meta": 2, "_x": 3, "a": 1}', { checks, fields });
    expect(values(verdict)).toBe('{"a":1}');
    expect(verdict.kind === 'valid' && verdict.notes).toEqual([
      'left out the names kept for the engine: "unit_id", "_meta", "_x"',
    ]);
  });

  test('a schema may still ask for the unit to be repeated', () => {
    const schema = { required: ['unit_id'], properties: { unit_id: { type: 'string' } } };
    const checks = { required: ['unit_id'] };
    expect(values(check('{"unit_id": "a", "b": 1}', { schema, checks }))).toBe('{"b":1}');
  });
});

describe('earlier fields', () => {
  test('are seen by rules, under the answer', () => {
    const checks = { rules: [rule('position == 0 and n == 2', '{position} {n}')] };
    expect(values(check('{"n": 2}', { checks, fields: '{"position": 0, "n": 1}' }))).toBe('{"n":2}');
    expect(failure(check('{"n": 3}', { checks, fields: '{"position": 0, "n": 2}' })).issues).toEqual([
      ' agrees: 0 3',
    ]);
  });

  test('do not stand in for what the answer must have', () => {
    expect(failure(check('{"a": 1}', { checks: { required: ['b'] }, fields: '{"b": 1}' })).issues).toEqual([
      ' required: "b" is missing',
    ]);
  });
});

describe('free text', () => {
  test.each(['Just a story.', '[1, 2]', '5', 'A set {} and {x}.', '{"broken": '])(
    '%j is the field response when nothing is checked',
    (answer) => {
      const verdict = check(answer);
      expect(verdict.kind === 'valid' && [...verdict.values]).toEqual([['response', answer]]);
    },
  );

  test.each([
    ['{"a": 1}', '{"a":1}'],
    ['Here: {"a": 1}', '{"a":1}'],
    ['{}', '{}'],
  ])('%j is an object even then', (answer, expected) => {
    expect(values(check(answer))).toBe(expected);
  });

  test('is never empty', () => {
    expect(failure(check(' \n')).issues).toEqual([' json: The answer is not JSON: it is empty.']);
  });

  test('is no excuse once anything is checked', () => {
    expect(failure(check('Just a story.', { checks: { required: ['a'] } })).kind).toBe('malformed');
    expect(failure(check('Just a story.', { schema: {} })).kind).toBe('malformed');
  });
});

test('expression steps are checked over all the unit has, and nothing is coerced', () => {
  const validator = compileValidator({
    step: 'walk',
    schema: null,
    checks: {
      ...NONE,
      required: ['start', 'position'],
      types: { position: 'integer' },
      rules: [rule('position <= start')],
    },
  });
  const run = (computed: string): Verdict =>
    validator.checkFields(
      fieldsFromJson(computed),
      fieldsFromJson('{"start": 5}'),
      createEvaluation({ random: null }),
    );
  expect(values(run('{"position": 4, "_n": 1}'))).toBe('{"position":4,"_n":1}');
  expect(run('{"position": "4"}')).toMatchObject({
    kind: 'failed',
    failure: { kind: 'invalid', step: 'walk', raw: null, issues: [{ path: '/position', rule: 'types' }] },
  });
  expect(run('{"position": 6}')).toMatchObject({ kind: 'failed', failure: { issues: [{ rule: 'agrees' }] } });
});

test('no answer makes it throw, and what is valid fits the schema', () => {
  const validator = compileValidator({
    step: 'analyze',
    schema: JSON.stringify(SAILOR),
    checks: { ...NONE, rules: [rule('path[final_position] > 0')] },
  });
  const schema = compileSchema(JSON.stringify(SAILOR));
  const pieces = [
    '{"final_position":',
    '"path":',
    '"outcome":',
    '"Fell_in_water"',
    '[5,4]',
    '"[1,2]"',
    '"5"',
    ' 1.0',
    ',',
    ',',
    '}',
    '}',
    'x',
    '\n',
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => parts.join(''));
  const whole = fc
    .tuple(
      fc.constantFrom('"1"', ' 1.0', '11', 'null'),
      fc.constantFrom('[5,4]', '"[1,2]"', '"5"', '{}'),
      fc.constantFrom('"Fell_in_water"', '"reached_ship"', '"fell"'),
    )
    .map(([a, b, c]) => `{"final_position": ${a}, "path": ${b}, "outcome": ${c}}`);
  let valid = 0;
  fc.assert(
    fc.property(fc.oneof(text, whole), (answer) => {
      const verdict = validator.check(answer, new Map(), createEvaluation({ random: null }));
      if (verdict.kind === 'failed') return;
      valid++;
      expect(schema.check(dictOf(verdict.values))).toEqual([]);
    }),
    { numRuns: 1000 },
  );
  expect(valid).toBeGreaterThan(30);
});

describe('a step that cannot be checked', () => {
  test.each([{ type: 'array' }, { type: ['string', 'null'] }])('has schema %j', (schema) => {
    expect(() => check('{}', { schema })).toThrow(SchemaError);
    expect(() => check('{}', { schema })).toThrow('its schema must allow an object');
  });

  test('has a rule that is no expression', () => {
    let thrown: unknown;
    try {
      check('{}', { checks: { rules: [rule('a &&')] } });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ExpressionSyntaxError);
  });
});
