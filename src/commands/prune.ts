// Deletes old finished runs for good, archived ones too. What another run may still read stays, and it is said why; what
// goes is moved aside first, so that a death in the middle leaves no half of a run behind.
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { formatBytes } from '../analysis/numbers.ts';
import type { RunPlaceOptions } from '../compose.ts';
import { logText } from '../report/escape.ts';
import { formatAge } from './ages.ts';
import { readUses } from './archive.ts';
import { isHeldAfterwards } from './held.ts';
import { type ListedRun, listAll } from './list.ts';
import { forgetNames } from './run-names.ts';
import { activeFolder } from './runs.ts';

/** Which runs: whose last change is so long ago (ms); never the newest `keep` of those that are finished. */
export interface PruneWish {
  readonly olderThanMs: number;
  readonly keep: number;
}

/** A run that would be deleted. `bytes`: what comes free; `notes`: what is lost beside it. */
export interface Doomed {
  readonly run: ListedRun;
  readonly bytes: number;
  readonly notes: readonly string[];
}

/** What a pruning would do. */
export interface PrunePlan {
  readonly doomed: readonly Doomed[];
  /** Runs that are old enough and stay, and why. */
  readonly spared: readonly { readonly run: string; readonly why: string }[];
  readonly bytes: number;
}

/** Finds what would be deleted below `root`. Changes nothing. */
export async function planPruning(
  root: string,
  { olderThanMs, keep }: PruneWish,
  now: number,
  options: RunPlaceOptions,
): Promise<PrunePlan> {
  const { runs } = await listAll(root, options, true);
  const over = runs.filter(({ state }) => state !== 'open');
  const newest = new Set(over.slice(0, keep).map(({ directory }) => directory));
  const old = over.filter(({ lastEvent }) => now - Date.parse(lastEvent) >= olderThanMs);
  const uses = await readUses(root, options);
  const doomed: Omit<Doomed, 'bytes'>[] = [];
  const spared: { run: string; why: string }[] = [];
  for (const run of old) {
    if (newest.has(run.directory)) {
      spared.push({ run: run.run, why: `it is among the newest ${keep}` });
      continue;
    }
    if (await isHeldAfterwards(run.directory, options)) {
      spared.push({ run: run.run, why: 'what is done after it is under way' });
      continue;
    }
    const own = uses.get(resolve(activeFolder(root, basename(run.directory)))) ?? [];
    const open = own.find(({ isOpen }) => isOpen);
    if (open !== undefined) spared.push({ run: run.run, why: `${open.says}, and is not finished` });
    else doomed.push({ run, notes: own.map(({ says }) => says) });
  }
  const freed = await bytesFreed(doomed.map(({ run }) => run.directory));
  const sized = doomed.map((one, at) => ({ ...one, bytes: freed[at]! }));
  return { doomed: sized, spared, bytes: sized.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Deletes what was planned, and gives how many runs that were. */
export async function prune(root: string, { doomed }: PrunePlan): Promise<number> {
  const aside = join(root, 'pruned');
  if (doomed.length > 0) await mkdir(aside, { recursive: true });
  for (const { run } of doomed) {
    await rename(run.directory, join(aside, `${basename(run.directory)}-${Date.parse(run.lastEvent)}`));
    await forgetNames(root, basename(run.directory));
  }
  // Also what an earlier one left when it died.
  await rm(aside, { recursive: true, force: true });
  return doomed.length;
}

/** What is planned, or was done, as lines. */
export function formatPruning({ doomed, spared, bytes }: PrunePlan, isDone: boolean): string {
  const lines = doomed.map(({ run, bytes: own, notes }) => {
    const more = notes.length === 0 ? '' : `; ${logText(notes.join('; '), 400)}`;
    const name = run.name === null ? '' : ` (${run.name})`;
    return `  ${logText(run.run, 120)}${name}  ${run.state}, ${formatAge(run.ageMs)} old, ${formatBytes(own)}${more}`;
  });
  const kept = spared.map(({ run, why }) => `  ${logText(run, 120)} stays: ${logText(why, 200)}`);
  const isPaid = doomed.some(({ run }) => run.cost !== '0');
  const warning = isPaid && !isDone ? '. Asked again, what they answered would be paid again' : '';
  const count = doomed.length === 1 ? '1 run' : `${doomed.length} runs`;
  const head =
    doomed.length === 0
      ? 'No run is old enough to be deleted.'
      : `${isDone ? 'Deleted' : 'To be deleted for good:'} ${count}, ${formatBytes(bytes)}${warning}.`;
  return `${[head, ...lines, ...kept].join('\n')}\n`;
}

/** For each folder the bytes that come free with it and those before it: a file that has other names elsewhere frees none. */
async function bytesFreed(folders: readonly string[]): Promise<number[]> {
  const seen = new Map<string, number>();
  const freed: number[] = [];
  for (const folder of folders) {
    let bytes = 0;
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const { dev, ino, nlink, size } = await stat(join(entry.parentPath, entry.name));
      const times = (seen.get(`${dev}/${ino}`) ?? 0) + 1;
      seen.set(`${dev}/${ino}`, times);
      if (times === nlink) bytes += size;
    }
    freed.push(bytes);
  }
  return freed;
}
