// The Report: one plain JSON value from which every surface is written. It holds no clock reading outside `timing`
// and no Markdown; texts in it that came from users, models or providers are untrusted until a sink writes them.
import type { Against } from '../analysis/against.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { Slice } from '../analysis/estimate.ts';
import type { FalseAlarms } from '../analysis/false-alarms.ts';
import type { Gain } from '../analysis/gains.ts';
import type { GateResult } from '../analysis/gates.ts';
import type { GatesState, RunError, Verdict } from '../analysis/verdict.ts';
import type { Mode, NotRun, Pipeline } from '../pipeline/pipeline.ts';
import type { FailureKind } from '../validation/failure.ts';
import type { Stopped, Stopping } from './stopped.ts';

/** Where the numbers come from, and how to get them again. */
export interface Provenance {
  /** The pipeline folder as the user named it. */
  readonly path: string;
  readonly seed: string;
  /** Version of the streams, and the generator when it is not the default: `1`, `1 arc4`. */
  readonly streamVersion: string;
  readonly engineVersion: string;
  /** Hex digest of everything that determines results. */
  readonly contentKey: string;
  readonly runId: string;
  readonly provider: string | null;
  readonly model: string | null;
  /** `none`: no step asks a model. */
  readonly answers: 'fresh' | 'simulated' | 'replayed' | 'none';
  /** Id of the recorded run whose answers were used again, or null. */
  readonly replays: string | null;
  /** A shell command that gives the same results, or null. */
  readonly reproduce: string | null;
}

/** Readings of a clock, apart from everything else because they differ between equal runs. Times are shown as given. */
export interface Timing {
  readonly started: string | null;
  readonly finished: string | null;
  readonly elapsedMs: number | null;
}

/** One batch of an unfinished run. `sent` and `looked` are shown as given, e.g. `09:31 UTC`. */
export interface PendingBatch {
  readonly step: string;
  readonly provider: string;
  readonly batch: string;
  readonly requests: number;
  readonly state: 'declared' | 'running' | 'back' | 'unsure' | 'blocked' | 'canceling';
  readonly sent: string | null;
  readonly looked: string | null;
}

/** Why a run is not over, as far as it is known. `goOn` is the command that continues it. */
export interface Pending {
  readonly batches: readonly PendingBatch[];
  readonly deadline: string | null;
  readonly nextLook: string | null;
  readonly goOn: string | null;
  /** Queues with no room, as `provider/model`: what is not sent yet waits for batches there to end. */
  readonly fullQueues: readonly string[];
  /** A person asked for its end: what runs is being cancelled. */
  readonly canceling: boolean;
}

/** One failed unit as shown. `reason` is the first issue in one line; `raw` the answer as received. */
export interface ReportedFailure {
  readonly unit: string;
  readonly step: string;
  readonly kind: FailureKind;
  readonly attempts: number;
  readonly reason: string;
  readonly raw: string | null;
}

/** An entry that was done after the run, or failed. `files`: the first of `count`; `said`: the last a script said. */
export interface ReportedPostProcess {
  readonly name: string;
  readonly kind: 'script' | 'analysis' | 'gzip' | 'extract';
  readonly ok: boolean;
  /** Why it failed, or what is to be known of it; null: nothing. */
  readonly why: string | null;
  readonly count: number;
  readonly bytes: number;
  /** Paths below `outputs/`. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly said: string;
}

/** One step of the funnel and its cost. Money is US dollars as decimal text; null: no price is known. */
export interface ReportedStep {
  readonly step: string;
  readonly kind: 'expression' | 'llm' | 'fan_out';
  readonly entered: number;
  readonly valid: number;
  readonly failed: number;
  readonly inFlight: number;
  /** Of a fan-out, the units that its valid ones have become. */
  readonly children?: number;
  readonly retried: number;
  readonly firstAttemptValid: number;
  readonly capped: number;
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  readonly provider: string | null;
  readonly model: string | null;
  readonly mode: Mode | null;
  readonly requests: number;
  readonly tokens: { readonly input: number; readonly output: number };
  /** False: nothing was paid, and `cost` is what it would cost at the declared prices. */
  readonly paid: boolean;
  /** All attempts, and those after the first. */
  readonly cost: string | null;
  readonly retryCost: string | null;
  /** The most that requests may have cost beside `cost`, because their answers never arrived; and how many they are. */
  readonly uncertain: string;
  readonly uncertainRequests: number;
}

/** A model that was paid for, and where its price comes from; null: no price is known. */
export interface PricedModel {
  readonly provider: string;
  readonly model: string;
  readonly mode: Mode;
  readonly source: string | null;
}

/** What was spent. `spent` is null when a step has no known price; invented and replayed answers cost nothing. */
export interface ReportedCost {
  readonly spent: string | null;
  /** What the same tokens would cost at the declared prices; null when a price is missing, or when all was paid. */
  readonly wouldCost: string | null;
  /** The most that was spent beside `spent`, for requests whose answers never arrived; and how many they are. */
  readonly uncertain: string;
  readonly uncertainRequests: number;
  readonly cap: string | null;
  /** Promised to what is under way and its retries, while the run is not over. */
  readonly reserved: string | null;
  /** Each model and mode that was paid for. */
  readonly prices: readonly PricedModel[];
  /** Models without a known price. */
  readonly unpriced: readonly string[];
}

export interface Report {
  readonly version: 1;
  readonly pipeline: string;
  readonly verdict: Verdict;
  readonly headline: string;
  readonly simulated: boolean;
  readonly gatesState: GatesState;
  readonly gates: readonly GateResult[];
  /** How often they fail by chance alone, as the pipeline promises. */
  readonly falseAlarms: FalseAlarms;
  readonly error: RunError | null;
  /** As `Accounting` counts them: `sources`, those planned, where a step fans out. */
  readonly units: {
    readonly planned: number;
    readonly sources?: number;
    readonly valid: number;
    readonly failed: number;
    readonly inFlight: number;
  };
  /** Units that failed before a fan-out, and the most results they could have given; absent: none did. */
  readonly unsplit?: { readonly units: number; readonly most: number };
  readonly found: boolean;
  readonly groupBy: string | null;
  readonly overall: Slice;
  readonly groups: readonly Slice[];
  readonly unitsInMoreGroups: number;
  /** The run it was held against; null: none. */
  readonly against: Against | null;
  /** What coupled draws brought; empty when no draws are coupled. */
  readonly gains: readonly Gain[];
  /** Null: no run that may end early. */
  readonly stopped: Stopped | null;
  readonly steps: readonly ReportedStep[];
  readonly failures: readonly ReportedFailure[];
  /** Units that failed because the recording has no answer for them; null when nothing was replayed. */
  readonly uncovered: number | null;
  readonly cost: ReportedCost;
  readonly notRun: readonly NotRun[];
  /** Absent: nothing was done after the run. */
  readonly postProcess?: readonly ReportedPostProcess[];
  readonly provenance: Provenance;
  readonly pending: Pending | null;
  readonly timing: Timing | null;
}

/** What the run may spend (picodollars): null when there is no cap, or nothing is promised any more. */
export interface Allowance {
  readonly cap: bigint | null;
  readonly reserved: bigint | null;
}

/** What a report is built from. `error` is set when the run was stopped; `pending` only while it is not over. */
export interface ReportInput {
  readonly pipeline: Pipeline;
  readonly analysis: Analysis;
  readonly allowance: Allowance;
  readonly uncovered: number | null;
  readonly provenance: Provenance;
  readonly error: RunError | null;
  readonly pending: Pending | null;
  readonly timing: Timing | null;
  /** How far a run is that may end early; absent or null: it is no such run. */
  readonly stopping?: Stopping | null;
  /** What was done after the run, and what of it was not; absent: nothing is to be done. */
  readonly after?: { readonly done: readonly ReportedPostProcess[]; readonly notRun: readonly NotRun[] };
}
