// Finds runs on disk by what a person calls them: an id, a name, a folder, the beginning of an id, or nothing for all of
// them. The one place that knows which of these counts; it reads no journal.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { usageError } from './arguments.ts';
import { readNames } from './run-names.ts';

/** Ids that are listed for whoever named none of them. */
const MOST_LISTED = 10;

/** Folders of all runs kept under `root`, by id; those that were archived are elsewhere. */
export function listRuns(root: string): Promise<string[]> {
  return runsIn(join(root, 'runs'));
}

/** Folders of the runs that were put away under `root`, by id. */
export function listArchived(root: string): Promise<string[]> {
  return runsIn(join(root, 'archive'));
}

/** Where the run of that id is when it is not put away. */
export function activeFolder(root: string, run: string): string {
  return join(root, 'runs', run);
}

/** Where the run of that id is when it is put away. */
export function archivedFolder(root: string, run: string): string {
  return join(root, 'archive', run);
}

/** True when the run of that id was put away. */
export function isArchived(root: string, run: string): boolean {
  return isSafe(run) && isRun(archivedFolder(root, run));
}

/**
 * The folder of a run. What it is called is, in this order, its id, its name, its folder, or the beginning of one id and of
 * no other. `among`: whether a run that was archived will do. Throws a ConfigurationError that lists what there is.
 */
export async function findRun(
  root: string,
  called: string,
  among: 'at hand' | 'all' = 'at hand',
): Promise<string> {
  const active = await listRuns(root);
  const archived = await listArchived(root);
  const folders = new Map([...archived, ...active].map((folder) => [basename(folder), folder]));
  const ids = [...folders.keys()];
  const exact = folders.has(called) ? called : (await readNames(root)).get(called);
  const named = exact === undefined ? undefined : folders.get(exact);
  if (named === undefined && isRun(called)) return called;
  const found = named ?? folders.get(onlyMatch(ids, called) ?? '');
  if (found === undefined) throw unknownRun(called, active);
  if (among === 'all' || !archived.includes(found) || active.includes(found)) return found;
  const run = basename(found);
  throw usageError('run', `run ${run} is archived`, `bring it back first: archive --undo ${run}`);
}

/** The folders of runs, found one by one. */
export async function findRuns(
  root: string,
  names: readonly string[],
  among: 'at hand' | 'all' = 'at hand',
): Promise<string[]> {
  const folders: string[] = [];
  for (const name of names) {
    const folder = await findRun(root, name, among);
    if (!folders.includes(folder)) folders.push(folder);
  }
  return folders;
}

/** The id that is `called` so, or that alone begins so; null: none. Throws a ConfigurationError when several begin so. */
export function onlyMatch(ids: readonly string[], called: string): string | null {
  if (called === '') return null;
  if (ids.includes(called)) return called;
  const matches = ids.filter((id) => id.startsWith(called));
  if (matches.length < 2) return matches[0] ?? null;
  const shown = matches.slice(0, MOST_LISTED).join(', ');
  const more = matches.length > MOST_LISTED ? `, and ${matches.length - MOST_LISTED} more` : '';
  throw usageError(
    'run',
    `"${called}" is the beginning of ${matches.length} runs`,
    `say which: ${shown}${more}`,
  );
}

function unknownRun(called: string, active: readonly string[]): Error {
  const known = active.map((folder) => basename(folder));
  const more = known.length > MOST_LISTED ? ` and ${known.length - MOST_LISTED} more; list shows them` : '';
  const fix =
    known.length === 0
      ? 'start one with `run`'
      : `known runs: ${known.slice(0, MOST_LISTED).join(', ')}${more}`;
  return usageError('run', `there is no run "${called}"`, fix);
}

async function runsIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).sort();
  return names.map((name) => join(folder, name)).filter(isRun);
}

function isRun(directory: string): boolean {
  return existsSync(join(directory, 'journal'));
}

function isSafe(run: string): boolean {
  return run !== '' && !run.includes('..') && !/[/\\]/.test(run);
}
