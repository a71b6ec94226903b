// Performs what a shard needs beside the work of any run: it says that it is ready to be merged, and becomes a part of the
// whole. At every moment either the shards or the whole run may be worked on, never both.
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import { foldJournal } from './journal-fold.ts';
import { isMergeable, mergeJournals } from './shard.ts';

/** Notes that a shard has done what it could in its job. Does nothing where there is nothing to note. */
export async function submitShard(journal: Journal, clock: Pick<Clock, 'now'>): Promise<void> {
  for (;;) {
    const { events, version } = await journal.read();
    const state = foldJournal(events);
    if (state === null || state.shard === null || state.shard.submitted || state.finished) return;
    const { kind } = await journal.append([{ type: 'shard_submitted', at: clock.now() }], version);
    if (kind === 'appended') return;
  }
}

/** `not_ready`: a shard is being worked on again. `taken`: the whole run was begun without its shards. */
export type MergeResult = 'merged' | 'not_ready' | 'taken';

/**
 * Merges shards into the journal of the whole run. First each shard is closed, so that nobody works on it any more; then
 * `bringBlobs` makes all their blobs durable where the whole run looks for them; then its journal begins, in one append.
 * Whoever dies in between leaves closed shards, and no whole run: the next one goes on. Throws a JournalError, and
 * changes nothing, when the shards do not belong together.
 */
export async function mergeShards(
  shards: readonly Journal[],
  whole: Journal,
  bringBlobs: () => Promise<void>,
  clock: Pick<Clock, 'now'>,
): Promise<MergeResult> {
  const begun = await whole.read();
  const before = await Promise.all(shards.map(read));
  if (begun.version > 0) return before.every(isClosed) ? 'merged' : 'taken';
  mergeJournals(before);
  if (!before.every(isReady)) return 'not_ready';
  for (const shard of shards) if (!(await close(shard, clock))) return 'not_ready';
  const merged = mergeJournals(await Promise.all(shards.map(read)));
  await bringBlobs();
  // A conflict is the same journal, from somebody who merged the same closed shards.
  await whole.append(merged, 0);
  return 'merged';
}

type Events = Awaited<ReturnType<Journal['read']>>['events'];

async function read(journal: Journal): Promise<Events> {
  return (await journal.read()).events;
}

function isClosed(events: Events): boolean {
  return foldJournal(events)?.shard?.merged ?? false;
}

function isReady(events: Events): boolean {
  const state = foldJournal(events);
  return state !== null && isMergeable(state);
}

/** False: it is not ready any more, because a person has put failed units of it back to work. */
async function close(journal: Journal, clock: Pick<Clock, 'now'>): Promise<boolean> {
  for (;;) {
    const { events, version } = await journal.read();
    if (isClosed(events)) return true;
    if (!isReady(events)) return false;
    const { kind } = await journal.append([{ type: 'shard_merged', at: clock.now() }], version);
    if (kind === 'appended') return true;
  }
}
