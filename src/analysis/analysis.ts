// What the analyser hands over: estimates, gates and the books. Plain data, the same for the same pipeline and answers.
import type { Accounting } from './accounting.ts';
import type { Against } from './against.ts';
import type { Slice } from './estimate.ts';
import type { Gain } from './gains.ts';
import type { Estimated } from './gate-sides.ts';
import type { GateResult } from './gates.ts';
import type { FailedUnit } from './record.ts';
import type { DrawnValues, UnitValues } from './unit-values.ts';

export interface Analysis {
  /** The run's provider; a step may have asked another. */
  readonly provider: string;
  /** True when an answer of any LLM step was simulated. */
  readonly simulated: boolean;
  readonly accounting: Accounting;
  /** True when outcomes and metrics were found from the results, because the pipeline names none. */
  readonly found: boolean;
  readonly groupBy: string | null;
  readonly overall: Slice;
  /** In order of their names; empty without `group_by`. */
  readonly groups: readonly Slice[];
  /** Units whose group is past the cap of groups kept. */
  readonly unitsInMoreGroups: number;
  readonly gates: readonly GateResult[];
  /** For gates on changes, in the gates' order, what their estimates here rest on; null: nothing. */
  readonly sides?: readonly (Estimated | null)[];
  /** Units that failed before a fan-out, and the most results they could have given; absent: none did. */
  readonly unsplit?: { readonly units: number; readonly most: number };
  /** The first failed units in canonical order, at most three. */
  readonly firstFailures: readonly FailedUnit[];
  /** What each unit came to, for a comparison; null: the run is too large. */
  readonly values: UnitValues | null;
  /** The same for curves, of larger runs too; null: the run is too large for these as well. */
  readonly drawn: DrawnValues | null;
  /** The run it was held against; null: none. */
  readonly against: Against | null;
  /** What coupled draws brought; empty when no draws are coupled. */
  readonly gains: readonly Gain[];
}
