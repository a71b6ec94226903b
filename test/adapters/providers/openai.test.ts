// The OpenAI adapter, through the real SDK, against the simulator; and where the simulator does not go.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createOpenAiProvider } from '../../../src/adapters/providers/openai.ts';
import { durationOf } from '../../../src/adapters/providers/openai-calls.ts';
import type { OpenAiOptions } from '../../../src/adapters/providers/openai-client.ts';
import { allOf, at, draftOf, providerContract, requestOf, untilEnded } from './contract.ts';
import { NEVER, realtimeContract } from './realtime-contract.ts';
import { KEY, openCallWorld, openWorld } from './simulated-world.ts';

const TRAITS = {
  bearsKey: true,
  uploads: true,
  fails: true,
  queueFullAt: 'check',
  keepsExpired: true,
  keepsCanceled: true,
} as const;

const batchesOf = (api: 'chat' | 'responses') =>
  openWorld('openai', (url, { lateVisibilityMs }) => {
    const baseUrl = `${url}/v1`;
    return createOpenAiProvider({ apiKey: KEY, baseUrl, api, backoffMs: 1, lateVisibilityMs }).batches;
  });
const callsOf = (api: 'chat' | 'responses') =>
  openCallWorld((url, { apiKey = KEY, timeoutMs }) => {
    const limit = timeoutMs === undefined ? {} : { callTimeoutMs: timeoutMs };
    return createOpenAiProvider({ apiKey, baseUrl: `${url}/v1`, api, ...limit }).realtime;
  });

providerContract('openai chat', TRAITS, batchesOf('chat'));
providerContract('openai responses', TRAITS, batchesOf('responses'));
realtimeContract('openai chat', callsOf('chat'));
realtimeContract('openai responses', callsOf('responses'));

test('a batch whose requests name two models ends failed, with the line', async () => {
  const world = await batchesOf('chat')();
  const two = [requestOf('key-m', 'a'), requestOf('key-m', 'b', { model: 'other-model' })];
  const result = await world.provider.submit(draftOf('key-m', two));
  if (result.kind !== 'submitted') throw new Error('not submitted');
  const end = await untilEnded(world.provider, result.providerBatch);
  expect(end).toMatchObject({ kind: 'ended', status: 'failed' });
  expect(end).toHaveProperty('reason', expect.stringMatching(/^model_mismatch: .*line 2/));
  expect(await allOf(world.provider.collect(result.providerBatch))).toEqual([]);
  await world.close();
});

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A provider whose service is a function: each call is recorded and answered from the list, the last one for ever. */
function scripted(answers: readonly (() => Response)[], options: Partial<OpenAiOptions> = {}) {
  const calls: Call[] = [];
  const fakeFetch = async (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (url.protocol === 'data:') return new Response(null);
    const headers = Object.fromEntries(new Headers(init?.headers));
    calls.push({ method: init?.method ?? 'GET', path: url.pathname, query: url.search, headers });
    return (answers[Math.min(calls.length, answers.length) - 1] as () => Response)();
  };
  const provider = createOpenAiProvider({
    apiKey: KEY,
    baseUrl: 'http://127.0.0.1:1/v1',
    fetch: fakeFetch as typeof fetch,
    backoffMs: 0,
    ...options,
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
    for await (const answer of provider.batches.collect('batch_1')) answers.push(answer);
    expect(answers).toEqual([
      { kind: 'text', customId: 'a', text: 'yes', usage: { input: 0, output: 0 }, model: 'm' },
    ]);
  });

  test('refuses to take a batch that counts answers, but shows no file, for an empty one', async () => {
    const counts = { total: 2, completed: 2, failed: 0 };
    const { provider } = scripted([json(batchOf({ output_file_id: null, request_counts: counts }))]);
    await expect(provider.batches.collect('batch_1')[Symbol.asyncIterator]().next()).rejects.toThrow(
      'no output file',
    );
  });

  test('names a full queue before other errors, and never when something was answered', async () => {
    const errors = {
      data: [
        { code: 'other', message: 'first', line: 1 },
        { code: 'token_limit_exceeded', message: 'Enqueued token limit reached', line: null },
      ],
    };
    const { provider } = scripted([json(batchOf({ status: 'failed', errors }))]);
    expect(await provider.batches.check('batch_1')).toEqual({
      kind: 'queue_full',
      why: 'token_limit_exceeded: Enqueued token limit reached, and 1 more',
    });
    const answered = { request_counts: { total: 2, completed: 1, failed: 0 } };
    const half = scripted([json(batchOf({ status: 'failed', errors, ...answered }))]);
    expect(await half.provider.batches.check('batch_1')).toMatchObject({ kind: 'ended', status: 'failed' });
  });

  test('tells a batch that failed for want of money from one whose requests are at fault', async () => {
    const spent = { code: 'billing_hard_limit_reached', message: 'Billing hard limit has been reached' };
    const errors = { data: [{ code: 'token_limit_exceeded', message: 'full' }, spent] };
    const failed = batchOf({ status: 'failed', errors });
    const { provider } = scripted([json(failed)]);
    expect(await provider.batches.check('batch_1')).toEqual({
      kind: 'blocked',
      why: 'billing_hard_limit_reached: Billing hard limit has been reached, and 1 more',
    });
    const half = scripted([json({ ...failed, output_file_id: 'file-2' })]);
    expect(await half.provider.batches.check('batch_1')).toMatchObject({ kind: 'ended', status: 'failed' });
    // It is over, so there is nothing left to cancel.
    const over = scripted([json({ error: { message: 'too late' } }, 409), json(failed)]);
    await over.provider.batches.cancel('batch_1');
  });

  test('says so when a batch failed without a reason, and goes on asking at an unknown status', async () => {
    const failed = scripted([json(batchOf({ status: 'failed', errors: null }))]);
    expect(await failed.provider.batches.check('batch_1')).toMatchObject({
      reason: 'failed: the provider gives no reason',
    });
    const novel = scripted([json(batchOf({ status: 'paused' }))]);
    expect(await novel.provider.batches.check('batch_1')).toEqual({
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
    expect(await provider.batches.submit(draftOf('k', [requestOf('k', 'a')]))).toEqual({
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
    expect(await provider.batches.find('k', at(1_700_000_000_000))).toEqual({
      kind: 'found',
      providerBatch: 'batch_1',
    });
  });

  test('is unsure about a batch that may be too new to be listed, and sure later', async () => {
    const empty = json({ object: 'list', data: [], has_more: false });
    expect(await scripted([empty]).provider.batches.find('k', at(Date.now()))).toMatchObject({
      kind: 'unsure',
    });
    expect(await scripted([empty]).provider.batches.find('k', at(Date.now() - 3_600_000))).toEqual({
      kind: 'absent',
    });
  });

  test('waits for the output file of answers that are counted, also when there is an error file', async () => {
    const counts = { total: 2, completed: 1, failed: 1 };
    const { provider, calls } = scripted([
      json(batchOf({ output_file_id: null, error_file_id: 'file-3', request_counts: counts })),
      json(batchOf({ output_file_id: 'file-2', error_file_id: 'file-3', request_counts: counts })),
      () => new Response(''),
    ]);
    expect(await allOf(provider.batches.collect('batch_1'))).toEqual([]);
    expect(calls.map((call) => call.path).slice(2)).toEqual([
      '/v1/files/file-2/content',
      '/v1/files/file-3/content',
    ]);
  });

  test('reads a file that only has errors, and one that is there twice once', async () => {
    const line = JSON.stringify({ custom_id: 'a', response: { status_code: 0, body: null }, error: null });
    const only = batchOf({ output_file_id: null, error_file_id: 'file-3' });
    const { provider } = scripted([json(only), () => new Response(`${line}\n`)]);
    expect(await allOf(provider.batches.collect('batch_1'))).toMatchObject([
      { kind: 'error', failure: 'transport', billed: 'unknown' },
    ]);
    const same = batchOf({ output_file_id: 'file-3', error_file_id: 'file-3' });
    const doubled = scripted([json(same), () => new Response(`${line}\n`)]);
    expect(await allOf(doubled.provider.batches.collect('batch_1'))).toHaveLength(1);
  });

  test('gives up on a file that is never seen without claiming doubt: nothing was created', async () => {
    const notSeen = { error: { message: 'Invalid file ID: cannot find file', code: null } };
    const { provider } = scripted([json({ id: 'file-1' }), json(notSeen, 400)]);
    expect(await provider.batches.submit(draftOf('k', [requestOf('k', 'a')]))).toMatchObject({
      kind: 'later',
    });
  });

  test('tells what refusals of a create mean', async () => {
    const refused = async (status: number, error: object) => {
      const { provider } = scripted([json({ id: 'file-1' }), json({ error }, status)]);
      const result = await provider.batches.submit(draftOf('k', [requestOf('k', 'a')]));
      return result.kind;
    };
    expect(await refused(400, { message: 'no', code: 'token_limit_exceeded' })).toBe('queue_full');
    expect(await refused(429, { message: 'Enqueued token limit reached for m' })).toBe('queue_full');
    expect(await refused(429, { message: 'slow down', code: 'rate_limit_exceeded' })).toBe('later');
    expect(await refused(429, { message: 'no', code: 'insufficient_quota' })).toBe('blocked');
    expect(await refused(429, { message: 'no', type: 'insufficient_quota' })).toBe('blocked');
    expect(await refused(400, { message: 'no', code: 'billing_hard_limit_reached' })).toBe('blocked');
    expect(await refused(402, { message: 'no' })).toBe('blocked');
    expect(await refused(302, { message: 'elsewhere' })).toBe('blocked');
    expect(await refused(408, { message: 'late' })).toBe('unsure');
    expect(await refused(409, { message: 'conflict' })).toBe('unsure');
    expect(await refused(422, { message: 'no' })).toBe('rejected');
  });

  test('drops its input file when certainly nothing was created, and keeps it in doubt', async () => {
    const dropped = async (
      answers: readonly (() => Response)[],
      changes: Partial<ReturnType<typeof draftOf>> = {},
    ) => {
      const { provider, calls } = scripted([json({ id: 'file-1' }), ...answers]);
      const result = await provider.batches.submit({ ...draftOf('k', [requestOf('k', 'a')]), ...changes });
      const deletes = calls.filter(({ method }) => method === 'DELETE').map(({ path }) => path);
      return [result.kind, ...deletes];
    };
    const limited = json({ error: { message: 'slow down', code: 'rate_limit_exceeded' } }, 429);
    const file = '/v1/files/file-1';
    expect(await dropped([limited, json({ id: 'file-1', deleted: true })])).toEqual(['later', file]);
    expect(await dropped([json({ error: { message: 'no' } }, 402)])).toEqual(['blocked', file]);
    const late = { mayCreate: async () => false };
    expect(await dropped([json({ deleted: true })], late)).toEqual(['later', file]);
    expect(await dropped([json({ error: { message: 'broken' } }, 502)])).toEqual(['unsure']);
    expect(await dropped([json(batchOf({}))])).toEqual(['submitted']);
  });

  test('looks further for its batch when the clocks of both sides are hours apart', async () => {
    const now = 1_700_000_000_000;
    const listed = (ids: readonly string[], ms: number, has_more: boolean) => {
      const of = (id: string) =>
        batchOf({ id, created_at: ms / 1000, metadata: { octobatch_batch: `key-${id}` } });
      return json({ object: 'list', data: ids.map(of), has_more });
    };
    const behind = now - 5 * 3_600_000;
    const { provider } = scripted([listed(['a', 'b'], behind, true), listed(['c'], behind, false)]);
    expect(await provider.batches.find('key-c', at(now))).toEqual({ kind: 'found', providerBatch: 'c' });
  });

  test('is unsure when a list goes in circles or is none', async () => {
    const page = json({
      object: 'list',
      data: [batchOf({ metadata: { octobatch_batch: 'x' } })],
      has_more: true,
    });
    expect(await scripted([page]).provider.batches.find('k', at(0))).toMatchObject({ kind: 'unsure' });
    for (const answer of [json({}), json({ data: [{}] }), () => new Response('<html>')]) {
      const { provider } = scripted([answer]);
      expect(await provider.batches.find('k', at(0))).toMatchObject({ kind: 'unsure' });
    }
  });

  test('asks again when a gateway answers with a page instead of a batch', async () => {
    const html = () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    const { provider } = scripted([html, json(batchOf({}))]);
    expect(await provider.batches.check('batch_1')).toMatchObject({ kind: 'ended' });
    expect(await scripted([html]).provider.batches.check('batch_1')).toMatchObject({ kind: 'later' });
  });

  test('sends exactly its own headers, to its own address, whatever the environment says', async () => {
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:2/elsewhere');
    vi.stubEnv('OPENAI_API_KEY', 'sk-other');
    vi.stubEnv('OPENAI_ADMIN_KEY', 'sk-admin');
    vi.stubEnv('OPENAI_ORG_ID', 'org-other');
    vi.stubEnv('OPENAI_PROJECT_ID', 'proj-other');
    vi.stubEnv('OPENAI_WEBHOOK_SECRET', 'whsec-other');
    vi.stubEnv('OPENAI_LOG', 'debug');
    vi.stubEnv(
      'OPENAI_CUSTOM_HEADERS',
      'X-Evil: yes\nAuthorization: Bearer evil\nAccept: evil\nUser-Agent: evil\nX-Client-Request-Id: evil\nContent-Type: evil',
    );
    const printed = ['debug', 'info', 'log', 'warn', 'error'].map((name) => vi.spyOn(console, name as 'log'));
    const { provider, calls } = scripted(
      [json({ id: 'file-1' }), json(batchOf({})), json({ error: { message: `bad key ${KEY}` } }, 401)],
      { headers: { 'api-key': 'azure-secret' } },
    );
    await provider.batches.submit(draftOf('k', [requestOf('k', 'a')]));
    const refused = await provider.realtime.ask(requestOf('k', 'a'), NEVER);
    expect(refused).toEqual({ kind: 'blocked', why: '401 bad key [key]' });
    expect(calls.map((call) => call.path)).toEqual(['/v1/files', '/v1/batches', '/v1/chat/completions']);
    const common = {
      accept: 'application/json',
      authorization: `Bearer ${KEY}`,
      'user-agent': 'octobatch-action',
      'api-key': 'azure-secret',
    };
    expect(calls.map((call) => call.headers)).toEqual([
      common,
      { ...common, 'content-type': 'application/json' },
      {
        ...common,
        'content-type': 'application/json',
        'x-client-request-id': requestOf('k', 'a').customId,
      },
    ]);
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  test('is not made with a key or a header that cannot be sent', () => {
    const make = (changes: object) => () => createOpenAiProvider({ apiKey: KEY, baseUrl: null, ...changes });
    expect(make({ apiKey: ' ' })).toThrow('without an API key');
    expect(make({ apiKey: 'sk-\u2019x' })).toThrow('cannot be sent');
    expect(make({ headers: { 'x-a': 'two\nlines' } })).toThrow('"x-a" cannot be sent');
    expect(make({ apiKey: `${KEY}\n` })).not.toThrow();
  });

  test('takes what is configured', async () => {
    const limits = { maxRequests: 100 };
    const { provider } = scripted([], { name: 'groq', limits, concurrency: 3, api: 'responses' });
    expect(provider.batches).toMatchObject({
      name: 'groq',
      limits: { maxRequests: 100, maxBytes: 209_715_200 },
    });
    expect(provider.realtime).toMatchObject({ name: 'groq', concurrency: 3 });
  });
});

describe('a single call', () => {
  const answered = (headers: Record<string, string>) => () =>
    Response.json({ model: 'm', choices: [{ message: { content: 'yes' } }] }, { headers });

  test('waits while the last answer said that nothing is left', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const { provider, calls } = scripted([
      answered({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m0.5s' }),
      answered({}),
    ]);
    await provider.realtime.ask(requestOf('k', 'a'), NEVER);
    const second = provider.realtime.ask(requestOf('k', 'b'), NEVER);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(calls).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    vi.useRealTimers();
    expect(await second).toMatchObject({ kind: 'answered' });
    expect(calls).toHaveLength(2);
  });

  test('whose answer has no message, or is an error in disguise, may have been billed', async () => {
    for (const body of [{}, { error: { message: 'no' } }, [], { choices: [] }]) {
      const { provider } = scripted([json(body)]);
      expect(await provider.realtime.ask(requestOf('k', 'a'), NEVER)).toMatchObject({
        kind: 'answered',
        answer: { kind: 'error', failure: 'transport', billed: 'unknown' },
      });
    }
  });

  test('whose answer breaks off in the middle is unanswered', async () => {
    const { provider } = scripted([
      () =>
        new Response(
          new ReadableStream({
            start(controller) {
              controller.enqueue(new TextEncoder().encode('{"model":'));
              controller.error(new Error('cut'));
            },
          }),
        ),
    ]);
    expect(await provider.realtime.ask(requestOf('k', 'a'), NEVER)).toMatchObject({ kind: 'unanswered' });
  });

  test('whose answer never ends is given up', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200);
      response.write('{');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const provider = createOpenAiProvider({ apiKey: KEY, baseUrl, callTimeoutMs: 200 });
    expect(await provider.realtime.ask(requestOf('k', 'a'), NEVER)).toEqual({
      kind: 'unanswered',
      why: 'no answer within 0.2 seconds',
    });
    server.closeAllConnections();
    server.close();
  });

  test('reads how long limits last', () => {
    const texts = ['6m0s', '1.5s', '20ms', '1h2m', '2', '1d', '7.66s', '2m59.56s'];
    expect(texts.map(durationOf)).toEqual([360e3, 1500, 20, 3720e3, 2000, 86_400e3, 7660, 179_560]);
    expect(['', 'soon', '-1s', null].map(durationOf)).toEqual([null, null, null, null]);
  });
});

describe('the health of a key and a model', () => {
  const health = async (answer: () => Response, options: Partial<OpenAiOptions> = {}) =>
    await scripted([answer], options).provider.health('gpt-9');
  const failed = (status: number, error: object) => json({ error }, status);

  test('is ok when the service describes the model', async () => {
    const { provider, calls } = scripted([json({ id: 'gpt-9', object: 'model' })]);
    expect(await provider.health('gpt-9')).toEqual({ kind: 'ok' });
    expect(calls).toMatchObject([{ method: 'GET', path: '/v1/models/gpt-9' }]);
  });

  test('names the key when it is refused, or spent', async () => {
    expect(await health(failed(401, { message: `Incorrect API key provided: ${KEY}` }))).toEqual({
      kind: 'unusable',
      why: '401 Incorrect API key provided: [key]',
      fix: 'Set OPENAI_API_KEY to a key that this service accepts and whose account can pay.',
    });
    const spent = failed(429, { message: 'no', code: 'insufficient_quota' });
    expect(await health(spent, { keyName: 'GROQ_KEY' })).toMatchObject({
      kind: 'unusable',
      fix: expect.stringContaining('GROQ_KEY'),
    });
  });

  test('names the model when it is not known', async () => {
    const unknown = failed(404, { message: "The model 'gpt-9' does not exist", code: 'model_not_found' });
    expect(await health(unknown)).toMatchObject({
      kind: 'unusable',
      why: 'the model "gpt-9" is not known to openai',
    });
    // Azure lists models, and requests name deployments.
    expect(await health(unknown, { baseUrl: 'https://x.openai.azure.com/openai/v1' })).toMatchObject({
      kind: 'unsure',
    });
  });

  test('is not sure when the service cannot say', async () => {
    expect(await health(() => new Response('not here', { status: 404 }))).toMatchObject({ kind: 'unsure' });
    expect(await health(failed(503, { message: 'later' }))).toMatchObject({ kind: 'unsure' });
    expect(await health(failed(403, { message: 'Missing scopes: model.read' }))).toMatchObject({
      kind: 'unsure',
    });
    expect(await health(() => new Response('<html>'))).toMatchObject({ kind: 'unsure' });
    expect(
      await health(() => {
        throw new TypeError('fetch failed');
      }),
    ).toMatchObject({ kind: 'unsure' });
  });
});
