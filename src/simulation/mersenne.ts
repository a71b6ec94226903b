// CPython's generator, the Mersenne Twister MT19937 (Matsumoto and Nishimura, 1998), seeded as `random.Random(seed)` is.
// For those who check against Python; what is drawn from its bits is the business of `expression/`.
import { textAndSha512Hex } from '../expression/sha512.ts';

/** A seed as Python knows it: an int of any size, or a str. */
export type PythonSeed = number | bigint | string;

const SIZE = 624;
const MIDDLE = 397;

/** The generator inside `random.Random(seed)`. A seed that is a number is a whole one. `int32` gives 32 bits, signed. */
export function createMersenneTwister(seed: PythonSeed): { int32(): number } {
  const state = stateOf(wordsOf(seed));
  let at = SIZE;
  return {
    int32() {
      if (at === SIZE) {
        regenerate(state);
        at = 0;
      }
      let y = state[at++]!;
      y ^= y >>> 11;
      y ^= (y << 7) & 0x9d2c5680;
      y ^= (y << 15) & 0xefc60000;
      return y ^ (y >>> 18);
    },
  };
}

/** The seed a text stands for: an int if that is how Python writes it, so that `String` gives the text back. */
export function readPythonSeed(text: string): PythonSeed {
  return /^(?:0|-?[1-9]\d{0,999})$/.test(text) ? BigInt(text) : text;
}

// The absolute value as 32-bit words, the lowest first; at least one.
function wordsOf(seed: PythonSeed): Uint32Array {
  const number = typeof seed === 'string' ? BigInt(`0x${textAndSha512Hex(seed)}`) : BigInt(seed);
  const digits = (number < 0n ? -number : number).toString(16);
  const words = new Uint32Array(Math.ceil(digits.length / 8));
  for (let i = 0; i < words.length; i++) {
    const end = digits.length - 8 * i;
    words[i] = Number.parseInt(digits.slice(Math.max(0, end - 8), end), 16);
  }
  return words;
}

// The authors' initialisation by an array of words.
function stateOf(words: Uint32Array): Int32Array {
  const state = new Int32Array(SIZE);
  const mixed = (i: number): number => state[i - 1]! ^ (state[i - 1]! >>> 30);
  state[0] = 19650218;
  for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, mixed(i)) + i;
  let i = 1;
  const next = (): void => {
    if (++i < SIZE) return;
    state[0] = state[SIZE - 1]!;
    i = 1;
  };
  for (let k = 0, j = 0; k < Math.max(SIZE, words.length); k++) {
    state[i] = (state[i]! ^ Math.imul(mixed(i), 1664525)) + words[j]! + j;
    next();
    if (++j === words.length) j = 0;
  }
  for (let k = 1; k < SIZE; k++) {
    state[i] = (state[i]! ^ Math.imul(mixed(i), 1566083941)) - i;
    next();
  }
  state[0] = 0x80000000 | 0;
  return state;
}

// All words of the state at once; each needs the next one and the one `MIDDLE` further on.
function regenerate(state: Int32Array): void {
  const renew = (i: number, following: number, further: number): void => {
    const word = (state[i]! & 0x80000000) | (state[following]! & 0x7fffffff);
    state[i] = state[further]! ^ (word >>> 1) ^ (word & 1 ? 0x9908b0df : 0);
  };
  let i = 0;
  for (; i < SIZE - MIDDLE; i++) renew(i, i + 1, i + MIDDLE);
  for (; i < SIZE - 1; i++) renew(i, i + 1, i + MIDDLE - SIZE);
  renew(SIZE - 1, 0, MIDDLE - 1);
}
