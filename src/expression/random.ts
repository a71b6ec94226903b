// The port to a unit's random numbers, and the draws of whole numbers built on it. It owns no generator: streams come
// from outside. On a Mersenne Twister source every draw equals CPython's `random.Random`, which uses the same steps.

/** Where random bits come from. `double` has 53 random bits and lies in [0, 1). */
export interface RandomSource {
  /** 32 random bits, as 0 to 2^32 - 1. */
  uint32(): number;
  /** A multiple of 2^-53 in [0, 1). */
  double(): number;
  /** This source's own way to a whole number in [0, limit), for a limit of 1 to 2^53; absent: CPython's. */
  below?(limit: number): number;
  /** The source whose every draw this one mirrors, when there is one: normal draws lie on the other side of the mean. */
  readonly mirrors?: RandomSource;
}

/** A whole number in [0, limit), unbiased: as many bits as `limit` has, drawn again until below it. */
export function drawBelow(source: RandomSource, limit: number): number {
  if (limit <= 0) return 0;
  if (source.below !== undefined) return source.below(limit);
  if (limit < 2 ** 32) {
    const unused = Math.clz32(limit);
    let draw = source.uint32() >>> unused;
    while (draw >= limit) draw = source.uint32() >>> unused;
    return draw;
  }
  let draw = Number(drawBits(source, bitsOf(limit)));
  while (draw >= limit) draw = Number(drawBits(source, bitsOf(limit)));
  return draw;
}

function bitsOf(limit: number): number {
  return 64 - Math.clz32(Math.floor(limit / 2 ** 32));
}

/** `bits` random bits; the first draw gives the lowest 32. */
export function drawBits(source: RandomSource, bits: number): bigint {
  let result = 0n;
  for (let done = 0; done < bits; done += 32) {
    const wanted = Math.min(32, bits - done);
    result |= BigInt(source.uint32() >>> (32 - wanted)) << BigInt(done);
  }
  return result;
}

/** As `drawBelow` for limits beyond 2^53. */
export function drawBelowBig(source: RandomSource, limit: bigint): bigint {
  if (source.mirrors !== undefined) return limit - 1n - drawBelowBig(source.mirrors, limit);
  const bits = limit.toString(2).length;
  let draw = drawBits(source, bits);
  while (draw >= limit) draw = drawBits(source, bits);
  return draw;
}

/** Puts the items in a random order in place: from the last down, each swapped with one at or below it. */
export function shuffleItems<T>(source: RandomSource, items: T[]): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = drawBelow(source, i + 1);
    const item = items[i]!;
    items[i] = items[j]!;
    items[j] = item;
  }
}

/** `count` of the items without replacement, in the order drawn. `count` is at most the number of items. */
export function sampleItems<T>(source: RandomSource, items: readonly T[], count: number): T[] {
  const result: T[] = [];
  // Small samples of large populations remember what was taken; others draw from a shrinking pool.
  let poolSize = 21;
  if (count > 5) {
    let power = 1;
    while (power < count * 3) power *= 4;
    poolSize += power;
  }
  if (items.length <= poolSize) {
    const pool = items.slice();
    for (let i = 0; i < count; i++) {
      const j = drawBelow(source, items.length - i);
      result.push(pool[j]!);
      pool[j] = pool[items.length - i - 1]!;
    }
    return result;
  }
  const taken = new Set<number>();
  for (let i = 0; i < count; i++) {
    let j = drawBelow(source, items.length);
    while (taken.has(j)) j = drawBelow(source, items.length);
    taken.add(j);
    result.push(items[j]!);
  }
  return result;
}
