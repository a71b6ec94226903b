// What a single expression or template draws from when it is tried out, outside every pipeline.
import type { RandomSource } from '../expression/random.ts';
import type { Rng } from '../pipeline/pipeline.ts';
import type { PythonSeed } from '../simulation/mersenne.ts';
import { openPythonStream, openStream } from '../simulation/stream.ts';

/** A seed and a generator. With `python` the draws are those of `random.Random(seed)`. */
export interface Draws {
  readonly seed: PythonSeed;
  readonly rng: Rng;
}

/** The stream of these draws; `purpose` keeps the streams of expressions and templates apart. */
export function openDraws({ seed, rng }: Draws, purpose: 'eval' | 'render'): RandomSource {
  return rng === 'python' ? openPythonStream(() => seed) : openStream([String(seed), purpose], rng);
}
