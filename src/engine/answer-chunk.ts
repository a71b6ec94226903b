// The answers of one step for a chunk of units, as text in and text out: extracted, coerced and validated. It knows
// neither requests nor retries, and sees only answers that are a text.
import { createEvaluation } from '../expression/evaluation.ts';
import { fieldsFromJson, fieldsToJson } from '../expression/json.ts';
import type { Checks, LlmStep, Pipeline } from '../pipeline/pipeline.ts';
import type { LocalUnit } from '../simulation/local-chunk.ts';
import { type DrawSettings, openUnitStream } from '../simulation/unit-stream.ts';
import type { Failure, Issue } from '../validation/failure.ts';
import { compileValidator } from '../validation/validator.ts';

/** What all answers of a step are held against. Plain data, so that it can be sent to another thread. */
export interface AnswerWork extends DrawSettings {
  readonly step: string;
  /** Unit ids end in the number of a repetition. */
  readonly repeats: boolean;
  /** JSON Schema as text, or null. */
  readonly schema: string | null;
  readonly checks: Checks;
}

/** A unit with the answer a model gave; `fields` are those of the steps before. */
export interface AnsweredUnit extends LocalUnit {
  readonly answer: string;
}

/** Answers to check: those of `units` at one step. */
export interface AnswerChunk extends AnswerWork {
  readonly units: readonly AnsweredUnit[];
}

/** What an answer adds to its unit (one JSON object as text), or why it is not accepted. */
export type AnswerOutcome =
  | { readonly kind: 'valid'; readonly fields: string; readonly warnings: readonly Issue[] }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What the answers of a step are held against. */
export function answerWork(pipeline: Pipeline, step: LlmStep): AnswerWork {
  const { seed, rng, repeat } = pipeline;
  const { name, schema, checks } = step;
  return { step: name, repeats: repeat > 1, seed, rng, schema, checks };
}

/** Compiles a step's checks into a function of an answered unit. Throws SchemaError and ExpressionSyntaxError. */
export function compileAnswers(work: AnswerWork): (unit: AnsweredUnit) => AnswerOutcome {
  const validator = compileValidator(work);
  return ({ id, fields, answer }) => {
    const random = openUnitStream(work, { id, repeats: work.repeats }, work.step, 'rules');
    const verdict = validator.check(answer, fieldsFromJson(fields), createEvaluation({ random }));
    if (verdict.kind === 'failed') return verdict;
    return { kind: 'valid', fields: fieldsToJson(verdict.values), warnings: verdict.warnings };
  };
}
