// Rows and answers of Gemini as the adapter reads them, among them what only the live service sends.

import { describe, expect, test } from 'vitest';
import { GeminiError, isRefusedKey, quotaOf } from '../../../src/adapters/providers/gemini-errors.ts';
import { checkOf, readJob } from '../../../src/adapters/providers/gemini-job.ts';
import { readResponse, readRow, requestLine } from '../../../src/adapters/providers/gemini-wire.ts';
import { fc } from '../../property.ts';
import { requestOf } from './contract.ts';

const row = (fields: object) => readRow(JSON.stringify({ key: 'abc-1', ...fields }));
const said = (candidate: object, more: object = {}) =>
  row({ response: { candidates: [candidate], usageMetadata: {}, modelVersion: 'm', ...more } });
const text = (words: string) => ({ content: { parts: [{ text: words }], role: 'model' } });

describe('a request line', () => {
  test('holds what was asked for and nothing else', () => {
    expect(JSON.parse(requestLine(requestOf('k', 'a')))).toEqual({
      key: requestOf('k', 'a').customId,
      request: {
        contents: [{ role: 'user', parts: [{ text: 'Tell about a.' }] }],
        generationConfig: { maxOutputTokens: 1000 },
      },
    });
  });

  test('keeps a schema as it was written, members with strange names too', () => {
    const schema = '{"properties":{"__proto__":{"type":"string"}}}';
    expect(requestLine(requestOf('k', 'a', { schema }))).toContain(`"responseJsonSchema":${schema}`);
  });
});

describe('a row', () => {
  test('of the live service is read: parts without text and thoughts are no answer', () => {
    const parts = [
      { text: 'I think.', thought: true },
      { text: '{"a":' },
      { text: '1}' },
      { thoughtSignature: 'El4K' },
    ];
    const usageMetadata = {
      promptTokenCount: 100,
      cachedContentTokenCount: 40,
      toolUsePromptTokenCount: 5,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 300,
      totalTokenCount: 425,
    };
    expect(
      said({ content: { parts, role: 'model' }, finishReason: 'STOP', index: 0 }, { usageMetadata }),
    ).toEqual({
      kind: 'text',
      customId: 'abc-1',
      text: '{"a":1}',
      usage: { input: 105, output: 320, cached: 40 },
      model: 'm',
    });
  });

  test.each(['MAX_TOKENS', 'CONTINUATION'])('that stopped with %s is truncated', (finishReason) => {
    expect(said({ ...text('{"a'), finishReason })).toMatchObject({ kind: 'truncated', text: '{"a' });
    expect(said({ finishReason })).toMatchObject({ kind: 'truncated', text: '' });
  });

  test.each(['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII'])(
    'that stopped with %s is a refusal',
    (finishReason) => {
      expect(said({ finishReason })).toMatchObject({ kind: 'refused', text: finishReason });
      expect(said({ ...text('No.'), finishReason })).toMatchObject({ kind: 'refused', text: 'No.' });
    },
  );

  test('whose prompt was blocked is a refusal that says why', () => {
    const response = {
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 7 },
    };
    expect(row({ response })).toMatchObject({
      kind: 'refused',
      text: 'PROHIBITED_CONTENT',
      usage: { input: 7, output: 0 },
    });
  });

  test('that broke down with nothing said may have been billed; with words it is a text', () => {
    expect(said({ finishReason: 'MALFORMED_RESPONSE' })).toMatchObject({
      kind: 'error',
      failure: 'transport',
      billed: 'unknown',
      message: expect.stringContaining('MALFORMED_RESPONSE'),
    });
    expect(said({ ...text('{}'), finishReason: 'OTHER' })).toMatchObject({ kind: 'text', text: '{}' });
    expect(said({ ...text(''), finishReason: 'STOP' })).toMatchObject({ kind: 'text', text: '' });
  });

  test.each([
    [3, 'rejected'],
    [400, 'rejected'],
    [404, 'rejected'],
    [1, 'canceled'],
    [4, 'transport'],
    [8, 'transport'],
    [13, 'transport'],
    [14, 'transport'],
    [429, 'transport'],
    [500, 'transport'],
  ])('with the error code %i failed as %s, at no cost', (code, failure) => {
    expect(row({ error: { code, message: 'no' } })).toMatchObject({
      kind: 'error',
      failure,
      message: `${code}: no`,
      billed: 'no',
    });
  });

  test('that was refused for the account’s sake says nothing about its request', () => {
    for (const message of ['Your prepayment credits are depleted.', 'API key expired.']) {
      expect(row({ error: { code: 9, message } })).toMatchObject({ failure: 'transport', billed: 'no' });
    }
  });

  test('without anything usable is damaged and may have been billed', () => {
    for (const fields of [{}, { response: null }, { response: {} }, { response: { candidates: [] } }]) {
      expect(row(fields)).toMatchObject({ kind: 'error', failure: 'transport', billed: 'unknown' });
    }
  });

  test('that is broken belongs to its request when the key can be seen, else to nobody', () => {
    expect(readRow('{"key": "abc-1", "respon')).toMatchObject({ customId: 'abc-1', billed: 'unknown' });
    expect(readRow(String.raw`{"response": {"text": "{\"key\": \"abc-2\"}`)).toBeNull();
    expect(readRow('<html>')).toBeNull();
    expect(readRow('{"key": 5}')).toBeNull();
  });

  test('keeps nothing in an error that differs from run to run', () => {
    const say = (responseId: string) => row({ response: { candidates: [], responseId } });
    expect(say('one')).toEqual(say('two'));
  });
});

test('usage that is not there, or is no count, is 0', () => {
  const usageMetadata = { promptTokenCount: '5', candidatesTokenCount: -1, thoughtsTokenCount: 1.5 };
  expect(readResponse('a', { candidates: [text('x')], usageMetadata })).toMatchObject({
    usage: { input: 0, output: 0 },
  });
  expect(readResponse('a', { candidates: [text('x')] })).toMatchObject({ usage: { input: 0, output: 0 } });
});

test('whatever a service sends is read without an accident', () => {
  const names = [
    'key',
    'response',
    'error',
    'candidates',
    'content',
    'parts',
    'details',
    'violations',
    'metadata',
  ];
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(tree, fc.string(), (value, broken) => {
      const json = JSON.stringify(value);
      for (const line of [json, json.slice(0, -1), broken]) {
        const answer = readRow(line);
        expect(answer === null || typeof answer.customId === 'string').toBe(true);
      }
      const error = new GeminiError(429, new Headers(), json);
      expect(error.message.length).toBeGreaterThan(0);
      expect(['queue', 'spent', 'rate']).toContain(quotaOf(error, true));
      expect(isRefusedKey(error)).toBe(false);
      expect(checkOf(readJob(value), (words) => words)).toHaveProperty('kind');
    }),
    { numRuns: 300 },
  );
});
