// Numbers the clusters of a run's units as they appear: items that repeat, or units that drew together. It counts nothing.
import type { Pipeline } from '../pipeline/pipeline.ts';
import { repetitionOf } from '../simulation/unit-stream.ts';
import type { Clustering } from './clusters.ts';
import { bundlesOf, clusteringOf } from './drawn-together.ts';
import type { UnitRecord } from './record.ts';
import { ItemIndex } from './tally.ts';

/** Tells which units no interval may take for independent draws. Units come once, in canonical order. */
export class UnitClusters {
  /** How the units of this run hang together. */
  readonly clustering: Clustering;
  private readonly items = new ItemIndex();
  private readonly bundle: ReturnType<typeof bundlesOf>;

  constructor(pipeline: Pipeline) {
    this.bundle = pipeline.repeat > 1 ? bundlesOf(pipeline) : null;
    this.clustering = clusteringOf(pipeline);
  }

  /** The number of the unit's cluster; 0 where nothing hangs together. */
  of({ unit, item }: Pick<UnitRecord, 'unit' | 'item'>): number {
    if (this.clustering === false) return 0;
    if (this.bundle === null) return this.items.of(item);
    const repetition = repetitionOf({ id: unit, repeats: true })?.repetition ?? 0;
    return this.items.of(this.bundle({ item, repetition }));
  }
}
