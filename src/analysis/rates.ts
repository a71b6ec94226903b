// Events per exposure, such as errors per thousand turns, with exact bounds. It assumes that events come independently.
import type { Bounds } from './estimate.ts';
import { inverseIncompleteGamma } from './special.ts';

/**
 * Exact interval of a Poisson rate, in events per unit of exposure, from a whole number of events (Garwood 1936). At
 * zero events the low end is 0 and the high one -ln(tail) / exposure; without exposure nothing is known: 0 to infinity.
 */
export function rateInterval(events: number, exposure: number, confidence: number): Bounds {
  if (!(exposure > 0)) return { low: 0, high: Number.POSITIVE_INFINITY };
  const tail = (1 - confidence) / 2;
  return {
    low: events === 0 ? 0 : inverseIncompleteGamma(events, tail) / exposure,
    high: inverseIncompleteGamma(events + 1, 1 - tail) / exposure,
  };
}
