// From the lines of the input `pipeline` to the folders of pipelines in the checkout, in the order of their paths, each
// once. Nothing outside of the workspace is ever one, whatever links lead there.
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ConfigurationError, type Diagnostic } from '../pipeline/diagnostic.ts';
import { ANY_FOLDERS, isGlob, matchesName } from './glob.ts';
import {
  type Choice,
  CONFIGURATIONS,
  leadsOut,
  outside,
  pipelineMistake,
  readSelection,
} from './selection.ts';

/** Where a pipeline is. */
export interface PipelinePlace {
  /** To load it from: relative to the working directory, with `/`. */
  readonly folder: string;
  /** What it is known by: from the root of the repository, with `/`; the root itself is `.`. */
  readonly path: string;
}

/** As many jobs as a matrix has. */
const MAX_PIPELINES = 256;
/** Folders one job looks into. */
const MAX_FOLDERS = 20_000;

/**
 * The pipelines that the lines name. `workspace` is the root of the repository, `from` the folder from which lines
 * count. A path without a pattern is given even where there is no pipeline: loading it says what is wrong. Throws a
 * ConfigurationError with every mistake.
 */
export function findPipelines(
  lines: readonly string[],
  workspace: string,
  from: string = '.',
): readonly PipelinePlace[] {
  const selection = readSelection(lines, workspace, from);
  const search: Search = { root: realpathSync(workspace), seen: new Set(), looked: 0 };
  const mistakes: Diagnostic[] = [];
  const paths = new Set<string>();
  for (const choice of selection.choices.filter(({ leavesOut }) => !leavesOut)) {
    try {
      const found = choice.isGlob ? expand(choice, search) : [choice.folders.join('/')];
      for (const path of found) if (selection.includes(path || '.')) paths.add(inside(path, search));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      mistakes.push(...error.diagnostics);
    }
  }
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  if (paths.size === 0) {
    throw pipelineMistake('no pipeline is left of what the lines name', 'leave one of the lines with ! out');
  }
  if (paths.size > MAX_PIPELINES) {
    const fix = `name at most ${MAX_PIPELINES}, and the others in another job`;
    throw pipelineMistake(`the lines name ${paths.size} pipelines`, fix);
  }
  const working = relative(search.root, realpathSync(from));
  return [...paths].sort().map((path) => ({
    folder: slashed(relative(working, path)) || '.',
    path: path || '.',
  }));
}

interface Search {
  /** The workspace without links. */
  readonly root: string;
  /** Which part of a pattern was looked for in which folder. */
  readonly seen: Set<string>;
  looked: number;
}

/** Paths of the pipelines that a pattern matches, at least one. */
function expand(choice: Choice, search: Search): readonly string[] {
  search.seen.clear();
  const found = descend('', 0, choice, search);
  if (found.length > 0) return found;
  const fix =
    'a pipeline is a folder with pipeline.yaml or config.yaml; * stays in one folder, ** goes deeper';
  throw pipelineMistake(`"${choice.text}" matches no pipeline`, fix);
}

/** Pipelines at or below a folder that match a pattern from its part `at` on. */
function descend(folder: string, at: number, choice: Choice, search: Search): string[] {
  const key = `${at} ${folder}`;
  if (search.seen.has(key)) return [];
  search.seen.add(key);
  const part = choice.folders[at];
  if (part === undefined) return isPipeline(folder, choice.file, search) ? [folder] : [];
  if (!isGlob(part)) return descend(below(folder, part), at + 1, choice, search);
  const deeper = part === ANY_FOLDERS;
  const found = deeper ? descend(folder, at + 1, choice, search) : [];
  for (const name of foldersIn(folder, deeper, search)) {
    if (deeper && (name.startsWith('.') || name === 'node_modules')) continue;
    if (!deeper && !matchesName(part, name)) continue;
    found.push(...descend(below(folder, name), deeper ? at : at + 1, choice, search));
  }
  return found;
}

/** Names of the folders in a folder. Links are followed one at a time, never on the way down through any number. */
function foldersIn(folder: string, deeper: boolean, search: Search): readonly string[] {
  if (++search.looked > MAX_FOLDERS) {
    const fix = 'begin the pattern with the folder of the pipelines, such as pipelines/**';
    throw pipelineMistake(`more than ${MAX_FOLDERS} folders would have to be looked into`, fix);
  }
  try {
    const entries = readdirSync(join(search.root, folder), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || (!deeper && entry.isSymbolicLink()))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function isPipeline(folder: string, file: string | null, { root }: Search): boolean {
  return CONFIGURATIONS.some(
    (name) => (file === null || matchesName(file, name)) && isFile(join(root, folder, name)),
  );
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The path of a folder without links. Throws a ConfigurationError when it lies outside of the workspace. */
function inside(path: string, { root }: Search): string {
  let real: string;
  try {
    real = relative(root, realpathSync(join(root, path)));
  } catch {
    // What is not there leads nowhere; loading it says so.
    return path;
  }
  if (leadsOut(real)) throw outside(path);
  return slashed(real);
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function slashed(path: string): string {
  return path.replaceAll(sep, '/');
}
