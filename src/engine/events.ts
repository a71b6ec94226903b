// The events of a run's journal. They hold ids, digests, counts and times: never prompts, answers or keys.
// A field may be added; a meaning may not change without a new JOURNAL_VERSION and a fold for the old one.
import type { Weighed } from '../analysis/stop.ts';
import type { Mode, TokenPrice } from '../pipeline/pipeline.ts';
import type { FailureKind } from '../validation/failure.ts';

/** Version of the event vocabulary. A journal with a higher one is refused untouched. */
export const JOURNAL_VERSION = 4;

/**
 * The version a journal is written with, the lowest whose reader understands the run: one of 2 would run units of a run
 * in waves that are not open yet, one of 3 would take the children of a fan-out for planned units, and know nothing of
 * what is done after the run.
 */
export function journalVersionFor(run: {
  readonly isInWaves: boolean;
  readonly fansOut: boolean;
  readonly isPostProcessed: boolean;
}): number {
  if (run.fansOut || run.isPostProcessed) return JOURNAL_VERSION;
  return run.isInWaves ? 3 : 2;
}

/** Lower-case hex SHA-256; the same text as the blob port's digest. */
export type BlobDigest = string;

/** Picodollars (1e-12 US dollars) as a decimal integer. */
export type MoneyText = string;

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
  /**
   * Of a fan-out: the units that its units have become, in the numbers of their level, and a blob with one line for each,
   * in their order. Absent: there are none.
   */
  readonly children?: { readonly units: string; readonly outcomes: BlobDigest };
  /** Units whose loop was ended by max_iterations, per step from `step` on. */
  readonly capped: readonly number[];
  /** Answered requests and their tokens; zeros for local steps. */
  readonly requests: number;
  readonly usage: { readonly input: number; readonly output: number };
  /** What the answers cost by their usage; null: a price is not known. */
  readonly cost: MoneyText | null;
  /** At the most, what requests cost whose answer did not arrive though they may have been billed. */
  readonly uncertain: MoneyText;
  /** How many requests that is. */
  readonly uncertainRequests: number;
  /** Of the batch's reservation, what stays reserved for the retries of these units. */
  readonly kept: MoneyText;
}

/** The part of a settlement that tells of requests, where there were none. */
export const NOTHING_ASKED = {
  requests: 0,
  usage: { input: 0, output: 0 },
  cost: '0',
  uncertain: '0',
  uncertainRequests: 0,
  kept: '0',
} as const;

/** One attempt's share of a batch. `feedback` is the outcome blob that tells what was wrong before. */
export interface BatchGroup {
  readonly attempt: number;
  readonly units: string;
  readonly feedback: BlobDigest | null;
  /** Of the batch's reservation, what is for these units; absent: nothing. */
  readonly reserved?: MoneyText;
  /** Of the money that was kept for retries of these units, what the reservation takes over; absent: nothing. */
  readonly released?: MoneyText;
}

/** Settings of a run that the snapshot does not hold, fixed when it is created. */
export interface RunSettings {
  readonly simulator: {
    readonly faults: string;
    readonly minLatencyMs: number;
    readonly maxLatencyMs: number;
  } | null;
  /** By `provider/model/mode`; null: not known. Absent in a run that pays nothing. */
  readonly prices: Readonly<Record<string, TokenPrice | null>>;
  /** What the run may cost at the most; null: no limit, by the wish of whoever started it. */
  readonly cap: MoneyText | null;
  /** Id of the recorded run whose answers are used again, or null. */
  readonly replays: string | null;
  /**
   * Where that recording is, and the digest of its answers, so that another recording of the same pipeline is another
   * run. Set when `replays` is.
   */
  readonly recording?: {
    readonly folder: string;
    readonly digest: string;
    /** Some of its answers were invented: they stay so, however often they are replayed. */
    readonly simulated: boolean;
    /** Of a run in waves: which of so many units it has answers of at the most. */
    readonly waves?: { readonly units: number; readonly opened: string };
  };
  /** How long the run may take from its creation (ms); absent or null: for ever. */
  readonly deadlineMs?: number | null;
  /**
   * Digest of the result that changes are held against when the run is weighed after a wave: that of its first start,
   * whatever is known later. Absent: there was none.
   */
  readonly against?: BlobDigest;
  /** The pipeline folder as the user named it. */
  readonly source: string;
  /** The command line, after the program's name, that makes the same run again. */
  readonly command: string;
}

/** A commit that waits for this run's result: of a pull request, or of a branch. */
export interface Target {
  /** Path of the pipeline's folder in the repository: two with the same content share a run. */
  readonly pipeline: string;
  /** Number of the pull request; null: a push, a schedule, a merge queue. */
  readonly pull: number | null;
  /** The commit (40 hex) that gets the status: of a pull request its head. */
  readonly commit: string;
  /** The branch the commit is on, or, of a pull request, the one it shall be merged into. */
  readonly branch: string;
  /** The workflow run (its number in addresses) that asked. */
  readonly workflowRun: number;
  /** How the workflow that asked wants it shown; absent: as whoever shows it is told. */
  readonly shown?: TargetShown;
  /** Snapshot with the gates and the report of this commit, where they are not those the run was made with. */
  readonly judgedBy?: BlobDigest;
}

/** What tells a target from others. */
export type TargetName = Pick<Target, 'pipeline' | 'pull' | 'commit'>;

/** What a workflow said about showing results: those that collect them may say something else, or nothing. */
export interface TargetShown {
  readonly comment: 'always' | 'changes' | 'failures' | 'never';
  readonly check: boolean;
  readonly failOn: 'fail' | 'inconclusive' | 'never';
  readonly baseline: BaselineWish;
}

/** With what a result is compared: what the event suggests, a branch, or nothing. */
export type BaselineWish =
  | { readonly kind: 'event' }
  | { readonly kind: 'branch'; readonly branch: string }
  | { readonly kind: 'none' };

/** A part of a run, for one of several machines: `index` counts from 1. `cap` is the ceiling of the whole run. */
export interface Shard {
  readonly index: number;
  readonly of: number;
  readonly cap: MoneyText | null;
}

/** Why the end of a run is wanted: a person, its deadline, or a newer commit (`by`) that asked for another run. */
export type CancelReason =
  | { readonly kind: 'person' }
  | { readonly kind: 'deadline' }
  | { readonly kind: 'superseded'; readonly by: string };

/** Who may submit a declared batch, until when (ms since 1970). */
export interface Claim {
  readonly owner: string;
  readonly at: number;
  readonly expires: number;
}

/** A step as a journal knows it. `width`: the most children of one unit, of a fan-out only. */
export interface CreatedStep {
  readonly name: string;
  readonly kind: 'expression' | 'llm' | 'fan_out';
  readonly width?: number;
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
      readonly steps: readonly CreatedStep[];
      readonly settings: RunSettings;
      /** Of a run that is weighed after each wave: its first units that wait at first; absent: all of them. */
      readonly firstWave?: number;
      /** Absent: the whole run. Its units are those of `shardUnits`; the others wait nowhere. */
      readonly shard?: Shard;
      readonly at: number;
    }
  /** Another commit waits for the result; one that waits already is not named twice. */
  | { readonly type: 'target_added'; readonly target: Target; readonly at: number }
  /** A shard has done what it could in its job; the collector may merge it. */
  | { readonly type: 'shard_submitted'; readonly at: number }
  /** The shard is part of the whole run from now on: nothing more happens here. Always its last event. */
  | { readonly type: 'shard_merged'; readonly at: number }
  /** Only the report or the gates of the pipeline changed: later reports read this snapshot's. */
  | { readonly type: 'report_changed'; readonly snapshot: BlobDigest; readonly at: number }
  | { readonly type: 'work_settled'; readonly settlement: Settlement; readonly at: number }
  | {
      readonly type: 'batch_declared';
      readonly batch: string;
      readonly step: number;
      readonly provider: string;
      readonly model: string;
      readonly mode: Mode;
      /** The most that its requests and all their retries at this step can cost. */
      readonly reserved: MoneyText;
      /** Estimated input tokens, for queues that are limited in tokens. */
      readonly tokens: number;
      readonly groups: readonly BatchGroup[];
      /** Blob with one request line per unit, in group and unit order. */
      readonly requests: BlobDigest;
      readonly count: number;
      readonly claim: Claim;
    }
  | { readonly type: 'batch_claimed'; readonly batch: string; readonly claim: Claim }
  /** Its create is about to be sent, by the owner of the renewed claim: from now on the batch may exist. */
  | { readonly type: 'batch_creating'; readonly batch: string; readonly claim: Claim }
  /** Since `at` the provider has not known it, not given its rows, or not been able to tell whether it exists. */
  | {
      readonly type: 'batch_troubled';
      readonly batch: string;
      /** Null: it is well again. */
      readonly trouble: 'unknown' | 'rows' | 'unsure' | null;
      readonly why: string;
      readonly at: number;
    }
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
      readonly cause: 'busy' | 'blocked';
      readonly why: string;
      readonly retryAt: number;
    }
  /**
   * Nothing of it ran, because the provider's queue was full or the account was refused: its units wait again, in the
   * same attempt, for a batch that is packed anew; after a full queue smaller, not before `retryAt`, and not while others
   * of the same model are queued.
   */
  | {
      readonly type: 'batch_returned';
      readonly batch: string;
      readonly cause: 'queue_full' | 'blocked';
      readonly why: string;
      readonly retryAt: number;
      readonly at: number;
    }
  /** Its end is wanted: because it is too old, or because the run is cancelled. */
  | {
      readonly type: 'batch_cancel_asked';
      readonly batch: string;
      readonly why: 'age' | 'run';
      readonly at: number;
    }
  /** From now on its calls may be under way; `again`: those without an answer are repeated, for the last time. */
  | { readonly type: 'calls_begun'; readonly batch: string; readonly again: boolean; readonly at: number }
  /** No more calls for now; those of `uncalled` were certainly not made since they were begun last. */
  | {
      readonly type: 'calls_stopped';
      readonly batch: string;
      readonly uncalled: string;
      readonly cause: 'busy' | 'blocked';
      readonly why: string;
      readonly retryAt: number;
      readonly at: number;
    }
  /** Answers of some of its calls, one per line. */
  | {
      readonly type: 'calls_answered';
      readonly batch: string;
      readonly answers: BlobDigest;
      readonly units: string;
      readonly at: number;
    }
  | {
      readonly type: 'batch_collected';
      readonly batch: string;
      /** `lost`: the provider accepted it and does not know it any more. */
      readonly status: 'completed' | 'failed' | 'expired' | 'canceled' | 'rejected' | 'lost';
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
  /** Whoever may set the ceiling set another one; null: none. */
  | { readonly type: 'cap_changed'; readonly cap: MoneyText | null; readonly at: number }
  /**
   * Batches that are declared from now on are asked in this mode, whatever the pipeline says; `prices` are those of it, for
   * what had none yet. An engine from before there was a choice refuses the event.
   */
  | {
      readonly type: 'mode_changed';
      readonly mode: Mode;
      readonly prices: RunSettings['prices'];
      readonly at: number;
    }
  /** Nothing new is begun; what runs is cancelled, what is answered is kept. */
  | { readonly type: 'cancel_requested'; readonly why?: CancelReason; readonly at: number }
  /** Units that had failed for good at a step wait at step `to` again; `kinds` are the failures taken back. */
  | {
      readonly type: 'units_retried';
      readonly step: number;
      readonly to: number;
      readonly groups: readonly BatchGroup[];
      readonly kinds: Partial<Record<FailureKind, number>>;
      readonly at: number;
    }
  /**
   * What befalls a run some of whose blobs are lost for good (see perform-lose.ts). An engine from before there was one of
   * these five events refuses it, and only journals that have it.
   *
   * Outcomes of local work that stood in `lost`, made again: of these units, in the numbers of step `step`.
   */
  | {
      readonly type: 'outcomes_remade';
      readonly lost: BlobDigest;
      readonly outcomes: BlobDigest;
      readonly step: number;
      readonly units: string;
      readonly at: number;
    }
  /** What units at a step are told about the answer before stood in `lost`: made again, for all that were told from there. */
  | {
      readonly type: 'feedback_remade';
      readonly lost: BlobDigest;
      readonly outcomes: BlobDigest;
      readonly step: number;
      readonly units: string;
      readonly at: number;
    }
  /**
   * The requests or the answers of an open batch are lost: its units wait again, in the same attempt, and what it may
   * have cost counts as spent.
   */
  | {
      readonly type: 'batch_lost';
      readonly batch: string;
      readonly uncertain: MoneyText;
      readonly uncertainRequests: number;
      readonly at: number;
    }
  /** Answers of calls under way are lost: those calls are to be made again, and count as spent. */
  | {
      readonly type: 'answers_lost';
      readonly batch: string;
      readonly answers: readonly BlobDigest[];
      readonly units: string;
      readonly uncertain: MoneyText;
      readonly uncertainRequests: number;
      readonly at: number;
    }
  /** Units whose outcome of step `step` is lost wait there again, in the attempt it was of; what came after it is void. */
  | {
      readonly type: 'units_lost';
      readonly step: number;
      readonly groups: readonly BatchGroup[];
      /** Failures for good that are void with it, by step (index). */
      readonly failures: readonly {
        readonly step: number;
        readonly kinds: Partial<Record<FailureKind, number>>;
      }[];
      readonly at: number;
    }
  /** Blobs that are given up: nothing that counts is in them from here on. */
  | { readonly type: 'blobs_lost'; readonly blobs: readonly BlobDigest[]; readonly at: number }
  /** The units of a wave are all over and were weighed: those of `opens` wait from now on; '' when no more are run. */
  | {
      readonly type: 'wave_weighed';
      /** How many waves there were, with this one. */
      readonly look: number;
      readonly weighed: Weighed;
      readonly opens: string;
      readonly at: number;
    }
  | { readonly type: 'run_finished'; readonly at: number }
  /**
   * Whoever may vouch for code has started the run with this snapshot: its entries count, and its scripts may be run.
   * `target`: the commit for which that was; absent: none.
   */
  | {
      readonly type: 'post_process_trusted';
      readonly snapshot: BlobDigest;
      readonly target?: TargetName;
      readonly at: number;
    }
  /**
   * A commit waits that brings entries of its own: they are done for the commits that are judged by this snapshot, and for
   * no others. `trusted`: whoever asked vouches for its scripts, which nobody takes back. An engine from before a run had
   * the entries of several commits refuses the event.
   */
  | {
      readonly type: 'post_process_joined';
      readonly snapshot: BlobDigest;
      readonly trusted: boolean;
      readonly target: TargetName;
      readonly at: number;
    }
  /** An entry is under way; `key` is the digest of all that decides what it does, the entries before it included. */
  | {
      readonly type: 'post_process_begun';
      /** The snapshot that joined with it; absent: it is one of the entries that count for the run. */
      readonly by?: BlobDigest;
      readonly index: number;
      readonly key: string;
      /** Who works on it, and when that is certainly over (ms). */
      readonly owner: string;
      readonly until: number;
      readonly at: number;
    }
  /** An entry was done, or failed, which is not tried again by itself. */
  | {
      readonly type: 'post_process_ended';
      readonly by?: BlobDigest;
      readonly index: number;
      readonly key: string;
      readonly name: string;
      readonly kind: 'script' | 'analysis' | 'gzip' | 'extract';
      readonly ok: boolean;
      /** Why it failed, or what is to be known of it; null: nothing. Never what a script printed. */
      readonly why: string | null;
      /** Files it made below `outputs/`, and their bytes. */
      readonly files: number;
      readonly bytes: number;
      /** Blob with what it printed, the names of its first files, and, of a script, the files themselves. */
      readonly kept: BlobDigest;
      readonly at: number;
    };
