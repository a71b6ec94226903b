// What the steps cost at the declared prices. A model without a price makes the sum unknown, never smaller.
import type { Price } from '../pipeline/pipeline.ts';
import type { Accounting, StepAccount } from './accounting.ts';
import { costOf, type Money } from './money.ts';

/** Cost of a step, all attempts, and of its attempts after the first. Null: no known price, or not kept apart. */
export interface StepCost {
  readonly total: Money | null;
  readonly retries: Money | null;
}

/** Prices by model name, or by `provider/model` where two providers sell one name at two prices. */
export type Prices = Readonly<Record<string, Price>>;

/** One cost per step, in order. A step that sent nothing costs nothing, with or without a price. */
export function costSteps(accounting: Accounting, prices: Prices): readonly StepCost[] {
  return accounting.steps.map((step) => {
    if (step.requests === 0) return { total: 0n, retries: 0n };
    const price = priceOf(step, prices);
    if (price === null) return { total: null, retries: null };
    return {
      total: costOf(step.usage, price),
      retries: step.retryUsage === null ? null : costOf(step.retryUsage, price),
    };
  });
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

function priceOf(step: StepAccount, prices: Prices): Price | null {
  if (step.model === null) return null;
  const names = step.provider === null ? [step.model] : [`${step.provider}/${step.model}`, step.model];
  for (const name of names) if (Object.hasOwn(prices, name)) return prices[name] ?? null;
  return null;
}
