// In which order groups are shown: by the value their names stand for, so that the tenth child does not come before the
// second. It groups nothing.

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/;

/** Numbers first and by size, then everything else by its text; an order of all names, for `sort`. */
export function byGroupName(a: string, b: string): number {
  const [x, y] = [sizeOf(a), sizeOf(b)];
  if (x !== y) return x < y ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function sizeOf(name: string): number {
  return NUMBER.test(name) ? Number(name) : Infinity;
}
