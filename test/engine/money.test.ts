import { describe, expect, it } from 'vitest';
import { budgetOf, FEEDBACK_BYTES } from '../../src/engine/budget.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import { textAnswer } from './scripted-provider.ts';
import { checkState, finish, kinds, PRICE, pipelineOf, settleDown, timesAsked, worldOf } from './world.ts';

/** Picodollars of one answer of the scripted provider: 10 tokens in, 2 out. */
const ANSWER = 10n * 1_000_000n + 2n * 4_000_000n;

const PAID = { session: { paid: true }, settings: { prices: { 'scripted/m/batch': PRICE }, cap: null } };

const paid = (cap: bigint | null, prices: Record<string, typeof PRICE | null> = PAID.settings.prices) => ({
  session: { paid: true },
  settings: { prices, cap: cap === null ? null : String(cap) },
});

const missing = (requests: readonly ModelRequest[]): Answer[] =>
  requests.slice(1).map((request) => textAnswer(request));

describe('the money of a run', () => {
  it('is reserved with the declaration, every retry included, and what is left of it is given back', async () => {
    const world = await worldOf(
      pipelineOf(4),
      { check: () => ({ kind: 'running', status: 'x', completed: 0 }) },
      PAID,
    );
    const { state } = await (await world.open()).tick();
    const bytes =
      BigInt('How many in 0?'.length + 512) +
      BigInt(
        new TextEncoder().encode(
          pipelineOf(1).pipeline.steps[0]!.kind === 'llm'
            ? (pipelineOf(1).pipeline.steps[0] as { schema: string }).schema
            : '',
        ).length,
      );
    const attempt = bytes * 1_000_000n + 100n * 4_000_000n;
    const retry = attempt + BigInt(FEEDBACK_BYTES) * 1_000_000n;
    expect(budgetOf(state)).toEqual({
      known: 0n,
      unpriced: false,
      uncertain: 0n,
      reserved: 4n * (attempt + 2n * retry),
    });
  });

  it('is what the answers say that they used, retries apart', async () => {
    const world = await worldOf(
      pipelineOf(3),
      {
        rows: (requests, times) =>
          requests.map((one, i) => textAnswer(one, times === 0 && i === 0 ? 'no' : '{"n": 1}')),
      },
      PAID,
    );
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid', 'valid']);
    const [step] = worker.context.state.steps;
    expect(step).toMatchObject({ firstCost: 3n * ANSWER, retryCost: ANSWER, uncertain: 0n });
    expect(budgetOf(worker.context.state)).toMatchObject({ known: 4n * ANSWER, reserved: 0n });
  });

  it('counts a row that a finished batch lost as possibly billed', async () => {
    const world = await worldOf(
      pipelineOf(3),
      {
        rows: (requests, times) => (times === 0 ? missing(requests) : requests.map((one) => textAnswer(one))),
      },
      PAID,
    );
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid', 'valid']);
    const [step] = worker.context.state.steps;
    expect(step!.uncertainRequests).toBe(1);
    expect(step!.uncertain).toBeGreaterThan(ANSWER);
    expect(step!.firstCost! + step!.retryCost!).toBe(3n * ANSWER);
  });

  it('counts an answer whose tokens the provider does not tell as possibly as dear as can be', async () => {
    const silent = (requests: readonly ModelRequest[]): Answer[] =>
      requests.map((request) => ({ ...textAnswer(request), usage: { input: 0, output: 0 } }) as Answer);
    const world = await worldOf(pipelineOf(3), { rows: silent }, PAID);
    const worker = await world.open();
    await finish(world, worker);
    expect(worker.context.state.steps[0]).toMatchObject({ firstCost: 0n, uncertainRequests: 3 });
  });

  it('is unknown when a price is, and nobody set a limit', async () => {
    const world = await worldOf(pipelineOf(2), {}, paid(null, { 'scripted/m/batch': null }));
    const worker = await world.open();
    await finish(world, worker);
    expect(budgetOf(worker.context.state)).toMatchObject({ known: 0n, unpriced: true });
  });

  it('cannot be promised without a price: nothing is sent', async () => {
    const world = await worldOf(pipelineOf(2), {}, paid(10n ** 12n, { 'scripted/m/batch': null }));
    const result = await (await world.open()).tick();
    expect(result).toMatchObject({ kind: 'paused', reason: { kind: 'unusable', model: 'm' } });
    expect(world.scripted.calls).toEqual([]);
  });
});

describe('a limit', () => {
  // The bound of one unit of this pipeline with its retries, read off a run without a limit.
  const boundOfOne = async (): Promise<bigint> => {
    const running = { check: () => ({ kind: 'running', status: 'x', completed: 0 }) as const };
    const world = await worldOf(pipelineOf(3), running, PAID);
    return budgetOf((await (await world.open()).tick()).state).reserved / 3n;
  };

  it('that is too small for one unit sends nothing and says what is needed', async () => {
    const needs = await boundOfOne();
    const world = await worldOf(pipelineOf(3), {}, paid(needs - 1n));
    const result = await settleDown(world, await world.open());
    expect(result).toMatchObject({
      kind: 'paused',
      reason: { kind: 'budget', needs, left: needs - 1n, cap: needs - 1n },
    });
    expect(world.scripted.created.size).toBe(0);
  });

  it('that is enough for some at a time is never exceeded, and money that was not used serves the next', async () => {
    const one = await boundOfOne();
    const world = await worldOf(pipelineOf(9), {}, paid(3n * one));
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(Array(9).fill('valid'));
    expect(world.scripted.created.size).toBeGreaterThan(3);
    expect(Math.max(...timesAsked(world))).toBe(1);
  });

  it('keeps the money of retries, so that a unit that was begun can be ended', async () => {
    const one = await boundOfOne();
    const world = await worldOf(
      pipelineOf(6),
      {
        rows: (requests, times) =>
          requests.map((request) => textAnswer(request, times < 4 ? 'no' : '{"n": 1}')),
      },
      paid(2n * one + 40n * ANSWER),
    );
    const worker = await world.open();
    const result = await settleDown(world, worker);
    expect(result.kind).toBe('finished');
    expect(budgetOf(result.state)).toMatchObject({ reserved: 0n });
  });

  it('that stopped a run goes on from there when it is raised', async () => {
    const one = await boundOfOne();
    const world = await worldOf(pipelineOf(3), {}, paid(one - 1n));
    const first = await world.open();
    await settleDown(world, first);
    const raised: JournalEvent = { type: 'cap_changed', cap: String(one * 2n), at: 1 };
    const { version } = await world.journal.read();
    await world.journal.append([raised], version);
    expect(kinds(await finish(world, await world.open('other')))).toEqual(['valid', 'valid', 'valid']);
  });

  it('holds at every moment, whatever goes wrong', async () => {
    const one = await boundOfOne();
    for (const share of [1n, 2n, 5n]) {
      const world = await worldOf(
        pipelineOf(12),
        {
          rows: (requests, times) =>
            requests.flatMap((request, i) =>
              (i + times) % 4 === 0
                ? []
                : [textAnswer(request, (i + times) % 3 === 0 ? '{"n": "x"}' : '{"n": 1}')],
            ),
        },
        paid(share * one * 3n),
      );
      const worker = await world.open();
      const result = await settleDown(world, worker);
      checkState(result.state);
      expect(['finished', 'paused']).toContain(result.kind);
    }
  });
});

describe('an answer that was cut off', () => {
  const cutOff = (requests: readonly ModelRequest[], times: number): Answer[] =>
    requests.map((request) =>
      times < 2
        ? {
            kind: 'truncated',
            customId: request.customId,
            text: '{"n',
            usage: { input: 10, output: 100 },
            model: 'm',
          }
        : textAnswer(request),
    );

  it('is asked for again with a longer limit, doubled up to the ceiling, and that is reserved', async () => {
    const step = {
      maxTokens: 100,
      maxTokensCeiling: 300,
      retry: { maxAttempts: 4, feedback: false, from: null },
    };
    const world = await worldOf(pipelineOf(2, step), { rows: cutOff }, PAID);
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
    expect([...world.scripted.created.values()].map(([request]) => request!.maxTokens)).toEqual([
      100, 200, 300,
    ]);
  });

  it('keeps its limit where no ceiling is set', async () => {
    const world = await worldOf(pipelineOf(2), { rows: cutOff }, PAID);
    await finish(world, await world.open());
    expect([...world.scripted.created.values()].map(([request]) => request!.maxTokens)).toEqual([
      100, 100, 100,
    ]);
  });
});
