// Where units that are there already come from, for whoever reads them once more: a run, by its id or folder, or a
// results.jsonl. It changes nothing, computes nothing and asks nobody.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Accounting } from '../analysis/accounting.ts';
import type { Look } from '../analysis/look.ts';
import type { UnitRecord } from '../analysis/record.ts';
import { closingOnFailure, openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { accountFor } from '../engine/account.ts';
import { beginAnalysis } from '../engine/perform-analyse.ts';
import type { RunContext } from '../engine/perform-context.ts';
import { readRecords } from '../engine/perform-results.ts';
import { lookOf } from '../engine/stopping.ts';
import { openRun } from '../engine/tick.ts';
import type { Pipeline, Step } from '../pipeline/pipeline.ts';
import { modelsOf } from '../pipeline/resolve.ts';
import { DEFAULT_RNG } from '../pipeline/rng.ts';
import { isSet, openSet } from './result-set.ts';
import { type FileSurvey, readResultsFile, surveyResultsFile } from './results-file.ts';
import { findRun } from './runs.ts';

/** Units with what is known about them. */
export interface ResultSource {
  /** The run's id, or the file as it was named. */
  readonly name: string;
  /** The run; null: a file. */
  readonly context: RunContext | null;
  /** By which the units are judged; of a file one that has all its fields and nothing else. */
  readonly pipeline: Pipeline;
  /** The first provider that was asked. */
  readonly provider: string;
  /** True when an answer was invented; of a file it is not known. */
  readonly simulated: boolean;
  /** Names that come from the items. */
  readonly itemFields: readonly string[];
  /** At which of its looks the gates of a run that stops by them are held; null: at the only one. */
  readonly look: Look | null;
  /** Of a file that was opened plainly, known when its units were read. */
  readonly accounting: Accounting;
  /**
   * Every finished unit, some at a time; may be read any number of times. With `only`, other fields may be None, or missing
   * where another unit has them.
   */
  records(only?: ReadonlySet<string> | null): AsyncIterable<readonly UnitRecord[]>;
  close(): Promise<void>;
}

/**
 * Opens what a person named; `isPlain`: which fields there are is not asked of the pipeline of a file. Throws a
 * ConfigurationError when there is no such run or file.
 */
export async function openResults(
  name: string,
  root: string,
  options: RunPlaceOptions,
  isPlain = false,
): Promise<ResultSource> {
  if (statSync(name, { throwIfNoEntry: false })?.isFile() === true) return openFile(name, isPlain);
  if (isSet(root, name)) return openSet(root, name);
  const place = openRunPlace(await findRun(root, name), { ...options, workerEntry: null });
  return closingOnFailure(place, async () => {
    const { context } = await openRun(place.ports);
    const { pipeline, simulated } = await beginAnalysis(context, null);
    const { units, state } = context;
    return {
      name: state.run,
      context,
      pipeline,
      provider: modelsOf(pipeline)[0]?.provider ?? 'simulated',
      simulated,
      itemFields: units.count === 0 ? [] : [...units.unit(0).fields.keys()],
      look: lookOf(context),
      accounting: accountFor(state),
      records: () => someAtATime(readRecords(context)),
      close: () => place.close(),
    };
  });
}

/** Units that are handed on at once: waiting for each of them would take longer than what is done with it. */
const AT_ONCE = 256;

async function* someAtATime(units: AsyncIterable<UnitRecord>): AsyncGenerator<readonly UnitRecord[]> {
  let some: UnitRecord[] = [];
  for await (const unit of units) {
    if (some.push(unit) < AT_ONCE) continue;
    yield some;
    some = [];
  }
  yield some;
}

/** Reads a file once to know its fields and its books, or hardly at all where whoever asks knows the fields. */
async function openFile(path: string, isPlain: boolean): Promise<ResultSource> {
  const survey = isPlain ? await surveyResultsFile(path) : null;
  return survey === null ? openWhole(path) : openSurveyed(path, survey);
}

async function openWhole(path: string): Promise<ResultSource> {
  const fields = new Set<string>();
  let repeats = false;
  let valid = 0;
  const kinds: Record<string, number> = {};
  for await (const records of readResultsFile(path, new Set()))
    for (const record of records) {
      if (record.item !== record.unit) repeats = true;
      if (record.kind === 'failed') {
        kinds[record.failure.kind] = (kinds[record.failure.kind] ?? 0) + 1;
        continue;
      }
      valid++;
      for (const name of record.fields.keys()) fields.add(name);
    }
  const books = booksOf(valid, kinds);
  return {
    ...fileSource(path, fields, repeats),
    accounting: books,
    records: (only) => readResultsFile(path, only),
  };
}

/** Its books are known when its units were read. */
function openSurveyed(path: string, { failures, repeats }: FileSurvey): ResultSource {
  let books: Accounting | null = null;
  async function* records(only?: ReadonlySet<string> | null): AsyncGenerator<readonly UnitRecord[]> {
    let valid = 0;
    for await (const some of readResultsFile(path, only)) {
      for (const { kind } of some) if (kind === 'valid') valid++;
      yield some;
    }
    books = booksOf(valid, failures);
  }
  return {
    ...fileSource(path, new Set(), repeats),
    get accounting() {
      if (books === null) throw new Error('the books of a file are asked for before its units were read');
      return books;
    },
    records,
  };
}

function fileSource(
  path: string,
  fields: ReadonlySet<string>,
  repeats: boolean,
): Omit<ResultSource, 'accounting' | 'records'> {
  return {
    name: path,
    context: null,
    pipeline: pipelineOf(path, fields, repeats),
    provider: 'simulated',
    simulated: false,
    itemFields: [],
    look: null,
    close: async () => {},
  };
}

/** A pipeline of one local step that gives all fields; it is never run. */
function pipelineOf(path: string, fields: ReadonlySet<string>, repeats: boolean): Pipeline {
  const checks = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };
  const expressions = [...fields].map((name) => ({ name, expr: 'None' }));
  const retry = { maxAttempts: 1, feedback: false, from: null };
  // What matters of a fan-out here is that children of one unit hang together.
  const fanOut: Step = {
    kind: 'fan_out',
    name: 'fan_out',
    field: '_fan_parent_id',
    childField: '_fan_index',
    maxChildren: 1,
    retry,
  };
  return {
    form: 'native',
    name: basename(path),
    seed: '0',
    rng: DEFAULT_RNG,
    repeat: repeats ? 2 : 1,
    maxUnits: null,
    strategy: { kind: 'direct', group: 'items' },
    chunkSize: null,
    globals: '{}',
    templates: {},
    steps: [
      {
        kind: 'expression',
        name: 'results',
        init: [],
        expressions,
        loopUntil: null,
        maxIterations: 1,
        checks,
        retry,
      },
      ...(fields.has('_fan_parent_id') ? [fanOut] : []),
    ],
    provider: null,
    model: null,
    mode: null,
    providers: {},
    prices: {},
    maxCost: null,
    report: { groupBy: null, outcomes: [], metrics: [] },
    gates: [],
    notRun: [],
  };
}

function booksOf(valid: number, failures: Readonly<Record<string, number>>): Accounting {
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  const books = { valid, failed, inFlight: 0 };
  const step = {
    ...books,
    step: 'results',
    kind: 'expression' as const,
    entered: valid + failed,
    failures,
    retried: 0,
    firstAttemptValid: valid,
    requests: 0,
    usage: { input: 0, output: 0 },
    retryUsage: null,
    model: null,
    provider: null,
    mode: null,
    paid: false,
    price: null,
    firstCost: 0n,
    retryCost: 0n,
    uncertain: 0n,
    uncertainRequests: 0,
    capped: 0,
  };
  return { planned: valid + failed, ...books, steps: [step] };
}
