// Runs in waves against what happens to them: processes that come and go, batches that come back in any order, by halves or
// not at all, shards, retries by hand. Whatever the order was, the run opens the same units and comes to the same.

import { describe, expect, it } from 'vitest';
import { createMemoryPublisher } from '../../src/adapters/publishers/memory.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { budgetOf } from '../../src/engine/budget.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { publish } from '../../src/engine/perform-publish.ts';
import { retryFailed } from '../../src/engine/perform-retry.ts';
import type { RunWorker } from '../../src/engine/tick.ts';
import type { Mode, StopSpec } from '../../src/pipeline/pipeline.ts';
import type { Answer } from '../../src/ports/provider.ts';
import { fc } from '../property.ts';
import { type Script, textAnswer } from './scripted-provider.ts';
import { checkEveryEvent } from './shard-world.ts';
import { answersByPrompt, byBest, byGate, byWidth, looksOf, shareGate, wavedPipeline } from './wave-world.ts';
import { checkState, finish, PRICE, type World, worldOf } from './world.ts';

const RULES: readonly ((every: number) => StopSpec)[] = [
  (every) => byGate(every, shareGate(0.3)),
  (every) => byWidth(every, 0.8),
  (every) => byBest(every, 3),
];

const textOf = (record: UnitRecord): string =>
  JSON.stringify([record.unit, record.kind, record.attempts, [...record.fields]]);

/** A stream of bits that a test hands out: which of several things happens next. */
function chances(bits: readonly number[]): () => number {
  let at = 0;
  return () => bits[at++ % bits.length] ?? 0;
}

/** Answers by prompt; batches end when chance wants it, and give their rows in an order of its own. */
function disorderly(salt: number, next: () => number): Script {
  const plain = answersByPrompt(salt);
  return {
    ...plain,
    rows(requests, times) {
      const rows = [...(plain.rows!(requests, times) as Iterable<Answer>)];
      const turn = next() % Math.max(1, rows.length);
      return [...rows.slice(turn), ...rows.slice(0, turn)].reverse();
    },
    check: () =>
      next() % 3 === 0
        ? { kind: 'ended', status: 'completed', reason: null }
        : { kind: 'running', status: 'x', completed: 0 },
    submit: () => (next() % 7 === 0 ? { kind: 'queue_full', why: 'full', retryAfterMs: 1000 } : undefined),
  };
}

async function recordsOf(world: World, worker: RunWorker): Promise<string[]> {
  return (await finish(world, worker)).map(textOf);
}

describe('whatever happens to a run in waves', () => {
  it('opens the same units and comes to the same, in any order and by any number of processes', async () => {
    const scene = fc.record({
      rule: fc.constantFrom(...RULES),
      every: fc.integer({ min: 1, max: 5 }),
      salt: fc.nat(1000),
      mode: fc.constantFrom<Mode>('batch', 'realtime'),
      chunkSize: fc.constantFrom(1, 4, 11),
      bits: fc.array(fc.nat(100), { minLength: 20, maxLength: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ rule, every, salt, mode, chunkSize, bits }) => {
        const stop = rule(every);
        const one = await worldOf(wavedPipeline(14, stop), answersByPrompt(salt));
        const plain = await one.open();
        const expected = await recordsOf(one, plain);
        const next = chances(bits);
        const many = await worldOf(wavedPipeline(14, stop, { chunkSize }, { mode }), disorderly(salt, next));
        const workers = [await many.open('dead a'), await many.open('dead b'), await many.open('dead c')];
        for (let turns = 0; turns < 400; turns++) {
          const result = await workers[next() % 3]!.tick(undefined, checkState);
          if (result.kind === 'finished') break;
          many.pass(1000 + next() * 100);
        }
        const last = await many.open();
        expect(await recordsOf(many, last)).toEqual(expected);
        expect(looksOf(last.context.state)).toEqual(looksOf(plain.context.state));
        checkEveryEvent((await many.journal.read()).events);
      }),
      { numRuns: 15 },
    );
  });
});

/** The files of a finished run. */
async function filesOf({ context }: RunWorker): Promise<ReadonlyMap<string, string>> {
  const publisher = createMemoryPublisher();
  const options = { launcher: 'octobatch', pending: null, timing: null, error: null };
  await publish(context, publisher, options);
  return publisher.files;
}

describe('the results of a run that ended early', () => {
  it('are, byte by byte, the beginning of those of the run that goes on to the end', async () => {
    for (const stop of [byGate(4, shareGate(0.3)), byWidth(4, 1)]) {
      const early = await worldOf(wavedPipeline(40, stop), answersByPrompt());
      const whole = await worldOf(wavedPipeline(40, null), answersByPrompt());
      const [one, all] = [await early.open(), await whole.open()];
      expect((await finish(early, one)).length).toBeLessThan((await finish(whole, all)).length);
      const [part, full] = [await filesOf(one), await filesOf(all)];
      for (const name of ['results.jsonl', 'failures.jsonl']) {
        expect(part.get(name)).not.toBe('');
        expect(full.get(name)!.startsWith(part.get(name)!), name).toBe(true);
      }
    }
  });
});

describe('a run in waves that is cancelled between two of them', () => {
  /** Somebody asks for its end right before its first wave is weighed. */
  async function cut(): Promise<{ world: World; worker: RunWorker }> {
    const world = await worldOf(wavedPipeline(8, byGate(4, shareGate(0.9))), answersByPrompt());
    const worker = await world.open();
    const { append } = world.journal;
    let isAsked = false;
    Object.assign(worker.context.ports, {
      journal: {
        ...world.journal,
        append: async (events: readonly JournalEvent[], version: number) => {
          if (!isAsked && events.some(({ type }) => type === 'wave_weighed')) {
            isAsked = true;
            await append([{ type: 'cancel_requested', at: 5 }], version);
          }
          return append(events, version);
        },
      },
    });
    expect(await finish(world, worker)).toHaveLength(12);
    return { world, worker };
  }

  it('has no verdict, though it lost no unit', async () => {
    const { worker } = await cut();
    expect(looksOf(worker.context.state)).toEqual([]);
    const report = JSON.parse((await filesOf(worker)).get('report.json')!);
    expect(report).toMatchObject({
      verdict: 'error',
      error: { kind: 'canceled' },
      stopped: { isOver: false },
    });
    expect((await filesOf(worker)).get('report.md')).toContain('no more were begun');
  });

  it('is weighed once a person has it go on', async () => {
    const { world, worker } = await cut();
    const some = await retryFailed(worker.context, { step: null, kind: 'transport' });
    expect(some).toEqual({ retried: 0, hopeless: 0, goesOn: false });
    expect(await retryFailed(worker.context, { step: null, kind: 'canceled' })).toMatchObject({
      goesOn: true,
    });
    const other = await world.open('another');
    await finish(world, other);
    expect(looksOf(other.context.state)[0]).toEqual([false, '12-23']);
    expect(other.context.state.waves).toMatchObject({ isOver: true });
    checkEveryEvent((await world.journal.read()).events);
    expect(await retryFailed(other.context, { step: null, kind: 'canceled' })).toMatchObject({
      goesOn: false,
    });
  });
});

describe('a wave of which no unit comes through', () => {
  it('is weighed like any other, and what is tried again later opens nothing', async () => {
    let isMended = false;
    const nonsense: Script = {
      rows: (requests) => requests.map((one) => textAnswer(one, isMended ? '{"n": 5}' : 'no')),
    };
    for (const rule of RULES) {
      isMended = false;
      const world = await worldOf(wavedPipeline(14, rule(4)), nonsense);
      const worker = await world.open();
      const failed = await finish(world, worker);
      const before = looksOf(worker.context.state);
      isMended = true;
      expect((await retryFailed(worker.context, { step: null, kind: null })).retried).toBe(failed.length);
      const records = await finish(world, worker);
      expect(records.map(({ kind }) => kind)).toEqual(failed.map(() => 'valid'));
      expect(looksOf(worker.context.state)).toEqual(before);
    }
  });
});

describe('a cap', () => {
  it('that is just what the waves need holds none of them up, and one below what they cost pauses them', async () => {
    const retry = { maxAttempts: 1, feedback: true, from: null };
    const loaded = wavedPipeline(12, byGate(4, shareGate(0.9)), {}, { retry });
    const play = async (cap: bigint | null) => {
      const settings = { prices: { 'scripted/m/batch': PRICE }, cap: cap?.toString() ?? null };
      const world = await worldOf(loaded, answersByPrompt(), { session: { paid: true }, settings });
      const worker = await world.open();
      let most = 0n;
      const seen = (): void => {
        const { known, uncertain, reserved } = budgetOf(worker.context.state);
        const sum = known + uncertain + reserved;
        if (sum > most) most = sum;
      };
      for (;;) {
        const result = await worker.tick(undefined, seen);
        if (result.kind !== 'waiting') return { result, most };
        world.pass(5000);
      }
    };
    const free = await play(null);
    expect(free.result.kind).toBe('finished');
    expect((await play(free.most)).result.kind).toBe('finished');
    const spent = budgetOf(free.result.state).known;
    const short = await play(spent - 1n);
    expect(short.result).toMatchObject({ kind: 'paused', reason: { kind: 'budget' } });
    expect(short.most < spent).toBe(true);
    const looks = looksOf(short.result.state);
    expect(looks.length).toBeLessThan(looksOf(free.result.state).length);
    expect(looks).toEqual(looksOf(free.result.state).slice(0, looks.length));
  });
});
