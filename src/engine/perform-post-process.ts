// Does what a pipeline asks for once its run is over, entry by entry, and records what each came to: what has ended is
// never done twice by itself, what a death interrupted is done again.
import { parsePlainJson } from '../expression/plain-json.ts';
import type { Pipeline, PostProcess, ScriptEntry } from '../pipeline/pipeline.ts';
import { interpreterOf } from '../pipeline/scripts.ts';
import { pipelineToJson } from '../pipeline/snapshot.ts';
import type { Blobs, Digest } from '../ports/blobs.ts';
import { type MadeFile, OutputRefusedError, type Workbench } from '../ports/scripts.ts';
import type { JournalEvent } from './events.ts';
import type { RunContext } from './perform-context.ts';
import { createAnalyses } from './perform-post-process-analysis.ts';
import { type Came, cameTo, NAMED_FILES } from './perform-post-process-came.ts';
import { extractUnits } from './perform-post-process-extract.ts';
import { readSnapshotPipeline } from './perform-snapshot.ts';
import {
  countDone,
  type EntryScope,
  endedEntry,
  type PlannedEntry,
  type PostProcessPlan,
  planPostProcess,
  scopeOf,
} from './post-process-plan.ts';
import type { EndedEntry, RunState } from './state.ts';

/** With what a run is post-processed. */
export interface PostProcessOptions {
  readonly bench: Workbench;
  /** Whose entries are done: those of this snapshot, as `scopeOf` tells them; null: as the run says. */
  readonly judgedBy: string | null;
  /** Lays out the run in the bench's empty folder. */
  readonly layOut: (bench: Workbench) => Promise<void>;
  /** False: nothing is begun; what has been made elsewhere is put in place here. */
  readonly isWork: boolean;
  /** This process may run scripts of trusted code. */
  readonly mayRunScripts: boolean;
  /** Scripts that failed are tried once more. */
  readonly again: boolean;
  readonly signal: AbortSignal;
  /** Hears of each entry that is begun, by its name. */
  readonly began?: (entry: string) => void;
}

/** How long an entry other than a script is respected as somebody else's (ms). */
const OTHERS_MS = 30 * 60_000;
/** What is added to a script's own limit. */
const SLACK_MS = 10 * 60_000;

/** The plan of the run as it is now, with the pipeline it is from; `judgedBy`: for whom, see `scopeOf`. */
export async function readPostProcess(
  context: RunContext,
  judgedBy: string | null,
): Promise<PostProcessPlan & { readonly pipeline: Pipeline }> {
  const { state, ports } = context;
  const scope = scopeOf(state, judgedBy);
  const { by } = scope;
  const pipeline = by === state.snapshot ? context.pipeline : await readSnapshotPipeline(ports.blobs, by);
  return { ...planPostProcess(pipeline, state, scope), pipeline };
}

/** Whether a run is over and an entry that comes after it is not, told without opening the run. */
export async function isPostProcessOpen(state: RunState, blobs: Blobs): Promise<boolean> {
  const { trusted, begun } = state.postProcess;
  // Most runs have no entries, and say so here: their snapshots need not be read.
  if (!state.finished || (trusted === null && begun === null)) return false;
  const { entries } = planPostProcess(
    await readSnapshotPipeline(blobs, trusted ?? state.reportSnapshot),
    state,
  );
  return countDone(state.postProcess, entries, false) < entries.length;
}

/** Does what is left to do, and puts all that was made in place beside the run's files. */
export async function postProcess(context: RunContext, options: PostProcessOptions): Promise<void> {
  const { bench, judgedBy } = options;
  const { entries, pipeline } = await readPostProcess(context, judgedBy);
  const { books } = scopeOf(context.state, judgedBy);
  const done = countDone(books, entries, options.isWork && options.again);
  const left = entries[done];
  const mayGoOn = options.isWork && left !== undefined && (await isOurs(context, left, options));
  if (!mayGoOn && (done === 0 || (await bench.delivered()) === entries[done - 1]!.key)) return;
  if ((await bench.isOpen()) && (await isTaken(context))) return;
  const perform = createPerformer(context, pipeline, entries, options);
  const layOutAfter = async (count: number): Promise<void> => {
    await bench.clear();
    await options.layOut(bench);
    await layOutPipeline(bench, pipeline, entries);
    for (const planned of entries.slice(0, count)) await putBack(context, planned, perform, options);
  };
  await layOutAfter(done);
  let last = done;
  for (const planned of mayGoOn ? entries.slice(done) : []) {
    if (!(await isOurs(context, planned, options)) || !(await begin(context, planned, judgedBy))) break;
    options.began?.(planned.entry.name);
    const came = await perform(planned);
    if (came === null || !(await end(context, planned, came, options))) break;
    last++;
    // A script that failed may have spoiled what the others made, and what those after it read.
    if (planned.entry.kind === 'script' && !came.ok) await layOutAfter(last);
  }
  await bench.deliver(entries[last - 1]?.key ?? '');
}

/** True when another process is at an entry of the run: whoever cleared its folder would end its program. */
async function isTaken({ state, ports }: RunContext): Promise<boolean> {
  const { owners, clock } = ports;
  const { postProcess } = state;
  for (const { begun } of [postProcess, ...postProcess.joined.values()]) {
    if (begun === null || begun.owner === owners.self || clock.now() >= begun.until) continue;
    if (!(await owners.isFinished(begun.owner))) return true;
  }
  return false;
}

type Performer = (planned: PlannedEntry) => Promise<Came | null>;

/** True when nobody else is at it and this process may do it. */
async function isOurs(
  context: RunContext,
  { key, entry }: PlannedEntry,
  { mayRunScripts, judgedBy }: PostProcessOptions,
): Promise<boolean> {
  if (entry.kind === 'script' && !mayRunScripts) return false;
  const { owners, clock } = context.ports;
  const { begun } = scopeOf(context.state, judgedBy).books;
  if (begun === null || begun.key !== key || begun.owner === owners.self) return true;
  return clock.now() >= begun.until || (await owners.isFinished(begun.owner));
}

/** Records that an entry is under way; false: somebody else was first. */
async function begin(
  context: RunContext,
  { index, key, entry }: PlannedEntry,
  judgedBy: string | null,
): Promise<boolean> {
  const { owners, clock } = context.ports;
  const at = clock.now();
  const until = at + (entry.kind === 'script' ? entry.timeoutSeconds * 1000 + SLACK_MS : OTHERS_MS);
  const of = ofScope(scopeOf(context.state, judgedBy));
  const event: JournalEvent = {
    type: 'post_process_begun',
    ...of,
    index,
    key,
    owner: owners.self,
    until,
    at,
  };
  return context.record([event]);
}

function ofScope({ kind, by }: EntryScope): { readonly by?: string } {
  return kind === 'joined' ? { by } : {};
}

async function end(
  context: RunContext,
  { index, key, entry }: PlannedEntry,
  came: Came,
  { bench, judgedBy }: PostProcessOptions,
): Promise<boolean> {
  const kept = await context.ports.blobs.put(keptLines(came, entry.kind === 'script' ? bench : null));
  const { ok, why, count, bytes } = came;
  const event: JournalEvent = {
    type: 'post_process_ended',
    ...ofScope(scopeOf(context.state, judgedBy)),
    index,
    key,
    name: entry.name,
    kind: entry.kind,
    ok,
    why,
    files: count,
    bytes,
    kept,
    at: context.ports.clock.now(),
  };
  const isStill = (state: RunState): boolean => scopeOf(state, judgedBy).books.begun?.key === key;
  return context.record([event], isStill);
}

/** First what it said and the names of its first files; of a script each file follows, its name and then its bytes. */
async function* keptLines({ files, said }: Came, bench: Workbench | null): AsyncGenerator<string> {
  yield `${JSON.stringify({ said, files: files.slice(0, NAMED_FILES) })}\n`;
  for (const { path } of bench === null ? [] : files) {
    yield `${JSON.stringify({ path })}\n`;
    for await (const line of bench!.encoded(path)) yield `${line}\n`;
  }
}

/** What the journal's blob says of an entry that has ended. */
export async function readKept(
  context: RunContext,
  { kept }: EndedEntry,
): Promise<{ readonly said: string; readonly files: readonly MadeFile[] }> {
  for await (const line of context.ports.blobs.lines(kept as Digest))
    return parsePlainJson(line) as { said: string; files: MadeFile[] };
  return { said: '', files: [] };
}

/** What an entry has made stands in the bench again: a script's files from where they are kept, all else made anew. */
async function putBack(
  context: RunContext,
  planned: PlannedEntry,
  perform: Performer,
  { bench, judgedBy }: PostProcessOptions,
): Promise<void> {
  const ended = endedEntry(scopeOf(context.state, judgedBy).books, planned);
  if (ended === null || !ended.ok) return;
  if (planned.entry.kind !== 'script') {
    await perform(planned);
    return;
  }
  let path: string | null = null;
  let lines: string[] = [];
  let isHead = true;
  for await (const line of context.ports.blobs.lines(ended.kept as Digest)) {
    if (line.startsWith('{')) {
      if (path !== null) await bench.restore(path, lines);
      path = isHead ? null : (parsePlainJson(line) as { path: string }).path;
      lines = [];
      isHead = false;
    } else lines.push(line);
  }
  if (path !== null) await bench.restore(path, lines);
}

async function layOutPipeline(
  bench: Workbench,
  pipeline: Pipeline,
  entries: readonly PlannedEntry[],
): Promise<void> {
  const scripts = entries.flatMap(({ entry }) => (entry.kind === 'script' ? [entry] : []));
  const files = new Map(
    scripts.flatMap(({ path, source, beside }) => [...Object.entries(beside), [path, source] as const]),
  );
  for (const [path, text] of files) {
    if (/^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(path)) continue;
    await bench.layout.file(`pipeline/${path}`, [text]);
  }
  await bench.layout.file('pipeline/pipeline.json', [`${pipelineToJson(pipeline)}\n`]);
}

function createPerformer(
  context: RunContext,
  pipeline: Pipeline,
  entries: readonly PlannedEntry[],
  { bench, signal }: PostProcessOptions,
): Performer {
  const analyses = createAnalyses(
    context,
    pipeline,
    entries.map(({ entry }) => entry),
  );
  const perform = async (entry: PostProcess): Promise<Came | null> => {
    switch (entry.kind) {
      case 'script':
        return runScript(entry, bench, signal);
      case 'analysis': {
        const { text, why } = await analyses(entry);
        if (text === null) return cameTo([], why, false);
        const path = entry.output ?? 'analysis.txt';
        const bytes = await bench.write(path, text, { isCompressed: false, isNew: false });
        return cameTo([{ path, bytes }], why);
      }
      case 'gzip': {
        const { files, left, why } = await bench.gzip(entry.files, entry.keepOriginals);
        const all = files.length + left;
        if (all === 0) return cameTo(files, 'no file matches');
        // Names may be a model's answers: the journal keeps none of them.
        const said = `${left} of ${all} files stay as they are; with .gz the name of the first ${why}`;
        return cameTo(files, left === 0 ? null : said);
      }
      case 'extract':
        return extractUnits(context, entry, bench, signal);
      default:
        return entry satisfies never;
    }
  };
  return async ({ entry }) => {
    try {
      return await perform(entry);
    } catch (error) {
      if (!(error instanceof OutputRefusedError)) throw error;
      return cameTo([], `a file of it ${error.message}`, false);
    }
  };
}

async function runScript(entry: ScriptEntry, bench: Workbench, signal: AbortSignal): Promise<Came | null> {
  const interpreter = entry.interpreter ?? interpreterOf(entry.path);
  if (interpreter === null) return cameTo([], 'nobody knows what runs it', false);
  const { kind, why, said, files } = await bench.run(
    {
      interpreter,
      path: entry.path,
      args: entry.args,
      output: entry.output,
      timeoutMs: entry.timeoutSeconds * 1000,
      maxOutputBytes: entry.maxOutputBytes,
    },
    signal,
  );
  return kind === 'interrupted' ? null : cameTo(files, why, kind === 'ok', said);
}
