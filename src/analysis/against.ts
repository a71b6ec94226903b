// A run held against another: what moved, and what the gates on changes say to it. It reads two runs' figures and knows
// neither where the other one is kept nor how anything is shown.
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Analysis } from './analysis.ts';
import { type Comparison, compareUnits } from './comparison.ts';
import type { Slice } from './estimate.ts';
import type { UnitValues } from './unit-values.ts';

/** Another run, as far as it is known. */
export interface BaseResult {
  /** A branch, or a run's id; untrusted. */
  readonly name: string;
  /** Why no change between the two means anything, in a few words; null: it does. */
  readonly reason: string | null;
  /** The base is this very run. */
  readonly isSame: boolean;
  /** What each of its units came to; null: not known. The same place is the same unit. */
  readonly values: Pick<UnitValues, 'units' | 'columns'> | null;
  /** Its estimates; null: not known. */
  readonly overall: Slice | null;
}

/** What came of holding a run against another. */
export interface Against {
  readonly name: string;
  readonly reason: string | null;
  readonly isSame: boolean;
  /** Null: nothing could be compared. */
  readonly comparison: Comparison | null;
}

/** The analysis with the changes, and with the gates on changes decided. `base` null: there is none, or none yet. */
export function holdAgainst(analysis: Analysis, _pipeline: Pipeline, base: BaseResult | null): Analysis {
  if (base === null) return analysis;
  const { name, reason, isSame } = base;
  const isComparable = reason === null && base.values !== null && analysis.values !== null;
  const comparison = isComparable && !isSame ? compareUnits(base.values!, analysis.values!) : null;
  return { ...analysis, against: { name, reason, isSame, comparison } };
}
