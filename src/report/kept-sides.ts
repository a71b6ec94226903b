// Reads back what the gates of a kept result rest on. Data that anybody who may write to the state branch may have written:
// one number that is none, and nothing was kept.
import type { BaseResult } from '../analysis/against.ts';

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
  return read === undefined || !isNumber(dropped) || dropped < 0 ? undefined : { estimated: read, dropped };
}

function readEstimated(raw: unknown): Side['estimated'] | undefined {
  const { kind, value, n, size, error, degrees, min, max } = fieldsOf(raw);
  if (!isNumber(value) || !isNumber(n) || n < 1) return undefined;
  if (kind === 'share') {
    if (!isNumber(size) || size <= 0 || size > n || value < 0 || value > 1) return undefined;
    return { kind, value, n, size };
  }
  if (kind !== 'mean' || !isNumber(error) || error < 0 || !isNumber(degrees) || degrees <= 0)
    return undefined;
  if (!isNumber(min) || !isNumber(max) || min > value || value > max) return undefined;
  return { kind, value, n, error, degrees, min, max };
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function fieldsOf(value: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
