// Which units of a run drew from streams that hang together, and so are no independent draws: standard errors must take
// them as one. It is told by repetitions alone and knows no values.
import type { Pipeline } from '../pipeline/pipeline.ts';

/** What of a unit tells with whom it drew. `repetition` counts from 0. */
export interface DrawnUnit {
  readonly item: string;
  readonly repetition: number;
}

/**
 * The name of a unit's bundle: units of different bundles drew independently. Null when every unit did. With `stream_by`
 * all items of a repetition are one bundle, also those with different values: never too narrow. Strata need no bundles,
 * as spreading draws evenly can only narrow what independent draws would give.
 */
export function bundlesOf(pipeline: Pick<Pipeline, 'steps' | 'rng'>): ((unit: DrawnUnit) => string) | null {
  if (pipeline.rng === 'python') return null;
  const couplings = pipeline.steps.flatMap((step) =>
    step.kind === 'expression' && step.coupling !== undefined ? [step.coupling] : [],
  );
  const isShared = couplings.some(({ streamBy }) => streamBy !== null);
  const isPaired = couplings.some(({ antithetic }) => antithetic);
  if (!isShared && !isPaired) return null;
  return ({ item, repetition }) => {
    const number = isPaired ? Math.floor(repetition / 2) : repetition;
    return isShared ? String(number) : `${number} ${item}`;
  };
}
