// A run's journal on the state branch: a segment an append, its number the compare-and-swap. Blobs are kept before the
// segment that speaks of them. A run that was put away can be read, and takes no more events.
import type { JournalEvent } from '../../engine/events.ts';
import { JournalError, RunClosedError } from '../../engine/state.ts';
import type { BlobPlace } from '../../ports/blobs.ts';
import type { Journal } from '../../ports/journal.ts';
import type { StateBranch } from '../../ports/state-branch.ts';
import {
  archivePath,
  countSegments,
  readSegments,
  runFolder,
  type Segment,
  segmentPath,
  wholeOf,
  writeSegment,
} from './branch-segments.ts';

/** The run's blobs, as far as the journal tells of them. */
export interface KeptBlobs {
  /** Keeps what is new beyond the job, and says where. A place is told again until `learn` says that it is written. */
  save(): Promise<readonly BlobPlace[]>;
  /** Where blobs are, as the journal has it. */
  learn(places: readonly BlobPlace[]): void;
}

/** The journal of a run, kept on the branch. */
export function openBranchJournal(branch: StateBranch, run: string, blobs: KeptBlobs): Journal {
  /** True when this process has read the run as one that is put away. */
  let knownPutAway = false;
  const whole = wholeOf(run);
  /** The most segments there ever were, as far as this process knows. */
  let most = 0;

  async function count(): Promise<number> {
    return countSegments(run, await branch.names(runFolder(run)));
  }

  /** The segments after a version, and how many there are in all. */
  async function segmentsAfter(version: number): Promise<{ segments: readonly Segment[]; count: number }> {
    if (version > 0 && (await count()) === version) return { segments: [], count: version };
    const files = await branch.files(runFolder(run));
    const prefix = runFolder(run).length + 1;
    const there = countSegments(
      run,
      [...files.keys()].map((path) => path.slice(prefix)),
    );
    if (there === 0) {
      const text = await branch.file(archivePath(run));
      knownPutAway = text !== null;
      const all = text === null ? [] : readSegments(archivePath(run), run, text);
      return { segments: all.slice(version), count: all.length };
    }
    const segments = Array.from({ length: Math.max(0, there - version) }, (_, at) => {
      const path = segmentPath(run, version + at + 1);
      return readSegment(path, run, files.get(path) ?? '');
    });
    return { segments, count: there };
  }

  async function readAfter(version: number): ReturnType<Journal['read']> {
    const least = Math.max(most, version);
    let { segments, count: there } = await segmentsAfter(version);
    if (there < least) {
      // A copy of the host may lag behind, and what is read from there would be decided, and sent, once more.
      branch.refresh();
      ({ segments, count: there } = await segmentsAfter(version));
    }
    if (there < least) {
      await checkNotMerged();
      throw new JournalError(
        `The journal of run ${run} had ${least} segments on the state branch and has ${there} now: the branch was deleted or moved back. Run the pipeline anew.`,
      );
    }
    most = there;
    blobs.learn(segments.flatMap((segment) => segment.blobs));
    return { events: segments.flatMap((segment) => segment.events), version: there };
  }

  return {
    isDear: true,
    read: () => readAfter(0),
    readAfter,
    async append(events: readonly JournalEvent[], expectedVersion: number) {
      // Asked before as well, so that nothing is kept for an append that cannot be.
      if ((await count()) !== expectedVersion) return await lost();
      const places = await blobs.save();
      if ((await count()) !== expectedVersion) return await lost();
      if (expectedVersion === 0 && (await branch.file(archivePath(run))) !== null) return await lost();
      if (expectedVersion === 0) await checkNotMerged();
      const next = expectedVersion + 1;
      const result = await branch.commit({
        message: next === 1 ? `${run}: begin` : `${run}: ${summaryOf(events)}`,
        write: new Map([[segmentPath(run, next), writeSegment(events, places)]]),
        remove: [],
        // A shard does not begin beside the whole run.
        expects: [run, ...(whole === null ? [] : [whole])].flatMap((one) => [
          runFolder(one),
          archivePath(one),
        ]),
      });
      if (result === 'conflict') return { kind: 'conflict' };
      blobs.learn(places);
      most = next;
      return { kind: 'appended', version: next };
    },
  };

  /** Throws a RunClosedError when the run is a shard, and the whole run is there. */
  async function checkNotMerged(): Promise<void> {
    if (whole === null) return;
    const isThere =
      (await branch.names(runFolder(whole))).length > 0 || (await branch.file(archivePath(whole))) !== null;
    if (!isThere) return;
    throw new RunClosedError(
      `Run ${run} is a shard of run ${whole}, which goes on as a whole by now: start this job again to work on that one.`,
    );
  }

  /** Somebody else was faster, or put the run away: the first time that is news. */
  async function lost(): Promise<{ readonly kind: 'conflict' }> {
    if (knownPutAway) {
      throw new RunClosedError(
        `Run ${run} is over and put away (${archivePath(run)} on the state branch), so nothing can be added to it. Run the pipeline anew.`,
      );
    }
    branch.refresh();
    return { kind: 'conflict' };
  }
}

function readSegment(path: string, run: string, text: string): Segment {
  const segments = readSegments(path, run, text);
  if (segments.length === 1) return segments[0]!;
  throw new JournalError(`${path} on the state branch is no part of a journal: it has two headers.`);
}

/** The kinds of the events, for people who read the branch. */
function summaryOf(events: readonly JournalEvent[]): string {
  const counts = new Map<string, number>();
  for (const { type } of events) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .map(([type, times]) => `${type.replaceAll('_', ' ')}${times === 1 ? '' : ` x${times}`}`)
    .join(', ');
}
