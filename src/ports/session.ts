// Everything a run needs from outside, in one value; `compose.ts` makes it.
import type { Blobs } from './blobs.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Owners } from './owners.ts';
import type { AnswerContexts, BatchProvider } from './provider.ts';
import type { LocalRunner } from './runner.ts';

/** A provider ready for use. `contexts` is there for the simulated one only. */
export interface ProviderSession {
  readonly batches: BatchProvider;
  readonly contexts: AnswerContexts | null;
  /** How long to wait before a running batch is looked at again (ms). */
  readonly pollMs: number;
}

export interface RunPorts {
  readonly journal: Journal;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly owners: Owners;
  readonly runner: LocalRunner;
  /** Opens a provider by name, once; rejects when it is not known or not configured. */
  provider(name: string): Promise<ProviderSession>;
}
