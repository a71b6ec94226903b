// Mends a run as far as that is free and certain: sets a torn end of the journal aside, brings lost blobs back from other
// folders, from the draws, the pipeline or from recorded answers, removes what dead processes left, and publishes again. It asks no model;
// what would have to be asked again waits for it when somebody says that it may be paid.
import { rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import type { JournalEvent } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { type Remade, recompute } from '../engine/perform-recompute.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import type { RunState } from '../engine/state.ts';
import type { Blobs, Digest } from '../ports/blobs.ts';
import { logText } from '../report/escape.ts';
import { usageError } from './arguments.ts';
import { isBusyAfterwards } from './held.ts';
import { findLeftovers, readJournalFolder } from './journal-folder.ts';
import { isMissed, type LostForGood, type Missing, mendLost } from './repair-lost.ts';
import { checkBlobs, LEFT_MS, type LostBlob, type Verification, verifyRun } from './verify.ts';

/** What is asked for. `sources`: folders of runs in which lost blobs are looked for. */
export interface RepairRequest {
  readonly directory: string;
  readonly sources: readonly string[];
  /** Writes the files of a run again. */
  readonly publish: (place: RunPlace) => Promise<void>;
  /** Units that are lost for good shall be asked again: hears of what that may cost before it is decided. */
  readonly pay?: ((what: string) => void) | null;
  /** The run was put away. */
  readonly isArchived?: boolean;
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
  const { directory, pay = null, isArchived = false } = request;
  const done: string[] = [];
  let left: LostForGood | null = null;
  let now: Verification | null = null;
  if (isArchived && pay !== null) throw archived(directory);
  const place = wrap(openRunPlace(directory, options));
  try {
    done.push(...(await mendJournal(directory, place)));
    const journal = await place.ports.journal.read();
    const state = foldJournal(journal.events);
    if (state !== null) {
      await refuseWhileHeld(state, place);
      const mended = await mendBlobs(request, journal.events, state, place, options);
      done.push(...mended.done);
      const lost = await mendLost(directory, place, journal, mended.missing, pay);
      done.push(...lost.done);
      left = lost.left;
      done.push(...(await removeLeftovers(directory, place)));
      now = await verifyRun(directory, options);
      const isPublished = !now.findings.some(({ about }) => about === 'files');
      const canPublish = now.findings.every(({ about, level }) => level === 'note' || about === 'files');
      if (!isPublished && canPublish) {
        await request.publish(place);
        now = null;
        done.push('published the files of the run again');
      }
    }
  } finally {
    await place.close();
  }
  return { done, now: now ?? (await verifyRun(directory, options)), lost: left };
}

/** What waits in a run that is put away would be asked by nobody. */
function archived(directory: string): Error {
  const run = basename(resolve(directory));
  const fix = `bring it back first, then repair it: archive --undo ${run}`;
  return usageError('run', `run ${run} is archived`, fix);
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

async function refuseWhileHeld(state: RunState, { ports }: Pick<RunPlace, 'ports'>): Promise<void> {
  const { run, batches } = state;
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
  if (!(await isBusyAfterwards(state, ports))) return;
  throw usageError(
    'run',
    `what is done after run ${run} is under way`,
    'wait until it is done, and repair then',
  );
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
): Promise<{ readonly done: readonly string[]; readonly missing: Missing }> {
  const { ports } = place;
  const others = sources.filter((source) => resolve(source) !== resolve(directory));
  let { lost } = await checkBlobs(directory, events, state, ports.blobs);
  let found = await bringBlobs(lost.filter(isMissed), others, place, options);
  let count = found.size;
  if (lost.some(({ role, digest }) => role === 'snapshot' && found.has(digest))) {
    // It names another.
    ({ lost } = await checkBlobs(directory, events, state, ports.blobs));
    found = await bringBlobs(lost.filter(isMissed), others, place, options);
    count += found.size;
  }
  lost = lost.filter(({ digest }) => !found.has(digest));
  const again = lost.filter((blob) => isMissed(blob) && isMakeable(blob));
  const isReadable = again.length > 0 && !lost.some(({ role }) => role === 'snapshot');
  const remade: ReadonlyMap<string, Remade> = isReadable
    ? await recompute(ports, await readSnapshot(ports.blobs, state.snapshot), events, again)
    : new Map();
  const became = (is: Remade): number => [...remade.values()].filter((one) => one === is).length;
  const made = became('made');
  return {
    done: [
      ...(count === 0 ? [] : [`brought ${blobs(count)} back from other folders`]),
      ...(made === 0 ? [] : [`made ${blobs(made)} again, from the draws and the recorded answers`]),
    ],
    missing: {
      blobs: lost.filter(({ digest }) => remade.get(digest) !== 'made'),
      changed: became('changed'),
    },
  };
}

/** What may follow from what is recorded. */
function isMakeable({ role }: LostBlob): boolean {
  return role === 'outcomes' || role === 'requests' || role === 'answers';
}

/** Brings lost blobs from other folders; gives the digests of those that were found. */
async function bringBlobs(
  lost: readonly LostBlob[],
  sources: readonly string[],
  { ports }: RunPlace,
  options: RunPlaceOptions,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const source of sources) {
    const left = lost.filter(({ digest }) => !found.has(digest));
    if (left.length === 0) break;
    const other = openRunPlace(source, { ...options, workerEntry: null });
    try {
      for (const { digest } of left)
        if (await bringBlob(digest as Digest, other.ports.blobs, ports.blobs)) found.add(digest);
    } finally {
      await other.close();
    }
  }
  return found;
}

async function bringBlob(digest: Digest, from: Blobs, to: Blobs): Promise<boolean> {
  try {
    if (!(await from.has(digest))) return false;
    await to.put([await from.text(digest)]);
    return true;
  } catch {
    // Damaged there too: the next one may have it.
    return false;
  }
}

function blobs(count: number): string {
  return count === 1 ? '1 blob' : `${count} blobs`;
}

/** What was done, as lines. */
export function formatRepair({ done, now, lost }: Repair): string {
  const name = logText(now.run ?? now.directory, 120);
  const nothing = lost === null ? 'nothing to repair' : 'nothing to repair for nothing';
  const head = done.length === 0 ? `${name}  ${nothing}` : `${name}  repaired:`;
  const left = lost === null ? [] : [`${lost.says}${remedyOf(lost, name)}`];
  return `${[head, ...[...done, ...left].map((one) => `  ${one}`)].join('\n')}\n`;
}

function remedyOf({ remedy }: LostForGood, name: string): string {
  return remedy === null ? '' : `: repair ${name} --pay ${remedy}`;
}
