// Everything a run needs from outside, in one value; `compose.ts` makes it.

import type { ProviderSettings } from '../pipeline/pipeline.ts';
import type { Blobs } from './blobs.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Owners } from './owners.ts';
import type { AnswerContexts, BatchProvider, Health, RealtimeProvider } from './provider.ts';
import type { LocalRunner } from './runner.ts';

/** A provider ready for use. `contexts` is there for the simulated one only. */
export interface ProviderSession {
  readonly batches: BatchProvider;
  /** Null: it answers in batches only. */
  readonly realtime: RealtimeProvider | null;
  readonly contexts: AnswerContexts | null;
  /** False: its answers are invented or replayed, and cost nothing. */
  readonly paid: boolean;
  /** Age at which a batch that is not over is cancelled, its rows kept and the rest sent again (ms); null: never. */
  readonly maxBatchAgeMs: number | null;
  /** Estimated tokens of one model that may be queued at once, over all its batches; null: not known. */
  readonly queueTokens: number | null;
  /** Says that it will be asked soon: what takes long to load may be loaded now. Never throws. */
  prepare(): void;
  /** Asked once per model before anything is declared. */
  health(model: string): Promise<Health>;
  /** How long to wait before a running batch is looked at again (ms). */
  readonly pollMs: number;
}

export interface RunPorts {
  readonly journal: Journal;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly owners: Owners;
  readonly runner: LocalRunner;
  /** Opens a provider by name, once; rejects when it is not known, not configured or not allowed. */
  provider(name: string, settings: ProviderSettings | null): Promise<ProviderSession>;
}
