// The names that people gave to runs: one small file for each below `names/`, so that two processes cannot give one name
// twice. A name belongs to the place where runs are kept, not to the run: nothing of it reaches results.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageError } from './arguments.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A name as it may be. Throws a ConfigurationError. */
export function readRunName(flag: string, text: string): string {
  if (NAME.test(text) && !text.includes('..') && !text.endsWith('.tmp')) return text;
  const what = `"${text.slice(0, 80)}" cannot be the name of a run`;
  throw usageError(
    flag,
    what,
    'use up to 64 letters, digits, ".", "_" and "-", beginning with a letter or digit',
  );
}

/** Ids of runs by their names. A name whose run is gone is free, and not among them. */
export async function readNames(root: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(root, 'names');
  const names = new Map<string, string>();
  if (!existsSync(folder)) return names;
  for (const name of (await readdir(folder)).sort()) {
    if (!NAME.test(name)) continue;
    const run = (await readFile(join(folder, name), 'utf8').catch(() => '')).trim();
    if (run !== '' && exists(root, run)) names.set(name, run);
  }
  return names;
}

/** Names of runs by their ids. */
export async function readNamesByRun(root: string): Promise<ReadonlyMap<string, string>> {
  return new Map([...(await readNames(root))].map(([name, run]) => [run, name]));
}

/** Throws a ConfigurationError when the name means another run, also when only its capitals differ. `flag` asked for it. */
export async function checkNameIsFree(
  root: string,
  run: string,
  name: string,
  flag = '--name',
): Promise<void> {
  if (name !== run && exists(root, name)) throw taken(name, name, flag);
  if (existsSync(join(root, 'sets', name))) throw taken(name, 'a set of results', flag);
  for (const [other, bearer] of await readNames(root))
    if (other.toLowerCase() === name.toLowerCase() && bearer !== run) throw taken(name, bearer, flag);
}

/** Gives a run its name, in place of the one it had. Throws a ConfigurationError when another run has it. */
export async function nameRun(root: string, run: string, name: string): Promise<void> {
  await checkNameIsFree(root, run, name);
  const folder = join(root, 'names');
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  const bearer = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (bearer === run) return;
  // What is left of a run that is gone.
  if (bearer !== '') await rm(path, { force: true });
  try {
    await writeFile(path, `${run}\n`, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw taken(name, 'another run, just now');
    throw error;
  }
  for (const [other, its] of await readNames(root))
    if (its === run && other !== name) await rm(join(folder, other), { force: true });
}

/** Takes the name of a run away, when it has one. */
export async function forgetNames(root: string, run: string): Promise<void> {
  const folder = join(root, 'names');
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    const bearer = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (bearer.trim() === run) await rm(join(folder, name), { force: true });
  }
}

function exists(root: string, run: string): boolean {
  if (run.includes('..') || /[/\\]/.test(run)) return false;
  return ['runs', 'archive'].some((place) => existsSync(join(root, place, run, 'journal')));
}

function taken(name: string, bearer: string, flag = '--name'): Error {
  const fix = 'choose another name, or rename that run by running its pipeline again with another --name';
  return usageError(flag, `"${name}" is the name of ${bearer}`, fix);
}
