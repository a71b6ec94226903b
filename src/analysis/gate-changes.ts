// Gates on what changed against another run. Each passes at its own confidence; one fails only at the level that keeps the
// false alarms of all of them together as rare as the pipeline says. Decision and interval are the same thing said twice.
import { clusteredPairedT } from './compare-means.ts';
import {
  meanChangeInterval,
  meanEvidence,
  methodOf,
  type Pairs,
  pairsOf,
  shareChangeInterval,
  shareEvidence,
} from './comparison-intervals.ts';
import { decide, meansToSettle } from './decision.ts';
import type { Bounds } from './estimate.ts';
import { DROPPED_LIMIT, type Held, judge, judged, MORE_ITEMS, ownConfidence } from './gate-held.ts';
import type { ChangeGate } from './gate-sides.ts';
import { formatLevel } from './gate-text.ts';
import type { GateResult, Side } from './gates.ts';
import { EVERYTHING, whereAlike } from './intervals.ts';
import { confidenceAtLook, type Look, levelOverLooks } from './look.ts';
import { decideHolm } from './multiplicity.ts';
import { formatUnits } from './numbers.ts';
import { pairedToSettle } from './settle.ts';
import { type Coupled, isZeroOrOne, rangeOf, type Values } from './unit-values.ts';

/** A change that can be held, and both of its sides. */
export interface HeldChange extends Held {
  readonly sides: { readonly of: Side; readonly minus: Side };
}

/** The same units in both runs: place by place, null where a unit has no value. `items`, `coupled` as in `UnitValues`. */
export interface ChangedValues {
  readonly base: Values;
  readonly head: Values;
  readonly items: readonly number[] | null;
  readonly coupled?: Coupled | undefined;
  /** Nothing at all differs between runs that asked no model, so that the change is none, and no sample of one. */
  readonly isIdentical: boolean;
}

/** A run held against itself: no change, whatever is asked. */
export function sameRun({ value, n }: Side, { errors, firstError }: GateResult): HeldChange {
  return {
    value: 0,
    n,
    intervalAt: () => ({ low: 0, high: 0 }),
    method: 'the same run',
    ...UNCOVERED,
    notes: ['it is the same run'],
    settle: () => null,
    openNote: null,
    errors,
    firstError,
    sides: { of: { name: null, value, n }, minus: { name: null, value, n } },
  };
}

const UNCOVERED = { worst: null, smallest: null } as const;

/** The change over the same units; null below one pair, of a mean below two. */
export function pairedChangeOf(
  gate: ChangeGate,
  { base, head, items, coupled, isIdentical }: ChangedValues,
  { errors, firstError }: GateResult,
): HeldChange | null {
  // A mean of nothing but 0 and 1 is a share, which t knows little of where one of them is rare.
  const isShare = gate.kind === 'share_change' || isZeroOrOne(base, head);
  const pairs = pairsOf(base, head, items, coupled);
  const n = pairs.head.length;
  if (n < (isShare ? 1 : 2)) return null;
  const dropped = head.length - n;
  const covers = dropped > DROPPED_LIMIT * head.length;
  const range = isShare ? { low: 0, high: 1 } : rangeOf(base, head);
  const [lowest, highest] = covers
    ? [
        pairsOf(filled(base, range.high), filled(head, range.low), items, coupled),
        pairsOf(filled(base, range.low), filled(head, range.high), items, coupled),
      ]
    : [pairs, pairs];
  const isPoint = isIdentical && !covers;
  const [low, high] = [intervalOf(isShare, lowest!), intervalOf(isShare, highest!)];
  const [of, minus] = [meanOf(pairs.head), meanOf(pairs.base)];
  const evidence = meanEvidence(pairs);
  const value = isPoint ? 0 : evidence.differences.mean;
  const alone = evidence.differences.deviation / Math.sqrt(n);
  const clustered = evidence.items === null ? 0 : (clusteredPairedT(evidence.items, 'CR1', 0.95)?.error ?? 0);
  // More repetitions narrow what shared draws do to a change, not what items do.
  const isWidened = evidence.clusters === 'items' && clustered > alone;
  const notes: string[] = [];
  if (covers) notes.push(`the interval covers ${formatUnits(dropped)} without a value on one side or both`);
  if (isPoint) notes.push('no value of any unit has changed');
  const method = methodOf(isShare ? 'share' : 'mean', evidence);
  return {
    value,
    n,
    intervalAt: (confidence) =>
      isPoint ? { low: 0, high: 0 } : { low: low(confidence).low, high: high(confidence).high },
    method: covers ? `${method}, worst case of ${formatUnits(dropped)} dropped` : method,
    worst: covers ? { low: changeOf(lowest!), high: changeOf(highest!) } : null,
    notes,
    smallest: null,
    settle: (confidence) => {
      if (covers || isWidened) return null;
      if (isShare && !(clustered > alone))
        return pairedToSettle(shareEvidence(pairs).counts, gate.region, confidence);
      return meansToSettle(value, n, Math.max(alone, clustered), gate.region, confidence);
    },
    openNote: isWidened ? MORE_ITEMS : null,
    errors,
    firstError,
    sides: { of: { name: null, value: of, n }, minus: { name: null, value: minus, n } },
  };
}

function intervalOf(isShare: boolean, pairs: Pairs): (confidence: number) => Bounds {
  if (isShare) {
    const evidence = shareEvidence(pairs);
    return (confidence) => shareChangeInterval(evidence, confidence);
  }
  const evidence = meanEvidence(pairs);
  const draws = evidence.items?.length ?? evidence.differences.n;
  return (confidence) =>
    whereAlike(meanChangeInterval(evidence, confidence) ?? EVERYTHING, draws, confidence);
}

function filled(values: Values, with_: number): Values {
  return values.map((value) => value ?? with_);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function changeOf({ head, base }: Pairs): number {
  return meanOf(head.map((value, at) => value - base[at]!));
}

/** A gate that is still open, with what it can be held by; null: nothing. */
export interface OpenChange {
  readonly gate: ChangeGate;
  readonly open: GateResult;
  readonly held: HeldChange | null;
}

/**
 * Decides all gates on changes of a pipeline together. `falseAlarms`: how often one of them may fail when nothing
 * changed. Those that nothing is known of count among them, so that what is known later changes no level.
 */
export function decideChanges(changes: readonly OpenChange[], falseAlarms: number): readonly GateResult[] {
  const ps = changes.map(({ gate, open, held }) =>
    held === null ? 1 : failingLevel(gate, held, open.look ?? null),
  );
  const decisions = decideHolm(ps, falseAlarms);
  return changes.map(({ gate, open, held }, at) => {
    if (held === null) return open;
    const look = open.look ?? null;
    const { sides } = held;
    const own = judge(gate, held, look);
    if (own.state === 'pass') return { ...own, sides };
    const { rejected, confidence } = decisions[at]!;
    const strict = failingConfidence(gate, 1 - confidence, look);
    const isOutside = decide(held.intervalAt(strict), gate.region) === 'fail';
    if (rejected && isOutside) return { ...judged(gate, held, strict, 'fail', look), sides };
    if (own.state === 'inconclusive') return { ...own, sides };
    const level = formatLevel(ownConfidence(gate, look));
    const why = `at ${level} it lies outside, but a fail needs more, so that false alarms stay at ${formatLevel(falseAlarms)}`;
    const strictly = judged(gate, held, Math.max(strict, own.interval!.confidence), 'inconclusive', look);
    return { ...strictly, reason: `${strictly.reason}; ${why}`, sides };
  });
}

/** Two bounds are two ways to fail. */
function waysToFail({ region }: ChangeGate): number {
  return region.atLeast !== null && region.atMost !== null ? 2 : 1;
}

/** The confidence of the two-sided interval that must lie outside for a fail at this level over all looks. */
function failingConfidence(gate: ChangeGate, level: number, look: Look | null): number {
  const confidence = 1 - (2 * level) / waysToFail(gate);
  return look === null ? confidence : confidenceAtLook(confidence, look.look, look.looks);
}

/** Smallest one-sided level that is told from none. */
const SMALLEST_LEVEL = 1e-15;

/**
 * The p-value of a fail: the smallest level at which the interval would lie wholly outside the region, found from the
 * interval itself, so that p and interval never disagree. 1 where no interval does.
 */
function failingLevel(gate: ChangeGate, { intervalAt }: Held, look: Look | null): number {
  const fails = (level: number) => decide(intervalAt(1 - 2 * level), gate.region) === 'fail';
  if (!fails(0.4999)) return 1;
  let [outside, open] = [Math.log(0.4999), Math.log(SMALLEST_LEVEL)];
  if (fails(SMALLEST_LEVEL)) outside = open;
  while (outside - open > 1e-9) {
    const middle = (outside + open) / 2;
    if (fails(Math.exp(middle))) outside = middle;
    else open = middle;
  }
  const level = Math.exp(outside);
  return Math.min(1, waysToFail(gate) * (look === null ? level : levelOverLooks(level, look)));
}
