// Where every planned unit is, per step, and what the steps used. Counts only; nothing here knows a unit's content.
import type { Mode, TokenPrice } from '../pipeline/pipeline.ts';
import type { FailureKind } from '../validation/failure.ts';

/** Token counts as providers report them. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** One step's books, in units as they are there. At every moment `entered = valid + failed + inFlight`. */
export interface StepAccount {
  readonly step: string;
  readonly kind: 'expression' | 'llm' | 'fan_out';
  readonly entered: number;
  readonly valid: number;
  readonly failed: number;
  readonly inFlight: number;
  /** The final failures by kind; they add up to `failed`. */
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** Units that needed more than one attempt here. */
  readonly retried: number;
  /** Units whose first attempt here was valid. */
  readonly firstAttemptValid: number;
  /** Requests that were sent to the provider, all attempts; 0 for a local step. */
  readonly requests: number;
  /** Tokens of all attempts. */
  readonly usage: Tokens;
  /** Tokens of the attempts after the first; null when not kept apart. */
  readonly retryUsage: Tokens | null;
  readonly model: string | null;
  readonly provider: string | null;
  readonly mode: Mode | null;
  /** False: the answers were invented or replayed, or none was asked for. */
  readonly paid: boolean;
  /** The price as fixed when the run was created; null: not known, or nothing is paid. */
  readonly price: TokenPrice | null;
  /** Picodollars paid for first attempts and for the others; null: a price is not known. */
  readonly firstCost: bigint | null;
  readonly retryCost: bigint | null;
  /** The most that requests may have cost whose answers never arrived (picodollars), and how many they are. */
  readonly uncertain: bigint;
  readonly uncertainRequests: number;
  /** Units whose loop ended at `max_iterations` here. */
  readonly capped: number;
  /** Of a fan-out: the units that its valid ones have become; they enter the next step. Absent of any other. */
  readonly children?: number;
}

/**
 * The run's books. At every moment `planned = valid + failed + inFlight`. Where a step fans out they count units as they
 * are by now: one that is not there yet, or failed before, counts once, any other as its children, none for an empty list.
 */
export interface Accounting {
  readonly planned: number;
  /** The units that were planned, before any fan-out; absent: as many as `planned`, for there is none. */
  readonly sources?: number;
  readonly valid: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly steps: readonly StepAccount[];
}

/** The first broken identity as a sentence, or null when the books balance. */
export function checkAccounting(accounting: Accounting): string | null {
  const { planned, sources = planned, valid, failed, inFlight, steps } = accounting;
  if (planned !== valid + failed + inFlight) {
    return `planned ${planned} is not valid ${valid} + failed ${failed} + in flight ${inFlight}`;
  }
  let available = sources;
  let failedInSteps = 0;
  let more = 0;
  for (const step of steps) {
    if (step.entered !== step.valid + step.failed + step.inFlight) {
      return `${step.step}: entered ${step.entered} is not valid ${step.valid} + failed ${step.failed} + in flight ${step.inFlight}`;
    }
    // Units between two steps have left one and not entered the next; only a run at rest has none of them.
    if (step.entered > available || (inFlight === 0 && step.entered !== available)) {
      return `${step.step}: entered ${step.entered}, but ${available} came from the step before`;
    }
    const kinds = Object.values(step.failures).reduce((sum, count) => sum + count, 0);
    if (kinds !== step.failed)
      return `${step.step}: failures by kind add up to ${kinds}, failed is ${step.failed}`;
    available = step.children ?? step.valid;
    more += available - step.valid;
    failedInSteps += step.failed;
  }
  if (planned !== sources + more)
    return `planned is ${planned}, but ${sources} became ${sources + more} by fanning out`;
  if (failedInSteps !== failed) return `failed is ${failed}, but the steps lost ${failedInSteps}`;
  if (valid > available || (inFlight === 0 && valid !== available)) {
    return `valid is ${valid}, but ${available} came through the last step`;
  }
  return null;
}
