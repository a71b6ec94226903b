// Local work that ends as the lines of an outcome blob, so that whoever recorded it before only has to write them. What
// else must be known of a unit comes beside its line, and only where there is something.
import type { LoopRecord } from '../analysis/record.ts';
import {
  type CheckerOf,
  compileLocalSteps,
  type LocalFailure,
  type LocalOutcome,
  type LocalUnit,
  type LocalWork,
} from '../simulation/local-chunk.ts';
import { formatOutcome } from './outcome-line.ts';

/** A unit by its number in the run beside its id. */
export interface NumberedUnit extends LocalUnit {
  readonly unit: number;
}

/** Consecutive expression steps, in an attempt. */
export interface OutcomeWork extends LocalWork {
  readonly attempt: number;
}

/** Units to be brought through the steps. */
export interface OutcomeChunk extends OutcomeWork {
  readonly units: readonly NumberedUnit[];
}

/** A unit's outcome line with its line end; with more, where a loop ran into its limit or a step failed. */
export type UnitLine =
  | string
  | {
      readonly line: string;
      /** Columns of steps whose loop reached `max_iterations`. */
      readonly capped: readonly number[];
      /** Which of the steps failed, counted from 0, and why. */
      readonly stopped: { readonly column: number; readonly failure: LocalFailure } | null;
    };

/** Compiles consecutive steps into one function from a unit to its line. Throws ExpressionSyntaxError. */
export function compileUnitLines(work: OutcomeWork, checkerOf: CheckerOf): (unit: NumberedUnit) => UnitLine {
  const run = compileLocalSteps(work, checkerOf);
  return (unit) => lineOf(work, unit, run(unit));
}

/** The line of a unit that came out this way. */
export function lineOf({ steps, attempt }: OutcomeWork, unit: NumberedUnit, outcome: LocalOutcome): UnitLine {
  const done = outcome.kind === 'done' ? outcome.steps : outcome.done;
  const loops = done.map((one, column): LoopRecord | null =>
    steps[column]!.loopUntil === null ? null : { iterations: one.iterations, capped: one.timedOut },
  );
  const failure = outcome.kind === 'failed' ? outcome.failure : null;
  const warnings = done.flatMap((one) => one.warnings);
  const head = { unit: unit.unit, id: unit.id, attempt, failure, warnings, loops };
  const columns = done.map((one) => one.fields);
  const line = `${formatOutcome(head, columns)}\n`;
  const capped = done.flatMap((one, column) => (one.timedOut ? [column] : []));
  if (failure === null && capped.length === 0) return line;
  return { line, capped, stopped: failure === null ? null : { column: done.length, failure } };
}
