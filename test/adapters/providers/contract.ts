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
  FindResult,
  ModelRequest,
} from '../../../src/ports/provider.ts';
import { HOUR, timePasses } from '../../passing-time.ts';

/** One provider over a fresh service, and the levers a test pulls behind its back. */
export interface World {
  readonly provider: BatchProvider;
  /** The same service through an adapter that reckons with batches being listed a minute late. */
  readonly patient: BatchProvider;
  readonly contexts: AnswerContexts;
  /** Replaces the service's settings (latency, faults, lifetimeMs, seed, cached). */
  settings(settings: object): Promise<void>;
  /** Asks for a mishap on the wire, in the simulator's words. */
  mishap(mishap: object): Promise<void>;
  /** Batches that exist at the service. */
  batches(): Promise<number>;
  close(): Promise<void>;
}

/** In what the protocols differ, as far as it shows through the port. */
export interface Traits {
  /** A batch bears its key from the first moment; false: it is known by its rows only, once it is over. */
  readonly bearsKey: boolean;
  /** The requests go up in a file before the batch is created. */
  readonly uploads: boolean;
  /** A batch can fail as a whole. */
  readonly fails: boolean;
  /** A full queue refuses the create, or shows later in a batch that failed. */
  readonly queueFullAt: 'create' | 'check';
  /** Rows answered before a batch expired, or was cancelled, can be had. */
  readonly keepsExpired: boolean;
  readonly keepsCanceled: boolean;
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

/** A moment as the only one at which a batch of `count` requests may have been created. */
export function at(ms: number, count = 1): CreationWindow {
  return { from: ms, until: ms, count };
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
  for (;;) {
    const result = await provider.check(batch);
    if (result.kind !== 'running') return result;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `unit-${index}`);
const byId = (answers: readonly Answer[]) => new Map(answers.map((answer) => [answer.customId, answer]));

/** Declares the suite for one adapter. */
export function providerContract(title: string, traits: Traits, open: () => Promise<World>): void {
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

    test('a failure to read the requests is the caller’s own, and nothing is created', async () => {
      async function* broken(): AsyncGenerator<ModelRequest> {
        yield requestOf('key-torn', 'a');
        throw new Error('the disk failed');
      }
      const draft = { ...draftOf('key-torn', [requestOf('key-torn', 'a')]), requests: broken() };
      await expect(world.provider.submit(draft)).rejects.toThrow('the disk failed');
      expect(await world.batches()).toBe(0);
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
      const other = await submitted('key-3', ['a']);
      if (!traits.bearsKey) await Promise.all([batch, other].map((one) => untilEnded(world.provider, one)));
      expect(await world.provider.find('key-2', at(Date.now()))).toEqual({
        kind: 'found',
        providerBatch: batch,
      });
      expect(await world.provider.find('key-9', at(Date.now()))).toEqual({ kind: 'absent' });
    });

    test('a batch is found behind more than a page of others', async () => {
      const batch = await submitted('key-first', ['a']);
      const later = await Promise.all(
        Array.from({ length: 105 }, (_, index) => submitted(`key-later-${index}`, ['a'])),
      );
      if (!traits.bearsKey)
        await Promise.all([batch, ...later].map((one) => untilEnded(world.provider, one)));
      expect(await world.provider.find('key-first', at(Date.now()))).toEqual({
        kind: 'found',
        providerBatch: batch,
      });
    });

    /** Looks until the service is sure: one that knows a batch by its rows is so only once it is over. */
    async function foundIn(provider: BatchProvider, key: string): Promise<FindResult> {
      for (;;) {
        const result = await provider.find(key, at(Date.now()));
        if (result.kind !== 'unsure' || traits.bearsKey) return result;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }

    test.each([
      ['whose answer was lost', { kind: 'lose_create_answer' }],
      ['answered 503 though it happened', { kind: 'create_5xx_after', status: 503 }],
    ])('a create %s is in doubt, and is found instead of sent again', async (_, mishap) => {
      await world.contexts.register(streamOf([contextOf('key-lost', 'a')]));
      await world.mishap(mishap);
      const result = await world.provider.submit(draftOf('key-lost', [requestOf('key-lost', 'a')]));
      expect(result.kind).toBe('unsure');
      expect(await world.batches()).toBe(1);
      const found = await foundIn(world.provider, 'key-lost');
      if (found.kind !== 'found') throw new Error(`not found: ${JSON.stringify(found)}`);
      await untilEnded(world.provider, found.providerBatch);
      expect(await allOf(world.provider.collect(found.providerBatch))).toHaveLength(1);
    });

    test('a create that found no connection was not made, and leaves no doubt', async () => {
      await world.close();
      const result = await world.provider.submit(draftOf('key-off', [requestOf('key-off', 'a')]));
      expect(result).toMatchObject({ kind: 'later' });
    });

    test('a batch that may be listed late leaves doubt as long as it may be', async () => {
      await world.mishap({ kind: 'late_visibility', ms: 3_600_000 });
      await submitted('key-hidden', ['a']);
      expect(await world.patient.find('key-hidden', at(Date.now()))).toMatchObject({ kind: 'unsure' });
      expect(await world.patient.find('key-hidden', at(Date.now() - 3_600_000))).toEqual({ kind: 'absent' });
    });

    test('of two batches with one key, one is found', async () => {
      const twins = [await submitted('key-twin', ['a']), await submitted('key-twin', ['a'])];
      await Promise.all(twins.map((one) => untilEnded(world.provider, one)));
      const found = await world.provider.find('key-twin', at(Date.now()));
      expect(twins).toContain(found.kind === 'found' ? found.providerBatch : found.kind);
    });

    test('a create answered 5xx is in doubt and is not repeated', async () => {
      await world.mishap({ kind: 'fail', call: 'create', status: 503 });
      const result = await world.provider.submit(draftOf('key-503', [requestOf('key-503', 'a')]));
      expect(result).toMatchObject({ kind: 'unsure' });
      expect(await world.batches()).toBe(0);
      expect(await world.provider.find('key-503', at(Date.now()))).toEqual({ kind: 'absent' });
    });

    test.runIf(traits.uploads)('an upload that broke leaves no doubt: it may be tried later', async () => {
      await world.mishap({ kind: 'fail', call: 'upload', status: 500 });
      const result = await world.provider.submit(draftOf('key-up', [requestOf('key-up', 'a')]));
      expect(result).toMatchObject({ kind: 'later' });
      expect(await world.batches()).toBe(0);
    });

    test('a refused create created nothing, and says what can be done', async () => {
      const refused = async (mishap: object) => {
        await world.mishap({ call: 'create', ...mishap });
        return await world.provider.submit(draftOf('key-no', [requestOf('key-no', 'a')]));
      };
      expect(await refused({ kind: 'rate_limit', retryAfterMs: 2000 })).toMatchObject({
        kind: 'later',
        retryAfterMs: 2000,
      });
      expect(await refused({ kind: 'rate_limit' })).toMatchObject({ kind: 'later', retryAfterMs: null });
      expect(await refused({ kind: 'fail', status: 400 })).toMatchObject({ kind: 'rejected' });
      expect(await refused({ kind: 'fail', status: 413 })).toMatchObject({ kind: 'rejected' });
      expect(await refused({ kind: 'fail', status: 401 })).toMatchObject({ kind: 'blocked' });
      expect(await refused({ kind: 'fail', status: 403 })).toMatchObject({ kind: 'blocked' });
      expect(await refused({ kind: 'spend_limit' })).toMatchObject({ kind: 'blocked' });
      expect(await world.batches()).toBe(0);
      expect(await world.provider.find('key-no', at(Date.now()))).toEqual({ kind: 'absent' });
    });

    test('a full queue is told from a failure, and nothing ran', async () => {
      await world.mishap({ kind: 'queue_full' });
      const result = await world.provider.submit(draftOf('key-full', [requestOf('key-full', 'a')]));
      if (traits.queueFullAt === 'create') {
        expect(result).toMatchObject({ kind: 'queue_full' });
        expect(await world.batches()).toBe(0);
        return;
      }
      if (result.kind !== 'submitted') throw new Error(`not submitted: ${JSON.stringify(result)}`);
      expect(await untilEnded(world.provider, result.providerBatch)).toMatchObject({ kind: 'queue_full' });
      expect(await allOf(world.provider.collect(result.providerBatch))).toEqual([]);
    });

    test.runIf(traits.fails)('a batch that failed is over, with its reason if there is one', async () => {
      for (const mishap of [{ code: 'some_reason' }, {}]) {
        await world.mishap({ kind: 'fail_batch', ...mishap });
        const batch = await submitted(`key-fail-${Object.keys(mishap).length}`, ['a']);
        const end = await untilEnded(world.provider, batch);
        expect(end).toMatchObject({ kind: 'ended', status: 'failed', reason: expect.stringMatching(/./) });
        if (mishap.code !== undefined) {
          expect(end).toHaveProperty('reason', expect.stringContaining('some_reason'));
        }
        expect(await allOf(world.provider.collect(batch))).toEqual([]);
        await world.provider.cancel(batch);
      }
    });

    test('a canceled batch gives the rows it had answered', async () => {
      await world.settings({ latency: { minMs: HOUR, maxMs: HOUR } });
      const batch = await submitted('key-c', names(200));
      timePasses(HOUR / 2);
      // Not every service counts while it works.
      const state = await world.provider.check(batch);
      if (state.kind !== 'running') throw new Error(`not under way: ${JSON.stringify(state)}`);
      expect(state.completed ?? 100).toBeGreaterThanOrEqual(5);
      await world.provider.cancel(batch);
      await world.provider.cancel(batch);
      timePasses(HOUR);
      expect(await untilEnded(world.provider, batch)).toMatchObject({ kind: 'ended', status: 'canceled' });
      const answers = await allOf(world.provider.collect(batch));
      const texts = answers.filter((answer) => answer.kind === 'text');
      expect(texts.length).toBeGreaterThanOrEqual(traits.keepsCanceled ? 5 : 0);
      expect(texts.length).toBeLessThan(200);
      const others = answers.filter((answer) => answer.kind !== 'text');
      expect(others).toEqual(
        others.map(() => expect.objectContaining({ kind: 'error', failure: 'canceled', billed: 'no' })),
      );
      await world.provider.cancel(batch);
    });

    test('an expired batch gives what was answered and names what was not', async () => {
      await world.settings({ latency: { minMs: HOUR, maxMs: HOUR }, lifetimeMs: HOUR / 2 });
      const batch = await submitted('key-e', names(50));
      timePasses(HOUR);
      expect(await untilEnded(world.provider, batch)).toMatchObject({ kind: 'ended', status: 'expired' });
      const answers = await allOf(world.provider.collect(batch));
      if (!traits.keepsExpired) {
        expect(answers).toEqual([]);
        return;
      }
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
      const failed = (failure: string) =>
        Array(5).fill(expect.objectContaining({ kind: 'error', failure, billed: 'no' }));
      expect(await only('errored')).toEqual(failed('transport'));
      expect(await only('rejected')).toEqual(failed('rejected'));
      for (const answer of await only('malformed')) {
        if (answer.kind !== 'text') throw new Error(`not a text: ${answer.kind}`);
        expect(() => JSON.parse(answer.text)).toThrow();
        expect(answer.text).not.toMatch(/[}\]]/);
      }
    });

    test('rows that are doubled, contradict each other, are damaged or foreign all come through', async () => {
      const only = async (fault: string) => {
        await world.settings({ faults: { [fault]: 1 }, latency: { minMs: 0, maxMs: 0 } });
        const batch = await submitted(`key-${fault}`, names(5));
        await untilEnded(world.provider, batch);
        return await allOf(world.provider.collect(batch));
      };
      const own = (fault: string) => names(5).map((name) => idOf(`key-${fault}`, name));
      for (const fault of ['duplicate', 'contradicting']) {
        const twice = await only(fault);
        expect(twice).toHaveLength(10);
        expect([...byId(twice).keys()].sort()).toEqual(own(fault).sort());
        const texts = new Set(twice.map((answer) => (answer.kind === 'text' ? answer.text : answer.kind)));
        expect(texts.size).toBe(fault === 'duplicate' ? 5 : 10);
      }
      const foreign = await only('unknown');
      expect(foreign.filter((answer) => own('unknown').includes(answer.customId))).toHaveLength(5);
      expect(foreign.length).toBeGreaterThan(5);
      // A row that cannot be read was executed all the same, and may have been billed.
      for (const answer of await only('damaged')) {
        expect(answer).toMatchObject({ kind: 'error', failure: 'transport', billed: 'unknown' });
      }
    });

    test('input read from a cache is counted apart, within the input', async () => {
      await world.settings({ cached: 0.5, latency: { minMs: 0, maxMs: 0 } });
      const batch = await submitted('key-cached', ['a']);
      await untilEnded(world.provider, batch);
      const [answer] = await allOf(world.provider.collect(batch));
      if (answer?.kind !== 'text') throw new Error('no text');
      expect(answer.usage.cached).toBeGreaterThan(0);
      expect(answer.usage.cached).toBeLessThan(answer.usage.input);
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
      await world.mishap({ kind: 'fail', call: 'content', status: 502, times: 1000 });
      await expect(allOf(world.provider.collect(batch))).rejects.toThrow();
    });

    test('a check that fails in passing is repeated; a batch nobody knows is unknown', async () => {
      const batch = await submitted('key-p', ['a']);
      await world.mishap({ kind: 'fail', call: 'retrieve', status: 500, times: 2 });
      expect((await world.provider.check(batch)).kind).not.toBe('later');
      expect(await world.provider.check('batch_nobody')).toMatchObject({ kind: 'unknown' });
    });

    test('a check that goes on failing says later, and the batch is not given up', async () => {
      const batch = await submitted('key-q', ['a']);
      await world.mishap({ kind: 'fail', call: 'retrieve', status: 503, times: 1000 });
      expect(await world.provider.check(batch)).toMatchObject({ kind: 'later' });
    });

    test('a list that cannot be read leaves doubt', async () => {
      await world.mishap({ kind: 'fail', call: 'list', status: 500, times: 1000 });
      expect(await world.provider.find('key', at(Date.now()))).toMatchObject({ kind: 'unsure' });
    });
  });
}
