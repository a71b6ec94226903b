// Works on a run until it is finished, nothing more can be done for now, or the allowed wait is spent.
import type { RunPlace } from '../compose.ts';
import type { PauseReason } from '../engine/decide.ts';
import type { RunState } from '../engine/state.ts';
import { openRun, type RunWorker, type TroubledWait } from '../engine/tick.ts';

/** The worker when no more is to be done for now, and what the run waits for when it is not over. */
export interface WorkResult {
  readonly worker: RunWorker;
  readonly waits: readonly TroubledWait[];
  /** Why nothing goes on until a person does something, or null. */
  readonly paused: PauseReason | null;
}

export interface WorkOptions {
  /** How long to wait for batches (ms): 0 works without waiting; null waits until the end. */
  readonly waitMs: number | null;
  readonly signal: AbortSignal;
  readonly seen: (state: RunState) => void;
  /** Called once, before the first wait: for those who shall know that there is one. */
  readonly beforeWait?: (worker: RunWorker, waits: readonly TroubledWait[]) => Promise<void>;
}

/** Longest pause between two looks at the journal (ms): another process may have moved the run. */
const LONGEST_PAUSE_MS = 5_000;

/** Ticks, sleeps, ticks. */
export async function work(place: RunPlace, options: WorkOptions): Promise<WorkResult> {
  const { clock } = place.ports;
  const worker = await openRun(place.ports);
  let last = clock.now();
  let until = options.waitMs === null ? Number.POSITIVE_INFINITY : last + options.waitMs;
  let isLastLook = options.waitMs === 0;
  let isTold = options.beforeWait === undefined;
  for (;;) {
    // Without a wait single calls are work like any other, and are made.
    const callUntil = options.waitMs === 0 ? Number.POSITIVE_INFINITY : until;
    const result = await worker.tick(options.signal, options.seen, callUntil);
    if (result.kind === 'paused') return { worker, waits: [], paused: result.reason };
    if (result.kind !== 'waiting') return { worker, waits: [], paused: null };
    // Its provider would be asked for ever, and the disk of this machine is the one that must be mended.
    const trouble = place.trouble();
    if (trouble !== null) throw trouble;
    const now = clock.now();
    // A clock that was set back makes the wait no longer than was allowed.
    if (now < last) until -= last - now;
    last = now;
    if (options.signal.aborted || (now >= until && isLastLook))
      return { worker, waits: result.waits, paused: null };
    if (now >= until) {
      // The wait may be shorter than the pause between two looks: one more look makes it worth something.
      isLastLook = true;
      worker.context.notBefore.clear();
      continue;
    }
    if (!isTold) {
      isTold = true;
      await options.beforeWait?.(worker, result.waits);
    }
    const lookAt = Math.min(until, now + LONGEST_PAUSE_MS, ...result.waits.map((wait) => wait.lookAt));
    await clock.sleep(Math.max(10, lookAt - now), options.signal);
  }
}
