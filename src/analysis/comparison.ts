// Two runs over the same units held against each other, quantity by quantity: how far it moved, how sure that is, and what
// it would take to be sure. A change is this run's value minus the base's; it decides nothing about gates.
import { clusteredPairedT, pairedT, sampleOf } from './compare-means.ts';
import { type PairedCounts, pairedNewcombe } from './compare-shares.ts';
import type { Bounds } from './estimate.ts';
import { FEWEST_CLUSTERS } from './intervals.ts';
import { detectablePaired, unitsPaired } from './power.ts';
import type { UnitColumn, UnitValues } from './unit-values.ts';

/** One quantity on both sides. Shares are 0 to 1. */
export interface Change {
  readonly kind: 'share' | 'mean';
  /** Of a gate its name, of the others the field. */
  readonly name: string;
  /** Which value of an outcome's field; null: the quantity has no values. */
  readonly label: string | null;
  readonly isGate: boolean;
  readonly base: number;
  readonly head: number;
  readonly change: number;
  /** Of the change; null when there are too few units for one. */
  readonly interval: Bounds | null;
  readonly confidence: number;
  readonly method: string;
  /** Units that have a value on both sides. */
  readonly pairs: number;
  /** Of a share: units that have it here only, and there only. */
  readonly gained: number;
  readonly lost: number;
  /** Smallest change of a share that so many units would show in four of five cases; null: not known. */
  readonly detectable: number | null;
  /** About how many units would show the change seen; null: it is shown already, or no number would. */
  readonly toSettle: number | null;
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Units that failed on one side or on both. */
  readonly dropped: number;
  readonly units: number;
  /** True when every value of every unit is the same on both sides. */
  readonly isSame: boolean;
}

const CONFIDENCE = 0.95;
const AIM = { alpha: 0.05, power: 0.8 } as const;
/** Values of an outcome that are compared. */
const MOST_LABELS = 6;

/** Compares two runs of the same units; `head` is this one. */
export function compareUnits(base: Pick<UnitValues, 'units' | 'columns'>, head: UnitValues): Comparison {
  const changes: Change[] = [];
  let isSame = base.units === head.units;
  const failed = new Set<number>();
  for (const column of head.columns) {
    const other = base.columns.find((one) => one.name === column.name && one.kind === column.kind);
    if (other === undefined) continue;
    column.values.forEach((value, at) => {
      const before = other.values[at] ?? null;
      if (value === null || before === null) failed.add(at);
      if (labelAt(column, value) !== labelAt(other, before)) isSame = false;
    });
    const found = changesOf(other, column, head.items);
    // An outcome that a gate is about says the same once more.
    changes.push(
      ...found.filter((one) => one.isGate || !changes.some((gate) => gate.isGate && isEqual(one, gate))),
    );
  }
  return { changes, dropped: failed.size, units: head.units, isSame };
}

function isEqual(one: Change, other: Change): boolean {
  const { base, head, gained, lost, pairs } = other;
  const numbers = [one.base - base, one.head - head, one.gained - gained, one.lost - lost, one.pairs - pairs];
  return one.kind === other.kind && numbers.every((difference) => difference === 0);
}

function labelAt({ kind, labels }: UnitColumn, value: number | null): string | number | null {
  return value === null || kind !== 'category' ? value : (labels[value] ?? null);
}

function changesOf(base: UnitColumn, head: UnitColumn, items: readonly number[] | null): Change[] {
  const { name, isGate } = head;
  const about = { name, isGate, confidence: CONFIDENCE };
  if (head.kind !== 'category') {
    const pairs = pairsOf(base.values, head.values, items);
    const change = head.kind === 'share' ? shareChange(pairs) : meanChange(pairs);
    return change === null ? [] : [{ ...about, label: null, ...change }];
  }
  return comparedLabels(base, head).flatMap((label) => {
    const has = (column: UnitColumn) => column.values.map((value) => hit(column, value, label));
    const change = shareChange(pairsOf(has(base), has(head), items));
    return change === null ? [] : [{ ...about, label, ...change }];
  });
}

/** Of two values one says it all. */
function comparedLabels(base: UnitColumn, head: UnitColumn): readonly string[] {
  const labels = [...new Set([...head.labels, ...base.labels])];
  if (labels.length > 2) return labels.slice(0, MOST_LABELS);
  return [labels.find((label) => label === 'true') ?? labels[0]].filter((label) => label !== undefined);
}

function hit({ labels }: UnitColumn, value: number | null, label: string): number | null {
  return value === null ? null : labels[value] === label ? 1 : 0;
}

/** Values of the units that have one on both sides. */
interface Pairs {
  readonly base: readonly number[];
  readonly head: readonly number[];
  readonly items: readonly number[] | null;
}

function pairsOf(
  base: readonly (number | null)[],
  head: readonly (number | null)[],
  items: readonly number[] | null,
): Pairs {
  const kept: { base: number; head: number; item: number }[] = [];
  head.forEach((value, at) => {
    const before = base[at] ?? null;
    if (value !== null && before !== null) kept.push({ base: before, head: value, item: items?.[at] ?? 0 });
  });
  return {
    base: kept.map((pair) => pair.base),
    head: kept.map((pair) => pair.head),
    items: items === null ? null : kept.map((pair) => pair.item),
  };
}

type Found = Omit<Change, 'name' | 'label' | 'isGate' | 'confidence'>;

function shareChange({ base, head, items }: Pairs): Found | null {
  const pairs = base.length;
  if (pairs === 0) return null;
  const counts: PairedCounts = {
    both: count(base, head, (b, h) => b === 1 && h === 1),
    baseOnly: count(base, head, (b, h) => b === 1 && h === 0),
    headOnly: count(base, head, (b, h) => b === 0 && h === 1),
    neither: count(base, head, (b, h) => b === 0 && h === 0),
  };
  const change = (counts.headOnly - counts.baseOnly) / pairs;
  const plain = pairedNewcombe(counts, CONFIDENCE);
  const clustered = clusteredInterval(base, head, items);
  // Units of one item hang together: the wider of the two says no more than is known.
  const isWider = clustered !== null && clustered.high - clustered.low > plain.high - plain.low;
  const interval = isWider ? { low: Math.max(-1, clustered.low), high: Math.min(1, clustered.high) } : plain;
  const discordant = (counts.baseOnly + counts.headOnly) / pairs;
  const isOpen = interval.low <= 0 && interval.high >= 0;
  const units = change === 0 ? Number.POSITIVE_INFINITY : unitsPaired(discordant, change, AIM);
  return {
    kind: 'share',
    base: (counts.both + counts.baseOnly) / pairs,
    head: (counts.both + counts.headOnly) / pairs,
    change,
    interval,
    method: isWider ? 'paired t, clustered by item' : 'paired Newcombe',
    pairs,
    gained: counts.headOnly,
    lost: counts.baseOnly,
    detectable: discordant === 0 ? null : detectablePaired(discordant, pairs, AIM),
    toSettle: isOpen && Number.isFinite(units) && units > pairs ? units : null,
  };
}

function meanChange({ base, head, items }: Pairs): Found | null {
  const pairs = base.length;
  if (pairs === 0) return null;
  const differences = head.map((value, at) => value - base[at]!);
  const plain = pairedT(sampleOf(differences), CONFIDENCE);
  const clustered = clusteredInterval(base, head, items);
  const change = mean(differences);
  return {
    kind: 'mean',
    base: mean(base),
    head: mean(head),
    change,
    interval: clustered ?? plain?.interval ?? null,
    method: clustered === null ? 'paired t' : 'paired t, clustered by item',
    pairs,
    gained: 0,
    lost: 0,
    detectable: null,
    toSettle: null,
  };
}

/** Null where items do not repeat, or are too few to say how far they differ. */
function clusteredInterval(
  base: readonly number[],
  head: readonly number[],
  items: readonly number[] | null,
): Bounds | null {
  if (items === null) return null;
  const sums = new Map<number, { n: number; sum: number }>();
  head.forEach((value, at) => {
    const item = items[at]!;
    const { n, sum } = sums.get(item) ?? { n: 0, sum: 0 };
    sums.set(item, { n: n + 1, sum: sum + value - base[at]! });
  });
  if (sums.size < FEWEST_CLUSTERS || sums.size === head.length) return null;
  return clusteredPairedT([...sums.values()], 'CR1', CONFIDENCE)?.interval ?? null;
}

function count(
  base: readonly number[],
  head: readonly number[],
  test: (base: number, head: number) => boolean,
): number {
  return base.reduce((sum, value, at) => sum + (test(value, head[at]!) ? 1 : 0), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
