// What coupled draws brought: the variance of an estimate as it was made, held against that of as many independent units.
// It measures from the values themselves, so that a coupling that did harm shows a factor below 1.

/**
 * Values of units that were drawn together. `antithetic`: a repetition and its mirror image; the mean is estimated.
 * `common`: two groups' units on the same stream; the mean difference, first less second, is estimated. `stratified`: the
 * values of each stratum of each item, of which all weigh the same; the mean is estimated.
 */
export type CoupledSample =
  | { readonly kind: 'antithetic' | 'common'; readonly pairs: readonly (readonly [number, number])[] }
  | { readonly kind: 'stratified'; readonly strata: readonly (readonly number[])[] };

/** An estimate with its standard error, and the one that as many independent units would have had. */
export interface VarianceGain {
  readonly estimate: number;
  readonly error: number;
  readonly independentError: number;
  /**
   * Ratio of the variances: how many times as many independent units would tell as much. Infinity when the coupled
   * estimate has no variance left, 1 when neither has any.
   */
  readonly factor: number;
}

/** The gain of a coupling; null below two pairs, or where a stratum has fewer than two values. */
export function gainOf(sample: CoupledSample): VarianceGain | null {
  switch (sample.kind) {
    case 'antithetic':
      return pairedGain(sample.pairs, 0.5, 0.5);
    case 'common':
      return pairedGain(sample.pairs, 1, -1);
    case 'stratified':
      return stratifiedGain(sample.strata);
    default:
      return sample satisfies never;
  }
}

// The mean of a x + b y over independent pairs: s^2(a x + b y) / n against (a^2 s^2(x) + b^2 s^2(y)) / n.
function pairedGain(
  pairs: readonly (readonly [number, number])[],
  a: number,
  b: number,
): VarianceGain | null {
  const n = pairs.length;
  if (n < 2) return null;
  const joint = momentsOf(pairs.map(([x, y]) => a * x + b * y));
  const first = momentsOf(pairs.map(([x]) => x));
  const second = momentsOf(pairs.map(([, y]) => y));
  const independent = a * a * first.variance + b * b * second.variance;
  return gain(joint.mean, joint.variance / n, independent / n);
}

// Cochran 1977, 5.3 and 5A.11: the mean of the strata's means has the variance sum(s_h^2 / m_h) / k^2. That of one unit is
// the mean of the s_h^2 and the spread of the strata's means, less what of that spread is their own error.
function stratifiedGain(strata: readonly (readonly number[])[]): VarianceGain | null {
  const k = strata.length;
  if (k === 0 || strata.some((values) => values.length < 2)) return null;
  const moments = strata.map(momentsOf);
  const units = strata.reduce((sum, values) => sum + values.length, 0);
  const estimate = meanOf(moments.map(({ mean }) => mean));
  const within = meanOf(moments.map(({ variance }) => variance));
  const errors = meanOf(moments.map(({ variance }, h) => variance / strata[h]!.length));
  const between = meanOf(moments.map(({ mean }) => (mean - estimate) ** 2)) - (1 - 1 / k) * errors;
  return gain(estimate, errors / k, Math.max(0, within + between) / units);
}

function gain(estimate: number, variance: number, independent: number): VarianceGain {
  const factor = variance === 0 ? (independent === 0 ? 1 : Number.POSITIVE_INFINITY) : independent / variance;
  return { estimate, error: Math.sqrt(variance), independentError: Math.sqrt(independent), factor };
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / (values.length - 1) };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
