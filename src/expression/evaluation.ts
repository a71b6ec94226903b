// What one unit may use while its expressions run: fuel, limits, depth and its stream of random numbers.
import { raiseLimit } from './errors.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { RandomSource } from './random.ts';

/** The resources of one unit. Create one per unit: fuel is not given back. */
export class Evaluation {
  readonly random: RandomSource | null;
  readonly limits: Limits;
  /** Steps left. */
  fuel: number;
  /** Current depth of calls and of nested data. */
  depth: number = 0;
  /** Offset, in the running expression's source, of the operation that may fail next. */
  at: number = 0;

  constructor(random: RandomSource | null, limits: Limits) {
    this.random = random;
    this.limits = limits;
    this.fuel = limits.fuel;
  }
}

/** A fresh evaluation. `random: null` makes every draw an error. */
export function createEvaluation(options: {
  random: RandomSource | null;
  limits?: Partial<Limits>;
}): Evaluation {
  const { random, limits } = options;
  return new Evaluation(random, limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...limits });
}

/** Uses fuel; throws LimitError when none is left. */
export function spend(evaluation: Evaluation, steps: number): void {
  if ((evaluation.fuel -= steps) < 0) raiseLimit(`more than ${evaluation.limits.fuel} steps`);
}

/** Admits a collection of that size and pays for it. */
export function admitItems(evaluation: Evaluation, count: number): void {
  if (count > evaluation.limits.collection) {
    raiseLimit(`a collection of ${count} items (limit ${evaluation.limits.collection})`);
  }
  spend(evaluation, count);
}

/** Admits a string of that many UTF-16 units and pays for it. */
export function admitText(evaluation: Evaluation, length: number): void {
  if (length > evaluation.limits.stringLength) {
    raiseLimit(`a string of ${length} characters (limit ${evaluation.limits.stringLength})`);
  }
  // A long string is built by copying memory, which is far cheaper than other steps.
  spend(evaluation, length >> 6);
}

/** Pays for work on an integer that grows with the square of its bits: its text, its root, its powers. */
export function spendSquare(evaluation: Evaluation, bits: number): void {
  const words = bits >> 5;
  spend(evaluation, 1 + ((words * words) >> 6));
}

/** Goes one level down; pair with `leave`. */
export function enter(evaluation: Evaluation): void {
  if (++evaluation.depth > evaluation.limits.depth) {
    evaluation.depth--;
    raiseLimit(`nested deeper than ${evaluation.limits.depth} levels`);
  }
}

/** Comes one level up. */
export function leave(evaluation: Evaluation): void {
  evaluation.depth--;
}
