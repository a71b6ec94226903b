// SHA-256 of text (FIPS 180-4), synchronous and without a `node:` module, so that the core can name things by their
// content. Streams and requests of every unit are named by it, nearly always out of one or two blocks: a library's general
// way, with an object and views for each text, cost three times as much.

// The first 32 bits of the fractions of the cube roots of the first 64 primes, and of the square roots of the first 8.
const PRIMES = firstPrimes(64);
const K = Int32Array.from(PRIMES, (prime) => fractionBits(Math.cbrt(prime)));
const START = Int32Array.from(PRIMES.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const BLOCK = 64;
// Shared by all calls: nothing here is asynchronous.
const schedule = new Int32Array(64);
const state = new Int32Array(8);
const small = new Uint8Array(1024);
const tail = new Uint8Array(2 * BLOCK);
const encoder = new TextEncoder();

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hex digits. Lone surrogates hash as U+FFFD. */
export function sha256Hex(text: string): string {
  const bytes = isPlain(text) ? small : encoder.encode(text);
  const length = bytes === small ? text.length : bytes.length;
  state.set(START);
  let at = 0;
  for (; at + BLOCK <= length; at += BLOCK) mix(bytes, at);
  // What is left, a one bit, zeros, and the length in bits as the last eight bytes.
  const rest = length - at;
  const size = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
  tail.fill(0, rest, size);
  for (let i = 0; i < rest; i++) tail[i] = bytes[at + i]!;
  tail[rest] = 0x80;
  writeWord(size - 8, Math.floor(length / 2 ** 29));
  writeWord(size - 4, (length << 3) | 0);
  for (let from = 0; from < size; from += BLOCK) mix(tail, from);
  let hex = '';
  for (let i = 0; i < 8; i++) {
    const word = state[i]!;
    hex += HEX[word >>> 24]! + HEX[(word >>> 16) & 255]! + HEX[(word >>> 8) & 255]! + HEX[word & 255]!;
  }
  return hex;
}

/** Puts a short ASCII text into `small`; false: it is none. */
function isPlain(text: string): boolean {
  const { length } = text;
  if (length > small.length) return false;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return false;
    small[i] = code;
  }
  return true;
}

function writeWord(at: number, word: number): void {
  tail[at] = word >>> 24;
  tail[at + 1] = word >>> 16;
  tail[at + 2] = word >>> 8;
  tail[at + 3] = word;
}

/** Works one block of 64 bytes into the state. */
function mix(bytes: Uint8Array, from: number): void {
  const w = schedule;
  for (let i = 0, at = from; i < 16; i++, at += 4) {
    w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
  state[4] = state[4]! + e;
  state[5] = state[5]! + f;
  state[6] = state[6]! + g;
  state[7] = state[7]! + h;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}

function fractionBits(root: number): number {
  return Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
}
