import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../src/engine/budget.ts';
import { textAnswer } from './scripted-provider.ts';
import {
  finish,
  kinds,
  PRICE,
  pipelineOf,
  settleDown,
  type World,
  type WorldOptions,
  worldOf,
} from './world.ts';

const REALTIME = { mode: 'realtime' } as const;
const PAID: WorldOptions = {
  session: { paid: true },
  settings: { prices: { 'scripted/m/realtime': PRICE }, cap: String(10n ** 12n) },
};

const mostAsked = (world: World): number => Math.max(...world.scripted.asked.values());

describe('a step asked call by call', () => {
  it('asks each request once and keeps every answer', async () => {
    const world = await worldOf(pipelineOf(100, REALTIME), {}, PAID);
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(Array(100).fill('valid'));
    expect(world.scripted.asked.size).toBe(100);
    expect(mostAsked(world)).toBe(1);
    expect(worker.context.state.steps[0]).toMatchObject({ requests: 100, uncertain: 0n, mode: 'realtime' });
    expect(world.scripted.calls).toEqual([]);
  });

  it('never has more calls under way than the provider takes', async () => {
    let underWay = 0;
    let most = 0;
    const world = await worldOf(pipelineOf(30, REALTIME), {
      ask: async (request) => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setTimeout(resolve, 1));
        underWay--;
        return { kind: 'answered', answer: textAnswer(request) };
      },
    });
    await finish(world, await world.open());
    expect(most).toBe(4);
  });

  it('repeats a call that was not answered once, and counts it as spent', async () => {
    const world = await worldOf(
      pipelineOf(6, REALTIME),
      {
        ask: (request, asked) =>
          asked === 0 && request.prompt.endsWith('3?')
            ? { kind: 'unanswered', why: 'the connection was cut' }
            : { kind: 'answered', answer: textAnswer(request) },
      },
      PAID,
    );
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(Array(6).fill('valid'));
    expect([...world.scripted.asked.values()].sort()).toEqual([1, 1, 1, 1, 1, 2]);
    const [step] = worker.context.state.steps;
    expect(step).toMatchObject({ requests: 7, uncertainRequests: 1 });
    expect(step!.uncertain).toBeGreaterThan(0n);
  });

  it('gives a call up that was not answered twice: it is not asked a third time', async () => {
    const world = await worldOf(
      pipelineOf(3, REALTIME),
      {
        ask: (request) =>
          request.prompt.endsWith('1?')
            ? { kind: 'unanswered', why: 'timed out' }
            : { kind: 'answered', answer: textAnswer(request) },
      },
      PAID,
    );
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'transport', 'valid']);
    expect(mostAsked(world)).toBe(2);
    const [step] = worker.context.state.steps;
    expect(step).toMatchObject({ requests: 4, uncertainRequests: 1 });
    expect(budgetOf(worker.context.state).reserved).toBe(0n);
  });

  it('waits when the provider is busy, without using up an attempt', async () => {
    const world = await worldOf(
      pipelineOf(5, { ...REALTIME, retry: { maxAttempts: 1, feedback: true, from: null } }),
      {
        ask: (request, asked) =>
          asked < 9
            ? { kind: 'later', why: '429', retryAfterMs: 1000 }
            : { kind: 'answered', answer: textAnswer(request) },
      },
    );
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(Array(5).fill('valid'));
    expect(worker.context.state.steps[0]!.uncertainRequests).toBe(0);
  });

  it('pauses when the account is refused; whoever comes next asks only what was not asked', async () => {
    let isRefused = true;
    let answered = 0;
    const world = await worldOf(
      pipelineOf(10, REALTIME),
      {
        ask: (request) => {
          if (isRefused && answered >= 4) return { kind: 'blocked', why: 'no money' };
          answered++;
          return { kind: 'answered', answer: textAnswer(request) };
        },
      },
      PAID,
    );
    const worker = await world.open('dead-1');
    expect(await settleDown(world, worker)).toMatchObject({ kind: 'paused', reason: { kind: 'blocked' } });
    isRefused = false;
    const other = await world.open('other');
    expect(kinds(await finish(world, other))).toEqual(Array(10).fill('valid'));
    expect(answered).toBe(10);
    expect(other.context.state.steps[0]!.uncertainRequests).toBe(0);
  });

  it('after the death of its process repeats what the journal does not hold, once', async () => {
    let died = false;
    const world = await worldOf(
      pipelineOf(8, REALTIME),
      {
        ask: async (request) => {
          if (!died && request.prompt.endsWith('5?')) {
            died = true;
            throw new Error('the process dies');
          }
          return { kind: 'answered', answer: textAnswer(request) };
        },
      },
      PAID,
    );
    const dead = await world.open('dead-1');
    await expect(dead.tick()).rejects.toThrow('the process dies');
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(Array(8).fill('valid'));
    expect(mostAsked(world)).toBe(2);
    const [step] = worker.context.state.steps;
    expect(step!.uncertainRequests).toBeGreaterThan(0);
    expect(step!.requests).toBeGreaterThanOrEqual(
      [...world.scripted.asked.values()].reduce((a, b) => a + b, 0),
    );
  });
});

describe('a wait that is over', () => {
  it('ends the calls of a run between two waves, and the next job goes on', async () => {
    const world = await worldOf(pipelineOf(100, REALTIME), {
      ask: (request) => {
        world.pass(1000);
        return { kind: 'answered', answer: textAnswer(request) };
      },
    });
    const result = await (await world.open('dead-1')).tick(undefined, undefined, 1_000_000 + 10_000);
    expect(result.kind).toBe('waiting');
    expect(world.scripted.asked.size).toBe(32);
    expect(kinds(await finish(world, await world.open()))).toEqual(Array(100).fill('valid'));
    expect(mostAsked(world)).toBe(1);
  });
});
