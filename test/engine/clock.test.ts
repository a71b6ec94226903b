// A clock that is set back while a process works: what was to be looked at in a second is not left alone for a day.
import { describe, expect, it } from 'vitest';
import { work } from '../../src/commands/work.ts';
import type { RunPlace } from '../../src/compose.ts';
import type { CheckResult } from '../../src/ports/provider.ts';
import { finish, kinds, pipelineOf, type World, worldOf } from './world.ts';

const DAY = 86_400_000;
const RUNNING: CheckResult = { kind: 'running', status: 'x', completed: 0 };
const ENDED: CheckResult = { kind: 'ended', status: 'completed', reason: null };

describe('a clock that is set back under way', () => {
  it('does not keep a batch from being looked at', async () => {
    const world = await worldOf(pipelineOf(2), { check: (times) => (times === 0 ? RUNNING : ENDED) });
    world.pass(2 * DAY);
    const worker = await world.open();
    expect((await worker.tick()).kind).toBe('waiting');
    world.pass(-DAY);
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
  });

  it('does not make the wait that somebody allowed a day longer', async () => {
    let looks = 0;
    const world: World = await worldOf(pipelineOf(2), {
      check: () => {
        if (++looks === 3) world.pass(-DAY);
        return RUNNING;
      },
    });
    world.pass(2 * DAY);
    const { ports } = (await world.open()).context;
    const place = { ports, trouble: () => null } as unknown as RunPlace;
    const signal = new AbortController().signal;
    const { waits } = await work(place, { waitMs: 180_000, signal, seen: () => {} });
    expect(waits).toMatchObject([{ why: 'running' }]);
    expect(looks).toBeGreaterThan(100);
    expect(looks).toBeLessThan(250);
  });
});
