// Two runs of which only the estimates are known, as of runs too large to keep what each unit came to. How sure each side
// is of itself is read back from its interval, so that repeated items keep their weight.
import type { Change } from './comparison-change.ts';
import { effectiveSample } from './comparison-intervals.ts';
import { comparedLabels, orderedLabels } from './comparison-quantities.ts';
import { meanSamples, shareSamples } from './comparison-samples.ts';
import type { MeanSide, ShareSide } from './comparison-sides.ts';
import type { Interval, MetricEstimate, OutcomeEstimate, ShareEstimate, Slice } from './estimate.ts';
import { SHOWN_CONFIDENCE, shareInterval, wilson } from './intervals.ts';
import { studentQuantile } from './special.ts';

/** The changes of the outcomes and metrics that both slices have. */
export function sliceChanges(base: Slice, head: Slice): readonly Change[] {
  const shares = head.outcomes.flatMap((outcome) => {
    const other = base.outcomes.find(({ field }) => field === outcome.field);
    if (other === undefined) return [];
    const known = labelsOf(other, outcome).flatMap((label) => {
      const before = shareSide(other, label, base.dropped);
      const after = shareSide(outcome, label, head.dropped);
      return before === null || after === null ? [] : [{ label, before, after }];
    });
    return comparedLabels(known).flatMap(({ label, before, after }) => {
      const about = { kind: 'share', name: outcome.field, label, isGate: false } as const;
      return shareSamples({ ...about, pairing: 'estimates' }, before, after) ?? [];
    });
  });
  const means = head.metrics.flatMap((metric) => {
    const before = base.metrics.find(({ field }) => field === metric.field);
    if (before === undefined) return [];
    const about = { kind: 'mean', name: metric.field, label: null, isGate: false } as const;
    const sides = [meanSide(before, base.dropped), meanSide(metric, head.dropped)] as const;
    return meanSamples({ ...about, pairing: 'estimates' }, ...sides) ?? [];
  });
  return [...shares, ...means];
}

/** What came up on either side. */
function labelsOf(base: OutcomeEstimate, head: OutcomeEstimate): readonly string[] {
  const counts = new Map<string, number>();
  for (const { value, x } of [...base.values, ...head.values])
    counts.set(value, (counts.get(value) ?? 0) + x);
  return orderedLabels(counts);
}

/** A value that never came up is none of all, as sure as the least sure of them; null: it may be one of those not told apart. */
function shareSide(outcome: OutcomeEstimate, label: string, dropped: number): ShareSide | null {
  const { n, other, values } = outcome;
  const missing = outcome.missing + dropped;
  const seen = values.find(({ value }) => value === label);
  if (seen !== undefined) {
    const { x, share, interval } = seen;
    const size = sizeOf(seen);
    return { x, n, effective: { x: share * size, n: size }, by: clusteredBy(interval), interval, missing };
  }
  if (other > 0 || n === 0) return null;
  const size = Math.min(n, ...values.map(sizeOf));
  const interval = shareInterval(0, n, { size, items: null }, SHOWN_CONFIDENCE);
  const by = values.map((one) => clusteredBy(one.interval)).find((one) => one !== null) ?? null;
  return { x: 0, n, effective: { x: 0, n: size }, by, interval, missing };
}

/** The effective number of units behind an estimate. */
function sizeOf({ n, share, interval }: ShareEstimate): number {
  return clusteredBy(interval) === null ? n : Math.min(n, sizeBehind(share, interval));
}

function meanSide(
  { n, mean, error, interval, min, max, missing }: MetricEstimate,
  dropped: number,
): MeanSide {
  const by = interval === null ? null : clusteredBy(interval);
  const degrees = interval !== null && by !== null ? degreesBehind(interval, error ?? 0) : n - 1;
  const sample = error === null || degrees < 1 ? null : effectiveSample(mean, error, degrees);
  return { n, sample, mean, by, interval, missing: missing + dropped, min, max };
}

/** What an interval says that its units are clustered by; null: nothing. */
function clusteredBy({ method }: Interval): string | null {
  return /clustered by (.+?)(?: \(\d+ \w+\))?$/.exec(method)?.[1] ?? null;
}

/** The effective number of units whose interval is this wide: Wilson's, or at the ends of the scale the exact one. */
function sizeBehind(share: number, { low, high, confidence }: Interval): number {
  const tail = (1 - confidence) / 2;
  if (share === 0) return Math.log(tail) / Math.log1p(-high);
  if (share === 1) return Math.log(tail) / Math.log(low);
  return bisect(0.01, 1e9, (size) => {
    const ends = wilson(share, size, confidence);
    return ends.high - ends.low <= high - low;
  });
}

/** The degrees of freedom of a t interval of this width around a mean with this standard error. */
function degreesBehind({ low, high, confidence }: Interval, error: number): number {
  if (error === 0) return 1;
  const quantile = (high - low) / 2 / error;
  return bisect(1, 1e9, (degrees) => studentQuantile((1 + confidence) / 2, degrees) <= quantile);
}

/** The smallest number between the two, on a scale of their logarithms, from which on the test holds. */
function bisect(low: number, high: number, holds: (value: number) => boolean): number {
  let [below, above] = [Math.log(low), Math.log(high)];
  for (let i = 0; i < 60; i++) {
    const middle = (below + above) / 2;
    if (holds(Math.exp(middle))) above = middle;
    else below = middle;
  }
  return Math.exp(above);
}
