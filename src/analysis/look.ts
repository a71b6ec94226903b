// What a gate may ask of the numbers when it is looked at several times while they grow: stricter early, nearly as always
// at the last. It turns one level into another, and weighs nothing.
import { crossingChances, obrienFleming } from './sequential.ts';
import { normalQuantile } from './special.ts';
import { normalTail } from './tails.ts';

/** The look a gate is decided at, from 1, of so many planned ones. */
export interface Look {
  readonly look: number;
  readonly looks: number;
}

/** Looks above which the bounds of looking all the time are taken: wider by less than one part in twenty. */
const MOST_EXACT = 50;

/** Levels below this are no numbers beside 1 any more; what they may add to all false alarms is nothing. */
const SMALLEST_LEVEL = 1e-15;

/**
 * The confidence of a two-sided interval at this look, such that over all looks it misses the truth no more often than
 * one interval at `confidence` would: the bounds of O'Brien and Fleming. At the only look it is `confidence` itself.
 */
export function confidenceAtLook(confidence: number, look: number, looks: number): number {
  if (looks <= 1) return confidence;
  const bound = lastBound(looks, 1 - confidence) * Math.sqrt(looks / look);
  return 1 - Math.max(SMALLEST_LEVEL, 2 * normalTail(bound));
}

/** The other way: what a one-sided level reached at this look is worth over all looks. */
export function levelOverLooks(level: number, { look, looks }: Look): number {
  if (looks <= 1) return level;
  const constant =
    normalQuantile(1 - Math.max(SMALLEST_LEVEL, Math.min(0.5, level))) * Math.sqrt(look / looks);
  if (looks > MOST_EXACT) return Math.min(1, 2 * normalTail(constant));
  if (constant <= 0) return 1;
  const bounds = Array.from({ length: looks }, (_, at) => constant * Math.sqrt(looks / (at + 1)));
  return crossingChances(bounds, 0).reduce((sum, chance) => sum + chance, 0) / 2;
}

// A run asks for the same few again at every look, and each takes a hundred integrals.
const known = new Map<string, number>();

/** z at the last look. A sum that is watched all the time crosses c with at most twice the chance that it ends beyond. */
function lastBound(looks: number, alpha: number): number {
  if (looks > MOST_EXACT) return normalQuantile(1 - alpha / 4);
  const key = `${looks} ${alpha}`;
  const bound = known.get(key) ?? (obrienFleming(looks, alpha).at(-1) as number);
  known.set(key, bound);
  return bound;
}
