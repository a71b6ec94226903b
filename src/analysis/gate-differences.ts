// Gates on how far one group of a run is from another. Groups whose units drew from the same streams are pairs; others are
// two samples, as far as they share no items.
import type { Gate } from '../pipeline/pipeline.ts';
import { pairedT, welch } from './compare-means.ts';
import { type Count, correlatedNewcombe } from './compare-shares.ts';
import { effectiveSample, shareChangeInterval } from './comparison-intervals.ts';
import { meansToSettle } from './decision.ts';
import type { DifferenceTally, GroupTally } from './difference-tally.ts';
import type { Bounds } from './estimate.ts';
import { DROPPED_LIMIT, type Held, MORE_ITEMS } from './gate-held.ts';
import type { GateTally } from './gates.ts';
import { SHOWN_CONFIDENCE, sizeAt, tInterval, whereAlike } from './intervals.ts';
import { formatUnits } from './numbers.ts';
import { pairedToSettle, unpairedToSettle } from './settle.ts';
import type { MeanError } from './tally.ts';

/** A gate on a difference. */
export type DifferenceGate = Extract<Gate, { kind: 'share_difference' | 'mean_difference' }>;

type Counted = Extract<GateTally, { kind: 'difference' }>;

/** Why there is nothing to hold: in a few words without untrusted text; the names stand beside it. */
export function whyNoDifference(gate: DifferenceGate, { tally }: Counted): string | null {
  const [of, minus] = [tally.of.numbers.n, tally.minus.numbers.n];
  if (of === 0 && minus === 0) return 'no unit of either group gave a value';
  if (of === 0) return 'no unit of the first group gave a value';
  if (minus === 0) return 'no unit of the second group gave a value';
  if (gate.kind === 'mean_difference' && (of < 2 || minus < 2))
    return 'one unit of a group has no spread to judge by';
  if (gate.kind === 'mean_difference' && tally.pairs() === null && isOneDraw(tally))
    return 'all units of a group drew together, so that they have no spread to judge by';
  return null;
}

/** True when a group has no error of its own: its units are one draw. */
function isOneDraw({ of, minus }: DifferenceTally): boolean {
  return of.numbers.meanError() === null || minus.numbers.meanError() === null;
}

/** What a group's units gave; it has one at least. */
export function valueIn({ kind }: DifferenceGate, { shares, numbers }: GroupTally): number {
  return kind === 'share_difference' ? shares.x / shares.n : numbers.mean;
}

/** The difference of the two groups; both have a value, of a mean two. */
export function heldDifference(gate: DifferenceGate, counted: Counted): Held {
  const { tally, errors, firstError } = counted;
  const { of, minus } = tally;
  const dropped = [of, minus].map((group) => group.dropped + tally.unplaced);
  const covers =
    dropped[0]! > DROPPED_LIMIT * (of.numbers.n + dropped[0]!) ||
    dropped[1]! > DROPPED_LIMIT * (minus.numbers.n + dropped[1]!);
  // A mean of nothing but 0 and 1 is a share, which t knows little of where one of them is rare.
  const isShare = gate.kind === 'share_difference' || [of, minus].every(({ numbers }) => numbers.asShare());
  const found = isShare ? shares(tally, gate) : means(tally, gate);
  const all = of.dropped + minus.dropped + tally.unplaced;
  const value = valueIn(gate, of) - valueIn(gate, minus);
  const worst = isShare ? UNIT_RANGE : rangeOf(tally);
  const shift = (bounds: Bounds): Bounds => worstCase(tally, worst, bounds, value);
  const notes: string[] = [];
  if (covers) notes.push(`the interval covers ${formatUnits(all)} dropped, whatever they were`);
  if (errors > 0) notes.push(`${formatUnits(errors)} gave no value`);
  return {
    value,
    n: of.numbers.n + minus.numbers.n,
    intervalAt: (confidence) =>
      covers ? shift(found.intervalAt(confidence)) : clamped(gate, found.intervalAt(confidence)),
    method: covers ? `${found.method}, worst case of ${formatUnits(all)} dropped` : found.method,
    worst: covers ? shift({ low: value, high: value }) : null,
    notes,
    smallest: null,
    settle: covers ? () => null : found.settle,
    openNote: found.openNote,
    errors,
    firstError,
  };
}

type Found = Pick<Held, 'intervalAt' | 'method' | 'settle' | 'openNote'>;

function shares(tally: DifferenceTally, { region }: DifferenceGate): Found {
  const pairs = tally.pairs();
  if (pairs !== null) {
    const { counts } = pairs;
    return {
      intervalAt: (confidence) => shareChangeInterval({ kind: 'pairs', counts, items: null }, confidence),
      method: 'paired Newcombe and Bonett-Price, groups paired by what they drew',
      settle: (confidence) => doubled(pairedToSettle(counts, region, confidence)),
      openNote: null,
    };
  }
  const counts = [effectiveCount(tally.of), effectiveCount(tally.minus)] as const;
  const [of, minus] = [counts[0](SHOWN_CONFIDENCE), counts[1](SHOWN_CONFIDENCE)];
  const correlation = tally.correlation();
  const all = tally.of.shares.n + tally.minus.shares.n;
  const isWidened = tally.of.shares.dependence().clusters === 'items' && of.n + minus.n < all;
  return {
    intervalAt: (confidence) =>
      correlatedNewcombe(counts[1](confidence), counts[0](confidence), correlation?.r ?? 0, confidence),
    method: `Newcombe, ${described(correlation, isWidened)}`,
    settle: (confidence) => {
      if (correlation !== null || isWidened) return null;
      const units = unpairedToSettle(minus, of, region, confidence);
      return units === null ? null : Math.ceil((units * all) / of.n);
    },
    openNote: isWidened ? MORE_ITEMS : null,
  };
}

function means(tally: DifferenceTally, { region }: DifferenceGate): Found {
  const pairs = tally.pairs();
  const value = tally.of.numbers.mean - tally.minus.numbers.mean;
  if (pairs !== null) {
    const { differences } = pairs;
    const error = differences.deviation / Math.sqrt(differences.n);
    return {
      intervalAt: (confidence) =>
        whereAlike(pairedT(differences, confidence)!.interval, differences.n, confidence),
      method: 'paired t, groups paired by what they drew',
      settle: (confidence) => doubled(meansToSettle(value, differences.n, error, region, confidence)),
      openNote: null,
    };
  }
  const n = tally.of.numbers.n + tally.minus.numbers.n;
  const [of, minus] = [tally.of, tally.minus].map((group) => group.numbers.meanError()) as [
    MeanError,
    MeanError,
  ];
  const correlation = tally.correlation();
  const isWidened = of.widened || minus.widened;
  const method = described(correlation, isWidened);
  if (correlation === null) {
    const [first, second] = [
      effectiveSample(tally.of.numbers.mean, of.error, of.degrees),
      effectiveSample(tally.minus.numbers.mean, minus.error, minus.degrees),
    ];
    const { error } = welch(second, first, 0.95)!;
    return {
      intervalAt: (confidence) =>
        whereAlike(
          welch(second, first, confidence)!.interval,
          Math.min(of.degrees, minus.degrees) + 1,
          confidence,
        ),
      method: `Welch, ${method}`,
      settle: (confidence) => (isWidened ? null : meansToSettle(value, n, error, region, confidence)),
      openNote: isWidened ? MORE_ITEMS : null,
    };
  }
  const { r, clusters } = correlation;
  // Two equal estimates of the same clusters differ by nothing, also in the last bit.
  const error = Math.sqrt(Math.max(0, of.error ** 2 - 2 * r * of.error * minus.error + minus.error ** 2));
  return {
    intervalAt: (confidence) =>
      whereAlike(tInterval(value, error, clusters - 1, confidence), clusters, confidence),
    method: `t, ${method}`,
    settle: () => null,
    openNote: isWidened ? MORE_ITEMS : null,
  };
}

/** The count that an interval at a confidence rests on. */
function effectiveCount({ shares: tally }: GroupTally): (confidence: number) => Count {
  const dependence = tally.dependence();
  return (confidence) => {
    const size = sizeAt(dependence, confidence);
    return { x: (tally.x / tally.n) * size, n: size };
  };
}

function described(correlation: { readonly clusters: number } | null, isWidened: boolean): string {
  if (correlation !== null) return `what both groups share taken together (${correlation.clusters} clusters)`;
  return isWidened ? 'clustered' : 'independent draws';
}

function doubled(pairs: number | null): number | null {
  return pairs === null ? null : pairs * 2;
}

const UNIT_RANGE: Bounds = { low: 0, high: 1 };

function rangeOf({ of, minus }: DifferenceTally): Bounds {
  return {
    low: Math.min(of.numbers.min, minus.numbers.min),
    high: Math.max(of.numbers.max, minus.numbers.max),
  };
}

/** The interval's ends when every dropped unit, in the group where it matters more, was as bad as it can be. */
function worstCase(
  { of, minus, unplaced }: DifferenceTally,
  range: Bounds,
  ends: Bounds,
  value: number,
): Bounds {
  const mean = (group: GroupTally, filled: number) => {
    const more = group.dropped + unplaced;
    return (group.numbers.mean * group.numbers.n + filled * more) / (group.numbers.n + more);
  };
  const lowest = mean(of, range.low) - mean(minus, range.high);
  const highest = mean(of, range.high) - mean(minus, range.low);
  return {
    low: Math.max(range.low - range.high, lowest - (value - ends.low)),
    high: Math.min(range.high - range.low, highest + (ends.high - value)),
  };
}

function clamped({ kind }: DifferenceGate, { low, high }: Bounds): Bounds {
  return kind === 'share_difference' ? { low: Math.max(-1, low), high: Math.min(1, high) } : { low, high };
}
