// Categories held against each other: the make-up of two samples, or of the same units twice. Counts only; it says
// that they differ, and leaves how to the shares.
import { type Draw, resample, type TestResult } from './resampling.ts';
import { logGamma } from './special.ts';
import { chiSquareTail } from './tails.ts';

/** A chi-square statistic with its degrees of freedom, which are 0 when there is nothing to compare; p is then 1. */
export interface CategoryChange extends TestResult {
  readonly statistic: number;
  readonly degrees: number;
}

const NOTHING: CategoryChange = { statistic: 0, degrees: 0, p: 1, method: 'exact', resamples: 0 };

/** Most tables that are counted one by one. */
const MOST_TABLES = 500_000;
/** Two probabilities closer than this are the same table seen twice, with rounding between. */
const TIE = 1 + 1e-7;

/**
 * Whether two samples have the same categories: counts in the same order, equally many. Pearson's chi-square without
 * Yates' correction; p from its distribution, or, where it is sparse (Cochran 1954: an expected count below 1, or a
 * fifth of them below 5), by the exact test of Freeman and Halton 1951, counted up to 500,000 tables and else by
 * seeded relabelling. A category nobody is in is left out.
 */
export function compareCategories(
  base: readonly number[],
  head: readonly number[],
  draw: Draw,
): CategoryChange {
  const columns = base.map((b, i) => ({ b, h: head[i] ?? 0 })).filter(({ b, h }) => b + h > 0);
  const m = columns.reduce((sum, { b }) => sum + b, 0);
  const n = columns.reduce((sum, { h }) => sum + h, 0);
  if (m === 0 || n === 0 || columns.length < 2) return NOTHING;
  let statistic = 0;
  let small = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const { b, h } of columns) {
    for (const [seen, size] of [
      [b, m],
      [h, n],
    ] as const) {
      const expected = ((b + h) * size) / (m + n);
      statistic += (seen - expected) ** 2 / expected;
      if (expected < 5) small++;
      least = Math.min(least, expected);
    }
  }
  const degrees = columns.length - 1;
  const sparse = least < 1 || small > 0.2 * 2 * columns.length;
  if (!sparse) {
    return { statistic, degrees, p: chiSquareTail(statistic, degrees), method: 'asymptotic', resamples: 0 };
  }
  return { statistic, degrees, ...freemanHalton(columns, m, draw) };
}

interface Column {
  readonly b: number;
  readonly h: number;
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}

/** p: the chance of a table with these margins that is no more likely than the one seen. `m` units are the base's. */
function freemanHalton(columns: readonly Column[], m: number, draw: Draw): TestResult {
  const totals = columns.map(({ b, h }) => b + h).sort((x, y) => y - x);
  const all = totals.reduce((sum, total) => sum + total, 0);
  const scale = logChoose(all, m);
  const seen = columns.reduce((sum, { b, h }) => sum + logChoose(b + h, b), -scale);
  const limit = seen + Math.log(TIE);
  // The largest column takes what the others leave.
  const tables = totals.slice(1).reduce((product, total) => product * (Math.min(total, m) + 1), 1);
  if (tables <= MOST_TABLES) {
    return { p: Math.min(1, countTables(totals, m, -scale, limit)), method: 'exact', resamples: 0 };
  }
  return resample(all, () => relabelled(totals, all, m, draw) - scale <= limit);
}

function countTables(totals: readonly number[], m: number, start: number, limit: number): number {
  const ways = totals.map((total) => Array.from({ length: total + 1 }, (_, k) => logChoose(total, k)));
  const largest = ways[0] as readonly number[];
  const walk = (column: number, left: number, log: number): number => {
    const chances = ways[column];
    if (chances === undefined) {
      const last = largest[left];
      if (last === undefined || log + last > limit) return 0;
      return Math.exp(log + last);
    }
    let sum = 0;
    for (let k = 0; k < chances.length && k <= left; k++)
      sum += walk(column + 1, left - k, log + (chances[k] as number));
    return sum;
  };
  return walk(1, m, start);
}

/** The log weight of a table dealt unit by unit, each to the base with the chance that its places left give. */
function relabelled(totals: readonly number[], all: number, m: number, draw: Draw): number {
  let log = 0;
  let left = all;
  let ofBase = m;
  for (const total of totals) {
    let taken = 0;
    for (let unit = 0; unit < total; unit++, left--) {
      if (draw() * left < ofBase) {
        ofBase--;
        taken++;
      }
    }
    log += logChoose(total, taken);
  }
  return log;
}

/**
 * Whether the same units have the same categories twice: `table[i][j]` units were i in the base and j in the head
 * (Stuart 1955; Maxwell 1970). Units that stayed say nothing, nor do categories nobody moved in or out of. Where
 * the moves fall into parts that no unit crosses, the covariance is singular; each part is then tested by itself and
 * the statistics and degrees are added, which is its generalised inverse. p from the chi-square distribution, which
 * is rough below about 10 units that moved per category. With two categories it is McNemar's without correction.
 */
export function stuartMaxwell(table: readonly (readonly number[])[]): CategoryChange {
  const moves = (i: number, j: number) => table[i]?.[j] ?? 0;
  let statistic = 0;
  let degrees = 0;
  for (const part of partsOf(table.length, (i, j) => moves(i, j) + moves(j, i) > 0)) {
    // One category of a part is told by the others. Its covariance is the matrix of moves between them.
    const rows = part.slice(1);
    const away = rows.map((i) => part.reduce((sum, j) => sum + moves(i, j) - moves(j, i), 0));
    const covariance = rows.map((i) =>
      rows.map((j) =>
        i === j
          ? part.reduce((sum, k) => (k === i ? sum : sum + moves(i, k) + moves(k, i)), 0)
          : -(moves(i, j) + moves(j, i)),
      ),
    );
    statistic += quadraticForm(covariance, away);
    degrees += rows.length;
  }
  if (degrees === 0) return NOTHING;
  return { statistic, degrees, p: chiSquareTail(statistic, degrees), method: 'asymptotic', resamples: 0 };
}

/** The connected parts of 0 to size - 1; those of one member are no part. */
function partsOf(size: number, linked: (i: number, j: number) => boolean): number[][] {
  const parts: number[][] = [];
  const seen = new Set<number>();
  for (let start = 0; start < size; start++) {
    if (seen.has(start)) continue;
    seen.add(start);
    const part = [start];
    for (const i of part) {
      for (let j = 0; j < size; j++) {
        if (j === i || seen.has(j) || !linked(i, j)) continue;
        seen.add(j);
        part.push(j);
      }
    }
    if (part.length > 1) parts.push(part);
  }
  return parts;
}

/** d' S^-1 d for a positive definite S, by elimination, which needs no pivoting there. Takes both apart. */
function quadraticForm(matrix: number[][], vector: number[]): number {
  let form = 0;
  for (let k = 0; k < vector.length; k++) {
    const row = matrix[k] as number[];
    const pivot = row[k] as number;
    const head = vector[k] as number;
    form += (head * head) / pivot;
    for (let i = k + 1; i < vector.length; i++) {
      const other = matrix[i] as number[];
      const factor = (other[k] as number) / pivot;
      for (let j = k; j < vector.length; j++) other[j] = (other[j] as number) - factor * (row[j] as number);
      vector[i] = (vector[i] as number) - factor * head;
    }
  }
  return form;
}
