// What every kind of figure has in common: it takes the units of a slice one by one, and then says what they come to.
import type { FigureEstimate } from './estimate.ts';
import type { FigurePart } from './figure-reader.ts';
import type { ResamplingWork } from './figure-work.ts';

/** The slice a figure is of. `dropped`: failed units that belong there or may belong there. */
export interface FigureSituation {
  readonly group: string | null;
  readonly dropped: number;
  readonly confidence: number;
  readonly work: ResamplingWork;
}

/** What a slice comes to, before it has a name. */
export type FigureResult = Pick<FigureEstimate, 'n' | 'value' | 'interval' | 'worst' | 'note'>;

/** Running totals of one figure over one slice. */
export interface FigureTally {
  /** `cluster`: the number of what the unit hangs together with. */
  add(cluster: number, part: FigurePart): void;
  /** Call it once, at the end. `unknown`: units without a part. */
  estimate(unknown: number, situation: FigureSituation): FigureResult;
}
