// Random sources for tests: small, seeded, and independent of the product's own streams.
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

/** CPython's Mersenne Twister for a non-negative seed below 2^32: what `random.Random(seed)` draws from. */
export function mersenneSource(seed: number): RandomSource {
  const state = new Int32Array(624);
  state[0] = 19650218;
  const mixed = (i: number): number => state[i - 1]! ^ (state[i - 1]! >>> 30);
  for (let i = 1; i < 624; i++) state[i] = Math.imul(1812433253, mixed(i)) + i;
  let i = 1;
  for (let k = 0; k < 624; k++) {
    state[i] = (state[i]! ^ Math.imul(mixed(i), 1664525)) + seed;
    if (++i === 624) {
      state[0] = state[623]!;
      i = 1;
    }
  }
  for (let k = 0; k < 623; k++) {
    state[i] = (state[i]! ^ Math.imul(mixed(i), 1566083941)) - i;
    if (++i === 624) {
      state[0] = state[623]!;
      i = 1;
    }
  }
  state[0] = 0x80000000 | 0;
  let at = 0;
  const uint32 = (): number => {
    const next = state[(at + 1) % 624]!;
    const word = (state[at]! & 0x80000000) | (next & 0x7fffffff);
    let y = state[(at + 397) % 624]! ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
    state[at] = y;
    at = (at + 1) % 624;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
  return { uint32, double: () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992 };
}
