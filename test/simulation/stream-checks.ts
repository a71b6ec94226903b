// Statistical checks of random streams, as functions over anything that opens one by (seed, unit, step). Each gives a
// z score: how many standard errors the observation lies from what independent streams would give.
import type { RandomSource } from '../../src/expression/random.ts';

/** Opens the stream of a numbered unit and step under a base seed. */
export type StreamFactory = (seed: number, unit: number, step: string) => RandomSource;

/** One drunken sailor: from 5, one step left or right until 0 (water) or 10 (ship). */
export function walk(stream: RandomSource): { water: boolean; steps: number } {
  let position = 5;
  let steps = 0;
  while (position > 0 && position < 10) {
    position += (stream.uint32() & 1) === 0 ? -1 : 1;
    steps++;
  }
  return { water: position <= 0, steps };
}

/** z of the share of walks that end in the water (truth 1/2) and of their mean length (truth 25, sd 20). */
export function meanChecks(
  open: StreamFactory,
  seed: number,
  units: number,
): { water: number; steps: number } {
  let water = 0;
  let steps = 0;
  for (let unit = 0; unit < units; unit++) {
    const outcome = walk(open(seed, unit, 'walk'));
    if (outcome.water) water++;
    steps += outcome.steps;
  }
  // Length of a symmetric walk from the middle of 0..2a: mean a^2, variance 2/3 a^2 (a^2 - 1).
  const sd = Math.sqrt((2 / 3) * 25 * 24);
  return {
    water: (water - units / 2) / Math.sqrt(units / 4),
    steps: (steps / units - 25) / (sd / Math.sqrt(units)),
  };
}

/** z of the chi-square of batch counts around one half: far above 0 when units of a batch agree, far below when they alternate. */
export function dispersionCheck(open: StreamFactory, batches: number, units: number): number {
  let chiSquare = 0;
  for (let batch = 0; batch < batches; batch++) {
    let water = 0;
    for (let unit = 0; unit < units; unit++) if (walk(open(batch * 7919, unit, 'walk')).water) water++;
    chiSquare += (water - units / 2) ** 2 / (units / 4);
  }
  return (chiSquare - batches) / Math.sqrt(2 * batches);
}

/** z of the correlation between the outcomes of adjacent units. */
export function lagOneCheck(open: StreamFactory, seed: number, units: number): number {
  const outcomes = Array.from({ length: units }, (_, unit) => Number(walk(open(seed, unit, 'walk')).water));
  return correlationScore(outcomes.slice(0, -1), outcomes.slice(1));
}

/** z of the correlation between the first draws of two steps of one unit. */
export function crossStepCheck(open: StreamFactory, seed: number, units: number): number {
  const first = Array.from({ length: units }, (_, unit) => open(seed, unit, 'walk').double());
  const second = Array.from({ length: units }, (_, unit) => open(seed, unit, 'analyze').double());
  return correlationScore(first, second);
}

/**
 * The worst relation between early words of adjacent units: |z| of any bit of `a[j] ^ b[k]`, and the number of pairs
 * whose XOR was seen before (none are expected: `units^2 / 2^33` is far below 1).
 */
export function xorCheck(open: StreamFactory, seed: number, units: number): { bit: number; repeats: number } {
  const words = 3;
  const early = Array.from({ length: units }, (_, unit) => {
    const stream = open(seed, unit, 'walk');
    return Array.from({ length: words }, () => stream.uint32());
  });
  let worstBit = 0;
  let worstRepeats = 0;
  for (let j = 0; j < words; j++) {
    for (let k = 0; k < words; k++) {
      const seen = new Set<number>();
      const ones = new Array<number>(32).fill(0);
      for (let unit = 0; unit + 1 < units; unit++) {
        const relation = (early[unit]![j]! ^ early[unit + 1]![k]!) >>> 0;
        seen.add(relation);
        for (let bit = 0; bit < 32; bit++) ones[bit]! += (relation >>> bit) & 1;
      }
      const pairs = units - 1;
      for (const count of ones) {
        worstBit = Math.max(worstBit, Math.abs(count - pairs / 2) / Math.sqrt(pairs / 4));
      }
      worstRepeats = Math.max(worstRepeats, pairs - seen.size);
    }
  }
  return { bit: worstBit, repeats: worstRepeats };
}

// Fisher's approximation for a correlation of zero: r * sqrt(n).
function correlationScore(x: readonly number[], y: readonly number[]): number {
  const n = x.length;
  const meanX = x.reduce((sum, v) => sum + v, 0) / n;
  const meanY = y.reduce((sum, v) => sum + v, 0) / n;
  let covariance = 0;
  let varianceX = 0;
  let varianceY = 0;
  for (let i = 0; i < n; i++) {
    covariance += (x[i]! - meanX) * (y[i]! - meanY);
    varianceX += (x[i]! - meanX) ** 2;
    varianceY += (y[i]! - meanY) ** 2;
  }
  return (covariance / Math.sqrt(varianceX * varianceY)) * Math.sqrt(n);
}
