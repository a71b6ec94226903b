// Puts finished runs away, and brings them back: a run that is archived is whole, and in nobody's way. It moves folders; it
// changes nothing in them.
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunPlaceOptions } from '../compose.ts';
import { openRunPlace } from '../compose.ts';
import { readBase } from '../engine/perform-base.ts';
import type { RunState } from '../engine/state.ts';
import { usageError } from './arguments.ts';
import { isHeldAfterwards } from './held.ts';
import { activeFolder, archivedFolder, findRun, isArchived, listArchived, listRuns } from './runs.ts';
import { readRunState } from './status.ts';

/** Puts a run away. Gives its id. Throws a ConfigurationError when it is not over, or another needs it where it is. */
export async function archiveRun(root: string, called: string, options: RunPlaceOptions): Promise<string> {
  const folder = await findRun(root, called);
  const run = basename(folder);
  if (resolve(folder) !== resolve(activeFolder(root, run))) {
    const what = `run ${run} is kept in a folder of its own, ${folder}`;
    throw usageError(
      'run',
      what,
      'move that folder yourself; archive is for the runs that are kept together',
    );
  }
  const { state } = await readRunState(folder, options);
  if (!state.finished)
    throw usageError('run', `run ${run} is not finished`, `collect ${run} to its end, or cancel ${run}`);
  const [user] = (await readUses(root, options)).get(resolve(folder)) ?? [];
  if (user?.isOpen)
    throw usageError('run', `run ${run} cannot be put away: ${user.says}`, `finish ${user.run} first`);
  if (await isHeldAfterwards(folder, options)) {
    const what = `run ${run} cannot be put away: what is done after it is under way`;
    throw usageError('run', what, 'wait until it is done');
  }
  await move(folder, archivedFolder(root, run));
  return run;
}

/** Brings a run back. Gives its id. Throws a ConfigurationError when it is not archived, or is there. */
export async function unarchiveRun(root: string, called: string): Promise<string> {
  const folder = await findRun(root, called, 'all');
  const run = basename(folder);
  if (!isArchived(root, run))
    throw usageError('run', `run ${run} is not archived`, 'list --all shows which are');
  await move(archivedFolder(root, run), join(root, 'runs', run));
  return run;
}

async function move(from: string, to: string): Promise<void> {
  if (existsSync(to))
    throw usageError('run', `there is a run in ${to} already`, 'move one of the two folders away');
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

/** Why a run is of use to another. */
export interface RunUse {
  /** Who uses it. */
  readonly run: string;
  /** The user is not finished, and may still read it. */
  readonly isOpen: boolean;
  readonly says: string;
}

/** By the (absolute) folder of a run, or the id of one that another is weighed against: who uses it and for what. */
export async function readUses(
  root: string,
  options: RunPlaceOptions,
): Promise<ReadonlyMap<string, readonly RunUse[]>> {
  const uses = new Map<string, RunUse[]>();
  const add = (used: string, use: RunUse): void => {
    uses.set(used, [...(uses.get(used) ?? []), use]);
  };
  for (const folder of [...(await listRuns(root)), ...(await listArchived(root))]) {
    let state: RunState;
    try {
      ({ state } = await readRunState(folder, options));
    } catch {
      // Whoever works on it says what is wrong with it.
      continue;
    }
    const { run, finished, settings } = state;
    const isOpen = !finished;
    const recorded = settings.recording?.folder;
    if (recorded !== undefined) {
      const says = `${run} ${isOpen ? 'is' : 'was'} answered from it`;
      add(resolve(recorded), { run, isOpen, says });
    }
    const base = isOpen && settings.against !== undefined ? await nameOfBase(folder, state, options) : null;
    if (base !== null)
      add(resolve(activeFolder(root, base)), { run, isOpen, says: `${run} is weighed against it` });
  }
  return uses;
}

async function nameOfBase(folder: string, state: RunState, options: RunPlaceOptions): Promise<string | null> {
  const place = openRunPlace(folder, { ...options, workerEntry: null });
  try {
    return (await readBase(place.ports.blobs, state.settings))?.name ?? null;
  } catch {
    // A blob that is lost; verify tells of it.
    return null;
  } finally {
    await place.close();
  }
}
