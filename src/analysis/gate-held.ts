// Holds what was estimated against a gate's region: the one place where an interval becomes pass, fail or neither. How the
// interval comes about is the business of its kind.
import type { Gate } from '../pipeline/pipeline.ts';
import { decide, type GateState } from './decision.ts';
import type { Bounds } from './estimate.ts';
import { formatEnds, formatLevel, formatPlace, formatRegion } from './gate-text.ts';
import type { GateResult } from './gates.ts';
import { confidenceAtLook, type Look } from './look.ts';
import { formatCount, formatUnits } from './numbers.ts';

/** A gate about an estimate; a cost is none. */
export type StatisticalGate = Exclude<Gate, { kind: 'cost' }>;

/** Dropped units above this share of the planned ones are no longer left out of a gate's interval. */
export const DROPPED_LIMIT = 0.01;

/** Of a gate whose items differ more than their repetitions. */
export const MORE_ITEMS = 'its items differ, so that more items, not more repetitions, would narrow it';

/** Units without a value, in words; of some that failed before their fan-out only the most they stand for is known. */
export function formatDropped(dropped: number, unborn: number): string {
  return unborn === 0 ? formatUnits(dropped) : `at most ${formatUnits(dropped)}`;
}

/** An estimate that can be held against a region at any confidence: the same data, wider ends for more of it. */
export interface Held {
  readonly value: number;
  readonly n: number;
  readonly intervalAt: (confidence: number) => Bounds;
  readonly method: string;
  readonly worst: Bounds | null;
  /** What stands behind the interval's sentence, each without untrusted text. */
  readonly notes: readonly string[];
  /** Fewest units with which the gate can pass at all; null when it is not a matter of numbers. */
  readonly smallest: number | null;
  /** About how many units would decide it; asked only of a gate that is open. Null: no number would, or nobody knows. */
  readonly settle: (confidence: number) => number | null;
  /** What to say of an open gate that no number of units decides. */
  readonly openNote: string | null;
  readonly errors: number;
  readonly firstError: string | null;
}

/** A gate that nothing can be said about, and why. */
export function undecided(gate: Gate, reason: string): GateResult {
  return {
    kind: gate.kind,
    name: gate.name,
    state: 'inconclusive',
    region: gate.region,
    value: null,
    n: 0,
    interval: null,
    worst: null,
    errors: 0,
    firstError: null,
    smallest: null,
    toSettle: null,
    reason,
  };
}

/** The gate at its own confidence; at one of several looks at that look's. */
export function judge(gate: StatisticalGate, held: Held, look: Look | null): GateResult {
  const confidence = ownConfidence(gate, look);
  return judged(gate, held, confidence, decide(held.intervalAt(confidence), gate.region), look);
}

/** The confidence at which a gate passes. */
export function ownConfidence(gate: StatisticalGate, look: Look | null): number {
  return look === null ? gate.confidence : confidenceAtLook(gate.confidence, look.look, look.looks);
}

/** The result of a gate with the interval at this confidence, and the state that is to be said beside it. */
export function judged(
  gate: StatisticalGate,
  held: Held,
  confidence: number,
  state: GateState,
  look: Look | null,
): GateResult {
  const { value, n, method, worst, notes, smallest, errors, firstError } = held;
  const ends = held.intervalAt(confidence);
  const when = look === null ? '' : `at look ${look.look} of ${look.looks} `;
  const seen = { value, n, worst, errors, firstError, smallest, ...(look === null ? {} : { look }) };
  if (!Number.isFinite(ends.high - ends.low)) {
    const few = `${when}nothing varied, and too few independent draws were made to say at ${formatLevel(confidence)} that nothing does`;
    return { ...undecided(gate, [few, ...notes].join('; ')), ...seen };
  }
  const toSettle = state === 'inconclusive' ? held.settle(confidence) : null;
  const interval = `${when}its ${formatLevel(confidence)} interval, ${formatEnds(gate.kind, ends, n)},`;
  const parts = [`${interval} ${formatPlace(decide(ends, gate.region))} ${formatRegion(gate)}`, ...notes];
  if (state === 'inconclusive') {
    if (smallest !== null && n < smallest)
      parts.push(`${formatUnits(n)} can never pass it, ${formatCount(smallest)} is the fewest`);
    else if (toSettle !== null) parts.push(`about ${formatCount(toSettle)} units would settle it`);
    else if (held.openNote !== null) parts.push(held.openNote);
  }
  return {
    ...undecided(gate, parts.join('; ')),
    ...seen,
    state,
    interval: { ...ends, confidence, method },
    toSettle,
  };
}
