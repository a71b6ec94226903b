// The lines of a journal on the state branch: each append is a segment, a header and then one event a line. What is read
// is taken for data: a segment that is damaged, strange or too new is a sentence with its path.
import { randomUUID } from 'node:crypto';
import type { JournalEvent } from '../../engine/events.ts';
import { JournalError } from '../../engine/state.ts';
import { parsePlainJson } from '../../expression/plain-json.ts';
import type { BlobPlace } from '../../ports/blobs.ts';

/** Version of the header. A segment with a higher one is refused untouched. */
const SEGMENT_VERSION = 1;
const SEGMENT_FILE = /^(\d{8})\.jsonl$/;
/** What people can do about a journal that was damaged: nothing of ours writes one. */
const MEND = 'Restore it from the history of that branch, or remove it there to give the run up.';
/** A run's id, as it stands in paths. */
const RUN = /^[a-z0-9][a-z0-9-]{0,199}$/;

/** One append: what happened, and where the blobs are that were stored since the one before. */
export interface Segment {
  readonly events: readonly JournalEvent[];
  readonly blobs: readonly BlobPlace[];
}

/** The folder of a run that is not put away. */
export function runFolder(run: string): string {
  return `runs/${run}`;
}

/** The file of a run that is put away. */
export function archivePath(run: string): string {
  return `done/${run}.jsonl`;
}

/** The path of a run's segment; the first is 1. */
export function segmentPath(run: string, number: number): string {
  return `${runFolder(run)}/${String(number).padStart(8, '0')}.jsonl`;
}

/** The folder of notes that runs are shown; the names of its files say all, so that none has to be read. */
export const SHOWN_FOLDER = 'shown';

/** The name of the note that a run is shown as it stood after so many events. */
export function shownName(run: string, events: number): string {
  return `${run}.${events}`;
}

/** What such a name says; null: it is none. */
export function readShownName(name: string): readonly [run: string, events: number] | null {
  const [, run = '', events] = /^([^.]+)\.(\d{1,9})$/.exec(name) ?? [];
  return isRunName(run) ? [run, Number(events)] : null;
}

/** True when a name can be that of a run. */
export function isRunName(name: string): boolean {
  return RUN.test(name);
}

/** The whole run that a run is a shard of, by its id; null: it is none. */
export function wholeOf(run: string): string | null {
  return /^(.+)-s\d+of\d+$/.exec(run)?.[1] ?? null;
}

/** A run's number of segments, from the names in its folder. Throws a JournalError when one is missing. */
export function countSegments(run: string, names: readonly string[]): number {
  const numbers = names.flatMap((name) => SEGMENT_FILE.exec(name)?.[1] ?? []).map(Number);
  const count = numbers.length;
  const missing = Array.from({ length: count }, (_, at) => at + 1).find((one) => !numbers.includes(one));
  if (missing === undefined) return count;
  throw new JournalError(
    `The journal of run ${run} lacks ${segmentPath(run, missing)} on the state branch; it was damaged. ${MEND}`,
  );
}

/** The text of a new segment. No two are the same, so that a writer knows its own again after a lost answer. */
export function writeSegment(events: readonly JournalEvent[], blobs: readonly BlobPlace[]): string {
  const header = { segment: SEGMENT_VERSION, append: randomUUID().slice(0, 8), blobs };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Reads one segment, or several after one another. Throws a JournalError that names `path`. */
export function readSegments(path: string, run: string, text: string): Segment[] {
  const segments: { readonly events: JournalEvent[]; readonly blobs: readonly BlobPlace[] }[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const value = parseLine(`${path}:${at + 1}`, line);
    const last = segments.at(-1);
    if (Object.hasOwn(value, 'segment')) segments.push({ events: [], blobs: readHeader(path, value) });
    else if (last === undefined) throw damaged(path, 'it does not begin with a header');
    else last.events.push(readEvent(`${path}:${at + 1}`, run, value));
  }
  if (segments.length === 0) throw damaged(path, 'it is empty');
  return segments;
}

/** The texts of segments that stand after one another. */
export function splitSegments(text: string): string[] {
  const segments: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    if (line.startsWith('{"segment":')) segments.push('');
    segments.push(`${segments.pop() ?? ''}${line}\n`);
  }
  return segments;
}

type Fields = Readonly<Record<string, unknown>>;

function parseLine(place: string, line: string): Fields {
  let value: unknown;
  try {
    value = parsePlainJson(line);
  } catch {
    throw damaged(place, 'the line is no JSON');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw damaged(place, 'the line is no event');
}

function readHeader(path: string, header: Fields): readonly BlobPlace[] {
  const { segment, blobs } = header;
  if (typeof segment === 'number' && segment > SEGMENT_VERSION) {
    throw new JournalError(
      `${path} on the state branch has format ${segment}, and this version of Octobatch reads up to ${SEGMENT_VERSION}. Use the version that wrote it, or a newer one.`,
    );
  }
  if (segment !== SEGMENT_VERSION || !Array.isArray(blobs)) throw damaged(path, 'its header is not ours');
  return blobs.map((place: unknown) => {
    const { artifact, run, digests } = (place ?? {}) as Fields;
    if (!isNumber(artifact) || !isNumber(run) || !Array.isArray(digests) || !digests.every(isDigest))
      throw damaged(path, 'its header is not ours');
    return { artifact, run, digests };
  });
}

function readEvent(place: string, run: string, event: Fields): JournalEvent {
  if (typeof event.type !== 'string') throw damaged(place, 'the line is no event');
  if (event.type === 'run_created' && event.run !== run)
    throw damaged(place, `it begins run ${JSON.stringify(event.run)}`);
  return event as unknown as JournalEvent;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

function damaged(place: string, why: string): JournalError {
  return new JournalError(`${place} on the state branch is no part of a journal: ${why}. ${MEND}`);
}
