// How much work the seeded intervals and the custom figures of one analysis may cost together, how much they may keep, and
// where their chance comes from. It resamples nothing itself.
import { openStream } from '../simulation/stream.ts';
import type { Draw } from './resampling.ts';

/** Steps (resamples times what each goes through) of all intervals of one analysis: some five seconds. */
const MOST_STEPS = 300_000_000;

/** Sandbox steps of all values of custom figures, which must not want for what intervals took. */
const MOST_VALUE_STEPS = 300_000_000;

/** What custom figures keep of units in all slices; 1 is a number. Some 500 MB. */
const MOST_WEIGHT = 20_000_000;

/** Given to whatever resamples, in a fixed order, so that the same results always get the same intervals. */
export class ResamplingWork {
  private readonly seed: string;
  private left = MOST_STEPS;
  private valueSteps = MOST_VALUE_STEPS;
  private weight = MOST_WEIGHT;

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

  /** Whether another value may be computed; what it took is told with `spend`. */
  get hasValueSteps(): boolean {
    return this.valueSteps > 0;
  }

  /** Takes off the steps of a value that was computed. */
  spend(steps: number): void {
    this.valueSteps -= steps;
  }

  /** Takes room for what is kept, or gives it back below 0; false, and nothing is taken, when there is none. */
  keep(weight: number): boolean {
    if (weight > this.weight) return false;
    this.weight -= weight;
    return true;
  }
}

/** Fewest independent draws with which a bootstrap can be believed. */
export const FEWEST_RESAMPLED = 20;
