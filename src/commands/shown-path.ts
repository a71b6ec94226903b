// How a path is shown, and by that how a pipeline is known: the same folder must not have two names.
import { relative, resolve } from 'node:path';

/** `path` relative to `base` with `/` when it lies inside, else absolute. Both count from the working directory. */
export function shownPath(path: string, base: string = '.'): string {
  const near = relative(resolve(base), resolve(path)).replaceAll('\\', '/');
  if (near === '') return '.';
  return near.startsWith('..') ? resolve(path) : near;
}
