// What outcomes are worth on balance when one counts +1 and another -1: wins less losses per unit.
import type { Bounds } from './estimate.ts';
import { normalQuantile } from './special.ts';

/** (plus - minus) / n, from -1 to 1. */
export interface NetValue {
  readonly net: number;
  readonly interval: Bounds;
}

/**
 * The net value of n units of which `plus` count +1, `minus` -1 and the others 0, with the interval of Bonett and
 * Price 2012: one unit is added to each side, so that it keeps a width where all units agree. The net is 0 and the
 * interval -1 to 1 without a unit. Other values per outcome are a mean: see `compare-means.ts`.
 */
export function netValue(plus: number, minus: number, n: number, confidence: number): NetValue {
  if (n === 0) return { net: 0, interval: { low: -1, high: 1 } };
  const size = n + 2;
  const up = (plus + 1) / size;
  const down = (minus + 1) / size;
  const centre = up - down;
  const z = normalQuantile((1 + confidence) / 2);
  const half = z * Math.sqrt((up + down - centre * centre) / size);
  const net = (plus - minus) / n;
  return {
    net,
    // The centre is drawn towards 0, which at the far ends could leave the net itself outside.
    interval: {
      low: Math.max(-1, Math.min(net, centre - half)),
      high: Math.min(1, Math.max(net, centre + half)),
    },
  };
}
