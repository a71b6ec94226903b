// How a run that may end early stands, as data: what it waits for, how far it has come, and what it did not need. The
// wording is elsewhere.
import { type Money, parseUsd, usdText } from '../analysis/money.ts';
import type { WeighedFigure } from '../analysis/stop.ts';
import type { StopSpec } from '../pipeline/pipeline.ts';

/** A group of items as it stood at a weighing. `name` is untrusted; `goesOn`: it was kept. */
export interface StoppedGroup extends WeighedFigure {
  readonly name: string;
  readonly goesOn: boolean;
}

/** What was found at the last weighing; null in `Stopping`: there was none yet. */
export type Found =
  | { readonly kind: 'gates'; readonly gates: number; readonly undecided: number }
  | { readonly kind: 'half_width'; readonly figure: WeighedFigure }
  /** Groups by round, better ones first; `fresh`: the winner's estimate from units that chose nothing, once it is there. */
  | {
      readonly kind: 'best';
      readonly rounds: readonly (readonly StoppedGroup[])[];
      readonly left: readonly string[];
      readonly fresh: WeighedFigure | null;
    };

/**
 * How far a run is. `units` were opened so far, of at most `most`. `otherwise`: how many it would be without stopping; of a
 * search for the best, with all groups run as often as the winner.
 */
export interface Stopping {
  readonly stop: StopSpec;
  readonly look: number;
  readonly looks: number;
  readonly units: number;
  readonly most: number;
  readonly otherwise: number;
  /** No more units are run; `enough`: because the rule was met. */
  readonly isOver: boolean;
  readonly enough: boolean;
  readonly found: Found | null;
}

/** The same in a report, with what was not needed. `usd` at this run's cost per unit; null: nothing was paid. */
export interface Stopped extends Stopping {
  readonly saved: { readonly units: number; readonly usd: string | null };
}

/** What a run that stopped early saved; nothing before it is over. `spent`: US dollars, null when not known. */
export function reportStopped(stopping: Stopping, spent: string | null): Stopped {
  const { units, otherwise, isOver } = stopping;
  const saved = isOver ? otherwise - units : 0;
  const paid: Money = spent === null ? 0n : (parseUsd(spent) ?? 0n);
  const usd =
    paid === 0n || saved === 0 || units === 0 ? null : usdText((paid * BigInt(saved)) / BigInt(units));
  return { ...stopping, saved: { units: saved, usd } };
}
