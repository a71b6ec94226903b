// Shards of a run: which part is which, what each may spend, and that their journals, wherever each of them stopped, make
// one run that ends as it would have ended on one machine.

import { describe, expect, it } from 'vitest';
import { accountFor } from '../../src/engine/account.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import {
  mergeJournals,
  missingShards,
  parseShard,
  sayMissing,
  shardRunId,
  sliceCap,
  wholeRunId,
} from '../../src/engine/shard.ts';
import { shardUnits } from '../../src/engine/state.ts';
import { fc } from '../property.ts';
import {
  answersBySalt,
  checkEveryEvent,
  eventsOf,
  journalOf,
  judgedPipeline,
  openShardWorld,
} from './shard-world.ts';

const parts = (of: number) => Array.from({ length: of }, (_, i) => ({ index: i + 1, of }));

describe('the name of a shard', () => {
  it('says which of how many', () => {
    expect(parseShard('2/7')).toEqual({ index: 2, of: 7 });
    expect(parseShard(' 256/256 ')).toEqual({ index: 256, of: 256 });
    for (const text of ['', '2', '0/7', '8/7', '1/257', '-1/7', '1.5/7', '1/7/7', '0x1/7', '1e0/7'])
      expect(parseShard(text), text).toBeNull();
  });

  it('stands in the id of its run, from which the id of the whole is found', () => {
    const shard = { index: 2, of: 7 };
    expect(shardRunId('tale-0123456789-e1', shard)).toBe('tale-0123456789-e1-s2of7');
    expect(wholeRunId({ run: 'tale-0123456789-e1-s2of7', shard })).toBe('tale-0123456789-e1');
    expect(shardRunId('tale-s2of7', null)).toBe('tale-s2of7');
    expect(wholeRunId({ run: 'tale-s2of7', shard: null })).toBe('tale-s2of7');
  });

  it('is missed by a person in words', () => {
    expect(missingShards([{ index: 2, of: 4 }], 4)).toEqual([1, 3, 4]);
    expect(sayMissing([3], 4)).toBe('Shard 3/4');
    expect(sayMissing([1, 3, 4], 4)).toBe('Shards 1/4, 3/4 and 4/4');
  });
});

describe('the parts of a run', () => {
  it('hold every unit once, in neighbouring ranges of nearly the same size', () => {
    void fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 256 }), (units, of) => {
        const sets = parts(of).map((shard) => shardUnits(units, shard));
        expect(sets.flatMap((set) => [...set])).toEqual(Array.from({ length: units }, (_, i) => i));
        const sizes = sets.map((set) => set.size);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2);
      }),
    );
  });

  it('have slices of the ceiling that add up to it exactly', () => {
    void fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 1, max: 256 }), (cap, of) => {
        const slices = parts(of).map((shard) => sliceCap(cap, shard)!);
        expect(slices.reduce((sum, slice) => sum + slice, 0n)).toBe(cap);
        for (const slice of slices) expect(slice >= 0n).toBe(true);
      }),
    );
    expect(sliceCap(null, { index: 1, of: 2 })).toBeNull();
    expect(sliceCap(5n, null)).toBe(5n);
  });
});

/** The most one unit can cost with all its retries, many times over. */
const UNIT_MONEY = 50_000_000_000n;

describe('merged journals', () => {
  it('keep their books and the ceiling, and end as on one machine, wherever each shard stopped', async () => {
    const stop = fc.oneof(
      { weight: 2, arbitrary: fc.nat(12) },
      { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    );
    const scene = fc.record({
      units: fc.nat(14),
      stops: fc.array(stop, { minLength: 1, maxLength: 7 }),
      mode: fc.constantFrom('batch' as const, 'realtime' as const),
      chunkSize: fc.constantFrom(null, 1, 3),
      salt: fc.nat(1000),
      hasCap: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ units, stops, mode, chunkSize, salt, hasCap }) => {
        const loaded = judgedPipeline(units, mode, chunkSize);
        const cap = hasCap ? UNIT_MONEY * BigInt(units + 1) : null;
        const one = openShardWorld(loaded, answersBySalt(salt), cap);
        const whole = await one.begin(null);
        const many = openShardWorld(loaded, answersBySalt(salt), cap);
        const journals: JournalEvent[][] = [];
        for (const shard of parts(stops.length))
          journals.push([...(await eventsOf(await many.begin(shard, stops[shard.index - 1])))]);
        const merged = mergeJournals(journals.toReversed());
        const state = checkEveryEvent(merged);
        expect(state).toMatchObject({
          shard: null,
          units,
          cap,
          run: foldJournal(await eventsOf(whole))!.run,
        });
        const journal = await journalOf(merged);
        expect(await many.goOn(journal)).toMatchObject({ kind: 'finished' });
        expect(await many.records(journal)).toEqual(await one.records(whole));
        const isUnbroken = stops.every((count) => count === Number.POSITIVE_INFINITY);
        // A call that was under way at a death is made again, and paid for; nothing else is.
        if (isUnbroken || mode === 'batch') {
          const accounts = async (events: readonly JournalEvent[]) => accountFor(foldJournal(events)!);
          expect(await accounts(await eventsOf(journal))).toEqual(await accounts(await eventsOf(whole)));
        }
      }),
      { numRuns: 30 },
    );
  });
});
