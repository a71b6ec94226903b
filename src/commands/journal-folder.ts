// The journal of a run as files: which can be read, and which cannot. The journal itself stops at the first that is not
// whole; this looks at all of them, and changes none.
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEvent } from '../engine/events.ts';

/** One file of a journal. `events` null: it is not whole. */
export interface JournalFile {
  readonly name: string;
  readonly number: number;
  readonly events: readonly JournalEvent[] | null;
}

/** A journal's files. */
export interface JournalFolder {
  /** In order, up to the first that is missing. */
  readonly files: readonly JournalFile[];
  /** The number of the first that is missing before others, or null. */
  readonly gap: number | null;
}

const SEGMENT = /^(\d{8})\.jsonl$/;

/** Reads the journal of a run's folder. */
export async function readJournalFolder(directory: string): Promise<JournalFolder> {
  const folder = join(directory, 'journal');
  // A list made while others append may lack some before the last, which are there all the same.
  const last = (await readdir(folder)).reduce(
    (most, name) => Math.max(most, Number(SEGMENT.exec(name)?.[1] ?? 0)),
    0,
  );
  const files: JournalFile[] = [];
  for (let number = 1; number <= last; number++) {
    const name = `${String(number).padStart(8, '0')}.jsonl`;
    const path = join(folder, name);
    if (!existsSync(path)) return { files, gap: number };
    files.push({ name, number, events: readEvents(await readFile(path, 'utf8')) });
  }
  return { files, gap: null };
}

/** The events of one file; null when it is cut off or no journal. An append always ends with a line end. */
function readEvents(text: string): readonly JournalEvent[] | null {
  if (!text.endsWith('\n')) return null;
  try {
    const events = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as JournalEvent);
    return events.length > 0 && events.every((event) => typeof event?.type === 'string') ? events : null;
  } catch {
    return null;
  }
}

/** A file that a process left unfinished when it died: path below the run's folder, bytes, and last change (ms). */
export interface Leftover {
  readonly path: string;
  readonly bytes: number;
  readonly at: number;
}

/** Unfinished files of a run: they are named so that nobody takes them for anything. */
export async function findLeftovers(directory: string): Promise<readonly Leftover[]> {
  const found: Leftover[] = [];
  for (const folder of ['', 'journal', 'blobs']) {
    const entries = await readdir(join(directory, folder)).catch(() => []);
    for (const name of entries.sort()) {
      if (!/^\.[\w-]+\.tmp$/.test(name)) continue;
      const path = join(folder, name);
      const info = await stat(join(directory, path)).catch(() => null);
      if (info?.isFile()) found.push({ path, bytes: info.size, at: info.mtimeMs });
    }
  }
  return found;
}
