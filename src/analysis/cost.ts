// What the steps cost: what the journal says was paid, and for answers nobody paid for what they would cost at the
// declared prices. A model without a price makes the sum unknown, never smaller.
import type { Price } from '../pipeline/pipeline.ts';
import type { Accounting, StepAccount } from './accounting.ts';
import { costOf, type Money } from './money.ts';
import { declaredPrice } from './price.ts';

/** Cost of a step, all attempts, and of its attempts after the first. Null: no known price, or not kept apart. */
export interface StepCost {
  readonly total: Money | null;
  readonly retries: Money | null;
}

/** Declared prices by model name; `declaredPrice` says under which names. */
export type Prices = Readonly<Record<string, Price>>;

/** One cost per step, in order. A step that sent nothing costs nothing, with or without a price. */
export function costSteps(accounting: Accounting, prices: Prices): readonly StepCost[] {
  return accounting.steps.map((step) => (step.paid ? paidCost(step) : wouldCost(step, prices)));
}

/** The sum, or null when a part is unknown. */
export function totalCost(costs: readonly StepCost[]): Money | null {
  let sum = 0n;
  for (const { total } of costs) {
    if (total === null) return null;
    sum += total;
  }
  return sum;
}

function paidCost({ firstCost, retryCost }: StepAccount): StepCost {
  const total = firstCost === null || retryCost === null ? null : firstCost + retryCost;
  return { total, retries: retryCost };
}

function wouldCost(step: StepAccount, prices: Prices): StepCost {
  if (step.requests === 0) return { total: 0n, retries: 0n };
  const { provider, model, mode } = step;
  const price =
    provider === null || model === null
      ? null
      : declaredPrice(prices, { provider, model, mode: mode ?? 'batch' });
  if (price === null) return { total: null, retries: null };
  return {
    total: costOf(step.usage, price),
    retries: step.retryUsage === null ? null : costOf(step.retryUsage, price),
  };
}
