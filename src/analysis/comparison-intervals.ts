// The interval of a change as a function of the confidence alone, from what two runs show of one quantity: the same units
// twice, or two samples. A gate turns it around to find the level at which it would be decided; nothing is decided here.

import { bundlingOf } from './clusters.ts';
import { clusteredPairedT, type MeanChange, pairedT, type Sample, sampleOf, welch } from './compare-means.ts';
import { type Count, newcombe, type PairedCounts, pairedNewcombe } from './compare-shares.ts';
import type { Bounds } from './estimate.ts';
import { type ClusterKind, describe } from './intervals.ts';
import { netValue } from './net-value.ts';
import type { Coupled } from './unit-values.ts';

/** The differences (head minus base) of one item's units, summed. */
export interface ItemSum {
  readonly n: number;
  readonly sum: number;
}

interface Bundled {
  readonly items: readonly ItemSum[] | null;
  /** What the bundles are; absent: items. */
  readonly clusters?: ClusterKind;
}

/**
 * What is known of a share on both sides. `items`: of pairs whose items repeat, and are enough to be clusters, or which
 * drew together or came of one, as `clusters` says; else null. The counts of samples may be effective, fractional ones.
 */
export type ShareEvidence =
  | ({ readonly kind: 'pairs'; readonly counts: PairedCounts } & Bundled)
  | { readonly kind: 'samples'; readonly base: Count; readonly head: Count };

/** What is known of a mean on both sides. Samples of repeated items are effective ones: see `effectiveSample`. */
export type MeanEvidence =
  | ({ readonly kind: 'pairs'; readonly differences: Sample } & Bundled)
  | { readonly kind: 'samples'; readonly base: Sample; readonly head: Sample };

/** Values of the units that have one on both sides, in canonical order. Shares as 0 and 1. */
export interface Pairs {
  readonly base: readonly number[];
  readonly head: readonly number[];
  readonly items: readonly number[] | null;
  readonly coupled?: Coupled | undefined;
}

/** The places at which both sides have a value; `items` and `coupled` as in `UnitValues`. */
export function pairsOf(
  base: readonly (number | null)[],
  head: readonly (number | null)[],
  items: readonly number[] | null,
  coupled?: Coupled,
): Pairs {
  const before: number[] = [];
  const after: number[] = [];
  const kept: number[] = [];
  head.forEach((value, at) => {
    const other = base[at] ?? null;
    if (value === null || other === null) return;
    before.push(other);
    after.push(value);
    kept.push(items?.[at] ?? 0);
  });
  return { base: before, head: after, items: items === null ? null : kept, coupled };
}

/** The evidence of pairs of a share. */
export function shareEvidence(pairs: Pairs): Extract<ShareEvidence, { kind: 'pairs' }> {
  const { base, head } = pairs;
  const counts = { both: 0, baseOnly: 0, headOnly: 0, neither: 0 };
  head.forEach((value, at) => {
    if (value === 1) counts[base[at] === 1 ? 'both' : 'headOnly']++;
    else counts[base[at] === 1 ? 'baseOnly' : 'neither']++;
  });
  return { kind: 'pairs', counts, ...bundled(pairs) };
}

/** The evidence of pairs of a mean. */
export function meanEvidence(pairs: Pairs): Extract<MeanEvidence, { kind: 'pairs' }> {
  const { base, head } = pairs;
  const differences = sampleOf(head.map((value, at) => value - base[at]!));
  return { kind: 'pairs', differences, ...bundled(pairs) };
}

/** What pairs are bundled by; null where items do not repeat, or are too few to say how far they differ. Units that drew together never are. */
export function bundled({ base, head, items, coupled }: Pairs): Bundled {
  if (items === null) return { items: null };
  const { kind, fewest, of } = bundlingOf(items, coupled ?? true);
  const sums = new Map<number, { n: number; sum: number }>();
  head.forEach((value, at) => {
    const bundle = of(items[at]!);
    const { n, sum } = sums.get(bundle) ?? { n: 0, sum: 0 };
    sums.set(bundle, { n: n + 1, sum: sum + value - base[at]! });
  });
  const isIndependent = sums.size < fewest || sums.size === head.length;
  return { items: isIndependent ? null : [...sums.values()], clusters: kind };
}

/** A sample of independent draws that is as sure of its mean as one with this standard error and degrees of freedom. */
export function effectiveSample(mean: number, error: number, degrees: number): Sample {
  const n = degrees + 1;
  return { n, mean, deviation: error * Math.sqrt(n) };
}

/**
 * Interval of the change of a share, -1 to 1. Of pairs each end is the farther one of paired Newcombe's and of Bonett and
 * Price's (2012): where few units changed, and all one way, Newcombe's holds the truth nine times of ten at 95 %. Where
 * items repeat it is no nearer than that of the t interval clustered by item. The ends move outwards with the
 * confidence, as they must to be turned around.
 */
export function shareChangeInterval(evidence: ShareEvidence, confidence: number): Bounds {
  if (evidence.kind === 'samples') return newcombe(evidence.base, evidence.head, confidence);
  // All units are one draw: it shows one change, and not how far others lie from it.
  if (evidence.items?.length === 1) return { low: -1, high: 1 };
  const plain = pairedShares(evidence.counts, confidence);
  const clustered = clusteredChange(evidence.items, confidence);
  if (clustered === null) return plain;
  const { low, high } = clustered.interval;
  return { low: Math.max(-1, Math.min(plain.low, low)), high: Math.min(1, Math.max(plain.high, high)) };
}

function pairedShares(counts: PairedCounts, confidence: number): Bounds {
  const { both, baseOnly, headOnly, neither } = counts;
  const square = pairedNewcombe(counts, confidence);
  const adjusted = netValue(headOnly, baseOnly, both + baseOnly + headOnly + neither, confidence).interval;
  return { low: Math.min(square.low, adjusted.low), high: Math.max(square.high, adjusted.high) };
}

/** The change of a mean with its interval in the metric's unit, of pairs the wider one; null below two draws a side. */
export function meanChange(evidence: MeanEvidence, confidence: number): MeanChange | null {
  if (evidence.kind === 'samples') return welch(evidence.base, evidence.head, confidence);
  if (evidence.items?.length === 1) return null;
  const plain = pairedT(evidence.differences, confidence);
  const clustered = clusteredChange(evidence.items, confidence);
  if (plain === null || clustered === null) return plain;
  // Which of the two is wider may turn with the confidence, but both have the same middle.
  return widthOf(clustered.interval) > widthOf(plain.interval) ? clustered : plain;
}

/** Interval of the change of a mean in the metric's unit; null below two units on a side. A point where nothing varied. */
export function meanChangeInterval(evidence: MeanEvidence, confidence: number): Bounds | null {
  return meanChange(evidence, confidence)?.interval ?? null;
}

/** The t interval of a change by its items; null without them. */
function clusteredChange(items: readonly ItemSum[] | null, confidence: number): MeanChange | null {
  return items === null ? null : clusteredPairedT(items, 'CR1', confidence);
}

/** Name of the interval, as a report says it. */
export function methodOf(kind: 'share' | 'mean', evidence: ShareEvidence | MeanEvidence): string {
  if (evidence.kind === 'samples') return kind === 'share' ? 'Newcombe' : 'Welch';
  const plain = kind === 'share' ? 'paired Newcombe and Bonett-Price' : 'paired t';
  const { items, clusters = 'items' } = evidence;
  return items === null ? plain : `${plain}, ${describe({ size: 0, items: items.length, clusters })}`;
}

function widthOf({ low, high }: Bounds): number {
  return high - low;
}
