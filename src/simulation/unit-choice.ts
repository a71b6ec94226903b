// The only units of a plan that are run, as ranges of their places in the canonical order. A choice renumbers them without
// gaps; who they are does not change, and so neither do their draws.

/** Chosen places, in their order. */
export interface UnitChoice {
  readonly count: number;
  /** Place in the whole plan of the chosen unit `index`, 0 to `count` - 1. */
  placeOf(index: number): number;
}

/** Reads a choice such as `0-99,105`. Throws a RangeError when it is none, or names a place from `limit` on. */
export function readChoice(text: string, limit: number): UnitChoice {
  const starts: number[] = [];
  const firsts: number[] = [];
  let count = 0;
  let last = -1;
  for (const part of text.split(',')) {
    const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (match === null || from > to || from <= last || to >= limit)
      throw new RangeError(`"${part}" is no range of the ${limit} units`);
    starts.push(from);
    firsts.push(count);
    count += to - from + 1;
    last = to;
  }
  return {
    count,
    placeOf(index) {
      let low = 0;
      let high = firsts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (firsts[middle]! <= index) low = middle;
        else high = middle - 1;
      }
      return starts[low]! + index - firsts[low]!;
    },
  };
}

/** The text of a choice; `places` in ascending order, each once. */
export function formatChoice(places: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < places.length; ) {
    let end = i;
    while (end + 1 < places.length && places[end + 1] === places[end]! + 1) end++;
    parts.push(end === i ? `${places[i]}` : `${places[i]}-${places[end]}`);
    i = end + 1;
  }
  return parts.join(',');
}
