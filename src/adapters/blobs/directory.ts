// Blobs as files named by their digest. Written under a temporary name and renamed, so a half blob is never seen;
// every read is checked against the digest, so a damaged one is never believed.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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
  /** The bytes of a blob. The last come only when all make the digest, or a reader with no need of an end would not know. */
  async function* bytes(digest: Digest): AsyncGenerator<Buffer> {
    const path = pathOf(digest);
    const hash = createHash('sha256');
    let last: Buffer | null = null;
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 16 })) {
        hash.update(chunk as Buffer);
        if (last !== null) yield last;
        last = chunk as Buffer;
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
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of bytes(digest)) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield lines.filter((line) => line !== '');
    }
    rest += decoder.decode();
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
      const parts: Buffer[] = [];
      for await (const chunk of bytes(digest)) parts.push(chunk);
      return Buffer.concat(parts).toString('utf8');
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
