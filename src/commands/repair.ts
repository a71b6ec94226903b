// Mends a run as far as that is free and certain: sets a torn end of the journal aside, brings lost blobs back from other
// folders, from the draws or from recorded answers, removes what dead processes left, and publishes again. It asks no model.
import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import type { JournalEvent } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { recompute } from '../engine/perform-recompute.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import type { RunState } from '../engine/state.ts';
import type { Digest } from '../ports/blobs.ts';
import { logText } from '../report/escape.ts';
import { usageError } from './arguments.ts';
import { findLeftovers, readJournalFolder } from './journal-folder.ts';
import { checkBlobs, LEFT_MS, type LostBlob, type Verification, verifyRun } from './verify.ts';

/** What is asked for. `sources`: folders of runs in which lost blobs are looked for. */
export interface RepairRequest {
  readonly directory: string;
  readonly sources: readonly string[];
  /** Writes the files of a run again. */
  readonly publish: (place: RunPlace) => Promise<void>;
}

/** What was done, a sentence each, and how the run is now. */
export interface Repair {
  readonly done: readonly string[];
  readonly now: Verification;
}

/** Mends a run. Throws a ConfigurationError while somebody works on it. */
export async function repairRun(request: RepairRequest, options: RunPlaceOptions): Promise<Repair> {
  const { directory } = request;
  const done: string[] = [];
  const place = openRunPlace(directory, options);
  try {
    done.push(...(await mendJournal(directory, place)));
    const { events } = await place.ports.journal.read();
    const state = foldJournal(events);
    if (state !== null) {
      await refuseWhileHeld(state, place);
      done.push(...(await mendBlobs(request, events, state, place, options)));
      done.push(...(await removeLeftovers(directory, events, state, place)));
      const before = await verifyRun(directory, options);
      const isPublished = !before.findings.some(({ about }) => about === 'files');
      const canPublish = before.findings.every(({ about, level }) => level === 'note' || about === 'files');
      if (!isPublished && canPublish) {
        await request.publish(place);
        done.push('published the files of the run again');
      }
    }
  } finally {
    await place.close();
  }
  return { done, now: await verifyRun(directory, options) };
}

/**
 * Sets the last file of the journal aside when it is not whole. What stood in it may have said that a batch is about to be
 * sent, so every batch that was declared counts as perhaps sent from now on: it is looked for before anything is asked.
 */
async function mendJournal(directory: string, { ports }: RunPlace): Promise<string[]> {
  const { files, gap } = await readJournalFolder(directory);
  const torn = files.filter(({ events }) => events === null);
  const [only] = torn;
  if (only === undefined) return [];
  if (gap !== null || torn.length > 1 || only !== files.at(-1) || files.length < 2) {
    const what = `more of the journal is damaged than its last file (${torn.map(({ name }) => name).join(', ')})`;
    throw usageError(directory, what, 'bring back the folder from where it was last whole');
  }
  const before = foldJournal(files.flatMap(({ events }) => events ?? []));
  if (before !== null) await refuseWhileHeld(before, { ports });
  await rename(join(directory, 'journal', only.name), join(directory, 'journal', `torn-${only.name}`));
  const doubts = before === null ? [] : doubtsOf(before, ports.clock.now());
  if (doubts.length > 0) await ports.journal.append(doubts, files.length - 1);
  const batches =
    doubts.length === 0
      ? ''
      : `; ${doubts.length === 1 ? '1 batch counts' : `${doubts.length} batches count`} as perhaps sent, and will be looked for`;
  return [`set the torn end of the journal aside as torn-${only.name}${batches}`];
}

/** Events that make certain that what might have been sent is never taken for unsent. */
function doubtsOf({ batches }: RunState, at: number): JournalEvent[] {
  return [...batches.values()].flatMap(({ key, mode, phase, creating }): JournalEvent[] => {
    if (phase.kind !== 'claimed' || creating !== null) return [];
    return mode === 'realtime'
      ? [{ type: 'calls_begun', batch: key, again: false, at }]
      : [{ type: 'batch_creating', batch: key, claim: phase.claim }];
  });
}

async function refuseWhileHeld(
  { run, batches }: RunState,
  { ports }: Pick<RunPlace, 'ports'>,
): Promise<void> {
  const { owners, clock } = ports;
  for (const { phase } of batches.values()) {
    if (phase.kind !== 'claimed' && phase.kind !== 'calling') continue;
    const { owner, expires } = phase.claim;
    if (owner === owners.self || expires < clock.now() || (await owners.isFinished(owner))) continue;
    throw usageError(
      'run',
      `a process is working on run ${run}`,
      'let it finish, or end it, and repair then',
    );
  }
}

async function removeLeftovers(
  directory: string,
  events: readonly JournalEvent[],
  state: RunState,
  { ports }: RunPlace,
): Promise<string[]> {
  const { orphans, lost } = await checkBlobs(directory, events, state, ports.blobs);
  // What a blob named that cannot be read looks as if nobody named it.
  const unnamed = lost.length === 0 ? orphans : [];
  const old = [...(await findLeftovers(directory)), ...unnamed].filter(
    ({ at }) => ports.clock.now() - at > LEFT_MS,
  );
  for (const { path } of old) await rm(join(directory, path), { force: true });
  if (old.length === 0) return [];
  return [`removed ${old.length === 1 ? '1 file' : `${old.length} files`} that dead processes left behind`];
}

async function mendBlobs(
  { directory, sources }: RepairRequest,
  events: readonly JournalEvent[],
  state: RunState,
  place: RunPlace,
  options: RunPlaceOptions,
): Promise<string[]> {
  const { ports } = place;
  const { lost } = await checkBlobs(directory, events, state, ports.blobs);
  if (lost.length === 0) return [];
  const [found, made]: [LostBlob[], LostBlob[]] = [[], []];
  const missing: LostBlob[] = [];
  const others = sources.filter((source) => resolve(source) !== resolve(directory));
  for (const blob of lost) ((await bringBlob(blob, others, place, options)) ? found : missing).push(blob);
  const isReadable = !missing.some(({ role }) => role === 'snapshot');
  if (isReadable) {
    const loaded = await readSnapshot(ports.blobs, state.snapshot);
    // In the order of the journal: what comes later may be made from what came before.
    for (const blob of missing)
      if (blob.role === 'outcomes' && (await recompute(ports, loaded, events, blob))) made.push(blob);
  }
  return [
    ...(found.length === 0 ? [] : [`brought ${blobs(found.length)} back from other folders`]),
    ...(made.length === 0
      ? []
      : [`made ${blobs(made.length)} again, from the draws and the recorded answers`]),
  ];
}

async function bringBlob(
  { digest }: LostBlob,
  sources: readonly string[],
  { ports }: RunPlace,
  options: RunPlaceOptions,
): Promise<boolean> {
  for (const source of sources) {
    const other = openRunPlace(source, { ...options, workerEntry: null });
    try {
      if (!(await other.ports.blobs.has(digest as Digest))) continue;
      await ports.blobs.put([await other.ports.blobs.text(digest as Digest)]);
      return true;
    } catch {
      // Damaged there too: the next one may have it.
    } finally {
      await other.close();
    }
  }
  return false;
}

function blobs(count: number): string {
  return count === 1 ? '1 blob' : `${count} blobs`;
}

/** What was done, as lines. */
export function formatRepair({ done, now }: Repair): string {
  const name = logText(now.run ?? now.directory, 120);
  const head = done.length === 0 ? `${name}  nothing to repair` : `${name}  repaired:`;
  return `${[head, ...done.map((one) => `  ${one}`)].join('\n')}\n`;
}
