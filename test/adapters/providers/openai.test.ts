// The OpenAI adapter, through the real SDK, against the simulator; and its words by themselves.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createOpenAiProvider } from '../../../src/adapters/providers/openai.ts';
import { readRow, requestLine } from '../../../src/adapters/providers/openai-wire.ts';
import { createAnswerContexts } from '../../../src/adapters/providers/simulated.ts';
import { startSimulator } from '../../../src/simulator/server.ts';
import { at, draftOf, providerContract, requestOf, type World } from './contract.ts';

const KEY = 'sk-test-key';

async function openWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'simulator-'));
  const simulator = await startSimulator({ directory, latency: { minMs: 20, maxMs: 60 } });
  const control = async (method: string, path: string, body: object) => {
    const response = await fetch(`${simulator.url}/_octobatch${path}`, {
      method,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  return {
    provider: createOpenAiProvider({
      apiKey: KEY,
      baseUrl: `${simulator.url}/v1`,
      backoffMs: 1,
      lateVisibilityMs: 0,
    }),
    contexts: createAnswerContexts({ url: simulator.url }),
    settings: (settings) => control('PUT', '/settings', settings),
    mishap: (mishap) => control('POST', '/mishaps', mishap),
    paths: { upload: '/v1/files', create: '/v1/batches', content: '/v1/files/' },
    async batches() {
      const response = await fetch(`${simulator.url}/v1/batches?limit=100`, {
        headers: { authorization: `Bearer ${KEY}` },
      });
      return ((await response.json()) as { data: unknown[] }).data.length;
    },
    async close() {
      await simulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

providerContract('openai', openWorld);

/** A provider whose service is a function: each call is recorded and answered from the list, the last one for ever. */
function scripted(answers: readonly (() => Response)[]) {
  const calls: { method: string; path: string }[] = [];
  const fakeFetch = async (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.protocol === 'data:') return new Response(null);
    calls.push({ method: init?.method ?? 'GET', path: url.pathname });
    return (answers[Math.min(calls.length, answers.length) - 1] as () => Response)();
  };
  const provider = createOpenAiProvider({
    apiKey: KEY,
    baseUrl: 'http://127.0.0.1:1/v1',
    fetch: fakeFetch as typeof fetch,
    backoffMs: 0,
  });
  return { provider, calls };
}

const json =
  (body: object, status = 200) =>
  () =>
    Response.json(body, { status });
const batchOf = (changes: object) => ({
  id: 'batch_1',
  object: 'batch',
  endpoint: '/v1/chat/completions',
  input_file_id: 'file-1',
  completion_window: '24h',
  status: 'completed',
  created_at: 1_700_000_000,
  ...changes,
});

describe('the OpenAI adapter where the simulator does not go', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('waits for an output file that comes after the batch is complete', async () => {
    const line = JSON.stringify({
      custom_id: 'a',
      response: { status_code: 200, body: { model: 'm', choices: [{ message: { content: 'yes' } }] } },
    });
    const { provider } = scripted([
      json(batchOf({ output_file_id: null, error_file_id: '' })),
      json(batchOf({ output_file_id: 'file-2', error_file_id: '' })),
      () => new Response(`${line}\n\n`),
    ]);
    const answers = [];
    for await (const answer of provider.collect('batch_1')) answers.push(answer);
    expect(answers).toEqual([
      { kind: 'text', customId: 'a', text: 'yes', usage: { input: 0, output: 0 }, model: 'm' },
    ]);
  });

  test('refuses to take a batch that counts answers, but shows no file, for an empty one', async () => {
    const counts = { total: 2, completed: 2, failed: 0 };
    const { provider } = scripted([json(batchOf({ output_file_id: null, request_counts: counts }))]);
    await expect(provider.collect('batch_1')[Symbol.asyncIterator]().next()).rejects.toThrow(
      'no output file',
    );
  });

  test('gives the code of a full queue first', async () => {
    const errors = {
      data: [
        { code: 'other', message: 'first', line: 1 },
        { code: 'token_limit_exceeded', message: 'Enqueued token limit reached', line: null },
      ],
    };
    const { provider } = scripted([json(batchOf({ status: 'failed', errors }))]);
    expect(await provider.check('batch_1')).toEqual({
      kind: 'ended',
      status: 'failed',
      reason: 'token_limit_exceeded: Enqueued token limit reached, and 1 more',
    });
  });

  test('says so when a batch failed without a reason, and goes on asking at an unknown status', async () => {
    const failed = scripted([json(batchOf({ status: 'failed', errors: null }))]);
    expect(await failed.provider.check('batch_1')).toMatchObject({
      reason: 'failed: the provider gives no reason',
    });
    const novel = scripted([json(batchOf({ status: 'paused' }))]);
    expect(await novel.provider.check('batch_1')).toEqual({
      kind: 'running',
      status: 'paused',
      completed: null,
    });
  });

  test('creates again only when the file is not seen yet', async () => {
    const notSeen = { error: { message: 'Invalid file ID: cannot find file', code: null } };
    const { provider, calls } = scripted([
      json({ id: 'file-1' }),
      json(notSeen, 400),
      json(batchOf({ status: 'validating' })),
    ]);
    expect(await provider.submit(draftOf('k', [requestOf('k', 'a')]))).toEqual({
      kind: 'submitted',
      providerBatch: 'batch_1',
    });
    expect(calls.map((call) => `${call.method} ${call.path}`)).toEqual([
      'POST /v1/files',
      'POST /v1/batches',
      'POST /v1/batches',
    ]);
  });

  test('finds by the file name when a service drops metadata', async () => {
    const { provider } = scripted([
      json({ object: 'list', data: [batchOf({ metadata: null })], has_more: false }),
      json({ object: 'list', data: [{ id: 'file-1', filename: 'octobatch-k.jsonl' }], has_more: false }),
    ]);
    expect(await provider.find('k', at(1_700_000_000_000))).toEqual({
      kind: 'found',
      providerBatch: 'batch_1',
    });
  });

  test('is unsure about a batch that may be too new to be listed, and sure later', async () => {
    const empty = json({ object: 'list', data: [], has_more: false });
    expect(await scripted([empty]).provider.find('k', at(Date.now()))).toMatchObject({ kind: 'unsure' });
    expect(await scripted([empty]).provider.find('k', at(Date.now() - 3_600_000))).toEqual({
      kind: 'absent',
    });
  });

  test('is not redirected by the environment and never repeats the key', async () => {
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:2/elsewhere');
    vi.stubEnv('OPENAI_API_KEY', 'sk-other');
    const { provider, calls } = scripted([json({ error: { message: `bad key ${KEY}` } }, 401)]);
    const result = await provider.submit(draftOf('k', [requestOf('k', 'a')]));
    expect(calls[0]?.path).toBe('/v1/files');
    expect(result).toEqual({ kind: 'rejected', why: '401 bad key [key]' });
  });
});

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

  test('with status 200 and no usable body is no success', () => {
    expect(row({ response: { status_code: 200, body: {} } })).toMatchObject({ failure: 'transport' });
    expect(row({ response: { status_code: 200, body: null } })).toMatchObject({ failure: 'transport' });
    expect(row({ response: null })).toMatchObject({ failure: 'transport' });
  });

  test('that is broken belongs to its request when the id can be seen, else to nobody', () => {
    expect(readRow('{"custom_id": "abc-1", "respon')).toMatchObject({
      customId: 'abc-1',
      failure: 'transport',
    });
    expect(readRow('<html>')).toBeNull();
    expect(readRow('{"custom_id": 5}')).toBeNull();
  });

  test('keeps nothing in an error that differs from run to run', () => {
    const say = (id: string) =>
      row({ id, response: { status_code: 400, request_id: id, body: { error: { message: 'no' } } } });
    expect(say('one')).toEqual(say('two'));
  });
});
