// Shards in their directories: the end of a shard's job, and the collector, which goes on with shards one by one until all
// are there and ready, then merges them into the run's own directory.
import { join } from 'node:path';
import { linkBlobs, openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { mergeShards } from '../engine/perform-shard.ts';
import { formatShard, isMergeable, missingShards, sayMissing, wholeRunId } from '../engine/shard.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import type { Report } from '../report/report.ts';
import { EXIT, exitCodeOf, type FailOn } from './exit-code.ts';
import { listRuns } from './runs.ts';
import { listUnfinished } from './status.ts';

type ShardState = NonNullable<RunState['shard']>;

/**
 * The exit code of a shard's job. Gates are judged over the whole run only, and what a slice of the ceiling is too small
 * for waits for the whole.
 */
export function exitCodeOfPart(report: Report, shard: ShardState | null, failOn: FailOn): number {
  if (shard === null) return exitCodeOf(report, failOn);
  return report.error?.kind === 'budget' ? EXIT.pending : exitCodeOf(report, 'never');
}

/** What is to be known about the report of a shard, as lines for a person; '' when the run is none. */
export function formatShardNote(report: Report, shard: ShardState | null): string {
  if (shard === null) return '';
  const slice =
    report.error?.kind === 'budget'
      ? 'Its slice of the ceiling is used up; the merged run has the whole ceiling, and goes on.\n'
      : '';
  return `This is shard ${formatShard(shard)} of the run. collect merges all ${shard.of} when they are in one place; gates are judged then.\n${slice}`;
}

/**
 * Goes on with every unfinished run below `root`: with shards that have not done what they can, then, merged, with those
 * that are complete, then with the rest. `goOn` works on the run in a folder and gives its exit code; `say` hears why
 * shards were not merged. So many runs at once as there are `lanes`: most of the time is spent waiting for the disk and
 * for providers.
 */
export async function collectAll(
  root: string,
  options: RunPlaceOptions,
  goOn: (folder: string) => Promise<number>,
  say: (line: string) => void,
  lanes = 1,
): Promise<number[]> {
  const codes = new Map<string, number>();
  const states = await readStates(root, options);
  const shards = shardsAmong(states);
  for (const { directory, state } of shards)
    if (!state.finished && !state.shard.submitted) codes.set(directory, await goOn(directory));
  if (shards.length > 0) {
    const { merged, notes } = await mergeReady(root, options);
    for (const directory of merged) codes.delete(directory);
    notes.forEach(say);
  }
  // With shards about, runs are no longer what they were.
  const known = shards.length > 0 ? new Map<string, RunState>() : states;
  const left = (await listUnfinished(root, options, known)).filter((directory) => !codes.has(directory));
  const next = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) codes.set(one, await goOn(one));
  };
  await Promise.all(Array.from({ length: lanes }, next));
  return [...codes.values()];
}

/** Merges the shards below `root` whose runs are complete. Gives the folders of shards that are merged now. */
export async function mergeReady(
  root: string,
  options: RunPlaceOptions,
): Promise<{ readonly merged: readonly string[]; readonly notes: readonly string[] }> {
  const merged: string[] = [];
  const notes: string[] = [];
  for (const parts of groupShards(shardsAmong(await readStates(root, options)))) {
    const run = wholeRunId(parts[0]!.state);
    const note = await mergeRun(join(root, 'runs', run), parts, options).catch(reasonOf);
    if (note === null) merged.push(...parts.map(({ directory }) => directory));
    else notes.push(`Run ${run} is not merged yet: ${note}.`);
  }
  return { merged, notes };
}

/** What does not belong together keeps no other run from being merged. */
function reasonOf(error: unknown): string {
  if (error instanceof JournalError) return error.message.replace(/\.$/, '');
  throw error;
}

interface ShardFolder {
  readonly directory: string;
  readonly state: RunState & { readonly shard: ShardState };
}

/** Merges the shards of one run into `directory`. Gives why it did not; null: they are merged. */
async function mergeRun(
  directory: string,
  parts: readonly ShardFolder[],
  options: RunPlaceOptions,
): Promise<string | null> {
  const { of } = parts[0]!.state.shard;
  const names = parts.map(({ state }) => state.shard);
  const missing = missingShards(names, of);
  if (missing.length > 0) {
    const [verb, pronoun] = missing.length === 1 ? ['is', 'it'] : ['are', 'them'];
    return `${sayMissing(missing, of)} ${verb} not here; run ${pronoun}, or bring the folder`;
  }
  const unready = parts.filter(({ state }) => !isMergeable(state)).map(({ state }) => state.shard.index);
  if (unready.length > 0)
    return `${sayMissing(unready, of)} ${unready.length === 1 ? 'is' : 'are'} still worked on; collect again`;
  const places = [directory, ...parts.map((part) => part.directory)].map((folder) =>
    openRunPlace(folder, { ...options, workerEntry: null }),
  );
  try {
    const [whole, ...shards] = places;
    const bringBlobs = async (): Promise<void> => {
      for (const part of parts) await linkBlobs(join(part.directory, 'blobs'), join(directory, 'blobs'));
    };
    const journals = shards.map(({ ports }) => ports.journal);
    const result = await mergeShards(journals, whole!.ports.journal, bringBlobs, whole!.ports.clock);
    if (result === 'taken') return `${directory} holds a run that was begun without its shards`;
    return result === 'merged' ? null : 'one of its shards is worked on again; collect again';
  } finally {
    for (const place of places) await place.close();
  }
}

/** What can be read of the runs below `root`, by folder. */
async function readStates(root: string, options: RunPlaceOptions): Promise<ReadonlyMap<string, RunState>> {
  const found = new Map<string, RunState>();
  for (const directory of await listRuns(root)) {
    const place = openRunPlace(directory, { ...options, workerEntry: null });
    try {
      const state = foldJournal((await place.ports.journal.read()).events);
      if (state !== null) found.set(directory, state);
    } catch {
      // Whoever works on it says what is wrong with it.
    } finally {
      await place.close();
    }
  }
  return found;
}

function shardsAmong(states: ReadonlyMap<string, RunState>): ShardFolder[] {
  return [...states].flatMap(([directory, state]) =>
    state.shard === null ? [] : [{ directory, state: { ...state, shard: state.shard } }],
  );
}

/** Shards of the same run, and of the same division of it. */
export function groupShards<T extends { readonly state: RunState & { readonly shard: ShardState } }>(
  shards: readonly T[],
): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of shards) {
    const name = `${wholeRunId(one.state)} ${one.state.shard.of}`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()];
}
