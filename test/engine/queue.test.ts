import { describe, expect, it } from 'vitest';
import { finish, kinds, pipelineOf, settleDown, timesAsked, worldOf } from './world.ts';

describe('a full queue', () => {
  it('sends a batch back without using up an attempt, and what is sent next is smaller', async () => {
    const world = await worldOf(pipelineOf(8, { retry: { maxAttempts: 1, feedback: true, from: null } }), {
      check: (times) =>
        times === 0
          ? { kind: 'queue_full', why: 'token_limit' }
          : { kind: 'ended', status: 'completed', reason: null },
    });
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(Array(8).fill('valid'));
    expect([...world.scripted.created.values()].map((requests) => requests.length)).toEqual([8, 4, 4]);
  });

  it('is left alone while an own batch stands in it, and used again as soon as that is over', async () => {
    let isFull = true;
    const world = await worldOf(pipelineOf(6, {}, { chunkSize: 3 }), {
      submit: (times) =>
        times === 1 ? { kind: 'queue_full', why: 'enqueued', retryAfterMs: null } : undefined,
      check: () =>
        isFull
          ? { kind: 'running', status: 'x', completed: 0 }
          : { kind: 'ended', status: 'completed', reason: null },
    });
    const worker = await world.open();
    for (let i = 0; i < 5; i++) {
      const result = await worker.tick();
      expect(result.kind).toBe('waiting');
      world.pass(60_000);
    }
    // The queue was not asked again while the first batch stood in it.
    expect(world.scripted.calls.filter((call) => call === 'submit')).toHaveLength(2);
    isFull = false;
    expect(kinds(await finish(world, worker))).toEqual(Array(6).fill('valid'));
    expect([...world.scripted.created.values()].map((requests) => requests.length)).toEqual([3, 3]);
  });

  it('whose size is known is filled up to it and refilled', async () => {
    const world = await worldOf(pipelineOf(10), {}, { session: { queueTokens: 110 } });
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(Array(10).fill('valid'));
    expect(world.scripted.created.size).toBeGreaterThan(2);
    expect(Math.max(...timesAsked(world))).toBe(1);
  });
});

describe('a provider that refuses the account', () => {
  it('pauses the run with what it said; whoever comes next tries again, and nothing was lost', async () => {
    const world = await worldOf(pipelineOf(4), {
      submit: (times) => (times < 1 ? { kind: 'blocked', why: 'insufficient_quota' } : undefined),
    });
    const worker = await world.open();
    const result = await settleDown(world, worker);
    expect(result).toMatchObject({ kind: 'paused', reason: { kind: 'blocked', why: 'insufficient_quota' } });
    expect((await worker.tick()).kind).toBe('paused');
    expect(kinds(await finish(world, await world.open('later')))).toEqual(Array(4).fill('valid'));
    expect(Math.max(...timesAsked(world))).toBe(1);
  });

  it('before anything is sent is believed: nothing is declared', async () => {
    const health = async () =>
      ({ kind: 'unusable', why: 'the key was refused', fix: 'set OPENAI_API_KEY' }) as const;
    const world = await worldOf(pipelineOf(4), {}, { session: { health } });
    const result = await settleDown(world, await world.open());
    expect(result).toMatchObject({ kind: 'paused', reason: { kind: 'unusable', model: 'm' } });
    expect(result.state.batches.size).toBe(0);
    expect(world.scripted.calls).toEqual([]);
  });
});

describe('a batch that takes too long', () => {
  it('is cancelled, its rows kept, and the rest sent in smaller batches once the end is confirmed', async () => {
    let cancelled = 0;
    const world = await worldOf(
      pipelineOf(8),
      {
        cancel: () => {
          cancelled++;
        },
        check: () => {
          if (world.scripted.created.size > 1) return { kind: 'ended', status: 'completed', reason: null };
          return cancelled === 0 || cancelled++ < 3
            ? { kind: 'running', status: 'in_progress', completed: 0 }
            : { kind: 'ended', status: 'canceled', reason: 'it was cancelled' };
        },
        rows: (requests, times) =>
          (times === 0 ? requests.slice(0, 5) : requests).map((request) => ({
            kind: 'text',
            customId: request.customId,
            text: '{"n": 1}',
            usage: { input: 1, output: 1 },
            model: 'm',
          })),
      },
      { session: { maxBatchAgeMs: 60_000 } },
    );
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(Array(8).fill('valid'));
    expect(world.scripted.calls.filter((call) => call === 'cancel')).toHaveLength(1);
    expect([...world.scripted.created.values()].map((requests) => requests.length)).toEqual([8, 3]);
    // Half of eight, then more again, since three in a batch came back.
    expect(worker.context.state.steps[0]!.mostRequests).toBe(6);
  });
});
