// One local step, compiled once and run for many units. What goes wrong inside an expression is the unit's failure and
// comes back as data; only a bug of this program throws.
import { ExpressionError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import { compileProgram } from '../expression/program.ts';
import type { Fields, Value } from '../expression/values.ts';
import type { ExpressionStep } from '../pipeline/pipeline.ts';
import { compileCoupling } from './coupled-stream.ts';
import type { DrawSettings } from './unit-stream.ts';

/** One thing wrong with a step of a unit; the shape of `Issue` in validation, which this layer may not import. */
export interface StepIssue {
  /** JSON pointer to the field, '' for the whole. */
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** What a step gave for one unit. `fields` are those it assigned; `timedOut`: the loop reached `max_iterations`. */
export type StepRun =
  | {
      readonly kind: 'done';
      readonly fields: Map<string, Value>;
      readonly iterations: number;
      readonly timedOut: boolean;
    }
  | { readonly kind: 'failed'; readonly issue: StepIssue };

export interface CompiledExpressionStep {
  /** Runs the step on a unit's fields, with fuel and a stream of its own. Lists and dicts in `fields` may be changed. */
  run(unit: { readonly id: string }, fields: Fields): StepRun;
}

/** Compiles a step of a run. Throws ExpressionSyntaxError. */
export function compileExpressionStep(step: ExpressionStep, settings: DrawSettings): CompiledExpressionStep {
  const program = compileProgram(step);
  const openStream = compileCoupling(step, settings);
  return {
    run(unit, fields) {
      const drawing = { id: unit.id, repeats: fields.has('_repetition_seed') };
      try {
        // One stream over init, every iteration and loop_until: restarting it anywhere would repeat its draws.
        const evaluation = createEvaluation({ random: openStream(drawing, fields) });
        const { assigned, iterations, timedOut } = program.run(fields, evaluation);
        return { kind: 'done', fields: assigned, iterations, timedOut };
      } catch (error) {
        if (error instanceof ExpressionError) return { kind: 'failed', issue: issueOf(error) };
        throw error;
      }
    },
  };
}

/** An evaluation error as an issue: pointer to the assignment, Python's class as the rule, one sentence. */
export function issueOf(error: ExpressionError): StepIssue {
  const { assignment, line, column } = error;
  const place = line === null || column === null ? '' : ` (at ${line}:${column} of the expression)`;
  return {
    path: assignment === null ? '' : `/${assignment.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    rule: error.type,
    message: `${assignment === null ? '' : `${assignment}: `}${error.toString()}${place}`,
  };
}
