// Mishaps: what happens to which call, how often, and that a scenario's happen once however many processes serve.
import { describe, expect, test } from 'vitest';
import { HOUR, timePasses } from '../passing-time.ts';
import { clientOf, customIdOf, inputLine, started, temporaryDirectory } from './world.ts';

type Client = ReturnType<typeof clientOf>;

async function opened(settings: object = {}): Promise<Client> {
  return clientOf((await started({ directory: await temporaryDirectory(), ...settings })).url);
}

async function mishap(client: Client, what: object): Promise<Response> {
  return await client.call('POST', '/_octobatch/mishaps', JSON.stringify(what));
}

/** Creates a batch of one request; the response as it came. */
async function tryCreate(client: Client, request = 1, model = 'm'): Promise<Response> {
  const file = await client.upload(inputLine(customIdOf(1, request), { model }));
  const body = { input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' };
  return await client.call('POST', '/v1/batches', JSON.stringify(body));
}

const batches = async (client: Client) => (await client.get('/v1/batches')).data;

describe('a mishap at the creation of a batch', () => {
  test.each([
    [{ kind: 'rate_limit', retryAfterMs: 1500 }, 429, 'rate_limit_exceeded'],
    [{ kind: 'spend_limit' }, 429, 'insufficient_quota'],
    [{ kind: 'overloaded' }, 503, null],
    [{ kind: 'fail', call: 'create', status: 418, code: 'teapot' }, 418, 'teapot'],
    [{ kind: 'fail', method: 'POST', path: '/v1/batches', status: 500 }, 500, null],
  ])('%o is a no, and nothing was created', async (what, status, code) => {
    const client = await opened();
    expect((await mishap(client, what)).status).toBe(200);
    const response = await tryCreate(client);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(response.headers.get('retry-after')).toBe('retryAfterMs' in what ? '2' : null);
    expect(await batches(client)).toEqual([]);
    expect((await tryCreate(client)).status).toBe(200);
  });

  test('may lose the answer, or answer 503, with the batch created', async () => {
    const client = await opened();
    await mishap(client, { kind: 'lose_create_answer' });
    await expect(tryCreate(client)).rejects.toThrow();
    await mishap(client, { kind: 'create_5xx_after' });
    expect((await tryCreate(client, 2)).status).toBe(503);
    expect(await batches(client)).toHaveLength(2);
  });

  test('may hide the batch for a time', async () => {
    const client = await opened();
    await mishap(client, { kind: 'late_visibility', ms: HOUR });
    const { id } = (await (await tryCreate(client)).json()) as { id: string };
    expect(await batches(client)).toEqual([]);
    expect((await client.call('GET', `/v1/batches/${id}`)).status).toBe(404);
    timePasses(HOUR);
    expect(await client.get(`/v1/batches/${id}`)).toMatchObject({ status: 'completed' });
  });

  test('may delay the output after the end', async () => {
    const client = await opened();
    await mishap(client, { kind: 'late_file', ms: HOUR });
    const { id } = (await (await tryCreate(client)).json()) as { id: string };
    const early = await client.get(`/v1/batches/${id}`);
    expect(early).toMatchObject({ status: 'completed', request_counts: { completed: 1 } });
    expect(early.output_file_id).toBeUndefined();
    timePasses(HOUR);
    expect((await client.get(`/v1/batches/${id}`)).output_file_id).toMatch(/^file-output-/);
  });

  test.each([
    [{ kind: 'queue_full' }, [{ code: 'token_limit_exceeded', line: null }]],
    [{ kind: 'fail_batch', code: 'odd' }, [{ code: 'odd', line: null }]],
    [{ kind: 'fail_batch' }, undefined],
  ])('%o makes the batch fail', async (what, errors) => {
    const client = await opened();
    await mishap(client, what);
    const { id } = (await (await tryCreate(client)).json()) as { id: string };
    const batch = await client.ended(id);
    expect(batch.status).toBe('failed');
    if (errors === undefined) expect(batch.errors).toBeUndefined();
    else expect(batch.errors?.data).toMatchObject(errors);
    expect(await client.get('/_octobatch/bill')).toMatchObject({ totals: [] });
  });

  test('may make it take longer', async () => {
    const client = await opened();
    await mishap(client, { kind: 'stuck', ms: 2 * HOUR });
    const { id } = (await (await tryCreate(client)).json()) as { id: string };
    expect((await client.get(`/v1/batches/${id}`)).status).toBe('validating');
    timePasses(HOUR);
    expect((await client.get(`/v1/batches/${id}`)).status).toBe('in_progress');
  });
});

test('a queue with a limit is full for its model until its batches end', async () => {
  const client = await opened({ latency: { minMs: 10 * HOUR, maxMs: 10 * HOUR } });
  await client.call('PUT', '/_octobatch/settings', '{"queueTokens":20}');
  const statusAfter = async (hours: number, request: number, model?: string) => {
    const { id } = (await (await tryCreate(client, request, model)).json()) as { id: string };
    timePasses(hours * HOUR);
    return (await client.ended(id)).status;
  };
  await tryCreate(client, 1);
  expect(await statusAfter(1, 2)).toBe('failed');
  expect(await statusAfter(10, 3, 'other')).toBe('completed');
  expect(await statusAfter(10, 4)).toBe('completed');
});

test('a call hangs until the client gives up', async () => {
  const directory = await temporaryDirectory();
  const { url } = await started({ directory });
  await mishap(clientOf(url), { kind: 'hang', call: 'list' });
  const patience = new AbortController();
  const ask = () =>
    fetch(`${url}/v1/batches`, { headers: { authorization: 'Bearer x' }, signal: patience.signal });
  // It happens to the one that comes first; that the other is answered tells that it has come.
  const calls = [ask(), ask()];
  expect((await Promise.race(calls)).status).toBe(200);
  patience.abort();
  const ends = (await Promise.allSettled(calls)).map(({ status }) => status);
  expect(ends.sort()).toEqual(['fulfilled', 'rejected']);
  expect(await batches(clientOf(url))).toEqual([]);
});

test('an answer may bear more headers', async () => {
  const client = await opened();
  await mishap(client, { kind: 'headers', call: 'list', headers: { 'X-RateLimit-Remaining-Requests': 0 } });
  const response = await client.call('GET', '/v1/batches');
  expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('0');
  expect((await client.call('GET', '/v1/batches')).headers.has('x-ratelimit-remaining-requests')).toBe(false);
});

test.each([
  [{ kind: 'earthquake' }, 'kind is one of fail, hang'],
  [{ kind: 'stuck' }, 'needs ms'],
  [{ kind: 'stuck', ms: 1, call: 'ask' }, 'stuck happens at create, not at ask'],
  [{ kind: 'hang', tiems: 2 }, 'a mishap has no "tiems"'],
  [{ kind: 'fail', status: 500, call: 'nap' }, 'call is one of upload'],
])('%o is no mishap', async (what, said) => {
  const response = await mishap(await opened(), what);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { error: { message: string } }).error.message).toContain(said);
});

describe('a scenario', () => {
  const scenario = {
    mishaps: [
      { at: { call: 'create', nth: 2 }, do: { kind: 'overloaded', times: 2 } },
      { at: { call: 'list', nth: 1, protocol: 'openai' }, do: { kind: 'fail', status: 500 } },
      { at: { call: 'list', nth: 1, protocol: 'gemini' }, do: { kind: 'fail', status: 501 } },
    ],
  };

  test('happens to the nth call of the directory, whichever process is asked', async () => {
    const directory = await temporaryDirectory();
    const a = clientOf((await started({ directory, scenario })).url);
    const b = clientOf((await started({ directory })).url);
    const statuses: number[] = [];
    for (const client of [a, b, b, a, b]) statuses.push((await tryCreate(client)).status);
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
    expect((await b.call('GET', '/v1/batches')).status).toBe(500);
    expect((await a.call('GET', '/v1/batches')).status).toBe(200);
  });

  test('happens once, also when the calls come together and when it is started again', async () => {
    const directory = await temporaryDirectory();
    const clients = [
      clientOf((await started({ directory, scenario })).url),
      clientOf((await started({ directory, scenario })).url),
    ];
    const together = Array.from({ length: 12 }, (_, index) => tryCreate(clients[index % 2] as Client, index));
    const failed = (await Promise.all(together)).filter((response) => response.status === 503);
    expect(failed).toHaveLength(2);
    const again = clientOf((await started({ directory, scenario })).url);
    expect((await tryCreate(again)).status).toBe(200);
  });

  test('that cannot be read is refused, and nothing starts', async () => {
    const directory = await temporaryDirectory();
    const broken = { mishaps: [{ at: { call: 'ask' }, do: 'queue_full' }] };
    await expect(started({ directory, scenario: broken })).rejects.toThrow('queue_full happens at create');
  });
});
