// The simulator's Anthropic protocol, asked by plain fetch as a foreign client would.
import { expect, test } from 'vitest';
import { HOUR, timePasses } from '../passing-time.ts';
import { clientOf, contextOf, customIdOf, started, temporaryDirectory } from './world.ts';

const VERSION = { 'anthropic-version': '2026-10-21' };
const HEADERS = { 'x-api-key': 'any', ...VERSION };

/** An object of the protocol as far as the tests look into it. */
interface Thing {
  readonly id: string;
  readonly type: string;
  readonly processing_status: string;
  readonly request_counts: Record<string, number>;
  readonly results_url: string | null;
  readonly cancel_initiated_at: string | null;
  readonly ended_at: string | null;
  readonly data: Thing[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly stop_reason: string;
  readonly content: { type: string; text: string }[];
  readonly usage: Record<string, number>;
  readonly error: { type: string; message: string; details?: { error_code: string } };
}

interface Row {
  readonly custom_id: string;
  readonly result: { type: string; message?: Thing; error?: Thing };
}

async function open(options: object = {}) {
  const simulator = await started({ directory: await temporaryDirectory(), ...options });
  const root = `${simulator.url}/anthropic`;
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = HEADERS,
  ) =>
    await fetch(path.startsWith('http') ? path : `${root}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await call(method, path, body);
    return { status: response.status, headers: response.headers, thing: (await response.json()) as Thing };
  };
  const create = async (...requests: readonly object[]) =>
    (await ask('POST', '/v1/messages/batches', { requests })).thing;
  const client = {
    root,
    call,
    ask,
    create,
    register: clientOf(simulator.url).register,
    mishap: (mishap: object) => call('POST', `${simulator.url}/_octobatch/mishaps`, mishap),
    async ended(id: string): Promise<Thing> {
      for (;;) {
        const { thing } = await ask('GET', `/v1/messages/batches/${id}`);
        if (thing.processing_status === 'ended') return thing;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async rows(batch: Thing): Promise<Row[]> {
      const text = await (await call('GET', batch.results_url ?? '')).text();
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row);
    },
  };
  return client;
}

const paramsOf = (changes: object = {}) => ({
  model: 'm',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Tell.' }],
  ...changes,
});
const requestOf = (customId: string, changes: object = {}) => ({
  custom_id: customId,
  params: paramsOf(changes),
});

test('a batch is created, runs without telling how far it is, and ends with its rows', async () => {
  const client = await open({ latency: { minMs: HOUR, maxMs: HOUR } });
  const ids = [0, 1, 2].map((index) => customIdOf(1, index));
  await client.register(ids.map((id) => contextOf(id)));
  const created = await client.create(...ids.map((id) => requestOf(id)));
  const none = { succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  expect(created).toMatchObject({
    type: 'message_batch',
    processing_status: 'in_progress',
    request_counts: { processing: 3, ...none },
    ended_at: null,
    cancel_initiated_at: null,
    results_url: null,
  });
  expect(created.id).toMatch(/^msgbatch_[0-9a-f]{32}$/);
  timePasses(HOUR);
  const batch = await client.ended(created.id);
  expect(batch).toMatchObject({
    request_counts: { ...none, processing: 0, succeeded: 3 },
    results_url: `${client.root}/v1/messages/batches/${created.id}/results`,
    ended_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  const rows = await client.rows(batch);
  expect(rows.map((row) => row.custom_id).sort()).toEqual(ids);
  const message = rows.find((row) => row.custom_id === ids[0])?.result.message;
  expect(message).toMatchObject({ type: 'message', model: 'm', stop_reason: 'end_turn' });
  expect(JSON.parse(message?.content[0]?.text ?? '')).toMatchObject({ who: `unit ${ids[0]}` });
});

test('results of a batch that runs are not there', async () => {
  const client = await open({ latency: { minMs: HOUR, maxMs: HOUR } });
  const { id } = await client.create(requestOf('a'));
  expect(await client.ask('GET', `/v1/messages/batches/${id}/results`)).toMatchObject({ status: 404 });
});

test('a cancelled batch passes through canceling and names what was not run', async () => {
  const client = await open({ latency: { minMs: HOUR, maxMs: HOUR } });
  const created = await client.create(...Array.from({ length: 50 }, (_, index) => requestOf(`r-${index}`)));
  const { thing } = await client.ask('POST', `/v1/messages/batches/${created.id}/cancel`);
  expect(thing).toMatchObject({ processing_status: 'canceling', cancel_initiated_at: expect.any(String) });
  timePasses(HOUR);
  const batch = await client.ended(created.id);
  const { succeeded = 0, canceled = 0 } = batch.request_counts;
  expect(succeeded + canceled).toBe(50);
  expect(canceled).toBeGreaterThan(0);
  const rows = await client.rows(batch);
  expect(rows.filter((row) => row.result.type === 'canceled')).toHaveLength(canceled);
  const again = await client.ask('POST', `/v1/messages/batches/${created.id}/cancel`);
  expect(again).toMatchObject({ status: 400, thing: { error: { type: 'invalid_request_error' } } });
});

test('an expired batch, and one that failed, end with rows that say so', async () => {
  const expiring = await open({ latency: { minMs: HOUR, maxMs: HOUR }, lifetimeMs: HOUR / 2 });
  const { id } = await expiring.create(requestOf('a'));
  timePasses(HOUR);
  const expired = await expiring.ended(id);
  expect(expired.request_counts).toMatchObject({ expired: 1, succeeded: 0 });
  expect(await expiring.rows(expired)).toEqual([{ custom_id: 'a', result: { type: 'expired' } }]);

  const failing = await open();
  await failing.mishap({ kind: 'fail_batch', code: 'some_reason' });
  const failed = await failing.ended((await failing.create(requestOf('a'))).id);
  expect(failed.request_counts).toMatchObject({ errored: 1 });
  expect(await failing.rows(failed)).toMatchObject([
    { custom_id: 'a', result: { type: 'errored', error: { type: 'error', error: { type: 'api_error' } } } },
  ]);
});

test('missing rows count as successes all the same', async () => {
  const client = await open({ faults: { missing: 1 } });
  const batch = await client.ended((await client.create(requestOf('a'), requestOf('b'))).id);
  expect(batch.request_counts).toMatchObject({ succeeded: 2 });
  expect(await client.rows(batch)).toEqual([]);
});

test('lists show the newest first and go both ways', async () => {
  const client = await open();
  const ids: string[] = [];
  for (let index = 0; index < 5; index++) {
    ids.unshift((await client.create(requestOf('a'))).id);
    // Those of one millisecond are in no order.
    timePasses(1);
  }
  const list = async (query: string) => {
    const { thing } = await client.ask('GET', `/v1/messages/batches?${query}`);
    return {
      ids: thing.data.map((one) => one.id),
      more: thing.has_more,
      first: thing.first_id,
      last: thing.last_id,
    };
  };
  expect(await list('')).toEqual({ ids, more: false, first: ids[0], last: ids[4] });
  expect(await list('limit=2')).toMatchObject({ ids: ids.slice(0, 2), more: true });
  expect(await list(`limit=2&after_id=${ids[1]}`)).toMatchObject({ ids: ids.slice(2, 4), more: true });
  expect(await list(`limit=2&after_id=${ids[3]}`)).toMatchObject({ ids: ids.slice(4), more: false });
  expect(await list(`limit=2&before_id=${ids[3]}`)).toMatchObject({ ids: ids.slice(1, 3), more: true });
  expect(await list(`limit=3&before_id=${ids[2]}`)).toMatchObject({ ids: ids.slice(0, 2), more: false });
  for (const query of [
    'limit=0',
    'limit=1001',
    'limit=x',
    'after_id=nobody',
    `after_id=${ids[0]}&before_id=${ids[1]}`,
  ]) {
    expect(await client.ask('GET', `/v1/messages/batches?${query}`)).toMatchObject({ status: 400 });
  }
});

test.each([
  ['no requests', {}, 'requests: Field required'],
  ['an empty list', { requests: [] }, 'at least 1 item'],
  ['a bad custom id', { requests: [requestOf('a b')] }, 'requests.0.custom_id'],
  ['a long custom id', { requests: [requestOf('a'.repeat(65))] }, 'requests.0.custom_id'],
  ['a custom id twice', { requests: [requestOf('a'), requestOf('a')] }, 'requests.1.custom_id'],
  ['no parameters', { requests: [{ custom_id: 'a' }] }, 'requests.0.params'],
  ['a list', [], 'requests: Field required'],
])('a create with %s is refused', async (_, body, message) => {
  const client = await open();
  expect(await client.ask('POST', '/v1/messages/batches', body)).toMatchObject({
    status: 400,
    thing: {
      type: 'error',
      error: { type: 'invalid_request_error', message: expect.stringContaining(message) },
    },
  });
});

test('a key and a known version are asked for', async () => {
  const client = await open();
  const status = async (headers: Record<string, string>) =>
    (await client.call('GET', '/v1/messages/batches', undefined, headers)).status;
  expect(await status(HEADERS)).toBe(200);
  expect(await status({ authorization: 'Bearer any', ...VERSION })).toBe(200);
  expect(await status(VERSION)).toBe(401);
  expect(await status({ 'x-api-key': 'bad-key', ...VERSION })).toBe(401);
  expect(await status({ authorization: 'Bearer bad-key', ...VERSION })).toBe(401);
  expect(await status({ 'x-api-key': 'any' })).toBe(400);
  expect(await status({ 'x-api-key': 'any', 'anthropic-version': '1' })).toBe(400);
});

test('a message is answered from the context its header names, and is checked', async () => {
  const client = await open({ cached: 0.5 });
  const id = customIdOf(2, 7);
  await client.register([contextOf(id)]);
  const response = await client.call('POST', '/v1/messages', paramsOf({ system: 'Be brief.' }), {
    ...HEADERS,
    'x-client-request-id': id,
  });
  const message = (await response.json()) as Thing;
  expect(JSON.parse(message.content[0]?.text ?? '')).toMatchObject({ who: `unit ${id}` });
  const { input_tokens = 0, cache_read_input_tokens = 0 } = message.usage;
  // "Be brief.\nTell." is 15 bytes: 4 tokens, half of them cached.
  expect([input_tokens, cache_read_input_tokens]).toEqual([2, 2]);
  const cut = (await client.ask('POST', '/v1/messages', paramsOf({ max_tokens: 1 }))).thing;
  expect(cut).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 1 } });
  for (const changes of [
    { max_tokens: 0 },
    { max_tokens: undefined },
    { model: 5 },
    { messages: 'x' },
    { stream: true },
  ]) {
    expect(await client.ask('POST', '/v1/messages', paramsOf(changes))).toMatchObject({ status: 400 });
  }
});

test('a message follows the schema of its output format', async () => {
  const client = await open();
  const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] };
  const output_config = { format: { type: 'json_schema', schema } };
  const { thing } = await client.ask('POST', '/v1/messages', paramsOf({ output_config }));
  expect(JSON.parse(thing.content[0]?.text ?? '')).toEqual({ n: expect.any(Number) });
});

test('a refused request stops with a refusal', async () => {
  const client = await open({ faults: { refused: 1 } });
  expect(await client.ask('POST', '/v1/messages', paramsOf())).toMatchObject({
    status: 200,
    thing: { stop_reason: 'refusal' },
  });
});

test('models are known, but for one', async () => {
  const client = await open();
  expect(await client.ask('GET', '/v1/models/claude-x')).toMatchObject({
    thing: { id: 'claude-x', type: 'model' },
  });
  expect(await client.ask('GET', '/v1/models/unknown-model')).toMatchObject({
    status: 404,
    thing: { error: { type: 'not_found_error' } },
  });
});

test('every no has the protocol’s own type', async () => {
  const client = await open();
  const no = async (mishap: object) => {
    await client.mishap({ call: 'create', ...mishap });
    const { status, headers, thing } = await client.ask('POST', '/v1/messages/batches', {
      requests: [requestOf('a')],
    });
    return [status, thing.error.type, thing.error.details?.error_code ?? null, headers.get('retry-after')];
  };
  expect(await no({ kind: 'rate_limit', retryAfterMs: 1500 })).toEqual([429, 'rate_limit_error', null, '2']);
  expect(await no({ kind: 'queue_full' })).toEqual([429, 'rate_limit_error', null, null]);
  expect(await no({ kind: 'spend_limit' })).toEqual([
    429,
    'rate_limit_error',
    'enforced_spend_limit_reached',
    null,
  ]);
  expect(await no({ kind: 'overloaded' })).toEqual([529, 'overloaded_error', null, null]);
  expect(await no({ kind: 'fail', status: 403 })).toEqual([403, 'permission_error', null, null]);
  expect(await no({ kind: 'fail', status: 504 })).toEqual([504, 'api_error', null, null]);
  expect((await client.ask('GET', '/v1/nothing')).status).toBe(404);
  expect((await client.ask('GET', '/v1/messages/batches/nobody')).status).toBe(404);
});
