// Which entries of a run are done after it, under which names the journal keeps them, and what has become of each. Pure:
// from the pipeline and the state.
import type { NotRun, Pipeline, PostProcess } from '../pipeline/pipeline.ts';
import { hashParts } from './request-id.ts';
import { errorOfState } from './run-error.ts';
import type { EndedEntry, EntryBooks, RunState } from './state.ts';

/** Whose entries are meant. `own`: those that count for the run; `unknown`: nobody asked for them when the run began. */
export interface EntryScope {
  readonly kind: 'own' | 'joined' | 'unknown';
  /** The snapshot that has them. */
  readonly by: string;
  /** Somebody vouched for its scripts. */
  readonly isTrusted: boolean;
  readonly books: EntryBooks;
}

/**
 * The entries of whoever looks at the run by the gates of `judgedBy`; null: as the run says. A script is run for the commits
 * that have it, and what one commit brings is neither done nor shown for another.
 */
export function scopeOf(
  { postProcess, snapshot, reportSnapshot }: RunState,
  judgedBy: string | null,
): EntryScope {
  const { trusted, joined } = postProcess;
  const own = trusted ?? (judgedBy === snapshot ? snapshot : reportSnapshot);
  if (judgedBy === null || judgedBy === own)
    return { kind: 'own', by: own, isTrusted: trusted !== null, books: postProcess };
  const books = joined.get(judgedBy);
  return books === undefined
    ? { kind: 'unknown', by: judgedBy, isTrusted: false, books: { begun: null, ended: new Map() } }
    : { kind: 'joined', by: judgedBy, isTrusted: books.isTrusted, books };
}

/** An entry to be done. `key`: digest of it and of all before it, for each works on what those left. */
export interface PlannedEntry {
  readonly index: number;
  readonly key: string;
  readonly entry: PostProcess;
}

/** What is done, in this order, and what is left out. */
export interface PostProcessPlan {
  readonly entries: readonly PlannedEntry[];
  readonly leftOut: readonly NotRun[];
}

const NOT_TRUSTED =
  'a script runs where somebody vouches for its code: on the command line and for pushed branches, under a policy only ' +
  'where that says scripts: true, and never for a fork';

const NOT_ASKED =
  'the run goes on with the entries of another commit: start the job of this one again, and its own are done';

/** The plan of a run; `pipeline` is that of the scope's snapshot. */
export function planPostProcess(
  pipeline: Pipeline,
  state: RunState,
  scope: EntryScope = scopeOf(state, null),
): PostProcessPlan {
  const all = pipeline.postProcess ?? [];
  if (!state.finished || state.shard !== null || all.length === 0) return { entries: [], leftOut: [] };
  if (errorOfState(state) !== null) {
    const reason = 'the run ended before all its units were over';
    return { entries: [], leftOut: all.map(({ name }) => ({ name, reason })) };
  }
  if (scope.kind === 'unknown')
    return { entries: [], leftOut: all.map(({ name }) => ({ name, reason: NOT_ASKED })) };
  const mayRun = (entry: PostProcess): boolean => entry.kind !== 'script' || scope.isTrusted;
  // What another commit has made is not taken for its own, though the entries read the same: it has gates of its own.
  const first = scope.kind === 'own' ? '' : scope.by;
  const entries: PlannedEntry[] = [];
  for (const entry of all.filter(mayRun)) {
    const before = entries.at(-1)?.key ?? first;
    const key = hashParts(['octobatch-post-process-1', before, JSON.stringify(entry)]).slice(0, 32);
    entries.push({ index: entries.length, key, entry });
  }
  const leftOut = all.filter((entry) => !mayRun(entry));
  return { entries, leftOut: leftOut.map(({ name }) => ({ name, reason: NOT_TRUSTED })) };
}

/** What an entry came to; null: it is not done. */
export function endedEntry({ ended }: EntryBooks, { key }: PlannedEntry): EndedEntry | null {
  return ended.get(key) ?? null;
}

/** How many entries, from the first on, are done. With `again`: up to the first script that failed. */
export function countDone(books: EntryBooks, entries: readonly PlannedEntry[], again: boolean): number {
  const isDone = (planned: PlannedEntry): boolean => {
    const ended = endedEntry(books, planned);
    return ended !== null && !(again && !ended.ok && ended.kind === 'script');
  };
  const first = entries.findIndex((planned) => !isDone(planned));
  return first < 0 ? entries.length : first;
}
