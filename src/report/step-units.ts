// How many units there are at each step of a run that fans out. It counts what a report holds, and words none of it.

interface Stepped {
  readonly units: { readonly planned: number; readonly sources?: number };
  readonly steps: readonly { readonly children?: number }[];
}

/** Of each step, the units that would come to it if none were lost: those planned, or the children made so far. */
export function unitsAt({ units, steps }: Stepped): readonly number[] {
  let count = units.sources ?? units.planned;
  return steps.map(({ children }) => {
    const here = count;
    count = children ?? count;
    return here;
  });
}
