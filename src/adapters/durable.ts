// Making files durable: what every adapter that promises "it is on disk" stands on.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
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

const WRITE_CHARACTERS = 1 << 20;

/**
 * Writes text chunks to a new temporary file in `directory`, syncs it and returns its path; nothing is left behind on
 * failure. `seen` gets the bytes as they are written.
 */
export async function writeTemporary(
  directory: string,
  chunks: Iterable<string> | AsyncIterable<string>,
  seen: (bytes: Buffer) => void = () => {},
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const temporary = join(directory, `.${randomUUID()}.tmp`);
  const file = await open(temporary, 'wx');
  try {
    let pending: string[] = [];
    let size = 0;
    const flush = async (): Promise<void> => {
      const bytes = Buffer.from(pending.join(''), 'utf8');
      seen(bytes);
      await file.writeFile(bytes);
      pending = [];
      size = 0;
    };
    for await (const chunk of chunks) {
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
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Replaces `path` by the chunks in one step: a reader sees the old file or the new one, never a part. */
export async function replaceFile(
  path: string,
  chunks: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const directory = dirname(path);
  const temporary = await writeTemporary(directory, chunks);
  await rename(temporary, path);
  await syncDirectory(directory);
}
