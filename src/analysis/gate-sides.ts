// What one run says of a gate's quantity without its units: its own tally, or the estimates another run is known by. From
// these a change is judged when too many units ran to keep the value of each.
import { parseExpression } from '../expression/parse.ts';
import type { Gate } from '../pipeline/pipeline.ts';
import type { MetricEstimate, ShareEstimate, Slice } from './estimate.ts';
import { LABEL_LIMIT } from './fields.ts';
import type { GateTally } from './gates.ts';
import { type ShareSpread, wilson } from './intervals.ts';
import { studentQuantile } from './special.ts';

/** An estimate with what its interval rests on. `size`, `spread`: of a share as in `Dependence`. */
export type Estimated =
  | {
      readonly kind: 'share';
      readonly value: number;
      readonly n: number;
      readonly size: number;
      readonly spread?: ShareSpread;
    }
  | {
      readonly kind: 'mean';
      readonly value: number;
      readonly n: number;
      readonly error: number;
      readonly degrees: number;
      readonly min: number;
      readonly max: number;
    };

/** A gate on a change. */
export type ChangeGate = Extract<Gate, { kind: 'share_change' | 'mean_change' }>;

/** What a run's own count gives; null where it gives too little. */
export function estimatedOf(counted: GateTally): Estimated | null {
  if (counted.kind === 'share') {
    const { x, n } = counted.tally;
    if (n === 0) return null;
    const { size, spread } = counted.tally.dependence();
    return { kind: 'share', value: x / n, n, size, ...(spread === undefined ? {} : { spread }) };
  }
  if (counted.kind !== 'mean') return null;
  const { mean: value, n, min, max } = counted.tally;
  const spread = counted.tally.meanError();
  if (spread === null) return null;
  return { kind: 'mean', value, n, error: spread.error, degrees: spread.degrees, min, max };
}

/** The outcome or metric a gate asks for, when its expression is `field` or `field == value` and no more. */
export interface AskedField {
  readonly field: string;
  /** Of an outcome the value counted; null: the field's number is meant. */
  readonly label: string | null;
}

/** Reads it from the expression; null when it asks more than that. */
export function askedField(gate: ChangeGate): AskedField | null {
  const tree = parseExpression(gate.expr);
  if (gate.kind === 'mean_change') return tree.kind === 'name' ? { field: tree.name, label: null } : null;
  if (tree.kind === 'name') return { field: tree.name, label: 'true' };
  if (tree.kind !== 'comparison' || tree.first.kind !== 'name' || tree.rest.length !== 1) return null;
  const { operator, operand } = tree.rest[0]!;
  // Text only: a number may equal what is counted under another name.
  if (operator !== '==' || operand.kind !== 'constant' || typeof operand.value !== 'string') return null;
  return { field: tree.first.name, label: operand.value.slice(0, LABEL_LIMIT) };
}

/** What another run's estimates say of it, with its units that gave no value; null when it is none of them. */
export function estimatedIn(
  slice: Slice,
  gate: ChangeGate,
): { readonly estimated: Estimated; readonly dropped: number } | null {
  const asked = askedField(gate);
  if (asked === null) return null;
  if (asked.label === null) {
    const metric = slice.metrics.find(({ field }) => field === asked.field);
    const estimated = metric === undefined ? null : fromMetric(metric);
    return estimated === null ? null : { estimated, dropped: slice.dropped + metric!.missing };
  }
  const outcome = slice.outcomes.find(({ field }) => field === asked.field);
  if (outcome === undefined || !(outcome.n > 0)) return null;
  const share = outcome.values.find(({ value }) => value === asked.label);
  const dropped = slice.dropped + outcome.missing;
  if (share !== undefined) return { estimated: fromShare(share), dropped };
  // A value that was never seen is none of n, as long as all values are told apart.
  const { n } = outcome;
  return outcome.other > 0 ? null : { estimated: { kind: 'share', value: 0, n, size: n }, dropped };
}

function fromShare({ x, n, interval }: ShareEstimate): Estimated {
  const value = Math.min(1, Math.max(0, x / n));
  const width = interval.high - interval.low;
  const tail = (1 - interval.confidence) / 2;
  const widthOf = (size: number): number => {
    if (value === 0 || value === 1) return 1 - tail ** (1 / size);
    const { low, high } = wilson(value, size, interval.confidence);
    return high - low;
  };
  // The narrower, the more units.
  return { kind: 'share', value, n, size: solve((size) => widthOf(size) > width, 1, n) };
}

function fromMetric({ n, mean: value, error, interval, min, max }: MetricEstimate): Estimated | null {
  if (error === null || interval === null || n < 2) return null;
  const half = (interval.high - interval.low) / 2;
  const p = (1 + interval.confidence) / 2;
  const degrees = error === 0 ? n - 1 : solve((one) => studentQuantile(p, one) * error > half, 1, n - 1);
  return { kind: 'mean', value, n, error, degrees, min, max };
}

/** The number from `low` to `high` at which a condition that holds below it ends; to one part in a million. */
function solve(holds: (number: number) => boolean, low: number, high: number): number {
  if (!holds(low)) return low;
  // Intervals are kept to twelve digits, so that the last of these may say a little less than all of them.
  if (holds(high * (1 - 1e-6))) return high;
  let [below, above] = [low, high];
  while (above - below > above * 1e-6) {
    const middle = (below + above) / 2;
    if (holds(middle)) below = middle;
    else above = middle;
  }
  return below;
}
