// Reads back what the gates of a kept result rest on. Data that anybody who may write to the state branch may have written:
// one number that is none, and nothing was kept.
import type { BaseResult } from '../analysis/against.ts';
import type { ShareSpread } from '../analysis/intervals.ts';
import { fieldsOf, isCount, isFiniteNumber } from '../expression/plain-json.ts';

type Sides = NonNullable<BaseResult['sides']>;
type Side = NonNullable<Sides[number]>;

/** Gates of one pipeline. */
const MOST = 500;

/** What each gate rests on; nothing for anything else. */
export function parseSides(value: unknown): Sides {
  if (!Array.isArray(value) || value.length > MOST) return [];
  const sides = value.map((one) => (one === null ? null : readSide(one)));
  return sides.some((side) => side === undefined) ? [] : (sides as Sides);
}

function readSide(value: unknown): Side | undefined {
  const { estimated, dropped } = fieldsOf(value);
  const read = readEstimated(estimated);
  return read === undefined || !isFiniteNumber(dropped) || dropped < 0
    ? undefined
    : { estimated: read, dropped };
}

function readEstimated(raw: unknown): Side['estimated'] | undefined {
  const { kind, value, n, size, spread, error, degrees, min, max } = fieldsOf(raw);
  if (!isFiniteNumber(value) || !isFiniteNumber(n) || n < 1) return undefined;
  if (kind === 'share') {
    const found = spread === undefined ? null : readSpread(spread, n);
    if (found === undefined || !isFiniteNumber(size) || size <= 0 || value < 0 || value > 1) return undefined;
    // Only units that were coupled to that end tell more than their number.
    if (size > n && found?.mayGain !== true) return undefined;
    return { kind, value, n, size, ...(found === null ? {} : { spread: found }) };
  }
  if (kind !== 'mean' || !isFiniteNumber(error) || error < 0 || !isFiniteNumber(degrees) || degrees <= 0)
    return undefined;
  if (!isFiniteNumber(min) || !isFiniteNumber(max) || min > value || value > max) return undefined;
  return { kind, value, n, error, degrees, min, max };
}

/** How far the clusters of `n` units differ. */
function readSpread(raw: unknown, n: number): ShareSpread | undefined {
  const { bare, units, clusters, mayGain } = fieldsOf(raw);
  if (!isFiniteNumber(bare) || bare <= 0 || units !== n || typeof mayGain !== 'boolean') return undefined;
  if (!isCount(clusters) || clusters < 2 || clusters >= n) return undefined;
  return { bare, units: n, clusters, mayGain };
}
