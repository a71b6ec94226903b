// Removes journals of runs that were put away long ago. What it has found out about their age it writes down, so that no
// journal is read for this twice. It touches nothing but `done/`.
import { JournalError } from '../../engine/state.ts';
import type { StateBranch } from '../../ports/state-branch.ts';
import { listArchived, readArchived } from './branch-archive.ts';
import { archivePath } from './branch-segments.ts';

const NOTES = 'pruning.json';
const DAY_MS = 86_400_000;
/** Journals read for their age by one job: each is a call. */
const READS = 50;

/** What is known of the age of journals: their last event (ms), by run. */
interface Notes {
  /** When it was looked at last (ms). */
  readonly at: number;
  readonly ends: ReadonlyMap<string, number>;
}

/**
 * Removes journals whose last event is older than `keepMs`. Does nothing when that was done within a day. Gives the ids
 * of the runs that are gone now.
 */
export async function pruneArchive(
  branch: StateBranch,
  { now, keepMs }: { readonly now: number; readonly keepMs: number },
): Promise<readonly string[]> {
  const archived = await listArchived(branch);
  if (archived.length === 0) return [];
  const notes = readNotes(await branch.file(NOTES));
  if (now - notes.at < DAY_MS) return [];
  const unknown = archived.filter((run) => !notes.ends.has(run));
  const ends = new Map([...notes.ends].filter(([run]) => archived.includes(run)));
  for (const run of unknown.slice(0, READS)) ends.set(run, await endOf(branch, run, now));
  const old = [...ends].filter(([, end]) => now - end > keepMs).map(([run]) => run);
  for (const run of old) ends.delete(run);
  // What was too much for one job is the next one's.
  const at = unknown.length > READS ? notes.at : now;
  const result = await branch.commit({
    message: old.length === 0 ? 'look for old journals' : `remove ${old.length} old journals`,
    write: new Map([[NOTES, `${JSON.stringify({ pruning: 1, at, ends: Object.fromEntries(ends) })}\n`]]),
    remove: old.map(archivePath),
    expects: [NOTES, ...old.map(archivePath)],
  });
  return result === 'committed' ? old : [];
}

/** The time of a run's last event; one that cannot be read counts from now on. */
async function endOf(branch: StateBranch, run: string, now: number): Promise<number> {
  try {
    const events = (await readArchived(branch, run))?.events ?? [];
    const times = events.map((event) => ('at' in event ? event.at : 0));
    const end = times.reduce((latest, at) => Math.max(latest, at), 0);
    return Number.isFinite(end) && end > 0 ? end : now;
  } catch (error) {
    if (error instanceof JournalError) return now;
    throw error;
  }
}

/** Notes that are not as they should be are none. */
function readNotes(text: string | null): Notes {
  try {
    const notes = JSON.parse(text ?? '{}') as { at?: unknown; ends?: unknown } | null;
    const entries = Object.entries((notes?.ends ?? {}) as object);
    const isTime = (entry: [string, unknown]): entry is [string, number] => typeof entry[1] === 'number';
    return { at: typeof notes?.at === 'number' ? notes.at : 0, ends: new Map(entries.filter(isTime)) };
  } catch {
    return { at: 0, ends: new Map() };
  }
}
