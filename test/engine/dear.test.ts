// A journal whose appends are dear: what could be lost for nothing waits in memory, what could not is written at once.
import { describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { textAnswer } from './scripted-provider.ts';
import { finish, kinds, pipelineOf, timesAsked, type World, worldOf } from './world.ts';

const THREE_BATCHES = pipelineOf(6, {}, { chunkSize: 2 });

/** A dear journal; `before` is called with the number of each append, before it is made. */
function dearJournal(before: (append: number, journal: Journal) => Promise<void> = async () => {}): {
  journal: () => Journal;
  appends: (readonly JournalEvent[])[];
} {
  const appends: (readonly JournalEvent[])[] = [];
  const journal = (): Journal => {
    const inner = createMemoryJournal();
    return {
      ...inner,
      isDear: true,
      async append(events, expectedVersion) {
        appends.push(events);
        await before(appends.length, inner);
        return inner.append(events, expectedVersion);
      },
    };
  };
  return { journal, appends };
}

const OTHER = (at: number): JournalEvent => ({
  type: 'target_added',
  target: { pipeline: 'p', pull: at, commit: 'a'.repeat(40), branch: 'main', workflowRun: 1 },
  at,
});

describe('a run whose journal is dear to write', () => {
  it('writes for each batch before it is created, when it was, and no more', async () => {
    const { journal, appends } = dearJournal();
    const world = await worldOf(pipelineOf(5), {}, { journal });
    const records = await finish(world, await world.open());
    expect(kinds(records)).toEqual(Array(5).fill('valid'));
    expect(appends.map((events) => events.map((event) => event.type))).toEqual([
      ['run_created'],
      ['batch_declared', 'batch_creating'],
      ['batch_submitted'],
      ['batch_collected', 'batch_settled', 'run_finished'],
    ]);
  });

  it('ends the same when somebody else writes before each of its appends', async () => {
    const plain = await worldOf(THREE_BATCHES, {});
    const expected = await finish(plain, await plain.open());
    let conflicts = 0;
    const { journal } = dearJournal(async (append, inner) => {
      // Every second one, so that each is right at the next try.
      if (append === 1 || append % 2 === 1) return;
      const { version } = await inner.read();
      await inner.append([OTHER(append)], version);
      conflicts++;
    });
    const world = await worldOf(THREE_BATCHES, {}, { journal });
    const records = await finish(world, await world.open());
    expect(records).toEqual(expected);
    expect(new Set(timesAsked(world))).toEqual(new Set([1]));
    expect(conflicts).toBeGreaterThan(1);
  });

  it('ends the same wherever its process dies, and asks nothing twice', async () => {
    const count = dearJournal();
    const whole = await worldOf(THREE_BATCHES, {}, { journal: count.journal });
    const expected = await finish(whole, await whole.open());
    for (let at = 2; at <= count.appends.length; at++) {
      for (const heard of [true, false]) {
        let isAlive = true;
        let inner: Journal | null = null;
        let appends = 0;
        const world = await worldOf(
          THREE_BATCHES,
          {},
          {
            journal: () => {
              const kept = createMemoryJournal();
              inner = kept;
              return {
                ...kept,
                isDear: true,
                async append(events, version) {
                  if (++appends !== at || !isAlive) return kept.append(events, version);
                  isAlive = false;
                  if (heard) await kept.append(events, version);
                  throw new Error('the process died');
                },
              };
            },
          },
        );
        await expect(finish(world, await world.open('dead'))).rejects.toThrow('the process died');
        expect(inner).not.toBeNull();
        expect(await finish(world, await world.open('next')), `append ${at}`).toEqual(expected);
        expect(new Set(timesAsked(world)), `append ${at}, ${heard}`).toEqual(new Set([1]));
      }
    }
  });

  it('drops what it has not written when its run was cancelled meanwhile', async () => {
    const { journal } = dearJournal(async (append, inner) => {
      if (append !== 2) return;
      const { version } = await inner.read();
      await inner.append([{ type: 'cancel_requested', at: 5 }], version);
    });
    const world = await worldOf(pipelineOf(3), {}, { journal });
    const records = await finish(world, await world.open());
    expect(kinds(records)).toEqual(Array(3).fill('canceled'));
    expect(world.scripted.calls).not.toContain('submit');
  });

  it('holds its claim on calls that take long in the journal, and not in memory alone', async () => {
    const { journal } = dearJournal();
    const left: number[] = [];
    let now = 1_000_000;
    const world: World = await worldOf(
      pipelineOf(12, { mode: 'realtime' }),
      {
        async ask(request, asked) {
          const phase = foldJournal((await world.journal.read()).events)
            ?.batches.values()
            .next().value?.phase;
          if (phase?.kind === 'calling') left.push(phase.claim.expires - now);
          world.pass(60_000);
          now += 60_000;
          return asked === 0
            ? { kind: 'unanswered', why: 'silence' }
            : { kind: 'answered', answer: textAnswer(request) };
        },
      },
      { journal },
    );
    await finish(world, await world.open());
    expect(left).toHaveLength(24);
    // The longest call of any provider takes 10 minutes.
    expect(Math.min(...left)).toBeGreaterThanOrEqual(10 * 60_000);
  });
});
