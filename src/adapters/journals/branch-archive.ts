// All runs of a state branch: those that are not put away, those that are, and the step from the one to the other. A run
// that cannot be read keeps no other from being read.
import type { JournalEvent } from '../../engine/events.ts';
import { JournalError } from '../../engine/state.ts';
import type { BlobPlace } from '../../ports/blobs.ts';
import type { StateBranch } from '../../ports/state-branch.ts';
import {
  archivePath,
  countSegments,
  isRunName,
  readSegments,
  readShownName,
  runFolder,
  SHOWN_FOLDER,
  segmentPath,
  shownName,
  splitSegments,
  writeSegment,
} from './branch-segments.ts';

/** What the branch holds of a run. */
export interface StoredRun {
  readonly events: readonly JournalEvent[];
  readonly places: readonly BlobPlace[];
  readonly version: number;
}

/** What was read of a run, and the files it was read from. */
interface Read {
  readonly files: ReadonlyMap<string, string>;
  readonly stored: StoredRun | JournalError;
}

/** What was read of a branch last: of hundreds of runs a job changes one at a time. */
const lastRead = new WeakMap<StateBranch, ReadonlyMap<string, Read>>();

/** Every run that is not put away, by its id; a JournalError for one that cannot be read. */
export async function readRuns(branch: StateBranch): Promise<ReadonlyMap<string, StoredRun | JournalError>> {
  const before = lastRead.get(branch);
  const now = new Map<string, Read>();
  for (const [run, files] of filesByRun(await branch.files('runs'))) {
    const known = before?.get(run);
    const isSame = known !== undefined && sameFiles(known.files, files);
    now.set(run, isSame ? known : { files, stored: readRun(run, files) });
  }
  lastRead.set(branch, now);
  return new Map([...now].map(([run, { stored }]) => [run, stored]));
}

/** The same, from the files below `runs`. */
export function runsIn(files: ReadonlyMap<string, string>): ReadonlyMap<string, StoredRun | JournalError> {
  return new Map([...filesByRun(files)].map(([run, segments]) => [run, readRun(run, segments)]));
}

function sameFiles(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([name, text]) => other.get(name) === text);
}

/** The files of each run, by their names in its folder. */
function filesByRun(files: ReadonlyMap<string, string>): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const byRun = new Map<string, Map<string, string>>();
  for (const [path, text] of files) {
    const [, run, name, ...deeper] = path.split('/');
    if (run === undefined || name === undefined || deeper.length > 0) continue;
    byRun.set(run, (byRun.get(run) ?? new Map()).set(name, text));
  }
  return byRun;
}

function readRun(run: string, files: ReadonlyMap<string, string>): StoredRun | JournalError {
  try {
    return storedRun(runFolder(run), run, files);
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
}

function storedRun(folder: string, run: string, files: ReadonlyMap<string, string>): StoredRun {
  if (!isRunName(run)) throw new JournalError(`${folder} on the state branch is no run of Octobatch.`);
  const count = countSegments(run, [...files.keys()]);
  const segments = Array.from({ length: count }, (_, at) => {
    const path = segmentPath(run, at + 1);
    return readSegments(path, run, files.get(path.slice(folder.length + 1)) ?? '');
  }).flat();
  return {
    events: segments.flatMap((segment) => segment.events),
    places: segments.flatMap((segment) => segment.blobs),
    version: segments.length,
  };
}

/** Ids of the runs that are put away. */
export async function listArchived(branch: StateBranch): Promise<readonly string[]> {
  const names = await branch.names('done');
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .filter(isRunName);
}

/** A run that is put away; null: there is none of that id. Throws a JournalError when it cannot be read. */
export async function readArchived(branch: StateBranch, run: string): Promise<StoredRun | null> {
  const path = archivePath(run);
  const text = await branch.file(path);
  if (text === null) return null;
  const segments = readSegments(path, run, text);
  return {
    events: segments.flatMap((segment) => segment.events),
    places: segments.flatMap((segment) => segment.blobs),
    version: segments.length,
  };
}

/**
 * Puts a run away that has this number of events, and writes `extra` (text by path) in the same commit. A conflict: the
 * run went on meanwhile, or is put away already.
 */
export async function archiveRun(
  branch: StateBranch,
  run: string,
  extra: ReadonlyMap<string, string>,
  events: number,
): Promise<'committed' | 'conflict'> {
  const folder = runFolder(run);
  const files = await branch.files(folder);
  const stored = files.size === 0 ? null : storedRun(folder, run, byName(folder, files));
  if (stored === null || stored.events.length !== events) {
    branch.refresh();
    return 'conflict';
  }
  const texts = Array.from({ length: stored.version }, (_, at) => files.get(segmentPath(run, at + 1)) ?? '');
  return await branch.commit({
    message: `${run}: done`,
    write: new Map([...extra, [archivePath(run), texts.map(withLineEnd).join('')]]),
    remove: [...files.keys()],
    expects: [folder, archivePath(run)],
  });
}

/**
 * Makes a run that is put away one that is not, with what happened to it since; `places` are those of the blobs that speaks
 * of. Does nothing when it is not put away. A conflict: another job has done something with it.
 */
export async function reopenRun(
  branch: StateBranch,
  run: string,
  news: readonly JournalEvent[],
  places: readonly BlobPlace[],
): Promise<'committed' | 'conflict'> {
  const path = archivePath(run);
  const text = await branch.file(path);
  if (text === null) return 'committed';
  const segments = [...splitSegments(text), writeSegment(news, places)];
  return await branch.commit({
    message: `${run}: not shown yet`,
    write: new Map(segments.map((segment, at) => [segmentPath(run, at + 1), segment])),
    remove: [path],
    expects: [runFolder(run), path],
  });
}

function byName(folder: string, files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...files].map(([path, text]) => [path.slice(folder.length + 1), text]));
}

function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}

/** Runs that are noted as shown, and how many events they had. */
export async function readShown(branch: StateBranch): Promise<ReadonlyMap<string, number>> {
  const notes = (await branch.names(SHOWN_FOLDER)).map(readShownName);
  return new Map(notes.filter((note) => note !== null));
}

/** Notes more of them, and forgets the notes that say nothing any more. */
export async function writeShown(branch: StateBranch, runs: ReadonlyMap<string, number>): Promise<void> {
  const open = new Set(await branch.names('runs'));
  const names = await branch.names(SHOWN_FOLDER);
  const wanted = [...runs].map(([run, events]) => shownName(run, events));
  const isStale = (name: string): boolean => {
    const [run] = readShownName(name) ?? [null];
    return run !== null && !wanted.includes(name) && (runs.has(run) || !open.has(run));
  };
  const pathOf = (name: string): string => `${SHOWN_FOLDER}/${name}`;
  const write = new Map(wanted.filter((name) => !names.includes(name)).map((name) => [pathOf(name), '\n']));
  const remove = names.filter(isStale).map(pathOf);
  const message = `${runs.size} ${runs.size === 1 ? 'run' : 'runs'} shown`;
  // Whoever else notes the same is right too.
  await branch.commit({ message, write, remove, expects: [] });
}

/** What happened to a run since it was put away, and where the blobs are that it speaks of. */
export interface Afterwards {
  readonly news: readonly JournalEvent[];
  readonly places: readonly BlobPlace[];
}

/**
 * Writes results (text by path) of a run that is put away, where they are not there yet, and adds to its journal what
 * happened since; null: nothing that anybody needs. A conflict: another job has done something with it.
 */
export async function addToArchived(
  branch: StateBranch,
  run: string,
  results: ReadonlyMap<string, string>,
  since: Afterwards | null,
): Promise<'committed' | 'conflict'> {
  const write = new Map<string, string>();
  for (const [path, text] of results) if ((await branch.file(path)) !== text) write.set(path, text);
  const journal = archivePath(run);
  const before = since === null ? null : await branch.file(journal);
  if (since !== null && before !== null)
    write.set(journal, withLineEnd(before) + writeSegment(since.news, since.places));
  if (write.size === 0) return 'committed';
  return branch.commit({ message: `${run}: shown again`, write, remove: [], expects: [...write.keys()] });
}
