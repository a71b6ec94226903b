// Whatever fans out, the results are the same byte for byte: in however many parts and batches, and whoever dies when.

import { expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { mergeShards, submitShard } from '../../src/engine/perform-shard.ts';
import type { LoadedPipeline, Step } from '../../src/pipeline/pipeline.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { failureLine, resultLine } from '../../src/report/results.ts';
import { fc } from '../property.ts';
import { choir, chorus, local, RATE, sometimes, split, WRITE } from './fan-out-world.ts';
import { checkEveryEvent, Death, eventsOf, mortal, openShardWorld } from './shard-world.ts';

const CAP = 10n ** 13n;

/** One level after the other: who makes the list, how long it may get, and what is done with each element. */
const level = fc.record({
  list: fc.constantFrom('model', 'draws', 'spread'),
  room: fc.integer({ min: 1, max: 4 }),
  child: fc.constantFrom('nothing', 'model', 'draws', 'rule'),
});

type Level = typeof level extends fc.Arbitrary<infer T> ? T : never;

function stepsOf(levels: readonly Level[]): Step[] {
  return levels.flatMap(({ list, room, child }, i) => {
    const steps: Step[] = [];
    const field = list === 'model' ? 'lines' : `list${i}`;
    if (list === 'model') steps.push({ ...WRITE, name: `write${i}` });
    if (list === 'draws')
      steps.push(local(`draw${i}`, field, '[random.randint(1, 9) for _ in range(random.randint(0, 3))]'));
    if (list === 'spread') steps.push(local(`count${i}`, field, 'list(range(len(unit_id) % 4))'));
    steps.push(split(field, list === 'model' ? 'line' : `one${i}`, room, `split${i}`));
    if (child === 'model') steps.push({ ...RATE, name: `rate${i}`, template: 'ask' });
    if (child === 'draws') steps.push(local(`roll${i}`, `roll${i}`, 'random.random()'));
    if (child === 'rule') steps.push(local(`fair${i}`, `fair${i}`, 'random.random()', `fair${i} > 0.2`));
    return steps;
  });
}

function linesOf(records: readonly UnitRecord[]): string[] {
  return records.map((record) => (record.kind === 'valid' ? resultLine(record) : failureLine(record)));
}

it('gives the same results in one part or several, in any batches, whoever dies on the way', async () => {
  const seen = { results: 0, failures: 0, deep: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(level, { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 1000 }),
      async (levels, repeat, of, chunkSize, appends, salt) => {
        const script = choir(sometimes(salt, 7));
        const loaded = (size: number | null): LoadedPipeline =>
          chorus(stepsOf(levels), { repeat, chunkSize: size });
        const whole = openShardWorld(loaded(null), script, CAP);
        const journal = await whole.begin(null);
        const expected = linesOf(await whole.records(journal));
        checkEveryEvent(await eventsOf(journal));

        const parted = openShardWorld(loaded(chunkSize), script, CAP);
        const shards: Journal[] = [];
        for (let index = 1; index <= of; index++) {
          // Each dies early; the rest is done by the whole run.
          const shard = await parted.begin({ index, of }, appends + index);
          await submitShard(shard, parted.clock);
          shards.push(shard);
        }
        const merged = createMemoryJournal();
        await mergeShards(shards, merged, async () => {}, parted.clock);
        for (let life = 1; ; life += 2) {
          try {
            await parted.goOn(mortal(merged, life));
            break;
          } catch (error) {
            if (!(error instanceof Death)) throw error;
          }
        }
        const state = checkEveryEvent(await eventsOf(merged));
        expect(linesOf(await parted.records(merged))).toEqual(expected);
        expect(state.finished).toBe(true);
        seen.results += expected.filter((line) => line.includes('_metadata')).length;
        seen.failures += expected.filter((line) => line.includes('"stage"')).length;
        seen.deep += expected.filter((line) => /__fan\d+__fan/.test(line)).length;
      },
    ),
    { numRuns: 24, seed: 7 },
  );
  expect(Math.min(seen.results, seen.failures, seen.deep)).toBeGreaterThan(20);
});
