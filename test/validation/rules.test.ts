import { describe, expect, test } from 'vitest';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { fieldsFromJson } from '../../src/expression/json.ts';
import { makeFloat, PyTuple, type Value } from '../../src/expression/values.ts';
import type { Checks, Rule } from '../../src/pipeline/pipeline.ts';
import { compileChecks, type Findings } from '../../src/validation/rules.ts';

const NONE: Checks = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };

function rule(expr: string, more: Partial<Rule> = {}): Rule {
  return { name: 'r', expr, when: null, error: '', level: 'error', ...more };
}

function findings(checks: Partial<Checks>, fields: string | Map<string, Value>): Findings {
  const values = typeof fields === 'string' ? fieldsFromJson(fields) : fields;
  const evaluation = createEvaluation({ random: null });
  return compileChecks({ ...NONE, ...checks }).check(values, new Set(values.keys()), evaluation, []);
}

/** The errors as `path rule: message`. */
function errors(checks: Partial<Checks>, fields: string | Map<string, Value>): string[] {
  return findings(checks, fields).errors.map(
    ({ path, rule: name, message }) => `${path} ${name}: ${message}`,
  );
}

describe('required', () => {
  test('asks for the name, not for a value', () => {
    expect(errors({ required: ['a', 'b', 'toString'] }, '{"a": null}')).toEqual([
      ' required: "b" is missing',
      ' required: "toString" is missing',
    ]);
  });
});

describe('types', () => {
  test.each<[keyof typeof VALUES, readonly string[]]>([
    ['string', ['text']],
    ['integer', ['int', 'big', 'whole']],
    ['number', ['int', 'big', 'whole', 'float', 'nan']],
    ['boolean', ['bool']],
    ['array', ['list', 'tuple']],
    ['object', ['dict']],
  ] as never)('%s', (type, allowed) => {
    for (const [name, value] of Object.entries(VALUES)) {
      const found = errors({ types: { x: type as never } }, new Map([['x', value]]));
      expect(found.length === 0, name).toBe(allowed.includes(name));
    }
  });

  test('an absent field is the business of required', () => {
    expect(
      errors({ types: { x: 'string' }, enums: { x: ['1'] }, ranges: { x: { min: 1, max: 2 } } }, '{}'),
    ).toEqual([]);
  });

  test('say what is there instead', () => {
    expect(errors({ types: { x: 'integer' } }, '{"x": "five"}')).toEqual([
      '/x types: must be a whole number, but is "five"',
    ]);
  });
});

const VALUES: Readonly<Record<string, Value>> = {
  text: '5',
  int: 5,
  big: 2n ** 70n,
  whole: makeFloat(5),
  float: 5.5,
  nan: Number.NaN,
  bool: true,
  none: null,
  list: fieldsFromJson('{"x": [1]}').get('x')!,
  tuple: new PyTuple([1]),
  dict: fieldsFromJson('{"x": {}}').get('x')!,
};

describe('enums', () => {
  test('compare text without case, and everything else as JSON', () => {
    const enums = { x: ['"Red"', '5', 'true', '[1]'] };
    for (const ok of ['"Red"', '"rED"', '5', '5.0', 'true', '[1.0]'])
      expect(errors({ enums }, `{"x": ${ok}}`)).toEqual([]);
    for (const bad of ['"Reddish"', '"5"', '1', 'false', 'null', '[]']) {
      expect(errors({ enums }, `{"x": ${bad}}`), bad).toHaveLength(1);
    }
  });
});

describe('ranges', () => {
  const ranges = { x: { min: 0, max: 10 } };

  test('include their ends', () => {
    for (const ok of ['0', '10', '10.0', '9.99']) expect(errors({ ranges }, `{"x": ${ok}}`)).toEqual([]);
    expect(errors({ ranges }, '{"x": -1}')).toEqual([
      '/x ranges: must be at least 0 and at most 10, but is -1',
    ]);
    expect(errors({ ranges: { x: { min: 3, max: null } } }, '{"x": 2.5}')).toEqual([
      '/x ranges: must be at least 3, but is 2.5',
    ]);
    expect(errors({ ranges }, '{"x": 12345678901234567890}')).toHaveLength(1);
  });

  test('never pass NaN, infinity, booleans or text', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, true, '5', null]) {
      expect(errors({ ranges }, new Map([['x', value]])), String(value)).toHaveLength(1);
    }
    expect(errors({ ranges: { x: { min: null, max: null } } }, new Map([['x', Number.NaN]]))).toHaveLength(1);
  });
});

describe('rules', () => {
  test('hold, or say their error with its places filled as Python prints', () => {
    const fields = '{"outcome": "fell", "final_position": 2.0, "path": [1, true, null, "x"]}';
    const rules = [
      rule("outcome == 'fell'"),
      rule('final_position <= 0', {
        name: 'pos',
        error: '{outcome} at {final_position}: {path} {{ok}} {missing}',
      }),
      rule('final_position > 5', { name: 'spec', error: '{final_position:.2f} {outcome!r}' }),
      rule('final_position > 6', { name: 'plain' }),
    ];
    expect(errors({ rules }, fields)).toEqual([
      " pos: fell at 2.0: [1, True, None, 'x'] {ok} {missing}",
      " spec: 2.00 'fell'",
      ' plain: does not hold: final_position > 6',
    ]);
  });

  test('apply only when their condition holds', () => {
    const rules = [rule('a > 5', { when: "kind == 'big'" })];
    expect(errors({ rules }, '{"a": 1, "kind": "small"}')).toEqual([]);
    expect(errors({ rules }, '{"a": 1, "kind": "big"}')).toHaveLength(1);
  });

  test('warn without failing', () => {
    const found = findings({ rules: [rule('a > 5', { level: 'warning', error: 'small: {a}' })] }, '{"a": 1}');
    expect(found).toEqual({ errors: [], warnings: [{ path: '', rule: 'r', message: 'small: 1' }] });
  });

  test('that cannot be evaluated are issues of their own', () => {
    const rules = [
      rule('b > 5', { name: 'name' }),
      rule('a / 0 > 1', { name: 'zero' }),
      rule('True', { when: 'a["x"]' }),
    ];
    const found = errors({ rules }, '{"a": 1}');
    expect(found).toHaveLength(3);
    expect(found[0]).toMatch(/^ name: could not be evaluated: NameError: /);
    expect(found[1]).toMatch(/^ zero: could not be evaluated: ZeroDivisionError: /);
    expect(found[2]).toMatch(/^ r: could not be evaluated: TypeError: /);
  });

  test('that cannot be evaluated say nothing when something else is wrong already', () => {
    expect(errors({ required: ['b'], rules: [rule('b > 5')] }, '{"a": 1}')).toEqual([
      ' required: "b" is missing',
    ]);
  });

  test('see a field that has the name of a builtin, and later units still see the builtin', () => {
    const compiled = compileChecks({ ...NONE, rules: [rule('max == 3 if shadow else max(1, 2) == 2')] });
    for (const json of ['{"max": 3, "shadow": true}', '{"shadow": false}', '{"max": 3, "shadow": true}']) {
      const fields = fieldsFromJson(json);
      const found = compiled.check(fields, new Set(fields.keys()), createEvaluation({ random: null }), []);
      expect(found.errors).toEqual([]);
    }
  });

  test('quote no more than 500 characters', () => {
    const text = 'x'.repeat(100_000);
    const [only] = findings(
      { rules: [rule('False', { error: '{a}{a}{a}{a}{a}' })] },
      `{"a": "${text}"}`,
    ).errors;
    expect(only!.message.length).toBe(500);
  });
});
