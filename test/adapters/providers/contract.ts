// What every batch adapter must do, whatever it speaks: run against a simulator through a factory.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Digest } from '../../../src/ports/blobs.ts';
import type {
  Answer,
  AnswerContext,
  AnswerContexts,
  BatchDraft,
  BatchProvider,
  CheckResult,
  CreationWindow,
  ModelRequest,
} from '../../../src/ports/provider.ts';

/** One provider over a fresh service, and the levers a test pulls behind its back. */
export interface World {
  readonly provider: BatchProvider;
  readonly contexts: AnswerContexts;
  /** Replaces the service's settings (latency, faults, lifetimeMs, seed). */
  settings(settings: object): Promise<void>;
  /** Asks for a mishap on the wire. */
  mishap(mishap: object): Promise<void>;
  /** Paths of the protocol, for mishaps. */
  readonly paths: { readonly upload: string; readonly create: string; readonly content: string };
  /** Batches that exist at the service. */
  batches(): Promise<number>;
  close(): Promise<void>;
}

/** The `custom_id` of a test's request. */
export function idOf(key: string, name: string): string {
  const hex = (text: string) => createHash('sha256').update(text).digest('hex');
  return `${hex(key).slice(0, 8)}-${hex(name).slice(0, 40)}`;
}

/** A request for one answer. */
export function requestOf(key: string, name: string, changes: Partial<ModelRequest> = {}): ModelRequest {
  return {
    customId: idOf(key, name),
    model: 'test-model',
    system: null,
    prompt: `Tell about ${name}.`,
    maxTokens: 1000,
    temperature: null,
    schema: null,
    ...changes,
  };
}

/** What the simulator answers to it: the walker's place, and a die that depends on the request alone. */
export function contextOf(key: string, name: string, changes: Partial<AnswerContext> = {}): AnswerContext {
  return {
    customId: idOf(key, name),
    seed: '42',
    fields: JSON.stringify({ name }),
    simulate: [
      { name: 'who', expr: 'name' },
      { name: 'die', expr: 'random.randint(1, 1000000)' },
      { name: 'again', expr: 'die + 1' },
    ],
    schema: null,
    ...changes,
  };
}

/** A moment as the only one at which a batch may have been created. */
export function at(ms: number): CreationWindow {
  return { from: ms, until: ms };
}

/** A batch of requests. */
export function draftOf(key: string, requests: readonly ModelRequest[]): BatchDraft {
  return {
    key,
    model: requests[0]?.model ?? 'test-model',
    requests: streamOf(requests),
    count: requests.length,
    digest: 'd' as Digest,
    mayCreate: async () => true,
  };
}

/** An array as a stream. */
export async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** All of a stream. */
export async function allOf<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** Asks until the batch is over. */
export async function untilEnded(provider: BatchProvider, batch: string): Promise<CheckResult> {
  for (let asked = 0; asked < 500; asked++) {
    const result = await provider.check(batch);
    if (result.kind !== 'running') return result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the batch did not end');
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `unit-${index}`);
const byId = (answers: readonly Answer[]) => new Map(answers.map((answer) => [answer.customId, answer]));

/** Declares the suite for one adapter. */
export function providerContract(title: string, open: () => Promise<World>): void {
  describe(`${title}, as a batch provider`, () => {
    let world: World;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close();
    });

    async function submitted(key: string, units: readonly string[]): Promise<string> {
      await world.contexts.register(streamOf(units.map((unit) => contextOf(key, unit))));
      const draft = draftOf(
        key,
        units.map((unit) => requestOf(key, unit)),
      );
      const result = await world.provider.submit(draft);
      if (result.kind !== 'submitted') throw new Error(`not submitted: ${JSON.stringify(result)}`);
      return result.providerBatch;
    }

    test('a batch that may no longer be created is not', async () => {
      await world.contexts.register(streamOf([contextOf('key-late', 'a')]));
      const draft = { ...draftOf('key-late', [requestOf('key-late', 'a')]), mayCreate: async () => false };
      expect(await world.provider.submit(draft)).toMatchObject({ kind: 'later' });
      expect(await world.provider.find('key-late', at(Date.now()))).toEqual({ kind: 'absent' });
    });

    test('every request of a batch comes back answered, with its usage', async () => {
      const batch = await submitted('key-1', names(70));
      expect(await untilEnded(world.provider, batch)).toEqual({
        kind: 'ended',
        status: 'completed',
        reason: null,
      });
      const answers = byId(await allOf(world.provider.collect(batch)));
      expect(answers.size).toBe(70);
      for (const name of names(70)) {
        const answer = answers.get(idOf('key-1', name));
        if (answer?.kind !== 'text') throw new Error(`no text for ${name}`);
        const json = JSON.parse(answer.text) as { who: string; die: number; again: number };
        expect(json.who).toBe(name);
        expect(json.again).toBe(json.die + 1);
        expect(answer.usage.input).toBeGreaterThan(0);
        expect(answer.usage.output).toBe(Math.ceil(answer.text.length / 4));
        expect(answer.model).toBe('test-model');
      }
    });

    test('rows come in another order than the requests were sent', async () => {
      const batch = await submitted('key-order', names(64));
      await untilEnded(world.provider, batch);
      const order = (await allOf(world.provider.collect(batch))).map((answer) => answer.customId);
      expect([...order].sort()).toEqual(
        names(64)
          .map((name) => idOf('key-order', name))
          .sort(),
      );
      expect(order).not.toEqual(names(64).map((name) => idOf('key-order', name)));
    });

    test('a request is measured as the bytes it takes in the upload', async () => {
      const request = requestOf('key', 'Ünit "1"\n', {
        system: 'Be brief.',
        temperature: 0.5,
        schema: '{"type":"object"}',
      });
      expect(world.provider.sizeOf(request)).toBeGreaterThan(Buffer.byteLength(request.prompt));
      expect(world.provider.sizeOf({ ...request, prompt: `${request.prompt}é` })).toBe(
        world.provider.sizeOf(request) + 2,
      );
    });

    test('a batch that is there is found, one that is not is absent', async () => {
      const batch = await submitted('key-2', ['a']);
      await submitted('key-3', ['a']);
      expect(await world.provider.find('key-2', at(Date.now()))).toEqual({
        kind: 'found',
        providerBatch: batch,
      });
      expect(await world.provider.find('key-9', at(Date.now()))).toEqual({ kind: 'absent' });
    });

    test('a batch is found behind more than a page of others', async () => {
      const batch = await submitted('key-first', ['a']);
      await Promise.all(Array.from({ length: 105 }, (_, index) => submitted(`key-later-${index}`, ['a'])));
      expect(await world.provider.find('key-first', at(Date.now()))).toEqual({
        kind: 'found',
        providerBatch: batch,
      });
    });

    test('a create whose answer was lost is in doubt, and is found instead of sent again', async () => {
      await world.mishap({ kind: 'lose_create_answer' });
      const result = await world.provider.submit(draftOf('key-lost', [requestOf('key-lost', 'a')]));
      expect(result.kind).toBe('unsure');
      expect(await world.batches()).toBe(1);
      const found = await world.provider.find('key-lost', at(Date.now()));
      if (found.kind !== 'found') throw new Error('not found');
      await untilEnded(world.provider, found.providerBatch);
      expect(await allOf(world.provider.collect(found.providerBatch))).toHaveLength(1);
    });

    test('a create answered 5xx is in doubt and is not repeated', async () => {
      await world.mishap({ kind: 'fail', method: 'POST', path: world.paths.create, status: 503 });
      const result = await world.provider.submit(draftOf('key-503', [requestOf('key-503', 'a')]));
      expect(result).toMatchObject({ kind: 'unsure' });
      expect(await world.batches()).toBe(0);
      expect(await world.provider.find('key-503', at(Date.now()))).toEqual({ kind: 'absent' });
    });

    test('an upload that broke leaves no doubt: it may be tried later', async () => {
      await world.mishap({ kind: 'fail', method: 'POST', path: world.paths.upload, status: 500 });
      const result = await world.provider.submit(draftOf('key-up', [requestOf('key-up', 'a')]));
      expect(result).toMatchObject({ kind: 'later' });
      expect(await world.batches()).toBe(0);
    });

    test('a full queue means later, a definite no means rejected, spent money is named', async () => {
      const refused = async (status: number, code?: string) => {
        await world.mishap({ kind: 'fail', method: 'POST', path: world.paths.create, status, code });
        return await world.provider.submit(draftOf('key-no', [requestOf('key-no', 'a')]));
      };
      expect(await refused(429)).toMatchObject({ kind: 'later' });
      expect(await refused(403)).toMatchObject({ kind: 'rejected' });
      const spent = await refused(429, 'insufficient_quota');
      expect(spent).toMatchObject({ kind: 'rejected', why: expect.stringMatching(/^insufficient_quota: /) });
      expect(await world.batches()).toBe(0);
    });

    test('a batch whose requests name two models ends failed, with the line', async () => {
      const two = [requestOf('key-m', 'a'), requestOf('key-m', 'b', { model: 'other-model' })];
      const result = await world.provider.submit(draftOf('key-m', two));
      if (result.kind !== 'submitted') throw new Error('not submitted');
      const end = await untilEnded(world.provider, result.providerBatch);
      expect(end).toMatchObject({ kind: 'ended', status: 'failed' });
      expect(end).toHaveProperty('reason', expect.stringMatching(/^model_mismatch: .*line 2/));
      expect(await allOf(world.provider.collect(result.providerBatch))).toEqual([]);
    });

    test('a canceled batch gives the rows it had answered', async () => {
      await world.settings({ latency: { minMs: 3000, maxMs: 3000 } });
      const batch = await submitted('key-c', names(200));
      for (let asked = 0; asked < 500; asked++) {
        const state = await world.provider.check(batch);
        if (state.kind === 'running' && (state.completed ?? 0) >= 5) break;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await world.provider.cancel(batch);
      await world.provider.cancel(batch);
      expect(await untilEnded(world.provider, batch)).toMatchObject({ kind: 'ended', status: 'canceled' });
      const answers = await allOf(world.provider.collect(batch));
      expect(answers.length).toBeGreaterThanOrEqual(5);
      expect(answers.length).toBeLessThan(200);
      expect(answers.every((answer) => answer.kind === 'text')).toBe(true);
      await world.provider.cancel(batch);
    });

    test('an expired batch gives what was answered and names what was not', async () => {
      await world.settings({ latency: { minMs: 1000, maxMs: 1000 }, lifetimeMs: 300 });
      const batch = await submitted('key-e', names(50));
      expect(await untilEnded(world.provider, batch)).toMatchObject({ kind: 'ended', status: 'expired' });
      const answers = await allOf(world.provider.collect(batch));
      const expired = answers.filter((answer) => answer.kind === 'error' && answer.failure === 'expired');
      expect(answers).toHaveLength(50);
      expect(expired.length).toBe(50 - answers.filter((answer) => answer.kind === 'text').length);
      expect(expired.length).toBeGreaterThan(0);
      expect(expired.length).toBeLessThan(50);
    });

    test('each fault comes through as what it is, and missing rows are simply not there', async () => {
      const only = async (fault: string) => {
        await world.settings({ faults: { [fault]: 1 }, latency: { minMs: 0, maxMs: 0 } });
        const batch = await submitted(`key-${fault}`, names(5));
        await untilEnded(world.provider, batch);
        return await allOf(world.provider.collect(batch));
      };
      expect(await only('missing')).toEqual([]);
      expect((await only('refused')).map((answer) => answer.kind)).toEqual(Array(5).fill('refused'));
      expect((await only('truncated')).map((answer) => answer.kind)).toEqual(Array(5).fill('truncated'));
      for (const answer of await only('errored')) {
        expect(answer).toMatchObject({
          kind: 'error',
          failure: 'transport',
          message: expect.stringContaining('500'),
        });
      }
      for (const answer of await only('malformed')) {
        if (answer.kind !== 'text') throw new Error(`not a text: ${answer.kind}`);
        expect(() => JSON.parse(answer.text)).toThrow();
        expect(answer.text).not.toMatch(/[}\]]/);
      }
    });

    test('an answer longer than the request allows is truncated', async () => {
      await world.contexts.register(
        streamOf([contextOf('key-t', 'a', { simulate: [{ name: 'text', expr: '"word " * 500' }] })]),
      );
      const result = await world.provider.submit(
        draftOf('key-t', [requestOf('key-t', 'a', { maxTokens: 10 })]),
      );
      if (result.kind !== 'submitted') throw new Error('not submitted');
      await untilEnded(world.provider, result.providerBatch);
      const [answer] = await allOf(world.provider.collect(result.providerBatch));
      expect(answer).toMatchObject({ kind: 'truncated', usage: { output: 10 } });
    });

    test('a wrong simulate expression is a rejected request that names it', async () => {
      await world.contexts.register(
        streamOf([contextOf('key-x', 'a', { simulate: [{ name: 'bad', expr: 'nobody + 1' }] })]),
      );
      const result = await world.provider.submit(draftOf('key-x', [requestOf('key-x', 'a')]));
      if (result.kind !== 'submitted') throw new Error('not submitted');
      await untilEnded(world.provider, result.providerBatch);
      const [answer] = await allOf(world.provider.collect(result.providerBatch));
      expect(answer).toMatchObject({ kind: 'error', failure: 'rejected' });
      expect(answer).toHaveProperty('message', expect.stringMatching(/simulate\.bad.*nobody/));
    });

    test('a download that breaks twice still gives every row once', async () => {
      const batch = await submitted('key-cut', names(200));
      await untilEnded(world.provider, batch);
      await world.mishap({ kind: 'cut_download', afterBytes: 20_000, times: 1 });
      await world.mishap({ kind: 'cut_download', afterBytes: 30_000, times: 1 });
      const answers = await allOf(world.provider.collect(batch));
      expect(answers).toHaveLength(200);
      expect(byId(answers).size).toBe(200);
    });

    test('a download that goes on failing rejects instead of ending short', async () => {
      const batch = await submitted('key-gone', names(10));
      await untilEnded(world.provider, batch);
      await world.mishap({
        kind: 'fail',
        method: 'GET',
        path: world.paths.content,
        status: 502,
        times: 1000,
      });
      await expect(allOf(world.provider.collect(batch))).rejects.toThrow();
    });

    test('a check that fails in passing is repeated; a batch nobody knows is unknown', async () => {
      const batch = await submitted('key-p', ['a']);
      await world.mishap({ kind: 'fail', method: 'GET', path: world.paths.create, status: 500, times: 2 });
      expect((await world.provider.check(batch)).kind).not.toBe('later');
      expect(await world.provider.check('batch_nobody')).toMatchObject({ kind: 'unknown' });
    });

    test('a list that cannot be read leaves doubt', async () => {
      await world.mishap({ kind: 'fail', method: 'GET', path: world.paths.create, status: 500, times: 1000 });
      expect(await world.provider.find('key', at(Date.now()))).toMatchObject({ kind: 'unsure' });
    });
  });
}
