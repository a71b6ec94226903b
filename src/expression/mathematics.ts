// Every function whose last bit could differ between machines or Node versions, in one place.

/** x ** y for doubles as Python's float power, without its error cases. */
export function power(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (x === -1 && !Number.isFinite(y)) return 1;
  return x ** y;
}
