// What a run's own journal puts into its report.
import { describe, expect, it } from 'vitest';
import { createMemoryPublisher } from '../../src/adapters/publishers/memory.ts';
import { publish } from '../../src/engine/perform-publish.ts';
import { uncoveredMessage } from '../../src/engine/recording.ts';
import { errorOfPause } from '../../src/engine/run-error.ts';
import type { RunWorker } from '../../src/engine/tick.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import type { Report } from '../../src/report/report.ts';
import { textAnswer } from './scripted-provider.ts';
import { finish, PRICE, pipelineOf, settleDown, type World, worldOf } from './world.ts';

const PAID = (cap: bigint | null = null, price: typeof PRICE | null = PRICE) => ({
  session: { paid: true },
  settings: { prices: { 'scripted/m/batch': price }, cap: cap === null ? null : String(cap) },
});

/** One first answer is wrong, one never comes: both are asked for again. */
const mishap = (requests: readonly ModelRequest[], times: number): Answer[] =>
  times > 0
    ? requests.map((one) => textAnswer(one))
    : requests.slice(1).map((one, i) => textAnswer(one, i === 0 ? 'no' : '{"n": 1}'));

async function reportOf(worker: RunWorker, error: Report['error'] = null): Promise<Report> {
  const options = { launcher: 'octobatch', pending: null, timing: null, error };
  return (await publish(worker.context, createMemoryPublisher(), options)).report;
}

describe('the report of a paid run', () => {
  it('tells first attempts and retries apart, and the most that may have been paid beside', async () => {
    const world = await worldOf(pipelineOf(4), { rows: mishap }, PAID(10n ** 13n));
    const worker = await world.open();
    await finish(world, worker);
    const { cost, steps, provenance, simulated } = await reportOf(worker);
    // Ten tokens in and two out, at one and four dollars per million.
    expect(steps[0]).toMatchObject({ paid: true, mode: 'batch', cost: '0.00009', retryCost: '0.000036' });
    expect(cost).toMatchObject({
      spent: '0.00009',
      wouldCost: null,
      uncertainRequests: 1,
      cap: '10',
      reserved: null,
      prices: [{ provider: 'scripted', model: 'm', mode: 'batch', source: 'test' }],
      unpriced: [],
    });
    expect(Number(cost.uncertain)).toBeGreaterThan(0);
    expect({ provenance, simulated }).toMatchObject({
      simulated: false,
      provenance: { provider: 'scripted', model: 'm', answers: 'fresh', replays: null },
    });
  });

  it('gives no number where a price is not known', async () => {
    const world = await worldOf(pipelineOf(2), {}, PAID(null, null));
    const worker = await world.open();
    await finish(world, worker);
    const { cost, steps } = await reportOf(worker);
    expect(cost).toMatchObject({ spent: null, unpriced: ['m'], prices: [{ source: null }] });
    expect(steps[0]).toMatchObject({ cost: null });
  });

  it('tells that its cap paused it, and what would do', async () => {
    const world = await worldOf(pipelineOf(4), {}, PAID(1_000_000n));
    const worker = await world.open();
    const result = await settleDown(world, worker);
    if (result.kind !== 'paused') throw new Error('the run is not paused');
    const report = await reportOf(worker, errorOfPause(result.reason));
    expect(report).toMatchObject({
      verdict: 'error',
      error: { kind: 'budget', cap: '0.000001', left: '0.000001' },
    });
    expect(report.headline).toContain('paused by its cost cap');
    expect(report.cost).toMatchObject({ spent: '0', reserved: '0' });
  });
});

async function cancel(world: World): Promise<void> {
  const { version } = await world.journal.read();
  await world.journal.append([{ type: 'cancel_requested', at: 5 }], version);
}

describe('the report of a canceled run', () => {
  it('is an error that keeps what came through', async () => {
    let isOver = false;
    const world = await worldOf(pipelineOf(3), {
      cancel: () => {
        isOver = true;
      },
      check: () =>
        isOver
          ? { kind: 'ended', status: 'canceled', reason: null }
          : { kind: 'running', status: 'x', completed: 0 },
      rows: (requests) => [textAnswer(requests[0]!)],
    });
    const worker = await world.open();
    await worker.tick();
    await cancel(world);
    await finish(world, worker);
    const report = await reportOf(worker);
    expect(report).toMatchObject({
      verdict: 'error',
      error: { kind: 'canceled' },
      units: { valid: 1, failed: 2 },
    });
  });

  it('is that of any other run when nothing was lost by it', async () => {
    const world = await worldOf(pipelineOf(2), {});
    const worker = await world.open();
    await worker.tick();
    await cancel(world);
    await finish(world, worker);
    expect(await reportOf(worker)).toMatchObject({ error: null, units: { valid: 2, failed: 0 } });
  });
});

describe('the report of a replayed run', () => {
  it('says whose answers they are, how many are missing, and that nothing was spent', async () => {
    const world = await worldOf(
      pipelineOf(3, {}, { provider: 'replay', model: null }),
      {
        rows: (requests) => [
          ...requests.slice(1).map((one) => textAnswer(one)),
          {
            kind: 'error',
            customId: requests[0]!.customId,
            failure: 'rejected',
            message: uncoveredMessage('old-run'),
            raw: '',
            billed: 'no',
          },
        ],
      },
      { settings: { replays: 'old-run' } },
    );
    const worker = await world.open();
    await finish(world, worker);
    const report = await reportOf(worker);
    expect(report).toMatchObject({
      verdict: 'pass',
      uncovered: 1,
      cost: { spent: '0', prices: [] },
      provenance: { provider: 'replay', model: null, answers: 'replayed', replays: 'old-run' },
    });
    expect(report.headline).toContain('recorded answers');
  });
});
