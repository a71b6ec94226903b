// What holds between the steps of a pipeline: unique names, retries that point backwards, judges that have somebody to judge.
import type { CompiledTemplate } from '../template/template.ts';
import type { AnswerSchema } from './answer-schema.ts';
import type { ChecksInput } from './checks.ts';
import type { Cursor } from './cursor.ts';
import type { WrittenFanOut } from './fan-out.ts';
import type { Place } from './mistakes.ts';
import type { Checks, Retry, Step } from './pipeline.ts';
import type { ExpressionInput, Reading } from './reading.ts';
import { suggestion } from './suggest.ts';

/** A step as read, with what is needed to check it against the others. */
export interface ReadStep {
  readonly step: Step;
  readonly namePlace: Place;
  /** Where `retry_from` stands, when it does. */
  readonly retryPlace: Place | null;
  /** Where `judge: true` stands, when it does. */
  readonly judgePlace: Place | null;
  /** Where a coupling of draws stands, when there is one. */
  readonly couplingPlace: Place | null;
  /** Names the step's templates read. */
  readonly reads: ReadonlySet<string>;
  /** Fields the answer is known to have. */
  readonly produces: ReadonlySet<string>;
  readonly written: WrittenStep;
}

/** A step's parts as they stand in the file, for the checks of what they name. */
export interface WrittenStep {
  readonly init: Cursor<Record<string, ExpressionInput>>;
  readonly expressions: Cursor<Record<string, ExpressionInput>>;
  readonly loopUntil: Cursor<ExpressionInput>;
  readonly streamBy: Cursor<ExpressionInput>;
  readonly checks: Cursor<ChecksInput>;
  readonly prepare: Cursor<Record<string, ExpressionInput>>;
  /** How messages call the prepared values. */
  readonly prepareLabel: string;
  readonly simulate: Cursor<Record<string, ExpressionInput>>;
  readonly prompts: readonly { readonly label: string; readonly template: CompiledTemplate }[];
  /** The schema of the answer, or null when there is none. */
  readonly schema: AnswerSchema | null;
  /** Null: no fan-out. */
  readonly fanOut: WrittenFanOut | null;
}

/** Attempts of a unit at one step unless the pipeline says otherwise. */
export const DEFAULT_ATTEMPTS = 3;
/** Output tokens of an answer unless the pipeline says otherwise. */
export const DEFAULT_MAX_TOKENS = 4096;
/** Iterations of a loop unless the pipeline says otherwise. */
export const DEFAULT_MAX_ITERATIONS = 1000;

/** How a step is retried when the pipeline does not say. */
export function defaultRetry(maxAttempts: number = DEFAULT_ATTEMPTS): Retry {
  return { maxAttempts, feedback: true, from: null };
}

/** Fields an answer has according to its schema and checks. */
export function producedFields(schemaFields: readonly string[], checks: Checks): ReadonlySet<string> {
  return new Set([...schemaFields, ...checks.required, ...Object.keys(checks.types)]);
}

/** Checks the steps against each other. */
export function checkSteps(steps: readonly ReadStep[], reading: Reading): void {
  const seen = new Set<string>();
  let askedBefore: string[] = [];
  // Of those, the ones that a unit is past as soon as it is one of several children.
  let askedOfParents: string[] = [];
  let split: string | null = null;
  for (const { step, namePlace, retryPlace, judgePlace, couplingPlace } of steps) {
    if (seen.has(step.name))
      reading.mistakes.add(namePlace, `two steps are named '${step.name}'`, 'rename one');
    seen.add(step.name);
    const from = step.retry.from;
    if (from !== null && retryPlace !== null && askedOfParents.includes(from)) {
      const what = `retry_from of '${step.name}' names '${from}', which comes before the fan-out '${split}': one child cannot send its whole family back`;
      reading.mistakes.add(retryPlace, what, `name a step after '${split}', or check before it`);
    } else if (from !== null && retryPlace !== null && !askedBefore.includes(from)) {
      const what = `retry_from of '${step.name}' names '${from}', which is no earlier step that a model answers`;
      reading.mistakes.add(retryPlace, what, suggestion(from, askedBefore, 'earlier steps with a prompt'));
    }
    if (judgePlace !== null && askedBefore.length + askedOfParents.length === 0) {
      const what = `'${step.name}' is a judge, but no model answers before it`;
      reading.mistakes.add(judgePlace, what, "remove 'judge', or put the step after the one it judges");
    }
    if (couplingPlace !== null && split !== null) {
      const what = `the draws of '${step.name}' cannot be coupled: it comes after the fan-out '${split}', and children draw each on their own`;
      reading.mistakes.add(couplingPlace, what, `put the step before '${split}', or draw without coupling`);
    }
    if (step.kind === 'llm') askedBefore.push(step.name);
    if (step.kind === 'fan_out') {
      askedOfParents = [...askedOfParents, ...askedBefore];
      askedBefore = [];
      split = step.name;
    }
  }
}

/**
 * The Octobatch form has no word for a judge: a step is one when it can reject by a rule of level error while its
 * template shows the model what an earlier model answered. Asking a judge again until it passes would be a way to cheat.
 */
export function judgesEarlier(step: ReadStep, earlier: readonly ReadStep[]): boolean {
  if (step.step.kind === 'fan_out' || !step.step.checks.rules.some((rule) => rule.level === 'error'))
    return false;
  return earlier.some(
    (one) => one.step.kind === 'llm' && [...one.produces].some((field) => step.reads.has(field)),
  );
}
