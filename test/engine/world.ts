// A run over ports in memory, a scripted provider, and a clock that the test moves.
import { expect } from 'vitest';
import { createMemoryBlobs } from '../../src/adapters/blobs/memory.ts';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import { createInlineRunner } from '../../src/adapters/runners/inline.ts';
import { checkAccounting } from '../../src/analysis/accounting.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { accountFor } from '../../src/engine/account.ts';
import { budgetOf } from '../../src/engine/budget.ts';
import type { RunSettings } from '../../src/engine/events.ts';
import { readRecords } from '../../src/engine/perform-results.ts';
import { createRun } from '../../src/engine/perform-snapshot.ts';
import type { RunState } from '../../src/engine/state.ts';
import { openRun, type RunWorker, type TickResult } from '../../src/engine/tick.ts';
import { dictOf } from '../../src/expression/values.ts';
import type { LlmStep, LoadedPipeline, TokenPrice } from '../../src/pipeline/pipeline.ts';
import type { Blobs } from '../../src/ports/blobs.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { LocalRunner } from '../../src/ports/runner.ts';
import type { ProviderSession, RunPorts } from '../../src/ports/session.ts';
import { SETTINGS } from './journal-cases.ts';
import { createScriptedProvider, type Script } from './scripted-provider.ts';

/** A step that asks for `{"n": integer}`. */
const STEP: LlmStep = {
  kind: 'llm',
  name: 'ask',
  template: 'ask',
  schema: '{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}',
  checks: { required: [], types: {}, enums: {}, ranges: {}, rules: [] },
  retry: { maxAttempts: 3, feedback: true, from: null },
  provider: null,
  model: null,
  mode: null,
  system: null,
  maxTokens: 100,
  maxTokensCeiling: null,
  temperature: null,
  prepare: [],
  simulate: null,
  judge: false,
};

/** A pipeline of one step over so many units. */
export function pipelineOf(
  units: number,
  step: Partial<LlmStep> = {},
  more: Partial<LoadedPipeline['pipeline']> = {},
): LoadedPipeline {
  return {
    pipeline: {
      form: 'native',
      name: 'test',
      seed: '1',
      rng: 'tychei',
      repeat: units,
      maxUnits: null,
      strategy: { kind: 'direct', group: 'items' },
      chunkSize: null,
      globals: '{}',
      templates: { ask: 'How many in {{ _repetition_id }}?' },
      steps: [{ ...STEP, ...step }],
      provider: 'scripted',
      model: 'm',
      mode: null,
      providers: {},
      prices: {},
      maxCost: null,
      report: { groupBy: null, outcomes: [], metrics: [] },
      gates: [],
      notRun: [],
      ...more,
    },
    items: new Map([['items', [{ id: 'a', fields: dictOf([['id', 'a']]) }]]]),
  };
}

/** A run, the provider it talks to, and time. */
export interface World {
  readonly scripted: ReturnType<typeof createScriptedProvider>;
  /** A worker with a name of its own, as another process would have. */
  open(owner?: string): Promise<RunWorker>;
  pass(ms: number): void;
  readonly journal: Journal;
  readonly blobs: Blobs;
}

/** What a world is made of beside its pipeline and script. */
export interface WorldOptions {
  readonly runner?: LocalRunner;
  readonly session?: Partial<ProviderSession>;
  readonly settings?: Partial<RunSettings>;
  /** Where the blobs of another run are. */
  readonly blobs?: Blobs;
  /** Makes another kind of journal. */
  readonly journal?: () => Journal;
}

/** A dollar per million tokens of input and four of output. */
export const PRICE: TokenPrice = {
  input: '1',
  output: '4',
  cachedInput: null,
  above: null,
  source: 'test',
};

/** A new run of the pipeline. */
export async function worldOf(
  loaded: LoadedPipeline,
  script: Script,
  {
    runner = createInlineRunner(),
    session = {},
    settings = {},
    blobs = createMemoryBlobs(),
    journal,
  }: WorldOptions = {},
): Promise<World> {
  let now = 1_000_000;
  const scripted = createScriptedProvider(script);
  const shared = { journal: (journal ?? createMemoryJournal)(), blobs };
  const portsFor = (owner: string): RunPorts => ({
    ...shared,
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
    owners: { self: owner, isFinished: async (other) => other.startsWith('dead') },
    runner,
    provider: async () => ({
      batches: scripted.provider,
      realtime: scripted.realtime,
      contexts: null,
      paid: false,
      maxBatchAgeMs: null,
      queueTokens: null,
      pollMs: 1000,
      prepare: () => {},
      health: async () => ({ kind: 'ok' }),
      ...session,
    }),
  });
  await createRun(portsFor('creator'), loaded, { ...SETTINGS, ...settings });
  return {
    scripted,
    open: (owner = 'me') => openRun(portsFor(owner)),
    pass: (ms) => {
      now += ms;
    },
    journal: shared.journal,
    blobs,
  };
}

/** What must hold at every moment. */
export function checkState(state: RunState): void {
  expect(checkAccounting(accountFor(state))).toBeNull();
  const { known, uncertain, reserved } = budgetOf(state);
  if (state.cap !== null) expect(known + uncertain + reserved <= state.cap).toBe(true);
}

/** Ticks, letting time pass, until the run no longer waits. */
export async function settleDown(
  world: World,
  worker: RunWorker,
): Promise<Exclude<TickResult, { kind: 'waiting' }>> {
  for (let ticks = 0; ticks < 200; ticks++) {
    const result = await worker.tick(undefined, checkState);
    checkState(result.state);
    if (result.kind !== 'waiting') return result;
    world.pass(5000);
  }
  throw new Error('the run does not end');
}

/** Works until the run is finished; gives every unit's record. */
export async function finish(world: World, worker: RunWorker): Promise<UnitRecord[]> {
  const result = await settleDown(world, worker);
  if (result.kind !== 'finished') throw new Error(`the run is ${result.kind}`);
  const records: UnitRecord[] = [];
  for await (const record of readRecords(worker.context)) records.push(record);
  return records;
}

/** How often each request came into being. */
export function timesAsked(world: World): number[] {
  const counts = new Map<string, number>();
  for (const requests of world.scripted.created.values()) {
    for (const { customId } of requests) {
      const hash = customId.slice(9);
      counts.set(hash, (counts.get(hash) ?? 0) + 1);
    }
  }
  return [...counts.values()];
}

/** What became of each unit: `valid`, or the kind of its failure. */
export const kinds = (records: readonly UnitRecord[]): string[] =>
  records.map((record) => (record.kind === 'valid' ? 'valid' : record.failure.kind));
