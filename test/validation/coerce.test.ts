import { describe, expect, test } from 'vitest';
import { parseJson, stringifyJson } from '../../src/expression/json.ts';
import { type Coercion, coerce } from '../../src/validation/coerce.ts';
import { compileSchema } from '../../src/validation/schema.ts';
import { fc } from '../property.ts';

function coerceText(schema: unknown, json: string): Coercion {
  const compiled = compileSchema(JSON.stringify(schema));
  return coerce(parseJson(json), [compiled.root], compiled.createRun(null));
}

/** Coerces and gives the JSON back. */
function coerced(schema: unknown, json: string): string {
  return stringifyJson(coerceText(schema, json).value);
}

/** Coerces the value of one property. */
function property(schema: unknown, json: string): string {
  return coerced({ properties: { x: schema } }, `{"x":${json}}`).slice('{"x":'.length, -1);
}

describe('a value of the wrong type', () => {
  test.each<[unknown, string, string]>([
    [{ type: 'integer' }, '"5"', '5'],
    [{ type: 'integer' }, '" +5 "', '5'],
    [{ type: 'integer' }, '"-12345678901234567890"', '-12345678901234567890'],
    [{ type: 'integer' }, '"5.0"', '5'],
    [{ type: 'integer' }, '5.0', '5'],
    [{ type: 'integer' }, '1e3', '1000'],
    [{ type: 'number' }, '"5"', '5'],
    [{ type: 'number' }, '"5.0"', '5.0'],
    [{ type: 'number' }, '"-.5e1"', '-5.0'],
    [{ type: 'boolean' }, '"True"', 'true'],
    [{ type: 'boolean' }, '"no"', 'false'],
    [{ type: 'null' }, '"null"', 'null'],
    [{ type: ['integer', 'null'] }, '"7"', '7'],
    [{ type: 'array' }, '"[1, 2]"', '[1,2]'],
    [{ type: 'array', items: { type: 'integer' } }, '"[\\"1\\", 2.0]"', '[1,2]'],
    [{ type: 'array' }, '"red"', '["red"]'],
    [{ type: 'array', items: { type: 'integer' } }, '"5"', '[5]'],
    [{ type: 'object', properties: { a: { type: 'integer' } } }, '"{\\"a\\": \\"1\\"}"', '{"a":1}'],
    [{ enum: ['Red', 'Green'] }, '" red "', '"Red"'],
    [{ const: 'Red' }, '"RED"', '"Red"'],
    [{ enum: [1, 5, true] }, '"5"', '5'],
    [{ enum: [1, 5, true] }, '"True"', 'true'],
    [{ items: { type: 'integer' } }, '["1", "2"]', '[1,2]'],
    [{ prefixItems: [{ type: 'integer' }, { type: 'string' }] }, '["1", "2"]', '[1,"2"]'],
    [{ additionalProperties: { type: 'integer' } }, '{"a": "1"}', '{"a":1}'],
    [{ patternProperties: { '^n': { type: 'integer' } } }, '{"n": "1", "s": "1"}', '{"n":1,"s":"1"}'],
    [{ allOf: [{ type: 'number' }, { type: 'integer' }] }, '5.0', '5'],
    [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, '"5"', '5'],
    [{ oneOf: [{ type: 'boolean' }, { enum: ['Maybe'] }] }, '"maybe"', '"Maybe"'],
  ])('%j reads %s as %s', (schema, json, expected) => {
    expect(property(schema, json)).toBe(expected);
  });

  test.each<[unknown, string]>([
    [{ type: 'integer' }, '"5.5"'],
    [{ type: 'integer' }, '"1,234"'],
    [{ type: 'integer' }, '"five"'],
    [{ type: 'integer' }, '5.5'],
    [{ type: 'integer' }, 'true'],
    [{ type: 'number' }, '"NaN"'],
    [{ type: 'number' }, '"1e999"'],
    [{ type: 'number' }, '"0x10"'],
    [{ type: 'boolean' }, '"1"'],
    [{ type: 'boolean' }, '1'],
    [{ type: 'string' }, '5'],
    [{ type: ['string', 'integer'] }, '"5"'],
    [{ type: 'number' }, '5.0'],
    [{ type: 'array' }, '""'],
    [{ enum: ['red', 'Red'] }, '"RED"'],
    [{ enum: ['red', 'Red'] }, '"Red"'],
    [{ enum: ['red'] }, '"reddish"'],
    [{ anyOf: [{ type: 'string' }, { type: 'integer' }] }, '"5"'],
    [{}, '"5"'],
  ])('%j leaves %s alone', (schema, json) => {
    expect(property(schema, json)).toBe(json);
  });
});

test('references are followed, recursion too', () => {
  const schema = {
    $ref: '#/$defs/node',
    $defs: { node: { properties: { n: { type: 'integer' }, next: { $ref: '#/$defs/node' } } } },
  };
  expect(coerced(schema, '{"n":"1","next":{"n":"2","next":{"n":"3"}}}')).toBe(
    '{"n":1,"next":{"n":2,"next":{"n":3}}}',
  );
});

test('notes say what was read as what', () => {
  const schema = { properties: { n: { type: 'integer' }, tags: { type: 'array' } } };
  expect(coerceText(schema, '{"result": {"n": "5", "tags": "a"}}').notes).toEqual([
    'took the answer out of "result"',
    '/n: read "5" as 5',
    '/tags: put "a" into a list of one',
  ]);
});

describe('an envelope', () => {
  const schema = { properties: { a: {}, b: {} } };

  test('is opened when the schema knows its content and not its name', () => {
    expect(coerced(schema, '{"response": {"a": 1}}')).toBe('{"a":1}');
    expect(coerced(schema, '{"data": {"b": 1, "c": 2}}')).toBe('{"b":1,"c":2}');
  });

  test.each([
    '{"a": {"b": 1}}',
    '{"response": {"c": 1}}',
    '{"response": {"a": 1}, "note": 2}',
    '{"response": [1]}',
  ])('is left closed in %s', (json) => {
    expect(coerced(schema, json)).toBe(stringifyJson(parseJson(json)));
  });
});

test('hostile names and depth are only data', () => {
  const schema = { properties: { a: { type: 'integer' } }, additionalProperties: { type: 'integer' } };
  expect(coerced(schema, '{"__proto__": "1", "constructor": "2", "a": "3"}')).toBe(
    '{"__proto__":1,"constructor":2,"a":3}',
  );
  const nested = { $ref: '#/$defs/l', $defs: { l: { type: 'array', items: { $ref: '#/$defs/l' } } } };
  const deep = `${'['.repeat(58)}"${'['.repeat(58)}${']'.repeat(58)}"${']'.repeat(58)}`;
  expect(coerced(nested, deep).length).toBeLessThan(deep.length + 10);
});

test('a schema that doubles the work at every level gives the answer back as it was', () => {
  const branch = { required: ['x'], properties: { x: { $ref: '#' } } };
  const schema = { anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }], $defs: { a: branch, b: branch } };
  const json = `${'{"x":'.repeat(58)}{}${'}'.repeat(58)}`;
  expect(coerced(schema, json)).toBe(json);
});

describe('laws', () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      '5',
      '5.0',
      'true',
      'Yes',
      'null',
      'red',
      ' RED ',
      '[1,"2"]',
      '{"a":"1"}',
      '',
      '["x"]',
      '[]',
    ),
    fc.constantFrom<unknown>(null, true, 5, 5.5, -1),
  );
  const name = fc.constantFrom('a', 'b');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 2, noNullPrototype: true }),
    ),
  }));
  const types = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
  const { schema } = fc.letrec((tie) => {
    const list = fc.array(tie('schema'), { minLength: 1, maxLength: 2 });
    const keyword = (name: string, argument: fc.Arbitrary<unknown>): fc.Arbitrary<[string, unknown]> =>
      fc.tuple(fc.constant(name), argument);
    const keywords = fc.oneof(
      keyword('type', fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 2 }))),
      keyword('enum', fc.constantFrom(['Red', 'green'], [5, 'red'], [true])),
      keyword('properties', fc.dictionary(name, tie('schema'), { maxKeys: 2, noNullPrototype: true })),
      keyword('items', tie('schema')),
      keyword('anyOf', list),
      keyword('allOf', list),
    );
    const some = fc.array(keywords, { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs) as unknown);
    return { schema: fc.oneof({ maxDepth: 3 }, fc.constant({}), some) };
  });

  test('coercing twice changes nothing more', () => {
    fc.assert(
      fc.property(schema, value, (rules, data) => {
        const once = coerced(rules, JSON.stringify(data));
        expect(coerced(rules, once)).toBe(once);
      }),
      { numRuns: 1500 },
    );
  });

  test('an answer that fits its schema is not changed', () => {
    let fitting = 0;
    fc.assert(
      fc.property(schema, value, (rules, data) => {
        const json = stringifyJson(parseJson(JSON.stringify(data)));
        if (compileSchema(JSON.stringify(rules)).check(parseJson(json)).length > 0) return;
        fitting++;
        expect(property(rules, json)).toBe(json);
      }),
      { numRuns: 1500 },
    );
    expect(fitting).toBeGreaterThan(200);
  });
});
