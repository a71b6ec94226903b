// What an unfinished run waits for, in the words of the report.
import type { RunState } from '../engine/state.ts';
import type { TroubledWait } from '../engine/tick.ts';
import type { Pending, PendingBatch, Timing } from '../report/report.ts';
import { shellWord } from './shell.ts';

/** The pending part of a report; `now` is milliseconds since 1970. */
export function describePending(
  state: RunState,
  waits: readonly TroubledWait[],
  options: { readonly launcher: string; readonly directory: string; readonly now: number },
): Pending {
  const batches = [...state.batches.values()].map((batch): PendingBatch => {
    const wait = waits.find((one) => one.batch === batch.key);
    return {
      step: state.steps[batch.step]!.name,
      provider: batch.provider,
      batch: batch.key.slice(0, 8),
      requests: batch.count,
      state:
        batch.phase.kind === 'collected'
          ? 'back'
          : batch.phase.kind === 'submitted'
            ? 'running'
            : wait?.why === 'unsure'
              ? 'unsure'
              : 'declared',
      sent: batch.submittedAt === null ? null : timeOfDay(batch.submittedAt),
      looked: timeOfDay(options.now),
    };
  });
  const next = waits.length === 0 ? null : Math.min(...waits.map((wait) => wait.lookAt));
  return {
    batches,
    deadline: null,
    nextLook: next === null ? null : timeOfDay(next),
    goOn: `${options.launcher} collect ${shellWord(options.directory)}`,
    reserved: null,
    cap: null,
  };
}

/** When the run began and last moved. */
export function describeTiming(state: RunState): Timing {
  return {
    started: new Date(state.createdAt).toISOString(),
    finished: state.finished ? new Date(state.lastEventAt).toISOString() : null,
    elapsedMs: state.lastEventAt - state.createdAt,
  };
}

function timeOfDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 16)} UTC`;
}
