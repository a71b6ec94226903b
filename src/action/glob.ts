// Patterns of paths: `*` and `?` within one name, `**` for any number of folders. Every match costs at most the product
// of the two lengths, whoever wrote the pattern. Names that begin with a dot are only matched by such a pattern.

/** A folder's name that stands for any number of folders. */
export const ANY_FOLDERS = '**';

/** True when a text is a pattern and not a path. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text);
}

/** True when a name matches a pattern without slashes. */
export function matchesName(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  return matches([...pattern], [...name], '*', (sign, letter) => sign === '?' || sign === letter);
}

/** True when the names of a path match the parts of a pattern. */
export function matchesPath(pattern: readonly string[], names: readonly string[]): boolean {
  return matches(pattern, names, ANY_FOLDERS, matchesName, (name) => !name.startsWith('.'));
}

/**
 * Matches a row against a pattern in which `star` stands for any number of elements that it may `swallow`. What a star
 * has swallowed is only ever taken back as far as the last one: enough, for what is left is matched from there again.
 */
function matches(
  pattern: readonly string[],
  row: readonly string[],
  star: string,
  matchesOne: (sign: string, element: string) => boolean,
  swallows: (element: string) => boolean = () => true,
): boolean {
  let [at, place] = [0, 0];
  let [lastStar, swallowed] = [-1, 0];
  while (place < row.length) {
    if (pattern[at] === star) {
      lastStar = at++;
      swallowed = place;
    } else if (at < pattern.length && matchesOne(pattern[at]!, row[place]!)) {
      at++;
      place++;
    } else {
      if (lastStar < 0 || !swallows(row[swallowed]!)) return false;
      at = lastStar + 1;
      place = ++swallowed;
    }
  }
  return pattern.slice(at).every((sign) => sign === star);
}
