// One time for all that happens on a stage: the local GitHub, the provider and every job. It moves when it is moved; inside
// a process it also runs, so that waiting ends. Real durations never reach a golden text by more than seconds.
import { renameSync, writeFileSync } from 'node:fs';
import type { World } from '../github/world.ts';

const PRELOAD = new URL('./clock.mjs', import.meta.url);

/** The time of a stage. */
export interface Clock {
  /** What NODE_OPTIONS must be for a process to live in this time. */
  readonly nodeOptions: string;
  /** The same for a process that shall not wait as long between two tries. */
  readonly hurried: string;
  now(): number;
  /** Moves GitHub's clock and that of every process, those that run included. */
  advance(ms: number): void;
}

/** A clock that says what the local GitHub's does; `file` is where processes read it. */
export function createClock(world: World, file: string): Clock {
  const tell = (): void => {
    // A rename, so that a reader sees the old time or the new one, never half of it.
    writeFileSync(`${file}.next`, String(world.now()));
    renameSync(`${file}.next`, file);
  };
  const preload = new URL(PRELOAD);
  preload.searchParams.set('file', file);
  const hurry = new URL(preload);
  hurry.searchParams.set('hurry', '');
  tell();
  return {
    nodeOptions: `--import=${preload.href}`,
    hurried: `--import=${hurry.href}`,
    now: () => world.now(),
    advance(ms) {
      world.advance(ms);
      tell();
    },
  };
}
