// A clock that does not wait: whoever sleeps long is woken soon and finds that the time has passed. Simulators and
// adapters live in real time, so it can tell what time it really was.
import type { Clock } from '../../src/ports/clock.ts';

export interface QuickClock extends Clock {
  /** The real moment (ms since 1970) at which this clock showed `time`. */
  realOf(time: number): number;
}

/** A clock that starts at the real time; one sleep waits `longestWaitMs` at the most. */
export function createQuickClock(longestWaitMs: number): QuickClock {
  const jumps: { at: number; ahead: number }[] = [{ at: Number.NEGATIVE_INFINITY, ahead: 0 }];
  const ahead = () => jumps.at(-1)!.ahead;
  const now = () => Date.now() + ahead();
  return {
    now,
    async sleep(ms, signal) {
      const target = now() + ms;
      if (signal?.aborted) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(ms, longestWaitMs)));
      // Sleepers that lie beside each other wait the same time, not one after the other.
      if (target > now()) jumps.push({ at: target, ahead: ahead() + target - now() });
    },
    realOf(time) {
      const jump = jumps.findLast(({ at }) => at <= time)!;
      return Math.min(Date.now(), time - jump.ahead);
    },
  };
}
