// Puts the results of finished runs of one pipeline together as a set: more seeds, or other units, of the same content. A
// case counts once: the same case asked twice is refused. It changes no run, and says what its report rests on.
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnitRecord } from '../analysis/record.ts';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import { accountFor } from '../engine/account.ts';
import { beginAnalysis } from '../engine/perform-analyse.ts';
import type { RunContext } from '../engine/perform-context.ts';
import { readRecords } from '../engine/perform-results.ts';
import { itemsDigestOf, readSnapshot } from '../engine/perform-snapshot.ts';
import { openRun } from '../engine/tick.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { modelsOf } from '../pipeline/resolve.ts';
import { DEFAULT_RNG } from '../pipeline/rng.ts';
import { normalisedText } from '../pipeline/snapshot.ts';
import { buildReport } from '../report/build.ts';
import { logText } from '../report/escape.ts';
import type { Report } from '../report/report.ts';
import { failureLine, resultLine } from '../report/results.ts';
import { STREAM_VERSION } from '../simulation/stream.ts';
import { analyseSource } from './analyze.ts';
import { usageError } from './arguments.ts';
import { addBooks, formatSet, isSet, openSet, readSet, type SetFacts, setFolder } from './result-set.ts';
import { checkNameIsFree } from './run-names.ts';
import { findRuns } from './runs.ts';

/** One run that is put into a set. */
interface Part {
  readonly context: RunContext;
  readonly items: string;
  readonly judged: Pipeline;
  readonly simulated: boolean;
}

/** Merges runs into the set `into`. Throws a ConfigurationError when they do not belong together. */
export async function mergeRuns(
  root: string,
  called: readonly string[],
  into: string,
  options: RunPlaceOptions,
): Promise<SetFacts> {
  if (isSet(root, into))
    throw usageError(
      '--into',
      `there is a set "${into}" already`,
      `delete ${setFolder(root, into)}, or choose another name`,
    );
  await checkNameIsFree(root, '', into, '--into');
  const folders = await findRuns(root, called, 'all');
  if (folders.length < 2) throw usageError('merge', 'one run is a whole by itself', 'name at least two runs');
  const places: RunPlace[] = [];
  try {
    const parts: Part[] = [];
    for (const folder of folders) {
      const place = openRunPlace(folder, { ...options, workerEntry: null });
      places.push(place);
      parts.push(await readPart(place));
    }
    checkTogether(parts);
    return await writeSet(root, into, parts, options);
  } finally {
    for (const place of places) await place.close();
  }
}

async function readPart(place: RunPlace): Promise<Part> {
  const { context } = await openRun(place.ports);
  const { state, pipeline } = context;
  const refuse = (what: string, fix: string): never => {
    throw usageError('merge', `run ${state.run} ${what}`, fix);
  };
  if (state.shard !== null) refuse('is a part of another run', 'let collect merge the parts');
  if (!state.finished) refuse('is not finished', `collect ${state.run} first`);
  if (pipeline.stop !== undefined)
    refuse(
      'stopped when its results were clear enough',
      'runs that choose their own size say nothing together',
    );
  if (pipeline.rng === 'python')
    refuse(
      "draws with rng: python, which knows no seed: it has the other runs' draws",
      'run it once with a larger repeat',
    );
  const loaded = await readSnapshot(place.ports.blobs, state.snapshot);
  const { pipeline: judged, simulated } = await beginAnalysis(context, null);
  return { context, items: itemsDigestOf(loaded), judged, simulated };
}

/** Everything that determines a unit's result but the seed, and which units there are. */
function contentOf({ context, items }: Part): string {
  const { only: _, ...pipeline } = context.pipeline;
  const faults = context.state.settings.simulator?.faults ?? '';
  return [normalisedText({ ...pipeline, seed: '', repeat: 1, maxUnits: null }), items, faults].join('\n');
}

function checkTogether(parts: readonly Part[]): void {
  const [first, ...others] = parts as [Part, ...Part[]];
  for (const other of others) {
    const names = `${first.context.state.run} and ${other.context.state.run}`;
    if (contentOf(first) !== contentOf(other))
      throw usageError(
        'merge',
        `${names} are not of the same content`,
        'compare them instead: compare tells what changed',
      );
    if (first.context.state.engine !== other.context.state.engine)
      throw usageError(
        'merge',
        `${names} were made by other versions of the engine`,
        'run one of them again',
      );
  }
  for (const seed of new Set(parts.map(({ context }) => context.pipeline.seed)))
    checkApart(parts.filter(({ context }) => context.pipeline.seed === seed));
}

/** Runs of one seed must have no unit in common. */
function checkApart(parts: readonly Part[]): void {
  if (parts.length < 2) return;
  const runs = new Map<string, string>();
  for (const { context } of parts) {
    const { units, state } = context;
    for (let index = 0; index < units.count; index++) {
      const { id } = units.unit(index);
      const before = runs.get(id);
      runs.set(id, state.run);
      if (before === undefined) continue;
      const what = `unit ${id} is in ${before} and in ${state.run} with the same seed: it is the same case, asked twice`;
      throw usageError('merge', what, 'merge runs of different seeds, or of different units');
    }
  }
}

async function writeSet(
  root: string,
  name: string,
  parts: readonly Part[],
  options: RunPlaceOptions,
): Promise<SetFacts> {
  const seeds = new Set(parts.map(({ context }) => context.pipeline.seed));
  const bySeed = seeds.size > 1;
  const last = parts.at(-1)!;
  const { context } = last;
  const repeat = parts.reduce((sum, part) => sum + part.context.pipeline.repeat, 0);
  const facts: SetFacts = {
    name,
    members: parts.map((part) => {
      const { run, contentKey } = part.context.state;
      const { valid, failed } = accountFor(part.context.state);
      return { run, seed: part.context.pipeline.seed, contentKey, valid, failed };
    }),
    pipeline: { ...last.judged, repeat: bySeed ? repeat : last.judged.repeat },
    path: context.state.settings.source,
    provider: modelsOf(last.judged)[0]?.provider ?? 'simulated',
    simulated: parts.some(({ simulated }) => simulated),
    itemFields: context.units.count === 0 ? [] : [...context.units.unit(0).fields.keys()],
    bySeed,
    accounting: addBooks(parts.map((part) => accountFor(part.context.state))),
  };
  async function* lines(kind: UnitRecord['kind']): AsyncGenerator<string> {
    for (const part of parts) {
      const tag = bySeed ? `seed-${encodeURIComponent(part.context.pipeline.seed)}/` : '';
      for await (const record of readRecords(part.context)) {
        if (record.kind !== kind) continue;
        const own = { ...record, unit: `${tag}${record.unit}` };
        yield `${own.kind === 'valid' ? resultLine(own) : failureLine(own)}\n`;
      }
    }
  }
  // A set is there as a whole or not at all.
  const aside = setFolder(root, `.${name}.${process.pid}.tmp`);
  const { publisher, close } = openRunPlace(aside, { ...options, workerEntry: null });
  try {
    await mkdir(aside, { recursive: true });
    await publisher.file('results.jsonl', lines('valid'));
    await publisher.file('failures.jsonl', lines('failed'));
    await publisher.file('set.json', [formatSet(facts)]);
    await rename(aside, setFolder(root, name));
  } finally {
    await close();
    if (existsSync(aside)) await rm(aside, { recursive: true, force: true });
  }
  return facts;
}

/** The report of a set: the estimates and gates of all its units together. */
export async function reportSet(root: string, name: string): Promise<Report> {
  const { pipeline, members, path, simulated, accounting } = await readSet(root, name);
  const source = await openSet(root, name);
  const analysis = await analyseSource(source, pipeline);
  const models = modelsOf(pipeline);
  const only = (names: readonly string[]): string | null => (new Set(names).size === 1 ? names[0]! : null);
  const seeds = [...new Set(members.map(({ seed }) => seed))];
  return buildReport({
    pipeline,
    analysis: { ...analysis, accounting },
    allowance: { cap: null, reserved: null },
    uncovered: null,
    provenance: {
      path,
      seed: seeds.join(', '),
      streamVersion: `${STREAM_VERSION}${pipeline.rng === DEFAULT_RNG ? '' : ` ${pipeline.rng}`}`,
      engineVersion: ENGINE_VERSION,
      contentKey: members.map(({ contentKey }) => contentKey.slice(0, 10)).join(' '),
      runId: `${name}, of ${members.map(({ run }) => run).join(', ')}`,
      provider: only(models.map(({ provider }) => provider)),
      model: only(models.map(({ model }) => model)),
      answers: models.length === 0 ? 'none' : simulated ? 'simulated' : 'fresh',
      replays: null,
      reproduce: null,
    },
    error: null,
    pending: null,
    timing: null,
  });
}

/** What was put together, in a few lines. */
export function formatMerge(root: string, { name, members, bySeed, accounting }: SetFacts): string {
  const lines = members.map(
    ({ run, seed, valid, failed }) =>
      `  ${logText(run, 120)}: seed ${logText(seed, 60)}, ${valid} valid, ${failed} failed`,
  );
  const told = bySeed ? '; ids of units begin with their seed' : '';
  const head = `${name}: ${accounting.valid} valid and ${accounting.failed} failed units of ${members.length} runs${told}`;
  return `${[head, ...lines, `Files: ${join(setFolder(root, name), 'results.jsonl')}, failures.jsonl`].join('\n')}\n`;
}
