// Files below a folder that a program may have had its hands on: no link is followed, nothing is written beyond it.
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { OutputRefusedError } from '../ports/scripts.ts';

/** A file as it was found; `mark` differs once it was written to. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
  readonly mark: string;
}

/** What is below a folder: plain files, and how many entries are something else, such as links. */
export interface Found {
  readonly files: readonly FoundFile[];
  readonly others: number;
}

const DEPTH = 20;

/** Everything below a folder, in the order of names; nothing when it is not there or is a link. */
export async function findFiles(folder: string): Promise<Found> {
  const files: FoundFile[] = [];
  let others = 0;
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && depth < DEPTH) await walk(path, depth + 1);
      else if (entry.isFile()) {
        const { size, mtimeNs, ino } = await lstat(join(folder, path), { bigint: true });
        files.push({ path, bytes: Number(size), mark: `${size} ${mtimeNs} ${ino}` });
      } else others++;
    }
  };
  const info = await lstat(folder).catch(() => null);
  if (info === null) return { files, others: 0 };
  if (!info.isDirectory()) return { files, others: 1 };
  await walk('', 0);
  return { files, others };
}

/** Makes the folders that a path below `root` needs and gives the whole path; refuses a way that leads out by a link. */
export async function roomFor(root: string, path: string): Promise<string> {
  const whole = join(root, path);
  const folder = dirname(whole);
  try {
    await mkdir(folder, { recursive: true });
    const [real, top] = [await realpath(folder), await realpath(root)];
    if (real === top || real.startsWith(top + sep)) return whole;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOTDIR')))
      throw error;
    throw new OutputRefusedError('is below a file of the same name');
  }
  throw new OutputRefusedError('leads out of outputs/ by a link');
}

/** Byte of a gzip header that names the system it was made on; 255: none, so that all make the same. */
const SYSTEM_BYTE = 9;

/** A text compressed, without time or system. */
export function compressed(text: string): Buffer {
  const bytes = gzipSync(text);
  bytes[SYSTEM_BYTE] = 255;
  return bytes;
}

/** Compresses a file into another, without time or system. */
export async function compressFile(from: string, to: string): Promise<void> {
  let isFirst = true;
  const nameless = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (isFirst) chunk[SYSTEM_BYTE] = 255;
      isFirst = false;
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(from), createGzip(), nameless, createWriteStream(to, { flags: 'wx' }));
}
