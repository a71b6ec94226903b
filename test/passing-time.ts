// Time that passes at once, for tests of what lives by the clock in this process, such as a simulator: a batch that
// must still be under way takes an hour, and the test, not the machine, decides when the hour is over.
import { onTestFinished, vi } from 'vitest';

/** Longer than any test may take, so that nothing of that length ends by itself (ms). */
export const HOUR = 3_600_000;

const system = Date.now;
let ahead = 0;

/** Moves what `Date.now` tells on by so many milliseconds, until the end of the test. */
export function timePasses(ms: number): void {
  ahead += ms;
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => system() + ahead);
  onTestFinished(() => {
    ahead = 0;
    spy.mockRestore();
  });
}
