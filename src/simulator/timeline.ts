// Where a batch stands, as a pure function of its record, its cancellation and the time. Nothing is ever advanced:
// any process that reads the same files at the same time sees the same state.
import type { Faults } from './faults.ts';
import type { ProtocolName } from './mishaps.ts';

/** One reason why a batch fails, its code in the protocol's words. `line` of the uploaded file counts from 1. */
export interface BatchProblem {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
}

/** A batch as created; never changed afterwards. Times are milliseconds since 1970. */
export interface BatchRecord {
  readonly id: string;
  readonly protocol: ProtocolName;
  readonly createdMs: number;
  /** The stored file that holds the requests, in the protocol's own form. */
  readonly input: string;
  /** What the protocol wants to show again, e.g. metadata or a display name. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly model: string | null;
  readonly total: number;
  /** Tokens of all prompts, for the limit of the queue. */
  readonly tokens: number;
  /** Null: it runs. Otherwise it fails after validation, for these reasons; with none, for no reason it tells. */
  readonly failure: readonly BatchProblem[] | null;
  /** Time from creation to completion. */
  readonly durationMs: number;
  /** Age at which an unfinished batch expires, or null: never. */
  readonly lifetimeMs: number | null;
  /** Age until which nobody can see it. */
  readonly hiddenMs: number;
  /** Time from its end to its output. */
  readonly outputDelayMs: number;
  readonly faults: Faults;
  /** Seed of the order of its rows. */
  readonly seed: string;
  /** Share of each input read from a cache. */
  readonly cached: number;
}

/** A batch's status, and how many requests, in input order, have been executed. */
export interface BatchState {
  readonly status:
    | 'validating'
    | 'failed'
    | 'in_progress'
    | 'finalizing'
    | 'completed'
    | 'expired'
    | 'cancelling'
    | 'cancelled';
  readonly executed: number;
  /** When each status began, as far as it has. */
  readonly times: Readonly<Record<string, number>>;
}

/** The state of a batch at `nowMs`; `cancelMs` is when its cancellation takes effect, or null. */
export function stateOf(record: BatchRecord, cancelMs: number | null, nowMs: number): BatchState {
  const { createdMs, durationMs, total } = record;
  const started = createdMs + durationMs * 0.1;
  const computed = createdMs + durationMs * 0.9;
  const done = createdMs + durationMs;
  const executedAt = (ms: number) =>
    ms >= computed ? total : Math.max(0, Math.floor((total * (ms - started)) / (computed - started)));
  const begun = (untilMs: number) => (untilMs >= started ? { in_progress: started } : {});

  if (record.failure !== null) {
    if (nowMs < started) return { status: 'validating', executed: 0, times: {} };
    return { status: 'failed', executed: 0, times: { failed: started } };
  }
  const expires = record.lifetimeMs === null ? Number.POSITIVE_INFINITY : createdMs + record.lifetimeMs;
  const end = Math.min(done, expires);
  if (cancelMs !== null && cancelMs <= nowMs && cancelMs < end) {
    const executed = executedAt(cancelMs);
    const canceled = cancelMs + durationMs * 0.1;
    const times = { ...begun(cancelMs), cancelling: cancelMs };
    if (nowMs < canceled) return { status: 'cancelling', executed, times };
    return { status: 'cancelled', executed, times: { ...times, cancelled: canceled } };
  }
  if (expires < done && nowMs >= expires) {
    return {
      status: 'expired',
      executed: executedAt(expires),
      times: { ...begun(expires), expired: expires },
    };
  }
  if (nowMs >= done) {
    return {
      status: 'completed',
      executed: total,
      times: { ...begun(nowMs), finalizing: computed, completed: done },
    };
  }
  if (nowMs >= computed) {
    return { status: 'finalizing', executed: total, times: { ...begun(nowMs), finalizing: computed } };
  }
  if (nowMs >= started) return { status: 'in_progress', executed: executedAt(nowMs), times: begun(nowMs) };
  return { status: 'validating', executed: 0, times: {} };
}

/** Whether the batch is over, well or not. */
export function isOver(state: BatchState): boolean {
  return ['failed', 'completed', 'expired', 'cancelled'].includes(state.status);
}

/** Whether the output of a batch that is over can be had. Failed batches have none. */
export function hasOutput(record: BatchRecord, state: BatchState, nowMs: number): boolean {
  const endedMs = state.times[state.status];
  if (!isOver(state) || state.status === 'failed' || endedMs === undefined) return false;
  return nowMs >= endedMs + record.outputDelayMs;
}
