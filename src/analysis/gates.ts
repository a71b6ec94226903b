// Holds results against the claims of the pipeline: pass, fail, or not decided by these numbers. Pass: the whole
// interval lies in the region. Fail: it lies wholly outside. Significance alone decides nothing.
import type { Gate, Region } from '../pipeline/pipeline.ts';
import type { GateState } from './decision.ts';
import type { DifferenceTally, GroupTally } from './difference-tally.ts';
import type { Bounds, Interval } from './estimate.ts';
import { heldDifference, valueIn, whyNoDifference } from './gate-differences.ts';
import { judge, undecided } from './gate-held.ts';
import { heldMean } from './gate-means.ts';
import { heldShare, heldValidShare } from './gate-shares.ts';
import { dollars, formatPlace, formatRegion } from './gate-text.ts';
import type { Look } from './look.ts';
import { formatMoney, type Money } from './money.ts';
import { formatUnits } from './numbers.ts';
import type { NumberTally, ShareTally } from './tally.ts';

/** One of the two that a change or a difference is between. `name`: of a group, untrusted; null: of a run. */
export interface Side {
  readonly name: string | null;
  readonly value: number;
  readonly n: number;
}

/**
 * One gate held against the results. Shares are 0 to 1, changes and differences of them -1 to 1; a cost gate's `value` is
 * US dollars.
 */
export interface GateResult {
  readonly kind: Gate['kind'];
  readonly name: string;
  readonly state: GateState;
  readonly region: Region;
  /** Null when there is nothing to estimate from. */
  readonly value: number | null;
  readonly n: number;
  /** What was held against the region; null for a cost, which is exact, and without data. */
  readonly interval: Interval | null;
  /** Set when more than 1 % of the planned units were dropped and the interval therefore covers them. */
  readonly worst: Bounds | null;
  /** Valid units whose expression gave no usable value, and the first reason. The reason is untrusted text. */
  readonly errors: number;
  readonly firstError: string | null;
  /** Fewest units with which this gate can pass at all; null when it is not a matter of numbers. */
  readonly smallest: number | null;
  /** About how many units would decide it at the present estimate; null when it is decided or no number would. */
  readonly toSettle: number | null;
  /** Why, in a sentence of numbers; holds no untrusted text. */
  readonly reason: string;
  /** Of a change this run and the base, of a difference its groups: what was subtracted from what. Absent otherwise. */
  readonly sides?: { readonly of: Side | null; readonly minus: Side | null };
  /** At which of several looks it was held; absent: at the only one. */
  readonly look?: Look;
}

interface Attempts {
  readonly errors: number;
  readonly firstError: string | null;
}

/** What a gate's expression gave over the valid units. */
export type GateTally =
  | (Attempts & { readonly kind: 'share'; readonly tally: ShareTally })
  | (Attempts & { readonly kind: 'mean'; readonly tally: NumberTally })
  | (Attempts & { readonly kind: 'difference'; readonly tally: DifferenceTally })
  | { readonly kind: 'none' };

/**
 * The run a gate is held against. `cost` is null when a price is not known; `uncertain` is what it may be more, for
 * requests whose answers never arrived.
 */
export interface GateSituation {
  readonly planned: number;
  readonly valid: number;
  readonly failed: number;
  readonly inFlight: number;
  /** Results beyond `failed` that units may have given which failed before they were fanned out; absent: none. */
  readonly unborn?: number;
  readonly cost: Money | null;
  readonly uncertain: Money;
}

/**
 * Every gate, in the pipeline's order; `tallies` stand in the same order. Gates on changes stay open: see against.ts.
 * `look`: at which of several looks at growing data; null: at the only one.
 */
export function evaluateGates(
  gates: readonly Gate[],
  tallies: readonly GateTally[],
  situation: GateSituation,
  look: Look | null = null,
): readonly GateResult[] {
  return gates.map((gate, index) => evaluateGate(gate, tallies[index] ?? { kind: 'none' }, situation, look));
}

function evaluateGate(gate: Gate, tally: GateTally, situation: GateSituation, look: Look | null): GateResult {
  if (situation.inFlight > 0) {
    return undecided(
      gate,
      `${formatUnits(situation.inFlight)} still in flight; a gate is held once, at the end`,
    );
  }
  switch (gate.kind) {
    case 'share':
      return tally.kind === 'share' ? shareGate(gate, tally, situation, look) : undecided(gate, NOTHING);
    case 'mean':
      return tally.kind === 'mean' ? meanGate(gate, tally, situation, look) : undecided(gate, NOTHING);
    case 'share_change':
    case 'mean_change':
      return changeGate(gate, tally, look);
    case 'share_difference':
    case 'mean_difference':
      return tally.kind === 'difference' ? differenceGate(gate, tally, look) : undecided(gate, NOTHING);
    case 'valid_share':
      if (situation.planned === 0) return undecided(gate, CHILDLESS);
      return judge(gate, heldValidShare(gate, situation), look);
    case 'cost':
      return costGate(gate, situation.cost, situation.uncertain);
    default:
      return gate satisfies never;
  }
}

const NOTHING = 'there is nothing to count';
/** Items are never none, so that only fan-outs can leave a run without units. */
const CHILDLESS = 'every list that was fanned out was empty, so that no unit came of it';

function shareGate(
  gate: Extract<Gate, { kind: 'share' }>,
  counted: Extract<GateTally, { kind: 'share' }>,
  situation: GateSituation,
  look: Look | null,
): GateResult {
  const { tally, errors, firstError } = counted;
  if (tally.n === 0) return { ...undecided(gate, 'no unit gave true or false'), errors, firstError };
  return judge(gate, heldShare(gate, counted, situation), look);
}

function meanGate(
  gate: Extract<Gate, { kind: 'mean' }>,
  counted: Extract<GateTally, { kind: 'mean' }>,
  situation: GateSituation,
  look: Look | null,
): GateResult {
  const { tally, errors, firstError } = counted;
  const held = heldMean(gate, counted, situation);
  if (held !== null) return judge(gate, held, look);
  const reason = tally.n === 0 ? 'no unit gave a number' : 'one unit has no spread to judge by';
  const value = tally.n === 0 ? null : tally.mean;
  return { ...undecided(gate, reason), value, n: tally.n, errors, firstError };
}

/** What this run gave is known; what it is to be less is not. */
function changeGate(
  gate: Extract<Gate, { kind: 'share_change' | 'mean_change' }>,
  tally: GateTally,
  look: Look | null,
): GateResult {
  const open = undecided(gate, 'there is no result to compare with yet');
  if (tally.kind !== 'share' && tally.kind !== 'mean') return open;
  const { errors, firstError } = tally;
  const { n } = tally.tally;
  const value = tally.kind === 'share' ? tally.tally.x / n : tally.tally.mean;
  const of: Side | null = n === 0 ? null : { name: null, value, n };
  return { ...open, errors, firstError, sides: { of, minus: null }, ...(look === null ? {} : { look }) };
}

function differenceGate(
  gate: Extract<Gate, { kind: 'share_difference' | 'mean_difference' }>,
  counted: Extract<GateTally, { kind: 'difference' }>,
  look: Look | null,
): GateResult {
  const { tally, errors, firstError } = counted;
  const side = (name: string, group: GroupTally): Side | null => {
    const { n } = group.numbers;
    return n === 0 ? null : { name, value: valueIn(gate, group), n };
  };
  const sides = { of: side(gate.of, tally.of), minus: side(gate.minus, tally.minus) };
  const missing = whyNoDifference(gate, counted);
  if (missing !== null) return { ...undecided(gate, missing), errors, firstError, sides };
  return { ...judge(gate, heldDifference(gate, counted), look), sides };
}

function costGate(gate: Extract<Gate, { kind: 'cost' }>, cost: Money | null, uncertain: Money): GateResult {
  if (cost === null) return undecided(gate, 'a model has no known price, so the cost is unknown');
  const { atLeast, atMost } = gate.region;
  const most = cost + uncertain;
  const low = atLeast === null ? null : dollars(atLeast);
  const high = atMost === null ? null : dollars(atMost);
  const inside = (low === null || cost >= low) && (high === null || most <= high);
  const outside = (low !== null && most < low) || (high !== null && cost > high);
  const state = inside ? 'pass' : outside ? 'fail' : 'inconclusive';
  const amount = uncertain === 0n ? formatMoney(cost) : `${formatMoney(cost)} to ${formatMoney(most)}`;
  return {
    ...undecided(gate, `${amount} ${formatPlace(state)} ${formatRegion(gate)}`),
    state,
    value: Number(cost) / 1e12,
  };
}

/** The gates of a run that is over: one that stays undecided has failed where the pipeline says so. */
export function settleUndecided(
  results: readonly GateResult[],
  gates: readonly Gate[],
): readonly GateResult[] {
  const strict = new Set<string>();
  for (const gate of gates) if (gate.kind !== 'cost' && gate.onInconclusive === 'fail') strict.add(gate.name);
  return results.map((result) => {
    if (result.state !== 'inconclusive' || !strict.has(result.name)) return result;
    const reason = `${result.reason}; undecided counts as failed here (on_inconclusive: fail)`;
    return { ...result, state: 'fail', reason };
  });
}
