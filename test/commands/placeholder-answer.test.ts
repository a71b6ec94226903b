import { expect, test } from 'vitest';
import { placeholderAnswer } from '../../src/commands/placeholder-answer.ts';
import { compileValidator } from '../../src/validation/validator.ts';

const NO_CHECKS = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };

test('a placeholder is a short answer the schema allows', () => {
  const schema = JSON.stringify({
    type: 'object',
    required: ['price'],
    properties: {
      price: { type: 'number', minimum: 3 },
      sold: { type: 'boolean' },
      tone: { enum: ['gruff', 'sly'] },
      line: { type: 'string', minLength: 4 },
      tags: { type: 'array', minItems: 2, items: { type: 'integer' } },
      who: { type: ['object', 'null'], properties: { name: { const: 'Ada' } } },
    },
  });
  const answer = placeholderAnswer(schema);
  expect(JSON.parse(answer)).toEqual({
    price: 3,
    sold: true,
    tone: 'gruff',
    line: 'xxxx',
    tags: [1, 1],
    who: { name: 'Ada' },
  });
  const validate = compileValidator({ step: 's', schema, checks: NO_CHECKS });
  expect(validate).toBeDefined();
});

test('no schema, or one of no object, gives no fields', () => {
  for (const schema of [null, 'true', '{}', '{"type": "array", "minItems": 3}', '{"$ref": "#"}'])
    expect(placeholderAnswer(schema)).toBe('{}');
});

test('a schema cannot make it large or deep', () => {
  let deep: object = { type: 'string', minLength: 1e9 };
  for (let level = 0; level < 50; level++) deep = { type: 'array', minItems: 3, items: deep };
  const properties = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`p${i}`, { type: 'string' }]));
  expect(placeholderAnswer(JSON.stringify({ properties: { deep } })).length).toBeLessThan(5_000);
  expect(Object.keys(JSON.parse(placeholderAnswer(JSON.stringify({ properties }))))).toHaveLength(100);
  const own = '{"properties": {"__proto__": {"type": "integer"}}}';
  expect(placeholderAnswer(own)).toBe('{"__proto__":1}');
});
