// Tail probabilities that p-values are made of. Each keeps its relative digits far out; none of them sees a sample.
import { incompleteBeta, incompleteGammaTail } from './special.ts';

/** P(Z >= z) for a standard normal Z. */
export function normalTail(z: number): number {
  const half = incompleteGammaTail(0.5, (z * z) / 2) / 2;
  return z >= 0 ? half : 1 - half;
}

/** P(|T| >= |t|) for Student's t with `degrees` > 0 degrees of freedom; 0 for an infinite t. */
export function studentTwoSided(t: number, degrees: number): number {
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  // Of the two forms of the same probability, each keeps its digits on one side.
  return square < degrees
    ? 1 - incompleteBeta(0.5, degrees / 2, square / (degrees + square))
    : incompleteBeta(degrees / 2, 0.5, degrees / (degrees + square));
}

/** P(X >= x) for chi-square with `degrees` > 0 degrees of freedom. */
export function chiSquareTail(x: number, degrees: number): number {
  return incompleteGammaTail(degrees / 2, x / 2);
}
