// The events of a run's journal. They hold ids, digests, counts and times: never prompts, answers or keys.
// A field may be added; a meaning may not change without a new JOURNAL_VERSION and a fold for the old one.
import type { FailureKind } from '../validation/failure.ts';

/** Version of the event vocabulary. A journal with a higher one is refused untouched. */
export const JOURNAL_VERSION = 1;

/** Lower-case hex SHA-256; the same text as the blob port's digest. */
export type BlobDigest = string;

/** Units that stopped at one step of a settled piece of work, with what becomes of them. Unit sets are text. */
export interface Stop {
  readonly step: number;
  /** Failed for good. */
  readonly failed: string;
  /** Kinds of the failures for good, counted. */
  readonly kinds: Partial<Record<FailureKind, number>>;
  /** Tried again as the next attempt, from the named step on. */
  readonly retries: readonly { readonly step: number; readonly units: string }[];
}

/** What became of a set of units that went through the steps `step` to `through` in one attempt. */
export interface Settlement {
  readonly step: number;
  readonly through: number;
  readonly attempt: number;
  readonly units: string;
  /** Blob with one outcome line per unit, in unit order. */
  readonly outcomes: BlobDigest;
  readonly stops: readonly Stop[];
  /** Units whose loop was ended by max_iterations, per step from `step` on. */
  readonly capped: readonly number[];
  /** Answered requests and their tokens; zeros for local steps. */
  readonly requests: number;
  readonly usage: { readonly input: number; readonly output: number };
}

/** One attempt's share of a batch. `feedback` is the outcome blob that tells what was wrong before. */
export interface BatchGroup {
  readonly attempt: number;
  readonly units: string;
  readonly feedback: BlobDigest | null;
}

/** Settings of a run that the snapshot does not hold, fixed when it is created. */
export interface RunSettings {
  readonly simulator: {
    readonly faults: string;
    readonly minLatencyMs: number;
    readonly maxLatencyMs: number;
  } | null;
  /** The pipeline folder as the user named it. */
  readonly source: string;
  /** The command line, after the program's name, that makes the same run again. */
  readonly command: string;
}

/** Who may submit a declared batch, until when (ms since 1970). */
export interface Claim {
  readonly owner: string;
  readonly at: number;
  readonly expires: number;
}

export type JournalEvent =
  | {
      readonly type: 'run_created';
      readonly journal: number;
      readonly engine: string;
      readonly run: string;
      readonly contentKey: string;
      readonly epoch: number;
      /** Tells this run's batches from those of another run of the same content, in another place. */
      readonly nonce: string;
      readonly snapshot: BlobDigest;
      readonly units: number;
      readonly steps: readonly { readonly name: string; readonly kind: 'expression' | 'llm' }[];
      readonly settings: RunSettings;
      readonly at: number;
    }
  /** Only the report or the gates of the pipeline changed: later reports read this snapshot's. */
  | { readonly type: 'report_changed'; readonly snapshot: BlobDigest; readonly at: number }
  | { readonly type: 'work_settled'; readonly settlement: Settlement; readonly at: number }
  | {
      readonly type: 'batch_declared';
      readonly batch: string;
      readonly step: number;
      readonly provider: string;
      readonly model: string;
      readonly groups: readonly BatchGroup[];
      /** Blob with one request line per unit, in group and unit order. */
      readonly requests: BlobDigest;
      readonly count: number;
      readonly claim: Claim;
    }
  | { readonly type: 'batch_claimed'; readonly batch: string; readonly claim: Claim }
  | {
      readonly type: 'batch_submitted';
      readonly batch: string;
      readonly providerBatch: string;
      readonly at: number;
    }
  /** Certainly not created; to be submitted again after `retryAt`. */
  | {
      readonly type: 'batch_postponed';
      readonly batch: string;
      readonly why: string;
      readonly retryAt: number;
    }
  | {
      readonly type: 'batch_collected';
      readonly batch: string;
      readonly status: 'completed' | 'failed' | 'expired' | 'canceled' | 'rejected';
      readonly reason: string | null;
      /** Blob with one answer per line, in the order of arrival. */
      readonly answers: BlobDigest;
      readonly rows: number;
      readonly at: number;
    }
  | {
      readonly type: 'batch_settled';
      readonly batch: string;
      readonly settlements: readonly Settlement[];
      /** Rows whose custom id was not asked for, and rows that contradict another row. */
      readonly strayRows: number;
      readonly at: number;
    }
  | { readonly type: 'run_finished'; readonly at: number };
