import { describe, expect, it } from 'vitest';
import { textAnswer } from './scripted-provider.ts';
import { finish, kinds, pipelineOf, type World, worldOf } from './world.ts';

async function cancelRun(world: World): Promise<void> {
  const { version } = await world.journal.read();
  await world.journal.append([{ type: 'cancel_requested', at: 5 }], version);
}

describe('cancelling a run', () => {
  it('ends its batches at the provider, keeps what was answered, and gives the rest up', async () => {
    let isOver = false;
    const world = await worldOf(pipelineOf(6, {}, { chunkSize: 3 }), {
      cancel: () => {
        isOver = true;
      },
      check: () =>
        isOver
          ? { kind: 'ended', status: 'canceled', reason: 'cancelled' }
          : { kind: 'running', status: 'x', completed: 0 },
      rows: (requests, times) => (times === 0 ? requests.slice(0, 2).map((one) => textAnswer(one)) : []),
    });
    const worker = await world.open();
    await worker.tick();
    await cancelRun(world);
    expect(kinds(await finish(world, worker))).toEqual([
      'valid',
      'valid',
      'canceled',
      'canceled',
      'canceled',
      'canceled',
    ]);
    expect(world.scripted.created.size).toBe(2);
  });

  it('searches for a batch that may exist, and cancels it when it does', async () => {
    const world = await worldOf(pipelineOf(2), {
      submit: () => 'created but unsure',
      find: (times, known) =>
        times === 0
          ? { kind: 'unsure', why: 'too early' }
          : known
            ? { kind: 'found', providerBatch: 'batch-1' }
            : { kind: 'absent' },
      check: () => ({ kind: 'ended', status: 'canceled', reason: null }),
      rows: () => [],
    });
    const worker = await world.open();
    await worker.tick();
    await cancelRun(world);
    expect(kinds(await finish(world, worker))).toEqual(['canceled', 'canceled']);
    expect(world.scripted.calls).toContain('cancel');
    expect(world.scripted.created.size).toBe(1);
  });

  it('ends although the provider does not answer any more, and counts what that may have cost', async () => {
    const world = await worldOf(pipelineOf(2), {
      cancel: () => {
        throw new Error('no such host');
      },
      check: () => ({ kind: 'later', why: 'no such host' }),
    });
    const worker = await world.open();
    await worker.tick();
    await cancelRun(world);
    for (let hour = 0; hour < 3; hour++) {
      await worker.tick();
      world.pass(3_600_000);
    }
    const result = await worker.tick();
    expect(result.kind).toBe('finished');
    expect(result.state.steps[0]?.uncertainRequests).toBe(2);
  });

  it('sends nothing that was only declared', async () => {
    const world = await worldOf(pipelineOf(2), {
      submit: () => ({ kind: 'later', why: 'busy', retryAfterMs: 60_000 }),
    });
    const worker = await world.open();
    await worker.tick();
    await cancelRun(world);
    expect(kinds(await finish(world, worker))).toEqual(['canceled', 'canceled']);
    expect(world.scripted.calls.filter((call) => call === 'submit')).toHaveLength(1);
    expect(worker.context.state.steps[0]!.requests).toBe(0);
  });

  it('gives up units that wait for a local step, too', async () => {
    const world = await worldOf(pipelineOf(3), {});
    await cancelRun(world);
    expect(kinds(await finish(world, await world.open()))).toEqual(['canceled', 'canceled', 'canceled']);
    expect(world.scripted.calls).toEqual([]);
  });
});
