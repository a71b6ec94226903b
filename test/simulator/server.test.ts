// The simulator over HTTP: the protocol, its durable state, several processes on one directory, the witness.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HOUR, timePasses } from '../passing-time.ts';
import { clientOf, contextOf, customIdOf, inputLine, started, temporaryDirectory } from './world.ts';

describe('the files of the simulator', () => {
  test('come back as they were sent, byte for byte', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    for (const text of ['', 'a', '\r\n--x\r\n'.repeat(5000), `${'é'.repeat(100_000)}\n`]) {
      const file = await client.upload(text, 'odd "name".jsonl');
      expect(file.bytes).toBe(Buffer.byteLength(text));
      expect(await client.content(file.id)).toBe(text);
      expect(await client.get(`/v1/files/${file.id}`)).toEqual(file);
      expect(file.filename).toBe('odd "name".jsonl');
    }
  });

  test('are listed in pages and gone when deleted', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.push((await client.upload(`file ${index}`)).id);
    const first = await client.get('/v1/files?purpose=batch&limit=3&order=asc');
    const second = await client.get(
      `/v1/files?purpose=batch&limit=3&order=asc&after=${first.data.at(-1)?.id}`,
    );
    expect(first.has_more).toBe(true);
    expect(second.has_more).toBe(false);
    expect([...first.data, ...second.data].map((file) => file.id).sort()).toEqual([...ids].sort());
    expect((await client.get('/v1/files?purpose=fine-tune')).data).toEqual([]);
    const deleted = await client.call('DELETE', `/v1/files/${ids[0]}`);
    expect(await deleted.json()).toEqual({ id: ids[0], object: 'file', deleted: true });
    expect((await client.call('GET', `/v1/files/${ids[0]}`)).status).toBe(404);
    expect((await client.get('/v1/files')).data).toHaveLength(4);
  });
});

describe('what the simulator refuses', () => {
  test('is refused in the shape of OpenAI errors', async () => {
    const { url } = await started({ directory: await temporaryDirectory() });
    const client = clientOf(url);
    const withoutKey = await fetch(`${url}/v1/batches`);
    expect(withoutKey.status).toBe(401);
    expect(await withoutKey.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
    expect((await client.call('GET', '/v1/nothing')).status).toBe(404);
    expect((await client.call('GET', '/v1/batches/..%2f..%2fsettings')).status).toBe(404);
    expect((await client.call('GET', '/v1/batches?limit=101')).status).toBe(400);
    expect((await client.call('POST', '/v1/files', '{}')).status).toBe(400);
    expect((await client.call('POST', '/v1/batches', 'not json')).status).toBe(400);
    const missing = await client.create('file-nobody');
    expect(missing.error.message).toContain("cannot find file 'file-nobody'");
    const file = await client.upload(inputLine('a'));
    expect((await client.create(file.id, { key: 'x'.repeat(600) })).error.message).toContain('metadata');
  });

  test.each([
    ['empty_file', '', null],
    ['empty_file', '\n\n', null],
    ['invalid_json_line', `${inputLine('a')}\n{"custom_id": `, 2],
    ['duplicate_custom_id', [inputLine('a'), inputLine('b'), inputLine('a')].join('\n'), 3],
    ['model_mismatch', [inputLine('a'), inputLine('b', { model: 'other' })].join('\n'), 2],
  ])('makes a batch fail with %s', async (code, text, line) => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    const batch = await client.ended((await client.create((await client.upload(text)).id)).id);
    expect(batch.status).toBe('failed');
    expect(batch.errors?.data).toMatchObject([{ code, line }]);
    expect(batch.output_file_id).toBeUndefined();
  });

  test('a fault or a setting that does not exist is named, and nothing changes', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    for (const settings of [
      '{"faults":{"broken":1}}',
      '{"faults":{"missing":2}}',
      '{"speed":1}',
      'x',
      '[]x',
    ]) {
      expect((await client.call('PUT', '/_octobatch/settings', settings)).status).toBe(400);
    }
    expect((await client.call('POST', '/_octobatch/mishaps', '{"kind":"earthquake"}')).status).toBe(400);
    expect((await client.register([{ customId: 'a' } as never])).status).toBe(400);
    expect(await client.get('/_octobatch/settings')).toMatchObject({ lifetimeMs: null });
  });
});

describe('answers', () => {
  const ids = (key: number) => Array.from({ length: 40 }, (_, index) => customIdOf(key, index));
  const hashOf = (customId: string) => customId.slice(9);

  test('do not depend on the batch, its size, its order or the server', async () => {
    const whole = clientOf((await started({ directory: await temporaryDirectory() })).url);
    await whole.register(ids(1).map((id) => contextOf(id, { fields: '{"name":"x"}' })));
    const first = await whole.ask(ids(1).map((id) => inputLine(id)));
    const parts = clientOf((await started({ directory: await temporaryDirectory(), seed: 'other' })).url);
    await parts.register(ids(2).map((id) => contextOf(id, { fields: '{"name":"x"}' })));
    const reversed = ids(2).reverse();
    const second = new Map([
      ...(await parts.ask(reversed.slice(0, 7).map((id) => inputLine(id)))),
      ...(await parts.ask(reversed.slice(7).map((id) => inputLine(id)))),
    ]);
    const byHash = (answers: Map<string, string>) =>
      new Map([...answers].map(([id, text]) => [hashOf(id), text]));
    expect(byHash(first).size).toBe(40);
    expect(new Map([...byHash(second)].sort())).toEqual(new Map([...byHash(first)].sort()));
    expect(new Set(first.values()).size).toBe(40);
  });

  test('differ with the seed', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    const [one, two] = [customIdOf(1, 7), customIdOf(2, 7)];
    await client.register([contextOf(one, { seed: '1', fields: '{"name":1}' })]);
    await client.register([contextOf(two, { seed: '2', fields: '{"name":1}' })]);
    const answers = await client.ask([inputLine(one), inputLine(two)]);
    expect(answers.get(one)).not.toBe(answers.get(two));
  });

  test('see the fields of the unit, and each expression those before it', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    const id = customIdOf(1, 1);
    const simulate = [
      { name: 'final_position', expr: 'position' },
      { name: 'outcome', expr: "'fell' if final_position <= 0 else 'reached'" },
      { name: 'share', expr: '10 / 5' },
    ];
    await client.register([contextOf(id, { fields: '{"position":-1}', simulate })]);
    const answers = await client.ask([inputLine(id)]);
    expect(answers.get(id)).toBe('{"final_position":-1,"outcome":"fell","share":2.0}');
  });

  test('come from the schema without simulate, echoing a field that fits', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    const [own, foreign] = [customIdOf(1, 1), 'a-foreign-client'];
    const schema = {
      type: 'object',
      required: ['mood', 'score', 'name'],
      properties: {
        mood: { enum: ['calm', 'cross'] },
        score: { type: 'integer', minimum: 1, maximum: 5 },
        name: {},
      },
    };
    await client.register([
      contextOf(own, {
        fields: '{"mood":"cross","score":9,"name":"Ann"}',
        simulate: null,
        schema: JSON.stringify(schema),
      }),
    ]);
    const format = { type: 'json_schema', json_schema: { name: 'x', schema } };
    const answers = await client.ask([
      inputLine(own),
      inputLine(foreign, { response_format: format }),
      inputLine('bare'),
    ]);
    const json = JSON.parse(answers.get(own) ?? '') as { mood: string; score: number; name: string };
    expect(json).toMatchObject({ mood: 'cross', name: 'Ann' });
    expect(json.score).toBeLessThanOrEqual(5);
    expect(Object.keys(JSON.parse(answers.get(foreign) ?? '') as object)).toEqual(['mood', 'score', 'name']);
    expect(answers.get('bare')).toContain('simulated answer');
  });

  test('of a context registered again stay what they were', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    const id = customIdOf(1, 1);
    await client.register([contextOf(id, { fields: '{"name":"first"}' })]);
    const before = await client.ask([inputLine(id)]);
    timePasses(1);
    await client.register([contextOf(id, { fields: '{"name":"second"}' })]);
    expect(await client.ask([inputLine(id)])).toEqual(before);
    expect(before.get(id)).toContain('first');
  });
});

describe('two servers on one directory', () => {
  test('show the same state, whoever was asked to change it', async () => {
    const directory = await temporaryDirectory();
    const [a, b] = [
      clientOf((await started({ directory })).url),
      clientOf((await started({ directory })).url),
    ];
    const id = customIdOf(1, 1);
    await a.register([contextOf(id)]);
    const file = await b.upload(inputLine(id));
    const batch = await a.create(file.id, { octobatch_batch: 'k' });
    const [fromA, fromB] = [await a.ended(batch.id), await b.ended(batch.id)];
    expect(fromB).toEqual(fromA);
    expect(await b.content(fromB.output_file_id ?? '')).toBe(await a.content(fromA.output_file_id ?? ''));
    expect((await a.get('/v1/batches')).data).toEqual((await b.get('/v1/batches')).data);
    await b.call('PUT', '/_octobatch/settings', '{"faults":{"missing":1}}');
    expect(await a.ask([inputLine(id)])).toEqual(new Map());
  });

  test('take requests at the same time without losing one', async () => {
    const directory = await temporaryDirectory();
    const clients = [
      clientOf((await started({ directory })).url),
      clientOf((await started({ directory })).url),
    ];
    const work = Array.from({ length: 20 }, async (_, index) => {
      const client = clients[index % 2];
      if (client === undefined) throw new Error('no client');
      const id = customIdOf(index, index);
      await client.register([contextOf(id)]);
      const file = await client.upload(inputLine(id));
      return (await client.create(file.id)).id;
    });
    const ids = await Promise.all(work);
    expect((await clients[0]?.get('/v1/batches?limit=100'))?.data.map((one) => one.id).sort()).toEqual(
      ids.sort(),
    );
    expect(await clients[1]?.get('/_octobatch/doubles')).toEqual([]);
  });
});

describe('a simulator that is killed', () => {
  /** Starts the compiled server in a process of its own. */
  async function spawned(directory: string): Promise<{ child: ChildProcess; url: string }> {
    const module = pathToFileURL(join(import.meta.dirname, '../../build/simulator/server.js')).href;
    const script = `
      import { startSimulator } from ${JSON.stringify(module)};
      const simulator = await startSimulator({ directory: process.argv[1], latency: { minMs: 0, maxMs: 0 } });
      process.send(simulator.url);`;
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, directory], {
      stdio: [...stdio],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`the simulator ended with code ${code} before it served`);
    });
    const [url] = (await Promise.race([once(child, 'message'), exited])) as [string];
    exited.catch(() => {});
    return { child, url };
  }

  test('at any moment leaves nothing half done, and the next one goes on', async () => {
    const directory = await temporaryDirectory();
    let created = 0;
    for (let round = 0; round < 4; round++) {
      const { child, url } = await spawned(directory);
      const client = clientOf(url);
      const flood = Array.from({ length: 30 }, async (_, index) => {
        const id = customIdOf(round, 100 * round + index);
        await client.register([contextOf(id)]);
        const file = await client.upload(inputLine(id));
        if ((await client.create(file.id)).id) created++;
      });
      await Promise.race([
        Promise.allSettled(flood),
        new Promise((resolve) => setTimeout(resolve, 20 + 25 * round)),
      ]);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await Promise.allSettled(flood);
    }
    const client = clientOf((await started({ directory })).url);
    const { data } = await client.get('/v1/batches?limit=100');
    expect(data.length).toBeGreaterThanOrEqual(Math.min(created, 100));
    for (const batch of data) {
      expect(batch).toMatchObject({
        status: 'completed',
        request_counts: { total: 1, completed: 1, failed: 0 },
      });
      expect(await client.content(batch.output_file_id ?? '')).toMatch(/"who/);
    }
    for (const file of (await client.get('/v1/files')).data) {
      expect(Buffer.byteLength(await client.content(file.id))).toBe(file.bytes);
    }
    expect(await client.get('/_octobatch/doubles')).toEqual([]);
    expect(await readdir(join(directory, 'batches'))).toHaveLength(
      (await (await client.call('GET', '/_octobatch/log')).text()).split('"event":"create"').length - 1,
    );
  });
});

describe('the witness', () => {
  test('tells of uploads, creates, polls and downloads', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    const id = customIdOf(3, 5);
    await client.ask([inputLine(id)]);
    const lines = (await (await client.call('GET', '/_octobatch/log')).text()).trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as { event: string; requests?: string[] });
    expect([...new Set(entries.map((entry) => entry.event))]).toEqual([
      'upload',
      'create',
      'poll',
      'download',
    ]);
    expect(entries[1]?.requests).toEqual([id.slice(9)]);
  });

  test('sees a request that is sent again while pending or after it was answered', async () => {
    const client = clientOf((await started({ directory: await temporaryDirectory() })).url);
    const file = await client.upload(inputLine(customIdOf(1, 5)));
    const again = await client.upload(inputLine(customIdOf(2, 5)));
    const [earlier, later] = [await client.create(file.id), await client.create(again.id)];
    expect(await client.get('/_octobatch/doubles')).toEqual([
      { request: customIdOf(1, 5).slice(9), earlier: earlier.id, later: later.id },
    ]);
  });

  test('lets a request be sent again that was never reached', async () => {
    const directory = await temporaryDirectory();
    const client = clientOf((await started({ directory, latency: { minMs: HOUR, maxMs: HOUR } })).url);
    const file = await client.upload(inputLine(customIdOf(1, 5)));
    const first = await client.create(file.id);
    await client.call('POST', `/v1/batches/${first.id}/cancel`);
    timePasses(100);
    await client.create(file.id);
    expect(await client.get('/_octobatch/doubles')).toEqual([]);
  });
});
