// Single calls over OpenAI's protocol: answers, faults, and what the bill and the witness know of them.
import { describe, expect, test } from 'vitest';
import { clientOf, contextOf, customIdOf, inputLine, started, temporaryDirectory } from './world.ts';

type Client = ReturnType<typeof clientOf> & { readonly url: string };

async function opened(settings: object = {}): Promise<Client> {
  const { url } = await started({
    directory: await temporaryDirectory(),
    callLatency: { minMs: 0, maxMs: 0 },
    ...settings,
  });
  return { ...clientOf(url), url };
}

const CHAT = { model: 'm', messages: [{ role: 'user', content: 'About it.' }] };
const RESPONSE = { model: 'm', instructions: 'Be brief.', input: [{ role: 'user', content: 'About it.' }] };

async function ask(client: Client, customId: string, body: object = CHAT): Promise<Response> {
  const path = 'messages' in body ? '/v1/chat/completions' : '/v1/responses';
  return await fetch(`${client.url}${path}`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer any',
      'content-type': 'application/json',
      'x-client-request-id': customId,
    },
    body: JSON.stringify(body),
  });
}

const bill = async (client: Client) =>
  (await client.get('/_octobatch/bill')) as unknown as {
    totals: { mode: string; requests: number; input: number; output: number; cost: number | null }[];
    cost: number | null;
    repeated: object[];
  };

describe('a call', () => {
  test('is answered as the same request is answered in a batch, by both of the APIs', async () => {
    const client = await opened();
    const ids = [customIdOf(1, 7), customIdOf(2, 7)] as const;
    await client.register(ids.map((id) => contextOf(id, { fields: '{"name":"x"}' })));
    const inBatch = (await client.ask([inputLine(ids[0])])).get(ids[0]);
    const chat = (await (await ask(client, ids[1])).json()) as {
      choices: { message: { content: string } }[];
    };
    expect(chat.choices[0]?.message.content).toBe(inBatch);
    expect(await (await ask(client, ids[1], RESPONSE)).json()).toMatchObject({
      object: 'response',
      status: 'completed',
      output: [{ type: 'message', content: [{ type: 'output_text', text: inBatch }] }],
    });
  });

  test('of a client that names no request is answered too, always the same', async () => {
    const client = await opened();
    const texts = await Promise.all(
      [1, 2].map(async () =>
        (await client.call('POST', '/v1/chat/completions', JSON.stringify(CHAT))).text(),
      ),
    );
    expect(texts[0]).toContain('simulated answer');
    const contentOf = (text = '') => (JSON.parse(text) as { choices: unknown }).choices;
    expect(contentOf(texts[1])).toEqual(contentOf(texts[0]));
  });

  test('says in both APIs that it was cut or refused', async () => {
    const cut = await opened({ faults: { truncated: 1 } });
    expect(await (await ask(cut, customIdOf(1, 1))).json()).toMatchObject({
      choices: [{ finish_reason: 'length' }],
    });
    expect(await (await ask(cut, customIdOf(1, 1), RESPONSE)).json()).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    const refused = await opened({ faults: { refused: 1 } });
    expect(await (await ask(refused, customIdOf(1, 1))).json()).toMatchObject({
      choices: [{ message: { content: null, refusal: expect.stringContaining('cannot help') } }],
    });
    expect(await (await ask(refused, customIdOf(1, 1), RESPONSE)).json()).toMatchObject({
      output: [{ content: [{ type: 'refusal', refusal: expect.stringContaining('cannot help') }] }],
    });
  });

  test('with a server error is answered when it is sent again, and billed once', async () => {
    const client = await opened({ faults: { errored: 1 } });
    expect((await ask(client, customIdOf(1, 1))).status).toBe(500);
    expect((await bill(client)).totals).toEqual([]);
    expect((await ask(client, customIdOf(1, 1))).status).toBe(200);
    expect((await bill(client)).totals).toMatchObject([{ requests: 1 }]);
  });

  test('that is refused for what it says is refused each time, for nothing', async () => {
    const client = await opened({ faults: { rejected: 1 } });
    for (let time = 0; time < 2; time++) expect((await ask(client, customIdOf(1, 1))).status).toBe(400);
    expect((await bill(client)).totals).toEqual([]);
  });

  test.each([{ faults: { missing: 1 } }, {}])('whose answer is lost is billed (%o)', async (settings) => {
    const client = await opened(settings);
    if (!('faults' in settings)) {
      await client.call('POST', '/_octobatch/mishaps', '{"kind":"lose_call_answer"}');
    }
    await expect(ask(client, customIdOf(1, 1))).rejects.toThrow();
    expect(await bill(client)).toMatchObject({ totals: [{ mode: 'realtime', requests: 1 }], repeated: [] });
  });

  test('may be answered with what is not JSON', async () => {
    const client = await opened({ faults: { damaged: 1 } });
    const response = await ask(client, customIdOf(1, 1));
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow();
  });

  test('that was answered twice is seen by the bill and the witness', async () => {
    const client = await opened();
    const id = customIdOf(1, 1);
    await client.ask([inputLine(id)]);
    expect(await client.get('/_octobatch/doubles')).toEqual([]);
    await ask(client, customIdOf(2, 1));
    await ask(client, customIdOf(3, 1));
    expect(await client.get('/_octobatch/doubles')).toHaveLength(3);
    expect((await bill(client)).repeated).toEqual([{ request: id.slice(9), times: 3 }]);
  });
});

test('the key bad-key and the model unknown-model are refused', async () => {
  const client = await opened();
  const get = async (path: string, key: string) =>
    await fetch(`${client.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  expect((await get('/v1/models/m', 'bad-key')).status).toBe(401);
  expect(await (await get('/v1/models/m', 'any')).json()).toMatchObject({ id: 'm', object: 'model' });
  const unknown = await get('/v1/models/unknown-model', 'any');
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ error: { code: 'model_not_found' } });
  expect((await ask(client, customIdOf(1, 1), { ...CHAT, model: 'unknown-model' })).status).toBe(404);
  expect((await ask(client, customIdOf(1, 1), { messages: [] })).status).toBe(400);
});

test('a batch may ask the responses API, line by line', async () => {
  const client = await opened();
  const id = customIdOf(1, 7);
  await client.register([contextOf(id)]);
  const line = { custom_id: id, method: 'POST', url: '/v1/responses', body: RESPONSE };
  const create = async (endpoint: string) => {
    const { id: file } = await client.upload(JSON.stringify(line));
    const body = { input_file_id: file, endpoint, completion_window: '24h' };
    const response = await client.call('POST', '/v1/batches', JSON.stringify(body));
    return await client.ended(((await response.json()) as { id: string }).id);
  };
  const batch = await create('/v1/responses');
  const [row = ''] = (await client.content(batch.output_file_id ?? '')).split('\n');
  const single = (await (await ask(client, customIdOf(2, 7), RESPONSE)).json()) as { object: string };
  expect(single.object).toBe('response');
  expect(JSON.parse(row)).toMatchObject({
    custom_id: id,
    response: { status_code: 200, body: { object: 'response', status: 'completed', model: 'm' } },
  });
  expect((await create('/v1/chat/completions')).errors?.data).toMatchObject([{ code: 'invalid_request' }]);
});
