// Gemini's protocol as the simulator speaks it, to a foreign client: plain fetch, no SDK.
import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../src/simulator/server.ts';
import { HOUR, timePasses } from '../passing-time.ts';
import { contextOf, customIdOf, started, temporaryDirectory } from './world.ts';

/** An object of the service as far as the tests look into it. */
interface Shown {
  readonly name: string;
  readonly done?: boolean;
  readonly metadata: {
    readonly state: string;
    readonly displayName: string;
    readonly model: string;
    readonly endTime?: string;
    readonly batchStats: Readonly<Record<string, string>>;
    readonly output?: { readonly responsesFile: string };
  };
  readonly response?: { readonly responsesFile: string };
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly status: string;
    readonly details?: readonly Record<string, unknown>[];
  };
  readonly operations?: readonly Shown[];
  readonly files?: readonly Shown[];
  readonly nextPageToken?: string;
  readonly file: { readonly name: string; readonly sizeBytes: string; readonly mimeType: string };
}

function clientOf({ url }: Simulator, key: string | null = 'any') {
  const root = `${url}/gemini`;
  const headers = key === null ? {} : { 'x-goog-api-key': key };
  const call = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    await fetch(path.startsWith('http') ? path : `${root}${path}`, {
      method,
      headers: { ...headers, ...more },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const shown = async (method: string, path: string, body?: unknown) =>
    (await (await call(method, path, body)).json()) as Shown;
  const start = async (displayName = 'in.jsonl') =>
    await call(
      'POST',
      '/upload/v1beta/files',
      { file: { displayName } },
      {
        'x-goog-upload-protocol': 'resumable',
        'x-goog-upload-command': 'start',
        'x-goog-upload-header-content-type': 'application/jsonl',
      },
    );
  const chunk = async (address: string, text: string, command: string, offset: number) =>
    await call('POST', address, text, {
      'x-goog-upload-command': command,
      'x-goog-upload-offset': String(offset),
    });
  const client = {
    call,
    shown,
    start,
    chunk,
    async upload(text: string): Promise<Shown['file']> {
      const address = (await start()).headers.get('x-goog-upload-url') ?? '';
      return ((await (await chunk(address, text, 'upload, finalize', 0)).json()) as Shown).file;
    },
    async create(lines: readonly string[], displayName = 'mine', model = 'm'): Promise<Shown> {
      const { name: fileName } = await client.upload(lines.join('\n'));
      const batch = { displayName, inputConfig: { fileName } };
      return await shown('POST', `/v1beta/models/${model}:batchGenerateContent`, { batch });
    },
    async ended(name: string): Promise<Shown> {
      for (;;) {
        const found = await shown('GET', `/v1beta/${name}`);
        if (found.done === true) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async rows(batch: Shown, path = '/v1beta'): Promise<Record<string, unknown>[]> {
      const file = batch.metadata.output?.responsesFile ?? '';
      const text = await (await call('GET', `${path}/${file}:download?alt=media`)).text();
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
  };
  return client;
}

const line = (key: string, request: object = {}) =>
  JSON.stringify({ key, request: { contents: [{ role: 'user', parts: [{ text: 'Hello.' }] }], ...request } });
const simulator = async (options: object = {}) =>
  await started({ directory: await temporaryDirectory(), ...options });

describe('an upload', () => {
  test('comes in chunks at their offsets and is one file', async () => {
    const client = clientOf(await simulator());
    const begun = await client.start('walk.jsonl');
    expect(begun.headers.get('x-goog-upload-status')).toBe('active');
    const address = begun.headers.get('x-goog-upload-url') ?? '';
    const first = await client.chunk(address, `${line('a')}\n${line('b').slice(0, 9)}`, 'upload', 0);
    expect(first.headers.get('x-goog-upload-status')).toBe('active');
    const offset = line('a').length + 10;
    const wrong = await client.chunk(address, 'x', 'upload', 3);
    expect([wrong.status, (await client.chunk(address, 'x', 'query', offset)).status]).toEqual([400, 400]);
    const last = await client.chunk(address, line('b').slice(9), 'upload, finalize', offset);
    expect(last.headers.get('x-goog-upload-status')).toBe('final');
    const { file } = (await last.json()) as Shown;
    expect(file).toMatchObject({ displayName: 'walk.jsonl', mimeType: 'application/jsonl', state: 'ACTIVE' });
    expect(file.sizeBytes).toBe(String(line('a').length + 1 + line('b').length));
    expect(await client.shown('GET', `/v1beta/${file.name}`)).toMatchObject({ name: file.name });
    expect((await client.chunk(address, 'x', 'upload', 0)).status).toBe(404);
  });

  test('goes on at another process of the same directory', async () => {
    const directory = await temporaryDirectory();
    const [one, two] = [await started({ directory }), await started({ directory })];
    const address = (await clientOf(one).start()).headers.get('x-goog-upload-url') ?? '';
    await clientOf(one).chunk(address, 'abc', 'upload', 0);
    const moved = address.replace(one.url, two.url);
    const last = await clientOf(two).chunk(moved, 'def', 'upload, finalize', 3);
    expect(((await last.json()) as Shown).file.sizeBytes).toBe('6');
  });

  test('is listed by pages and gone when it is deleted', async () => {
    const client = clientOf(await simulator());
    const files = [await client.upload('a'), await client.upload('b'), await client.upload('c')];
    const page = await client.shown('GET', '/v1beta/files?pageSize=2');
    const rest = await client.shown('GET', `/v1beta/files?pageSize=2&pageToken=${page.nextPageToken}`);
    const listed = [...(page.files ?? []), ...(rest.files ?? [])].map(({ name }) => name);
    expect(listed.sort()).toEqual(files.map(({ name }) => name).sort());
    expect(rest.nextPageToken).toBeUndefined();
    expect((await client.call('DELETE', `/v1beta/${files[0]?.name}`)).status).toBe(200);
    expect((await client.call('GET', `/v1beta/${files[0]?.name}`)).status).toBe(403);
    expect((await client.call('GET', `/v1beta/${files[1]?.name}:download?alt=media`)).status).toBe(400);
  });
});

describe('a batch', () => {
  test('is an operation with its state, its counts as text, and rows under their keys', async () => {
    const running = await simulator({ latency: { minMs: HOUR, maxMs: HOUR } });
    const client = clientOf(running);
    const ids = [1, 2, 3].map((number) => customIdOf(1, number));
    const contexts = ids.map((id) => `${JSON.stringify(contextOf(id))}\n`).join('');
    await fetch(`${running.url}/_octobatch/contexts`, { method: 'POST', body: contexts });
    const created = await client.create(ids.map((id) => line(id)));
    expect(created).toMatchObject({
      name: expect.stringMatching(/^batches\/[a-z0-9]+$/),
      metadata: {
        state: expect.stringMatching(/^BATCH_STATE_(?:PENDING|RUNNING)$/),
        displayName: 'mine',
        model: 'models/m',
        batchStats: { requestCount: '3' },
      },
    });
    expect(created.done).toBeUndefined();
    timePasses(HOUR);
    const over = await client.ended(created.name);
    expect(over.metadata).toMatchObject({
      state: 'BATCH_STATE_SUCCEEDED',
      batchStats: { requestCount: '3', successfulRequestCount: '3' },
    });
    expect(over.response?.responsesFile).toBe(over.metadata.output?.responsesFile);
    for (const path of ['/v1beta', '/download/v1beta']) {
      const rows = await client.rows(over, path);
      expect(rows.map(({ key }) => key).sort()).toEqual(ids);
      expect(rows[0]).toMatchObject({
        response: {
          candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }],
          usageMetadata: { promptTokenCount: 2 },
          modelVersion: 'm',
        },
      });
    }
  });

  test('holds rows that failed, and those that were refused or cut say why they stopped', async () => {
    const rowsWith = async (fault: string) => {
      const client = clientOf(await simulator({ faults: { [fault]: 1 } }));
      const over = await client.ended((await client.create([line(customIdOf(1, 1))])).name);
      return { row: (await client.rows(over))[0], stats: over.metadata.batchStats };
    };
    expect(await rowsWith('errored')).toMatchObject({
      row: { error: { code: 13, status: 'INTERNAL' } },
      stats: { requestCount: '1', failedRequestCount: '1' },
    });
    expect(await rowsWith('rejected')).toMatchObject({ row: { error: { code: 3 } } });
    expect(await rowsWith('refused')).toMatchObject({
      row: { response: { candidates: [{ finishReason: 'SAFETY' }] } },
    });
    expect(await rowsWith('truncated')).toMatchObject({
      row: { response: { candidates: [{ finishReason: 'MAX_TOKENS' }] } },
    });
  });

  test('fails for lines that are no requests', async () => {
    const client = clientOf(await simulator());
    for (const lines of [['{'], ['{"key": 1}'], [JSON.stringify({ key: 'a' })], ['']]) {
      const over = await client.ended((await client.create(lines)).name);
      expect(over).toMatchObject({ metadata: { state: 'BATCH_STATE_FAILED' }, error: { code: 3 } });
    }
  });

  test('that expired has no results', async () => {
    const client = clientOf(await simulator({ latency: { minMs: HOUR, maxMs: HOUR }, lifetimeMs: HOUR / 2 }));
    const { name } = await client.create([line('a'), line('b')]);
    timePasses(HOUR);
    const over = await client.ended(name);
    expect(over.metadata.state).toBe('BATCH_STATE_EXPIRED');
    expect(over.metadata.output).toBeUndefined();
    const file = `/v1beta/files/batch-${over.name.slice('batches/'.length)}:download?alt=media`;
    expect((await client.call('GET', file)).status).toBe(404);
  });

  test('that is cancelled ends so, and once over cannot be cancelled', async () => {
    const client = clientOf(await simulator({ latency: { minMs: HOUR, maxMs: HOUR } }));
    const { name } = await client.create([line('a')]);
    expect((await client.call('POST', `/v1beta/${name}:cancel`, {})).status).toBe(200);
    timePasses(HOUR);
    expect((await client.ended(name)).metadata.state).toBe('BATCH_STATE_CANCELLED');
    expect((await client.shown('POST', `/v1beta/${name}:cancel`, {})).error.status).toBe(
      'FAILED_PRECONDITION',
    );
  });

  test('is listed by pages, the newest first, and only here', async () => {
    const running = await simulator();
    const client = clientOf(running);
    for (const name of ['one', 'two', 'three']) {
      await client.create([line('a')], name);
      // Those of one millisecond are in no order.
      timePasses(1);
    }
    const page = await client.shown('GET', '/v1beta/batches?pageSize=2');
    expect(page.operations?.map(({ metadata }) => metadata.displayName)).toEqual(['three', 'two']);
    const rest = await client.shown('GET', `/v1beta/batches?pageSize=2&pageToken=${page.nextPageToken}`);
    expect(rest.operations?.map(({ metadata }) => metadata.displayName)).toEqual(['one']);
    expect(rest.nextPageToken).toBeUndefined();
    expect((await client.call('GET', '/v1beta/batches?pageToken=nobody')).status).toBe(400);
    const others = await fetch(`${running.url}/v1/batches`, { headers: { authorization: 'Bearer any' } });
    expect(await others.json()).toMatchObject({ data: [] });
  });

  test('needs a name, a file that is there and a model that is known', async () => {
    const client = clientOf(await simulator());
    const create = async (batch: object, model = 'm') =>
      (await client.shown('POST', `/v1beta/models/${model}:batchGenerateContent`, { batch })).error;
    const { name: fileName } = await client.upload(line('a'));
    const inputConfig = { fileName };
    expect(await create({ inputConfig })).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(await create({ displayName: 'a', inputConfig: {} })).toMatchObject({ code: 400 });
    expect(await create({ displayName: 'a', inputConfig: { fileName: 'files/none' } })).toMatchObject({
      code: 403,
      message: expect.stringContaining('may not exist'),
    });
    expect(await create({ displayName: 'a', inputConfig }, 'unknown-model')).toMatchObject({ code: 404 });
    expect((await client.call('GET', '/v1beta/batches/none')).status).toBe(404);
  });
});

describe('a single call', () => {
  const ask = (client: ReturnType<typeof clientOf>, body: object, id?: string) =>
    client.call(
      'POST',
      '/v1beta/models/m:generateContent',
      body,
      id === undefined ? {} : { 'x-client-request-id': id },
    );
  const contents = [{ role: 'user', parts: [{ text: 'Hello.' }] }];

  test('is answered from its context, or from its schema', async () => {
    const running = await simulator();
    const client = clientOf(running);
    const id = customIdOf(1, 1);
    await fetch(`${running.url}/_octobatch/contexts`, {
      method: 'POST',
      body: `${JSON.stringify(contextOf(id))}\n`,
    });
    const textOf = async (response: Response) =>
      ((await response.json()) as { candidates: { content: { parts: { text: string }[] } }[] }).candidates[0]
        ?.content.parts[0]?.text ?? '';
    expect(JSON.parse(await textOf(await ask(client, { contents }, id)))).toMatchObject({
      who: `unit ${id}`,
    });
    const responseJsonSchema = {
      type: 'object',
      properties: { place: { type: 'integer' } },
      required: ['place'],
    };
    const generationConfig = { responseMimeType: 'application/json', responseJsonSchema };
    const answer = JSON.parse(await textOf(await ask(client, { contents, generationConfig }))) as object;
    expect(answer).toEqual({ place: expect.any(Number) });
  });

  test('without contents is refused', async () => {
    const response = await ask(clientOf(await simulator()), {});
    expect(response.status).toBe(400);
  });
});

describe('a no', () => {
  test('to a key comes as the service says it', async () => {
    const running = await simulator();
    const refused = await clientOf(running, 'bad-key').shown('GET', '/v1beta/models/m');
    expect(refused.error).toMatchObject({
      code: 400,
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
    });
    expect((await clientOf(running, null).call('GET', '/v1beta/models/m')).status).toBe(403);
    expect((await clientOf(running, null).call('GET', '/v1beta/models/m?key=any')).status).toBe(200);
  });

  test('to too much tells which quota, and when to come again', async () => {
    const running = await simulator();
    const client = clientOf(running);
    const refused = async (mishap: object) => {
      const body = JSON.stringify({ call: 'model', ...mishap });
      await fetch(`${running.url}/_octobatch/mishaps`, { method: 'POST', body });
      return (await client.shown('GET', '/v1beta/models/m')).error;
    };
    expect(await refused({ kind: 'rate_limit', retryAfterMs: 1500 })).toMatchObject({
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      details: [{ violations: [{ quotaId: expect.stringContaining('PerMinute') }] }, { retryDelay: '1.5s' }],
    });
    expect(await refused({ kind: 'fail', status: 429, code: 'RequestsPerDay' })).toMatchObject({
      details: [{ violations: [{ quotaId: 'RequestsPerDay' }] }],
    });
    expect(await refused({ kind: 'spend_limit' })).toMatchObject({
      message: expect.stringContaining('depleted'),
    });
    expect(await refused({ kind: 'overloaded' })).toMatchObject({ code: 503, status: 'UNAVAILABLE' });
    expect(await refused({ kind: 'fail', status: 504 })).toMatchObject({ code: 504 });
  });

  test('to a full queue says nothing but that', async () => {
    const client = clientOf(
      await simulator({ scenario: { queueTokens: 2 }, latency: { minMs: HOUR, maxMs: HOUR } }),
    );
    expect((await client.create([line('a')])).error).toBeUndefined();
    const full = await client.create([line('b')]);
    expect(full.error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(full.error.details).toBeUndefined();
  });

  test('to what does not exist is a 404', async () => {
    const client = clientOf(await simulator());
    for (const [method, path] of [
      ['GET', '/v1beta/models/unknown-model'],
      ['GET', '/v1/models/m'],
      ['POST', '/v1beta/models/m:countTokens'],
    ] as const) {
      expect((await client.call(method, path, method === 'POST' ? {} : undefined)).status).toBe(404);
    }
  });
});
