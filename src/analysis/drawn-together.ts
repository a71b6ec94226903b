// Which units of a run drew from streams that hang together, and so are no independent draws: standard errors must take
// them as one. It is told by repetitions alone and knows no values.
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Clustering } from './clusters.ts';
import { Families } from './families.ts';
import { FEWEST_CLUSTERS } from './intervals.ts';

/** What of a unit tells with whom it drew. `repetition` counts from 0. */
export interface DrawnUnit {
  readonly item: string;
  readonly repetition: number;
}

/**
 * Names the bundle of each unit, which come in canonical order: units of different bundles count as drawn independently.
 * Null when every unit did. With `stream_by` all items of a repetition are one bundle, also those with different values:
 * never too narrow. A unit and its mirror image are one; of so many items that they are clusters (`FEWEST_CLUSTERS`) all
 * repetitions are, as they would be without coupling. Strata need no bundles, as spreading draws evenly can only narrow
 * what independent draws would give.
 */
export function bundlesOf(pipeline: Pick<Pipeline, 'steps' | 'rng'>): ((unit: DrawnUnit) => string) | null {
  if (pipeline.rng === 'python') return null;
  const couplings = pipeline.steps.flatMap((step) =>
    step.kind === 'expression' && step.coupling !== undefined ? [step.coupling] : [],
  );
  const isShared = couplings.some(({ streamBy }) => streamBy !== null);
  const isPaired = couplings.some(({ antithetic }) => antithetic);
  if (isShared) return ({ repetition }) => String(isPaired ? Math.floor(repetition / 2) : repetition);
  return isPaired ? mirroredBundles() : null;
}

/**
 * What `bundlesOf` makes of a run, in the words that intervals use. The children of one unit are of one bundle too, and of
 * a unit and its mirror image all are; without bundles the children of each unit hang together.
 */
export function clusteringOf(pipeline: Pick<Pipeline, 'steps' | 'rng' | 'repeat'>): Clustering {
  const isFannedOut = pipeline.steps.some(({ kind }) => kind === 'fan_out');
  if (pipeline.repeat <= 1) return isFannedOut ? new Families() : false;
  if (bundlesOf(pipeline) === null) return isFannedOut ? new Families() : true;
  if (isFannedOut) return 'draws';
  const isShared = pipeline.steps.some(
    (step) => step.kind === 'expression' && (step.coupling?.streamBy ?? null) !== null,
  );
  return isShared ? 'draws' : 'pairs';
}

// Every item has its first pair before any has its second: by then it is known how many there are.
function mirroredBundles(): (unit: DrawnUnit) => string {
  const items = new Set<string>();
  return ({ item, repetition }) => {
    const pair = Math.floor(repetition / 2);
    if (pair === 0) items.add(item);
    return `${items.size < FEWEST_CLUSTERS ? pair : 0} ${item}`;
  };
}
