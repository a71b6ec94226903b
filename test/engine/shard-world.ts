// Shards of one run, each with a journal of its own, before one provider; any of them may die between two appends.
import { createMemoryBlobs } from '../../src/adapters/blobs/memory.ts';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import { createInlineRunner } from '../../src/adapters/runners/inline.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import type { JournalEvent, RunSettings } from '../../src/engine/events.ts';
import { JournalFold } from '../../src/engine/journal-fold.ts';
import { readRecords } from '../../src/engine/perform-results.ts';
import { createRun } from '../../src/engine/perform-snapshot.ts';
import { type ShardName, sliceCap } from '../../src/engine/shard.ts';
import type { RunState } from '../../src/engine/state.ts';
import { openRun, type TickResult } from '../../src/engine/tick.ts';
import { sha256Hex } from '../../src/expression/sha256.ts';
import type { LoadedPipeline, Mode } from '../../src/pipeline/pipeline.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import type { RunPorts } from '../../src/ports/session.ts';
import { SETTINGS } from './journal-cases.ts';
import { createScriptedProvider, type Script, textAnswer } from './scripted-provider.ts';
import { checkState, PRICE, pipelineOf } from './world.ts';

/** A pipeline that asks, has the answer judged, and asks again when the judge says no. */
export function judgedPipeline(units: number, mode: Mode, chunkSize: number | null): LoadedPipeline {
  const loaded = pipelineOf(units, { mode }, { chunkSize });
  const ask = loaded.pipeline.steps[0]!;
  if (ask.kind !== 'llm') throw new Error('the first step asks no model');
  const rule = { name: 'enough', expr: 'n > 2', when: null, error: 'only {n}', level: 'error' } as const;
  const judge = { ...ask, name: 'judge', judge: true, checks: { ...ask.checks, rules: [rule] } };
  return { ...loaded, pipeline: { ...loaded.pipeline, steps: [ask, judge] } };
}

/** Answers that depend on the request alone, some of them bad: `salt` makes others. */
export function answersBySalt(salt: number): Script {
  const answer = (request: ModelRequest): Answer | null => {
    const { customId } = request;
    const chance = Number.parseInt(sha256Hex(`${salt} ${customId.slice(9)}`).slice(0, 8), 16);
    switch (chance % 12) {
      case 0:
        return textAnswer(request, 'no JSON');
      case 1:
        return null;
      case 2:
        return { kind: 'refused', customId, text: 'no', usage: { input: 10, output: 1 }, model: 'm' };
      case 3: {
        const billed = 'no';
        return { kind: 'error', customId, failure: 'transport', message: '500', raw: '', billed };
      }
      default:
        return textAnswer(request, `{"n": ${(chance >> 4) % 9}}`);
    }
  };
  return {
    rows: (requests) => requests.flatMap((request) => answer(request) ?? []),
    ask: (request) => ({
      kind: 'answered',
      answer: answer(request) ?? textAnswer(request, 'nothing'),
    }),
    // Some batches are sent back, because the queue is full.
    submit: (times) =>
      (salt + times) % 5 === 0 ? { kind: 'queue_full', why: 'full', retryAfterMs: 1000 } : undefined,
  };
}

/** A run in parts, or as a whole. */
export interface ShardWorld {
  readonly scripted: ReturnType<typeof createScriptedProvider>;
  /** Works on a part, or all of it, until it ends, pauses, or dies after so many appends. Gives its journal. */
  begin(shard: ShardName | null, appends?: number): Promise<Journal>;
  /** Works on the run of a journal until it no longer waits. */
  goOn(journal: Journal): Promise<Exclude<TickResult, { kind: 'waiting' }>>;
  /** What became of its units. */
  records(journal: Journal): Promise<UnitRecord[]>;
  readonly clock: RunPorts['clock'];
}

/** What the run costs is limited by `cap` (picodollars) as a whole; null: by nothing. */
export function openShardWorld(loaded: LoadedPipeline, script: Script, cap: bigint | null): ShardWorld {
  let now = 1_000_000;
  let processes = 0;
  const scripted = createScriptedProvider(script);
  const blobs = createMemoryBlobs();
  const clock: RunPorts['clock'] = {
    now: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  };
  const portsFor = (journal: Journal): RunPorts => ({
    journal,
    blobs,
    clock,
    // Each process is over before the next one begins.
    owners: { self: `process ${processes++}`, isFinished: async () => true },
    runner: createInlineRunner(),
    provider: async () => ({
      batches: scripted.provider,
      realtime: scripted.realtime,
      contexts: null,
      paid: true,
      maxBatchAgeMs: null,
      queueTokens: null,
      pollMs: 1000,
      prepare: () => {},
      health: async () => ({ kind: 'ok' }),
    }),
  });
  const prices = { 'scripted/m/batch': PRICE, 'scripted/m/realtime': PRICE };
  const settingsFor = (shard: ShardName | null): RunSettings => ({
    ...SETTINGS,
    prices,
    cap: sliceCap(cap, shard)?.toString() ?? null,
  });
  const goOn: ShardWorld['goOn'] = async (journal) => {
    const worker = await openRun(portsFor(journal));
    for (let ticks = 0; ticks < 300; ticks++) {
      const result = await worker.tick(undefined, checkState);
      checkState(result.state);
      if (result.kind !== 'waiting') return result;
      now += 5000;
    }
    throw new Error('the run does not end');
  };
  return {
    scripted,
    clock,
    goOn,
    async begin(shard, appends = Number.POSITIVE_INFINITY) {
      const journal = createMemoryJournal();
      const part = shard === null ? null : { ...shard, cap: cap?.toString() ?? null };
      await createRun(portsFor(journal), loaded, settingsFor(shard), { shard: part });
      await goOn(mortal(journal, appends)).catch((error: unknown) => {
        if (!(error instanceof Death)) throw error;
      });
      return journal;
    },
    async records(journal) {
      const records: UnitRecord[] = [];
      const { context } = await openRun(portsFor(journal));
      for await (const record of readRecords(context)) records.push(record);
      return records;
    },
  };
}

/** The end of a process. */
export class Death extends Error {}

/** A journal whose process dies at the append after so many. */
export function mortal(journal: Journal, appends: number): Journal {
  let left = appends;
  return {
    ...journal,
    async append(events, version) {
      if (left-- <= 0) throw new Death('the process died');
      return journal.append(events, version);
    },
  };
}

/** A journal that holds these events. */
export async function journalOf(events: readonly JournalEvent[]): Promise<Journal> {
  const journal = createMemoryJournal();
  await journal.append(events, 0);
  return journal;
}

/** Every event of a journal's run. */
export async function eventsOf(journal: Journal): Promise<readonly JournalEvent[]> {
  return (await journal.read()).events;
}

/** Holds the books and the ceiling at every event; gives the last state. */
export function checkEveryEvent(events: readonly JournalEvent[]): RunState {
  const fold = new JournalFold();
  let state: RunState | null = null;
  for (const event of events) {
    fold.apply([event]);
    state = fold.state();
    checkState(state!);
  }
  return state!;
}
