// Several questions asked of one run: p-values corrected for how many were asked. Order in is order out.

/** p-values in the order of the questions, each times the questions left at its turn, never falling (Holm 1979). */
export function holm(ps: readonly number[]): number[] {
  const adjusted = new Array<number>(ps.length);
  let highest = 0;
  ascending(ps).forEach((at, turn) => {
    highest = Math.max(highest, Math.min(1, (ps[at] as number) * (ps.length - turn)));
    adjusted[at] = highest;
  });
  return adjusted;
}

/** Bounds the share of false alarms among alarms, for metrics that are only looked at (Benjamini and Hochberg 1995). */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const adjusted = new Array<number>(ps.length);
  let lowest = 1;
  const order = ascending(ps);
  for (let turn = ps.length - 1; turn >= 0; turn--) {
    const at = order[turn] as number;
    lowest = Math.min(lowest, ((ps[at] as number) * ps.length) / (turn + 1));
    adjusted[at] = lowest;
  }
  return adjusted;
}

function ascending(ps: readonly number[]): number[] {
  return ps.map((_, at) => at).sort((a, b) => (ps[a] as number) - (ps[b] as number) || a - b);
}

/** One question's answer in the family, and the confidence of the interval that shows the same answer. */
export interface HolmDecision {
  readonly adjusted: number;
  readonly rejected: boolean;
  /** 1 - alpha over the questions left when its turn came, or when the turns ended. */
  readonly confidence: number;
}

/**
 * Holm's decisions at family level `alpha`, with the confidence at which each question's interval excludes what its p
 * tests exactly when it is rejected: an interval of that confidence never contradicts the decision beside it. That some
 * question is rejected is the same as that some interval at 1 - alpha / questions excludes it. For one-sided p-values
 * the confidence is that of a one-sided bound; a two-sided interval with the same end has 2 confidence - 1.
 */
export function decideHolm(ps: readonly number[], alpha: number): HolmDecision[] {
  const adjusted = holm(ps);
  const decisions = new Array<HolmDecision>(ps.length);
  let left = ps.length;
  for (const at of ascending(ps)) {
    const level = alpha / left;
    // The p itself decides, as it does for the interval; the adjusted one may round to the other side.
    const rejected = (ps[at] as number) <= level;
    decisions[at] = { adjusted: adjusted[at] as number, rejected, confidence: 1 - level };
    if (rejected) left--;
    // Once one is not rejected the turns end: those after it are larger, and keep its level.
  }
  return decisions;
}
