// A segment of a run's journal as text: a header that tells where the blobs stored since the last append are, then one
// event a line. Several segments, one after the other, are a journal. What is no segment of ours is refused with its place.
import type { JournalEvent } from '../engine/events.ts';
import { JournalError } from '../engine/state.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import type { BlobPlace } from '../ports/blobs.ts';

/** Version of the segment text. A higher one is refused untouched. */
export const SEGMENT_VERSION = 1;

/** Characters of a journal's text: a run of a million units stays far below. */
const MOST_CHARACTERS = 1 << 26;

/** One append. */
export interface Segment {
  readonly blobs: readonly BlobPlace[];
  readonly events: readonly JournalEvent[];
}

/** The text of a segment; it ends with a line end. */
export function segmentText({ blobs, events }: Segment): string {
  const lines = [{ segment: SEGMENT_VERSION, blobs }, ...events];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The segments a text is made of. Throws a JournalError that names `path`. */
export function readSegments(text: string, path: string): Segment[] {
  if (text.length > MOST_CHARACTERS) throw new JournalError(`${path} is too long for a journal.`);
  const segments: { readonly blobs: readonly BlobPlace[]; readonly events: JournalEvent[] }[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const where = `${path}:${index + 1}`;
    const value = objectOf(line, where);
    if ('segment' in value) {
      segments.push({ blobs: placesOf(value, where), events: [] });
      continue;
    }
    if (typeof value.type !== 'string') throw new JournalError(`${where} is no event of a journal.`);
    const segment = segments.at(-1);
    if (segment === undefined) throw new JournalError(`${path} does not begin with the header of a segment.`);
    segment.events.push(value as unknown as JournalEvent);
  }
  return segments;
}

function objectOf(line: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = parsePlainJson(line);
  } catch {
    throw new JournalError(`${where} is damaged: it is no JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new JournalError(`${where} is no line of a journal.`);
  }
  return value as Record<string, unknown>;
}

function placesOf({ segment, blobs }: Record<string, unknown>, where: string): BlobPlace[] {
  if (typeof segment === 'number' && segment > SEGMENT_VERSION) {
    throw new JournalError(
      `${where} was written by a newer version of Octobatch (segment ${segment}); this one knows ${SEGMENT_VERSION}. It is left as it is.`,
    );
  }
  if (segment !== SEGMENT_VERSION || !Array.isArray(blobs)) {
    throw new JournalError(`${where} is no header of a segment.`);
  }
  return blobs.map((place: unknown) => placeOf(place, where));
}

function placeOf(value: unknown, where: string): BlobPlace {
  const { artifact, run, digests } = (value ?? {}) as Record<string, unknown>;
  if (!isNumber(artifact) || !isNumber(run) || !Array.isArray(digests) || !digests.every(isDigest)) {
    throw new JournalError(`${where} does not say where blobs are.`);
  }
  return { artifact, run, digests };
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
