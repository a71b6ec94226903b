// The body of a batch on its way to a provider: up to hundreds of megabytes, so a long one lies in a file of its own while it
// is sent, and is gone after that. It knows neither requests nor providers.
import { mkdtempSync, openAsBlob } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { sep } from 'node:path';

/** Characters that are held in memory. */
const HELD = 1 << 22;
/** Characters written at a time. */
const WRITTEN = 1 << 20;

/** Gives `use` the pieces of text as one body. Throws what reading the pieces, keeping them, or `use` throws. */
export async function withBody<T>(
  pieces: AsyncIterable<string>,
  type: string,
  use: (body: Blob) => Promise<T>,
): Promise<T> {
  const rest = pieces[Symbol.asyncIterator]();
  const held: string[] = [];
  for (let length = 0; length <= HELD; ) {
    const next = await rest.next();
    if (next.done === true) return use(new Blob([held.join('')], { type }));
    held.push(next.value);
    length += next.value.length;
  }
  // Nobody else on the machine may look into it.
  const folder = mkdtempSync(`${tmpdir()}${sep}octobatch-body-`);
  try {
    const path = `${folder}${sep}body`;
    await writePieces(path, held, rest);
    return await use(await openAsBlob(path, { type }));
  } finally {
    // By now the service may have taken what was sent: a file that cannot be removed must not make that unknown.
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function writePieces(path: string, held: string[], rest: AsyncIterator<string>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    let pending = held.splice(0);
    let length = WRITTEN;
    for (;;) {
      if (length >= WRITTEN) {
        await file.writeFile(pending.join(''));
        pending = [];
        length = 0;
      }
      const next = await rest.next();
      if (next.done === true) break;
      pending.push(next.value);
      length += next.value.length;
    }
    await file.writeFile(pending.join(''));
  } finally {
    await file.close();
    await rest.return?.();
  }
}
