// Time that passes at once, for tests of what lives by the clock, such as a simulator: a batch that must still be under
// way takes long, and the test, not the machine, decides when that time is over.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** Longer than any test may take, so that nothing of that length ends by itself (ms). */
export const HOUR = 3_600_000;

const system = Date.now;
let ahead = 0;

/** Moves what `Date.now` tells in this process on by so many milliseconds, until the end of the test. */
export function timePasses(ms: number): void {
  ahead += ms;
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => system() + ahead);
  onTestFinished(() => {
    ahead = 0;
    spy.mockRestore();
  });
}

/** The time of another process. */
export interface ProcessTime {
  /** What NODE_OPTIONS must be for a process to live in this time. */
  readonly nodeOptions: string;
  /** Moves it on by so many milliseconds, also in a process that runs. */
  passes(ms: number): void;
}

/** A time that is the machine's until it is moved; `file` is where processes read how far it is ahead. */
export function createProcessTime(file: string): ProcessTime {
  let ms = 0;
  const tell = (): void => {
    // A rename, so that a reader sees the old time or the new one, never half of it.
    writeFileSync(`${file}.next`, String(ms));
    renameSync(`${file}.next`, file);
  };
  const preload = new URL('./time-ahead.mjs', import.meta.url);
  preload.searchParams.set('file', file);
  mkdirSync(dirname(file), { recursive: true });
  tell();
  return {
    nodeOptions: `--import=${preload.href}`,
    passes(more) {
      ms += more;
      tell();
    },
  };
}
