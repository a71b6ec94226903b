// Blobs as files named by their digest. Written under a temporary name and renamed, so a half blob is never seen;
// every read is checked against the digest, so a damaged one is never believed.
import { createHash } from 'node:crypto';
import { access, mkdir, open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
// Unlike TextDecoder it gives text of one byte a character where that is enough.
import { StringDecoder } from 'node:string_decoder';
import { BlobError, type Blobs, type Digest } from '../../ports/blobs.ts';
import { errorCode, syncDirectory, writeTemporary } from '../durable.ts';

/** Where the store in `directory` has a blob. */
export function blobPath(directory: string, digest: Digest): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error(`"${digest}" is no blob digest.`);
  return join(directory, digest.slice(0, 2), digest);
}

/** Opens the blob store in `directory`; folders are made as needed. */
export function openDirectoryBlobs(directory: string): Blobs {
  const pathOf = (digest: Digest): string => blobPath(directory, digest);
  /**
   * The bytes of a blob; what was given is overwritten when more is asked for. The last come only when all make the digest,
   * or a reader with no need of an end would not know.
   */
  async function* bytes(digest: Digest): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let last: Uint8Array | null = null;
    try {
      for await (const chunk of chunksOf(pathOf(digest))) {
        hash.update(chunk);
        if (last !== null) yield last;
        last = chunk;
      }
    } catch (error) {
      if (errorCode(error) === 'ENOENT')
        throw new BlobError(`Blob ${digest} is missing from ${directory}: verify the run, and repair it.`);
      throw error;
    }
    if (hash.digest('hex') !== digest)
      throw new BlobError(`Blob ${digest} in ${directory} is damaged: verify the run, and repair it.`);
    if (last !== null) yield last;
  }
  async function* bunches(digest: Digest): AsyncGenerator<readonly string[]> {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for await (const chunk of bytes(digest)) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield lines.filter((line) => line !== '');
    }
    rest += decoder.end();
    if (rest !== '') yield [rest];
  }
  return {
    async put(chunks) {
      const hash = createHash('sha256');
      const temporary = await writeTemporary(directory, chunks, (data) => hash.update(data));
      const digest = hash.digest('hex') as Digest;
      const path = pathOf(digest);
      await mkdir(dirname(path), { recursive: true });
      await rename(temporary, path);
      await syncDirectory(dirname(path));
      return digest;
    },
    async text(digest) {
      const decoder = new StringDecoder('utf8');
      const parts: string[] = [];
      for await (const chunk of bytes(digest)) parts.push(decoder.write(chunk));
      return parts.join('') + decoder.end();
    },
    async *lines(digest) {
      for await (const lines of bunches(digest)) yield* lines;
    },
    bunches,
    async has(digest) {
      return access(pathOf(digest)).then(
        () => true,
        () => false,
      );
    },
  };
}

/** Bytes read at a time. */
const READ_BYTES = 1 << 16;

/** A file in chunks, of which the last but one is overwritten by the next: garbage outside of the heap is collected late. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(size, READ_BYTES);
    let [buffer, other] = [Buffer.allocUnsafeSlow(length), Buffer.allocUnsafeSlow(length)];
    for (let left = size; left > 0; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(left, length));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      left -= bytesRead;
      [buffer, other] = [other, buffer];
    }
  } finally {
    await file.close();
  }
}
