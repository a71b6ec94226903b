// What the journal of the whole run takes over from those of its shards, which shards are refused, and how they are merged
// in steps, any of which may be the last of its process.
import { describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import type { JournalEvent, Target } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { mergeShards, submitShard } from '../../src/engine/perform-shard.ts';
import { isMergeable, mergeJournals, type ShardName, shardRunId, sliceCap } from '../../src/engine/shard.ts';
import { JournalError, type RunState } from '../../src/engine/state.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { created, DIGEST, declared, SETTINGS } from './journal-cases.ts';
import { answersBySalt, Death, eventsOf, journalOf, judgedPipeline, openShardWorld } from './shard-world.ts';
import { pipelineOf } from './world.ts';

type Created = Extract<JournalEvent, { type: 'run_created' }>;

const CLOCK = { now: () => 9000 };
const parts = (of: number): ShardName[] => Array.from({ length: of }, (_, i) => ({ index: i + 1, of }));

/** The creation of a shard of a run of ten units that may cost 100. */
function begun({ index, of }: ShardName, more: Partial<Created> = {}): Created {
  const whole = created(10, ['l1']) as Created;
  const cap = sliceCap(100n, { index, of })!.toString();
  return {
    ...whole,
    run: shardRunId(whole.run, { index, of }),
    nonce: `n${index}`,
    settings: { ...SETTINGS, cap },
    shard: { index, of, cap: '100' },
    ...more,
  };
}

const [A, B] = parts(2) as [ShardName, ShardName];

/** The whole run of two shards that are created and then do this. */
function merged(first: readonly JournalEvent[], second: readonly JournalEvent[]): RunState {
  return foldJournal(
    mergeJournals([
      [begun(A), ...first],
      [begun(B), ...second],
    ]),
  )!;
}

const target = (commit: string): Target => ({
  pipeline: 'p',
  pull: 4,
  commit: commit.repeat(40),
  branch: 'main',
  workflowRun: 1,
});
const waits = (commit: string, at: number): JournalEvent => ({
  type: 'target_added',
  target: target(commit),
  at,
});
const cap = (amount: string | null): JournalEvent => ({ type: 'cap_changed', cap: amount, at: 2000 });

const { pipeline, pull, commit } = target('a');
const name = { pipeline, pull, commit };
const vouched = (snapshot: string): JournalEvent => ({
  ...{ type: 'post_process_trusted', snapshot, target: name, at: 5000 },
});
const joined = (snapshot: string, trusted: boolean): JournalEvent => ({
  ...{ type: 'post_process_joined', snapshot, trusted, target: name, at: 5000 },
});

describe('scripts of the whole run', () => {
  const trustOf = ({ postProcess }: RunState) => ({
    own: postProcess.trusted,
    joined: Object.fromEntries([...postProcess.joined].map(([by, { isTrusted }]) => [by, isTrusted])),
  });

  it('are those that somebody vouched for in every shard, whichever came first in which', () => {
    const both = merged([vouched('m'), joined('p', true)], [vouched('p'), joined('m', true)]);
    expect(trustOf(both)).toEqual({ own: 'm', joined: { p: true } });
  });

  it('of a commit that nobody vouched for in one of them are not run', () => {
    expect(trustOf(merged([vouched('m')], [joined('m', false)]))).toEqual({
      own: null,
      joined: { m: false },
    });
    expect(trustOf(merged([vouched('m')], []))).toEqual({ own: null, joined: { m: false } });
  });
});

describe('the journal of the whole run', () => {
  it('begins like that of the first shard, as early as any, with the whole ceiling', () => {
    const early = begun(B, { at: 500 });
    const [event, ...rest] = mergeJournals([[early], [begun(A)]]);
    expect(event).toMatchObject({ run: 'test-0123456789', nonce: 'n1', at: 500, settings: { cap: '100' } });
    expect(event).not.toHaveProperty('shard');
    expect(rest).toEqual([]);
    expect(foldJournal([event!])!.steps[0]!.ready[0]!.units.toString()).toBe('0-9');
  });

  it('has the ceiling that those of the shards add up to, also when they were changed', () => {
    expect(merged([], [cap('20')]).cap).toBe(70n);
    expect(merged([cap('70')], [cap('20'), cap('30')]).cap).toBe(100n);
    expect(merged([cap(null)], []).cap).toBeNull();
    expect(merged([cap(null), cap('50')], []).cap).toBe(100n);
    // What was reserved under a higher ceiling must stand below the one that held then.
    expect(mergeJournals([[begun(A), cap('90'), cap('10')], [begun(B)]])[0]).toMatchObject({
      settings: { cap: '140' },
    });
  });

  it('is cancelled when one of its shards is, whatever another one takes back', () => {
    const cancel: JournalEvent = { type: 'cancel_requested', why: { kind: 'deadline' }, at: 3000 };
    const again: JournalEvent = { type: 'units_retried', step: 0, to: 0, groups: [], kinds: {}, at: 4000 };
    expect(merged([cancel], [])).toMatchObject({ canceling: true, cancelReason: { kind: 'deadline' } });
    expect(merged([cancel], [cancel, again])).toMatchObject({ canceling: true });
    expect(merged([], [cancel, again])).toMatchObject({ canceling: false, cancelReason: null });
    const events = mergeJournals([
      [begun(A), cancel],
      [begun(B), cancel],
    ]);
    expect(events.filter(({ type }) => type === 'cancel_requested')).toHaveLength(1);
  });

  it('waits for nothing but its work when all shards are finished', () => {
    const finished: JournalEvent = { type: 'run_finished', at: 3000 };
    expect(merged([finished], [finished])).toMatchObject({ finished: false, lastEventAt: 1000 });
  });

  it('names every commit that waits once', () => {
    const state = merged([waits('a', 1500), waits('b', 1600)], [waits('b', 1550), waits('c', 1700)]);
    expect(state.targets.map(({ commit, addedAt }) => [commit[0], addedAt])).toEqual([
      ['a', 1500],
      ['b', 1600],
      ['c', 1700],
    ]);
  });

  it('is shown in the newest light that any shard knows of', () => {
    const changed = (snapshot: string, at: number): JournalEvent => ({
      type: 'report_changed',
      snapshot,
      at,
    });
    expect(merged([], []).reportSnapshot).toBe(DIGEST);
    const state = merged([changed('1', 2000)], [changed('2', 1500)]);
    expect(state).toMatchObject({ snapshot: DIGEST, reportSnapshot: '1' });
  });

  it('is refused for shards that do not belong together, with the reason', () => {
    const refusal = (...events: readonly JournalEvent[]): string => {
      try {
        mergeJournals(events.map((event) => [event]));
      } catch (error) {
        if (error instanceof JournalError) return error.message;
        throw error;
      }
      return '';
    };
    const run = 'run test-0123456789';
    expect(refusal()).toBe('There is no shard to merge.');
    expect(refusal(created(10, ['l1']))).toBe('Run test-0123456789 is no shard.');
    expect(refusal(begun(A))).toBe(`Shard 2/2 of ${run} cannot be found.`);
    const three = { index: 2, of: 3 };
    expect(refusal(begun(three))).toBe(`Shards 1/3 and 3/3 of ${run} cannot be found.`);
    expect(refusal(begun(A), begun(A), begun(B))).toBe(`Shard 1/2 of ${run} is there twice.`);
    const [first, second] = parts(3) as [ShardName, ShardName];
    expect(refusal(begun(A), begun(second))).toBe(`Shard 2/3 of ${run} is one of another division than 1/2.`);
    expect(refusal(begun(first, { contentKey: 'd' }), begun(second))).toBe(
      `Shard 2/3 (run test-0123456789-s2of3) is not a part of ${run}.`,
    );
    expect(refusal(begun(A), begun(B, { epoch: 1 }))).toContain('is not a part of');
    const prices = { 'openai/small/batch': null };
    expect(refusal(begun(A), begun(B, { settings: { ...SETTINGS, prices } }))).toContain(
      'were begun with different prices; collect each of them, by its id, to its end first.',
    );
    expect(() => mergeJournals([[]])).toThrow('A shard has no journal.');
  });
});

describe('a shard', () => {
  const submitted: JournalEvent = { type: 'shard_submitted', at: 3000 };
  const asking = (provider: string): JournalEvent =>
    ({ ...declared('b', 0, '0-4'), provider }) as JournalEvent;
  const isReady = (...events: JournalEvent[]): boolean => isMergeable(foldJournal([begun(A), ...events])!);

  it('may be merged when its job is done or it is finished', () => {
    expect(isReady()).toBe(false);
    expect(isReady(submitted)).toBe(true);
    expect(isReady({ type: 'run_finished', at: 3000 })).toBe(true);
    expect(isMergeable(foldJournal([created(10, ['l1'])])!)).toBe(false);
  });

  it('is finished first while the simulator or a recording has a batch of it', () => {
    expect(isReady(asking('openai'), submitted)).toBe(true);
    expect(isReady(asking('simulated'), submitted)).toBe(false);
    expect(isReady(asking('replay'), submitted)).toBe(false);
  });

  it('says once that its job is done, and other runs never do', async () => {
    const shard = await journalOf([begun(A)]);
    await submitShard(shard, CLOCK);
    await submitShard(shard, CLOCK);
    expect((await eventsOf(shard)).map(({ type }) => type)).toEqual(['run_created', 'shard_submitted']);
    const whole = await journalOf([created(10, ['l1'])]);
    await submitShard(whole, CLOCK);
    expect(await eventsOf(whole)).toHaveLength(1);
  });

  it('of a run with fewer units than shards has nothing to do, and ends', async () => {
    const world = openShardWorld(pipelineOf(2), {}, null);
    const shards = parts(5);
    const journals: Journal[] = [];
    for (const shard of shards) journals.push(await world.begin(shard));
    const states = await Promise.all(journals.map(async (journal) => foldJournal(await eventsOf(journal))!));
    expect(states.every(({ finished }) => finished)).toBe(true);
    expect(world.scripted.created.size).toBe(2);
    const whole = createMemoryJournal();
    expect(await mergeShards(journals, whole, async () => {}, CLOCK)).toBe('merged');
    await world.goOn(whole);
    expect(await world.records(whole)).toHaveLength(2);
  });

  it('whose slice is too small for one request waits for the whole ceiling, and is never paid beyond it', async () => {
    const loaded = judgedPipeline(3, 'batch', null);
    // One unit with its retries may cost half of it.
    const world = openShardWorld(loaded, answersBySalt(3), 60_000_000_000n);
    const journals: Journal[] = [];
    for (const shard of parts(7)) journals.push(await world.begin(shard));
    expect(world.scripted.created.size).toBe(0);
    for (const journal of journals) await submitShard(journal, CLOCK);
    const whole = createMemoryJournal();
    expect(await mergeShards(journals, whole, async () => {}, CLOCK)).toBe('merged');
    expect(await world.goOn(whole)).toMatchObject({ kind: 'finished', state: { cap: 60_000_000_000n } });
  });

  it('that was merged is worked on by nobody any more, nor by whoever was at it', async () => {
    const world = openShardWorld(pipelineOf(4), {}, null);
    const journals = [await world.begin(A, 0), await world.begin(B)];
    const [living] = journals as [Journal, Journal];
    await submitShard(living, CLOCK);
    const whole = createMemoryJournal();
    let isMerged = false;
    // Between two of its appends everything is merged.
    const overtaken: Journal = {
      ...living,
      async append(events, version) {
        if (!isMerged) await mergeShards(journals, whole, async () => {}, CLOCK);
        isMerged = true;
        return living.append(events, version);
      },
    };
    const said =
      'Run test-[0-9a-f]{10}-s1of2 is shard 1/2 of run test-[0-9a-f]{10} and was merged into it; go on with that one.';
    await expect(world.goOn(overtaken)).rejects.toThrow(new RegExp(`^${said}$`));
    await expect(world.goOn(living)).rejects.toThrow(JournalError);
    expect((await eventsOf(living)).at(-1)).toMatchObject({ type: 'shard_merged' });
    expect(await world.goOn(whole)).toMatchObject({ kind: 'finished' });
    expect(world.scripted.created.size).toBe(2);
  });
});

describe('merging in steps', () => {
  /** Three shards, one of them stopped before its end, and the units that were asked in a whole run. */
  async function scene() {
    const loaded = judgedPipeline(6, 'batch', 2);
    const world = openShardWorld(loaded, answersBySalt(5), null);
    const journals: Journal[] = [];
    for (const shard of parts(3)) {
      const journal = await world.begin(shard, shard.index === 2 ? 4 : Number.POSITIVE_INFINITY);
      await submitShard(journal, CLOCK);
      journals.push(journal);
    }
    const one = openShardWorld(loaded, answersBySalt(5), null);
    const expected = await one.records(await one.begin(null));
    return { world, journals, expected };
  }

  it('leaves either the shards or the whole run in charge, at whatever step a process dies', async () => {
    for (let steps = 0; steps < 8; steps++) {
      const { world, journals, expected } = await scene();
      const whole = createMemoryJournal();
      let left = steps;
      const die = (): void => {
        if (left-- <= 0) throw new Death('the process died');
      };
      const dying = (journal: Journal): Journal => ({
        ...journal,
        // Before the append or after it: both happen.
        async append(events, version) {
          die();
          const result = await journal.append(events, version);
          die();
          return result;
        },
      });
      const brought: number[] = [];
      const bring = async (): Promise<void> => {
        expect((await whole.read()).version).toBe(0);
        brought.push(1);
      };
      const dead = await mergeShards(journals.map(dying), dying(whole), bring, CLOCK).then(
        () => null,
        (error: unknown) => error,
      );
      expect(dead).toBeInstanceOf(Death);
      const isClosed = async (journal: Journal) => foldJournal(await eventsOf(journal))!.shard!.merged;
      const closed = await Promise.all(journals.map(isClosed));
      const isBegun = (await whole.read()).version > 0;
      if (isBegun) expect(closed).toEqual([true, true, true]);
      for (const [index, journal] of journals.entries())
        if (closed[index]) await expect(world.goOn(journal)).rejects.toThrow('was merged into it');
      expect(await mergeShards(journals, whole, bring, CLOCK)).toBe('merged');
      expect(brought.length).toBeGreaterThan(0);
      expect(await world.goOn(whole)).toMatchObject({ kind: 'finished' });
      expect(await world.records(whole)).toEqual(expected);
    }
  });

  it('does no harm twice, nor by two at once', async () => {
    const { world, journals, expected } = await scene();
    const whole = createMemoryJournal();
    const results = await Promise.all([1, 2].map(() => mergeShards(journals, whole, async () => {}, CLOCK)));
    expect(results).toEqual(['merged', 'merged']);
    await world.goOn(whole);
    const before = await eventsOf(whole);
    expect(await mergeShards(journals, whole, async () => {}, CLOCK)).toBe('merged');
    expect(await eventsOf(whole)).toEqual(before);
    expect(await world.records(whole)).toEqual(expected);
  });

  it('changes nothing when a shard is missing, not ready, or the whole run was begun without them', async () => {
    const { journals } = await scene();
    const before = await Promise.all(journals.map(eventsOf));
    const whole = createMemoryJournal();
    const bring = async (): Promise<void> => {};
    await expect(mergeShards(journals.slice(1), whole, bring, CLOCK)).rejects.toThrow(/^Shard 1\/3 of run/);
    const open = await journalOf([begun(A)]);
    expect(await mergeShards([open, await journalOf([begun(B)])], whole, bring, CLOCK)).toBe('not_ready');
    const other = await journalOf([created(6, ['l1'])]);
    expect(await mergeShards(journals, other, bring, CLOCK)).toBe('taken');
    expect(await Promise.all(journals.map(eventsOf))).toEqual(before);
    expect((await whole.read()).version).toBe(0);
  });

  it('closes no shard whose failed units were put back to work meanwhile', async () => {
    const finished: JournalEvent = { type: 'run_finished', at: 3000 };
    const again: JournalEvent = { type: 'units_retried', step: 0, to: 0, groups: [], kinds: {}, at: 4000 };
    const first = await journalOf([begun(A), finished]);
    const second = await journalOf([begun(B), finished]);
    let isFirst = true;
    const busy: Journal = {
      ...second,
      async append(events, version) {
        if (isFirst) await second.append([again], version);
        isFirst = false;
        return second.append(events, version);
      },
    };
    const whole = createMemoryJournal();
    expect(await mergeShards([first, busy], whole, async () => {}, CLOCK)).toBe('not_ready');
    expect((await whole.read()).version).toBe(0);
    await second.append([finished], 2);
    expect(await mergeShards([first, second], whole, async () => {}, CLOCK)).toBe('merged');
  });
});
