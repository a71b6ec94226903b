// Making files durable: what every adapter that promises "it is on disk" stands on.
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Makes a new or renamed directory entry durable, where the platform lets a folder be synced. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r').catch(() => null);
  if (handle === null) return;
  try {
    await handle.sync();
  } catch (error) {
    if (errorCode(error) !== 'EINVAL' && errorCode(error) !== 'EPERM') throw error;
  } finally {
    await handle.close();
  }
}

/** The system's code of a failure, such as `ENOENT`. */
export function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

const WRITE_CHARACTERS = 1 << 18;

/**
 * Writes chunks, text or the bytes of it, to a new temporary file in `directory`, syncs it and returns its path; nothing is
 * left behind on failure. `seen` gets the bytes as they are written.
 */
export async function writeTemporary(
  directory: string,
  chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  seen: (bytes: Uint8Array) => void = () => {},
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const temporary = join(directory, `.${randomUUID()}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    let pending: string[] = [];
    let size = 0;
    // Used again and again: garbage outside of the heap is collected late.
    let room = Buffer.alloc(0);
    const write = async (bytes: Uint8Array): Promise<void> => {
      seen(bytes);
      await file.writeFile(bytes);
    };
    const flush = async (): Promise<void> => {
      const text = pending.join('');
      const length = Buffer.byteLength(text);
      pending = [];
      size = 0;
      if (length === 0) return;
      if (room.length < length) room = Buffer.allocUnsafeSlow(length);
      room.write(text);
      await write(room.subarray(0, length));
    };
    for await (const chunk of chunks) {
      if (typeof chunk !== 'string') {
        await flush();
        await write(chunk);
        continue;
      }
      pending.push(chunk);
      size += chunk.length;
      if (size >= WRITE_CHARACTERS) await flush();
    }
    await flush();
    await file.sync();
    await file.close();
    return temporary;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
    // Of a write that fails the system says no more than that.
    if (error instanceof Error && 'code' in error && !('path' in error))
      error.message += ` a file in ${directory}`;
    throw error;
  }
}

/** Characters of a file that are held back, to see whether they are what is there already. */
const HELD_CHARACTERS = 1 << 18;

/**
 * Replaces `path` by the chunks in one step: a reader sees the old file or the new one, never a part. A small file that is
 * the same already is left alone, for making it durable once more is what takes time.
 */
export async function replaceFile(
  path: string,
  chunks: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const directory = dirname(path);
  const { head, rest } = await holdBack(chunks);
  if (rest === null && (await hasText(path, head))) return;
  async function* all(): AsyncGenerator<string> {
    yield head;
    if (rest !== null) yield* rest;
  }
  const temporary = await writeTemporary(directory, all());
  await rename(temporary, path);
  await syncDirectory(directory);
}

/** The first chunks as one text, and the others; null: there are none. */
async function holdBack(
  chunks: Iterable<string> | AsyncIterable<string>,
): Promise<{ readonly head: string; readonly rest: AsyncIterable<string> | null }> {
  async function* each(): AsyncGenerator<string> {
    yield* chunks;
  }
  const rest = each();
  const held: string[] = [];
  for (let size = 0; size <= HELD_CHARACTERS; ) {
    const next = await rest.next();
    if (next.done === true) return { head: held.join(''), rest: null };
    held.push(next.value);
    size += next.value.length;
  }
  return { head: held.join(''), rest };
}

async function hasText(path: string, text: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  if (info === null || !info.isFile() || info.size !== Buffer.byteLength(text)) return false;
  return (await readFile(path, 'utf8').catch(() => null)) === text;
}
