// The state of a run as its journal tells it: everything a decision needs; bulk stays in blobs.
import type { Weighed } from '../analysis/stop.ts';
import type { Mode } from '../pipeline/pipeline.ts';
import type { FailureKind } from '../validation/failure.ts';
import type {
  BatchGroup,
  BlobDigest,
  CancelReason,
  Claim,
  JournalEvent,
  RunSettings,
  Shard,
  Target,
  TargetName,
} from './events.ts';
import { UnitSet } from './unit-set.ts';

/** Units waiting to be worked on at a step, all in the same attempt. */
export interface ReadyGroup {
  readonly units: UnitSet;
  readonly attempt: number;
  readonly feedback: BlobDigest | null;
  /** Picodollars that stay reserved for them: they were reserved together with the attempt before. */
  readonly kept: bigint;
}

/** Outputs of one settled piece of work for a step: a later segment wins over an earlier one. */
export interface OutputSegment {
  readonly units: UnitSet;
  readonly outcomes: BlobDigest;
  /** Which column of the outcome lines holds this step's fields. */
  readonly column: number;
}

/** Where the units stand at one step. */
export interface StepState {
  readonly name: string;
  readonly kind: 'expression' | 'llm' | 'fan_out';
  /** How many fan-outs came before: the level whose numbers the units here have, see levels.ts. */
  readonly level: number;
  /** The most children of one unit, of a fan-out; of any other step null. */
  readonly width: number | null;
  /** Of a fan-out, the children it made, in the numbers of the next level. Empty of any other step. */
  readonly made: UnitSet;
  readonly ready: readonly ReadyGroup[];
  /** Units whose latest attempt got past this step. */
  readonly passed: UnitSet;
  readonly failed: UnitSet;
  /** Units tried here at least once, and more than once. */
  readonly tried: UnitSet;
  readonly retried: UnitSet;
  /** What it gave; of a fan-out to its children, in the numbers of the next level. */
  readonly segments: readonly OutputSegment[];
  /** Outcome blobs with failures for good, newest last. */
  readonly failureBlobs: readonly { readonly units: UnitSet; readonly outcomes: BlobDigest }[];
  readonly kinds: Readonly<Partial<Record<FailureKind, number>>>;
  /** Units whose first attempt here was valid. */
  readonly firstValid: UnitSet;
  readonly requests: number;
  readonly firstUsage: { readonly input: number; readonly output: number };
  readonly retryUsage: { readonly input: number; readonly output: number };
  /** Picodollars by usage, of first attempts and of the others; null: a price is not known. */
  readonly firstCost: bigint | null;
  readonly retryCost: bigint | null;
  /** The most that requests without an answer may have cost (picodollars), and how many they are. */
  readonly uncertain: bigint;
  readonly uncertainRequests: number;
  readonly capped: number;
  /** Of the batch declared last; null before the first. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly mode: Mode | null;
  /** How many batches a full queue sent back: makes the keys of those packed anew different. */
  readonly returned: number;
  /** Most requests of the next batch, after one that was too large or took too long; null: no such experience. */
  readonly mostRequests: number | null;
  /** Requests of the largest batch so far. */
  readonly largestBatch: number;
}

/** A full queue of one provider and model: nothing more goes there before `retryAt`, nor while `behind` are queued. */
export interface FullQueue {
  readonly why: string;
  /** When it was found full (ms). */
  readonly at: number;
  readonly retryAt: number;
  /** How often in a row it was full while none of the run's own batches stood in it. */
  readonly alone: number;
  /** Keys of the run's own batches that were queued when it was full. */
  readonly behind: readonly string[];
}

/** How far a declared batch has come. */
export type BatchPhase =
  | { readonly kind: 'claimed'; readonly claim: Claim }
  | {
      readonly kind: 'postponed';
      readonly cause: 'busy' | 'blocked';
      readonly why: string;
      readonly retryAt: number;
    }
  | { readonly kind: 'submitted'; readonly providerBatch: string; readonly at: number }
  /** Calls are under way, or were when their process died. `again`: for the second and last time. */
  | {
      readonly kind: 'calling';
      readonly claim: Claim;
      readonly again: boolean;
      readonly answered: UnitSet;
      readonly answers: readonly BlobDigest[];
      /** Calls were held back before they were made: those of `uncalled`. */
      readonly stopped: {
        readonly uncalled: UnitSet;
        readonly cause: 'busy' | 'blocked';
        readonly why: string;
        readonly retryAt: number;
      } | null;
      /** How often calls were stopped in a row without an answer in between. */
      readonly stops: number;
      readonly at: number;
    }
  | {
      readonly kind: 'collected';
      readonly answers: BlobDigest;
      readonly status: string;
      readonly reason: string | null;
      readonly rows: number;
    };

/** A batch that is not settled yet. */
export interface OpenBatch {
  readonly key: string;
  readonly step: number;
  readonly provider: string;
  readonly model: string;
  readonly mode: Mode;
  /** Picodollars: the most that its requests and all their retries can cost. */
  readonly reserved: bigint;
  /** Estimated input tokens. */
  readonly tokens: number;
  readonly groups: readonly BatchGroup[];
  readonly units: UnitSet;
  readonly requests: BlobDigest;
  readonly count: number;
  readonly phase: BatchPhase;
  readonly declaredAt: number;
  /** When its first and its last create were about to be sent (ms); null: it certainly does not exist. */
  readonly creating: { readonly first: number; readonly last: number } | null;
  readonly submittedAt: number | null;
  /** What the provider has denied since when: knowledge of it, or its rows. */
  readonly trouble: { readonly kind: 'unknown' | 'rows' | 'unsure'; readonly since: number } | null;
  readonly cancelAsked: { readonly why: 'age' | 'run'; readonly at: number } | null;
}

/** A wave that was weighed, and which units it made wait. */
export interface WeighedWave {
  readonly weighed: Weighed;
  readonly opens: UnitSet;
}

/** How far a run is that is weighed after each wave. */
export interface Waves {
  /** Units that wait, are under way or are over: those of all waves so far. */
  readonly opened: UnitSet;
  readonly looks: readonly WeighedWave[];
  /** No more units are run. */
  readonly isOver: boolean;
}

/** A commit that waits for the result, and since when (ms). */
export interface KnownTarget extends Target {
  readonly addedAt: number;
}

/** How far the entries of one snapshot have come. */
export interface EntryBooks {
  /** The entry that was begun last and has not ended; null: none. */
  readonly begun: { readonly key: string; readonly owner: string; readonly until: number } | null;
  /** What has ended, by key. */
  readonly ended: ReadonlyMap<string, EndedEntry>;
}

/** Entries of a commit that joined the run of others. */
export interface JoinedEntries extends EntryBooks {
  /** Somebody vouched for its scripts. */
  readonly isTrusted: boolean;
  /** The commit that brought them; where somebody vouched, the first for which that was. */
  readonly target: TargetName;
}

/** How far what is done after the run has come: the entries that count for it, and those of commits that joined it. */
export interface PostProcessState extends EntryBooks {
  /** The snapshot whose entries count and whose scripts may be run; null: nobody vouched for any. */
  readonly trusted: BlobDigest | null;
  /** The commit for which somebody did; null: for none, or an older engine did not note it. */
  readonly target: TargetName | null;
  /** By snapshot. */
  readonly joined: ReadonlyMap<BlobDigest, JoinedEntries>;
}

/** An entry that was done, or failed. */
export type EndedEntry = Omit<Extract<JournalEvent, { type: 'post_process_ended' }>, 'type' | 'at' | 'by'>;

/** A run as its journal tells it. */
export interface RunState {
  readonly run: string;
  readonly engine: string;
  readonly contentKey: string;
  readonly epoch: number;
  readonly nonce: string;
  readonly snapshot: BlobDigest;
  /** The snapshot whose report and gates count. */
  readonly reportSnapshot: BlobDigest;
  /** Units of the whole run, also where this is one shard of it; of a run in waves the most there can be. */
  readonly units: number;
  /** Null: all units wait from the start. */
  readonly waves: Waves | null;
  readonly settings: RunSettings;
  /** Modes that somebody changed to, the one that counts last; empty: as the pipeline says. */
  readonly modes: readonly Mode[];
  /** Null: the whole run. A merged shard is `finished`: whatever still waits goes on in the whole run. */
  readonly shard: (Shard & { readonly submitted: boolean; readonly merged: boolean }) | null;
  /** In the order in which they were added. */
  readonly targets: readonly KnownTarget[];
  readonly steps: readonly StepState[];
  readonly batches: ReadonlyMap<string, OpenBatch>;
  /** Full queues by `provider/model`. */
  readonly queues: ReadonlyMap<string, FullQueue>;
  /** What the run may cost (picodollars); null: no limit. */
  readonly cap: bigint | null;
  /** Its end is wanted. */
  readonly canceling: boolean;
  /** Why it is or was wanted; null: it never was. */
  readonly cancelReason: CancelReason | null;
  readonly strayRows: number;
  readonly finished: boolean;
  readonly postProcess: PostProcessState;
  readonly createdAt: number;
  readonly lastEventAt: number;
}

/** True for the same commit of the same pull request or branch, asked for by the same pipeline. */
export function isSameTarget(a: TargetName, b: TargetName): boolean {
  return a.pipeline === b.pipeline && a.pull === b.pull && a.commit === b.commit;
}

/** Thrown when a journal cannot be continued: written by a newer engine, or not a journal of ours. */
export class JournalError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JournalError';
  }
}

/**
 * Thrown when a run is not to be had any more: it is over and was put away, its end was asked for, or it became part of
 * another. Whoever asks for its content again gets what there is by then.
 */
export class RunClosedError extends JournalError {}

/** True for a batch that nobody was asked: it may be taken apart again. Calls are begun only when the journal says so. */
export function isUnsent({ phase, creating, mode }: OpenBatch): boolean {
  if (phase.kind === 'postponed') return true;
  return phase.kind === 'claimed' && (creating === null || mode === 'realtime');
}

/** The queue a batch stands in. */
export function queueName(batch: { readonly provider: string; readonly model: string }): string {
  return `${batch.provider}/${batch.model}`;
}

/** Units waiting or under way at a step. */
export function unitsInFlight(state: RunState, step: number): UnitSet {
  const batches = [...state.batches.values()].filter((batch) => batch.step === step);
  return UnitSet.unionOf([...(state.steps[step]?.ready ?? []), ...batches].map(({ units }) => units));
}

/** How many units wait or are under way at a step; one that does both counts twice, and no books with it balance. */
export function countInFlight(state: RunState, step: number): number {
  let count = 0;
  for (const { units } of state.steps[step]?.ready ?? []) count += units.size;
  for (const batch of state.batches.values()) if (batch.step === step) count += batch.units.size;
  return count;
}

/** The planned units this run is about so far: all, or those of its shard, or of the waves that were opened. */
export function plannedUnits(state: RunState): UnitSet {
  return state.waves?.opened ?? shardUnits(state.units, state.shard);
}

/** True for a run in waves that would be weighed once more, or that waits for a wave. */
export function isBeforeItsEnd({ waves }: RunState): boolean {
  return waves !== null && !waves.isOver;
}

/** The units of a shard: as equal neighbouring ranges as can be, in canonical order. Null: all of them. */
export function shardUnits(units: number, shard: Pick<Shard, 'index' | 'of'> | null): UnitSet {
  if (shard === null) return UnitSet.firstOf(units);
  const edge = (index: number): number => Math.floor((units * index) / shard.of);
  return UnitSet.firstOf(edge(shard.index)).minus(UnitSet.firstOf(edge(shard.index - 1)));
}

/** Units that got past every step, in the numbers of the last level: those a run has results of. */
export function validUnits(state: RunState): UnitSet {
  const last = state.steps[state.steps.length - 1];
  if (last === undefined) return plannedUnits(state);
  return last.kind === 'fan_out' ? last.made : last.passed;
}
