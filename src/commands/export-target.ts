// Where an export goes: a file that appears whole or not at all, or the standard output. It knows no format.
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { screenData } from '../report/escape.ts';
import { usageError } from './arguments.ts';

/** Characters of lines that are handed on together. */
const CHUNK = 1 << 16;

/** Writes lines or bytes to the file `path`, replacing it, or to `output` when it is `-`. */
export async function writeExport(
  path: string,
  parts: AsyncIterable<string> | AsyncIterable<Uint8Array>,
  output: Writable & { readonly isTTY?: boolean },
): Promise<void> {
  if (path === '-')
    return pipeline(inChunks(output.isTTY === true ? onScreen(parts) : parts), output, { end: false });
  const folder = dirname(path);
  if (!existsSync(folder)) throw usageError('--out', `there is no folder "${folder}"`, 'create it first');
  const unfinished = `${path}.unfinished`;
  try {
    await pipeline(inChunks(parts), createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function* onScreen(
  parts: AsyncIterable<string> | AsyncIterable<Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  for await (const part of parts) yield typeof part === 'string' ? screenData(part) : part;
}

async function* inChunks(parts: AsyncIterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
  let waiting = '';
  for await (const part of parts) {
    if (typeof part !== 'string') {
      yield part;
      continue;
    }
    waiting += part;
    if (waiting.length < CHUNK) continue;
    yield waiting;
    waiting = '';
  }
  if (waiting !== '') yield waiting;
}
