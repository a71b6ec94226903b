// What every seeded method shares: where its chance comes from, and how much work it may cost. It opens no stream.

/** Gives a number in [0, 1). The caller opens the stream, so that a result is the same wherever it is computed. */
export type Draw = () => number;

/** Most resamples of one test. A Monte-Carlo p of 0.01 then has a standard error of 0.001. */
export const MOST_RESAMPLES = 9_999;
/** Fewest, however large the sample is: the smallest p is then 0.01. */
export const FEWEST_RESAMPLES = 99;
/** Most steps (resamples times values) of one test; one to two seconds. */
export const MOST_STEPS = 100_000_000;
/** Resamples at least as extreme as the sample after which the rest would tell nothing new. */
const ENOUGH_HITS = 100;

/** Resamples for a test that steps through `size` values in each: 9,999 up to 10,000 values, 1,000 at 100,000. */
export function resamplesFor(size: number): number {
  const affordable = Math.floor(MOST_STEPS / Math.max(1, size));
  return Math.max(FEWEST_RESAMPLES, Math.min(MOST_RESAMPLES, affordable));
}

/** A p-value of a test, and how it was found: counted exactly, from a formula, or by that many resamples. */
export interface TestResult {
  readonly p: number;
  readonly method: 'exact' | 'asymptotic' | 'resampled';
  /** 0 unless resampled. */
  readonly resamples: number;
}

/**
 * The p of a test by resampling; `isExtreme` makes one resample of `size` values and says whether it is at least as
 * extreme as the sample. After 100 such it stops with hits / resamples, which is valid at every level (Besag and
 * Clifford 1991): a p that is not small costs little, and is right to a tenth of itself. Else it is (1 + hits) /
 * (1 + resamples), never 0 (Phipson and Smyth 2010). `mostSteps`: resamples times values, where there is less time.
 */
export function resample(size: number, isExtreme: () => boolean, mostSteps: number = MOST_STEPS): TestResult {
  const affordable = Math.max(FEWEST_RESAMPLES, Math.floor(mostSteps / Math.max(1, size)));
  const most = Math.min(resamplesFor(size), affordable);
  let hits = 0;
  for (let resamples = 1; resamples <= most; resamples++) {
    if (!isExtreme()) continue;
    hits++;
    if (hits === ENOUGH_HITS) return { p: hits / resamples, method: 'resampled', resamples };
  }
  return { p: (1 + hits) / (1 + most), method: 'resampled', resamples: most };
}
