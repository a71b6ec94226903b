// The run's books, read off its state by counting sets of units, so that the identities are checked and not assumed.
import type { Accounting, StepAccount } from '../analysis/accounting.ts';
import { isPaid, priceOf } from './budget.ts';
import { countInFlight, plannedUnits, type RunState, type StepState, validUnits } from './state.ts';

/** Where every unit is: planned = valid + failed + in flight, per step and over all. */
export function accountFor(state: RunState): Accounting {
  const sources = plannedUnits(state).size;
  const isFannedOut = state.steps.some(({ kind }) => kind === 'fan_out');
  let planned = sources;
  let entered = sources;
  let failed = 0;
  let inFlight = 0;
  const steps = state.steps.map((step, index): StepAccount => {
    const waiting = countInFlight(state, index);
    const { size: children } = step.made;
    const account: StepAccount = {
      step: step.name,
      kind: step.kind,
      entered,
      valid: step.passed.size,
      failed: step.failed.size,
      inFlight: waiting,
      // In order of their names: in which order they came to light must not show.
      failures: Object.fromEntries(Object.entries(step.kinds).sort(([a], [b]) => (a < b ? -1 : 1))),
      retried: step.retried.size,
      firstAttemptValid: step.firstValid.size,
      requests: step.requests,
      usage: {
        input: step.firstUsage.input + step.retryUsage.input,
        output: step.firstUsage.output + step.retryUsage.output,
      },
      retryUsage: step.retryUsage,
      ...spendingOf(state, step),
      capped: step.capped,
      ...(step.kind === 'fan_out' ? { children } : {}),
    };
    entered = step.kind === 'fan_out' ? children : step.passed.size;
    planned += entered - step.passed.size;
    failed += step.failed.size;
    inFlight += waiting;
    return account;
  });
  const valid = validUnits(state).size;
  return { planned, ...(isFannedOut ? { sources } : {}), valid, failed, inFlight, steps };
}

/** Who was asked, and what it cost by the journal. */
function spendingOf(state: RunState, step: StepState) {
  const { provider, model, mode, firstCost, retryCost, uncertain, uncertainRequests } = step;
  const asked = provider !== null && model !== null && mode !== null;
  const paid = asked && isPaid(state, provider, model, mode);
  const price = paid ? priceOf(state, provider, model, mode) : null;
  return { provider, model, mode, paid, price, firstCost, retryCost, uncertain, uncertainRequests };
}
