// Starts a run of a pipeline, or goes on with the one that exists: what `run` and `submit` of both doors call.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkProviders,
  loadFolder,
  openMemoryPlace,
  openRunPlace,
  type RunPlace,
  type RunPlaceOptions,
} from '../compose.ts';
import type { RunSettings } from '../engine/events.ts';
import { contentKeyOf, createRun, itemsDigestOf, runIdOf } from '../engine/perform-snapshot.ts';
import type { Overrides } from '../pipeline/load.ts';
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import { shellWord } from './shell.ts';

/** What a person asks for when they start a run. */
export interface StartRequest {
  /** The pipeline folder, as the person typed it: shown in reports, resolved against the working directory. */
  readonly pipeline: string;
  readonly overrides: Overrides;
  /** Where runs are kept; each gets a folder of its own there. */
  readonly root: string;
  /** Exactly this folder instead. */
  readonly runDirectory: string | null;
  readonly faults: string;
  readonly latency: { readonly minMs: number; readonly maxMs: number };
}

/** Reads the pipeline and creates its run, or finds the one it already has. `wrap` lets tests stand in between. */
export async function startRun(
  request: StartRequest,
  options: RunPlaceOptions,
  wrap: (place: RunPlace) => RunPlace = (place) => place,
): Promise<{ place: RunPlace; isNew: boolean }> {
  const { loaded, settings, directory } = await prepareRun(request);
  const place = wrap(openRunPlace(directory, options));
  return closingOnFailure(place, async () => {
    const { version } = await place.ports.journal.read();
    await createRun(place.ports, loaded, settings);
    return { place, isNew: version === 0 };
  });
}

/** The pipeline's run if it has one, else a run in memory: for looking only, so that nothing is left to go on with. */
export async function borrowRun(request: StartRequest, options: RunPlaceOptions): Promise<RunPlace> {
  const { loaded, settings, directory } = await prepareRun(request);
  const place = existsSync(directory) ? openRunPlace(directory, options) : openMemoryPlace(options);
  return closingOnFailure(place, async () => {
    if (!existsSync(directory)) await createRun(place.ports, loaded, settings);
    return place;
  });
}

async function prepareRun(
  request: StartRequest,
): Promise<{ loaded: LoadedPipeline; settings: RunSettings; directory: string }> {
  const loaded = await loadFolder(request.pipeline, request.pipeline, request.overrides);
  checkProviders(loaded, request.pipeline);
  const settings: RunSettings = {
    simulator: {
      faults: request.faults,
      minLatencyMs: request.latency.minMs,
      maxLatencyMs: request.latency.maxMs,
    },
    prices: {},
    cap: null,
    replays: null,
    source: request.pipeline,
    command: commandOf(request),
  };
  const contentKey = contentKeyOf(loaded, itemsDigestOf(loaded), settings);
  const ownDirectory = join(request.root, 'runs', runIdOf(loaded.pipeline.name, contentKey, 0));
  return { loaded, settings, directory: request.runDirectory ?? ownDirectory };
}

async function closingOnFailure<T>(place: RunPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await place.close();
    throw error;
  }
}

/** The command line, after the program's name, that makes the same run again. */
function commandOf({ pipeline, overrides, faults }: StartRequest): string {
  const words = ['run', pipeline];
  const add = (flag: string, value: string | number | null | undefined): void => {
    if (value !== null && value !== undefined && value !== '') words.push(flag, String(value));
  };
  add('--seed', overrides.seed);
  add('--rng', overrides.rng);
  add('--repeat', overrides.repeat);
  add('--max-units', overrides.maxUnits);
  add('--provider', overrides.provider);
  add('--model', overrides.model);
  add('--simulator-faults', faults);
  return words.map(shellWord).join(' ');
}
