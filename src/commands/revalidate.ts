// Judges the recorded answers of a run by the pipeline as it is now, and tells what changed. It asks no model.
import { existsSync } from 'node:fs';
import type { UnitRecord } from '../analysis/record.ts';
import { closingOnFailure, openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import { readRecords } from '../engine/perform-results.ts';
import { retryFailed } from '../engine/perform-retry.ts';
import { isUncovered, Recording } from '../engine/recording.ts';
import { openRun, type RunWorker } from '../engine/tick.ts';
import type { Digest } from '../ports/blobs.ts';
import { logText } from '../report/escape.ts';
import type { ChangedUnit } from '../report/layout-comparison.ts';
import type { UnitTable } from '../simulation/units.ts';
import type { Failure } from '../validation/failure.ts';
import { usageError } from './arguments.ts';
import { type StartRequest, startRun } from './run-pipeline.ts';
import { shownPath } from './shown-path.ts';
import type { ChosenUnits } from './units-file.ts';

/** Units that are listed by name. */
const LISTED = 20;

/** What a person asks for. `pipeline` null: the folder the recorded run was made from. */
export interface RevalidateRequest {
  readonly recorded: string;
  readonly pipeline: string | null;
  readonly root: string;
  readonly runDirectory: string | null;
}

/** What the pipeline of now makes of the recorded answers. */
export interface Revalidation {
  readonly recorded: string;
  readonly before: { readonly valid: number; readonly failed: number };
  readonly after: { readonly valid: number; readonly failed: number };
  /** Units that are valid now, or fail now, and did not then. */
  readonly mended: number;
  readonly broken: number;
  /** Units with a verdict on one side only: there are others now, or the recorded run is not finished. */
  readonly gone: number;
  readonly added: number;
  /** Units that failed because a question of theirs is not in the recording. */
  readonly uncovered: number;
  /** The first of those whose verdict changed, in the order of units: `valid`, or what was wrong, in a line. */
  readonly changes: readonly ChangedUnit[];
}

/** Starts the run that is answered from the recording, over the same units with the same draws. */
export async function startRevalidation(
  request: RevalidateRequest,
  options: RunPlaceOptions,
): Promise<RunPlace> {
  const recorded = openRunPlace(request.recorded, { ...options, workerEntry: null });
  try {
    const { pipeline, state, units } = (await openRun(recorded.ports)).context;
    if (!pipeline.steps.some(({ kind }) => kind === 'llm')) {
      const fix = 'run the pipeline again: all of it is computed';
      throw usageError('run', `run ${state.run} asked no model, so there are no answers to judge`, fix);
    }
    const folder = request.pipeline ?? state.settings.source;
    if (!existsSync(folder)) {
      const what = `the pipeline folder "${folder}" of run ${state.run} is not here`;
      throw usageError('--pipeline', what, 'name the folder of the pipeline with --pipeline');
    }
    const start: StartRequest = {
      pipeline: shownPath(folder),
      overrides: {
        provider: 'replay',
        mode: 'batch',
        seed: pipeline.seed,
        rng: pipeline.rng,
        repeat: pipeline.repeat,
        ...(pipeline.maxUnits === null ? {} : { maxUnits: pipeline.maxUnits }),
      },
      root: request.root,
      runDirectory: request.runDirectory,
      faults: '',
      latency: { minMs: 0, maxMs: 0 },
      maxCost: { kind: 'unsaid' },
      from: request.recorded,
      ...(pipeline.only === undefined ? {} : { units: idsOf(units) }),
    };
    const { place } = await startRun(start, options);
    await closingOnFailure(place, () => answerAll(place, recorded));
    return place;
  } finally {
    await recorded.close();
  }
}

/** The units of a run that has some of its pipeline's only. */
function idsOf(units: UnitTable): ChosenUnits {
  const ids = Array.from({ length: units.count }, (_, index) => [units.unit(index).id, index + 1] as const);
  return { from: '', ids: new Map(ids) };
}

/** Works the run to its end, and repeats what a person had retried by hand, as far as it fails again. */
async function answerAll(place: RunPlace, recorded: RunPlace): Promise<void> {
  const { journal, blobs } = recorded.ports;
  const { events } = await journal.read();
  const recording = await Recording.read(events, (digest) => blobs.lines(digest as Digest));
  const worker = await openRun(place.ports);
  for (;;) {
    const { kind } = await worker.tick();
    if (kind !== 'finished') return;
    const { retried } = await retryFailed(worker.context, {
      step: null,
      kind: null,
      wants: (unit, step, attempt) => recording.wasRetriedByHand(unit, step, attempt),
    });
    if (retried === 0) return;
  }
}

/** Compares a finished revalidation, in `directory`, with the recorded run. */
export async function compareRuns(
  recorded: string,
  directory: string,
  options: RunPlaceOptions,
): Promise<Revalidation> {
  const places = [recorded, directory].map((one) => openRunPlace(one, { ...options, workerEntry: null }));
  try {
    const [before, after] = await Promise.all(places.map(({ ports }) => openRun(ports)));
    return await compare(before!, after!);
  } finally {
    for (const place of places) await place.close();
  }
}

async function compare(before: RunWorker, after: RunWorker): Promise<Revalidation> {
  const then = new Map<string, string>();
  const counts = { before: { valid: 0, failed: 0 }, after: { valid: 0, failed: 0 } };
  for await (const record of readRecords(before.context)) {
    counts.before[record.kind]++;
    then.set(record.unit, sayRecord(record));
  }
  let [mended, broken, added, uncovered] = [0, 0, 0, 0];
  const changes: ChangedUnit[] = [];
  for await (const record of readRecords(after.context)) {
    counts.after[record.kind]++;
    if (record.kind === 'failed' && saysUncovered(record.failure)) uncovered++;
    const was = then.get(record.unit);
    then.delete(record.unit);
    if (was === undefined) {
      added++;
      continue;
    }
    if ((was === VALID) === (record.kind === 'valid')) continue;
    if (record.kind === 'valid') mended++;
    else broken++;
    if (changes.length < LISTED) changes.push({ unit: record.unit, before: was, after: sayRecord(record) });
  }
  return {
    recorded: before.context.state.run,
    ...counts,
    mended,
    broken,
    gone: then.size,
    added,
    uncovered,
    changes,
  };
}

const VALID = 'valid';

function saysUncovered({ issues }: Failure): boolean {
  return issues.some(({ message }) => isUncovered(message));
}

function sayRecord(record: UnitRecord): string {
  return record.kind === 'valid' ? VALID : sayFailure(record.failure);
}

function sayFailure(failure: Failure): string {
  const { kind, step, issues } = failure;
  const [issue] = issues;
  if (issue === undefined) return `${kind} at ${step}`;
  const rule = issue.rule === kind ? '' : `${issue.rule}: `;
  const end = issues.length > 1 && saysUncovered(failure) ? '; the recording has no further attempt' : '';
  return `${kind} at ${step}, ${rule}${issue.message}${end}`;
}

/** The comparison as lines for a person. */
export function formatComparison(comparison: Revalidation): string {
  const { recorded, before, after, mended, broken, gone, added, uncovered, changes } = comparison;
  const lines = [
    `Against run ${recorded}: ${before.valid} valid and ${before.failed} failed then, ${after.valid} valid and ${after.failed} failed now.`,
    mended + broken === 0
      ? 'No unit has another verdict.'
      : `${count(broken, 'unit was valid and fails', 'units were valid and fail')} now; ${count(mended, 'unit failed and is', 'units failed and are')} valid now.`,
    ...changes.map(
      ({ unit, before: was, after: is }) =>
        `  ${logText(unit, 120)}: ${logText(was, 200)} -> ${logText(is, 200)}`,
    ),
    ...(mended + broken > changes.length ? [`  and ${mended + broken - changes.length} more`] : []),
    ...(uncovered === 0
      ? []
      : [
          `${count(uncovered, 'failed unit', 'failed units')} asked something the recording has no answer to.`,
        ]),
    ...(gone + added === 0
      ? []
      : [
          `${count(added, 'unit', 'units')} had no verdict then, ${count(gone, 'unit has', 'units have')} none now.`,
        ]),
  ];
  return `${lines.join('\n')}\n`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
