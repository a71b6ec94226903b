// Reads a zip file that may have been made to do harm: nothing is written, no name becomes a path, and neither the
// number of entries nor what they unpack to is without bound. Encrypted, split and zip64 archives are refused.
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { errorCode } from './durable.ts';

/** How much an archive may hold. */
export const ARCHIVE_LIMITS = {
  entries: 65_000,
  /** Bytes of the list of entries. */
  list: 1 << 25,
  /** Bytes one entry unpacks to, and all together. */
  entry: 2 ** 31,
  total: 2 ** 32,
} as const;

/** An archive that lies on disk. */
export interface Archive {
  readonly names: readonly string[];
  /** The bytes of one entry; rejects when they are not as many as the list says. */
  content(name: string): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  /** Where the entry's own header begins. */
  readonly at: number;
}

// Signatures and lengths as in PKWARE's APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
const LOCAL = 0x04034b50;
const LISTED = 0x02014b50;
const END = 0x06054b50;
const LOCAL_LENGTH = 30;
const LISTED_LENGTH = 46;
const END_LENGTH = 22;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;

/** Opens the archive at `path`. Rejects with a sentence when it is none, or too large. */
export async function openArchive(path: string): Promise<Archive> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const entries = await readList(file, size);
    return {
      names: [...entries.keys()],
      content(name) {
        const entry = entries.get(name);
        if (entry === undefined) throw new Error(`The archive has no ${JSON.stringify(name)}.`);
        return contentOf(file, entry, size);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readList(file: FileHandle, fileSize: number): Promise<Map<string, Entry>> {
  const tail = await bytesAt(file, Math.max(0, fileSize - END_LENGTH - 0xffff), fileSize);
  const end = endIn(tail);
  const count = end.readUInt16LE(10);
  const length = end.readUInt32LE(12);
  const start = end.readUInt32LE(16);
  if (count > ARCHIVE_LIMITS.entries || length > ARCHIVE_LIMITS.list) {
    throw new Error('The archive has too many entries.');
  }
  const list = await bytesAt(file, start, start + length);
  const entries = new Map<string, Entry>();
  let at = 0;
  let total = 0;
  for (let left = count; left > 0; left--) {
    if (at + LISTED_LENGTH > list.length || list.readUInt32LE(at) !== LISTED) throw damaged();
    const nameLength = list.readUInt16LE(at + 28);
    const next = at + LISTED_LENGTH + nameLength + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
    if (next > list.length) throw damaged();
    const name = list.toString('utf8', at + LISTED_LENGTH, at + LISTED_LENGTH + nameLength);
    const entry: Entry = {
      method: list.readUInt16LE(at + 10),
      packed: list.readUInt32LE(at + 20),
      size: list.readUInt32LE(at + 24),
      at: list.readUInt32LE(at + 42),
    };
    if ((list.readUInt16LE(at + 8) & ENCRYPTED) !== 0 || ![STORED, DEFLATED].includes(entry.method)) {
      throw new Error('The archive has an entry that is encrypted or packed in an unknown way.');
    }
    total += entry.size;
    if (entry.size > ARCHIVE_LIMITS.entry || total > ARCHIVE_LIMITS.total) {
      throw new Error('The archive unpacks to more than this program reads.');
    }
    if (entries.has(name)) throw new Error('The archive has two entries of one name.');
    entries.set(name, entry);
    at = next;
  }
  return entries;
}

/** The record at the end: the last one that ends exactly where the file ends. */
function endIn(tail: Buffer): Buffer {
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END && at + END_LENGTH + tail.readUInt16LE(at + 20) === tail.length) {
      return tail.subarray(at);
    }
  }
  throw damaged();
}

async function* contentOf(file: FileHandle, entry: Entry, fileSize: number): AsyncGenerator<Uint8Array> {
  const header = await bytesAt(file, entry.at, entry.at + LOCAL_LENGTH);
  if (header.readUInt32LE(0) !== LOCAL) throw damaged();
  const start = entry.at + LOCAL_LENGTH + header.readUInt16LE(26) + header.readUInt16LE(28);
  const end = start + entry.packed;
  if (end > fileSize) throw damaged();
  let left = entry.size;
  for await (const chunk of entry.method === STORED
    ? piecesAt(file, start, end)
    : inflated(piecesAt(file, start, end))) {
    left -= chunk.length;
    if (left < 0) throw new Error('The archive unpacks to more than it says.');
    yield chunk;
  }
  if (left > 0) throw damaged();
}

async function* inflated(packed: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw();
  // A failure of the source ends the stream, and the loop below meets it there.
  pipeline(packed, inflate, () => {});
  try {
    for await (const chunk of inflate) yield chunk as Buffer;
  } catch (error) {
    throw /^Z_/.test(String(errorCode(error))) ? damaged() : error;
  }
}

async function* piecesAt(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  const STEP = 1 << 16;
  for (let at = start; at < end; at += STEP) yield await bytesAt(file, at, Math.min(end, at + STEP));
}

async function bytesAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, end - start));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
  if (bytesRead !== bytes.length) throw damaged();
  return bytes;
}

function damaged(): Error {
  return new Error('The archive is damaged, or is none.');
}
