// What becomes of a unit that failed at a step: tried again from which step, or failed for good. Pure. Nothing goes back
// over a fan-out: a child's siblings have gone on with what their parent was given.
import type { LlmStep, Step } from '../pipeline/pipeline.ts';
import type { Failure, FailureKind } from '../validation/failure.ts';
import { UNANSWERED_RULE } from './recorded-answer.ts';
import { UNRECORDED_RULE } from './recording.ts';

/** `retry`: a new attempt begins at step `step` (index). */
export type Fate = { readonly kind: 'final' } | { readonly kind: 'retry'; readonly step: number };

/** Failures whose issues the model should be told; a broken network is none of its business. */
const TELLABLE: ReadonlySet<FailureKind> = new Set(['malformed', 'invalid', 'truncated']);

/**
 * Decides what follows the failure of attempt `attempt` (1 is the first) at step `index`. `giver`: the last step that had
 * a part in what failed, where that is known: none after it is repeated for it.
 */
export function fateOf(
  steps: readonly Step[],
  index: number,
  attempt: number,
  failure: Failure,
  giver = index - 1,
): Fate {
  const step = steps[index];
  if (step === undefined) return { kind: 'final' };
  const target = retryTarget(steps, index, step, failure, giver);
  if (target === null) return { kind: 'final' };
  // The step that is repeated sets the limit: it is the one that costs.
  const limit = Math.min(
    step.kind === 'llm' ? step.retry.maxAttempts : Infinity,
    steps[target]!.retry.maxAttempts,
  );
  return attempt < limit ? { kind: 'retry', step: target } : { kind: 'final' };
}

/**
 * Where a unit that failed for good begins again when a person wants it to; null: whatever is repeated would end the
 * same way. A person may know that a refusal or a broken key is over; a judge's no still stands. `giver` as of `fateOf`.
 */
export function againFrom(
  steps: readonly Step[],
  index: number,
  failure: Failure,
  giver = index - 1,
): number | null {
  const step = steps[index];
  if (step === undefined) return null;
  if (failure.kind === 'canceled' || hasRule(failure, UNRECORDED_RULE)) return index;
  if (failure.kind === 'template') return nearestGenerator(steps, index);
  const wasAsked = step.kind === 'llm' && failure.kind !== 'invalid';
  return wasAsked ? index : retryTarget(steps, index, step, failure, giver);
}

/** Whether a failure's issues go into the prompt of the next attempt. */
export function isTellable(failure: Failure): boolean {
  return TELLABLE.has(failure.kind);
}

function retryTarget(
  steps: readonly Step[],
  index: number,
  step: Step,
  failure: Failure,
  giver: number,
): number | null {
  if (failure.kind === 'refused' || failure.kind === 'rejected' || failure.kind === 'template') return null;
  // Made twice already, a third call might be the third that is paid for nothing; and a recording gets no longer.
  if (failure.kind === 'transport' && hasRule(failure, UNANSWERED_RULE)) return null;
  if (hasRule(failure, UNRECORDED_RULE)) return null;
  if (step.kind === 'llm') {
    if (!isJudgement(step, failure)) return index;
    // A judge's "no" is its answer: asking it again until it says yes would be cheating.
    return named(steps, index, step) ?? (step.judge ? nearestGenerator(steps, index) : index);
  }
  return named(steps, index, step) ?? nearestGenerator(steps, index, giver);
}

function hasRule(failure: Failure, name: string): boolean {
  return failure.issues.some(({ rule }) => rule === name);
}

/** True when the answer was well formed and only the step's own rules say no. */
function isJudgement(step: LlmStep, failure: Failure): boolean {
  const rules = new Set(step.checks.rules.map((rule) => rule.name));
  return failure.kind === 'invalid' && failure.issues.every((issue) => rules.has(issue.rule));
}

function named(steps: readonly Step[], index: number, step: Step): number | null {
  const target = steps.findIndex((one) => one.name === step.retry.from);
  return target < firstInReach(steps, index) ? null : target;
}

/** The first step that a unit which failed at `index` may go back to: that after the last fan-out before it. */
function firstInReach(steps: readonly Step[], index: number): number {
  return steps.slice(0, index).findLastIndex(({ kind }) => kind === 'fan_out') + 1;
}

function nearestGenerator(steps: readonly Step[], index: number, last = index - 1): number | null {
  for (let i = last; i >= firstInReach(steps, index); i--) {
    const step = steps[i]!;
    if (step.kind === 'llm' && !step.judge) return i;
  }
  return null;
}
