// Which pipelines are meant by the lines of the input `pipeline`: paths and patterns from the working directory, `!` for
// those that are left out again; of several lines that match, the last one counts. It does not ask what there is.
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { usageError } from '../commands/arguments.ts';
import { ConfigurationError, type Diagnostic } from '../pipeline/diagnostic.ts';
import { ANY_FOLDERS, isGlob, matchesName, matchesPath } from './glob.ts';

/** Files that make a folder a pipeline, as `pipeline/load.ts` reads them. */
export const CONFIGURATIONS = ['pipeline.yaml', 'pipeline.yml', 'config.yaml', 'config.yml'];

/** One line of the input, its parts from the root of the workspace on. */
export interface Choice {
  /** As it was written. */
  readonly text: string;
  readonly leavesOut: boolean;
  readonly isGlob: boolean;
  readonly folders: readonly string[];
  /** Which of the configuration's names the folder must hold; null: any. */
  readonly file: string | null;
}

export interface Selection {
  readonly choices: readonly Choice[];
  /** True when a pipeline is meant, its path from the root of the workspace; without choices each is. */
  includes(path: string): boolean;
}

/**
 * Reads the lines. `workspace` is the root of the repository, `from` the folder from which lines count. Throws a
 * ConfigurationError with every mistake.
 */
export function readSelection(lines: readonly string[], workspace: string, from: string = '.'): Selection {
  const root = rootFor(workspace, from);
  const mistakes: Diagnostic[] = [];
  const choices = lines.flatMap((line) => {
    try {
      return [readChoice(line, root)];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      mistakes.push(...error.diagnostics);
      return [];
    }
  });
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  if (choices.length > 0 && choices.every((choice) => choice.leavesOut)) {
    const fix = 'write a line with those that are meant above it, such as pipelines/*';
    throw pipelineMistake('every line leaves pipelines out', fix);
  }
  return {
    choices,
    includes(path) {
      const names = path === '.' ? [] : path.split('/');
      const last = choices.findLast((choice) => matchesChoice(choice, names));
      return last === undefined ? choices.length === 0 : !last.leavesOut;
    },
  };
}

/** A mistake in the input `pipeline`. */
export function pipelineMistake(what: string, fix: string): ConfigurationError {
  return usageError('input pipeline', what, fix);
}

/** The folders of a line before its first pattern: all that it can match lies below. */
export function rootOf(line: string): string {
  const parts = line.split('/');
  const first = parts.findIndex(isGlob);
  const root = first < 0 ? line : parts.slice(0, first).join('/');
  return root === '' && !line.startsWith('/') ? '.' : root || '/';
}

function matchesChoice(choice: Choice, names: readonly string[]): boolean {
  const { folders, file, leavesOut } = choice;
  if (file !== null && !CONFIGURATIONS.some((name) => matchesName(file, name))) return false;
  if (matchesPath(folders, names)) return true;
  // What is left out is left out with all that lies in it.
  return (
    leavesOut && file === null && names.some((_, end) => end > 0 && matchesPath(folders, names.slice(0, end)))
  );
}

function readChoice(line: string, root: Root): Choice {
  const leavesOut = line.startsWith('!');
  const text = (leavesOut ? line.slice(1) : line).trim();
  if (text === '') throw pipelineMistake(`"${line}" names nothing`, 'write a path after the !');
  if (text.includes('\0')) throw pipelineMistake(`"${text}" is no path`, 'leave the NUL out');
  const glob = isGlob(text);
  if (glob && /[[\]{}]/.test(text)) {
    const fix = 'use * and ? for letters, ** for folders, and a line for each of several';
    throw pipelineMistake(`the pattern "${text}" has brackets`, fix);
  }
  const names = namesOf(text, root);
  const last = names.at(-1) ?? '';
  const isFile = glob ? /\.ya?ml$/.test(last) : CONFIGURATIONS.includes(last);
  const folders = isFile ? names.slice(0, -1) : names;
  return { text, leavesOut, isGlob: folders.some(isGlob), folders, file: isFile && glob ? last : null };
}

/** The names from the workspace's root to where a text leads. */
function namesOf(text: string, { places, from }: Root): readonly string[] {
  const slashed = sep === '\\' ? text.replaceAll('\\', '/') : text;
  const near = places.map((place) => relative(place, slashed)).find((path) => !leadsOut(path)) ?? '..';
  const names: string[] = [];
  for (const name of isAbsolute(text) ? near.split(sep) : [...from, ...slashed.split('/')]) {
    if (name === '' || name === '.') continue;
    if (name !== '..') names.push(name);
    else if (isGlob(names.pop() ?? ANY_FOLDERS)) throw outside(text);
  }
  return names;
}

/** The workspace under the names it has, and the folders down to the one from which lines count. */
interface Root {
  readonly places: readonly string[];
  readonly from: readonly string[];
}

function rootFor(workspace: string, from: string): Root {
  const real = realpathSync(workspace);
  const path = relative(real, realpathSync(from));
  if (leadsOut(path)) throw outside(from);
  return { places: [real, resolve(workspace)], from: path.split(sep) };
}

/** True when a relative path leads out of where it starts. */
export function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/** What lies elsewhere is not the repository's. */
export function outside(text: string): ConfigurationError {
  const fix = 'name folders of the repository, without .. behind a pattern';
  return pipelineMistake(`"${text}" leads out of the workspace`, fix);
}
