// Where local work is done: in this thread or in others. The results are the same wherever it is.
import type { AnswerChunk, AnswerOutcome } from '../engine/answer-chunk.ts';
import type { OutcomeLines, OutcomeUnit, OutcomeWork } from '../engine/outcome-chunk.ts';
import type { PromptChunk, PromptOutcome } from '../engine/prompt-chunk.ts';
import type { LocalChunk, LocalOutcome } from '../simulation/local-chunk.ts';

export type { AnswerChunk, AnsweredUnit, AnswerOutcome } from '../engine/answer-chunk.ts';
export type { NumberedUnit, OutcomeLines, OutcomeUnit, OutcomeWork } from '../engine/outcome-chunk.ts';
export type { PromptChunk, PromptOutcome } from '../engine/prompt-chunk.ts';
export type { LocalChunk, LocalOutcome, LocalStepResult, LocalUnit } from '../simulation/local-chunk.ts';

/**
 * Does local work chunk by chunk; outcomes are in the order of the units. A unit's trouble is its outcome; rejects only
 * when the work does not compile, or when the runner itself is broken or closed. Several chunks may be given at once.
 */
export interface LocalRunner {
  /** Chunks worth giving beside the one that is waited for; 0: work is done in the thread that gives it. */
  readonly ahead: number;
  /** Says that there will be work: what takes a while to start may start now. */
  prepare(): void;
  /** Runs units through consecutive expression steps. */
  compute(chunk: LocalChunk): Promise<LocalOutcome[]>;
  /** Like `compute`, to the lines of an outcome blob. The same object for the same work is written for others only once. */
  computeLines(work: OutcomeWork, units: readonly OutcomeUnit[]): Promise<OutcomeLines>;
  /** Renders the prompts of units. */
  render(chunk: PromptChunk): Promise<PromptOutcome[]>;
  /** Reads and validates the answers of units. */
  check(chunk: AnswerChunk): Promise<AnswerOutcome[]>;
  /** Ends the runner and whatever it still runs. */
  close(): Promise<void>;
}
