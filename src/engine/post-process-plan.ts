// Which entries of a run are done after it, under which names the journal keeps them, and what has become of each. Pure:
// from the pipeline and the state.
import type { NotRun, Pipeline, PostProcess } from '../pipeline/pipeline.ts';
import { hashParts } from './request-id.ts';
import { errorOfState } from './run-error.ts';
import type { EndedEntry, RunState } from './state.ts';

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

/** The plan of a run; `pipeline` is that of the trusted snapshot, or else the one that the report goes by. */
export function planPostProcess(pipeline: Pipeline, state: RunState): PostProcessPlan {
  const all = pipeline.postProcess ?? [];
  if (!state.finished || state.shard !== null || all.length === 0) return { entries: [], leftOut: [] };
  if (errorOfState(state) !== null) {
    const reason = 'the run ended before all its units were over';
    return { entries: [], leftOut: all.map(({ name }) => ({ name, reason })) };
  }
  const mayRun = (entry: PostProcess): boolean =>
    entry.kind !== 'script' || state.postProcess.trusted !== null;
  const entries: PlannedEntry[] = [];
  for (const entry of all.filter(mayRun)) {
    const before = entries.at(-1)?.key ?? '';
    const key = hashParts(['octobatch-post-process-1', before, JSON.stringify(entry)]).slice(0, 32);
    entries.push({ index: entries.length, key, entry });
  }
  const leftOut = all.filter((entry) => !mayRun(entry));
  return { entries, leftOut: leftOut.map(({ name }) => ({ name, reason: NOT_TRUSTED })) };
}

/** What an entry came to; null: it is not done. */
export function endedEntry(state: RunState, { key }: PlannedEntry): EndedEntry | null {
  return state.postProcess.ended.get(key) ?? null;
}

/** How many entries, from the first on, are done. With `again`: up to the first script that failed. */
export function countDone(state: RunState, entries: readonly PlannedEntry[], again: boolean): number {
  const isDone = (planned: PlannedEntry): boolean => {
    const ended = endedEntry(state, planned);
    return ended !== null && !(again && !ended.ok && ended.kind === 'script');
  };
  const first = entries.findIndex((planned) => !isDone(planned));
  return first < 0 ? entries.length : first;
}
