// The body of a batch on its way to a provider: up to hundreds of megabytes, so a long one lies in a file of its own while it
// is sent, and is gone after that. It knows neither requests nor providers.
import { createHash } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { lstat, mkdtemp, open, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { sep } from 'node:path';

/** Characters that are held in memory. */
const HELD = 1 << 20;
/** Characters written at a time. */
const WRITTEN = 1 << 18;

/**
 * Gives `use` the pieces of text as one body. Throws what reading the pieces or `use` throws, and the system's error, with
 * the folder in it, when a long body cannot be kept.
 */
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
  const folder = await openFolder().catch(async (error) => {
    await rest.return?.();
    throw error;
  });
  try {
    const path = `${folder}${sep}body`;
    await writePieces(path, held, rest);
    return await use(await openAsBlob(path, { type }));
  } finally {
    // By now the service may have taken what was sent: a file that cannot be removed must not make that unknown.
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** Makes a folder that nobody else on the machine may look into, after removing those that killed processes left. */
async function openFolder(): Promise<string> {
  const prefix = `octobatch-body-${await placeOfProcesses()}-`;
  await removeForsaken(prefix);
  return await mkdtemp(`${tmpdir()}${sep}${prefix}${process.pid}-`).catch((error) => {
    throw toldOf(error, tmpdir());
  });
}

/** Where a process id means the same process: containers and machines may share the folder. */
async function placeOfProcesses(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const space = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()}|${boot}|${space}`).digest('hex').slice(0, 16);
}

/** What cannot be looked at, or be removed, stays: it hinders nobody from sending. */
async function removeForsaken(prefix: string): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    const folder = `${tmpdir()}${sep}${name}`;
    const [pid] = /^[1-9]\d*(?=-)/.exec(name.slice(prefix.length)) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const stats = await lstat(folder).catch(() => null);
    // Also where every folder may be removed, only our own are ours.
    if (!stats?.isDirectory() || stats.uid !== (process.getuid?.() ?? stats.uid)) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

/** The system's error, which says by its code how to mend it, with the place, and what names another one. */
function toldOf(error: unknown, folder: string): unknown {
  if (error instanceof Error && 'code' in error) {
    error.message += ` (a long batch lies in ${folder} while it is sent; TMPDIR names another folder)`;
  }
  return error;
}

async function writePieces(path: string, held: string[], rest: AsyncIterator<string>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  const write = async (texts: readonly string[]): Promise<void> => {
    try {
      await file.writeFile(texts.join(''));
    } catch (error) {
      throw toldOf(error, tmpdir());
    }
  };
  try {
    let pending = held.splice(0);
    let length = WRITTEN;
    for (;;) {
      if (length >= WRITTEN) {
        await write(pending);
        pending = [];
        length = 0;
      }
      const next = await rest.next();
      if (next.done === true) break;
      pending.push(next.value);
      length += next.value.length;
    }
    await write(pending);
  } finally {
    await file.close();
    await rest.return?.();
  }
}
