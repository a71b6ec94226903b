// Writes a first pipeline, and the workflow that runs it: asks what is not said, checks what it is about to write, and
// overwrites nothing.
import { existsSync, statSync } from 'node:fs';
import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import { logText } from '../report/escape.ts';
import { readChoice, usageError } from './arguments.ts';
import type { Questions } from './init-questions.ts';
import {
  type Answerer,
  DEFAULT_MODELS,
  KINDS,
  type Kind,
  type PaidProvider,
  pipelineFiles,
} from './init-templates.ts';
import { secretOf, workflowFiles } from './init-workflows.ts';
import { makeFolder } from './new-folder.ts';
import { planPipeline } from './plan.ts';
import { shellWord } from './shell.ts';
import { shownPath } from './shown-path.ts';

/** What was said on the command line; null: nothing. */
export interface InitWishes {
  readonly folder: string | null;
  readonly template: string | null;
  /** The Octobatch folder to take over. */
  readonly from: string | null;
  /** `none`: no provider. */
  readonly provider: string | null;
  readonly model: string | null;
  readonly workflow: boolean | null;
}

/** What is to be written, decided. */
interface Decided {
  readonly kind: Kind;
  readonly folder: string;
  readonly from: string | null;
  readonly who: Answerer | null;
  readonly workflow: boolean;
  /** The workflow that is there already and was not asked for; null: none. */
  readonly kept: string | null;
}

/** What was written. */
export interface Initialised {
  readonly folder: string;
  /** As a person would name them from the working directory. */
  readonly files: readonly string[];
  readonly warnings: readonly Diagnostic[];
  /** The two commands that come next. */
  readonly next: readonly string[];
  /** What a person must do for the workflow, sentence by sentence. */
  readonly notes: readonly string[];
}

/** The first workflow that is written. */
const WORKFLOW = '.github/workflows/octobatch.yml';
/** Where a person is not asked. */
const PARENT = 'pipelines';

const CHOICES: readonly { readonly value: Kind; readonly says: string }[] = [
  { value: 'simulation', says: 'computed here, from seeded draws; no model' },
  { value: 'prompts', says: 'a model answers prompts, its answers are checked' },
  { value: 'judge', says: 'the same, and a second model judges what the first one wrote' },
  { value: 'octobatch', says: 'a copy of an Octobatch folder, which runs as it is' },
];

const PROVIDERS = ['none', ...(Object.keys(DEFAULT_MODELS) as PaidProvider[])] as const;

/** Decides, checks and writes. `questions` null: defaults stand for what was not said. Throws a ConfigurationError. */
export async function initPipeline(
  wishes: InitWishes,
  questions: Questions | null,
  launcher: string,
): Promise<Initialised> {
  const decided = await decide(wishes, questions);
  const { folder, kind, who, from } = decided;
  // What cannot be used is told before anything is written.
  if (from !== null) await planPipeline(from, {});
  const files: Readonly<Record<string, string | Buffer>> =
    kind === 'octobatch' ? await readOctobatch(from ?? '', folder) : pipelineFiles(kind, nameOf(folder), who);
  const repository = repositoryOf(folder);
  const workflows =
    decided.workflow && repository !== null
      ? workflowFiles(relative(repository, resolve(folder)).split(sep).join('/'), who)
      : {};
  const all = [
    ...below<string | Buffer>(folder, files),
    ...below<string | Buffer>(repository ?? '', workflows),
  ];
  refuseExisting(all.map(([path]) => path));
  await writeAll(all);
  const { warnings } = await planPipeline(folder, {});
  return {
    folder: shownPath(folder),
    files: all.map(([path]) => shownPath(path)),
    warnings,
    next: nextCommands(decided, launcher),
    notes: notesOf(Object.keys(workflows).length > 0, decided),
  };
}

/** Writes files, each of which must be new. Half a pipeline would keep the next try from writing a whole one: it is taken back. */
async function writeAll(files: readonly (readonly [path: string, bytes: string | Buffer])[]): Promise<void> {
  const made: string[] = [];
  try {
    for (const [path, bytes] of files) {
      await makeFolder(dirname(path), 'folder');
      const file = await open(path, 'wx');
      made.push(path);
      await file.writeFile(bytes).finally(() => file.close());
    }
  } catch (error) {
    for (const path of made) await rm(path, { force: true });
    throw error;
  }
}

async function decide(wishes: InitWishes, questions: Questions | null): Promise<Decided> {
  const said = wishes.template ?? (wishes.from === null ? null : 'octobatch');
  const kind =
    said !== null
      ? readChoice('--template', said, KINDS)
      : ((await questions?.choose('What shall the first pipeline be?', CHOICES, 'simulation')) ??
        'simulation');
  refuseUnused(wishes, kind);
  const from = kind === 'octobatch' ? await decideSource(wishes, questions) : null;
  const standard = join(PARENT, from === null ? `my-${kind}` : basename(resolve(from)));
  const folder =
    wishes.folder ??
    (await questions?.text('Folder', standard.split(sep).join('/'), refuseFolder)) ??
    standard;
  const wrong = refuseFolder(folder);
  if (wrong !== null) throw usageError('folder', wrong, 'name another one');
  const who = kind === 'prompts' || kind === 'judge' ? await decideAnswerer(wishes, questions) : null;
  const inRepository = repositoryOf(folder) !== null;
  if (wishes.workflow === true && !inRepository)
    throw usageError(
      '--workflow',
      `${folder} is in no git repository`,
      'run `git init` first, or leave it out',
    );
  const old = join(repositoryOf(folder) ?? '', WORKFLOW);
  const kept = wishes.workflow === null && inRepository && existsSync(old) ? shownPath(old) : null;
  const workflow =
    wishes.workflow ??
    (inRepository &&
      kept === null &&
      ((await questions?.confirm('Write a GitHub workflow that runs it?', true)) ?? true));
  return { kind, folder, from, who, workflow, kept };
}

async function decideSource({ from }: InitWishes, questions: Questions | null): Promise<string> {
  const refuse = (path: string): string | null =>
    existsSync(join(path, 'config.yaml')) ? null : `there is no config.yaml in "${path}"`;
  const source = from ?? (await questions?.text('The Octobatch folder (with a config.yaml)', '', refuse));
  if (source === undefined)
    throw usageError('--from', 'the template octobatch needs a folder to copy', 'add --from <folder>');
  const wrong = refuse(source);
  if (wrong !== null) throw usageError('--from', wrong, 'give the folder of an Octobatch pipeline');
  return source;
}

async function decideAnswerer(wishes: InitWishes, questions: Questions | null): Promise<Answerer | null> {
  const choices = PROVIDERS.map((value) => ({
    value,
    says:
      value === 'none' ? 'answers are invented for now; no key, no cost' : `e.g. ${DEFAULT_MODELS[value]}`,
  }));
  const provider =
    wishes.provider === null
      ? ((await questions?.choose('Who answers?', choices, 'none')) ?? 'none')
      : wishes.provider === 'simulated'
        ? 'none'
        : readChoice('--provider', wishes.provider, PROVIDERS);
  if (provider === 'none') {
    if (wishes.model !== null) throw usageError('--model', 'nobody is named who has it', 'add --provider');
    return null;
  }
  const standard = DEFAULT_MODELS[provider];
  const refuse = (model: string): string | null =>
    /^[\w.:/@-]{1,100}$/.test(model) ? null : 'the name of a model is letters, digits and . _ : / @ -';
  const model = wishes.model ?? (await questions?.text('Model', standard, refuse)) ?? standard;
  const wrong = refuse(model);
  if (wrong !== null) throw usageError('--model', wrong, `such as ${standard}`);
  return { provider, model };
}

/** What is said and has no use is a misunderstanding. */
function refuseUnused({ from, provider, model }: InitWishes, kind: Kind): void {
  const refuse = (flag: string, fix: string): never => {
    throw usageError(flag, `the template ${kind} has no use for it`, fix);
  };
  if (from !== null && kind !== 'octobatch') refuse('--from', 'leave it out, or use --template octobatch');
  if (kind === 'prompts' || kind === 'judge') return;
  const fix = kind === 'octobatch' ? 'name it when you run the pipeline' : 'use --template prompts or judge';
  if (provider !== null && provider !== 'none' && provider !== 'simulated') refuse('--provider', fix);
  if (model !== null) refuse('--model', fix);
}

/** What is wrong with a folder for a first pipeline, or null. Its last part becomes the pipeline's name. */
function refuseFolder(folder: string): string | null {
  if (folder === '') return 'it has no name';
  if (!/^[A-Za-z0-9][\w.-]{0,63}$/.test(nameOf(folder)))
    return `"${nameOf(folder)}" cannot be the name of a pipeline, which is letters, digits, - _ and ., 64 at the most`;
  const file = fileOnTheWayTo(folder);
  if (file !== null) return `${shownPath(file)} is a file, and no folder`;
  const there = ['pipeline.yaml', 'config.yaml'].find((name) => existsSync(join(folder, name)));
  return there === undefined ? null : `there is a pipeline in ${folder} already (${there})`;
}

/** What stands where a folder is or would be and is none; null: nothing. */
function fileOnTheWayTo(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(at)) return statSync(at).isDirectory() ? null : at;
    if (at === dirname(at)) return null;
  }
}

function nameOf(folder: string): string {
  return basename(resolve(folder));
}

/** Where the repository begins that a folder, which need not exist, lies in; null: in none. */
function repositoryOf(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return null;
  }
}

function below<T>(folder: string, files: Readonly<Record<string, T>>): [path: string, bytes: T][] {
  return Object.entries(files).map(([path, bytes]) => [join(folder, path), bytes]);
}

/** Nothing is written where anything is. */
function refuseExisting(paths: readonly string[]): void {
  const there = paths.filter((path) => existsSync(path)).map((path) => shownPath(path));
  if (there.length === 0) return;
  const isWorkflow = there.every((path) => path.includes('.github/workflows/'));
  throw usageError(
    'init',
    `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already, and nothing is overwritten`,
    isWorkflow ? 'leave the workflow out with --no-workflow' : 'name another folder',
  );
}

/** More is no pipeline but somebody's data. */
const MOST_FILES = 1000;
const MOST_BYTES = 100 * 1024 * 1024;

/** The files of an Octobatch folder: no links, nothing hidden, and none of its runs. */
async function readOctobatch(from: string, target: string): Promise<Readonly<Record<string, Buffer>>> {
  const root = resolve(from);
  if (`${resolve(target)}${sep}`.startsWith(`${root}${sep}`))
    throw usageError('folder', 'it lies in the folder that is copied', 'name one outside of it');
  const files: Record<string, Buffer> = {};
  let bytes = 0;
  const walk = async (folder: string): Promise<void> => {
    for (const entry of (await readdir(join(root, folder), { withFileTypes: true })).sort(byName)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.') || path === 'runs' || entry.name === '__pycache__') continue;
      if (entry.isDirectory()) await walk(path);
      if (!entry.isFile()) continue;
      bytes += (await stat(join(root, path))).size;
      if (Object.keys(files).length >= MOST_FILES || bytes > MOST_BYTES)
        throw usageError(
          '--from',
          `${from} holds more than a pipeline does`,
          'copy what belongs to it by hand',
        );
      files[path] = await readFile(join(root, path));
    }
  };
  await walk('');
  return files;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function nextCommands({ folder, kind, who }: Decided, launcher: string): readonly string[] {
  const shown = shellWord(shownPath(folder));
  // What a pipeline may cost is told after it has been tried for nothing.
  const isPaid = who !== null || kind === 'octobatch';
  return [`${launcher} run ${shown}${isPaid ? ' --provider simulated' : ''}`, `${launcher} plan ${shown}`];
}

function notesOf(hasWorkflow: boolean, { who, kept, folder }: Decided): readonly string[] {
  if (kept !== null)
    return [
      `${kept} is there already and stays as it is: name ${shownPath(folder)} in its \`pipeline\` too.`,
    ];
  if (!hasWorkflow) return [];
  return [
    'In the workflow, put the repository this action comes from in the place of OWNER/octobatch-action.',
    ...(who === null ? [] : [`Store the key as the repository's secret ${secretOf(who)}.`]),
  ];
}

/** What was written and what comes next, for a person. */
export function formatInit({ files, next, notes }: Initialised): string {
  return [
    'Written:',
    ...files.map((file) => `  ${logText(file, 200)}`),
    '',
    ...(notes.length === 0 ? [] : [...notes, '']),
    'Next:',
    ...next.map((command) => `  ${command}`),
    '',
  ].join('\n');
}
