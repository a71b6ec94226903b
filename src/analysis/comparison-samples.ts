// One quantity of two runs whose units are not the same: two samples, held against each other. What the units are is known;
// that they are other ones than the base's is all that is lost.
import { compareCategories } from './compare-categories.ts';
import { kolmogorovSmirnov } from './compare-distributions.ts';
import type { Sample } from './compare-means.ts';
import { compareRanks } from './compare-ranks.ts';
import { type Count, fisherExact } from './compare-shares.ts';
import type { Change, ChangeTest } from './comparison-change.ts';
import { effectiveSample, meanChange, methodOf, shareChangeInterval } from './comparison-intervals.ts';
import type { Outcome, Quantity, Values } from './comparison-quantities.ts';
import { AIM, CONFIDENCE, regionToClear, resampledTest, streamOf } from './comparison-tests.ts';
import { meansToSettle } from './decision.ts';
import type { Bounds } from './estimate.ts';
import { detectableMean, detectableUnpaired } from './power.ts';
import { unpairedToSettle } from './settle.ts';
import { chiSquareTail } from './tails.ts';
import { NumberTally, observedBounds, ShareTally, shareBounds } from './tally.ts';

/** Units up to which Fisher's test is counted. */
const MOST_COUNTED = 100_000;

/** One side of a share: its count, and the effective one where items repeat. */
export interface ShareSide {
  readonly x: number;
  readonly n: number;
  readonly effective: Count;
  readonly missing: number;
}

/** One side of a mean: its effective sample, and the least and the most that was seen. */
export interface MeanSide {
  readonly n: number;
  readonly sample: Sample | null;
  readonly mean: number;
  readonly isClustered: boolean;
  readonly missing: number;
  readonly min: number;
  readonly max: number;
}

/** Which item each unit of a side is of; null: no item repeats. */
export type Items = readonly number[] | null;

/** The change between two samples; null when one has no value. */
export function sampleChange(
  quantity: Quantity,
  items: { readonly base: Items; readonly head: Items },
  steps: number,
): Change | null {
  if (quantity.kind === 'share') {
    const [base, head] = [shareSide(quantity.base, items.base), shareSide(quantity.head, items.head)];
    return shareSamples({ ...quantity, pairing: 'unpaired' }, base, head);
  }
  const [base, head] = [meanSide(quantity.base, items.base), meanSide(quantity.head, items.head)];
  const change = meanSamples({ ...quantity, pairing: 'unpaired' }, base, head);
  // Ranks and curves take units for independent draws.
  if (change === null || base.isClustered || head.isClustered) return change;
  return { ...change, tests: [...change.tests, ...curveTests(quantity, steps)] };
}

function shareSide(values: Values, items: Items): ShareSide {
  const tally = new ShareTally(items !== null);
  values.forEach((value, at) => {
    if (value !== null) tally.add(items?.[at] ?? 0, value === 1);
  });
  const { x, n } = tally;
  const size = n === 0 ? 0 : tally.dependence().size;
  return { x, n, effective: { x: n === 0 ? 0 : (x / n) * size, n: size }, missing: values.length - n };
}

function meanSide(values: Values, items: Items): MeanSide {
  const tally = new NumberTally(items !== null, false);
  values.forEach((value, at) => {
    if (value !== null) tally.add(items?.[at] ?? 0, value);
  });
  const { n, mean, min, max } = tally;
  const spread = tally.meanError();
  const sample = spread === null ? null : effectiveSample(mean, spread.error, spread.degrees);
  return { n, sample, mean, isClustered: tally.items() !== null, missing: values.length - n, min, max };
}

type About = Pick<Change, 'kind' | 'name' | 'label' | 'isGate' | 'pairing'>;

/** The change of a share between two samples; null when one is empty. */
export function shareSamples(about: About, base: ShareSide, head: ShareSide): Change | null {
  if (base.n === 0 || head.n === 0) return null;
  const evidence = { kind: 'samples', base: base.effective, head: head.effective } as const;
  const [before, after] = [base.x / base.n, head.x / head.n];
  const change = after - before;
  const interval = shareChangeInterval(evidence, CONFIDENCE);
  const isClustered = base.effective.n < base.n || head.effective.n < head.n;
  const region = regionToClear(change);
  const seen = detectableUnpaired(before, evidence.base.n, evidence.head.n, AIM);
  const settle = region === null || isClustered ? null : unpairedToSettle(base, head, region, CONFIDENCE);
  return {
    ...sharedOf(about, base, head),
    base: before,
    head: after,
    change,
    interval,
    method: isClustered ? 'Newcombe, clustered by item' : methodOf('share', evidence),
    worst: apart(shareBounds(base.x, base.n, base.missing), shareBounds(head.x, head.n, head.missing), {
      base: before,
      head: after,
    }),
    tests: [isClustered ? scoreTest(evidence.base, evidence.head, true) : sharesTest(base, head)],
    detectable: change < 0 ? (seen.down ?? seen.up) : (seen.up ?? seen.down),
    toSettle: settle !== null && settle > head.n ? settle : null,
  };
}

/** The change of a mean between two samples; null when one is empty. */
export function meanSamples(about: About, base: MeanSide, head: MeanSide): Change | null {
  if (base.n === 0 || head.n === 0) return null;
  const moved =
    base.sample === null || head.sample === null
      ? null
      : meanChange({ kind: 'samples', base: base.sample, head: head.sample }, CONFIDENCE);
  const change = head.mean - base.mean;
  const isClustered = base.isClustered || head.isClustered;
  const region = regionToClear(change);
  const settle =
    region === null || moved === null || moved.error === 0 || isClustered
      ? null
      : meansToSettle(change, head.n, moved.error, region, CONFIDENCE);
  const name = isClustered ? 'Welch, clustered by item' : 'Welch';
  const isVaried = moved !== null && (moved.error > 0 || change === 0);
  const ends = { low: Math.min(base.min, head.min), high: Math.max(base.max, head.max) };
  const worst = (side: MeanSide): Bounds | null =>
    side.missing === 0
      ? null
      : observedBounds(
          { n: side.n, min: ends.low, max: ends.high },
          { low: side.mean, high: side.mean },
          side.missing,
        );
  return {
    ...sharedOf(about, base, head),
    base: base.mean,
    head: head.mean,
    change,
    interval: moved?.interval ?? null,
    method: name,
    worst: apart(worst(base), worst(head), { base: base.mean, head: head.mean }),
    // Samples without any spread make t infinite: ranks then say how sure it is.
    tests: isVaried ? [{ name, p: moved.p, draws: 0, effect: null }] : [],
    detectable: moved === null || moved.error === 0 ? null : detectableMean(moved.error, AIM),
    toSettle: settle !== null && settle > head.n ? settle : null,
  };
}

function sharedOf(
  { kind, name, label, isGate, pairing }: About,
  base: { readonly n: number; readonly missing: number },
  head: { readonly n: number; readonly missing: number },
) {
  const about = { kind, name, label, isGate, pairing, confidence: CONFIDENCE } as const;
  const missing = base.missing + head.missing;
  return {
    ...about,
    baseUnits: base.n,
    headUnits: head.n,
    pairs: 0,
    gained: 0,
    lost: 0,
    missing,
    adjusted: null,
  };
}

/** Worst cases of a change from those of its sides; null when neither has any. */
function apart(
  base: Bounds | null,
  head: Bounds | null,
  at: { readonly base: number; readonly head: number },
): Bounds | null {
  if (base === null && head === null) return null;
  const before = base ?? { low: at.base, high: at.base };
  const after = head ?? { low: at.head, high: at.head };
  return { low: after.low - before.high, high: after.high - before.low };
}

/** Fisher's test, or of more units than are counted the score test. */
function sharesTest(base: Count, head: Count): ChangeTest {
  if (base.n + head.n > MOST_COUNTED) return scoreTest(base, head, false);
  return { name: 'Fisher exact', p: fisherExact(base, head), draws: 0, effect: null };
}

/** Pearson's chi-square of two shares, which takes effective counts too. */
function scoreTest(base: Count, head: Count, isClustered: boolean): ChangeTest {
  const pooled = (base.x + head.x) / (base.n + head.n);
  const variance = pooled * (1 - pooled) * (1 / base.n + 1 / head.n);
  const apart = head.x / head.n - base.x / base.n;
  const p = variance <= 0 ? 1 : chiSquareTail(apart ** 2 / variance, 1);
  return { name: isClustered ? 'chi-square, clustered by item' : 'chi-square', p, draws: 0, effect: null };
}

function curveTests(quantity: Quantity, steps: number): readonly ChangeTest[] {
  const base = quantity.base.filter((value) => value !== null);
  const head = quantity.head.filter((value) => value !== null);
  const tests: ChangeTest[] = [];
  const ranks = compareRanks(base, head, CONFIDENCE);
  if (ranks !== null) {
    const effect = { name: "Cliff's delta", value: ranks.delta, interval: ranks.interval };
    tests.push({ name: 'Mann-Whitney', p: ranks.p, draws: 0, effect });
  }
  if (steps === 0) return tests;
  // The smaller sample first, so that turning base and head around draws the same.
  const [small, large] = base.length <= head.length ? [base, head] : [head, base];
  const gap = kolmogorovSmirnov(small, large, streamOf('curve', quantity), steps);
  if (gap !== null) {
    const effect = { name: 'largest gap', value: gap.statistic, interval: null };
    tests.push(resampledTest('Kolmogorov-Smirnov permutation', gap, effect));
  }
  return tests;
}

/** Whether two samples have the values of an outcome equally often. */
export function sampleCategories({ name, labels, base, head }: Outcome): ChangeTest {
  const count = ({ labels: own, values }: Outcome['base']) =>
    labels.map((label) => {
      const place = own.indexOf(label);
      return values.reduce<number>((sum, value) => sum + (value === place ? 1 : 0), 0);
    });
  const test = compareCategories(count(base), count(head), streamOf('categories', { name, label: null }));
  const isFormula = test.method === 'asymptotic';
  return resampledTest(isFormula ? 'chi-square' : 'Freeman-Halton exact', test);
}
