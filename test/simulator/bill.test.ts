// The bill of batches, and the rows that faults of the service make of them.
import { describe, expect, test } from 'vitest';
import type { FaultKind } from '../../src/simulator/faults.ts';
import { HOUR, timePasses } from '../passing-time.ts';
import { clientOf, contextOf, customIdOf, inputLine, started, temporaryDirectory } from './world.ts';

const ids = Array.from({ length: 20 }, (_, index) => customIdOf(1, index + 1));

async function opened(settings: object, directory?: string) {
  const { url } = await started({ directory: directory ?? (await temporaryDirectory()), ...settings });
  return clientOf(url);
}

interface Row {
  readonly custom_id: string;
  readonly response: { body: { choices: { message: { content: string } }[] } };
}

/** Runs a batch of twenty requests to its end: the lines of both of its files. */
async function run(client: ReturnType<typeof clientOf>): Promise<{ output: string[]; error: string[] }> {
  await client.register(ids.map((id) => contextOf(id)));
  const file = await client.upload(ids.map((id) => inputLine(id, { max_completion_tokens: 100 })).join('\n'));
  const batch = await client.ended((await client.create(file.id)).id);
  const linesOf = async (id: string | undefined) =>
    id === undefined ? [] : (await client.content(id)).trim().split('\n');
  return { output: await linesOf(batch.output_file_id), error: await linesOf(batch.error_file_id) };
}

const billOf = async (client: ReturnType<typeof clientOf>) =>
  (await client.get('/_octobatch/bill')) as unknown as {
    totals: { requests: number; input: number; output: number; cached: number; cost: number | null }[];
    cost: number | null;
    repeated: object[];
  };

describe('rows', () => {
  const outcome = async (fault: FaultKind) => {
    const client = await opened({ faults: { [fault]: 1 } });
    return { ...(await run(client)), bill: await billOf(client) };
  };

  test('of missing requests are nowhere, but on the bill', async () => {
    const { output, error, bill } = await outcome('missing');
    expect([output, error]).toEqual([[], []]);
    expect(bill.totals).toMatchObject([{ requests: 20 }]);
  });

  test('come twice, the same or contradicting, and are billed once', async () => {
    for (const fault of ['duplicate', 'contradicting'] as const) {
      const { output, bill } = await outcome(fault);
      const texts = new Map<string, Set<string>>();
      for (const line of output) {
        const row = JSON.parse(line) as Row;
        const seen = texts.get(row.custom_id) ?? new Set();
        texts.set(row.custom_id, seen.add(row.response.body.choices[0]?.message.content ?? ''));
      }
      expect(output).toHaveLength(40);
      expect([...texts.keys()].sort()).toEqual(ids);
      for (const seen of texts.values()) expect(seen.size).toBe(fault === 'duplicate' ? 1 : 2);
      expect(bill).toMatchObject({ totals: [{ requests: 20 }], repeated: [] });
    }
  });

  test('that nobody asked for come besides those that were', async () => {
    const { output, bill } = await outcome('unknown');
    const given = output.map((line) => (JSON.parse(line) as Row).custom_id);
    expect(given.filter((id) => ids.includes(id)).sort()).toEqual(ids);
    expect(given.filter((id) => !ids.includes(id))).toHaveLength(20);
    expect(bill.totals).toMatchObject([{ requests: 20 }]);
  });

  test('that are damaged are no JSON, and name their request all the same', async () => {
    const { output, bill } = await outcome('damaged');
    for (const line of output) expect(() => JSON.parse(line)).toThrow();
    expect(output.map((line) => /"custom_id":"([^"]+)"/.exec(line)?.[1]).sort()).toEqual(ids);
    expect(bill.totals).toMatchObject([{ requests: 20 }]);
  });

  test('of errors stand in the error file and cost nothing', async () => {
    for (const [fault, status] of [
      ['errored', 500],
      ['rejected', 400],
    ] as const) {
      const { output, error, bill } = await outcome(fault);
      expect(output).toEqual([]);
      expect(error).toHaveLength(20);
      expect(JSON.parse(error[0] ?? '')).toMatchObject({ response: { status_code: status } });
      expect(bill.totals).toEqual([]);
    }
  });

  test('of verbose answers reach the tokens allowed and mean the same', async () => {
    const plain = await run(await opened({}));
    const client = await opened({ faults: { verbose: 1 } });
    const padded = await run(client);
    const answers = (lines: readonly string[]) =>
      new Map(
        lines.map((line) => {
          const row = JSON.parse(line) as Row;
          return [row.custom_id, JSON.parse(row.response.body.choices[0]?.message.content ?? '') as unknown];
        }),
      );
    expect(new Map([...answers(padded.output)].sort())).toEqual(new Map([...answers(plain.output)].sort()));
    expect((await billOf(client)).totals).toMatchObject([{ requests: 20, output: 2000 }]);
  });

  test('are in another order than the requests, the same each time', async () => {
    const orders = await Promise.all(
      [1, 2].map(async () =>
        (await run(await opened({}))).output.map((line) => (JSON.parse(line) as Row).custom_id),
      ),
    );
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[0]).not.toEqual(ids);
    expect([...(orders[0] ?? [])].sort()).toEqual(ids);
  });
});

describe('the bill', () => {
  test('has what a cancelled batch answered before, and is the same in every process', async () => {
    const directory = await temporaryDirectory();
    const client = await opened({ latency: { minMs: HOUR, maxMs: HOUR } }, directory);
    const file = await client.upload(ids.map((id) => inputLine(id)).join('\n'));
    const { id } = await client.create(file.id);
    timePasses(HOUR / 2);
    await client.call('POST', `/v1/batches/${id}/cancel`);
    timePasses(HOUR);
    const ended = await client.ended(id);
    const done = ended.request_counts.completed;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(20);
    const bill = await billOf(client);
    expect(bill).toMatchObject({ totals: [{ requests: done }], repeated: [] });
    expect(await billOf(await opened({}, directory))).toEqual(bill);
    expect(await billOf(client)).toEqual(bill);
  });

  test('has what an expired batch answered before, though nobody looked at it', async () => {
    const client = await opened({ latency: { minMs: 2 * HOUR, maxMs: 2 * HOUR }, lifetimeMs: HOUR });
    const file = await client.upload(ids.map((id) => inputLine(id)).join('\n'));
    await client.create(file.id);
    expect((await billOf(client)).totals).toEqual([]);
    timePasses(HOUR);
    expect((await billOf(client)).totals).toMatchObject([{ requests: 10 }]);
  });

  test('knows the cost of models with a price, and the share of cached input', async () => {
    const client = await opened({});
    const settings = { cached: 0.5, prices: { m: { input: 2, output: 10 } } };
    await client.call('PUT', '/_octobatch/settings', JSON.stringify(settings));
    await run(client);
    const { totals, cost } = await billOf(client);
    const [total] = totals;
    expect(total?.cached).toBeGreaterThan(0);
    expect(cost).toBeCloseTo((0.5 * ((total?.input ?? 0) * 2 + (total?.output ?? 0) * 10)) / 1e6, 12);
    await client.call('PUT', '/_octobatch/settings', '{}');
    expect((await billOf(client)).cost).toBeNull();
  });
});

test('the bill, the witness and a scenario know calls of every protocol', async () => {
  const { url } = await started({
    directory: await temporaryDirectory(),
    scenario: { mishaps: [{ at: { call: 'ask', nth: 3 }, do: 'spend_limit' }] },
  });
  const id = customIdOf(1, 1);
  const prompt = [{ role: 'user', content: 'About it.' }];
  const calls = [
    ['/v1/chat/completions', { authorization: 'Bearer x' }, { model: 'm', messages: prompt }],
    [
      '/anthropic/v1/messages',
      { 'x-api-key': 'x', 'anthropic-version': '2026-10-21' },
      { model: 'm', max_tokens: 99, messages: prompt },
    ],
    [
      '/gemini/v1beta/models/m:generateContent',
      { 'x-goog-api-key': 'x' },
      { contents: [{ role: 'user', parts: [{ text: 'About it.' }] }] },
    ],
  ] as const;
  const ask = async ([path, headers, body]: (typeof calls)[number]) =>
    await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'x-client-request-id': id },
      body: JSON.stringify(body),
    });
  const statuses: number[] = [];
  for (const call of [...calls, ...calls]) statuses.push((await ask(call)).status);
  expect(statuses).toEqual([200, 200, 429, 200, 200, 200]);
  const client = clientOf(url);
  const { totals, repeated } = (await client.get('/_octobatch/bill')) as unknown as {
    totals: object[];
    repeated: object[];
  };
  expect(totals).toMatchObject([
    { protocol: 'anthropic', mode: 'realtime', requests: 2 },
    { protocol: 'gemini', mode: 'realtime', requests: 1 },
    { protocol: 'openai', mode: 'realtime', requests: 2 },
  ]);
  expect(repeated).toEqual([{ request: id.slice(9), times: 5 }]);
  expect(await client.get('/_octobatch/doubles')).toHaveLength(10);
});
