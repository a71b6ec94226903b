// Why a run stopped, in the words of the report: from the engine's reasons to data. It decides nothing.
import { usdText } from '../analysis/money.ts';
import type { RunError } from '../analysis/verdict.ts';
import type { PauseReason } from './decide.ts';
import { isBeforeItsEnd, type RunState } from './state.ts';

/** One cent: caps are suggested in whole ones. */
const CENT = 10_000_000_000n;

/** A pause as the report's error. */
export function errorOfPause(reason: PauseReason): RunError {
  switch (reason.kind) {
    case 'budget': {
      const { needs, left, cap } = reason;
      const enough = cap - left + needs;
      return {
        kind: 'budget',
        needs: usdText(needs),
        left: usdText(left > 0n ? left : 0n),
        cap: usdText(cap),
        enough: usdText(((enough + CENT - 1n) / CENT) * CENT),
      };
    }
    case 'blocked':
      return { kind: 'blocked', provider: reason.provider, why: reason.why };
    case 'unusable': {
      const { provider, model, why, fix } = reason;
      return { kind: 'unusable', provider, model, why, fix };
    }
    default:
      return reason satisfies never;
  }
}

/** What a run's own journal says: that it was cancelled, and lost units or its next wave by it. Null: nothing stopped it. */
export function errorOfState(state: RunState): RunError | null {
  const lost = state.steps.some((step) => (step.kinds.canceled ?? 0) > 0);
  const isCut = lost || isBeforeItsEnd(state);
  if (!state.finished || !state.canceling || !isCut) return null;
  const why = state.cancelReason ?? { kind: 'person' };
  switch (why.kind) {
    case 'person':
      return { kind: 'canceled' };
    case 'superseded':
      return { kind: 'superseded', by: why.by };
    case 'deadline':
      return { kind: 'deadline', allowedMs: state.settings.deadlineMs ?? null };
    default:
      return why satisfies never;
  }
}
