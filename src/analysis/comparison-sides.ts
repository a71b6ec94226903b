// One side of a comparison by itself: its count or its mean, and how sure it is, with repeated items taken into account.
import type { Sample } from './compare-means.ts';
import type { Count } from './compare-shares.ts';
import { effectiveSample } from './comparison-intervals.ts';
import type { Bounds } from './estimate.ts';
import { clusterName, type Dependence, SHOWN_CONFIDENCE, shareInterval, tInterval } from './intervals.ts';
import { NumberTally, ShareTally } from './tally.ts';
import type { Coupled, Values } from './unit-values.ts';

/** One side of a share: its count, and the effective one where items repeat. */
export interface ShareSide {
  readonly x: number;
  readonly n: number;
  readonly effective: Count;
  /** What its units are clustered by, as `clusterName` says it; null: they are independent. */
  readonly by: string | null;
  readonly missing: number;
  readonly interval: Bounds;
}

/** One side of a mean: its effective sample, and the least and the most that was seen. */
export interface MeanSide {
  readonly n: number;
  readonly sample: Sample | null;
  readonly mean: number;
  /** As of a share. */
  readonly by: string | null;
  readonly interval: Bounds | null;
  readonly missing: number;
  readonly min: number;
  readonly max: number;
}

/** Which item each unit of a side is of; null: no item repeats. */
export type Items = readonly number[] | null;

/** One side of a share. */
export function shareSide(values: Values, items: Items, coupled?: Coupled): ShareSide {
  const tally = new ShareTally(items !== null && (coupled ?? true));
  values.forEach((value, at) => {
    if (value !== null) tally.add(items?.[at] ?? 0, value === 1);
  });
  const { x, n } = tally;
  const dependence: Dependence = n === 0 ? { size: 0, items: null } : tally.dependence();
  const { size } = dependence;
  const interval = shareInterval(x, n, dependence, SHOWN_CONFIDENCE);
  const effective = { x: n === 0 ? 0 : (x / n) * size, n: size };
  return {
    x,
    n,
    effective,
    by: nameOf(dependence),
    missing: values.length - n,
    interval: { low: interval.low, high: interval.high },
  };
}

/** One side of a mean. */
export function meanSide(values: Values, items: Items, coupled?: Coupled): MeanSide {
  const tally = new NumberTally(items !== null && (coupled ?? true), false);
  values.forEach((value, at) => {
    if (value !== null) tally.add(items?.[at] ?? 0, value);
  });
  const { n, mean, min, max } = tally;
  const spread = tally.meanError();
  const sample = spread === null ? null : effectiveSample(mean, spread.error, spread.degrees);
  const interval = spread === null ? null : tInterval(mean, spread.error, spread.degrees, SHOWN_CONFIDENCE);
  const by = tally.items() === null ? null : clusterName(tally.dependence().clusters);
  return { n, sample, mean, by, interval, missing: values.length - n, min, max };
}

function nameOf({ items, clusters }: Dependence): string | null {
  return items === null ? null : clusterName(clusters);
}
