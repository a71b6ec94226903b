// Sequences that once made a batch twice, lost one, or never came to an end.
import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../src/engine/budget.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import { textAnswer } from './scripted-provider.ts';
import { finish, kinds, PRICE, pipelineOf, settleDown, timesAsked, type World, worldOf } from './world.ts';

const HOUR = 3_600_000;
const PAID = { session: { paid: true }, settings: { prices: { 'scripted/m/batch': PRICE } } };

/** A provider that shows a batch a minute after the end of the window in which it may have been created. */
function seesLate(world: World, now: () => number): void {
  const { provider } = world.scripted;
  const { find } = provider;
  provider.find = async (key, window) => {
    if (now() - window.until >= 60_000) return find(key, window);
    return { kind: 'unsure', why: 'too recent to be listed' };
  };
}

async function cancelRun(world: World): Promise<void> {
  const { version } = await world.journal.read();
  await world.journal.append([{ type: 'cancel_requested', at: 5 }], version);
}

/** One job after the other, each a process of its own that looks once. */
async function jobs(world: World, count: number, pauseMs: number): Promise<string[]> {
  const ends: string[] = [];
  for (let job = 0; job < count; job++) {
    const result = await (await world.open(`dead-${job}`)).tick();
    ends.push(result.kind);
    if (result.kind === 'finished') break;
    world.pass(pauseMs);
  }
  return ends;
}

describe('a create in doubt', () => {
  it('is searched for after its end, not after its beginning: a slow one is not made twice', async () => {
    let now = 0;
    const world = await worldOf(pipelineOf(3), {
      submit: () => {
        world.pass(120_000);
        now += 120_000;
        return 'created but unsure';
      },
    });
    const { provider } = world.scripted;
    provider.find = async (_, { until }) => {
      const { events } = await world.journal.read();
      const creating = events.find((event) => event.type === 'batch_creating');
      expect(until).toBeGreaterThanOrEqual(creating?.type === 'batch_creating' ? creating.claim.at : 0);
      return { kind: 'found', providerBatch: 'batch-1' };
    };
    expect(kinds(await finish(world, await world.open()))).toEqual(['valid', 'valid', 'valid']);
    expect(world.scripted.created.size).toBe(1);
    expect(now).toBe(120_000);
  });

  it('does not keep a batch from being sent when every job looks only once', async () => {
    const world = await worldOf(pipelineOf(2), {
      submit: (times) => (times === 0 ? { kind: 'later', why: '429', retryAfterMs: 1000 } : undefined),
    });
    seesLate(world, () => 0);
    expect((await jobs(world, 4, HOUR)).at(-1)).toBe('finished');
    expect(timesAsked(world)).toEqual([1, 1]);
  });

  it('ends its quarantine over jobs that look once, when the create cannot be under way any more', async () => {
    let clock = 0;
    const world = await worldOf(pipelineOf(2), {
      submit: (times) => (times === 0 ? { kind: 'unsure', why: 'a gateway' } : undefined),
    });
    const { provider } = world.scripted;
    const { submit } = provider;
    // It says that it may have been created, and asked before.
    provider.submit = async (draft) => {
      await draft.mayCreate();
      return submit(draft);
    };
    seesLate(world, () => 1_000_000 + clock);
    for (let job = 0; job < 8; job++) {
      const result = await (await world.open(`dead-${job}`)).tick();
      if (result.kind === 'finished') break;
      world.pass(5 * 60_000);
      clock += 5 * 60_000;
    }
    expect(timesAsked(world)).toEqual([1, 1]);
  });

  it('is searched for where it was made, though the clock was a day and more ahead then', async () => {
    const world = await worldOf(pipelineOf(2), { submit: () => 'created but unsure' });
    const { provider } = world.scripted;
    const { find } = provider;
    const made = 1_000_000;
    let looks = 0;
    // Shows what was made at most half a day before the window; whose it is it tells at the third look.
    provider.find = async (key, { from, until, count }) => {
      if (made < from - 12 * HOUR) return { kind: 'absent' };
      return ++looks < 3 ? { kind: 'unsure', why: 'it runs' } : find(key, { from, until, count });
    };
    world.pass(30 * HOUR);
    await (await world.open('dead-1')).tick();
    world.pass(-30 * HOUR);
    await jobs(world, 4, 13 * HOUR);
    expect(kinds(await finish(world, await world.open('dead-2')))).toEqual(['valid', 'valid']);
    expect(timesAsked(world)).toEqual([1, 1]);
  });

  it('is not begun under a claim that could run out before it is over', async () => {
    const world = await worldOf(pipelineOf(2), {});
    await (await world.open()).tick();
    const { events } = await world.journal.read();
    const creating = events.find((event) => event.type === 'batch_creating');
    const { claim } = creating as Extract<typeof creating, { claim: object }>;
    expect(claim.expires - claim.at).toBe(15 * 60_000);
  });
});

describe('a batch the provider does not know', () => {
  it('is not given up for one answer: an hour has to pass', async () => {
    const world = await worldOf(
      pipelineOf(2),
      {
        check: (times) =>
          times === 1
            ? { kind: 'unknown', why: '404' }
            : times < 3
              ? { kind: 'running', status: 'x', completed: 0 }
              : { kind: 'ended', status: 'completed', reason: null },
      },
      PAID,
    );
    const worker = await world.open();
    await worker.tick();
    world.pass(5 * HOUR);
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
  });

  it('counts as missing, and as possibly billed, when it stays so', async () => {
    const world = await worldOf(
      pipelineOf(2, { retry: { maxAttempts: 1, feedback: true, from: null } }),
      { check: () => ({ kind: 'unknown', why: '404' }) },
      PAID,
    );
    const ends = await jobs(world, 10, HOUR);
    expect(ends.at(-1)).toBe('finished');
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['missing', 'missing']);
    expect(worker.context.state.steps[0]).toMatchObject({ uncertainRequests: 2 });
    expect(budgetOf(worker.context.state).reserved).toBe(0n);
  });

  it('ends when its run is cancelled, too', async () => {
    const world = await worldOf(pipelineOf(2), {
      cancel: () => {
        throw new Error('404 no such batch');
      },
      check: (times) =>
        times === 0 ? { kind: 'running', status: 'x', completed: 0 } : { kind: 'unknown', why: '404' },
    });
    const worker = await world.open();
    await worker.tick();
    await cancelRun(world);
    for (let looks = 0; looks < 20; looks++) {
      const result = await worker.tick();
      if (result.kind === 'finished') return;
      expect(result.kind).toBe('waiting');
      world.pass(HOUR / 2);
    }
    throw new Error('the run does not end');
  });
});

describe('what does not come', () => {
  it('a cancellation the provider refuses is asked again in growing pauses, never in a loop', async () => {
    const world = await worldOf(pipelineOf(2), {
      cancel: () => {
        throw new Error('401');
      },
      check: () => ({ kind: 'running', status: 'x', completed: 0 }),
    });
    const worker = await world.open();
    await worker.tick();
    await cancelRun(world);
    expect((await worker.tick()).kind).toBe('waiting');
    for (let looks = 0; looks < 10; looks++) {
      world.pass(5000);
      await worker.tick();
    }
    expect(world.scripted.calls.filter((call) => call === 'cancel').length).toBeLessThan(6);
  });

  it('rows that can never be had hold a run up for a day, not for ever; those that were read count', async () => {
    const world = await worldOf(
      pipelineOf(3, { retry: { maxAttempts: 1, feedback: true, from: null } }),
      { rows: () => 'broken download' },
      PAID,
    );
    const ends = await jobs(world, 40, HOUR);
    expect(ends.at(-1)).toBe('finished');
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'missing', 'missing']);
    expect(worker.context.state.steps[0]).toMatchObject({ uncertainRequests: 2 });
  });

  it('a batch is cancelled for its age by jobs that look once', async () => {
    const world = await worldOf(
      pipelineOf(2),
      {
        check: () =>
          world.scripted.calls.includes('cancel')
            ? { kind: 'ended', status: 'canceled', reason: null }
            : { kind: 'running', status: 'x', completed: 0 },
      },
      { session: { maxBatchAgeMs: 26 * HOUR } },
    );
    await jobs(world, 30, HOUR);
    expect(world.scripted.calls).toContain('cancel');
  });

  it('a call that is turned away for ever ends as a failure, and the others are answered', async () => {
    const world = await worldOf(pipelineOf(6, { mode: 'realtime' }), {
      ask: (request: ModelRequest) =>
        request.prompt.includes('in 3?')
          ? { kind: 'later', why: '500', retryAfterMs: null }
          : { kind: 'answered', answer: textAnswer(request) },
    });
    const worker = await world.open();
    for (let looks = 0; looks < 400; looks++) {
      const result = await worker.tick();
      if (result.kind === 'finished') break;
      world.pass(60_000);
    }
    const records = kinds(await finish(world, worker));
    expect(records).toEqual(['valid', 'valid', 'valid', 'transport', 'valid', 'valid']);
  });

  it('calls end with the wave when the program is stopped, and nothing is paid twice', async () => {
    const stop = new AbortController();
    let asked = 0;
    const world = await worldOf(pipelineOf(20, { mode: 'realtime' }), {
      ask: async (request) => {
        if (++asked === 5) stop.abort();
        return { kind: 'answered', answer: textAnswer(request) };
      },
    });
    const worker = await world.open();
    await worker.tick(stop.signal);
    expect(asked).toBeLessThan(12);
    expect(kinds(await finish(world, await world.open('dead-2')))).toEqual(Array(20).fill('valid'));
    expect(Math.max(...world.scripted.asked.values())).toBe(1);
  });
});

describe('a queue that is full for others', () => {
  it('does not make batches tiny for ever', async () => {
    const world = await worldOf(pipelineOf(64), {
      check: (times) =>
        times < 3
          ? { kind: 'queue_full', why: 'full' }
          : { kind: 'ended', status: 'completed', reason: null },
    });
    expect(kinds(await finish(world, await world.open()))).toEqual(Array(64).fill('valid'));
    const sizes = [...world.scripted.created.values()].map((requests) => requests.length);
    expect(sizes.slice(0, 3)).toEqual([64, 32, 16]);
    expect(sizes.length).toBeLessThan(15);
  });

  it('is asked less and less often', async () => {
    const world = await worldOf(pipelineOf(1, {}, { templates: { ask: 'x' } }), {
      submit: () => ({ kind: 'queue_full', why: 'full', retryAfterMs: null }),
    });
    const worker = await world.open();
    for (let looks = 0; looks < 600; looks++) {
      await worker.tick();
      world.pass(10_000);
    }
    expect(world.scripted.calls.filter((call) => call === 'submit').length).toBeLessThan(16);
  });
});

describe('money kept for retries', () => {
  it('serves units of any size, though little else is free', async () => {
    const long = 'x'.repeat(40_000);
    const templates = {
      ask: `{% if _repetition_id == 0 %}${long}{% endif %}How many in {{ _repetition_id }}?`,
    };
    const loaded = pipelineOf(2, { retry: { maxAttempts: 2, feedback: true, from: null } }, { templates });
    const open = { check: () => ({ kind: 'running', status: 'x', completed: 0 }) as const };
    const probe = await worldOf(loaded, open, PAID);
    const needs = budgetOf((await (await probe.open()).tick()).state).reserved;
    const rows = (requests: readonly ModelRequest[], times: number): Answer[] =>
      times === 0 ? requests.map((one) => textAnswer(one, 'no')) : requests.map((one) => textAnswer(one));
    const cap = String(needs + 100_000_000n);
    const world = await worldOf(loaded, { rows }, { ...PAID, settings: { ...PAID.settings, cap } });
    const result = await settleDown(world, await world.open());
    expect(result.kind).toBe('finished');
  });
});

describe('a batch that another process declared', () => {
  it('is not sent when the journal asks another model, or reserves too little', async () => {
    for (const change of [
      { model: 'dear' },
      { reserved: '1' },
      { count: 1 },
      { mode: 'realtime' as const },
    ]) {
      const world = await worldOf(pipelineOf(2), { submit: () => ({ kind: 'unsure', why: 'x' }) }, PAID);
      await (await world.open('dead-1')).tick();
      const { events } = await world.journal.read();
      const other = await worldOf(pipelineOf(2), {}, { ...PAID, blobs: world.blobs });
      const forged = events.flatMap((event) =>
        event.type === 'batch_declared' ? [{ ...event, ...change }] : [],
      );
      const { version } = await other.journal.read();
      await other.journal.append(forged, version);
      const result = await settleDown(other, await other.open());
      expect(result).toMatchObject({ kind: 'paused', reason: { kind: 'blocked' } });
      expect(other.scripted.created.size).toBe(0);
      await cancelRun(other);
      expect((await settleDown(other, await other.open('dead-2'))).kind).toBe('finished');
    }
  });

  it('is not sent any more when the cap was lowered since', async () => {
    const world = await worldOf(
      pipelineOf(2),
      { submit: (times) => (times === 0 ? { kind: 'later', why: '429', retryAfterMs: 1000 } : undefined) },
      PAID,
    );
    await (await world.open('dead-1')).tick();
    const { version } = await world.journal.read();
    await world.journal.append([{ type: 'cap_changed', cap: '1', at: 1 }], version);
    world.pass(60_000);
    const result = await (await world.open()).tick();
    expect(result).toMatchObject({ kind: 'paused', reason: { kind: 'budget', cap: 1n } });
    expect(world.scripted.created.size).toBe(0);
  });
});

describe('two processes', () => {
  it('that look at the same batch at once write about it once', async () => {
    let looks = 0;
    const world: World = await worldOf(pipelineOf(2), {
      check: (times) => {
        looks++;
        return times === 0
          ? { kind: 'unknown', why: '404' }
          : { kind: 'ended', status: 'completed', reason: null };
      },
    });
    const first = await world.open('a');
    await first.tick();
    world.pass(60_000);
    const second = await world.open('b');
    const ends = await Promise.all([first.tick(), second.tick()]);
    expect(ends.map((end) => end.kind)).toContain('finished');
    expect(looks).toBeGreaterThan(1);
    expect(kinds(await finish(world, await world.open('c')))).toEqual(['valid', 'valid']);
  });

  it('of which one was asleep during its upload do not create twice', async () => {
    const world: World = await worldOf(pipelineOf(2), {});
    const { provider } = world.scripted;
    const { submit } = provider;
    let sleeper = true;
    provider.submit = async (draft) => {
      if (sleeper) {
        sleeper = false;
        world.pass(17 * 60_000);
        const other = await world.open('b');
        await other.tick();
      }
      return submit(draft);
    };
    const worker = await world.open('a');
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
    expect(world.scripted.created.size).toBe(1);
  });
});

describe('an account that is refused after the batch was created', () => {
  it('pauses the run, and the units are sent when that is over', async () => {
    const world = await worldOf(pipelineOf(3), {
      check: (times) =>
        times === 0
          ? { kind: 'blocked', why: 'billing_hard_limit_reached' }
          : { kind: 'ended', status: 'completed', reason: null },
    });
    const worker = await world.open('dead-1');
    expect(await settleDown(world, worker)).toMatchObject({ kind: 'paused', reason: { kind: 'blocked' } });
    expect(kinds(await finish(world, await world.open()))).toEqual(['valid', 'valid', 'valid']);
    expect([...world.scripted.created.values()].map((requests) => requests.length)).toEqual([3, 3]);
  });
});
