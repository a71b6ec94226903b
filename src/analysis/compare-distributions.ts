// Two whole distributions held against each other: the largest gap between their curves, wherever it is. It says that
// they differ, never how.
import { type Draw, MOST_STEPS, resample, type TestResult } from './resampling.ts';

/** The two-sample Kolmogorov-Smirnov statistic, 0 to 1, with its p-value. */
export interface CurveGap extends TestResult {
  readonly statistic: number;
}

/**
 * The Kolmogorov-Smirnov gap of two samples with its p by seeded relabelling, which is right with ties too (the usual
 * formulas are not). Null when a sample is empty. Values are finite, in any order.
 */
export function kolmogorovSmirnov(
  base: ArrayLike<number>,
  head: ArrayLike<number>,
  draw: Draw,
  mostSteps: number = MOST_STEPS,
): CurveGap | null {
  const m = base.length;
  const n = head.length;
  if (m === 0 || n === 0) return null;
  const ends = tieEnds(base, head);
  const observed = gapOf(Float64Array.from(base).sort(), Float64Array.from(head).sort());
  const result = resample(m + n, () => relabelledGap(ends, m, n, draw) >= observed, mostSteps);
  return { statistic: observed / (m * n), ...result };
}

/** Where each run of equal values of both samples together ends (one past its last place). */
function tieEnds(base: ArrayLike<number>, head: ArrayLike<number>): Int32Array {
  const pooled = new Float64Array(base.length + head.length);
  pooled.set(base);
  pooled.set(head, base.length);
  pooled.sort();
  const ends: number[] = [];
  for (let i = 1; i <= pooled.length; i++) if (pooled[i] !== pooled[i - 1]) ends.push(i);
  return Int32Array.from(ends);
}

/** The gap times m n: whole, so that equal gaps are equal. */
function gapOf(base: Float64Array, head: Float64Array): number {
  const m = base.length;
  const n = head.length;
  let gap = 0;
  let i = 0;
  let j = 0;
  while (i < m && j < n) {
    const value = Math.min(base[i] as number, head[j] as number);
    while (i < m && base[i] === value) i++;
    while (j < n && head[j] === value) j++;
    gap = Math.max(gap, Math.abs(i * n - j * m));
  }
  return gap;
}

/** Walks the places in order and deals each to a sample, with the chance that its places left give. */
function relabelledGap(ends: Int32Array, m: number, n: number, draw: Draw): number {
  let gap = 0;
  let i = 0;
  let place = 0;
  for (let e = 0; e < ends.length; e++) {
    const end = ends[e] as number;
    for (; place < end; place++) if (draw() * (m + n - place) < m - i) i++;
    const away = i * n - (place - i) * m;
    if (away > gap) gap = away;
    else if (-away > gap) gap = -away;
  }
  return gap;
}
