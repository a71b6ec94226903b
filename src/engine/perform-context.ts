// What the performers of one tick share: the ports, the journal followed so far, and the pipeline of the snapshot. It
// holds nothing that a crash could lose, and runs nothing of the pipeline.

import type { LlmStep, LoadedPipeline, Mode, Step } from '../pipeline/pipeline.ts';
import { type ResolvedModel, resolveModel, settingsOf } from '../pipeline/resolve.ts';
import type { Digest } from '../ports/blobs.ts';
import type { ProviderSession, RunPorts } from '../ports/session.ts';
import { planLevels, type UnitLevels } from '../simulation/unit-levels.ts';
import { describeUnits, type UnitSource } from '../simulation/unit-source.ts';
import { planUnits, type Unit, type UnitTable } from '../simulation/units.ts';
import type { Block } from './decide.ts';
import type { JournalEvent } from './events.ts';
import { JournalFold } from './journal-fold.ts';
import { type BunchSource, OpenBlobs } from './open-blobs.ts';
import type { OutcomeWork } from './outcome-chunk.ts';
import type { ComputedChunk } from './perform-local.ts';
import type { LineSource } from './records.ts';
import { checkNotMerged } from './shard.ts';
import { JournalError, type RunState } from './state.ts';
import { WorkAhead } from './work-ahead.ts';

/** Longest time for which work that could be repeated for nothing is not written (ms). */
const LONGEST_UNSAVED_MS = 30_000;

/**
 * What a crash may lose: it is worked out, downloaded or found again, and costs nothing. Not among them is what must be
 * known before something is asked of a provider, or what a provider was paid for and answers only once.
 */
const REPEATABLE: ReadonlySet<JournalEvent['type']> = new Set([
  'work_settled',
  'batch_declared',
  'batch_claimed',
  'batch_troubled',
  'batch_postponed',
  'batch_returned',
  'batch_cancel_asked',
  'batch_collected',
  'batch_settled',
  'wave_weighed',
]);

/** One process's view of a run while it works on it. */
export class RunContext {
  readonly ports: RunPorts;
  readonly pipeline: LoadedPipeline['pipeline'];
  /** The planned units; those that fan-outs make of them are told by `unitAt`. */
  readonly units: UnitTable;
  private readonly levels: UnitLevels;
  /** What the planned units are made of, for workers; null: too much, or they go to a model first. */
  readonly source: UnitSource | null;
  /** Local work by its steps and attempt. */
  readonly works = new Map<string, OutcomeWork>();
  /** Batches this process declared, or holds to be as they should. */
  readonly declared = new Set<string>();
  /** Batches that are not what the pipeline declares, and why. */
  readonly refused = new Map<string, string>();
  /** Batches this process tried to submit, and when it was last done with that (ms). */
  readonly attempted = new Map<string, number>();
  /** Batches not to be looked at again before a time (ms). */
  readonly notBefore = new Map<string, number>();
  /** Steps for which nothing can be declared as things are; forgotten when they change. */
  readonly blocks = new Map<number, Block>();
  /** Age at which a batch of a provider is cancelled (ms), of the providers opened so far. */
  readonly maxBatchAge = new Map<string, number>();
  /** How long a batch in trouble was left alone last (ms). */
  readonly pauses = new Map<string, number>();
  /** Why a batch could not be dealt with lately; for people. */
  readonly troubles = new Map<string, string>();
  /** Local work that the runner is at before its turn. */
  readonly ahead = new WorkAhead<ComputedChunk>();
  private readonly healthy = new Set<string>();
  private lastTold = Number.NEGATIVE_INFINITY;
  private fold: JournalFold;
  private version: number;
  /** Events that are decided and folded but not written yet, because an append is dear; and since when (ms). */
  private unsaved: JournalEvent[] = [];
  private unsavedSince = 0;
  private known: RunState;

  constructor(ports: RunPorts, loaded: LoadedPipeline, fold: JournalFold, version: number) {
    this.ports = ports;
    this.pipeline = loaded.pipeline;
    this.units = planUnits(loaded.pipeline, loaded.items);
    this.source =
      loaded.pipeline.steps[0]?.kind === 'expression' ? describeUnits(loaded.pipeline, loaded.items) : null;
    this.levels = planLevels(this.units, loaded.pipeline.steps);
    this.fold = fold;
    this.version = version;
    this.known = requireState(fold);
  }

  /** The run as of the last journal read or write. */
  get state(): RunState {
    return this.known;
  }

  /** The time (ms). A clock that was set back would keep batches from being looked at for as long: they are looked at now. */
  tellTime(): number {
    const now = this.ports.clock.now();
    if (now < this.lastTold) this.notBefore.clear();
    this.lastTold = now;
    return now;
  }

  /** Reads what others wrote since; if they did, what is not written yet is dropped, to be decided anew. */
  async follow(): Promise<void> {
    const { events, version } = await this.ports.journal.readAfter(this.version);
    if (version === this.version) return;
    if (this.unsaved.length > 0) return this.readAnew();
    this.adopt(events, version);
  }

  private adopt(events: readonly JournalEvent[], version: number): void {
    this.fold.apply(events);
    this.version = version;
    this.known = requireState(this.fold);
    this.blocks.clear();
  }

  /**
   * Writes events, or, where that is dear, keeps those that could be lost for nothing until the next that could not, or
   * for half a minute. What has been read meanwhile, and what somebody else wrote first, may have made them wrong: they are
   * written only while `stillRight` says so; without it, only onto the state they were decided on. False: the work is
   * dropped and decided anew.
   */
  async record(
    events: readonly JournalEvent[],
    stillRight: ((state: RunState) => boolean) | null = null,
  ): Promise<boolean> {
    for (;;) {
      if (stillRight !== null && !stillRight(this.known)) return false;
      if (this.mayWait(events)) {
        this.fold.apply(events);
        this.unsaved.push(...events);
        this.known = requireState(this.fold);
        this.blocks.clear();
        return true;
      }
      const result = await this.ports.journal.append([...this.unsaved, ...events], this.version);
      if (result.kind === 'appended') {
        this.unsaved = [];
        this.adopt(events, result.version);
        return true;
      }
      await this.readAnew();
      if (stillRight === null) return false;
    }
  }

  /** Makes durable what is not written yet. False: somebody else wrote first, so it is dropped and must be decided anew. */
  async save(): Promise<boolean> {
    if (this.unsaved.length === 0) return true;
    const result = await this.ports.journal.append(this.unsaved, this.version);
    if (result.kind === 'conflict') {
      await this.readAnew();
      return false;
    }
    this.unsaved = [];
    this.version = result.version;
    return true;
  }

  private mayWait(events: readonly JournalEvent[]): boolean {
    if (!this.ports.journal.isDear || !events.every((event) => this.isRepeatable(event))) return false;
    const now = this.ports.clock.now();
    if (this.unsaved.length === 0) this.unsavedSince = now;
    return now - this.unsavedSince < LONGEST_UNSAVED_MS;
  }

  /** Others respect a claim on calls under way only as long as the journal says: it is renewed there, or a call is made twice. */
  private isRepeatable(event: JournalEvent): boolean {
    if (event.type === 'batch_claimed') return this.known.batches.get(event.batch)?.phase.kind !== 'calling';
    return REPEATABLE.has(event.type);
  }

  /** After a conflict: what was not written is forgotten, and the journal counts. */
  private async readAnew(): Promise<void> {
    if (this.unsaved.length > 0) {
      this.unsaved = [];
      this.fold = new JournalFold();
      this.version = 0;
    }
    const { events, version } = await this.ports.journal.readAfter(this.version);
    this.adopt(events, version);
  }

  readonly lines: LineSource = (digest) => this.ports.blobs.lines(digest as Digest);

  /** Lines of outcome blobs, for `readOutputs` and `readLines`. */
  readonly bunches: BunchSource = (digest) => this.ports.blobs.bunches(digest as Digest);

  /** The same for work that comes chunk by chunk; what it leaves open is closed when a tick is over. */
  readonly openBlobs = new OpenBlobs(this.bunches);

  step(index: number): Step {
    return this.pipeline.steps[index]!;
  }

  llmStep(index: number): LlmStep {
    const step = this.step(index);
    if (step.kind !== 'llm') throw new JournalError(`Step "${step.name}" is not answered by a model.`);
    return step;
  }

  /** Who answers a step, by which model and how from now on. */
  modelOf(step: LlmStep): ResolvedModel {
    const changed = this.known.modes.at(-1);
    return resolveModel(this.pipeline, changed === undefined ? step : { ...step, mode: changed });
  }

  /** Whether a step is, or was before somebody changed it, asked in that mode. */
  wasAskedIn(step: LlmStep, mode: Mode): boolean {
    return resolveModel(this.pipeline, step).mode === mode || this.known.modes.includes(mode);
  }

  async session(provider: string): Promise<ProviderSession> {
    const session = await this.ports.provider(provider, settingsOf(this.pipeline, provider));
    if (session.maxBatchAgeMs !== null) this.maxBatchAge.set(provider, session.maxBatchAgeMs);
    return session;
  }

  /** Asks a provider once whether the key works and the model is known; null: nothing speaks against it. */
  async healthBlock(provider: string, model: string): Promise<Extract<Block, { kind: 'unusable' }> | null> {
    const name = `${provider}/${model}`;
    if (this.healthy.has(name)) return null;
    const health = await (await this.session(provider)).health(model);
    if (health.kind === 'unusable') return { ...health, provider, model };
    this.healthy.add(name);
    return null;
  }

  /** The unit that comes to a step with that number; a step that does not exist stands for the results. */
  unitAt(step: number, unit: number): Unit {
    return this.levels.unit(step, unit);
  }

  /** The item fields of such a unit as one JSON object text. */
  itemFields(step: number, unit: number): string {
    return this.levels.text(step, unit);
  }
}

function requireState(fold: JournalFold): RunState {
  const state = fold.state();
  if (state === null) throw new JournalError('The journal is empty.');
  checkNotMerged(state);
  return state;
}
