// Reads back what the gates of a kept result rest on. Data that anybody who may write to the state branch may have written:
// one number that is none, and nothing was kept.
import type { BaseResult } from '../analysis/against.ts';
import { fieldsOf, isFiniteNumber } from '../expression/plain-json.ts';

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
  const { kind, value, n, size, error, degrees, min, max } = fieldsOf(raw);
  if (!isFiniteNumber(value) || !isFiniteNumber(n) || n < 1) return undefined;
  if (kind === 'share') {
    if (!isFiniteNumber(size) || size <= 0 || size > n || value < 0 || value > 1) return undefined;
    return { kind, value, n, size };
  }
  if (kind !== 'mean' || !isFiniteNumber(error) || error < 0 || !isFiniteNumber(degrees) || degrees <= 0)
    return undefined;
  if (!isFiniteNumber(min) || !isFiniteNumber(max) || min > value || value > max) return undefined;
  return { kind, value, n, error, degrees, min, max };
}
