// The words of Anthropic's protocol by themselves: our requests, their rows, and schemas as they take them.
import { describe, expect, test } from 'vitest';
import { outputSchema } from '../../../src/adapters/providers/anthropic-schema.ts';
import {
  batchRequest,
  messageParams,
  readMessage,
  readRow,
} from '../../../src/adapters/providers/anthropic-wire.ts';
import { requestOf } from './contract.ts';

const PLACE = {
  type: 'object',
  properties: { place: { type: 'integer', minimum: 0, description: 'Where.' } },
  required: ['place'],
};

describe('a request of a message batch', () => {
  test('holds what was asked for and nothing else', () => {
    const request = requestOf('k', 'a', {
      system: 'Be brief.',
      temperature: 0,
      schema: JSON.stringify(PLACE),
    });
    expect(JSON.parse(batchRequest(request))).toEqual({
      custom_id: request.customId,
      params: {
        model: 'test-model',
        max_tokens: 1000,
        messages: [{ role: 'user', content: 'Tell about a.' }],
        system: 'Be brief.',
        temperature: 0,
        output_config: {
          format: {
            type: 'json_schema',
            schema: {
              type: 'object',
              properties: { place: { type: 'integer', description: 'Where. (minimum: 0)' } },
              required: ['place'],
              additionalProperties: false,
            },
          },
        },
      },
    });
    expect(Object.keys(messageParams(requestOf('k', 'a')))).toEqual(['model', 'max_tokens', 'messages']);
  });

  test('goes without a format when the schema cannot be said there', () => {
    const request = requestOf('k', 'a', { schema: '{"type":"object"}' });
    expect(messageParams(request)).not.toHaveProperty('output_config');
  });
});

describe('a schema for structured output', () => {
  const said = (schema: unknown) => outputSchema(JSON.stringify(schema));
  const closed = (properties: object, required: readonly string[] = []) => ({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
  });

  test('is closed at every depth, with its order kept', () => {
    const point = { type: 'object', properties: { y: { type: 'number' }, x: { type: ['number', 'null'] } } };
    const schema = said({
      type: 'object',
      properties: { points: { type: 'array', items: point, minItems: 1 }, name: { enum: ['a', 'b', null] } },
      required: ['name'],
    });
    const one = closed({ y: { type: 'number' }, x: { type: ['number', 'null'] } });
    expect(schema).toEqual(
      closed({ points: { type: 'array', items: one, minItems: 1 }, name: { enum: ['a', 'b', null] } }, [
        'name',
      ]),
    );
    expect(Object.keys((schema?.properties as object) ?? {})).toEqual(['points', 'name']);
  });

  test('tells the bounds that are not enforced there', () => {
    const schema = { type: 'string', maxLength: 5, pattern: '^a', format: 'color', title: 'T' };
    expect(said({ type: 'array', items: schema, minItems: 3 })).toEqual({
      type: 'array',
      items: { type: 'string', description: '(maxLength: 5, pattern: "^a", format: "color")' },
      description: '(minItems: 3)',
    });
    expect(said({ type: 'string', format: 'date' })).toEqual({ type: 'string', format: 'date' });
  });

  test('keeps choices and definitions, wherever these stand', () => {
    const schema = {
      oneOf: [{ $ref: '#/definitions/walk' }, { type: 'null' }, { const: 3 }],
      definitions: { walk: closed({ n: { type: 'integer' } }), unused: true },
    };
    expect(said(schema)).toEqual({
      anyOf: [{ $ref: '#/$defs/walk' }, { type: 'null' }, { const: 3 }],
      $defs: { walk: closed({ n: { type: 'integer' } }) },
    });
  });

  test.each([
    ['an open object', { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true }],
    ['a map', { type: 'object', additionalProperties: { type: 'number' } }],
    ['an object of unknown names', { type: 'object' }],
    ['names by pattern', { type: 'object', properties: { a: { type: 'null' } }, patternProperties: {} }],
    ['a name that is required and not described', closed({ a: { type: 'null' } }, ['b'])],
    ['parts that close one another out', { allOf: [closed({}), closed({})] }],
    ['choices beside properties', { properties: { a: { type: 'null' } }, anyOf: [{ type: 'null' }] }],
    ['anything', {}],
    ['a list of anything', { type: 'array' }],
    ['a list by places', { type: 'array', prefixItems: [], items: { type: 'null' } }],
    ['a literal that is an object', { const: { a: 1 } }],
    ['recursion', { $ref: '#/$defs/a', $defs: { a: closed({ next: { $ref: '#/$defs/a' } }) } }],
    ['a reference outside', { $ref: 'https://example.com/a.json' }],
    ['a reference by an inherited name', { $ref: '#/$defs/toString', $defs: {} }],
    ['no schema at all', true],
  ])('is not sent for %s', (_, schema) => {
    expect(said(schema)).toBeNull();
  });

  test('is not sent when it is deeper than anyone writes', () => {
    let schema: object = { type: 'null' };
    for (let depth = 0; depth < 2000; depth++) schema = { type: 'array', items: schema };
    expect(said(schema)).toBeNull();
  });
});

describe('a message', () => {
  const message = (changes: object) =>
    readMessage('a', {
      model: 'm',
      content: [{ type: 'text', text: 'yes' }],
      usage: { input_tokens: 3, output_tokens: 2 },
      stop_reason: 'end_turn',
      ...changes,
    });

  test('is the text of its text blocks, without the thinking', () => {
    const content = [
      { type: 'thinking', thinking: 'hm', text: 'no' },
      { type: 'text', text: '{"a"' },
      { type: 'text', text: ':1}' },
      { type: 'new_kind' },
      null,
    ];
    expect(message({ content })).toEqual({
      kind: 'text',
      customId: 'a',
      text: '{"a":1}',
      usage: { input: 3, output: 2 },
      model: 'm',
    });
  });

  test('counts all its input, and of it what came from a cache', () => {
    const usage = {
      input_tokens: 3,
      cache_creation_input_tokens: 5,
      cache_read_input_tokens: 7,
      output_tokens: 2,
    };
    expect(message({ usage })).toMatchObject({ usage: { input: 15, output: 2, cached: 7 } });
    expect(
      message({ usage: { input_tokens: -1, output_tokens: 'x', cache_read_input_tokens: null } }),
    ).toMatchObject({
      usage: { input: 0, output: 0 },
    });
  });

  test('that a limit cut is truncated, before anyone parses it', () => {
    expect(message({ stop_reason: 'max_tokens' })).toMatchObject({ kind: 'truncated', text: 'yes' });
    expect(message({ stop_reason: 'model_context_window_exceeded' })).toMatchObject({ kind: 'truncated' });
  });

  test('that was refused says why when it says nothing else', () => {
    expect(message({ stop_reason: 'refusal' })).toMatchObject({ kind: 'refused', text: 'yes' });
    const stop_details = { type: 'refusal', explanation: 'It asks for harm.' };
    expect(message({ stop_reason: 'refusal', content: [], stop_details })).toMatchObject({
      kind: 'refused',
      text: 'It asks for harm.',
    });
  });

  test('without content is no answer, and may have been billed', () => {
    for (const value of [null, 'text', {}, { content: 'yes' }, undefined]) {
      expect(readMessage('a', value)).toMatchObject({
        kind: 'error',
        failure: 'transport',
        billed: 'unknown',
      });
    }
  });
});

describe('a row of results', () => {
  const row = (result: object) => readRow(JSON.stringify({ custom_id: 'a', result }));
  const errored = (type: string) =>
    row({ type: 'errored', error: { type: 'error', error: { type, message: 'no' }, request_id: 'req_1' } });

  test('that succeeded is its message', () => {
    expect(row({ type: 'succeeded', message: { content: [], model: 'm' } })).toMatchObject({
      kind: 'text',
      text: '',
    });
  });

  test('that failed is rejected when the request is at fault, else it broke on the way; nothing is billed', () => {
    expect(errored('invalid_request_error')).toEqual({
      kind: 'error',
      customId: 'a',
      failure: 'rejected',
      message: 'invalid_request_error: no',
      raw: '{"error":{"type":"invalid_request_error","message":"no"}}',
      billed: 'no',
    });
    expect(errored('not_found_error')).toMatchObject({ failure: 'rejected' });
    for (const type of ['api_error', 'overloaded_error', 'rate_limit_error', 'billing_error', 'new_error']) {
      expect(errored(type)).toMatchObject({ failure: 'transport', billed: 'no' });
    }
    const balance = 'Your credit balance is too low to access the API.';
    const poor = { type: 'error', error: { type: 'invalid_request_error', message: balance } };
    expect(row({ type: 'errored', error: poor })).toMatchObject({ failure: 'transport', billed: 'no' });
    expect(row({ type: 'errored' })).toMatchObject({
      failure: 'transport',
      message: 'error: no reason given',
    });
  });

  test('that was not run says why', () => {
    expect(row({ type: 'expired' })).toMatchObject({ failure: 'expired', billed: 'no' });
    expect(row({ type: 'canceled' })).toMatchObject({ failure: 'canceled', billed: 'no' });
  });

  test('that is damaged belongs to its request when the id can be seen, else to nobody', () => {
    expect(readRow('{"custom_id": "abc-1", "resu')).toMatchObject({
      customId: 'abc-1',
      failure: 'transport',
      billed: 'unknown',
    });
    expect(row({ type: 'sorted' })).toMatchObject({ failure: 'transport', billed: 'unknown' });
    expect(readRow('<html>')).toBeNull();
    expect(readRow('{"custom_id": 5}')).toBeNull();
  });
});
