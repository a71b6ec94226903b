// The only place that builds adapters. It decides which ones a run gets, and nothing about what they do.
import { join } from 'node:path';
import { openDirectoryBlobs } from './adapters/blobs/directory.ts';
import { createMemoryBlobs } from './adapters/blobs/memory.ts';
import { createSystemClock } from './adapters/clock.ts';
import { openFolder } from './adapters/folder.ts';
import { openDirectoryJournal } from './adapters/journals/directory.ts';
import { createMemoryJournal } from './adapters/journals/memory.ts';
import { createProcessOwners } from './adapters/owners.ts';
import { createOpenAiProvider } from './adapters/providers/openai.ts';
import { createAnswerContexts } from './adapters/providers/simulated.ts';
import { createDirectoryPublisher } from './adapters/publishers/directory.ts';
import { createMemoryPublisher } from './adapters/publishers/memory.ts';
import { createInlineRunner } from './adapters/runners/inline.ts';
import { createThreadRunner } from './adapters/runners/threads.ts';
import { foldJournal } from './engine/state.ts';
import { ConfigurationError } from './pipeline/diagnostic.ts';
import { loadPipeline, type Overrides } from './pipeline/load.ts';
import type { CheckedPipeline, LoadedPipeline } from './pipeline/pipeline.ts';
import type { Blobs } from './ports/blobs.ts';
import type { Journal } from './ports/journal.ts';
import type { Publisher } from './ports/publisher.ts';
import type { ProviderSession, RunPorts } from './ports/session.ts';
import { parseFaults } from './simulator/faults.ts';
import { type Simulator, startSimulator } from './simulator/server.ts';
import { SchemaError } from './validation/keywords.ts';
import { compileValidator } from './validation/validator.ts';

/** How the run directory is used; the same for every command. */
export interface RunPlaceOptions {
  /** The compiled worker entry, or null to compute in this thread. */
  readonly workerEntry: URL | null;
  /** A simulator that runs elsewhere, e.g. `http://127.0.0.1:4010`; null: the run starts its own when it needs one. */
  readonly simulatorUrl: string | null;
}

/** A run directory opened for work: everything the engine needs, and the folder its files go to. */
export interface RunPlace {
  readonly directory: string;
  readonly ports: RunPorts;
  readonly publisher: Publisher;
  close(): Promise<void>;
}

/** How soon a local simulator is looked at again (ms): a look costs nothing there. */
const SIMULATOR_POLL_MS = 50;

/** Opens (or begins) the run directory at `directory`. */
export function openRunPlace(directory: string, options: RunPlaceOptions): RunPlace {
  const journal = openDirectoryJournal(join(directory, 'journal'));
  const blobs = openDirectoryBlobs(join(directory, 'blobs'));
  const publisher = createDirectoryPublisher(directory);
  const simulated = simulatedProvider(options.simulatorUrl, async () => {
    const settings = foldJournal((await journal.read()).events)?.settings.simulator ?? null;
    return startSimulator({
      directory: join(directory, 'simulator'),
      ...(settings === null
        ? {}
        : {
            faults: parseFaults(settings.faults),
            latency: { minMs: settings.minLatencyMs, maxMs: settings.maxLatencyMs },
          }),
    });
  });
  return assemblePlace(directory, { journal, blobs, publisher }, simulated, options);
}

/** A run that is kept nowhere and can send nothing: for looking at what a run would do. */
export function openMemoryPlace(options: RunPlaceOptions): RunPlace {
  const stores = {
    journal: createMemoryJournal(),
    blobs: createMemoryBlobs(),
    publisher: createMemoryPublisher(),
  };
  const none: Simulated = {
    open: () => Promise.reject(new Error('a run in memory sends nothing')),
    close: async () => {},
  };
  return assemblePlace('', stores, none, options);
}

interface Stores {
  readonly journal: Journal;
  readonly blobs: Blobs;
  readonly publisher: Publisher;
}

/** The simulated provider, opened when it is first needed. */
interface Simulated {
  open(): Promise<ProviderSession>;
  close(): Promise<void>;
}

function simulatedProvider(url: string | null, start: () => Promise<Simulator>): Simulated {
  let own: Simulator | null = null;
  return {
    async open() {
      const address = url ?? (own ??= await start()).url;
      const batches = createOpenAiProvider({
        name: 'simulated',
        apiKey: 'no-key-needed',
        baseUrl: `${address}/v1`,
        lateVisibilityMs: 0,
        backoffMs: 10,
      }).batches;
      return {
        batches,
        realtime: null,
        contexts: createAnswerContexts({ url: address }),
        paid: false,
        maxBatchAgeMs: null,
        queueTokens: null,
        health: () => Promise.resolve({ kind: 'ok' }),
        pollMs: SIMULATOR_POLL_MS,
      };
    },
    async close() {
      await own?.close();
    },
  };
}

function assemblePlace(
  directory: string,
  stores: Stores,
  simulated: Simulated,
  options: RunPlaceOptions,
): RunPlace {
  const runner =
    options.workerEntry === null ? createInlineRunner() : createThreadRunner({ entry: options.workerEntry });
  let session: Promise<ProviderSession> | null = null;
  return {
    directory,
    publisher: stores.publisher,
    ports: {
      journal: stores.journal,
      blobs: stores.blobs,
      clock: createSystemClock(),
      owners: createProcessOwners(),
      runner,
      provider(name) {
        if (name !== 'simulated') return Promise.reject(unknownProvider(name));
        session ??= simulated.open();
        return session;
      },
    },
    async close() {
      await simulated.close();
      await runner.close();
    },
  };
}

/** Reads a pipeline folder; `shownAs` is how diagnostics and reports name it. Throws a ConfigurationError. */
export function loadFolder(folder: string, shownAs: string, overrides: Overrides): Promise<CheckedPipeline> {
  return loadPipeline(openFolder(folder, shownAs), overrides, checkSchema);
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

/** Throws a ConfigurationError when a step names a provider this version does not have. */
export function checkProviders(loaded: LoadedPipeline, shownAs: string): void {
  for (const step of loaded.pipeline.steps) {
    const name =
      step.kind === 'llm' ? (step.provider ?? loaded.pipeline.provider ?? 'simulated') : 'simulated';
    if (name !== 'simulated') throw unknownProvider(name, `${shownAs}, step ${step.name}`);
  }
}

function unknownProvider(name: string, file = 'provider'): ConfigurationError {
  return new ConfigurationError([
    {
      file,
      line: null,
      column: null,
      what: `the provider "${name}" is not available in this version`,
      fix: 'use --provider simulated, whose answers are invented and cost nothing',
    },
  ]);
}
