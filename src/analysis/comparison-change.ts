// The shapes of a change, and of what tests say of it. Data only.
import type { Bounds } from './estimate.ts';

/** `paired`: the same units on both sides; `unpaired`: two samples; `estimates`: two samples known by their figures only. */
export type Pairing = 'paired' | 'unpaired' | 'estimates';

/** One test of no change. */
export interface ChangeTest {
  /** As people know it: `exact McNemar`. */
  readonly name: string;
  /** Two-sided, not corrected for the questions asked. */
  readonly p: number;
  /** Random draws that it rests on; 0: it is exact, or from a formula. */
  readonly draws: number;
  /** How large the change is in the test's own measure; null: it has none. */
  readonly effect: { readonly name: string; readonly value: number; readonly interval: Bounds | null } | null;
}

/** One quantity on both sides. Shares are 0 to 1. */
export interface Change {
  readonly kind: 'share' | 'mean';
  /** Of a gate its name, of the others the field. */
  readonly name: string;
  /** Which value of an outcome's field; null: the quantity has no values. */
  readonly label: string | null;
  readonly isGate: boolean;
  readonly pairing: Pairing;
  readonly base: number;
  readonly head: number;
  /** Of each side by itself, 95 %; null when there are too few units for one. */
  readonly baseInterval: Bounds | null;
  readonly headInterval: Bounds | null;
  readonly change: number;
  /** Of the change; null when there are too few units for one. A point where no difference varied. */
  readonly interval: Bounds | null;
  readonly confidence: number;
  readonly method: string;
  /** Units with a value on either side; of a paired change the same ones. */
  readonly baseUnits: number;
  readonly headUnits: number;
  /** Units that have a value on both sides; 0 where units are not paired. */
  readonly pairs: number;
  /** Of a paired share: units that have it here only, and there only. */
  readonly gained: number;
  readonly lost: number;
  /** Units left out because a side has no value for them. */
  readonly missing: number;
  /** The change if those had gone one way, and the other: of a mean within the range seen. Null when none is missing. */
  readonly worst: Bounds | null;
  /** The first belongs to the interval; none where too few units or nothing but estimates are known. */
  readonly tests: readonly ChangeTest[];
  /**
   * p of the first test, corrected for all quantities without a gate and all groups that were looked at (Benjamini and
   * Hochberg); null: of a gate, which is decided by its own region, or without a test.
   */
  readonly adjusted: number | null;
  /** Smallest change that so many units would show in four of five cases; null: not known. */
  readonly detectable: number | null;
  /** About how many units on each side would settle the change seen; null: it is shown already, or no number would. */
  readonly toSettle: number | null;
}

/** Whether all values of an outcome together are as often as they were. */
export interface OutcomeChange {
  readonly name: string;
  /** Different values on both sides together. */
  readonly values: number;
  readonly test: ChangeTest;
  readonly adjusted: number;
}

/** What changed in one group. `group` is untrusted. */
export interface GroupChange {
  readonly group: string;
  readonly changes: readonly Change[];
}

export interface Comparison {
  readonly pairing: Pairing;
  readonly changes: readonly Change[];
  /** Of outcomes with more than two values. */
  readonly outcomes: readonly OutcomeChange[];
  /** In order of their names, at most 200; the first quantity that groups are compared by. Empty without groups. */
  readonly groups: readonly GroupChange[];
  /** Groups past these. */
  readonly moreGroups: number;
  /** Questions that `adjusted` is corrected for. */
  readonly looked: number;
  /** Units that failed on one side or on both. */
  readonly dropped: number;
  readonly units: number;
  /** Where units fan out, those that only one side has, because their lists are of another length; absent: none. */
  readonly unpaired?: { readonly base: number; readonly head: number };
  /** True when every value of every unit is the same on both sides. */
  readonly isSame: boolean;
}

/** Level at which a change without a gate counts as more than chance. */
const ALPHA = 0.05;

/** True when more than chance moved it: of what has no gate, only after the correction for all that was looked at. */
export function isBeyondChance({ adjusted, interval }: Change): boolean {
  if (adjusted !== null) return adjusted <= ALPHA;
  return interval !== null && (interval.low > 0 || interval.high < 0);
}
