import { Validator } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/expression/json.ts';
import { SchemaError } from '../../src/validation/keywords.ts';
import { compileSchema } from '../../src/validation/schema.ts';
import { fc } from '../property.ts';

type Json = unknown;

/** The issues of a schema for a value, as `path rule: message`. */
function issues(schema: Json, value: Json | string): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return compileSchema(JSON.stringify(schema))
    .check(parseJson(text))
    .map(({ path, rule, message }) => `${path} ${rule}: ${message}`);
}

function refusal(schema: Json): { message: string; pointer: string } {
  try {
    compileSchema(typeof schema === 'string' ? schema : JSON.stringify(schema));
  } catch (error) {
    if (error instanceof SchemaError) return { message: error.message, pointer: error.pointer };
    throw error;
  }
  throw new Error('the schema was accepted');
}

describe('issues', () => {
  test('name the place, the keyword and what was expected', () => {
    const schema = {
      type: 'object',
      required: ['outcome', 'path'],
      additionalProperties: false,
      properties: {
        outcome: { enum: ['fell_in_water', 'reached_ship'] },
        path: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2 },
        'a/b~c': { type: 'boolean' },
        note: { type: ['string', 'null'], maxLength: 3 },
      },
    };
    expect(
      issues(schema, { outcome: 'fell', path: [1, 'x', -2, 1.5], 'a/b~c': 1, note: 'long', extra: 1 }),
    ).toEqual([
      '/outcome enum: must be one of "fell_in_water", "reached_ship", but is "fell"',
      '/path/1 type: must be a whole number, but is "x"',
      '/path/2 minimum: must be at least 0, but is -2',
      '/path/3 type: must be a whole number, but is 1.5',
      '/a~1b~0c type: must be true or false, but is 1',
      '/note maxLength: must have at most 3 characters, but has 4',
      ' additionalProperties: must not have the name "extra"',
    ]);
    expect(issues(schema, { path: [1] })).toEqual([
      ' required: "outcome" is missing',
      '/path minItems: must have at least 2 items, but has 1',
    ]);
  });

  test('say what the nearest alternative wanted', () => {
    const schema = {
      anyOf: [{ type: 'integer' }, { type: 'object', properties: { a: { type: 'string' } } }],
    };
    expect(issues(schema, { a: 1 })).toEqual([
      ' anyOf: fits none of 2 alternatives; nearest: must be a whole number, but is an object with 1 name',
    ]);
    expect(issues({ oneOf: [{ type: 'integer' }, { minimum: 5 }] }, 7)).toEqual([
      ' oneOf: must fit exactly one of 2 alternatives, but fits 2',
    ]);
  });

  test('stop at 50 and quote no more than 60 characters', () => {
    const many = issues(
      { items: { type: 'string' } },
      Array.from({ length: 1000 }, (_, i) => i),
    );
    expect(many).toHaveLength(50);
    const [long] = issues({ const: 'a' }, JSON.stringify('x'.repeat(5000)));
    expect(long!.length).toBeLessThan(120);
  });

  test('treat hostile names as names', () => {
    const schema = { properties: { ['__proto__']: { type: 'integer' }, constructor: { type: 'integer' } } };
    const text = '{"__proto__": "x", "constructor": "y", "toString": 1}';
    expect(issues(JSON.parse('{"properties":{"__proto__":{"type":"integer"}}}'), text)).toEqual([
      '/__proto__ type: must be a whole number, but is "x"',
    ]);
    expect(issues(schema, text)).toContain('/constructor type: must be a whole number, but is "y"');
    expect(issues({ required: ['toString', 'hasOwnProperty'] }, '{}')).toHaveLength(2);
    expect(issues({ properties: { a: { type: 'string' } } }, '{"\\ud800": 1, "a": 1}')).toHaveLength(1);
  });
});

describe('numbers', () => {
  test.each([
    ['{"type":"integer"}', '5.0', true],
    ['{"type":"integer"}', '1e300', true],
    ['{"type":"number"}', 'true', false],
    ['{"maximum":9007199254740993}', '9007199254740993', true],
    ['{"maximum":9007199254740992}', '9007199254740993', false],
    ['{"const":9007199254740993}', '9007199254740992', false],
    ['{"const":1}', '1.0', true],
    ['{"enum":[true]}', '1', false],
    ['{"multipleOf":0.1}', '0.3', true],
    ['{"multipleOf":0.01}', '0.075', false],
    ['{"multipleOf":1e-300}', '1e300', true],
    ['{"multipleOf":7}', '9007199254740994', false],
    ['{"exclusiveMinimum":0}', '0', false],
  ])('%s on %s', (schema, value, valid) => {
    expect(compileSchema(schema).check(parseJson(value)).length === 0).toBe(valid);
  });
});

describe('references', () => {
  test('lead to definitions, anchors, ids and recursion', () => {
    const schema = {
      $id: 'https://example.com/tree',
      $ref: '#node',
      $defs: {
        node: { $anchor: 'node', properties: { value: { $ref: 'number' }, left: { $ref: '#/$defs/node' } } },
        number: { $id: 'number', type: 'integer' },
      },
    };
    expect(issues(schema, { value: 1, left: { left: { value: 'x' } } })).toEqual([
      '/left/left/value type: must be a whole number, but is "x"',
    ]);
  });

  test('may lead to a place that is no keyword', () => {
    const schema = { $ref: '#/components/card', components: { card: { type: 'string' } } };
    expect(issues(schema, 1)).toEqual([' type: must be text, but is 1']);
  });

  test.each(['4', '6', '7'])('push their neighbours aside in draft %s', (draft) => {
    const schema = {
      $schema: `http://json-schema.org/draft-0${draft}/schema#`,
      properties: { a: { $ref: '#/definitions/a', maximum: 1 } },
      definitions: { a: { type: 'integer' } },
    };
    expect(issues(schema, { a: 5 })).toEqual([]);
    expect(
      issues({ ...schema, $schema: 'https://json-schema.org/draft/2020-12/schema' }, { a: 5 }),
    ).toHaveLength(1);
  });

  test('draft 4 has exclusive bounds of its own', () => {
    const schema = { $schema: 'http://json-schema.org/draft-04/schema#', minimum: 0, exclusiveMinimum: true };
    expect(issues(schema, 0)).toEqual([' minimum: must be more than 0, but is 0']);
  });
});

describe('a schema is refused', () => {
  test.each<[string, Json, string, string]>([
    [
      'that is not JSON',
      '{"type": object}',
      '',
      'the schema is not JSON: a value was expected at line 1, column 10',
    ],
    [
      'that is no object',
      '[]',
      '',
      'a schema must be an object, true or false, but this is a list of 0 items',
    ],
    [
      'with an unknown type',
      { properties: { a: { type: 'int' } } },
      '/properties/a/type',
      '"int" is not a JSON type',
    ],
    ['with a bound that is text', { minimum: '1' }, '/minimum', '"minimum" must be a number'],
    [
      'with a negative length',
      { maxLength: -1 },
      '/maxLength',
      '"maxLength" must be a whole number, 0 or more',
    ],
    ['with an empty enum', { enum: [] }, '/enum', '"enum" must list at least one value'],
    ['with properties in a list', { properties: ['a'] }, '/properties', '"properties" must be an object'],
    [
      'with a property that is no schema',
      { properties: { a: 'text' } },
      '/properties/a',
      'a schema must be an object',
    ],
    [
      'with required: true',
      { properties: { a: { required: true } } },
      '/properties/a/required',
      'a list of names',
    ],
    ['with an old list of items', { items: [{ type: 'string' }] }, '/items', 'called "prefixItems"'],
    ['with an empty anyOf', { anyOf: [] }, '/anyOf', 'must list at least one schema'],
    [
      'with a reference to nothing',
      { $ref: '#/$defs/x' },
      '/$ref',
      'refers to "#/$defs/x", but there is nothing',
    ],
    ['with a remote reference', { $ref: 'https://a.b/c.json' }, '/$ref', 'copy what it means under "$defs"'],
    ['with a file reference', { $ref: 'other.json#/a' }, '/$ref', 'which is not in this schema'],
    ['that refers to itself', { $ref: '#' }, '', 'refers to itself without looking into the data'],
    [
      'with a loop',
      { $defs: { a: { allOf: [{ $ref: '#/$defs/b' }] }, b: { not: { $ref: '#/$defs/a' } } } },
      '',
      'itself',
    ],
    [
      'with look-ahead',
      { properties: { a: { pattern: '(?=x)' } } },
      '/properties/a/pattern',
      'uses look-ahead',
    ],
    [
      'with a bad name pattern',
      { patternProperties: { '(a': {} } },
      '/patternProperties/(a',
      'missing closing )',
    ],
    ['of an unknown dialect', { $schema: 'http://example.com/schema' }, '/$schema', 'which is not known'],
    [
      'with two of one name',
      { $defs: { a: { $anchor: 'x' }, b: { $anchor: 'x' } } },
      '/$defs/b',
      'two schemas are called',
    ],
    [
      'with too much pattern',
      { allOf: Array.from({ length: 30 }, () => ({ pattern: 'a'.repeat(999) })) },
      '',
      'patterns together',
    ],
    ['nested too deeply', `${'{"not":'.repeat(61)}true${'}'.repeat(61)}`, '', 'nested deeper than 60 levels'],
  ])('%s', (_name, schema, pointer, message) => {
    const refused = refusal(schema);
    expect(refused.message).toContain(message);
    if (pointer !== '') expect(refused.pointer).toBe(pointer);
  });
});

describe('hostile work is bounded', () => {
  test('patterns on long texts', () => {
    const schema = { pattern: '^(a+)+$', patternProperties: { '^(b+)+$': false } };
    expect(issues(schema, JSON.stringify(`${'a'.repeat(100_000)}!`))).toHaveLength(1);
    expect(issues(schema, { [`${'b'.repeat(100_000)}!`]: 1 })).toEqual([]);
  });

  test('uniqueness among a hundred thousand items', () => {
    const items = Array.from({ length: 100_000 }, (_, i) => i);
    expect(issues({ uniqueItems: true }, items)).toEqual([]);
    expect(issues({ uniqueItems: true }, [{ a: 1, b: 2 }, 1, { b: 2, a: 1.0 }])).toEqual([
      ' uniqueItems: must not repeat an item, but items 0 and 2 are equal',
    ]);
  });

  test('a schema that doubles the work at every level', () => {
    const schema = {
      anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }],
      $defs: {
        a: { required: ['x'], properties: { x: { $ref: '#' } } },
        b: { required: ['x'], properties: { x: { $ref: '#' } } },
      },
    };
    const text = `${'{"x":'.repeat(58)}{}${'}'.repeat(58)}`;
    expect(issues(schema, text)).toEqual([' limit: is too large or too deeply nested to be checked']);
  });

  test('a chain of ten thousand references', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, i) => [`d${i}`, i === 9_999 ? true : { $ref: `#/$defs/d${i + 1}` }]),
    );
    expect(issues({ $ref: '#/$defs/d0', $defs }, 1)[0]).toContain('limit');
    expect(issues({ $ref: '#/$defs/d9900', $defs }, 1)).toEqual([]);
  });
});

test('unevaluated names and items are those nothing else looked at', () => {
  const schema = {
    allOf: [{ properties: { a: true } }],
    anyOf: [{ properties: { b: { const: 1 } }, required: ['b'] }, { properties: { c: true } }],
    if: { properties: { d: { const: 1 } }, required: ['d'] },
    unevaluatedProperties: false,
  };
  expect(issues(schema, { a: 1, b: 1, c: 1, d: 1 })).toEqual([]);
  expect(issues(schema, { a: 1, b: 2, c: 1 })).toEqual([
    ' unevaluatedProperties: must not have the name "b"',
  ]);
  const list = { prefixItems: [true], contains: { type: 'string' }, unevaluatedItems: { type: 'integer' } };
  expect(issues(list, [null, 'x', 2])).toEqual([]);
  expect(issues(list, [null, 'x', null])).toEqual(['/2 type: must be a whole number, but is null']);
});

test('agrees with another implementation on random schemas and values', () => {
  const name = fc.constantFrom('a', 'b', 'c');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<Json>(null, true, false, 0, 1, 2, 1.5, -3, '', 'a', 'ab', 'b1'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const size = fc.integer({ min: 0, max: 3 });
  const types = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');
  const { schema } = fc.letrec((tie) => {
    const inner = tie('schema');
    const list = fc.array(inner, { minLength: 1, maxLength: 2 });
    const dictionary = (names: fc.Arbitrary<string>): fc.Arbitrary<Json> =>
      fc.dictionary(names, inner, { maxKeys: 2, noNullPrototype: true });
    const keyword = (name: string, argument: fc.Arbitrary<Json>): fc.Arbitrary<[string, Json]> =>
      fc.tuple(fc.constant(name), argument);
    const keywords = fc.oneof(
      keyword('type', fc.oneof(types, fc.uniqueArray(types, { minLength: 2, maxLength: 3 }))),
      keyword('enum', fc.array(value, { minLength: 2, maxLength: 5 })),
      keyword('const', value),
      keyword('minimum', size),
      keyword('exclusiveMaximum', size),
      keyword('multipleOf', fc.constantFrom(2, 0.5)),
      keyword('minLength', size),
      keyword('maxLength', size),
      keyword('pattern', fc.constantFrom('^a', 'b$', '\\d')),
      keyword('uniqueItems', fc.boolean()),
      keyword('minItems', size),
      keyword('maxProperties', size),
      keyword('required', fc.uniqueArray(name, { maxLength: 2 })),
      keyword('properties', dictionary(name)),
      keyword('patternProperties', dictionary(fc.constantFrom('^a', '[bc]'))),
      ...['additionalProperties', 'propertyNames', 'items', 'contains', 'not', 'if', 'then', 'else'].map(
        (one) => keyword(one, inner),
      ),
      ...['prefixItems', 'allOf', 'anyOf', 'oneOf'].map((many) => keyword(many, list)),
    );
    const some = fc.array(keywords, { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs) as Json);
    return { schema: fc.oneof({ maxDepth: 3 }, fc.boolean(), some) };
  });
  let valid = 0;
  fc.assert(
    fc.property(schema, value, (rules, data) => {
      const theirs = new Validator(structuredClone(rules) as object, '2020-12', false).validate(data).valid;
      expect(issues(rules, JSON.stringify(data)).length === 0).toBe(theirs);
      if (theirs) valid++;
    }),
    { numRuns: 1000 },
  );
  expect(valid).toBeGreaterThan(100);
  expect(valid).toBeLessThan(900);
});
