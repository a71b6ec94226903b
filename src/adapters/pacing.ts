// Keeps single calls within the limits a provider's last headers told: a call waits while nothing is left. It retries
// nothing, and never waits longer than a minute, for headers may be wrong.

/** Longest wait of one call, in milliseconds. */
export const MAX_PACING_MS = 60_000;

/** Time as the pacer needs it; a test brings its own. */
export interface PacingClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Pacer {
  /** Resolves when a call may go out, after a minute at the most, or when the signal aborts. Counts the call. */
  ready(signal: AbortSignal): Promise<void>;
  /**
   * Takes note of a limit as headers told it: what is left of it, and when it is full again (ms since 1970). A limit
   * named `requests` goes down by one with each call until headers tell better.
   */
  note(limit: string, remaining: number, resetAt: number): void;
  /** No call before `until` (ms since 1970): what a `retry-after` says. */
  hold(until: number): void;
}

/** A pacer for one account and provider. */
export function createPacer(clock: PacingClock = systemClock): Pacer {
  const limits = new Map<string, { remaining: number; resetAt: number }>();

  /** When the next call may go out, by what is known now. */
  function free(now: number): number {
    let at = now;
    for (const [name, limit] of limits) {
      if (limit.resetAt <= now) limits.delete(name);
      else if (limit.remaining <= 0) at = Math.max(at, limit.resetAt);
    }
    return at;
  }

  return {
    async ready(signal) {
      const latest = clock.now() + MAX_PACING_MS;
      for (;;) {
        const now = clock.now();
        const until = Math.min(free(now), latest);
        if (until <= now || signal.aborted) break;
        await clock.sleep(until - now, signal);
      }
      const requests = limits.get('requests');
      if (requests !== undefined) requests.remaining--;
    },
    note(limit, remaining, resetAt) {
      if (Number.isFinite(remaining) && Number.isFinite(resetAt)) limits.set(limit, { remaining, resetAt });
    },
    hold(until) {
      const held = limits.get('hold')?.resetAt ?? 0;
      if (Number.isFinite(until)) limits.set('hold', { remaining: 0, resetAt: Math.max(held, until) });
    },
  };
}

const systemClock: PacingClock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    }),
};
