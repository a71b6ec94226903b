// What an Octobatch folder asks for after its run: its own analyser, extractor and gzip are done here, scripts of the
// folder are taken along, and what cannot be done is said with what helps.
import type { Cursor } from './cursor.ts';
import type { OctobatchInput } from './octobatch-schema.ts';
import { outputPathProblem } from './output-path.ts';
import type { AnalysisEntry, Assignment, NotRun, PostProcess, ReportSpec, ScriptEntry } from './pipeline.ts';
import { defaultOutput, refuseLate } from './post-process.ts';
import type { ExpressionInput, Reading } from './reading.ts';
import { DEFAULT_OUTPUT_BYTES, interpreterOf, readArguments, readSource } from './scripts.ts';

/** What is done, what is left out and why, and the report that the analyser's calls ask for. */
export interface ReadPostProcess {
  readonly postProcess: readonly PostProcess[];
  readonly notRun: readonly NotRun[];
  readonly report: ReportSpec;
}

type StepInput = Cursor<OctobatchInput['pipeline']['steps'][number]>;
type EntryInput = Cursor<NonNullable<OctobatchInput['post_process']>[number]>;

/** How long Octobatch lets a script run. */
const TIMEOUT_SECONDS = 600;

const ANALYSER = /(?:^|\/)analyze_results\.py$/;
const EXTRACTOR = /(?:^|\/)extract_units\.py$/;

/** One entry's reading: done, or why it is not. */
type Read = PostProcess | NotRun;

/** Reads the steps with `scope: run`, then `post_process`. */
export async function readOctobatchPostProcess(
  steps: readonly StepInput[],
  entries: Cursor<OctobatchInput['post_process']>,
  reading: Reading,
): Promise<ReadPostProcess> {
  const read: Read[] = [];
  const first = steps.findIndex(isRunStep);
  for (const step of first < 0 ? [] : steps.slice(first)) {
    if (isRunStep(step)) read.push(await readRunStep(step, reading));
    else refuseLate(step, steps[first]!, reading);
  }
  for (const entry of entries.list()) read.push(await readEntry(entry, reading));
  const postProcess = read.filter((one) => 'kind' in one);
  return { postProcess, notRun: read.filter((one) => 'reason' in one), report: reportOf(postProcess) };
}

/** True for a step that Octobatch runs once, over the whole run. */
export function isRunStep(step: StepInput): boolean {
  return step.at('scope').text() === 'run';
}

async function readRunStep(step: StepInput, reading: Reading): Promise<Read> {
  const name = step.at('name').text() ?? 'run';
  const script = textAt(step, 'script');
  if (script === null) return { name, reason: 'a step over the whole run needs a script' };
  if (EXTRACTOR.test(script)) return readExtractor(step, name, reading);
  // Octobatch hands such a script its run, the step's name and the configuration.
  const args = ['--run-dir', '{run}', '--step-name', name, '--config', '{run}/config/config.yaml'];
  return readScriptOf(script, name, args, textAt(step, 'output'), reading);
}

async function readEntry(entry: EntryInput, reading: Reading): Promise<Read> {
  const script = entry.at('script').text();
  const type = entry.at('type').text() ?? 'script';
  const name = entry.at('name').text() ?? script ?? type;
  const output = textAt(entry, 'output');
  if (type === 'gzip') return readGzip(entry, name);
  if (type !== 'script') return { name, reason: `a type '${type}' is not known: it is script or gzip` };
  if (script === null) return { name, reason: 'it names no script' };
  const args = readArguments(entry);
  if (ANALYSER.test(script)) return readAnalyser(args, name, output);
  return readScriptOf(script, name, args, output, reading);
}

function readGzip(entry: EntryInput, name: string): Read {
  const files = textsAt(entry, 'files');
  if (files.length === 0) return { name, reason: 'it names no files' };
  const outside = files.find((pattern) => /^[/\\]|(?:^|\/)\.\.(?:\/|$)/.test(pattern));
  if (outside !== undefined) return { name, reason: `the pattern ${outside} leads out of the run's folder` };
  const keepOriginals = (entry.at('keep_originals') as Cursor<boolean>).boolean() ?? false;
  return { kind: 'gzip', name, output: null, files: files.flatMap(withOutputs), keepOriginals };
}

// What entries make lies in the run directory itself there, and below outputs/ here.
function withOutputs(pattern: string): readonly string[] {
  return /^(?:outputs|\*\*)\//.test(pattern) ? [pattern] : [pattern, `outputs/${pattern}`];
}

async function readScriptOf(
  script: string,
  name: string,
  args: readonly string[],
  output: string | null,
  reading: Reading,
): Promise<Read> {
  const path = await findScript(script, reading);
  if (path === null) {
    const reason = `${script} is not in the pipeline's folder: put ${script.split('/').at(-1)} there`;
    return { name, reason };
  }
  const read = await readSource(path, reading);
  if (read.kind !== 'text') return { name, reason: `${script} cannot be read as a script` };
  if (output !== null && outputPathProblem(output) !== null)
    return { name, reason: `its output ${output} ${outputPathProblem(output)}` };
  const entry: ScriptEntry = {
    kind: 'script',
    name,
    path,
    source: read.source,
    beside: read.beside,
    // Octobatch runs every script with Python.
    interpreter: interpreterOf(path) === null ? ['python3'] : null,
    args,
    output,
    timeoutSeconds: TIMEOUT_SECONDS,
    maxOutputBytes: DEFAULT_OUTPUT_BYTES,
    onFailure: 'warn',
  };
  return entry;
}

/** Octobatch's paths count from its own root, where a pipeline's folder is `pipelines/NAME`. */
async function findScript(script: string, reading: Reading): Promise<string | null> {
  const plain = script.replace(/^\.\//, '');
  for (const path of [plain, plain.replace(/^pipelines\/[^/]+\//, '')])
    if (await reading.files.exists(path)) return path;
  return null;
}

/** The flags of Octobatch's analyser; those in the second row may be repeated. */
const FLAGS = ['--group-by', '--count-field', '--numeric-field', '--title', '--output-format', '--output'];
const LISTS = ['--net-positive', '--net-negative', '--custom-stat'];

function readAnalyser(args: readonly string[], name: string, output: string | null): Read {
  const given = new Map<string, string[]>();
  for (let at = 0; at < args.length; at++) {
    const [, flag = '', joined] = /^(--[a-z-]+)(?:=([\s\S]*))?$/.exec(args[at]!) ?? [];
    if (!FLAGS.includes(flag) && !LISTS.includes(flag))
      return { name, reason: `the analyser has no argument ${args[at]}` };
    const value = joined ?? args[++at];
    if (value === undefined) return { name, reason: `the analyser's ${flag} has no value` };
    given.set(flag, LISTS.includes(flag) ? [...(given.get(flag) ?? []), value] : [value]);
  }
  const one = (flag: string): string | null => given.get(flag)?.[0] ?? null;
  const [groupBy, count, number] = [one('--group-by'), one('--count-field'), one('--numeric-field')];
  if (groupBy === null) return { name, reason: 'the analyser needs --group-by' };
  if ((count === null) === (number === null))
    return { name, reason: 'the analyser needs either --count-field or --numeric-field' };
  const format = one('--output-format') === 'csv' ? 'csv' : 'table';
  const file = output ?? one('--output')?.split('/').at(-1) ?? defaultOutput(name, format);
  const problem = outputPathProblem(file);
  if (problem !== null) return { name, reason: `its output ${file} ${problem}` };
  const analysis: AnalysisEntry = {
    kind: 'analysis',
    name,
    output: file,
    title: one('--title'),
    groupBy,
    counts: count === null ? [] : [count],
    numbers: number === null ? [] : [number],
    netPositive: given.get('--net-positive') ?? [],
    netNegative: given.get('--net-negative') ?? [],
    stats: number === null ? [] : (given.get('--custom-stat') ?? []).flatMap(readStat),
    format,
  };
  return analysis;
}

/** `Spread=max_val-min_val`; what is none of this form Octobatch leaves out. */
function readStat(text: string): readonly Assignment[] {
  const at = text.indexOf('=');
  const [name, expr] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 1).trim()];
  return name === '' || expr === '' ? [] : [{ name, expr }];
}

/** Octobatch's extractor writes one JSON file a unit, its name from an expression over `data`. */
function readExtractor(step: StepInput, name: string, reading: Reading): Read {
  const folder = (textAt(step, 'output_dir') ?? 'outputs/units')
    .replace(/^\.?\//, '')
    .replace(/^outputs(?:\/|$)/, '')
    .replace(/\/+$/, '');
  const problem = folder === '' ? null : outputPathProblem(folder);
  if (problem !== null) return { name, reason: `its output_dir ${folder} ${problem}` };
  if (step.at('upload').present) {
    const reason =
      "nothing is uploaded by this engine: take the key 'upload' out, and the files from outputs/";
    return { name, reason };
  }
  const compressed = textAt(step, 'compression') === 'gzip';
  const written = step.at('filename_expression') as Cursor<ExpressionInput>;
  const file = written.present
    ? reading.expression(written, `${name}.filename_expression`)
    : "data['unit_id']";
  const content = step.at('content_expression') as Cursor<ExpressionInput>;
  const start = folder === '' ? "''" : JSON.stringify(`${folder}/`);
  const ending = compressed ? '.json.gz' : '.json';
  return {
    kind: 'extract',
    name,
    output: null,
    // The line end keeps a comment in the expression from swallowing the rest.
    file: `${start} + str((${file}\n)).replace('/', '_').replace('\\\\', '_') + '${ending}'`,
    field: null,
    content: content.present ? reading.expression(content, `${name}.content_expression`) : null,
    compressed,
  };
}

function reportOf(entries: readonly PostProcess[]): ReportSpec {
  const analyses = entries.filter((entry) => entry.kind === 'analysis');
  return {
    groupBy: analyses[0]?.groupBy ?? null,
    outcomes: [...new Set(analyses.flatMap(({ counts }) => counts))],
    metrics: [...new Set(analyses.flatMap(({ numbers }) => numbers))],
  };
}

/** Text under a key whose kind the schema leaves open. */
function textAt(input: StepInput | EntryInput, key: string): string | null {
  return (input as Cursor<Record<string, unknown>>).at(key).text();
}

function textsAt(input: EntryInput, key: string): readonly string[] {
  return (input as Cursor<Record<string, unknown[]>>)
    .at(key)
    .list()
    .flatMap((one) => one.text() ?? []);
}
