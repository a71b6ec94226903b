// How often a pipeline's gates fail by chance alone: what the pipeline promises, worked out before anything is run.
import type { Gate, Pipeline } from '../pipeline/pipeline.ts';
import { FALSE_ALARMS } from './against.ts';

/**
 * Chances to fail, each 0 to 1 and an upper bound, `absolute` where `isRough` only about. `changes`: of a pull request that changes nothing, by any of its gates
 * on changes, as far as these allow no change at all; null: it has none. `absolute`: of a run whose values lie exactly on the bounds of their gates, by any other
 * gate on an estimate; null: there is none.
 */
export interface FalseAlarms {
  readonly changes: number | null;
  readonly absolute: number | null;
  readonly total: number;
  /** Some of `absolute` rest on Student's t or on Newcombe, which miss lopsided values more often than they say. */
  readonly isRough?: true;
}

/** The bounds that follow from the levels of the gates (Holm for changes, the sum for the others). */
export function falseAlarmRate({ gates, falseAlarms }: Pick<Pipeline, 'gates' | 'falseAlarms'>): FalseAlarms {
  const changes = gates.some(isChange) ? (falseAlarms ?? FALSE_ALARMS) : null;
  // A value on its bound fails when its interval misses it on that side: in half of the misses.
  const sides = gates.flatMap((gate) =>
    gate.kind === 'cost' || isChange(gate) ? [] : [(1 - gate.confidence) / 2],
  );
  const absolute = sides.length === 0 ? null : Math.min(1, sum(sides));
  const isRough = gates.some(({ kind }) => ROUGH.has(kind));
  const total = Math.min(1, sum([changes ?? 0, absolute ?? 0]));
  return { changes, absolute, total, ...(isRough ? { isRough } : {}) };
}

const ROUGH: ReadonlySet<Gate['kind']> = new Set(['mean', 'share_difference', 'mean_difference']);

function isChange({ kind }: Gate): boolean {
  return kind === 'share_change' || kind === 'mean_change';
}

/** Sum with the dust of decimal fractions taken off: 0.025 twice is 0.05. */
function sum(levels: readonly number[]): number {
  return Number(levels.reduce((all, level) => all + level, 0).toPrecision(9));
}
