// Finds two different choices of items whose ids, joined with '-', read the same: 'a-b' + 'c' and 'a' + 'b-c'.
// Works on the ids, never on the product of the groups, which may be millions.

/** Two choices with one id; or the sign that there were too many near-misses to decide. */
export type IdCollision =
  | {
      readonly kind: 'collision';
      readonly id: string;
      readonly first: readonly string[];
      readonly second: readonly string[];
    }
  | { readonly kind: 'undecided' };

const JOINT = '-';
/** Ids compared before the search gives up. */
const MAX_WORK = 20_000_000;

interface State {
  readonly ahead: readonly string[];
  readonly behind: readonly string[];
  /** What `ahead` has written and `behind` has not. */
  readonly rest: string;
}

/**
 * The first collision among choices of one id from each group, or null. Ids are distinct within a group; with
 * `distinct`, no choice takes the same id twice (permutations of one group).
 */
export function collidingIds(groups: readonly (readonly string[])[], distinct: boolean): IdCollision | null {
  // Without the joint inside an id, a joined id can be split in one way only.
  if (groups.length < 2 || !groups.some((ids) => ids.some((id) => id.includes(JOINT)))) return null;
  const states = beginnings(groups, distinct);
  const seen = new Set<string>();
  let work = states.length;
  for (let state = states.pop(); state !== undefined; state = states.pop()) {
    const found = finished(state, groups, distinct);
    if (found !== null) return found;
    // Where ids may repeat, all that matters of the past is how far each side came and what is left over.
    const key = distinct ? '' : `${state.ahead.length}\0${state.behind.length}\0${state.rest}`;
    if (!distinct && seen.has(key)) continue;
    seen.add(key);
    for (const next of continued(state, groups)) states.push(next);
    work += groups[state.behind.length]?.length ?? 0;
    if (work > MAX_WORK) return { kind: 'undecided' };
  }
  return null;
}

// Both choices agree before the first position in which they differ; that prefix needs no trying out. Where ids may not
// repeat it is left open, as NUL and a number, and filled with unused ids in the end.
function beginnings(groups: readonly (readonly string[])[], distinct: boolean): State[] {
  const states: State[] = [];
  for (let position = 0; position < groups.length - 1; position++) {
    const ids = groups[position]!;
    const known = new Set(ids);
    const before = groups.slice(0, position).map((group, i) => (distinct ? `\0${i}` : group[0]!));
    for (const long of ids) {
      for (let at = long.indexOf(JOINT); at >= 0; at = long.indexOf(JOINT, at + 1)) {
        const short = long.slice(0, at);
        if (!known.has(short)) continue;
        const rest = long.slice(at + 1) + JOINT;
        states.push({ ahead: [...before, long], behind: [...before, short], rest });
      }
    }
  }
  return states;
}

function continued(state: State, groups: readonly (readonly string[])[]): State[] {
  const position = state.behind.length;
  const last = position === groups.length - 1;
  const next: State[] = [];
  for (const id of groups[position] ?? []) {
    const text = last ? id : id + JOINT;
    if (state.rest.startsWith(text)) {
      next.push({ ahead: state.ahead, behind: [...state.behind, id], rest: state.rest.slice(text.length) });
    } else if (text.startsWith(state.rest)) {
      next.push({ ahead: [...state.behind, id], behind: state.ahead, rest: text.slice(state.rest.length) });
    }
  }
  return next;
}

function finished(
  state: State,
  groups: readonly (readonly string[])[],
  distinct: boolean,
): IdCollision | null {
  if (state.rest !== '' || state.ahead.length !== groups.length || state.behind.length !== groups.length)
    return null;
  const used = new Set([...state.ahead, ...state.behind]);
  const free = groups[0]!.filter((id) => !used.has(id));
  const fill = (ids: readonly string[]): string[] =>
    ids.map((id) => (id.startsWith('\0') ? (free[Number(id.slice(1))] ?? id) : id));
  const [first, second] = [fill(state.behind), fill(state.ahead)];
  if (distinct && (repeats(first) || repeats(second) || first.some((id) => id.startsWith('\0')))) return null;
  return { kind: 'collision', id: first.join(JOINT), first, second };
}

function repeats(ids: readonly string[]): boolean {
  return new Set(ids).size < ids.length;
}
