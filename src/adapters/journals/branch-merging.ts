// Puts one run in the place of its shards on the branch: the new journal appears in the commit in which theirs go, so that
// at every moment either they or it can be worked on.
import type { JournalEvent } from '../../engine/events.ts';
import type { StateBranch } from '../../ports/state-branch.ts';
import { readRuns } from './branch-archive.ts';
import { archivePath, runFolder, segmentPath, writeSegment } from './branch-segments.ts';

/** The whole run's journal knows where the blobs of all parts are. A conflict: a part or the whole is not as it was read. */
export async function mergeRuns(
  branch: StateBranch,
  run: string,
  parts: readonly string[],
  events: readonly JournalEvent[],
): Promise<'committed' | 'conflict'> {
  const stored = await readRuns(branch);
  const places = parts.flatMap((part) => {
    const one = stored.get(part);
    return one === undefined || one instanceof Error ? [] : one.places;
  });
  const files = await branch.files('runs');
  return branch.commit({
    message: `${run}: merged from ${parts.length} shards`,
    write: new Map([[segmentPath(run, 1), writeSegment(events, places)]]),
    remove: [...files.keys()].filter((path) => parts.some((part) => path.startsWith(`${runFolder(part)}/`))),
    expects: [...parts, run].flatMap((one) => [runFolder(one), archivePath(one)]),
  });
}
