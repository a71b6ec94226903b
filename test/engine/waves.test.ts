// Runs that are weighed after each wave: which units they open, when they stop, and that nothing but the answers decides it.

import { describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import type { Weighed } from '../../src/analysis/stop.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { retryFailed } from '../../src/engine/perform-retry.ts';
import { mergeJournals } from '../../src/engine/shard.ts';
import {
  countLooks,
  firstWave,
  itemGroups,
  nextWave,
  rangeOfUnits,
  unitsWithoutStop,
} from '../../src/engine/waves.ts';
import { dictOf } from '../../src/expression/values.ts';
import type { LoadedPipeline, Mode, StopSpec } from '../../src/pipeline/pipeline.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { planUnits } from '../../src/simulation/units.ts';
import { fc } from '../property.ts';
import { created } from './journal-cases.ts';
import { checkEveryEvent, eventsOf, journalOf, openShardWorld } from './shard-world.ts';
import { answersByPrompt, byBest, byGate, byWidth, looksOf, shareGate, wavedPipeline } from './wave-world.ts';
import { finish, kinds, PRICE, settleDown, type WorldOptions, worldOf } from './world.ts';

async function play(loaded: LoadedPipeline, salt = 0, options: WorldOptions = {}) {
  const world = await worldOf(loaded, answersByPrompt(salt), options);
  const worker = await world.open();
  const records = await finish(world, worker);
  const { events } = await world.journal.read();
  return { world, worker, records, events, state: worker.context.state };
}

const IMPOSSIBLE = { ...shareGate(0), region: { atLeast: 0.77, atMost: 0.8 } } as const;

describe('a run in waves', () => {
  it('stops after the wave at which its gate is decided', async () => {
    const { state, records } = await play(wavedPipeline(100, byGate(20, shareGate(0.4))));
    expect(looksOf(state)).toEqual([
      [false, '60-119'],
      [true, ''],
    ]);
    expect(records).toHaveLength(120);
    expect(state).toMatchObject({ finished: true, units: 300, waves: { isOver: true } });
  });

  it('runs all it may when nothing is decided, with a last wave as large as is left', async () => {
    const { state, records } = await play(wavedPipeline(50, byGate(20, IMPOSSIBLE)));
    expect(looksOf(state)).toEqual([
      [false, '60-119'],
      [false, '120-149'],
      [false, ''],
    ]);
    expect(records).toHaveLength(150);
  });

  it('never has more units than max_units', async () => {
    const { state } = await play(wavedPipeline(50, byGate(20, IMPOSSIBLE), { maxUnits: 100 }));
    expect(looksOf(state)).toEqual([
      [false, '60-99'],
      [false, ''],
    ]);
    const small = await play(wavedPipeline(50, byGate(20, IMPOSSIBLE), { maxUnits: 40 }));
    expect(small.records).toHaveLength(40);
  });

  it('stops when its interval is narrow enough', async () => {
    const { state } = await play(wavedPipeline(100, byWidth(20, 0.5)));
    const figures = state.waves!.looks.map(({ weighed }) =>
      weighed.kind === 'half_width' ? weighed.figure : null,
    );
    const halves = figures.map((figure) => (figure!.high! - figure!.low!) / 2);
    expect(halves.at(-1)).toBeLessThanOrEqual(0.5);
    for (const half of halves.slice(0, -1)) expect(half).toBeGreaterThan(0.5);
    expect(looksOf(state).at(-1)).toEqual([true, '']);
  });

  it('drops the worse half of the items after each wave, and estimates the last one anew', async () => {
    const { state, records } = await play(wavedPipeline(100, byBest(4, 5)));
    const looks = state.waves!.looks.map(({ weighed, opens }) => [weighed, opens.toString()] as const);
    expect(looks.map(([weighed]) => (weighed.kind === 'best' ? weighed.left : null))).toEqual([
      [2, 1],
      [2],
      [2],
    ]);
    // Three items in each of four repetitions; then two in each of four; then one in five.
    expect(looks.map(([, opens]) => opens)).toEqual(['13-14,16-17,19-20,22-23', '26,29,32,35,38', '']);
    expect(records.map(({ unit }) => unit).slice(-5)).toEqual(
      [8, 9, 10, 11, 12].map((n) => `cats__rep00${String(n).padStart(2, '0')}`),
    );
    const last = looks.at(-1)![0];
    expect(last).toMatchObject({ kind: 'best', enough: true });
    const fresh = records
      .slice(-5)
      .flatMap((record) => (record.kind === 'valid' ? Number(record.fields.get('n')) : []));
    expect(last.kind === 'best' && last.groups[0]).toMatchObject({
      n: fresh.length,
      value: fresh.reduce((sum, n) => sum + n, 0) / fresh.length,
    });
  });

  it('leaves the journal of any other run as it was', async () => {
    const { events } = await play(wavedPipeline(3, null));
    expect(events[0]).not.toHaveProperty('firstWave');
    expect(events[0]).toMatchObject({ journal: 2 });
    expect(events.map(({ type }) => type)).not.toContain('wave_weighed');
    const waved = await play(wavedPipeline(3, byGate(2, IMPOSSIBLE)));
    expect(waved.events[0]).toMatchObject({ journal: 3, units: 9, firstWave: 6 });
  });
});

const RULES: readonly ((every: number) => StopSpec)[] = [
  (every) => byGate(every, shareGate(0.3)),
  (every) => byWidth(every, 0.8),
  (every) => byBest(every, 3),
];

describe('the units of a search for the best', () => {
  const rule = { kind: 'best', of: { kind: 'mean', expr: 'n' }, wants: 'highest', fresh: 3 } as const;
  const named = (id: string) => ({ id, fields: dictOf([['id', id]]) });
  const items = new Map([
    ['players', ['bold', 'meek', 'wise'].map(named)],
    ['tables', ['x', 'y'].map(named)],
  ]);
  const positions = [
    { name: 'player', group: 'players' },
    { name: 'table', group: 'tables' },
  ];
  const strategy = { kind: 'cross_product', positions } as const;
  const table = (maxUnits: number | null) =>
    planUnits({ form: 'native', strategy, repeat: 50, maxUnits }, items);
  const left = (...groups: number[]): Weighed => ({ kind: 'best', enough: false, groups: [], left: groups });

  it('are those of the combinations with the items that are left', () => {
    const units = table(null);
    const stop = { every: 2, rule: { ...rule, by: 'player' } };
    expect(itemGroups(units, 'player')).toEqual({ labels: ['bold', 'meek', 'wise'], of: [0, 0, 1, 1, 2, 2] });
    expect(firstWave(stop, units)).toBe(12);
    expect(nextWave(stop, units, 1, left(2, 0)).toString()).toBe('12-13,16-19,22-23');
    expect(nextWave(stop, units, 2, left(2)).toString()).toBe('28-29,34-35,40-41');
    expect(nextWave(stop, units, 3, { ...left(2), enough: true }).size).toBe(0);
    expect(rangeOfUnits(stop, units)).toEqual({ least: 12 + 8 + 6, most: 12 + 8 + 6 });
    expect(unitsWithoutStop(stop, units)).toBe(42);
    expect(countLooks(stop, units)).toBe(3);
    // No plan tells of more than there may be.
    expect(rangeOfUnits(stop, table(20))).toEqual({ least: 20, most: 20 });
    expect(nextWave(stop, table(20), 1, left(2, 0)).toString()).toBe('12-13,16-19');
    expect(nextWave(stop, table(20), 2, left(2)).size).toBe(0);
  });

  it('are as many as the groups that are left have, which is not known before', () => {
    const direct = { kind: 'direct', group: 'all' } as const;
    const all = ['a', 'a', 'a', 'b', 'c'].map((team, i) => ({
      id: `i${i}`,
      fields: dictOf([['team', team]]),
    }));
    const units = planUnits(
      { form: 'native', strategy: direct, repeat: 50, maxUnits: null },
      new Map([['all', all]]),
    );
    const stop = { every: 2, rule: { ...rule, by: 'team' } };
    expect(rangeOfUnits(stop, units)).toEqual({ least: 10 + 4 + 3, most: 10 + 8 + 9 });
  });
});

describe('what a run in waves comes to', () => {
  it('is part of what the whole run comes to, in whatever way it was asked', async () => {
    const scene = fc.record({
      rule: fc.constantFrom(...RULES),
      every: fc.integer({ min: 2, max: 6 }),
      salt: fc.nat(1000),
      mode: fc.constantFrom<Mode>('batch', 'realtime'),
      chunkSize: fc.constantFrom(null, 1, 7),
    });
    const textOf = (record: UnitRecord) =>
      JSON.stringify([record.unit, record.kind, record.attempts, [...record.fields]]);
    await fc.assert(
      fc.asyncProperty(scene, async ({ rule, every, salt, mode, chunkSize }) => {
        const stop = rule(every);
        const plain = await play(wavedPipeline(20, stop), salt);
        const other = await play(wavedPipeline(20, stop, { chunkSize }, { mode }), salt);
        expect(other.records.map(textOf)).toEqual(plain.records.map(textOf));
        expect(looksOf(other.state)).toEqual(looksOf(plain.state));
        const whole = new Set((await play(wavedPipeline(20, null), salt)).records.map(textOf));
        for (const record of plain.records) expect(whole).toContain(textOf(record));
        if (stop.rule.kind !== 'best') {
          const first = [...whole].slice(0, plain.records.length);
          expect(plain.records.map(textOf)).toEqual(first);
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe('a process that works on a run in waves', () => {
  it('may die at any append: the next one goes on to the same end', async () => {
    const loaded = wavedPipeline(2, byGate(1, IMPOSSIBLE));
    const whole = openShardWorld(loaded, answersByPrompt(), null);
    const journal = await whole.begin(null);
    const expected = await whole.records(journal);
    const weighings = (events: readonly JournalEvent[]) =>
      events.flatMap((event) => (event.type === 'wave_weighed' ? [{ ...event, at: 0 }] : []));
    const events = await eventsOf(journal);
    expect(weighings(events)).toHaveLength(2);
    for (let appends = 1; appends < events.length; appends++) {
      const world = openShardWorld(loaded, answersByPrompt(), null);
      const broken = await world.begin(null, appends);
      expect(await world.goOn(broken)).toMatchObject({ kind: 'finished' });
      expect(await world.records(broken)).toEqual(expected);
      const after = await eventsOf(broken);
      checkEveryEvent(after);
      expect(weighings(after)).toEqual(weighings(events));
    }
  });

  it('may be one of two that weigh at once: one of them writes, and the other one reads it', async () => {
    const loaded = wavedPipeline(9, byGate(3, IMPOSSIBLE));
    const world = await worldOf(loaded, answersByPrompt());
    const other = await world.open('other');
    const { append } = world.journal;
    let conflicts = 0;
    const worker = await world.open();
    Object.assign(worker.context.ports, {
      journal: {
        ...world.journal,
        append: async (events: readonly JournalEvent[], version: number) => {
          if (events.some(({ type }) => type === 'wave_weighed')) await other.tick();
          const result = await append(events, version);
          if (result.kind === 'conflict') conflicts++;
          return result;
        },
      },
    });
    await finish(world, worker);
    expect(conflicts).toBeGreaterThan(0);
    const { events } = await world.journal.read();
    const looks = events.flatMap((event) => (event.type === 'wave_weighed' ? [event.look] : []));
    expect(looks).toEqual([1, 2, 3]);
  });
});

describe('a wave', () => {
  it('may meet the cap: the run pauses there, and goes on when it is raised', async () => {
    const loaded = wavedPipeline(
      12,
      byGate(4, IMPOSSIBLE),
      {},
      { retry: { maxAttempts: 1, feedback: true, from: null } },
    );
    const one = 50_000_000n;
    const world = await worldOf(loaded, answersByPrompt(), {
      session: { paid: true },
      settings: { prices: { 'scripted/m/batch': PRICE }, cap: String(30n * one) },
    });
    const worker = await world.open();
    const paused = await settleDown(world, worker);
    expect(paused).toMatchObject({ kind: 'paused', reason: { kind: 'budget' } });
    const opened = paused.state.waves!.opened.size;
    const { version } = await world.journal.read();
    await world.journal.append([{ type: 'cap_changed', cap: null, at: 9 }], version);
    expect(await finish(world, worker)).toHaveLength(36);
    expect(opened).toBeLessThanOrEqual(36);
  });

  it('is not weighed any more once the run is past its deadline', async () => {
    let batches = 0;
    const script = {
      ...answersByPrompt(),
      check: () =>
        ++batches > 1
          ? ({ kind: 'running', status: 'x', completed: 0 } as const)
          : ({ kind: 'ended', status: 'completed', reason: null } as const),
      cancel: () => {
        batches = -100;
      },
    };
    const loaded = wavedPipeline(
      12,
      byGate(4, IMPOSSIBLE),
      {},
      { retry: { maxAttempts: 1, feedback: true, from: null } },
    );
    const world = await worldOf(loaded, script, { settings: { deadlineMs: 100_000 } });
    const worker = await world.open();
    const records = await finish(world, worker);
    expect(worker.context.state).toMatchObject({
      cancelReason: { kind: 'deadline' },
      waves: { isOver: false },
    });
    expect(looksOf(worker.context.state)).toEqual([[false, '12-23']]);
    expect(records).toHaveLength(24);
  });

  it('is given up when the run is cancelled, and weighed once a person has it go on', async () => {
    let isOpen = true;
    const world = await worldOf(wavedPipeline(8, byGate(4, IMPOSSIBLE)), {
      ...answersByPrompt(),
      check: () =>
        isOpen
          ? { kind: 'running', status: 'x', completed: 0 }
          : { kind: 'ended', status: 'canceled', reason: 'asked' },
      rows: () => [],
    });
    const worker = await world.open();
    await worker.tick();
    const { version } = await world.journal.read();
    await world.journal.append([{ type: 'cancel_requested', at: 5 }], version);
    isOpen = false;
    expect(kinds(await finish(world, worker))).toEqual(new Array(12).fill('canceled'));
    expect(looksOf(worker.context.state)).toEqual([]);
    expect((await retryFailed(worker.context, { step: null, kind: null })).retried).toBe(12);
    await finish(world, await world.open('another'));
    const { events } = await world.journal.read();
    expect(looksOf(foldJournal(events)!)).toEqual([
      [false, '12-23'],
      [false, ''],
    ]);
  });

  it('is weighed in one append with what came before it, where appends are dear', async () => {
    const loaded = wavedPipeline(6, byGate(2, IMPOSSIBLE));
    const journal = (): Journal => ({ ...createMemoryJournal(), isDear: true });
    const dear = await play(loaded, 0, { journal });
    const plain = await play(loaded);
    expect(dear.records).toEqual(plain.records);
    expect(looksOf(dear.state)).toEqual(looksOf(plain.state));
  });

  it('is not weighed again when units that failed are tried again at the end', async () => {
    const { world, worker, state } = await play(
      wavedPipeline(
        100,
        byGate(20, shareGate(0.4)),
        {},
        { retry: { maxAttempts: 1, feedback: true, from: null } },
      ),
    );
    const { retried } = await retryFailed(worker.context, { step: null, kind: null });
    expect(retried).toBeGreaterThan(0);
    const records = await finish(world, worker);
    expect(records).toHaveLength(120);
    expect(looksOf(worker.context.state)).toEqual(looksOf(state));
  });

  it('may be divided among shards: the merged run weighs it as one machine would', async () => {
    const scene = fc.record({
      rule: fc.constantFrom(...RULES),
      stops: fc.array(fc.constantFrom(1, 3, 6, Number.POSITIVE_INFINITY), { minLength: 1, maxLength: 4 }),
      salt: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ rule, stops, salt }) => {
        const loaded = wavedPipeline(14, rule(4), { chunkSize: 5 });
        const one = openShardWorld(loaded, answersByPrompt(salt), null);
        const whole = await one.begin(null);
        const many = openShardWorld(loaded, answersByPrompt(salt), null);
        const journals: (readonly JournalEvent[])[] = [];
        for (const [i, appends] of stops.entries()) {
          const part = await many.begin({ index: i + 1, of: stops.length }, appends);
          const events = await eventsOf(part);
          expect(events.map(({ type }) => type)).not.toContain('wave_weighed');
          journals.push(events);
        }
        const journal = await journalOf(mergeJournals(journals));
        expect(await many.goOn(journal)).toMatchObject({ kind: 'finished' });
        expect(await many.records(journal)).toEqual(await one.records(whole));
        const stateOf = async (events: Promise<readonly JournalEvent[]>) => foldJournal(await events)!;
        expect(looksOf(await stateOf(eventsOf(journal)))).toEqual(looksOf(await stateOf(eventsOf(whole))));
      }),
      { numRuns: 10 },
    );
  });
});

describe('the journal of a run in waves', () => {
  const begun = { ...created(9, ['e1']), firstWave: 3 } as JournalEvent;
  const weighed = { kind: 'gates', enough: false, gates: 1, undecided: 1 } as const;
  const wave = (look: number, opens: string): JournalEvent => ({
    type: 'wave_weighed',
    look,
    weighed,
    opens,
    at: 5,
  });

  it('opens the units it says, at the first step', () => {
    const state = foldJournal([begun, wave(1, '3-5'), wave(2, '')])!;
    expect(state.steps[0]!.ready.map(({ units }) => units.toString())).toEqual(['0-2', '3-5']);
    expect(state.waves).toMatchObject({ isOver: true });
    expect(state.waves!.opened.toString()).toBe('0-5');
  });

  it('is refused when it opens a unit twice, one there is not, or out of turn', () => {
    for (const events of [
      [wave(1, '2-4')],
      [wave(1, '8-9')],
      [wave(2, '3-5')],
      [wave(1, '3-5'), wave(1, '6')],
      [wave(1, ''), wave(2, '3')],
    ])
      expect(() => foldJournal([begun, ...events]), JSON.stringify(events)).toThrow(/wave \d/i);
    expect(() => foldJournal([created(9, ['e1']), wave(1, '')])).toThrow('out of turn');
  });
});
