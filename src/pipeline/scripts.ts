// Takes a script of the pipeline folder into the pipeline, with what it may import: a later job runs that text, never the
// work tree. It runs nothing.
import type { Cursor } from './cursor.ts';
import type { FileRead } from './files.ts';
import type { Place } from './mistakes.ts';
import { outputPathProblem } from './output-path.ts';
import type { OnScriptFailure, ScriptEntry } from './pipeline.ts';
import type { Reading } from './reading.ts';
import type { ScriptInput } from './schema-post-process.ts';

/** How long a script may take, in seconds, unless the pipeline says otherwise. */
const DEFAULT_TIMEOUT_SECONDS = 60;
/** What it may print and leave behind, in bytes, unless the pipeline says otherwise. */
export const DEFAULT_OUTPUT_BYTES = 10_000_000;

/** Programs by the ending of a script; `node` is the one that runs this. */
const INTERPRETERS: Readonly<Record<string, readonly string[]>> = {
  py: ['python3'],
  js: ['node'],
  mjs: ['node'],
  cjs: ['node'],
  sh: ['sh'],
};

/** Of one script's folder: neighbours that travel with it. */
const MOST_NEIGHBOURS = 50;
const MOST_BYTES = 1_000_000;

/** The program that runs a script, by its ending; null: none is known. */
export function interpreterOf(path: string): readonly string[] | null {
  const ending = /\.([a-z]+)$/.exec(path)?.[1] ?? '';
  return Object.hasOwn(INTERPRETERS, ending) ? INTERPRETERS[ending]! : null;
}

/** A script's text and that of its neighbours; or why it cannot be had. */
export type ReadSource =
  | { readonly kind: 'text'; readonly source: string; readonly beside: Readonly<Record<string, string>> }
  | Exclude<FileRead, { readonly kind: 'text' }>;

/** Reads a script of the folder, and the files beside it with the same ending, as far as they fit. */
export async function readSource(path: string, reading: Reading): Promise<ReadSource> {
  const read = await reading.files.read(path);
  if (read.kind !== 'text') return read;
  const source = read.text;
  if (source.length > MOST_BYTES) return { kind: 'unreadable', why: 'a script has at most 1 MB' };
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  // Without an ending nothing is known to be a neighbour: a script `run` must not take `.env` along for its last letter.
  const ending = /[^/](\.[^./]+)$/.exec(path)?.[1] ?? null;
  const near =
    ending === null
      ? []
      : (await reading.files.list(folder.slice(0, -1))).filter(
          (one) => one !== path && one.endsWith(ending) && !/^\.|\//.test(one.slice(folder.length)),
        );
  const beside: Record<string, string> = {};
  let size = source.length;
  for (const one of near.slice(0, MOST_NEIGHBOURS)) {
    const text = await reading.files.read(one);
    if (text.kind !== 'text') continue;
    size += text.text.length;
    if (size > MOST_BYTES) break;
    beside[one] = text.text;
  }
  return { kind: 'text', source, beside };
}

/** The script of a step or an entry of the native form; null after adding a mistake. */
export async function readScript(
  input: Cursor<ScriptInput>,
  name: string | null,
  reading: Reading,
): Promise<ScriptEntry | null> {
  const script = input.at('script');
  const path = script.text()?.replace(/^\.\//, '') ?? null;
  if (path === null) return null;
  const read = await readSource(path, reading);
  if (read.kind !== 'text') {
    await reading.refuseFile('script', path, read, script.place);
    return null;
  }
  const command = input.at('command').list();
  if (command.length === 0 && interpreterOf(path) === null) {
    const fix = "name the program that runs it: 'command: [ruby]'";
    reading.mistakes.add(script.place, `nobody knows what runs the script '${path}'`, fix);
  }
  return {
    kind: 'script',
    name: name ?? path,
    path,
    source: read.source,
    beside: read.beside,
    interpreter: command.length === 0 ? null : command.flatMap((word) => word.text() ?? []),
    args: readArguments(input),
    output: readOutput(input.at('output'), reading),
    timeoutSeconds: input.at('timeout_seconds').number() ?? DEFAULT_TIMEOUT_SECONDS,
    maxOutputBytes: input.at('max_output_bytes').integer() ?? DEFAULT_OUTPUT_BYTES,
    onFailure: (input.at('on_failure').text() ?? 'fail') as OnScriptFailure,
  };
}

/** Words of a command line, numbers and booleans as they are written. */
export function readArguments(input: Cursor<Pick<ScriptInput, 'args'>>): readonly string[] {
  return input
    .at('args')
    .list()
    .map((argument) => argument.scalar?.text ?? '');
}

/** A path below `outputs/`; null when there is none, or after adding a mistake. */
export function readOutput(cursor: Cursor<string>, reading: Reading): string | null {
  const path = cursor.text();
  return path === null || !isOutput(path, cursor.place, reading) ? null : path;
}

function isOutput(path: string, place: Place, reading: Reading): boolean {
  const problem = outputPathProblem(path);
  if (problem !== null)
    reading.mistakes.add(place, `the output '${path}' ${problem}`, 'write a path such as tables/wins.txt');
  return problem === null;
}
