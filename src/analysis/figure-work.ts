// How much work the seeded intervals of one analysis may cost together, and where their chance comes from. It resamples
// nothing itself.
import { openStream } from '../simulation/stream.ts';
import type { Draw } from './resampling.ts';

/** Steps (resamples times what each goes through) of all intervals of one analysis: some five seconds. */
const MOST_STEPS = 300_000_000;

/** Given to whatever resamples, in a fixed order, so that the same results always get the same intervals. */
export class ResamplingWork {
  private readonly seed: string;
  private left = MOST_STEPS;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** Chance for one quantity of one slice; `group` is null for all units. */
  draw(quantity: string, group: string | null): Draw {
    const stream = openStream([
      this.seed,
      'analysis',
      'resampling',
      quantity,
      group === null ? 'all' : `group ${group}`,
    ]);
    return () => stream.double();
  }

  /** Takes steps off what is left; false, and nothing is taken, when they are too many. */
  take(steps: number): boolean {
    if (steps > this.left) return false;
    this.left -= steps;
    return true;
  }
}

/** Fewest independent draws with which a bootstrap can be believed. */
export const FEWEST_RESAMPLED = 20;
