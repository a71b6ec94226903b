import { describe, expect, test } from 'vitest';
import type { RandomSource } from '../../src/expression/random.ts';
import { type GeneratorName, openStream } from '../../src/simulation/stream.ts';
import {
  crossStepCheck,
  dispersionCheck,
  lagOneCheck,
  meanChecks,
  type StreamFactory,
  xorCheck,
} from './stream-checks.ts';

// Everything is seeded, so a check either always holds or never. 4.5 standard errors is 1 in 150,000 by chance.
const LIMIT = 4.5;

function named(generator: GeneratorName): StreamFactory {
  return (seed, unit, step) => openStream([String(seed), `pier__rep${unit}`, step], generator);
}

// What the forerunner did: every iteration reseeds with seed + unit + iteration, and the step is not in the seed. The
// generator itself is as good as ours; only the way to it is broken.
function sequentialReseeding(): StreamFactory {
  const firstWords = new Map<number, number>();
  const firstWord = (seed: number): number => {
    const known = firstWords.get(seed);
    if (known !== undefined) return known;
    const word = openStream([String(seed)]).uint32();
    firstWords.set(seed, word);
    return word;
  };
  return (seed, unit) => {
    let iteration = 0;
    const uint32 = () => firstWord(seed + unit + iteration++);
    return { uint32, double: () => uint32() / 2 ** 32 } satisfies RandomSource;
  };
}

// A generator without hashing: keys one apart give words a fixed XOR apart (xorshift is linear in its state).
function linearInTheSeed(): StreamFactory {
  return (seed, unit) => {
    let x = (seed + unit + 1) | 0;
    const uint32 = () => {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      return x >>> 0;
    };
    return { uint32, double: () => uint32() / 2 ** 32 };
  };
}

describe.each(['tychei', 'arc4'] as const)('named streams of %s', (generator) => {
  const open = named(generator);

  test('10,000 walks end in the water half the time after 25 steps on average', () => {
    const { water, steps } = meanChecks(open, 42, 10_000);
    expect(Math.abs(water)).toBeLessThan(LIMIT);
    expect(Math.abs(steps)).toBeLessThan(LIMIT);
  });

  test('batches under 200 base seeds spread as independent ones do, no more and no less', () => {
    expect(Math.abs(dispersionCheck(open, 200, 100))).toBeLessThan(LIMIT);
  });

  test('adjacent units are not correlated', () => {
    expect(Math.abs(lagOneCheck(open, 42, 10_000))).toBeLessThan(LIMIT);
  });

  test('two steps of one unit are not correlated', () => {
    expect(Math.abs(crossStepCheck(open, 42, 10_000))).toBeLessThan(LIMIT);
  });

  test('early words of adjacent units have no XOR relation', () => {
    const { bit, repeats } = xorCheck(open, 42, 5_000);
    expect(bit).toBeLessThan(LIMIT);
    expect(repeats).toBeLessThanOrEqual(1);
  });
});

describe('the checks can fail', () => {
  const broken = sequentialReseeding();

  test('reseeding in sequence makes batches differ far more than chance', () => {
    expect(dispersionCheck(broken, 200, 100)).toBeGreaterThan(10 * LIMIT);
  });

  test('reseeding in sequence makes adjacent units agree', () => {
    expect(lagOneCheck(broken, 42, 10_000)).toBeGreaterThan(10 * LIMIT);
  });

  test('reseeding in sequence gives two steps the same draws', () => {
    expect(crossStepCheck(broken, 42, 10_000)).toBeGreaterThan(10 * LIMIT);
  });

  test('reseeding in sequence repeats the words of the unit before', () => {
    const { bit, repeats } = xorCheck(broken, 42, 5_000);
    expect(bit).toBeGreaterThan(10 * LIMIT);
    expect(repeats).toBeGreaterThan(4_900);
  });

  test('a generator that is linear in its seed shows in the XOR of adjacent units', () => {
    const { bit, repeats } = xorCheck(linearInTheSeed(), 42, 5_000);
    expect(bit).toBeGreaterThan(10 * LIMIT);
    expect(repeats).toBeGreaterThan(4_000);
  });

  test('draws that alternate between units spread less than chance, which fails on the other side', () => {
    const alternating: StreamFactory = (seed, unit, step) => {
      const stream = openStream([String(seed), String(unit >> 1), step]);
      return unit % 2 === 0
        ? stream
        : { uint32: () => ~stream.uint32() >>> 0, double: () => 1 - stream.double() };
    };
    expect(dispersionCheck(alternating, 200, 100)).toBeLessThan(-2 * LIMIT);
  });
});
