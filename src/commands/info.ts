// Everything that is known of one run without asking anybody: what it was made from, what it may cost, every batch it ever
// sent, and what it takes up on the disk. It reads the journal and the snapshot, and no results.
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openRunPlace, type RunPlaceOptions } from '../compose.ts';
import type { JournalEvent, RunSettings } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { readSnapshotPipeline } from '../engine/perform-snapshot.ts';
import { JournalError, type KnownTarget } from '../engine/state.ts';
import type { Mode, TokenPrice } from '../pipeline/pipeline.ts';
import { inMode, resolveModel } from '../pipeline/resolve.ts';
import { readNamesByRun } from './run-names.ts';
import { describeState, findFinishedOwners, type RunStatus, type StepStatus } from './status.ts';

/** A batch, also one that is over. `became`: how it ended, or how far it is. */
export interface KnownBatch {
  readonly key: string;
  readonly step: string;
  readonly provider: string;
  readonly model: string;
  readonly mode: Mode;
  readonly requests: number;
  /** Its id at the provider; null: it never had one. */
  readonly providerBatch: string | null;
  readonly declared: string;
  readonly became: string;
}

/** A step as the run has it, and its books. */
export interface KnownStep extends StepStatus {
  /** Most attempts of a unit. */
  readonly maxAttempts: number;
  /** Who is to be asked by the pipeline; null: it is computed here. */
  readonly asks: { readonly provider: string; readonly model: string; readonly mode: Mode } | null;
}

/** A run in full. Sizes are bytes, times ISO texts in UTC, money US dollars as decimal text. */
export interface RunInfo extends Omit<RunStatus, 'accounting' | 'batches' | 'wave'> {
  readonly name: string | null;
  readonly engine: string;
  readonly contentKey: string;
  readonly epoch: number;
  readonly seed: string;
  readonly rng: string;
  readonly repeat: number;
  readonly units: {
    readonly planned: number;
    readonly valid: number;
    readonly failed: number;
    readonly inFlight: number;
  };
  readonly command: string;
  readonly simulator: RunSettings['simulator'];
  readonly deadlineMs: number | null;
  readonly steps: readonly KnownStep[];
  /** By `provider/model/mode`; null: not known. Empty where nothing is paid. */
  readonly prices: Readonly<Record<string, TokenPrice | null>>;
  readonly batches: readonly KnownBatch[];
  /** Waves that were opened, of a run that stops by itself. */
  readonly waves: { readonly weighed: number; readonly opened: number; readonly most: number } | null;
  readonly targets: readonly Pick<KnownTarget, 'pipeline' | 'pull' | 'commit' | 'branch'>[];
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** What was made after the run, the first files by name; null: nothing. */
  readonly outputs: {
    readonly count: number;
    readonly bytes: number;
    readonly files: readonly { readonly path: string; readonly bytes: number }[];
  } | null;
  readonly size: {
    readonly journal: { readonly segments: number; readonly events: number; readonly bytes: number };
    readonly blobs: { readonly count: number; readonly bytes: number };
  };
}

/** Tells a run in full. Throws a JournalError when there is none. */
export async function describeInFull(
  root: string,
  directory: string,
  options: RunPlaceOptions,
): Promise<RunInfo> {
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  try {
    const { journal, blobs, clock, owners } = place.ports;
    const { events } = await journal.read();
    const state = foldJournal(events);
    if (state === null) throw new JournalError(`There is no run in ${directory}.`);
    const finishedOwners = await findFinishedOwners(state, owners.isFinished);
    const now = clock.now();
    const status = describeState(state, { directory, now, finishedOwners, paused: null });
    const { accounting, batches: _open, wave: _wave, ...about } = status;
    const pipeline = await readSnapshotPipeline(blobs, state.snapshot);
    const asNow = inMode(pipeline, state.modes.at(-1));
    const { steps, planned, valid, failed, inFlight } = accounting;
    const { settings, waves } = state;
    return {
      ...about,
      name: (await readNamesByRun(root)).get(basename(directory)) ?? null,
      engine: state.engine,
      contentKey: state.contentKey,
      epoch: state.epoch,
      seed: pipeline.seed,
      rng: pipeline.rng,
      repeat: pipeline.repeat,
      units: { planned, valid, failed, inFlight },
      command: settings.command,
      simulator: settings.simulator,
      deadlineMs: settings.deadlineMs ?? null,
      steps: steps.map((step, at): KnownStep => {
        const written = pipeline.steps[at]!;
        const asked = asNow.steps[at]!;
        const asks = asked.kind === 'llm' ? resolveModel(asNow, asked) : null;
        return { ...step, maxAttempts: written.retry.maxAttempts, asks };
      }),
      prices: settings.prices,
      batches: readBatches(events),
      waves:
        waves === null ? null : { weighed: waves.looks.length, opened: waves.opened.size, most: state.units },
      targets: state.targets.map(({ pipeline: path, pull, commit, branch }) => ({
        ...{ pipeline: path, pull, commit, branch },
      })),
      files: await filesIn(directory),
      outputs: await outputsIn(directory),
      size: {
        journal: { ...(await sizeOf(join(directory, 'journal'), SEGMENT)), events: events.length },
        blobs: await countBlobs(join(directory, 'blobs')),
      },
    };
  } finally {
    await place.close();
  }
}

const SEGMENT = /^\d{8}\.jsonl$/;

/** Every batch of a journal, in the order in which they were declared. */
export function readBatches(events: readonly JournalEvent[]): readonly KnownBatch[] {
  const [created] = events;
  const steps = created?.type === 'run_created' ? created.steps : [];
  const batches = new Map<string, KnownBatch>();
  const change = (key: string, more: Partial<KnownBatch>): void => {
    const known = batches.get(key);
    if (known !== undefined) batches.set(key, { ...known, ...more });
  };
  for (const event of events) {
    switch (event.type) {
      case 'batch_declared': {
        const { batch: key, step, provider, model, mode, count: requests, claim } = event;
        const declared = new Date(claim.at).toISOString();
        batches.set(key, {
          ...{ key, step: steps[step]?.name ?? String(step), provider, model, mode, requests },
          ...{ providerBatch: null, declared, became: 'declared' },
        });
        break;
      }
      case 'batch_submitted':
        change(event.batch, { providerBatch: event.providerBatch, became: 'at the provider' });
        break;
      case 'calls_begun':
        change(event.batch, { became: 'being called' });
        break;
      case 'batch_returned':
        change(event.batch, { became: 'sent back, its units were packed anew' });
        break;
      case 'batch_collected':
        change(event.batch, { became: `${event.status}, ${event.rows} of its requests answered` });
        break;
    }
  }
  return [...batches.values()];
}

/** What was published, by name. */
async function filesIn(directory: string): Promise<RunInfo['files']> {
  const files: { name: string; bytes: number }[] = [];
  for (const entry of (await readdir(directory, { withFileTypes: true })).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  ))
    if (entry.isFile() && !entry.name.startsWith('.'))
      files.push({ name: entry.name, bytes: (await stat(join(directory, entry.name))).size });
  return files;
}

/** The list of outputs, as it was put beside them. */
async function outputsIn(directory: string): Promise<RunInfo['outputs']> {
  const text = await readFile(join(directory, 'outputs.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { count, bytes, files } = JSON.parse(text) as NonNullable<RunInfo['outputs']>;
    return count > 0 && Array.isArray(files) ? { count, bytes, files } : null;
  } catch {
    return null;
  }
}

async function sizeOf(folder: string, named: RegExp): Promise<{ segments: number; bytes: number }> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => named.test(name));
  let bytes = 0;
  for (const name of names) bytes += (await stat(join(folder, name))).size;
  return { segments: names.length, bytes };
}

async function countBlobs(folder: string): Promise<{ count: number; bytes: number }> {
  let [count, bytes] = [0, 0];
  if (!existsSync(folder)) return { count, bytes };
  for (const below of await readdir(folder)) {
    if (!/^[0-9a-f]{2}$/.test(below)) continue;
    const own = await sizeOf(join(folder, below), /^[0-9a-f]{64}$/);
    count += own.segments;
    bytes += own.bytes;
  }
  return { count, bytes };
}
