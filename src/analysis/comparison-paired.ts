// One quantity over the same units twice: the change, its interval, its tests, and what units without a value could do.
import { clusteredPairedT, pairedT } from './compare-means.ts';
import { mcnemar } from './compare-shares.ts';
import type { Change, ChangeTest } from './comparison-change.ts';
import {
  bundled,
  meanChange,
  meanEvidence,
  methodOf,
  type Pairs,
  pairsOf,
  shareChangeInterval,
  shareEvidence,
} from './comparison-intervals.ts';
import type { ComparedUnits, Quantity } from './comparison-quantities.ts';
import { meanSide, shareSide } from './comparison-sides.ts';
import { AIM, regionToClear, resampledTest, streamOf } from './comparison-tests.ts';
import { meansToSettle } from './decision.ts';
import type { Bounds } from './estimate.ts';
import { clusterName, SHOWN_CONFIDENCE } from './intervals.ts';
import { signFlip } from './permutation.ts';
import { detectableMean, detectablePaired } from './power.ts';
import { pairedToSettle } from './settle.ts';
import { isZeroOrOne, rangeOf } from './unit-values.ts';

/** The change of a quantity whose places are the same units; null when no unit has it on both sides. */
export function pairedChange(
  quantity: Quantity,
  { items = null, coupled }: Pick<ComparedUnits, 'items' | 'coupled'>,
  steps: number,
): Change | null {
  const pairs = pairsOf(quantity.base, quantity.head, items, coupled);
  if (pairs.head.length === 0) return null;
  if (quantity.kind === 'share') return pairedShare(quantity, pairs, steps);
  // A gate on such a mean is held as one on a share: its row says what decides it.
  return quantity.isGate && isZeroOrOne(quantity.base, quantity.head)
    ? { ...pairedShare({ ...quantity, kind: 'share' }, pairs, steps), kind: 'mean', gained: 0, lost: 0 }
    : pairedMean(quantity, pairs, steps);
}

function pairedShare(quantity: Quantity, pairs: Pairs, steps: number): Change {
  const evidence = shareEvidence(pairs);
  const { counts, items } = evidence;
  const n = pairs.head.length;
  const { both, baseOnly, headOnly } = counts;
  const change = (headOnly - baseOnly) / n;
  const discordant = (baseOnly + headOnly) / n;
  const exact: ChangeTest = {
    name: 'exact McNemar',
    p: mcnemar(baseOnly, headOnly).exact,
    draws: 0,
    effect: null,
  };
  const clustered = items === null ? null : clusteredPairedT(items, 'CR1', SHOWN_CONFIDENCE);
  const isOneDraw = items?.length === 1;
  const alone = detectablePaired(discordant, n, AIM);
  const region = regionToClear(change);
  return {
    ...shared(quantity, pairs),
    base: (both + baseOnly) / n,
    head: (both + headOnly) / n,
    change,
    interval: shareChangeInterval(evidence, SHOWN_CONFIDENCE),
    method: methodOf('share', evidence),
    gained: headOnly,
    lost: baseOnly,
    tests: testsOf(isOneDraw ? null : exact, clustered?.p ?? null, quantity, pairs, steps),
    detectable: atLeast(discordant === 0 || isOneDraw ? null : alone, clustered?.error ?? 0),
    // Where items differ it is more items, not more units of the same, that would settle it.
    toSettle:
      region === null || items !== null ? null : more(pairedToSettle(counts, region, SHOWN_CONFIDENCE), n),
  };
}

function pairedMean(quantity: Quantity, pairs: Pairs, steps: number): Change {
  const evidence = meanEvidence(pairs);
  const n = pairs.head.length;
  const moved = meanChange(evidence, SHOWN_CONFIDENCE);
  const plain = pairedT(evidence.differences, SHOWN_CONFIDENCE);
  const clustered =
    evidence.items === null ? null : clusteredPairedT(evidence.items, 'CR1', SHOWN_CONFIDENCE);
  const change = evidence.differences.mean;
  const region = regionToClear(change);
  const isVaried = moved !== null && moved.error > 0;
  const first = plain === null ? null : { name: 'paired t', p: plain.p, draws: 0, effect: null };
  return {
    ...shared(quantity, pairs),
    base: mean(pairs.base),
    head: mean(pairs.head),
    change,
    interval: moved?.interval ?? null,
    method: methodOf('mean', evidence),
    gained: 0,
    lost: 0,
    // Differences that are all the same make t infinite: the signs alone then say how sure it is.
    tests: testsOf(isVaried || change === 0 ? first : null, clustered?.p ?? null, quantity, pairs, steps),
    detectable: isVaried ? detectableMean(moved.error, AIM) : null,
    toSettle:
      region === null || !isVaried || clustered !== null
        ? null
        : more(meansToSettle(change, n, moved.error, region, SHOWN_CONFIDENCE), n),
  };
}

function shared(
  quantity: Quantity,
  pairs: Pairs,
): Pick<
  Change,
  | 'kind'
  | 'name'
  | 'label'
  | 'isGate'
  | 'pairing'
  | 'confidence'
  | 'baseInterval'
  | 'headInterval'
  | 'baseUnits'
  | 'headUnits'
  | 'pairs'
  | 'missing'
  | 'worst'
  | 'adjusted'
> {
  const { kind, name, label, isGate } = quantity;
  const n = pairs.head.length;
  const about = { kind, name, label, isGate, pairing: 'paired', confidence: SHOWN_CONFIDENCE } as const;
  const { missing, worst } = worstOf(quantity);
  const sideOf = kind === 'share' ? shareSide : meanSide;
  const baseInterval = sideOf(pairs.base, pairs.items, pairs.coupled).interval;
  const headInterval = sideOf(pairs.head, pairs.items, pairs.coupled).interval;
  return {
    ...about,
    baseInterval,
    headInterval,
    baseUnits: n,
    headUnits: n,
    pairs: n,
    missing,
    worst,
    adjusted: null,
  };
}

/** The test that the interval is of, then signs flipped by unit, or by item where items repeat. */
function testsOf(
  plain: ChangeTest | null,
  clustered: number | null,
  quantity: Quantity,
  pairs: Pairs,
  steps: number,
): readonly ChangeTest[] {
  const tests: ChangeTest[] = [];
  const { items, clusters } = bundled(pairs);
  const by = clusterName(clusters);
  if (plain !== null && clustered !== null && clustered > plain.p)
    tests.push({ name: `paired t, clustered by ${by}`, p: clustered, draws: 0, effect: null });
  else if (plain !== null) tests.push(plain);
  const sums = items?.map(({ sum }) => sum);
  // Of a share of independent units the exact test is this one, with every sign tried.
  if (sums === undefined && quantity.kind === 'share') return tests;
  if (plain !== null && steps === 0) return tests;
  const differences = sums ?? pairs.head.map((value, at) => value - pairs.base[at]!);
  const flipped = signFlip(differences, streamOf('sign-flip', quantity), steps);
  const name = sums === undefined ? 'sign-flip permutation' : `sign-flip permutation by ${by}`;
  return [...tests, resampledTest(name, flipped)];
}

/** Worst cases over all units, those without a value on a side included (Manski 1989). */
function worstOf({ kind, base, head }: Quantity): { missing: number; worst: Bounds | null } {
  const seen = kind === 'share' ? { low: 0, high: 1 } : rangeOf(base, head);
  const units = Math.min(base.length, head.length);
  let missing = 0;
  let [low, high] = [0, 0];
  for (let at = 0; at < units; at++) {
    const [before, after] = [base[at] ?? null, head[at] ?? null];
    if (before === null || after === null) missing++;
    low += (after ?? seen.low) - (before ?? seen.high);
    high += (after ?? seen.high) - (before ?? seen.low);
  }
  return { missing, worst: missing === 0 ? null : { low: low / units, high: high / units } };
}

function atLeast(detectable: number | null, error: number): number | null {
  return detectable === null ? null : Math.max(detectable, error === 0 ? 0 : detectableMean(error, AIM));
}

/** Null where there are enough already. */
function more(units: number | null, n: number): number | null {
  return units !== null && units > n ? units : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
