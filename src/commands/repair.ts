// Mends a run as far as that is free and certain: sets a torn end of the journal aside, brings lost blobs back from other
// folders, from the draws or from recorded answers, removes what dead processes left, and publishes again. It asks no model;
// what would have to be asked again waits for it when somebody says that it may be paid.
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
import { isMissed, type LostForGood, mendLost } from './repair-lost.ts';
import { checkBlobs, LEFT_MS, type LostBlob, type Verification, verifyRun } from './verify.ts';

/** What is asked for. `sources`: folders of runs in which lost blobs are looked for. */
export interface RepairRequest {
  readonly directory: string;
  readonly sources: readonly string[];
  /** Writes the files of a run again. */
  readonly publish: (place: RunPlace) => Promise<void>;
  /** Units that are lost for good shall be asked again: hears of what that may cost before it is decided. */
  readonly pay?: ((what: string) => void) | null;
}

/** What was done, a sentence each, and how the run is now. */
export interface Repair {
  readonly done: readonly string[];
  readonly now: Verification;
  /** What is lost for good and was left so; null: nothing. */
  readonly lost: LostForGood | null;
}

/** Mends a run. Throws a ConfigurationError while somebody works on it. `wrap`: what to open its place as. */
export async function repairRun(
  request: RepairRequest,
  options: RunPlaceOptions,
  wrap: (place: RunPlace) => RunPlace = (place) => place,
): Promise<Repair> {
  const { directory, pay = null } = request;
  const done: string[] = [];
  let left: LostForGood | null = null;
  const place = wrap(openRunPlace(directory, options));
  try {
    done.push(...(await mendJournal(directory, place)));
    const { events } = await place.ports.journal.read();
    const state = foldJournal(events);
    if (state !== null) {
      await refuseWhileHeld(state, place);
      done.push(...(await mendBlobs(request, events, state, place, options)));
      const lost = await mendLost(directory, place, pay);
      done.push(...lost.done);
      left = lost.left;
      done.push(...(await removeLeftovers(directory, place)));
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
  return { done, now: await verifyRun(directory, options), lost: left };
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

async function removeLeftovers(directory: string, { ports }: RunPlace): Promise<string[]> {
  const { events } = await ports.journal.read();
  const { orphans, lost } = await checkBlobs(directory, events, foldJournal(events)!, ports.blobs);
  // What a snapshot named that cannot be read looks as if nobody named it.
  const unnamed = lost.every(({ isGivenUp }) => isGivenUp) ? orphans : [];
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
  for (const blob of lost.filter(isMissed))
    ((await bringBlob(blob, others, place, options)) ? found : missing).push(blob);
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
export function formatRepair({ done, now, lost }: Repair): string {
  const name = logText(now.run ?? now.directory, 120);
  const nothing = lost === null ? 'nothing to repair' : 'nothing to repair for nothing';
  const head = done.length === 0 ? `${name}  ${nothing}` : `${name}  repaired:`;
  const left = lost === null ? [] : [`${lost.says}: repair ${name} --pay ${lost.remedy}`];
  return `${[head, ...[...done, ...left].map((one) => `  ${one}`)].join('\n')}\n`;
}
