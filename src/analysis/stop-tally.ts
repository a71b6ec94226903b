// The quantity by which a run is weighed, over the units that are over. It estimates; what follows from it is decided
// elsewhere.
import type { StopQuantity } from '../pipeline/pipeline.ts';
import type { Clustering } from './clusters.ts';
import { GateCounter } from './gate-counter.ts';
import { shareInterval, tInterval } from './intervals.ts';
import type { UnitRecord } from './record.ts';
import type { WeighedFigure } from './stop.ts';
import type { UnitWork } from './unit-work.ts';

/** A share or mean over units. */
export class QuantityTally {
  private readonly counter: GateCounter;

  constructor({ kind, expr }: StopQuantity, clustering: Clustering, work: UnitWork) {
    const region = { atLeast: null, atMost: null };
    const gate = { kind, expr, name: '', region, confidence: 0.95 } as const;
    this.counter = new GateCounter(gate, clustering, work);
  }

  add(cluster: number, record: UnitRecord): void {
    if (record.kind === 'valid') this.counter.add(cluster, record.fields);
  }

  /** Wilson's interval of a share, exact at its ends; the t interval of a mean. Both clustered by item. */
  figure(confidence: number): WeighedFigure {
    const counted = this.counter.tally();
    if (counted.kind === 'share' && counted.tally.n > 0) {
      const { x, n } = counted.tally;
      const { low, high } = shareInterval(x, n, counted.tally.dependence(), confidence);
      return rounded(n, x / n, { low, high });
    }
    if (counted.kind !== 'mean' || counted.tally.n === 0) return { n: 0, value: null, low: null, high: null };
    const { n, mean } = counted.tally;
    const spread = counted.tally.meanError();
    return rounded(
      n,
      mean,
      spread === null ? null : tInterval(mean, spread.error, spread.degrees, confidence),
    );
  }
}

// The last bits of a sum depend on the order of its parts, and of a logarithm on the platform.
function rounded(n: number, value: number, ends: { low: number; high: number } | null): WeighedFigure {
  const round = (number: number | null) => (number === null ? null : Number(number.toPrecision(12)));
  return { n, value: round(value), low: round(ends?.low ?? null), high: round(ends?.high ?? null) };
}
