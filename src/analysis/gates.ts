// Holds results against the claims of the pipeline: pass, fail, or not decided by these numbers. Pass: the whole
// interval lies in the region. Fail: it lies wholly outside. Significance alone decides nothing.
import type { Gate, Region } from '../pipeline/pipeline.ts';
import { decide, type GateState, meansToSettle, sharesToSettle, smallestPassing } from './decision.ts';
import type { Bounds, Interval } from './estimate.ts';
import { clopperPearsonHigh, clopperPearsonLow, exactShareInterval, tInterval } from './intervals.ts';
import { formatMoney, type Money, parseUsd } from './money.ts';
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatPlain,
  formatUnits,
  percentDecimals,
} from './numbers.ts';
import { type NumberTally, observedBounds, type ShareTally, shareBounds } from './tally.ts';

/** One gate held against the results. Shares are 0 to 1; a cost gate's `value` is US dollars. */
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
}

/** What a gate's expression gave over the valid units. */
export type GateTally =
  | {
      readonly kind: 'share';
      readonly tally: ShareTally;
      readonly errors: number;
      readonly firstError: string | null;
    }
  | {
      readonly kind: 'mean';
      readonly tally: NumberTally;
      readonly errors: number;
      readonly firstError: string | null;
    }
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
  readonly cost: Money | null;
  readonly uncertain: Money;
}

/** Dropped units above this share of the planned ones are no longer left out of a gate's interval. */
const DROPPED_LIMIT = 0.01;

const MORE_ITEMS = 'its items differ, so that more items, not more repetitions, would narrow it';

/** Every gate, in the pipeline's order; `tallies` stand in the same order. */
export function evaluateGates(
  gates: readonly Gate[],
  tallies: readonly GateTally[],
  situation: GateSituation,
): readonly GateResult[] {
  return gates.map((gate, index) => evaluateGate(gate, tallies[index] ?? { kind: 'none' }, situation));
}

function evaluateGate(gate: Gate, tally: GateTally, situation: GateSituation): GateResult {
  if (situation.inFlight > 0) {
    return undecided(
      gate,
      `${formatUnits(situation.inFlight)} still in flight; a gate is held once, at the end`,
    );
  }
  switch (gate.kind) {
    case 'share':
      return tally.kind === 'share'
        ? shareGate(gate, tally, situation)
        : undecided(gate, 'there is nothing to count');
    case 'mean':
      return tally.kind === 'mean'
        ? meanGate(gate, tally, situation)
        : undecided(gate, 'there is nothing to count');
    case 'share_change':
    case 'mean_change':
      return undecided(gate, 'there is no result to compare with yet');
    case 'share_difference':
    case 'mean_difference':
      return undecided(gate, 'there is nothing to count');
    case 'valid_share':
      return validShareGate(gate, situation);
    case 'cost':
      return costGate(gate, situation.cost, situation.uncertain);
    default:
      return gate satisfies never;
  }
}

function undecided(gate: Gate, reason: string): GateResult {
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

type ShareGate = Extract<Gate, { kind: 'share' }>;
type MeanGate = Extract<Gate, { kind: 'mean' }>;
type ValidShareGate = Extract<Gate, { kind: 'valid_share' }>;
type CostGate = Extract<Gate, { kind: 'cost' }>;

function shareGate(
  gate: ShareGate,
  counted: Extract<GateTally, { kind: 'share' }>,
  situation: GateSituation,
): GateResult {
  const { tally, errors, firstError } = counted;
  const { x, n } = tally;
  if (n === 0) return { ...undecided(gate, 'no unit gave true or false'), errors, firstError };
  const dropped = situation.failed + errors;
  const covers = dropped > DROPPED_LIMIT * situation.planned;
  const worst = covers ? shareBounds(x, n, dropped) : null;
  const dependence = tally.dependence();
  let interval = exactShareInterval(x, n, dependence, gate.confidence);
  if (covers) {
    const all = n + dropped;
    const size = dependence.size * (all / n);
    interval = {
      low: clopperPearsonLow((x / all) * size, size, gate.confidence),
      high: clopperPearsonHigh(((x + dropped) / all) * size, size, gate.confidence),
      confidence: gate.confidence,
      method: `${interval.method}, worst case of ${formatUnits(dropped)} dropped`,
    };
  }
  const state = decide(interval, gate.region);
  const smallest = smallestPassing(gate.region, gate.confidence);
  const widened = dependence.size < n;
  const settle =
    state === 'inconclusive' && !covers && !widened
      ? sharesToSettle(x / n, n, dependence.size, gate.region, gate.confidence)
      : null;
  return {
    ...undecided(
      gate,
      shareReason(gate, interval, state, n, {
        smallest,
        settle,
        dropped: covers ? dropped : 0,
        errors,
        widened,
      }),
    ),
    state,
    value: x / n,
    n,
    interval,
    worst,
    errors,
    firstError,
    smallest,
    toSettle: settle,
  };
}

function validShareGate(gate: ValidShareGate, situation: GateSituation): GateResult {
  const { valid: x, planned: n } = situation;
  if (n === 0) return undecided(gate, 'no unit was planned');
  // The claim is about the units that ran, so items are no clusters here.
  const interval = exactShareInterval(x, n, { size: n, items: null }, gate.confidence);
  const state = decide(interval, gate.region);
  const smallest = smallestPassing(gate.region, gate.confidence);
  const settle = state === 'inconclusive' ? sharesToSettle(x / n, n, n, gate.region, gate.confidence) : null;
  return {
    ...undecided(
      gate,
      shareReason(gate, interval, state, n, { smallest, settle, dropped: 0, errors: 0, widened: false }),
    ),
    state,
    value: x / n,
    n,
    interval,
    smallest,
    toSettle: settle,
  };
}

function shareReason(
  gate: ShareGate | ValidShareGate,
  interval: Interval,
  state: GateState,
  n: number,
  more: {
    smallest: number | null;
    settle: number | null;
    dropped: number;
    errors: number;
    widened: boolean;
  },
): string {
  // One decimal at least, so that an end beside a bound is not rounded onto it.
  const decimals = Math.max(1, percentDecimals(n));
  const ends = `${formatPercent(interval.low, decimals)} to ${formatPercent(interval.high, decimals)}`;
  const parts = [`its ${level(gate.confidence)} interval, ${ends}, ${place(state)} ${formatRegion(gate)}`];
  if (more.dropped > 0)
    parts.push(`the interval covers ${formatUnits(more.dropped)} dropped, whatever they were`);
  if (more.errors > 0) parts.push(`${formatUnits(more.errors)} gave neither true nor false`);
  if (state !== 'inconclusive') return parts.join('; ');
  if (more.smallest !== null && n < more.smallest) {
    parts.push(`${formatUnits(n)} can never pass it, ${formatCount(more.smallest)} is the fewest`);
  } else if (more.settle !== null) {
    parts.push(`about ${formatCount(more.settle)} units would settle it`);
  } else if (more.widened) {
    parts.push(MORE_ITEMS);
  }
  return parts.join('; ');
}

function meanGate(
  gate: MeanGate,
  counted: Extract<GateTally, { kind: 'mean' }>,
  situation: GateSituation,
): GateResult {
  const { tally, errors, firstError } = counted;
  const spread = tally.meanError();
  if (spread === null) {
    const reason = tally.n === 0 ? 'no unit gave a number' : 'one unit has no spread to judge by';
    return {
      ...undecided(gate, reason),
      value: tally.n === 0 ? null : tally.mean,
      n: tally.n,
      errors,
      firstError,
    };
  }
  const dropped = situation.failed + errors;
  const covers = dropped > DROPPED_LIMIT * situation.planned;
  let ends: Bounds = tInterval(tally.mean, spread.error, spread.degrees, gate.confidence);
  if (covers) ends = observedBounds(tally, ends, dropped);
  const state = decide(ends, gate.region);
  const decimals = errorDecimals(spread.error);
  const settle =
    state === 'inconclusive' && !covers && !spread.widened
      ? meansToSettle(tally.mean, tally.n, spread.error, gate.region, gate.confidence)
      : null;
  const parts = [
    `its ${level(gate.confidence)} interval, ${formatNumber(ends.low, decimals)} to ${formatNumber(ends.high, decimals)}, ${place(state)} ${formatRegion(gate)}`,
  ];
  if (covers) parts.push(`the interval covers ${formatUnits(dropped)} dropped, anywhere in the range seen`);
  if (errors > 0) parts.push(`${formatUnits(errors)} gave no number`);
  if (settle !== null) parts.push(`about ${formatCount(settle)} units would settle it`);
  else if (state === 'inconclusive' && spread.widened) parts.push(MORE_ITEMS);
  return {
    ...undecided(gate, parts.join('; ')),
    state,
    value: tally.mean,
    n: tally.n,
    interval: {
      ...ends,
      confidence: gate.confidence,
      method: covers
        ? `${spread.method}, ${formatUnits(dropped)} dropped anywhere in the range seen`
        : spread.method,
    },
    worst: covers ? observedBounds(tally, { low: tally.mean, high: tally.mean }, dropped) : null,
    errors,
    firstError,
    toSettle: settle,
  };
}

function costGate(gate: CostGate, cost: Money | null, uncertain: Money): GateResult {
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
    ...undecided(gate, `${amount} ${place(state)} ${formatRegion(gate)}`),
    state,
    value: Number(cost) / 1e12,
  };
}

function dollars(amount: number): Money {
  return parseUsd(amount.toFixed(12)) ?? 0n;
}

function level(confidence: number): string {
  return `${formatPlain(confidence * 100)}%`;
}

function place(state: GateState): string {
  return state === 'pass' ? 'lies inside' : state === 'fail' ? 'lies outside' : 'lies partly outside';
}

/** The region as people write it: `≥ 80%`, `45% to 55%`, `≤ $0.25`. */
export function formatRegion(gate: { readonly kind: Gate['kind']; readonly region: Region }): string {
  const { atLeast, atMost } = gate.region;
  const write = (bound: number) => {
    if (gate.kind === 'cost') return formatMoney(dollars(bound));
    return gate.kind === 'mean' ? formatPlain(bound) : `${formatPlain(bound * 100)}%`;
  };
  if (atLeast !== null && atMost !== null) return `${write(atLeast)} to ${write(atMost)}`;
  if (atLeast !== null) return `≥ ${write(atLeast)}`;
  return atMost === null ? 'any value' : `≤ ${write(atMost)}`;
}
