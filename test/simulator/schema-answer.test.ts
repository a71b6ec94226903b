// Answers from schemas: valid for generated schemas, echoing what fits, bounded whatever the schema asks for.
import { Validator } from '@cfworker/json-schema';
import { describe, expect, test } from 'vitest';
import { fieldsFromJson, toPlain } from '../../src/expression/json.ts';
import type { RandomSource } from '../../src/expression/random.ts';
import { answerFromSchema } from '../../src/simulator/schema-answer.ts';
import { textForPattern } from '../../src/simulator/schema-pattern.ts';
import { fc } from '../property.ts';

/** A small generator (mulberry32): the tests need no more. */
function randomFrom(seed: number): RandomSource {
  let state = seed >>> 0;
  const uint32 = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return { uint32, double: () => uint32() / 2 ** 32 };
}

const answer = (schema: unknown, fields: object = {}, seed = 1) =>
  toPlain(answerFromSchema(JSON.stringify(schema), fieldsFromJson(JSON.stringify(fields)), randomFrom(seed)));

const validates = (schema: unknown, value: unknown) =>
  new Validator(schema as object, '2020-12', false).validate(JSON.parse(JSON.stringify(value))).valid;

const range = (name: string, most: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: most }))
    .map(([a, b]) => ({ [`min${name}`]: Math.min(a, b), [`max${name}`]: Math.max(a, b) }));

const integers = fc
  .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 2, max: 90 }), fc.boolean(), fc.boolean())
  .map(([low, span, openLow, openHigh]) => ({
    type: 'integer',
    [openLow ? 'exclusiveMinimum' : 'minimum']: low,
    [openHigh ? 'exclusiveMaximum' : 'maximum']: low + span,
  }));
const numbers = fc
  .tuple(
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.double({ min: 0.001, max: 5, noNaN: true }),
    fc.boolean(),
  )
  .map(([low, span, open]) => ({
    type: 'number',
    [open ? 'exclusiveMinimum' : 'minimum']: low,
    [open ? 'exclusiveMaximum' : 'maximum']: low + span,
  }));
const simple = fc.oneof(
  integers,
  numbers,
  range('Length', 30).map((bounds) => ({ type: 'string', ...bounds })),
  fc
    .constantFrom('date', 'date-time', 'email', 'uri', 'uuid', 'time', 'ipv4')
    .map((format) => ({ type: 'string', format })),
  fc
    .constantFrom('^[A-Z]{2}-\\d{4}$', '^(yes|no|maybe)$', '^[a-f0-9]+$', '^v\\d+\\.\\d+$')
    .map((pattern) => ({
      type: 'string',
      pattern,
    })),
  fc.constant({ type: 'boolean' }),
  fc.constant({ type: 'null' }),
  fc.constant({ type: ['null', 'integer'] }),
  fc.constant({ const: { a: [1, 'x'] } }),
  fc
    .uniqueArray(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 4 })
    .map((values) => ({
      enum: values,
    })),
);
const names = fc.constantFrom('name', 'score', 'mood', 'path', 'nested', 'constructor');
const { schema: schemas } = fc.letrec<{ schema: object }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    simple,
    fc
      .tuple(fc.dictionary(names, tie('schema'), { maxKeys: 4 }), fc.boolean(), fc.boolean())
      .map(([properties, required, closed]) => ({
        type: 'object',
        properties,
        ...(required ? { required: Object.keys(properties) } : {}),
        ...(closed ? { additionalProperties: false } : {}),
      })),
    fc
      .tuple(tie('schema'), range('Items', 4))
      .map(([items, bounds]) => ({ type: 'array', items, ...bounds })),
    fc.tuple(tie('schema'), tie('schema')).map((anyOf) => ({ anyOf })),
    tie('schema').map((one) => ({ allOf: [one, {}] })),
    tie('schema').map((one) => ({ $defs: { 'a/b': one }, type: 'object', properties: {} })),
  ),
}));

describe('an answer made from a schema', () => {
  test('is valid for whatever simple schema, and whatever the unit fields are', () => {
    const fields = fc.dictionary(names, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 });
    fc.assert(
      fc.property(schemas, fields, fc.integer(), (schema, given, seed) => {
        const made = answer(schema, given, seed);
        if (!validates(schema, made))
          throw new Error(`${JSON.stringify(made)} does not fit ${JSON.stringify(schema)}`);
      }),
      { numRuns: 500 },
    );
  });

  test('follows references, merges allOf, and holds every required property', () => {
    const schema = {
      $ref: '#/$defs/unit',
      $defs: {
        unit: {
          allOf: [
            { properties: { id: { $ref: '#/$defs/id' } }, required: ['id'] },
            { properties: { level: { type: 'integer', minimum: 3 } }, required: ['level', 'extra'] },
            { properties: { level: { maximum: 4 } } },
          ],
        },
        id: { type: 'string', format: 'uuid' },
      },
    };
    const made = answer(schema) as { id: string; level: number };
    expect(validates(schema, made)).toBe(true);
    expect(Object.keys(made)).toEqual(['id', 'level', 'extra']);
    expect([3, 4]).toContain(made.level);
  });

  test('takes a field of the same name when it fits, and only then', () => {
    const schema = {
      type: 'object',
      properties: {
        outcome: { enum: ['won', 'lost'] },
        count: { type: 'integer', minimum: 0 },
        high: { type: 'number', exclusiveMaximum: 5 },
        label: { type: 'string', maxLength: 3 },
        inner: { type: 'object', properties: { outcome: { type: 'string' } } },
        list: { type: 'array', items: { type: 'object', properties: { label: { type: 'string' } } } },
      },
    };
    const fields = { outcome: 'lost', count: -1, high: 5, label: 'abcd' };
    const made = answer(schema, fields) as Record<string, unknown> & { list: { label: string }[] };
    expect(made).toMatchObject({ outcome: 'lost', inner: { outcome: 'lost' } });
    expect(made.count).not.toBe(-1);
    expect(made.high).not.toBe(5);
    expect(made.label).not.toBe('abcd');
    expect(made.list[0]?.label).not.toBe('abcd');
  });

  test('has different items where they must differ', () => {
    const schema = { type: 'array', items: { enum: ['a', 'b', 'c'] }, uniqueItems: true, minItems: 3 };
    expect([...(answer(schema) as string[])].sort()).toEqual(['a', 'b', 'c']);
  });

  test('ends, however the schema turns on itself', () => {
    const list = {
      $ref: '#/$defs/list',
      $defs: { list: { type: 'array', minItems: 3, items: { $ref: '#/$defs/list' } } },
    };
    const loop = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } };
    const tree = {
      type: 'object',
      required: ['left'],
      properties: { left: { $ref: '#' }, right: { $ref: '#' } },
    };
    const wide = { type: 'array', minItems: 1e9, items: { type: 'array', minItems: 1e9 } };
    const long = { type: 'string', minLength: 1e12 };
    for (const schema of [list, loop, tree, wide, long]) expect(() => answer(schema)).not.toThrow();
  });
});

describe('a text for a pattern', () => {
  test.each([
    '^[A-Z]{3}\\d{2,4}$',
    '^(?:ab|c[^d-z])+x?$',
    'a.c',
    '^\\w+@\\w+\\.(com|org)$',
    '^$',
    '[\\d\\-]{3}',
  ])('matches %s', (pattern) => {
    for (let seed = 0; seed < 50; seed++)
      expect(textForPattern(pattern, randomFrom(seed))).toMatch(new RegExp(pattern));
  });

  test.each([
    '(?=a)b',
    '\\bword',
    '(a)\\1',
    '[',
    '(',
    'a{9999}',
    '\\p{L}',
    '[b-a]',
    '(((a{999}){999}){999})',
  ])('is given up for %s', (pattern) => {
    expect(textForPattern(pattern, randomFrom(1))).toBeNull();
  });
});
