// The run's journal: an append-only list of events with compare-and-swap.
import type { JournalEvent } from '../engine/events.ts';

export type AppendResult =
  | { readonly kind: 'appended'; readonly version: number }
  | { readonly kind: 'conflict' };

export interface Journal {
  /** True: an append is dear, so that events which can be lost for nothing wait for one that cannot. */
  readonly isDear: boolean;
  /** All events and the version they make; version 0 is an empty journal. */
  read(): Promise<{ readonly events: readonly JournalEvent[]; readonly version: number }>;
  /** Events after `version`, so that a reader that follows the journal need not read it again. */
  readAfter(version: number): Promise<{ readonly events: readonly JournalEvent[]; readonly version: number }>;
  /** Resolves only when the events are durable; a conflict means that somebody else wrote first. */
  append(events: readonly JournalEvent[], expectedVersion: number): Promise<AppendResult>;
}
