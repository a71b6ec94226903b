// The port to a unit's random numbers, and the draws built on it. It owns no generator: streams come from outside.

/** Where random bits come from. `double` has 53 random bits and lies in [0, 1). */
export interface RandomSource {
  /** 32 random bits, as 0 to 2^32 - 1. */
  uint32(): number;
  /** A multiple of 2^-53 in [0, 1). */
  double(): number;
}
