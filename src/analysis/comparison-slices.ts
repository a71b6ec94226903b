// Two runs of which only the estimates are known, as of runs too large to keep what each unit came to. How sure each side
// is of itself is read back from its interval, so that repeated items keep their weight.
import type { Change } from './comparison-change.ts';
import { effectiveSample } from './comparison-intervals.ts';
import { meanSamples, shareSamples } from './comparison-samples.ts';
import type { MeanSide, ShareSide } from './comparison-sides.ts';
import type { Interval, MetricEstimate, ShareEstimate, Slice } from './estimate.ts';
import { wilson } from './intervals.ts';
import { studentQuantile } from './special.ts';

/** The changes of the outcomes and metrics that both slices have. */
export function sliceChanges(base: Slice, head: Slice): readonly Change[] {
  const shares = head.outcomes.flatMap((outcome) => {
    const other = base.outcomes.find(({ field }) => field === outcome.field);
    if (other === undefined) return [];
    // Of two values the first one says it all.
    const values = outcome.values.length === 2 ? outcome.values.slice(0, 1) : outcome.values.slice(0, 6);
    return values.flatMap((share) => {
      const before = other.values.find(({ value }) => value === share.value);
      if (before === undefined) return [];
      const about = { kind: 'share', name: outcome.field, label: share.value, isGate: false } as const;
      const sides = [
        shareSide(before, base.dropped + other.missing),
        shareSide(share, head.dropped + outcome.missing),
      ] as const;
      return shareSamples({ ...about, pairing: 'estimates' }, ...sides) ?? [];
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

function shareSide({ x, n, share, interval }: ShareEstimate, missing: number): ShareSide {
  const size = isIndependent(interval) ? n : Math.min(n, sizeBehind(share, interval));
  return { x, n, effective: { x: share * size, n: size }, interval, missing };
}

function meanSide(
  { n, mean, error, interval, min, max, missing }: MetricEstimate,
  dropped: number,
): MeanSide {
  const isClustered = interval !== null && !isIndependent(interval);
  const degrees = isClustered ? degreesBehind(interval, error ?? 0) : n - 1;
  const sample = error === null || degrees < 1 ? null : effectiveSample(mean, error, degrees);
  return { n, sample, mean, isClustered, interval, missing: missing + dropped, min, max };
}

function isIndependent({ method }: Interval): boolean {
  return !method.includes('clustered by');
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
