// Finds runs on disk by what a person calls them: an id, a folder, or nothing for all of them.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from './arguments.ts';

/** Folders of all runs kept under `root`, by name. */
export async function listRuns(root: string): Promise<string[]> {
  const folder = join(root, 'runs');
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).sort();
  return names.map((name) => join(folder, name)).filter(isRun);
}

/** The folder of a run given by its id or its folder. Throws a ConfigurationError that lists what there is. */
export async function findRun(root: string, name: string): Promise<string> {
  const inRoot = join(root, 'runs', name);
  if (!name.includes('..') && isRun(inRoot)) return inRoot;
  if (isRun(name)) return name;
  const known = (await listRuns(root)).map((path) => path.slice(join(root, 'runs').length + 1));
  const fix = known.length === 0 ? 'start one with `run`' : `known runs: ${known.slice(0, 10).join(', ')}`;
  throw usageError('run', `there is no run "${name}"`, fix);
}

/** The folders of runs given by their ids or folders. */
export async function findRuns(root: string, names: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const name of names) folders.push(await findRun(root, name));
  return folders;
}

function isRun(directory: string): boolean {
  return existsSync(join(directory, 'journal'));
}
