// Paths below a run's `outputs/`: an alphabet that means the same on every file system, and patterns over such paths.
// It touches no file.

const SEGMENT = /^[A-Za-z0-9_(@=+,-](?:[A-Za-z0-9_.()@=+, -]{0,118}[A-Za-z0-9_()@=+,-])?$/;
/** Names that one system keeps for its devices, with any ending. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
const MOST_SEGMENTS = 10;

/** Why a path cannot be one below `outputs/`, in words that follow it; null when it can. */
export function outputPathProblem(path: string): string | null {
  if (path === '') return 'is empty';
  if (/^(?:[/\\]|[A-Za-z]:)/.test(path)) return 'is an absolute path';
  const segments = path.split('/');
  if (segments.includes('..')) return 'leaves the folder';
  if (segments.length > MOST_SEGMENTS) return `has more than ${MOST_SEGMENTS} parts`;
  if (!segments.every((segment) => SEGMENT.test(segment)))
    return 'has a part that is no name: letters, digits and _ - . ( ) @ = + , or a space within, at most 120';
  return segments.some((segment) => DEVICE.test(segment)) ? 'has a part that is the name of a device' : null;
}

/** The parts of a path made into such a name: what is not in the alphabet becomes `_`. */
export function outputName(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9_.()@=+, -]+/g, '_')
    .slice(0, 100)
    .replace(/^[. ]+|[. ]+$/g, '');
  return outputPathProblem(name) === null ? name : 'output';
}

/** True when a path matches a pattern: `*` and `?` within a part, `**` for any parts, also none. */
export function matchesPattern(pattern: string, path: string): boolean {
  return matchParts(pattern.split('/'), path.split('/'));
}

// Both loops go on from the last star only, so that no pattern takes more than the product of the two lengths.
function matchParts(pattern: readonly string[], path: readonly string[]): boolean {
  return matchWild(pattern, path, (part) => part === '**', matchName);
}

function matchName(pattern: string, name: string): boolean {
  const isOne = (one: string, letter: string): boolean => one === '?' || one === letter;
  return matchWild([...pattern], [...name], (letter) => letter === '*', isOne);
}

function matchWild(
  pattern: readonly string[],
  text: readonly string[],
  isStar: (one: string) => boolean,
  isOne: (one: string, of: string) => boolean,
): boolean {
  let [at, place, star, from] = [0, 0, -1, 0];
  while (place < text.length) {
    const one = pattern[at];
    if (one !== undefined && isStar(one)) {
      star = at++;
      from = place;
    } else if (one !== undefined && isOne(one, text[place]!)) {
      at++;
      place++;
    } else if (star >= 0) {
      at = star + 1;
      place = ++from;
    } else return false;
  }
  return pattern.slice(at).every(isStar);
}
