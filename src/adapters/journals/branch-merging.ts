// Puts one run in the place of its shards on the branch: the new journal appears in the commit in which theirs go, so that
// at every moment either they or it can be worked on.
import type { JournalEvent } from '../../engine/events.ts';
import { MOST_SHARDS, shardRunId } from '../../engine/shard.ts';
import type { StateBranch } from '../../ports/state-branch.ts';
import { runsIn, type StoredRun } from './branch-archive.ts';
import { archivePath, runFolder, segmentPath, writeSegment } from './branch-segments.ts';

/**
 * The whole run's journal knows where the blobs of all parts are. `parts`: of each the number of events that are in
 * `events`. A conflict: a part went on since, or is gone, or came late, or the whole run is there.
 */
export async function mergeRuns(
  branch: StateBranch,
  run: string,
  parts: ReadonlyMap<string, number>,
  events: readonly JournalEvent[],
): Promise<'committed' | 'conflict'> {
  // One read, right before the commit, which holds if the folders are then as they are here.
  const files = await branch.files('runs');
  const stored = runsIn(files);
  const merged: StoredRun[] = [];
  for (const [part, count] of parts) {
    const one = stored.get(part);
    if (one === undefined || one instanceof Error || one.events.length !== count) return 'conflict';
    merged.push(one);
  }
  const places = merged.flatMap((part) => part.places);
  const ids = [...parts.keys()];
  const others = siblingsOf(run, ids[0] ?? '').filter((id) => !parts.has(id));
  if (others.some((id) => stored.has(id))) return 'conflict';
  return branch.commit({
    message: `${run}: merged from ${parts.size} shards`,
    write: new Map([[segmentPath(run, 1), writeSegment(events, places)]]),
    remove: [...files.keys()].filter((path) => ids.some((part) => path.startsWith(`${runFolder(part)}/`))),
    expects: [...ids, ...others, run].flatMap((one) => [runFolder(one), archivePath(one)]),
  });
}

/** The ids of all shards of the division that a shard is of. */
function siblingsOf(run: string, shard: string): string[] {
  const of = Math.min(Number(/-s\d+of(\d+)$/.exec(shard)?.[1] ?? 0), MOST_SHARDS);
  return Array.from({ length: of }, (_, at) => shardRunId(run, { index: at + 1, of }));
}
