// The files of the state branch as git names them: which there are at a commit, and how they would be after a change. No
// texts, and no network.
import { createHash } from 'node:crypto';
import type { StateChange } from '../../ports/state-branch.ts';

/** Git's names of the contents, by path. */
export type Contents = ReadonlyMap<string, string>;

/** The branch at one commit. `head` is null when there is no such branch. */
export interface StateTree {
  readonly head: string | null;
  readonly files: Contents;
}

/** True for the file itself and for everything in the folder of that name. */
export function isAt(path: string, place: string): boolean {
  return path.startsWith(place) && (path.length === place.length || path[place.length] === '/');
}

/** What there is at some places: what a change that names them expects to find. */
export function contentsAt(files: Contents, places: readonly string[]): Contents {
  const there = new Map<string, string>();
  // Asked thousands of times by a job that goes over hundreds of runs.
  for (const [path, oid] of files) if (places.some((place) => isAt(path, place))) there.set(path, oid);
  return there;
}

/** True when both hold the same files with the same contents. */
export function sameContents(one: Contents, other: Contents): boolean {
  return one.size === other.size && [...one].every(([path, oid]) => other.get(path) === oid);
}

/** True when the change would write over a file in a folder it expects to be unchanged. */
export function overwrites(files: Contents, { write, expects }: StateChange): boolean {
  return [...write.keys()].some(
    (path) => files.has(path) && expects.some((place) => path !== place && isAt(path, place)),
  );
}

/** The files after the change. */
export function changed(files: Contents, { write, remove }: StateChange): Contents {
  const after = new Map(files);
  for (const path of remove) after.delete(path);
  for (const [path, text] of write) after.set(path, gitBlobName(text));
  return after;
}

/** True when everything is as the change would have it. */
export function isDone(files: Contents, change: StateChange): boolean {
  return sameContents(files, changed(files, change));
}

/** The name git gives a file's content. */
export function gitBlobName(text: string): string {
  const bytes = Buffer.from(text);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
