// Numbers the clusters of a run's units as they appear: items that repeat, units that drew together, or units before their
// fan-outs. It counts nothing.
import type { Pipeline } from '../pipeline/pipeline.ts';
import { branchOf, repetitionOf } from '../simulation/unit-stream.ts';
import type { Clustering } from './clusters.ts';
import { bundlesOf, clusteringOf } from './drawn-together.ts';
import { Families } from './families.ts';
import type { UnitRecord } from './record.ts';
import { ItemIndex } from './tally.ts';

/** Tells which units no interval may take for independent draws. Units come once, in canonical order. */
export class UnitClusters {
  /** How the units of this run hang together. */
  readonly clustering: Clustering;
  private readonly items = new ItemIndex();
  private readonly bundle: ReturnType<typeof bundlesOf>;
  /** The unit that the last one was before its fan-outs, and its number. */
  private family: { readonly id: string; readonly number: number } | null = null;

  constructor(pipeline: Pipeline) {
    this.bundle = pipeline.repeat > 1 ? bundlesOf(pipeline) : null;
    this.clustering = clusteringOf(pipeline);
  }

  /** The number of the unit's cluster; 0 where nothing hangs together. */
  of({ unit, item }: Pick<UnitRecord, 'unit' | 'item'>): number {
    if (this.clustering === false) return 0;
    if (this.clustering instanceof Families) return this.familyOf(unit, item, this.clustering);
    if (this.bundle === null) return this.items.of(item);
    const repetition = repetitionOf({ id: unit, repeats: true })?.repetition ?? 0;
    return this.items.of(this.bundle({ item, repetition }));
  }

  // Children of one unit come one after the other.
  private familyOf(unit: string, item: string, families: Families): number {
    const branch = branchOf(unit);
    const id = unit.slice(0, unit.length - branch.length);
    if (this.family?.id !== id) this.family = { id, number: families.add(this.items.of(item)) };
    return this.family.number;
  }
}
