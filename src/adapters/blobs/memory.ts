// Blobs in memory, for tests.
import { createHash } from 'node:crypto';
import type { Blobs, Digest } from '../../ports/blobs.ts';

/** An empty store that lives as long as the object. */
export function createMemoryBlobs(): Blobs {
  const texts = new Map<Digest, string>();
  const text = async (digest: Digest): Promise<string> => {
    const found = texts.get(digest);
    if (found === undefined) throw new Error(`Blob ${digest} is missing.`);
    return found;
  };
  const linesOf = async (digest: Digest): Promise<readonly string[]> =>
    (await text(digest)).split('\n').filter((line) => line !== '');
  return {
    async put(given) {
      const parts: Buffer[] = [];
      for await (const part of given)
        parts.push(typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part));
      const all = Buffer.concat(parts).toString('utf8');
      const digest = createHash('sha256').update(all).digest('hex') as Digest;
      texts.set(digest, all);
      return digest;
    },
    text,
    async *lines(digest) {
      yield* await linesOf(digest);
    },
    async *bunches(digest) {
      yield await linesOf(digest);
    },
    has: async (digest) => texts.has(digest),
  };
}
