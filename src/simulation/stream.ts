// Named streams of random numbers. A stream is its name and nothing else: no clock, no entropy, no sharing, and no raw
// text ever reaches the generators, whose own key handling confuses keys such as '1' and '11'.

import tychei from 'seedrandom/lib/tychei.js';
import arc4 from 'seedrandom/seedrandom.js';
import type { RandomSource } from '../expression/random.ts';
import { sha256Hex } from '../expression/sha256.ts';
import { createMersenneTwister, type PythonSeed } from './mersenne.ts';

/** Version of the way from a name to its draws. A new one means new draws for every run. */
export const STREAM_VERSION = 1;

/** The generators a stream may use; the others of seedrandom fail statistical tests across keys. */
export type GeneratorName = 'tychei' | 'arc4';

interface Generator {
  int32(): number;
}

/**
 * The stream of that name, e.g. `[seed, unit id, step]`. The same parts always give the same draws; parts are
 * length-prefixed, so that `['ab', 'c']` and `['a', 'bc']` are different names. Keying waits for the first draw.
 */
export function openStream(parts: readonly string[], generator: GeneratorName = 'tychei'): RandomSource {
  return new LateStream(() => {
    const key = streamKey(parts);
    // `global: false` keeps seedrandom from ever replacing Math.random.
    return generator === 'tychei' ? tychei(key) : arc4(key, { global: false });
  });
}

/** The bits `random.Random(seed)` draws from. The seed is not asked for before the first draw. */
export function openPythonStream(seed: () => PythonSeed): RandomSource {
  return new LateStream(() => createMersenneTwister(seed()));
}

/** SHA-256 over the version and the length-prefixed parts: the key of a stream, as 64 hex digits. */
export function streamKey(parts: readonly string[]): string {
  let name = `octobatch-stream/${STREAM_VERSION}`;
  for (const part of parts) name += `/${part.length}:${part}`;
  return sha256Hex(name);
}

// Most steps of most pipelines draw nothing, and keying costs more than they do: hence the late opening.
class LateStream implements RandomSource {
  private generator: Generator | null = null;
  private readonly create: () => Generator;

  constructor(create: () => Generator) {
    this.create = create;
  }

  uint32(): number {
    return (this.generator ?? this.open()).int32() >>> 0;
  }

  // 27 and 26 bits of two words, as CPython makes its doubles: the generators' own ways differ.
  double(): number {
    const generator = this.generator ?? this.open();
    const high = generator.int32() >>> 5;
    const low = generator.int32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  private open(): Generator {
    this.generator = this.create();
    return this.generator;
  }
}
