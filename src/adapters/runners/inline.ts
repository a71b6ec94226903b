// Local steps in the calling thread: the simplest runner, and what a worker thread runs inside. It has no time or
// memory wall; fuel and the limits of the expression language are all that stops a unit here.
import type { ExpressionStep } from '../../pipeline/pipeline.ts';
import type { LocalOutcome, LocalRunner, LocalUnit } from '../../ports/runner.ts';
import {
  type CheckFields,
  compileLocalSteps,
  type LocalWork,
  runLocalChunk,
} from '../../simulation/local-chunk.ts';
import { compileValidator } from '../../validation/validator.ts';

/** A runner that computes each chunk at once, before `run` returns. */
export function createInlineRunner(): LocalRunner {
  return {
    async run(chunk) {
      return runLocalChunk(chunk, checkerOf);
    },
    async close() {},
  };
}

/** The steps of a chunk with their checks, as one function of a unit. Throws ExpressionSyntaxError. */
export function compileChunk(chunk: LocalWork): (unit: LocalUnit) => LocalOutcome {
  return compileLocalSteps(chunk, checkerOf);
}

function checkerOf(step: ExpressionStep): CheckFields | null {
  const { required, types, enums, ranges, rules } = step.checks;
  const tables = [types, enums, ranges].flatMap((table) => Object.keys(table));
  if (required.length + rules.length + tables.length === 0) return null;
  const validator = compileValidator({ step: step.name, schema: null, checks: step.checks });
  return (values, fields, evaluation) => {
    const checked = validator.checkFields(values, fields, evaluation);
    return checked.kind === 'valid'
      ? { errors: [], warnings: checked.warnings }
      : { errors: checked.failure.issues, warnings: [] };
  };
}
