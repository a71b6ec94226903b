// Weighs by the width of an interval: the estimate is sharp enough, wherever it lies. It knows no gate.
import type { Pipeline, StopSpec } from '../pipeline/pipeline.ts';
import type { UnitRecord } from './record.ts';
import type { Scale, Weighed } from './stop.ts';
import { QuantityTally } from './stop-tally.ts';
import { UnitClusters } from './unit-clusters.ts';
import { UnitWork } from './unit-work.ts';

/** Fewest units by which a width is judged: of fewer, a narrow interval is mostly luck. */
export const FEWEST_UNITS = 30;

/** Enough when half the interval is at most what is wanted. */
export class WidthScale implements Scale {
  private readonly rule: Extract<StopSpec['rule'], { kind: 'half_width' }>;
  private readonly clusters: UnitClusters;
  private readonly tally: QuantityTally;

  constructor(pipeline: Pipeline, rule: Extract<StopSpec['rule'], { kind: 'half_width' }>) {
    this.rule = rule;
    this.clusters = new UnitClusters(pipeline);
    this.tally = new QuantityTally(rule.of, this.clusters.clustering, new UnitWork());
  }

  add(record: UnitRecord): void {
    this.tally.add(this.clusters.of(record), record);
  }

  weigh(): Weighed {
    const figure = this.tally.figure(this.rule.confidence);
    const { n, low, high } = figure;
    const isNarrow = low !== null && high !== null && (high - low) / 2 <= this.rule.atMost;
    return { kind: 'half_width', enough: isNarrow && n >= FEWEST_UNITS, figure };
  }
}
