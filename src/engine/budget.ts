// The run's money: what is spent, what is promised, and what is still free. Integers (picodollars), no rounding.
import { boundOfRequest } from '../analysis/price.ts';
import type { Mode, TokenPrice } from '../pipeline/pipeline.ts';
import type { RunState } from './state.ts';

/** Most UTF-8 bytes that telling a model what was wrong adds to a prompt. */
export const FEEDBACK_BYTES = 8_000;

/** An unanswered call is repeated once, and both may be billed. */
export const CALLS_PER_ATTEMPT = { batch: 1n, realtime: 2n } as const;

/** Where the run's money is. `known` leaves out what has no price. All in picodollars. */
export interface Budget {
  readonly known: bigint;
  /** True when something was paid at a price that is not known. */
  readonly unpriced: boolean;
  /** The most that requests without an answer may have cost. */
  readonly uncertain: bigint;
  /** Promised to batches under way and to retries that wait. */
  readonly reserved: bigint;
}

/** Reads the run's money off its state. Never more than the cap: known + uncertain + reserved. */
export function budgetOf(state: RunState): Budget {
  let known = 0n;
  let unpriced = false;
  let uncertain = 0n;
  let reserved = 0n;
  for (const step of state.steps) {
    unpriced ||= step.firstCost === null || step.retryCost === null;
    known += (step.firstCost ?? 0n) + (step.retryCost ?? 0n);
    uncertain += step.uncertain;
    for (const group of step.ready) reserved += group.kept;
  }
  for (const batch of state.batches.values()) reserved += batch.reserved;
  return { known, unpriced, uncertain, reserved };
}

/** What is spent, may be, or is promised (picodollars). */
export function promisedBy(state: RunState): bigint {
  const { known, uncertain, reserved } = budgetOf(state);
  return known + uncertain + reserved;
}

/** What may still be promised; null: there is no cap. */
export function freeMoney(state: RunState): bigint | null {
  return state.cap === null ? null : state.cap - promisedBy(state);
}

/** The price of a step's requests as fixed when the run was created; null: not known. */
export function priceOf(state: RunState, provider: string, model: string, mode: Mode): TokenPrice | null {
  return state.settings.prices[`${provider}/${model}/${mode}`] ?? null;
}

/** Whether requests of a step cost money: then the run was created with a price for them, known or not. */
export function isPaid(state: RunState, provider: string, model: string, mode: Mode): boolean {
  return Object.hasOwn(state.settings.prices, `${provider}/${model}/${mode}`);
}

/** How a request is bounded. `price` null: it costs nothing, or nobody knows what. */
export interface BoundRule {
  readonly price: TokenPrice | null;
  readonly mode: Mode;
  /** Of attempts after the first, at the most. */
  readonly maxTokensLater: number;
  /** UTF-8 bytes of what every request of the step carries beside its texts. */
  readonly schemaBytes: number;
  readonly feedback: boolean;
}

/** The most one attempt of a request can cost: its own calls, repeated where nobody can know whether they were billed. */
export function boundOfAttempt(rule: BoundRule, textBytes: number, maxTokens: number): bigint {
  return boundOfCall(rule, textBytes, maxTokens) * CALLS_PER_ATTEMPT[rule.mode];
}

/** The most one call, or one row of a batch, can cost. */
export function boundOfCall(rule: BoundRule, textBytes: number, maxTokens: number): bigint {
  return rule.price === null ? 0n : boundOfRequest(textBytes + rule.schemaBytes, maxTokens, rule.price);
}

/** The most one more attempt of a request can cost: it may carry what was wrong, and be allowed a longer answer. */
export function boundOfRetry(rule: BoundRule, textBytes: number): bigint {
  return boundOfAttempt(rule, textBytes + (rule.feedback ? FEEDBACK_BYTES : 0), rule.maxTokensLater);
}

/** UTF-8 bytes of a text, at the most: a pair of surrogates counts as six, not four. */
export function mostBytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) bytes += code > 0x7ff ? 2 : 1;
  }
  return bytes;
}

/** A generous guess at the tokens of a text, for queues that are limited in tokens. */
export function estimateTokens(textBytes: number): number {
  return Math.ceil(textBytes / 3);
}

/** The smaller of two amounts. */
export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
