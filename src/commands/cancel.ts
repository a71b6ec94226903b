// Asks for the end of a run. Whoever works on it next cancels what is at a provider and keeps what was answered.
import type { CancelReason } from '../engine/events.ts';
import type { RunContext } from '../engine/perform-context.ts';
import type { RunState } from '../engine/state.ts';
import { formatUsd } from '../report/cost-text.ts';
import type { RunStatus } from './status.ts';

/** `requested` by this call, `already` by an earlier one, too late as the run is `finished`, or `unwanted` by now. */
export type CancelResult = 'requested' | 'already' | 'finished' | 'unwanted';

/** Notes in the journal that the run shall end, and why; unless it is not so any more that `isWanted`. */
export async function requestCancel(
  context: RunContext,
  why: CancelReason = { kind: 'person' },
  isWanted: (state: RunState) => boolean = () => true,
): Promise<CancelResult> {
  await context.follow();
  if (context.state.finished) return 'finished';
  if (context.state.canceling) return 'already';
  const at = context.ports.clock.now();
  const isRecorded = await context.record([{ type: 'cancel_requested', why, at }], (state) => {
    return !state.finished && !state.canceling && isWanted(state);
  });
  if (isRecorded) return 'requested';
  if (context.state.finished) return 'finished';
  return context.state.canceling ? 'already' : 'unwanted';
}

/** What is left of a run whose end was asked for. */
export function formatKept(status: RunStatus): string {
  const { accounting, money, batches } = status;
  const { valid, failed, inFlight, steps } = accounting;
  const canceled = steps.reduce((sum, step) => sum + (step.failures.canceled ?? 0), 0);
  const kept = `Kept: ${valid} valid units. ${failed} failed, ${canceled} of them because they were cancelled`;
  const { spent } = money;
  const paid = spent === null || spent === '0' ? '' : `, ${formatUsd(spent)} spent`;
  if (status.state === 'finished') return `${kept}${paid}.\n`;
  const open = batches.length === 1 ? '1 batch is' : `${batches.length} batches are`;
  return `${kept}${paid}. ${inFlight} units are still in flight and ${open} not over yet: collect the run later.\n`;
}
