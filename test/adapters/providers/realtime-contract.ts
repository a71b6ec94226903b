// What every adapter for single calls must do, whatever it speaks: run against a simulator through a factory.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type {
  AnswerContexts,
  CallResult,
  ModelRequest,
  RealtimeProvider,
} from '../../../src/ports/provider.ts';
import { contextOf, requestOf, streamOf } from './contract.ts';

/** How an adapter differs from the usual one of a world. */
export interface CallOptions {
  /** Another root address. */
  readonly url?: string;
  readonly apiKey?: string;
  /** How long a call may take. */
  readonly timeoutMs?: number;
}

/** Adapters over a fresh service, and the levers a test pulls behind their back. */
export interface CallWorld {
  at(options?: CallOptions): RealtimeProvider;
  readonly contexts: AnswerContexts;
  /** Replaces the service's settings (callLatency, faults, cached). */
  settings(settings: object): Promise<void>;
  /** Asks for a mishap on the wire, in the simulator's words. */
  mishap(mishap: object): Promise<void>;
  /** Calls the service answered and billed so far. */
  billed(): Promise<number>;
  close(): Promise<void>;
}

/** A signal that never comes. */
export const NEVER = new AbortController().signal;

/** Declares the suite for one adapter. */
export function realtimeContract(title: string, open: () => Promise<CallWorld>): void {
  describe(`${title}, as a provider of single calls`, () => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(async () => {
      await world.close();
    });

    async function ask(name: string, changes: Partial<ModelRequest> = {}): Promise<CallResult> {
      await world.contexts.register(streamOf([contextOf('key', name)]));
      return await world.at().ask(requestOf('key', name, changes), NEVER);
    }

    /** What becomes of a call this goes wrong with. */
    async function fate(mishap: object): Promise<CallResult> {
      await world.mishap({ call: 'ask', ...mishap });
      return await ask('a');
    }

    test('a call is answered from its own context, with its usage', async () => {
      await world.settings({ cached: 0.5 });
      const result = await ask('alice');
      const answer = result.kind === 'answered' ? result.answer : null;
      if (answer?.kind !== 'text') throw new Error(JSON.stringify(result));
      const json = JSON.parse(answer.text) as { who: string; die: number; again: number };
      expect(json).toEqual({ who: 'alice', die: json.die, again: json.die + 1 });
      expect(answer).toMatchObject({ customId: requestOf('key', 'alice').customId, model: 'test-model' });
      expect(answer.usage.output).toBe(Math.ceil(answer.text.length / 4));
      expect(answer.usage.cached).toBeGreaterThan(0);
      expect(answer.usage.cached).toBeLessThan(answer.usage.input);
      expect(await world.billed()).toBe(1);
    });

    test('system prompt, temperature and schema are taken', async () => {
      const schema = '{"type":"object","properties":{"who":{"type":"string"}}}';
      expect(await ask('a', { system: 'Be brief.', temperature: 0.5, schema })).toMatchObject({
        kind: 'answered',
        answer: { kind: 'text' },
      });
    });

    test.each(['refused', 'truncated'])('an answer that is %s says so, with its usage', async (fault) => {
      await world.settings({ faults: { [fault]: 1 } });
      expect(await ask('a')).toMatchObject({
        kind: 'answered',
        answer: { kind: fault, usage: { input: expect.any(Number) } },
      });
    });

    test('an answer longer than the request allows is truncated', async () => {
      expect(await ask('a', { maxTokens: 2 })).toMatchObject({
        kind: 'answered',
        answer: { kind: 'truncated', usage: { output: 2 } },
      });
    });

    test('a body that cannot be read may have been billed', async () => {
      await world.settings({ faults: { damaged: 1 } });
      const result = await ask('a');
      if (result.kind === 'unanswered') return;
      expect(result).toMatchObject({
        kind: 'answered',
        answer: { kind: 'error', failure: 'transport', billed: 'unknown' },
      });
    });

    test('too many calls means later, after the time the service asks for', async () => {
      expect(await fate({ kind: 'rate_limit', retryAfterMs: 2000 })).toMatchObject({
        kind: 'later',
        retryAfterMs: 2000,
      });
      expect(await fate({ kind: 'rate_limit' })).toMatchObject({ kind: 'later', retryAfterMs: null });
      expect(await world.billed()).toBe(0);
    });

    test('a service that is overloaded, or fails before it answers, means later', async () => {
      expect(await fate({ kind: 'overloaded' })).toMatchObject({ kind: 'later' });
      expect(await fate({ kind: 'fail', status: 500 })).toMatchObject({ kind: 'later' });
      expect(await fate({ kind: 'fail', status: 503 })).toMatchObject({ kind: 'later' });
      expect(await world.billed()).toBe(0);
    });

    test('a gateway that gave up leaves the call unanswered, and nobody asks again', async () => {
      expect(await fate({ kind: 'fail', status: 502 })).toMatchObject({ kind: 'unanswered' });
      expect(await fate({ kind: 'fail', status: 504 })).toMatchObject({ kind: 'unanswered' });
      expect(await world.billed()).toBe(0);
    });

    test('a connection cut after the answer was made leaves the call unanswered, though it was billed', async () => {
      expect(await fate({ kind: 'lose_call_answer' })).toMatchObject({ kind: 'unanswered' });
      expect(await world.billed()).toBe(1);
    });

    test('a call nobody answers is given up', async () => {
      await world.mishap({ kind: 'hang', call: 'ask' });
      const result = await world.at({ timeoutMs: 100 }).ask(requestOf('key', 'a'), NEVER);
      expect(result).toMatchObject({ kind: 'unanswered' });
    });

    test('a call that is stopped under way is unanswered, one stopped before is not sent', async () => {
      const stop = new AbortController();
      // Never answers: the call is under way as soon as it has come.
      const server = createServer(() => stop.abort());
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const provider = world.at({ url: `http://127.0.0.1:${port}` });
      expect(await provider.ask(requestOf('key', 'a'), stop.signal)).toMatchObject({ kind: 'unanswered' });
      server.closeAllConnections();
      server.close();
      expect(await world.at().ask(requestOf('key', 'a'), stop.signal)).toMatchObject({ kind: 'later' });
      expect(await world.billed()).toBe(0);
    });

    test('a service that cannot be reached was never asked', async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      const nobody = world.at({ url: `http://127.0.0.1:${port}` });
      expect(await nobody.ask(requestOf('key', 'a'), NEVER)).toMatchObject({ kind: 'later' });
    });

    test('a request the service refuses is answered: it is rejected, at no cost', async () => {
      for (const status of [400, 404, 422]) {
        expect(await fate({ kind: 'fail', status })).toMatchObject({
          kind: 'answered',
          answer: { kind: 'error', failure: 'rejected', billed: 'no' },
        });
      }
      expect(await ask('a', { model: 'unknown-model' })).toMatchObject({
        kind: 'answered',
        answer: { kind: 'error', failure: 'rejected' },
      });
      expect(await world.billed()).toBe(0);
    });

    test('a refused key and spent money block, and the key is not repeated', async () => {
      expect(await fate({ kind: 'fail', status: 401 })).toMatchObject({ kind: 'blocked' });
      expect(await fate({ kind: 'fail', status: 403 })).toMatchObject({ kind: 'blocked' });
      expect(await fate({ kind: 'spend_limit' })).toMatchObject({ kind: 'blocked' });
      const refused = await world.at({ apiKey: 'bad-key' }).ask(requestOf('key', 'a'), NEVER);
      expect(refused).toMatchObject({ kind: 'blocked' });
      expect(JSON.stringify(refused)).not.toContain('bad-key');
      expect(await world.billed()).toBe(0);
    });

    test.each([400, 403, 429, 502])('what a service echoes with %i stays unsaid', async (status) => {
      const prompt = 'The secret ingredient of the soup is a "pinch" of nutmeg.';
      const message = `cannot take "${prompt}" from test-key-0123456789 (sk-abcd****wxyz): ${'x'.repeat(5000)}`;
      await world.mishap({ kind: 'fail', call: 'ask', status, message });
      const result = await world.at().ask(requestOf('key', 'a', { prompt }), NEVER);
      const answer = result.kind === 'answered' && result.answer.kind === 'error' ? result.answer : null;
      const said = result.kind === 'answered' ? (answer?.message ?? '') : result.why;
      expect(said).not.toMatch(/nutmeg|secret ingredient|test-key|abcd|wxyz/);
      expect(said.length).toBeLessThan(400);
      expect(answer?.raw ?? '').not.toContain('test-key');
    });

    test('calls do not wait for each other', async () => {
      await world.mishap({ kind: 'hang', call: 'ask', times: 3 });
      const provider = world.at();
      const stop = new AbortController();
      const calls = ['a', 'b', 'c', 'd'].map((name) => provider.ask(requestOf('key', name), stop.signal));
      // Three hang, whichever come first; the fourth is answered all the same.
      expect(await Promise.race(calls)).toMatchObject({ kind: 'answered' });
      stop.abort();
      const kinds = (await Promise.all(calls)).map(({ kind }) => kind);
      expect(kinds.sort()).toEqual(['answered', 'unanswered', 'unanswered', 'unanswered']);
      expect(provider.concurrency).toBeGreaterThan(0);
    });
  });
}
