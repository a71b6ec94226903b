// Puts failed units of a run back to work. What follows is the business of whoever works on the run then.

import type { RunContext } from '../engine/perform-context.ts';
import { type RetryCount, retryFailed } from '../engine/perform-retry.ts';
import type { FailureKind } from '../validation/failure.ts';
import { readChoice, usageError } from './arguments.ts';

/** Every kind of failure; the compiler holds it against the union. */
const KINDS: Readonly<Record<FailureKind, true>> = {
  rejected: true,
  expired: true,
  canceled: true,
  refused: true,
  truncated: true,
  malformed: true,
  invalid: true,
  missing: true,
  transport: true,
  expression: true,
  template: true,
};

/** Retries the failures at a step (by name) and of a kind; null: any. Throws a ConfigurationError. */
export async function retryUnits(
  context: RunContext,
  choice: { readonly step: string | null; readonly kind: string | null },
): Promise<RetryCount> {
  const { steps } = context.state;
  const step = choice.step === null ? null : steps.findIndex(({ name }) => name === choice.step);
  if (step !== null && step < 0) {
    const names = steps.map(({ name }) => name).join(', ');
    throw usageError('--step', `there is no step "${choice.step}"`, `steps of this run: ${names}`);
  }
  const kinds = Object.keys(KINDS) as FailureKind[];
  const kind = choice.kind === null ? null : readChoice('--kind', choice.kind, kinds);
  return retryFailed(context, { step, kind });
}

/** What came of it, as a line. */
export function formatRetry({ retried, hopeless, goesOn }: RetryCount): string {
  const again = retried === 0 ? 'No failed unit is tried again' : `${units(retried)} tried again`;
  const left =
    hopeless === 0
      ? ''
      : `; ${units(hopeless)} left as they are, for nothing that could come out otherwise feeds them`;
  return `${again}${left}${goesOn ? '; the run goes on where it was cancelled, between two waves' : ''}.\n`;
}

function units(count: number): string {
  return count === 1 ? '1 unit is' : `${count} units are`;
}
