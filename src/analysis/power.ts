// What a number of units can show, before anything is seen of them: the smallest change of a share that would be
// found, and the units that a given change needs. Normal approximations; they plan, and never decide.
import { normalQuantile } from './special.ts';

/** `alpha` is the two-sided level of the test, `power` the chance to find a real change; both 0 to 1, exclusive. */
export interface Aim {
  readonly alpha: number;
  readonly power: number;
}

/** Smallest changes that would be found, as distances from 0 to 1; null where even the end of the scale is too near. */
export interface Detectable {
  readonly down: number | null;
  readonly up: number | null;
}

/**
 * Smallest change of a share `base` (0 to 1) that two independent samples of these sizes would show, each way: the
 * distance that is the sum of its critical value and its power's reach (Fleiss, Levin and Paik 2003, 4.2).
 */
export function detectableUnpaired(base: number, baseUnits: number, headUnits: number, aim: Aim): Detectable {
  const shortfall = (sign: number) => (distance: number) => {
    const head = base + sign * distance;
    const pooled = (base * baseUnits + head * headUnits) / (baseUnits + headUnits);
    const none = Math.sqrt(pooled * (1 - pooled) * (1 / baseUnits + 1 / headUnits));
    const real = Math.sqrt((base * (1 - base)) / baseUnits + (head * (1 - head)) / headUnits);
    return reach(aim, none, real) - distance;
  };
  return { down: crossing(shortfall(-1), base), up: crossing(shortfall(1), 1 - base) };
}

/**
 * Smallest change of a share that `units` paired units would show when a part `discordant` of them (0 to 1) changes
 * either way (Connor 1987); the change cannot be larger than that part. Null when even that would not be seen.
 */
export function detectablePaired(discordant: number, units: number, aim: Aim): number | null {
  const shortfall = (distance: number) => {
    const none = Math.sqrt(discordant / units);
    const real = Math.sqrt(Math.max(0, discordant - distance * distance) / units);
    return reach(aim, none, real) - distance;
  };
  return crossing(shortfall, discordant);
}

/** Units in each sample to find a change from one share to the other; infinite when they are equal. */
export function unitsUnpaired(base: number, head: number, aim: Aim): number {
  if (base === head) return Number.POSITIVE_INFINITY;
  const pooled = (base + head) / 2;
  const none = Math.sqrt(2 * pooled * (1 - pooled));
  const real = Math.sqrt(base * (1 - base) + head * (1 - head));
  return Math.ceil((reach(aim, none, real) / (head - base)) ** 2);
}

/** Paired units to find a change when a part `discordant` >= |change| of them changes; infinite when change is 0. */
export function unitsPaired(discordant: number, change: number, aim: Aim): number {
  if (change === 0) return Number.POSITIVE_INFINITY;
  const real = Math.sqrt(Math.max(0, discordant - change * change));
  return Math.ceil((reach(aim, Math.sqrt(discordant), real) / change) ** 2);
}

/** Smallest change of a mean that would be found, in the metric's unit, from the standard error of the change. */
export function detectableMean(error: number, aim: Aim): number {
  return reach(aim, error, error);
}

/** How far a change must reach, given the standard error without a change and with it. */
function reach(aim: Aim, none: number, real: number): number {
  return normalQuantile(1 - aim.alpha / 2) * none + normalQuantile(aim.power) * real;
}

/** Where a falling function crosses zero between 0 and `end`; null when it does not. */
function crossing(shortfall: (distance: number) => number, end: number): number | null {
  if (!(end > 0) || !(shortfall(end) <= 0)) return null;
  let low = 0;
  let high = end;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (shortfall(middle) <= 0) high = middle;
    else low = middle;
  }
  return high;
}
