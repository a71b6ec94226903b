// Reads `post_process` of the native form, and steps that are scripts: what is done once when a run is over.
import type { Cursor } from './cursor.ts';
import { outputName } from './output-path.ts';
import type { AnalysisEntry, PostProcess } from './pipeline.ts';
import type { ExpressionInput, Reading } from './reading.ts';
import type { PostProcessInput, ScriptInput } from './schema-post-process.ts';
import { readOutput, readScript } from './scripts.ts';

type Entry = Cursor<PostProcessInput>;

/** A step of the native form, as far as it tells whether it is a script. */
export type ScriptStepInput = Cursor<ScriptInput>;

/**
 * The steps that are scripts, then the entries, in their order. A script runs once over all units, so that no step of units
 * may follow it.
 */
export async function readPostProcess(
  steps: readonly ScriptStepInput[],
  entries: readonly Entry[],
  reading: Reading,
): Promise<readonly PostProcess[]> {
  const found: PostProcess[] = [];
  const first = steps.findIndex(isScriptStep);
  for (const step of first < 0 ? [] : steps.slice(first)) {
    if (isScriptStep(step)) found.push(...listed(await readScript(step, step.at('name').text(), reading)));
    else refuseLate(step, steps[first]!, reading);
  }
  if (first === 0) {
    const what = 'no step before the first script is one that units go through';
    reading.mistakes.add(steps[0]!.place, what, "add a step with 'prompt:' or 'expressions:' before it");
  }
  for (const entry of entries) found.push(...listed(await readEntry(entry, reading)));
  refuseTwice(found, entries, reading);
  return found;
}

/** True for a step that is run once over the whole run. */
export function isScriptStep(step: ScriptStepInput): boolean {
  return step.at('script').present;
}

/** Adds the mistake of a step of units that stands after one of the whole run. */
export function refuseLate(
  step: { at(key: 'name'): Cursor<string>; readonly place: ScriptStepInput['place'] },
  script: { at(key: 'name'): Cursor<string> },
  reading: Reading,
): void {
  const what = `the step '${step.at('name').text() ?? ''}' comes after '${script.at('name').text() ?? ''}', a script that runs once when all units are over`;
  reading.mistakes.add(step.place, what, 'put the steps that each unit goes through first');
}

function listed<T>(one: T | null): readonly T[] {
  return one === null ? [] : [one];
}

async function readEntry(entry: Entry, reading: Reading): Promise<PostProcess | null> {
  const name = entry.at('name').text();
  if (entry.at('script').present) return readScript(entry as ScriptStepInput, name, reading);
  if (entry.at('analysis').present) return readAnalysis(entry, name, reading);
  if (entry.at('extract').present) return readExtract(entry, name, reading);
  const gzip = entry.at('gzip');
  const files = gzip.list().flatMap((pattern) => pattern.text() ?? []);
  if (files.length === 0) return null;
  for (const pattern of gzip.list()) {
    const text = pattern.text() ?? '';
    if (!/^[/\\]|(?:^|\/)\.\.(?:\/|$)/.test(text)) continue;
    const fix = 'write a path from there, such as outputs/*.txt';
    reading.mistakes.add(pattern.place, `the pattern '${text}' leads out of the run's folder`, fix);
  }
  const keepOriginals = entry.at('keep_originals').boolean() ?? false;
  return { kind: 'gzip', name: name ?? 'gzip', output: null, files, keepOriginals };
}

function readAnalysis(entry: Entry, name: string | null, reading: Reading): AnalysisEntry {
  const input = entry.at('analysis');
  const names = (key: 'count' | 'numbers') =>
    input
      .at(key)
      .list()
      .flatMap((one) => one.text() ?? []);
  const values = (key: 'net_positive' | 'net_negative') =>
    input
      .at(key)
      .list()
      .map((one) => one.scalar?.text ?? '');
  const analysis: AnalysisEntry = {
    kind: 'analysis',
    name: name ?? input.at('title').text() ?? entry.at('output').text() ?? 'analysis',
    output: readOutput(entry.at('output'), reading),
    title: input.at('title').text(),
    groupBy: input.at('group_by').text(),
    counts: names('count'),
    numbers: names('numbers'),
    netPositive: values('net_positive'),
    netNegative: values('net_negative'),
    stats: [],
    format: input.at('format').text() === 'csv' ? 'csv' : 'table',
  };
  const fields = analysis.counts.length + analysis.numbers.length;
  if (fields === 0)
    reading.mistakes.add(input.place, 'the analysis names no field', "add 'count:' or 'numbers:'");
  if (fields > 1 && analysis.format === 'csv')
    reading.mistakes.add(
      input.place,
      `a CSV file holds one table, and ${fields} are asked for`,
      'write an entry for each',
    );
  const isNet = analysis.netPositive.length + analysis.netNegative.length > 0;
  if (isNet && analysis.counts.length === 0)
    reading.mistakes.add(input.place, 'net values are of a counted field, and none is named', "add 'count:'");
  return analysis;
}

function readExtract(entry: Entry, name: string | null, reading: Reading): PostProcess {
  const label = name ?? 'extract';
  return {
    kind: 'extract',
    name: label,
    output: null,
    file: reading.expression(entry.at('extract') as Cursor<ExpressionInput>, label),
    field: entry.at('field').text(),
    content: null,
    compressed: entry.at('gzip').boolean() ?? false,
  };
}

/** One file cannot take two outputs, on any file system. */
function refuseTwice(found: readonly PostProcess[], entries: readonly Entry[], reading: Reading): void {
  const taken = new Map<string, string>();
  for (const { output, name } of found) {
    if (output === null) continue;
    const key = output.toLowerCase();
    const other = taken.get(key);
    taken.set(key, name);
    if (other === undefined) continue;
    const place = entries
      .find((entry) => entry.at('output').text()?.toLowerCase() === key)
      ?.at('output').place;
    const what = `'${other}' and '${name}' both write ${output}`;
    if (place !== undefined) reading.mistakes.add(place, what, 'give each a file of its own');
  }
}

/** The file of an entry that names none: its name as a file. */
export function defaultOutput(name: string, format: 'table' | 'csv'): string {
  return `${outputName(name)}.${format === 'csv' ? 'csv' : 'txt'}`;
}
