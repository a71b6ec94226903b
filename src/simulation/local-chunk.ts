// Consecutive expression steps over a chunk of units: the whole work of a local worker, as text in and text out. It
// knows no threads and no rules; how fields are checked is handed in.
import { ExpressionError } from '../expression/errors.ts';
import { createEvaluation, type Evaluation } from '../expression/evaluation.ts';
import { fieldsFromJson, parseJson } from '../expression/json.ts';
import type { Fields, Value } from '../expression/values.ts';
import type { ExpressionStep } from '../pipeline/pipeline.ts';
import {
  type CompiledExpressionStep,
  compileExpressionStep,
  issueOf,
  type StepIssue,
} from './expression-step.ts';
import { MAX_STEP_TEXT, type Room, writeField } from './field-text.ts';
import type { DrawSettings } from './unit-stream.ts';

/** A unit as it enters its first step of the chunk; `fields` is one JSON object as text. */
export interface LocalUnit {
  readonly id: string;
  readonly fields: string;
}

/** Local work: every unit runs through the steps in order. Plain data, so that it can be sent to another thread. */
export interface LocalChunk extends LocalWork {
  readonly units: readonly LocalUnit[];
}

/** What is done to each unit of a chunk. */
export interface LocalWork extends DrawSettings {
  /** Consecutive steps of the pipeline. */
  readonly steps: readonly ExpressionStep[];
}

/** One step done for one unit. `fields`: JSON object text of what the step assigned. */
export interface LocalStepResult {
  readonly fields: string;
  readonly iterations: number;
  /** The loop reached `max_iterations`; not a failure. */
  readonly timedOut: boolean;
  /** Checks of level warning that did not hold. */
  readonly warnings: readonly StepIssue[];
}

/** Why a step failed for one unit; a `Failure` of validation. */
export interface LocalFailure {
  readonly kind: 'expression' | 'invalid';
  readonly step: string;
  readonly issues: readonly StepIssue[];
  readonly raw: null;
}

/** What became of one unit. `done`: the steps before the one that failed. */
export type LocalOutcome =
  | { readonly kind: 'done'; readonly steps: readonly LocalStepResult[] }
  | {
      readonly kind: 'failed';
      readonly step: string;
      readonly done: readonly LocalStepResult[];
      readonly failure: LocalFailure;
    };

/** The checks of a step over the fields it assigned; `fields` are those the unit had before. */
export type CheckFields = (
  values: Fields,
  fields: Fields,
  evaluation: Evaluation,
) => { readonly errors: readonly StepIssue[]; readonly warnings: readonly StepIssue[] };

/** Makes the checks of a step, or null when it has none. */
export type CheckerOf = (step: ExpressionStep) => CheckFields | null;

/** Compiles consecutive steps into one function from a unit to its outcome. Throws ExpressionSyntaxError. */
export function compileLocalSteps(work: LocalWork, checkerOf: CheckerOf): (unit: LocalUnit) => LocalOutcome {
  const stages = work.steps.map((step) => ({
    name: step.name,
    compiled: compileExpressionStep(step, work),
    check: checkerOf(step),
  }));
  return (unit) => {
    const fields = fieldsFromJson(unit.fields);
    const done: LocalStepResult[] = [];
    for (const [i, stage] of stages.entries()) {
      const isLast = i === stages.length - 1;
      const outcome = runStage(stage, unit, fields, isLast);
      if (outcome.kind === 'failed') {
        return { kind: 'failed', step: stage.name, done, failure: failureOf(stage.name, outcome) };
      }
      done.push(outcome.result);
    }
    return { kind: 'done', steps: done };
  };
}

interface Stage {
  readonly name: string;
  readonly compiled: CompiledExpressionStep;
  readonly check: CheckFields | null;
}

type StageOutcome =
  | { readonly kind: 'done'; readonly result: LocalStepResult }
  | { readonly kind: 'failed'; readonly cause: LocalFailure['kind']; readonly issues: readonly StepIssue[] };

// Whatever reads a step's fields reads them as they are kept: a tuple has become a list. So steps give the same results
// in one chunk as in separate ones; expressions never change a field they were given, but give a changed one anew.
function runStage(stage: Stage, unit: LocalUnit, fields: Map<string, Value>, isLast: boolean): StageOutcome {
  const { compiled, check } = stage;
  const isReadAgain = !isLast || check !== null;
  const run = compiled.run(unit, fields);
  if (run.kind === 'failed') return { kind: 'failed', cause: 'expression', issues: [run.issue] };

  const room: Room = { left: MAX_STEP_TEXT };
  const kept = new Map<string, Value>();
  let text = '';
  for (const [name, value] of run.fields) {
    const written = tryWrite(name, value, room);
    if (typeof written !== 'string') return { kind: 'failed', cause: 'expression', issues: [written] };
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${written}`;
    if (isReadAgain) kept.set(name, isContainer(value) ? parseJson(written) : value);
  }

  let warnings: readonly StepIssue[] = [];
  if (check !== null) {
    const checked = check(kept, fields, createEvaluation({ random: null }));
    if (checked.errors.length > 0) return { kind: 'failed', cause: 'invalid', issues: checked.errors };
    warnings = checked.warnings;
  }
  for (const [name, value] of kept) fields.set(name, value);
  const { iterations, timedOut } = run;
  return { kind: 'done', result: { fields: `{${text}}`, iterations, timedOut, warnings } };
}

function tryWrite(name: string, value: Value, room: Room): string | StepIssue {
  try {
    return writeField(value, room);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    error.assignment ??= name;
    return issueOf(error);
  }
}

function failureOf(step: string, outcome: StageOutcome & { kind: 'failed' }): LocalFailure {
  return { kind: outcome.cause, step, issues: outcome.issues, raw: null };
}

function isContainer(value: Value): boolean {
  return value !== null && typeof value === 'object';
}
