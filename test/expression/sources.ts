// A random source for tests: small, seeded, and independent of the product's own streams.
import type { RandomSource } from '../../src/expression/random.ts';

/** A stream by splitmix32. */
export function countingSource(seed: number): RandomSource {
  let state = Math.imul(seed + 1, 0x9e3779b9) | 0;
  const uint32 = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return { uint32, double: () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992 };
}
