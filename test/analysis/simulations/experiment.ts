// An experiment is repeated with seeded chance, and how often something happened is held against what theory says.

import type { Draw } from '../../../src/analysis/resampling.ts';
import { normalQuantile } from '../../../src/analysis/special.ts';
import { drawOf } from '../golden.ts';

/** What theory says of a rate: a number, near which it lies (to the tolerance of an approximation), or a bound. */
export type Theory =
  | { readonly kind: 'is'; readonly rate: number }
  | { readonly kind: 'near'; readonly rate: number; readonly within: number }
  | { readonly kind: 'at most' | 'at least'; readonly rate: number };

export interface Experiment {
  readonly name: string;
  readonly theory: Theory;
  /** Times it is repeated when everything is proved; cheap ones more often. */
  readonly times: number;
  /** Whether it happened; or a part of one, 0 to 1, of which the mean is taken: it varies no more than that. */
  readonly happens: (draw: Draw) => boolean | number;
}

export interface Outcome {
  readonly name: string;
  readonly found: string;
  readonly theory: string;
  readonly holds: boolean;
}

/**
 * Experiments about intervals of this confidence, named so. An approximation that may miss by some points at 95 % may miss
 * by half as many at 99 %.
 */
export function atConfidence(confidence: number, experiments: readonly Experiment[]): Experiment[] {
  return experiments.map(({ name, theory, ...rest }) => {
    const within = theory.kind === 'near' && confidence > 0.98 ? { within: theory.within / 2 } : {};
    return { ...rest, name: `${name}, ${confidence * 100}%`, theory: { ...theory, ...within } };
  });
}

/** Standard errors by which what was found may miss what theory says; with 60 experiments, one alarm in 10,000 runs. */
const ALLOWED = 4.8;

/** Repeats the experiment `times` times. The same times always find the same. */
export function runExperiment({ name, theory, happens }: Experiment, times: number): Outcome {
  const draw = drawOf(name);
  let hits = 0;
  for (let i = 0; i < times; i++) hits += Number(happens(draw));
  const found = hits / times;
  const error = Math.sqrt((theory.rate * (1 - theory.rate)) / times) + 1 / times;
  const slack = ALLOWED * error + (theory.kind === 'near' ? theory.within : 0);
  const away = found - theory.rate;
  const holds =
    (theory.kind === 'at least' || away <= slack) && (theory.kind === 'at most' || -away <= slack);
  const percent = (rate: number) => `${(rate * 100).toFixed(2)}%`;
  return {
    name,
    found: `${percent(found)} of ${times}`,
    theory: `${theory.kind} ${percent(theory.rate)}${theory.kind === 'near' ? `, to ${percent(theory.within)}` : ''}`,
    holds,
  };
}

/** A standard normal number. */
export function normal(draw: Draw): number {
  // Never 0 itself, whose quantile is infinite.
  return normalQuantile(draw() + 2 ** -54);
}

/** An exponential number with mean 1. */
export function exponential(draw: Draw): number {
  return -Math.log1p(-draw());
}

/** How many of n happen, each with probability p. */
export function binomial(draw: Draw, n: number, p: number): number {
  let x = 0;
  for (let i = 0; i < n; i++) if (draw() < p) x++;
  return x;
}

/** How many events come in a time in which `mean` come on average. */
export function poisson(draw: Draw, mean: number): number {
  let events = 0;
  for (let time = exponential(draw); time < mean; time += exponential(draw)) events++;
  return events;
}

/** Counts of n units dealt to places with these probabilities. */
export function multinomial(draw: Draw, n: number, chances: readonly number[]): number[] {
  const counts = chances.map(() => 0);
  for (let i = 0; i < n; i++) {
    let left = draw();
    let place = 0;
    while (place < chances.length - 1 && left >= (chances[place] as number))
      left -= chances[place++] as number;
    counts[place] = (counts[place] as number) + 1;
  }
  return counts;
}

/** n numbers made by `make`. */
export function sample(n: number, make: () => number): Float64Array {
  return Float64Array.from({ length: n }, make);
}

/** Whether the interval holds the truth. */
export function holds(interval: { readonly low: number; readonly high: number }, truth: number): boolean {
  return interval.low <= truth && truth <= interval.high;
}
