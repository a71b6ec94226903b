// "Did you mean": the known word nearest to a mistyped one. It guesses only when the guess is likely right.

/** The known word nearest to `word`, or null when none is close (about one slip in three letters). */
export function nearest(word: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** How to mend an unknown word: the likely one, or the list of known ones. */
export function suggestion(word: string, known: readonly string[], noun: string): string {
  const near = nearest(word, known);
  if (near !== null) return `did you mean '${near}'?`;
  const shown = known.slice(0, 20).join(', ');
  return known.length === 0 ? `there are no ${noun}` : `${noun}: ${shown}${known.length > 20 ? ', ...' : ''}`;
}

// Optimal string alignment: insert, delete, replace, swap of neighbours; each costs 1.
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
