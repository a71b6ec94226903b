// The only place that builds adapters. It decides which ones a run gets, and nothing about what they do.
import { join } from 'node:path';
import { openDirectoryBlobs } from './adapters/blobs/directory.ts';
import { createMemoryBlobs } from './adapters/blobs/memory.ts';
import { createSystemClock } from './adapters/clock.ts';
import { openFolder } from './adapters/folder.ts';
import { openDirectoryJournal } from './adapters/journals/directory.ts';
import { createMemoryJournal } from './adapters/journals/memory.ts';
import { createProcessOwners } from './adapters/owners.ts';
import { lookUpPrices } from './adapters/prices.ts';
import { createDirectoryPublisher } from './adapters/publishers/directory.ts';
import { createMemoryPublisher } from './adapters/publishers/memory.ts';
import { createInlineRunner } from './adapters/runners/inline.ts';
import { createThreadRunner } from './adapters/runners/threads.ts';
import { createWorkbench } from './adapters/scripts.ts';
import { hopelessGates } from './analysis/feasible.ts';
import { foldJournal } from './engine/journal-fold.ts';
import { ConfigurationError } from './pipeline/diagnostic.ts';
import { loadPipeline, type Overrides } from './pipeline/load.ts';
import type { CheckedPipeline, Pipeline, TokenPrice } from './pipeline/pipeline.ts';
import type { Policy } from './pipeline/policy.ts';
import { modelsOf } from './pipeline/resolve.ts';
import type { Blobs } from './ports/blobs.ts';
import type { Journal } from './ports/journal.ts';
import type { Owners } from './ports/owners.ts';
import type { Publisher } from './ports/publisher.ts';
import type { KeptRun } from './ports/run-store.ts';
import type { LocalRunner } from './ports/runner.ts';
import type { Workbench } from './ports/scripts.ts';
import type { RunPorts } from './ports/session.ts';
import { createRegistry, type ProviderOptions } from './providers.ts';
import { parseFaults } from './simulator/faults.ts';
import { type Simulator, startSimulator } from './simulator/server.ts';
import { SchemaError } from './validation/keywords.ts';
import { compileValidator } from './validation/validator.ts';

export { linkBlobs } from './adapters/blobs/directory-link.ts';
export { parquetBytes } from './adapters/parquet.ts';
export { openTokenCounter, type TokenCounter } from './adapters/tokens.ts';
export { checkAccess, KEY_VARIABLES } from './providers.ts';

/** How the run directory is used; the same for every command. */
export interface RunPlaceOptions extends ProviderOptions {
  /** The compiled worker entry, or null to compute in this thread. */
  readonly workerEntry: URL | null;
  /** A simulator that runs elsewhere, e.g. `http://127.0.0.1:4010`; null: the run starts its own when it needs one. */
  readonly simulatorUrl: string | null;
  /** True: the code is a stranger's, and none of its scripts is run, whatever the policy says. */
  readonly isForeign?: boolean;
}

/** Whether scripts may be run: by whoever's own code it is, or where the policy of whoever runs it says so. */
export function mayRunScripts({ policy, isForeign = false }: RunPlaceOptions): boolean {
  return !isForeign && (policy === undefined || policy === null || policy.scripts === true);
}

/** A run directory opened for work: everything the engine needs, and the folder its files go to. */
export interface RunPlace {
  readonly directory: string;
  readonly ports: RunPorts;
  readonly publisher: Publisher;
  /** Where what is done after the run is done, for files in that folder below the directory ('': itself); null: nothing is kept here. */
  readonly workbench: ((folder: string) => Workbench) | null;
  readonly mayRunScripts: boolean;
  /** What keeps the run's own simulator from working, such as a full disk; null: nothing. */
  trouble(): Error | null;
  close(): Promise<void>;
}

/** Does the first work with what was opened; closes it when that fails. */
export async function closingOnFailure<T>(
  opened: { close(): Promise<void> },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Opens (or begins) the run directory at `directory`; with `kept`, only what can be made again is in it. */
export function openRunPlace(
  directory: string,
  options: RunPlaceOptions,
  kept: KeptRun | null = null,
  runner: LocalRunner = openRunner(options),
): RunPlace {
  const journal = kept?.journal ?? openDirectoryJournal(join(directory, 'journal'));
  const blobs = kept?.blobs ?? openDirectoryBlobs(join(directory, 'blobs'));
  const publisher = createDirectoryPublisher(directory);
  let own: Simulator | null = null;
  const settings = async () => foldJournal((await journal.read()).events)?.settings ?? null;
  const provider = createRegistry(
    {
      blobs,
      async simulator() {
        if (options.simulatorUrl !== null) return options.simulatorUrl;
        const simulated = (await settings())?.simulator ?? null;
        own ??= await startSimulator({
          directory: join(directory, 'simulator'),
          ...(simulated === null
            ? {}
            : {
                faults: parseFaults(simulated.faults),
                latency: { minMs: simulated.minLatencyMs, maxMs: simulated.maxLatencyMs },
              }),
        });
        return own.url;
      },
      async recording() {
        const { replays = null, recording } = (await settings()) ?? {};
        if (replays === null || recording === undefined) throw noRecording();
        return {
          run: replays,
          journal: openDirectoryJournal(join(recording.folder, 'journal')),
          blobs: openDirectoryBlobs(join(recording.folder, 'blobs')),
        };
      },
    },
    options,
  );
  const owners = kept?.owners ?? createProcessOwners();
  const workbench = (folder: string): Workbench =>
    createWorkbench(join(directory, folder), options.environment ?? {});
  const stores = { journal, blobs, publisher, owners, workbench };
  const simulator = { close: async () => own?.close(), trouble: () => own?.trouble() ?? null };
  return assemblePlace(directory, stores, options, runner, provider, simulator);
}

/** A run that is kept nowhere and can send nothing: for looking at what a run would do. */
export function openMemoryPlace(options: RunPlaceOptions): RunPlace {
  const stores = {
    journal: createMemoryJournal(),
    blobs: createMemoryBlobs(),
    publisher: createMemoryPublisher(),
    owners: createProcessOwners(),
    workbench: null,
  };
  const none = () => Promise.reject(new Error('a run in memory sends nothing'));
  return assemblePlace('', stores, options, openRunner(options), none, {
    close: async () => {},
    trouble: () => null,
  });
}

interface Stores {
  readonly journal: Journal;
  readonly blobs: Blobs;
  readonly publisher: Publisher;
  readonly owners: Owners;
  readonly workbench: RunPlace['workbench'];
}

/** What does the local work of runs, before it is known of which. */
export function openRunner({ workerEntry }: RunPlaceOptions): LocalRunner {
  return workerEntry === null ? createInlineRunner() : createThreadRunner({ entry: workerEntry });
}

function assemblePlace(
  directory: string,
  { journal, blobs, publisher, owners, workbench }: Stores,
  options: RunPlaceOptions,
  runner: LocalRunner,
  provider: RunPorts['provider'],
  simulator: { close(): Promise<void>; trouble(): Error | null },
): RunPlace {
  const clock = createSystemClock();
  return {
    directory,
    publisher,
    workbench,
    mayRunScripts: mayRunScripts(options),
    ports: { journal, blobs, clock, owners, runner, provider },
    trouble: simulator.trouble,
    async close() {
      await simulator.close();
      await runner.close();
    },
  };
}

function noRecording(): ConfigurationError {
  const what = 'the provider replay has no recording to answer from';
  const fix = 'name the recorded run with --from <run>';
  return new ConfigurationError([{ file: 'provider', line: null, column: null, what, fix }]);
}

/**
 * Reads a pipeline folder; `shownAs` is how diagnostics and reports name it. With a policy, what goes beyond it is a
 * mistake. Throws a ConfigurationError.
 */
export function loadFolder(
  folder: string,
  shownAs: string,
  overrides: Overrides,
  policy: Policy | null = null,
): Promise<CheckedPipeline> {
  return loadPipeline(openFolder(folder, shownAs), overrides, checkSchema, policy, hopelessGates);
}

/** What is wrong with the JSON Schema of an answer and where in it, or null. */
function checkSchema(text: string): { message: string; pointer: string } | null {
  try {
    compileValidator({ step: 'schema', schema: text, checks: NO_CHECKS });
    return null;
  } catch (error) {
    if (error instanceof SchemaError) return { message: error.message, pointer: error.pointer };
    throw error;
  }
}

const NO_CHECKS = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };

/** The prices of what a pipeline asks, as far as it is paid for; null: not known. */
export function pricesOf(pipeline: Pipeline): Promise<Readonly<Record<string, TokenPrice | null>>> {
  return lookUpPrices(modelsOf(pipeline), pipeline);
}
