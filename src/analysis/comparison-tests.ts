// What the comparisons of pairs and of samples share: the level they are shown at, where their chance comes from, and how
// much work their tests may cost.
import type { Region } from '../pipeline/pipeline.ts';
import { openStream } from '../simulation/stream.ts';
import type { ChangeTest } from './comparison-change.ts';
import type { Quantity } from './comparison-quantities.ts';
import type { Aim } from './power.ts';
import type { Draw, TestResult } from './resampling.ts';

/** What a change must be to be called detectable. */
export const AIM: Aim = { alpha: 0.05, power: 0.8 };

/** Steps (draws times values) of all resampled tests of one comparison: well below a second. */
const MOST_STEPS = 30_000_000;

/** Steps of the resampled test of each of these quantities: shares have none, but of repeated items. */
export function stepsOf(quantities: readonly Quantity[], items: readonly number[] | null): number {
  const tested = quantities.filter(({ kind }) => kind === 'mean' || items !== null);
  return Math.floor(MOST_STEPS / Math.max(1, tested.length));
}

/** No test by resampling where a formula is enough, as in each of many groups. */
export const NO_STEPS = 0;

/** The draws of one test: the same for the same quantity, whatever else is compared. */
export function streamOf(test: string, { name, label }: Pick<Quantity, 'name' | 'label'>): Draw {
  const stream = openStream(['comparison', test, name, label ?? '']);
  return () => stream.double();
}

/** A resampled test as it is shown. */
export function resampledTest(
  name: string,
  { p, resamples }: TestResult,
  effect: ChangeTest['effect'] = null,
): ChangeTest {
  return { name, p, draws: resamples, effect };
}

/** The region that a change seen would have to leave for good to be no chance; null: there is none. */
export function regionToClear(change: number): Region | null {
  if (change === 0) return null;
  return change < 0 ? { atLeast: 0, atMost: null } : { atLeast: null, atMost: 0 };
}
