// Holds results against the claims of the pipeline: pass, fail, or not decided by these numbers.
import type { Region } from '../pipeline/pipeline.ts';
import type { Bounds, Interval } from './estimate.ts';

export type GateState = 'pass' | 'fail' | 'inconclusive';

/** One gate held against the results. Shares are 0 to 1; a cost gate's `value` is US dollars. */
export interface GateResult {
  readonly kind: 'share' | 'mean' | 'valid_share' | 'cost';
  readonly name: string;
  readonly state: GateState;
  readonly region: Region;
  /** Null when there is nothing to estimate from. */
  readonly value: number | null;
  readonly n: number;
  /** What was held against the region; null for a cost, which is exact, and without data. */
  readonly interval: Interval | null;
  /** Set when more than 1 % of the planned units were dropped and the interval therefore covers them. */
  readonly worst: Bounds | null;
  /** Valid units whose expression gave no usable value, and the first reason. The reason is untrusted text. */
  readonly errors: number;
  readonly firstError: string | null;
  /** Fewest units with which this gate can pass at all; null when unknown or not a matter of numbers. */
  readonly smallest: number | null;
  /** About how many units would decide it at the present estimate; null when it is decided or no number would. */
  readonly toSettle: number | null;
  /** Why, in a sentence of numbers; holds no untrusted text. */
  readonly reason: string;
}
