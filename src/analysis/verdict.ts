// The one word a run ends with. It reads gates and books; it never looks at a result.
import type { Accounting } from './accounting.ts';
import type { GateState } from './decision.ts';
import type { GateResult } from './gates.ts';

export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'pending' | 'dry_run' | 'error';

/** Why a run stopped before its end. Money is US dollars as decimal text; `why` and `fix` may quote a provider. */
export type RunError =
  /** Paused: the next request with its retries may need more than the cap leaves. `enough` is the least cap that would do. */
  | {
      readonly kind: 'budget';
      readonly needs: string;
      readonly left: string;
      readonly cap: string;
      readonly enough: string;
    }
  /** Paused: the provider refuses the key, or the account's money or quota is used up. */
  | { readonly kind: 'blocked'; readonly provider: string; readonly why: string }
  /** Paused before anything was sent: the key does not work or the model is not known. */
  | {
      readonly kind: 'unusable';
      readonly provider: string;
      readonly model: string;
      readonly why: string;
      readonly fix: string;
    }
  /** Ended because it took longer than it was allowed (ms); null: not known. */
  | { readonly kind: 'deadline'; readonly allowedMs: number | null }
  /** Ended because a newer commit asked for another run. */
  | { readonly kind: 'superseded'; readonly by: string }
  /** Ended by a person. */
  | { readonly kind: 'canceled' }
  /** All units are over, and a script that had to work on them did not. */
  | { readonly kind: 'script'; readonly name: string; readonly why: string };

/** The gates taken together; `none` when there are none. On a dry run they are what would hold, with invented answers. */
export type GatesState = GateState | 'none';

/** One failing gate fails them all; else one undecided gate leaves them undecided. */
export function summariseGates(gates: readonly GateResult[]): GatesState {
  if (gates.length === 0) return 'none';
  if (gates.some((gate) => gate.state === 'fail')) return 'fail';
  return gates.some((gate) => gate.state === 'inconclusive') ? 'inconclusive' : 'pass';
}

/** The verdict, as the table in the design says. Without a gate a finished run with a valid unit passes. */
export function decideVerdict(input: {
  readonly accounting: Accounting;
  readonly gates: readonly GateResult[];
  readonly simulated: boolean;
  readonly error: RunError | null;
}): Verdict {
  const { accounting, gates, simulated, error } = input;
  if (error !== null) return 'error';
  if (accounting.inFlight > 0) return 'pending';
  if (accounting.valid === 0) return 'error';
  if (simulated) return 'dry_run';
  const state = summariseGates(gates);
  return state === 'none' ? 'pass' : state;
}
