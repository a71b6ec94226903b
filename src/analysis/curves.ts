// Curves of a run as short lists of points: how one quantity is spread over the units, and how its estimate settled while
// units came in. Every point kept is exact; where there are more than may be kept, the rest lie between them.
import type { Clustering } from './clusters.ts';
import type { Bounds } from './estimate.ts';
import { SHOWN_CONFIDENCE, shareInterval, tInterval } from './intervals.ts';
import { sortValues, type ValueRow } from './packed-values.ts';
import { NumberTally, ShareTally } from './tally.ts';
import type { Coupled } from './unit-values.ts';

/** Most points of one curve. */
export const CURVE_POINTS = 200;

/** A point of an empirical distribution function: the share of values at or below `value`, 0 to 1. */
export interface DistributionPoint {
  readonly value: number;
  readonly share: number;
}

/** A step function that rises at each point. `distinct` values there are; with more than the points, some were left out. */
export interface Distribution {
  readonly n: number;
  readonly distinct: number;
  readonly points: readonly DistributionPoint[];
}

/** The empirical distribution of the values that are there; null without any. */
export function distributionOf(values: ValueRow): Distribution | null {
  const sorted = sortValues(values);
  const n = sorted.length;
  const ends = new Int32Array(n);
  let distinct = 0;
  for (let at = 0; at < n; at++) if (at === n - 1 || sorted[at] !== sorted[at + 1]) ends[distinct++] = at;
  if (distinct === 0) return null;
  const points = spread(distinct, CURVE_POINTS).map((which) => {
    const at = ends[which]!;
    return { value: sorted[at]!, share: (at + 1) / n };
  });
  return { n, distinct, points };
}

/** What the first `units` units came to, valid or not. `interval` is at 95 %; null where there are too few for one. */
export interface RunningPoint {
  readonly units: number;
  readonly estimate: number;
  readonly interval: Bounds | null;
}

/** The values of one quantity in canonical order, a share's as 0 and 1, and the items they are of (see `UnitValues`). */
export interface RunningInput {
  readonly kind: 'share' | 'mean';
  readonly values: ValueRow;
  readonly items: ValueRow | null;
  readonly coupled?: Coupled | undefined;
}

/** The estimate after ever more units, the last point after all of them; empty when no unit has a value. */
export function runningEstimates({ kind, values, items, coupled }: RunningInput): readonly RunningPoint[] {
  const looks = new Set(spread(values.length, CURVE_POINTS));
  const clustering = items !== null && (coupled ?? true);
  const tally = kind === 'share' ? runningShare(clustering) : runningMean(clustering);
  const points: RunningPoint[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values.at(at) ?? null;
    if (value !== null) tally.add(items?.at(at) ?? 0, value);
    if (!looks.has(at)) continue;
    const now = tally.now();
    if (now !== null) points.push({ units: at + 1, ...now });
  }
  return points;
}

interface Running {
  add(item: number, value: number): void;
  now(): Omit<RunningPoint, 'units'> | null;
}

function runningShare(clustered: Clustering): Running {
  const tally = new ShareTally(clustered);
  return {
    add: (item, value) => tally.add(item, value === 1),
    now: () => {
      const { x, n } = tally;
      if (n === 0) return null;
      const { low, high } = shareInterval(x, n, tally.dependence(), SHOWN_CONFIDENCE);
      return { estimate: x / n, interval: { low, high } };
    },
  };
}

function runningMean(clustered: Clustering): Running {
  const tally = new NumberTally(clustered, false);
  return {
    add: (item, value) => tally.add(item, value),
    now: () => {
      if (tally.n === 0) return null;
      const spread = tally.meanError();
      const interval =
        spread === null ? null : tInterval(tally.mean, spread.error, spread.degrees, SHOWN_CONFIDENCE);
      return { estimate: tally.mean, interval };
    },
  };
}

/** At most `most` of so many places, evenly spread, with the first and the last. */
function spread(places: number, most: number): readonly number[] {
  const isAll = places <= most;
  return Array.from({ length: Math.min(places, most) }, (_, i) =>
    isAll ? i : Math.round((i * (places - 1)) / (most - 1)),
  );
}
