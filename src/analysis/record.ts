// What became of one unit, as the analysis and the result files read it. It holds no attempt history and no prompts.
import type { Fields } from '../expression/values.ts';
import type { Failure } from '../validation/failure.ts';

/** What a step's loop did for one unit: its iterations, and whether `max_iterations` ended it. */
export interface LoopRecord {
  readonly iterations: number;
  readonly capped: boolean;
}

/** A unit that passed every step. `item` is the unit's id without its repetition; `capped`: a loop hit its limit. */
export interface ValidUnit {
  readonly kind: 'valid';
  readonly unit: string;
  readonly item: string;
  /** The most attempts any step took; 1 means that everything was valid at once. */
  readonly attempts: number;
  readonly capped: boolean;
  /** By name, the steps that loop. */
  readonly loops: ReadonlyMap<string, LoopRecord>;
  readonly fields: Fields;
}

/** A unit that failed for good. `fields` is what it had when it entered the step that failed. */
export interface FailedUnit {
  readonly kind: 'failed';
  readonly unit: string;
  readonly item: string;
  readonly attempts: number;
  readonly fields: Fields;
  readonly failure: Failure;
}

/** One finished unit. Units still in flight have no record yet. */
export type UnitRecord = ValidUnit | FailedUnit;
