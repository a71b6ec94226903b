// Lengths of time as people say them. It reads no clock.

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** Milliseconds in the two largest units that say something: `2 h 10 min`, `45 s`, `under 1 s`. */
export function formatAge(ms: number): string {
  const first = UNITS.findIndex(([, size]) => ms >= size);
  if (first < 0) return 'under 1 s';
  let rest = ms;
  const words: string[] = [];
  for (const [name, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count} ${name}`);
  }
  return words.join(' ');
}

/** How long ago, or how long from now. */
export function formatSince(at: number, now: number): string {
  if (at > now) return `in ${formatAge(at - now)}`;
  return now - at < 1000 ? 'just now' : `${formatAge(now - at)} ago`;
}
