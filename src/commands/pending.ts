// What an unfinished run waits for, in the words of the report.
import type { Wait } from '../engine/decide.ts';
import type { OpenBatch, RunState } from '../engine/state.ts';
import type { TroubledWait } from '../engine/tick.ts';
import type { Pending, PendingBatch, Timing } from '../report/report.ts';
import { shellWord } from './shell.ts';

/**
 * The pending part of a report; `now` is milliseconds since 1970. `directory` null: nobody has to go on, a later job will.
 */
export function describePending(
  state: RunState,
  waits: readonly TroubledWait[],
  options: { readonly launcher: string; readonly directory: string | null; readonly now: number },
): Pending {
  const batches = [...state.batches.values()].map((batch): PendingBatch => {
    const wait = waits.find((one) => one.batch === batch.key);
    return {
      step: state.steps[batch.step]!.name,
      provider: batch.provider,
      batch: batch.key.slice(0, 8),
      requests: batch.count,
      state: stateOf(batch, wait?.why ?? null),
      sent: batch.submittedAt === null ? null : timeOfDay(batch.submittedAt),
      looked: timeOfDay(options.now),
    };
  });
  // When a later job looks, its schedule says.
  const next =
    waits.length === 0 || options.directory === null ? null : Math.min(...waits.map((wait) => wait.lookAt));
  return {
    batches,
    deadline: deadlineOf(state),
    nextLook: next === null ? null : timeOfDay(next),
    goOn: options.directory === null ? null : `${options.launcher} collect ${shellWord(options.directory)}`,
    fullQueues: [...state.queues.keys()].filter((queue) => isFull(state, queue, options.now)),
    canceling: state.canceling,
  };
}

/** True while nothing more is sent to a queue: none of the batches queued there came back, or it asked for time. */
function isFull(state: RunState, queue: string, now: number): boolean {
  const full = state.queues.get(queue);
  if (full === undefined) return false;
  if (full.behind.length === 0) return full.retryAt > now;
  return full.behind.every((key) => state.batches.get(key)?.phase.kind === 'submitted');
}

function stateOf(batch: OpenBatch, wait: Wait['why'] | null): PendingBatch['state'] {
  const { phase } = batch;
  switch (phase.kind) {
    case 'collected':
      return 'back';
    case 'submitted':
    case 'calling':
      return batch.cancelAsked === null ? 'running' : 'canceling';
    case 'postponed':
      return phase.cause === 'blocked' ? 'blocked' : 'declared';
    case 'claimed':
      return wait === 'unsure' ? 'unsure' : 'declared';
    default:
      return phase satisfies never;
  }
}

/** When the run began and last moved. */
export function describeTiming(state: RunState): Timing {
  return {
    started: new Date(state.createdAt).toISOString(),
    finished: state.finished ? new Date(state.lastEventAt).toISOString() : null,
    elapsedMs: state.lastEventAt - state.createdAt,
  };
}

function deadlineOf(state: RunState): string | null {
  const { deadlineMs = null } = state.settings;
  return deadlineMs === null ? null : timeText(state.createdAt + deadlineMs);
}

/** `2026-11-23 10:04 UTC`. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function timeOfDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
