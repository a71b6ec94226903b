// One quantity of two runs whose units are not the same: two samples, held against each other. What the units are is known;
// that they are other ones than the base's is all that is lost.
import { compareCategories } from './compare-categories.ts';
import { kolmogorovSmirnov } from './compare-distributions.ts';
import { compareRanks } from './compare-ranks.ts';
import { type Count, fisherExact } from './compare-shares.ts';
import type { Change, ChangeTest } from './comparison-change.ts';
import { meanChange, methodOf, shareChangeInterval } from './comparison-intervals.ts';
import type { ComparedUnits, Outcome, Quantity } from './comparison-quantities.ts';
import { type Items, type MeanSide, meanSide, type ShareSide, shareSide } from './comparison-sides.ts';
import { AIM, regionToClear, resampledTest, streamOf } from './comparison-tests.ts';
import { meansToSettle } from './decision.ts';
import type { Bounds } from './estimate.ts';
import { SHOWN_CONFIDENCE } from './intervals.ts';
import { detectableMean, detectableUnpaired } from './power.ts';
import { FEWEST_RESAMPLES } from './resampling.ts';
import { unpairedToSettle } from './settle.ts';
import { chiSquareTail } from './tails.ts';
import { observedBounds, shareBounds } from './tally.ts';
import type { Coupled, Values } from './unit-values.ts';

/** Units up to which Fisher's test is counted. */
const MOST_COUNTED = 100_000;

/** The change between two samples; null when one has no value. */
export function sampleChange(
  quantity: Quantity,
  { base: then, head: here }: { readonly base: Bundles; readonly head: Bundles },
  steps: number,
): Change | null {
  if (quantity.kind === 'share') {
    const [base, head] = [sideOf(shareSide, quantity.base, then), sideOf(shareSide, quantity.head, here)];
    return shareSamples({ ...quantity, pairing: 'unpaired' }, base, head);
  }
  const [base, head] = [sideOf(meanSide, quantity.base, then), sideOf(meanSide, quantity.head, here)];
  const change = meanSamples({ ...quantity, pairing: 'unpaired' }, base, head);
  // Ranks and curves take units for independent draws.
  if (change === null || base.by !== null || head.by !== null) return change;
  return { ...change, tests: [...change.tests, ...curveTests(quantity, steps)] };
}

type Bundles = Pick<ComparedUnits, 'items' | 'coupled'>;

function sideOf<Side>(
  read: (values: Values, items: Items, coupled?: Coupled) => Side,
  values: Values,
  { items = null, coupled }: Bundles,
): Side {
  return read(values, items, coupled);
}

type About = Pick<Change, 'kind' | 'name' | 'label' | 'isGate' | 'pairing'>;

/** The change of a share between two samples; null when one is empty. */
export function shareSamples(about: About, base: ShareSide, head: ShareSide): Change | null {
  if (base.n === 0 || head.n === 0) return null;
  const evidence = { kind: 'samples', base: base.effective, head: head.effective } as const;
  const [before, after] = [base.x / base.n, head.x / head.n];
  const change = after - before;
  const interval = shareChangeInterval(evidence, SHOWN_CONFIDENCE);
  const isClustered = base.effective.n < base.n || head.effective.n < head.n;
  const by = base.by ?? head.by ?? 'item';
  const region = regionToClear(change);
  const seen = detectableUnpaired(before, evidence.base.n, evidence.head.n, AIM);
  const settle =
    region === null || isClustered ? null : unpairedToSettle(base, head, region, SHOWN_CONFIDENCE);
  return {
    ...sharedOf(about, base, head),
    base: before,
    head: after,
    change,
    interval,
    method: isClustered ? `Newcombe, clustered by ${by}` : methodOf('share', evidence),
    worst: apart(shareBounds(base.x, base.n, base.missing), shareBounds(head.x, head.n, head.missing), {
      base: before,
      head: after,
    }),
    tests: [isClustered ? scoreTest(evidence.base, evidence.head, by) : sharesTest(base, head)],
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
      : meanChange({ kind: 'samples', base: base.sample, head: head.sample }, SHOWN_CONFIDENCE);
  const change = head.mean - base.mean;
  const by = base.by ?? head.by;
  const isClustered = by !== null;
  const region = regionToClear(change);
  const settle =
    region === null || moved === null || moved.error === 0 || isClustered
      ? null
      : meansToSettle(change, head.n, moved.error, region, SHOWN_CONFIDENCE);
  const name = isClustered ? `Welch, clustered by ${by}` : 'Welch';
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
  base: ShareSide | MeanSide,
  head: ShareSide | MeanSide,
) {
  const about = { kind, name, label, isGate, pairing, confidence: SHOWN_CONFIDENCE } as const;
  const missing = base.missing + head.missing;
  return {
    ...about,
    baseInterval: boundsOf(base),
    headInterval: boundsOf(head),
    baseUnits: base.n,
    headUnits: head.n,
    pairs: 0,
    gained: 0,
    lost: 0,
    missing,
    adjusted: null,
  };
}

/** The ends alone, also of an interval that says how it was made. */
function boundsOf({ interval }: ShareSide | MeanSide): Bounds | null {
  return interval === null ? null : { low: interval.low, high: interval.high };
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
  if (base.n + head.n > MOST_COUNTED) return scoreTest(base, head, null);
  return { name: 'Fisher exact', p: fisherExact(base, head), draws: 0, effect: null };
}

/** Pearson's chi-square of two shares, which takes effective counts too. */
function scoreTest(base: Count, head: Count, by: string | null): ChangeTest {
  const pooled = (base.x + head.x) / (base.n + head.n);
  const variance = pooled * (1 - pooled) * (1 / base.n + 1 / head.n);
  const apart = head.x / head.n - base.x / base.n;
  const p = variance <= 0 ? 1 : chiSquareTail(apart ** 2 / variance, 1);
  return { name: by === null ? 'chi-square' : `chi-square, clustered by ${by}`, p, draws: 0, effect: null };
}

function curveTests(quantity: Quantity, steps: number): readonly ChangeTest[] {
  const base = quantity.base.filter((value) => value !== null);
  const head = quantity.head.filter((value) => value !== null);
  const tests: ChangeTest[] = [];
  const ranks = compareRanks(base, head, SHOWN_CONFIDENCE);
  if (ranks !== null) {
    const effect = { name: "Cliff's delta", value: ranks.delta, interval: ranks.interval };
    tests.push({ name: 'Mann-Whitney', p: ranks.p, draws: 0, effect });
  }
  // Fewer draws than that would tell nothing.
  if (steps < FEWEST_RESAMPLES * (base.length + head.length)) return tests;
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
