// How many units there are at each step of a run that fans out. It counts what a report holds, and words none of it.

interface Stepped {
  readonly units: { readonly planned: number; readonly sources?: number };
  readonly steps: readonly { readonly children?: number }[];
}

/** Steps with what is on its way at each. */
type Moving = readonly { readonly children?: number; readonly inFlight: number }[];

/** Of each step, the units that would come to it if none were lost: those planned, or the children made so far. */
export function unitsAt({ units, steps }: Stepped): readonly number[] {
  let count = units.sources ?? units.planned;
  return steps.map(({ children }) => {
    const here = count;
    count = children ?? count;
    return here;
  });
}

/** True while units may still come to a step: some are on their way at one before it. */
export function isAwaited(steps: Moving, at: number): boolean {
  return steps.slice(0, at).some(({ inFlight }) => inFlight > 0);
}

/** True while a fan-out may still make more units of a step than there are. */
export function isGrowing(steps: Moving, at: number): boolean {
  const split = steps.slice(0, at).findLastIndex(({ children }) => children !== undefined);
  return split >= 0 && isAwaited(steps, split + 1);
}
