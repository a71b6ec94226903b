// Makes a folder with those above it, one by one: Node's own way never ends where the system takes no new folder
// although the one above is there, as below /proc or in a working directory that was deleted.
import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { usageError } from './arguments.ts';
import { shownPath } from './shown-path.ts';

/**
 * Makes a folder and those above it; one that is there is left as it is. `flag` named it. Throws the system's error, or a
 * ConfigurationError where no folder can be made at all.
 */
export async function makeFolder(folder: string, flag: string): Promise<void> {
  const missing: string[] = [];
  let at = resolve(folder);
  while (!(await exists(at)) && at !== dirname(at)) {
    missing.unshift(at);
    at = dirname(at);
  }
  for (const path of missing)
    await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT')
        throw usageError(flag, `no folder can be made in ${shownPath(dirname(path))}`, 'name another one');
      // Another process made it in between; a link to nowhere is in the way for good.
      if (error.code !== 'EEXIST' || !(await exists(path))) throw error;
    });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
