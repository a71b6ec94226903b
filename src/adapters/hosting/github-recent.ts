// Answers that were read a moment ago are used again: the many pipelines of a job ask for the same pull request. What is
// older is never given.
import type { Clock } from '../../ports/clock.ts';

/** How long an answer is used again (ms). */
const FRESH_MS = 10_000;

export interface Recent<T> {
  get(key: number): Promise<T>;
  /** Carries a write of this job over to what is remembered. */
  change(change: (known: T, key: number) => T): void;
  forget(): void;
}

/** Reads through `read`, at most once in ten seconds for each key. A failure is not remembered. */
export function createRecent<T>(clock: Clock, read: (key: number) => Promise<T>): Recent<T> {
  const known = new Map<number, { readonly at: number; value: Promise<T> }>();
  return {
    async get(key) {
      const before = known.get(key);
      if (before !== undefined && clock.now() - before.at < FRESH_MS) return before.value;
      const value = read(key);
      known.set(key, { at: clock.now(), value });
      try {
        return await value;
      } catch (error) {
        known.delete(key);
        throw error;
      }
    },
    change(change) {
      for (const [key, entry] of known) {
        entry.value = entry.value.then((value) => change(value, key));
        // Whoever waits for it hears of a failure; here it must not end the process.
        entry.value.catch(() => known.delete(key));
      }
    },
    forget: () => known.clear(),
  };
}
