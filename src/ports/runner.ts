// Where local steps are computed: in this thread or in others. The results are the same wherever it is.
import type { LocalChunk, LocalOutcome } from '../simulation/local-chunk.ts';

export type { LocalChunk, LocalOutcome, LocalStepResult, LocalUnit } from '../simulation/local-chunk.ts';

export interface LocalRunner {
  /**
   * Runs a chunk; outcomes are in the order of its units. A unit's trouble is its outcome; rejects only when the
   * runner itself is broken or closed. Several chunks may be given at once.
   */
  run(chunk: LocalChunk): Promise<LocalOutcome[]>;
  /** Ends the runner and whatever it still runs. */
  close(): Promise<void>;
}
