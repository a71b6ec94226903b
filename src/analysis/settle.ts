// How many units would settle a change that is inconclusive now, if it stayed where it is estimated. For a change of a
// mean, paired or not, `meansToSettle` of decision.ts is right as it stands: it needs the change and its error.
import type { Region } from '../pipeline/pipeline.ts';
import { type Count, newcombe, type PairedCounts } from './compare-shares.ts';
import { shareChangeInterval } from './comparison-intervals.ts';
import { decide } from './decision.ts';
import type { Bounds } from './estimate.ts';
import { roughly } from './numbers.ts';

/** Steps of 4 % that are tried: up to 2,500 times the units there are. */
const STEPS = 200;

/** Units of the head, when both samples grow alike; null when no number up to 2,500 times as many would settle it. */
export function unpairedToSettle(
  base: Count,
  head: Count,
  region: Region,
  confidence: number,
): number | null {
  return settle(head.n, region, (factor) =>
    newcombe(
      { x: base.x * factor, n: base.n * factor },
      { x: head.x * factor, n: head.n * factor },
      confidence,
    ),
  );
}

/** Paired units, when every kind of pair grows alike; null when no number up to 2,500 times as many would settle it. */
export function pairedToSettle(counts: PairedCounts, region: Region, confidence: number): number | null {
  const { both, baseOnly, headOnly, neither } = counts;
  return settle(both + baseOnly + headOnly + neither, region, (factor) =>
    shareChangeInterval(
      {
        kind: 'pairs',
        counts: {
          both: both * factor,
          baseOnly: baseOnly * factor,
          headOnly: headOnly * factor,
          neither: neither * factor,
        },
        items: null,
      },
      confidence,
    ),
  );
}

function settle(units: number, region: Region, interval: (factor: number) => Bounds): number | null {
  if (units === 0) return null;
  let factor = 1;
  for (let step = 0; step <= STEPS; step++) {
    if (decide(interval(factor), region) !== 'inconclusive') return roughly(Math.ceil(units * factor - 1e-9));
    factor *= 1.04;
  }
  return null;
}
