// The shapes of what is estimated. Data only: every number a report shows comes from one of these.
import type { FigureSpec } from '../pipeline/pipeline.ts';

/** Two-sided interval; `confidence` is 0 to 1. `low` and `high` are in the unit of the quantity (shares: 0 to 1). */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly confidence: number;
  readonly method: string;
}

/** What the dropped units could do at worst: the quantity if all of them had gone one way, and the other. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** x of n. `worst` is null when nothing was dropped. */
export interface ShareEstimate {
  readonly value: string;
  readonly x: number;
  readonly n: number;
  readonly share: number;
  readonly interval: Interval;
  readonly worst: Bounds | null;
}

/** A field with few values. `missing`: valid units without a usable value; `other`: units whose value is past the cap. */
export interface OutcomeEstimate {
  readonly field: string;
  readonly n: number;
  readonly missing: number;
  readonly other: number;
  readonly values: readonly ShareEstimate[];
}

/**
 * A numeric field. `error` is the Monte-Carlo standard error of the mean, null below 2 units (or items, when clustered).
 * `worst` puts the dropped units at the smallest and the largest value seen; null when nothing was dropped.
 */
export interface MetricEstimate {
  readonly field: string;
  readonly n: number;
  readonly missing: number;
  readonly mean: number;
  readonly error: number | null;
  readonly interval: Interval | null;
  readonly deviation: number | null;
  readonly median: number;
  readonly medianInterval: Interval | null;
  readonly min: number;
  readonly max: number;
  readonly worst: Bounds | null;
}

/**
 * What the pipeline asks for beside outcomes and metrics. `value` and `interval` are null where the numbers do not carry
 * them; `note` says why, in a few words without untrusted text. `worst`: as of a metric; null when nothing was dropped, or
 * no bound is known.
 */
export interface FigureEstimate {
  readonly kind: FigureSpec['kind'];
  readonly name: string;
  readonly n: number;
  readonly missing: number;
  readonly value: number | null;
  readonly interval: Interval | null;
  readonly worst: Bounds | null;
  readonly note: string | null;
}

/** All units, or those of one group. `dropped`: failed units that belong here or may belong here. */
export interface Slice {
  readonly group: string | null;
  readonly units: number;
  readonly dropped: number;
  readonly outcomes: readonly OutcomeEstimate[];
  readonly metrics: readonly MetricEstimate[];
  readonly figures: readonly FigureEstimate[];
}
