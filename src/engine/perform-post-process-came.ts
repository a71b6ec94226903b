// What one entry of post-processing came to, before it is written down.
import type { MadeFile } from '../ports/scripts.ts';

/** Files that the report names. */
export const NAMED_FILES = 20;

export interface Came {
  readonly ok: boolean;
  /** Why it failed, or what is to be known of it; null: nothing. */
  readonly why: string | null;
  /** Count and bytes of all files it made. */
  readonly count: number;
  readonly bytes: number;
  /** The first of them; of a script all. */
  readonly files: readonly MadeFile[];
  /** The last it said. */
  readonly said: string;
}

/** What is known of an entry by its files. */
export function cameTo(files: readonly MadeFile[], why: string | null, ok = true, said = ''): Came {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { ok, why, count: files.length, bytes, files, said };
}
