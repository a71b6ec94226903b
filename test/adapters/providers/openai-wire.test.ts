// OpenAI's words by themselves, in both of its ways to ask: request lines, and rows as answers.

import { describe, expect, test } from 'vitest';
import {
  readRow as readRowOf,
  requestLine as requestLineOf,
} from '../../../src/adapters/providers/openai-wire.ts';
import type { ModelRequest } from '../../../src/ports/provider.ts';
import { fc } from '../../property.ts';
import { requestOf } from './contract.ts';

const requestLine = (request: ModelRequest) => requestLineOf('chat', request);
const readRow = (line: string) => readRowOf('chat', line);

describe('a request line', () => {
  test('holds what was asked for and nothing else', () => {
    const request = requestOf('k', 'a', { system: 'Be brief.', temperature: 0, schema: '{"type":"object"}' });
    expect(JSON.parse(requestLine(request))).toEqual({
      custom_id: request.customId,
      method: 'POST',
      url: '/v1/chat/completions',
      body: {
        model: 'test-model',
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Tell about a.' },
        ],
        max_completion_tokens: 1000,
        temperature: 0,
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'answer', schema: { type: 'object' }, strict: false },
        },
      },
    });
    expect(Object.keys(JSON.parse(requestLine(requestOf('k', 'a'))).body)).toEqual([
      'model',
      'messages',
      'max_completion_tokens',
    ]);
  });
});

describe('a row', () => {
  const row = (changes: object) =>
    readRow(JSON.stringify({ id: 'x', custom_id: 'a', error: null, ...changes }));
  const answered = (choice: object, body: object = {}) =>
    row({ response: { status_code: 200, body: { model: 'm', choices: [choice], ...body } } });

  test('that the length limit cut is truncated, before anyone parses it', () => {
    expect(answered({ message: { content: '{}' }, finish_reason: 'length' })).toMatchObject({
      kind: 'truncated',
    });
  });

  test('with a refusal, or stopped by a filter, is refused', () => {
    expect(answered({ message: { content: null, refusal: 'no' } })).toMatchObject({
      kind: 'refused',
      text: 'no',
    });
    expect(answered({ message: { content: 'half' }, finish_reason: 'content_filter' })).toMatchObject({
      kind: 'refused',
      text: 'half',
    });
  });

  test('that expired or was cancelled says so', () => {
    const error = (code: string) => row({ response: null, error: { code, message: 'late' } });
    expect(error('batch_expired')).toMatchObject({ failure: 'expired', message: 'batch_expired: late' });
    expect(error('batch_cancelled')).toMatchObject({ failure: 'canceled' });
    expect(error('anything')).toMatchObject({ failure: 'transport' });
  });

  test('with an HTTP failure is rejected when the request is at fault, else it broke on the way', () => {
    const status = (code: number) =>
      row({ response: { status_code: code, body: { error: { message: 'no' } } } });
    expect(status(400)).toMatchObject({ failure: 'rejected', message: '400: no' });
    expect([0, 429, 500, 503].map((code) => status(code))).toEqual(
      [0, 429, 500, 503].map((code) =>
        expect.objectContaining({ failure: 'transport', message: `${code}: no` }),
      ),
    );
  });

  test('that was refused for the account’s sake says nothing about its request, and cost nothing', () => {
    const spent = { message: 'no', code: 'insufficient_quota' };
    const hard = { message: 'no', type: 'billing_hard_limit_reached', code: null };
    const http = (status_code: number, error: object) =>
      row({ response: { status_code, body: { error } }, error: null });
    const rows = [
      http(429, spent),
      http(400, hard),
      http(401, { message: 'no' }),
      http(402, { message: 'no' }),
      http(403, { message: 'no' }),
      row({ response: null, error: spent }),
    ];
    expect(rows).toMatchObject(rows.map(() => ({ kind: 'error', failure: 'transport', billed: 'no' })));
  });

  test('with status 200 and no usable body is no success', () => {
    expect(row({ response: { status_code: 200, body: {} } })).toMatchObject({ failure: 'transport' });
    expect(row({ response: { status_code: 200, body: null } })).toMatchObject({ failure: 'transport' });
    expect(row({ response: null })).toMatchObject({ failure: 'transport' });
  });

  test('counts cached input within the input, and no count that is none', () => {
    const usage = (value: object) => {
      const answer = answered({ message: { content: 'yes' } }, { usage: value });
      return answer?.kind === 'text' ? answer.usage : null;
    };
    const details = (cached_tokens: unknown) => ({ prompt_tokens_details: { cached_tokens } });
    expect(usage({ prompt_tokens: 9, completion_tokens: 3, ...details(4) })).toEqual({
      input: 9,
      output: 3,
      cached: 4,
    });
    expect(usage({ prompt_tokens: 9, completion_tokens: 3, ...details(99) })).toMatchObject({ cached: 9 });
    expect(usage({ prompt_tokens: 9, completion_tokens: 3, ...details(0) })).toEqual({ input: 9, output: 3 });
    expect(usage({ prompt_tokens: -1, completion_tokens: '3', ...details(null) })).toEqual({
      input: 0,
      output: 0,
    });
  });

  test('was billed or not, as far as it can be told', () => {
    const status = (code: unknown) => row({ response: { status_code: code, body: null } });
    expect([400, 429, 500].map((code) => status(code))).toMatchObject(Array(3).fill({ billed: 'no' }));
    expect([0, null, 'x'].map((code) => status(code))).toMatchObject(Array(3).fill({ billed: 'unknown' }));
    const expired = row({ response: null, error: { code: 'batch_expired', message: 'late' } });
    expect(expired).toMatchObject({ billed: 'no' });
    expect(row({ response: null })).toMatchObject({ billed: 'unknown' });
    expect(readRow('{"custom_id": "abc-1", "respon')).toMatchObject({ billed: 'unknown' });
  });

  test('that is broken belongs to its request when the id can be seen, else to nobody', () => {
    expect(readRow('{"custom_id": "abc-1", "respon')).toMatchObject({
      customId: 'abc-1',
      failure: 'transport',
    });
    expect(readRow('<html>')).toBeNull();
    expect(readRow('{"custom_id": 5}')).toBeNull();
  });

  test("of any content is an answer or nobody's, and never a broken run", () => {
    const content = fc.record(
      {
        custom_id: fc.oneof(fc.constant('a'), fc.jsonValue()),
        error: fc.jsonValue(),
        response: fc.oneof(
          fc.jsonValue(),
          fc.record({
            status_code: fc.constantFrom(200, 400, 0, 'x'),
            body: fc.record({
              status: fc.constantFrom('completed', 'incomplete', 'failed', null),
              choices: fc.jsonValue(),
              output: fc.oneof(
                fc.jsonValue(),
                fc.array(
                  fc.record({ type: fc.constantFrom('message', 'reasoning'), content: fc.jsonValue() }),
                ),
              ),
              usage: fc.jsonValue(),
            }),
          }),
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(content, fc.constantFrom('chat' as const, 'responses' as const), (row, api) => {
        const answer = readRowOf(api, JSON.stringify(row));
        expect(answer === null || typeof answer.customId === 'string').toBe(true);
      }),
      { numRuns: 500, seed: 7 },
    );
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const nested = `{"custom_id": "a", "response": {"status_code": 400, "body": {"x": ${deep}}}}`;
    expect(readRow(nested)).toMatchObject({ customId: 'a', kind: 'error' });
  });

  test('keeps nothing in an error that differs from run to run', () => {
    const say = (id: string) =>
      row({ id, response: { status_code: 400, request_id: id, body: { error: { message: 'no' } } } });
    expect(say('one')).toEqual(say('two'));
  });
});

describe('the other way to ask', () => {
  const read = (body: object) =>
    readRowOf('responses', JSON.stringify({ custom_id: 'a', response: { status_code: 200, body } }));
  const message = (...content: object[]) => ({ type: 'message', role: 'assistant', content });
  const said = (text: string) => ({ type: 'output_text', text, annotations: [] });
  const usage = { input_tokens: 9, input_tokens_details: { cached_tokens: 4 }, output_tokens: 3 };

  test('puts the request in its own words', () => {
    const request = requestOf('k', 'a', { system: 'Be brief.', temperature: 0, schema: '{"type":"object"}' });
    expect(JSON.parse(requestLineOf('responses', request))).toEqual({
      custom_id: request.customId,
      method: 'POST',
      url: '/v1/responses',
      body: {
        model: 'test-model',
        instructions: 'Be brief.',
        input: 'Tell about a.',
        max_output_tokens: 1000,
        store: false,
        temperature: 0,
        text: { format: { type: 'json_schema', name: 'answer', schema: { type: 'object' }, strict: false } },
      },
    });
    expect(Object.keys(JSON.parse(requestLineOf('responses', requestOf('k', 'a'))).body)).toEqual([
      'model',
      'input',
      'max_output_tokens',
      'store',
    ]);
  });

  test('joins the texts of its messages and passes reasoning over', () => {
    const output = [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      message(said('{"a":'), said('1')),
      message(said('}')),
    ];
    expect(read({ status: 'completed', model: 'm', output, usage })).toEqual({
      kind: 'text',
      customId: 'a',
      text: '{"a":1}',
      usage: { input: 9, output: 3, cached: 4 },
      model: 'm',
    });
  });

  test('says what was cut and what was refused', () => {
    const incomplete = (reason: string, output: object[]) =>
      read({ status: 'incomplete', incomplete_details: { reason }, output, usage });
    expect(incomplete('max_output_tokens', [message(said('ha'))])).toMatchObject({
      kind: 'truncated',
      text: 'ha',
    });
    expect(incomplete('max_output_tokens', [{ type: 'reasoning' }])).toMatchObject({
      kind: 'truncated',
      text: '',
    });
    expect(incomplete('content_filter', [message(said('ha'))])).toMatchObject({
      kind: 'refused',
      text: 'ha',
    });
    const refusal = message({ type: 'refusal', refusal: 'no' });
    expect(read({ status: 'completed', output: [refusal] })).toMatchObject({ kind: 'refused', text: 'no' });
  });

  test('is no success when it failed, is not over, or says nothing', () => {
    const failed = { status: 'failed', error: { code: 'server_error', message: 'oh' }, output: [] };
    expect(read(failed)).toMatchObject({ message: 'server_error: oh', billed: 'unknown' });
    for (const body of [{}, { status: 'in_progress', output: [] }, { status: 'completed', output: null }]) {
      expect(read(body)).toMatchObject({ kind: 'error', failure: 'transport', billed: 'unknown' });
    }
  });
});
