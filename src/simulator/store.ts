// The simulator's state: files of one directory that several processes may serve at once. Every change is one atomic
// creation of a file; there are no locks, nothing is edited, and what is kept in memory is only what can never change.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProtocolName } from './mishaps.ts';
import type { BatchRecord } from './timeline.ts';

/** What a protocol says about a file it stores. `details` is its own affair. */
export interface FileAbout {
  readonly protocol: ProtocolName;
  readonly filename: string;
  readonly purpose: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** An uploaded file's description. The id is `file-` and 32 hex digits, for every protocol. */
export interface StoredFile extends FileAbout {
  readonly id: string;
  readonly bytes: number;
  readonly createdMs: number;
}

/** Bytes received but not yet part of the store. */
export interface Upload {
  readonly path: string;
  readonly bytes: number;
}

/** A temporary file being written. */
export interface Draft {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes it durable and gives it over. */
  finish(): Promise<Upload>;
  /** Drops it. */
  abandon(): Promise<void>;
}

export interface Store {
  draft(): Promise<Draft>;
  /** Streams bytes into a durable temporary file. */
  receive(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Upload>;
  /** Drops a received upload that will not be used. */
  discard(upload: Upload): Promise<void>;
  addFile(upload: Upload, about: FileAbout): Promise<StoredFile>;
  file(id: string): Promise<StoredFile | null>;
  /** All files of a protocol, oldest first. */
  files(protocol: ProtocolName): Promise<StoredFile[]>;
  content(id: string): AsyncIterable<Uint8Array>;
  /** Whether this call deleted it. */
  deleteFile(id: string): Promise<boolean>;
  addBatch(record: BatchRecord): Promise<void>;
  batch(id: string): Promise<BatchRecord | null>;
  /** All batches, oldest first. */
  batches(): Promise<BatchRecord[]>;
  /** Cancels from `atMs` on; only the first call counts. */
  cancel(id: string, atMs: number): Promise<void>;
  /** When cancellation takes effect, or null. */
  cancelTime(id: string): Promise<number | null>;
  /** Moves an upload into a folder under a name chosen by the caller; an existing file stays as it is. */
  place(upload: Upload, folder: string, name: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is none. */
  names(folder: string): Promise<string[]>;
  path(folder: string, name: string): string;
  /** The text of a small file, or null. */
  text(folder: string, name: string): Promise<string | null>;
  settings(): Promise<string | null>;
  replaceSettings(text: string): Promise<void>;
  /** Whether this call is the first ever to take that name; a name taken stays taken. */
  claim(folder: string, name: string): Promise<boolean>;
  /** Adds one line to the witness log. */
  log(entry: object): Promise<void>;
  readLog(): AsyncIterable<Uint8Array>;
  /** Adds one line to a file that only grows. */
  append(name: string, entry: object): Promise<void>;
  /** The lines of such a file; nothing when there is none. */
  appended(name: string): AsyncIterable<Uint8Array>;
}

const SAFE_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** Opens (and makes, when needed) a simulator directory. */
export async function openStore(directory: string): Promise<Store> {
  const at = (...parts: string[]) => join(directory, ...parts);
  for (const folder of ['tmp', 'files', 'deleted', 'batches', 'cancels', 'results'])
    await mkdir(at(folder), { recursive: true });
  const knownFiles = new Map<string, StoredFile>();
  const knownBatches = new Map<string, BatchRecord>();

  async function openDraft(): Promise<Draft> {
    const path = at('tmp', randomUUID());
    const handle = await open(path, 'wx');
    let bytes = 0;
    return {
      async write(chunk) {
        bytes += chunk.length;
        await handle.writeFile(chunk);
      },
      async finish() {
        await handle.sync();
        await handle.close();
        return { path, bytes };
      },
      async abandon() {
        await handle.close();
        await rm(path, { force: true });
      },
    };
  }

  async function writeTemporary(text: string): Promise<string> {
    const draft = await openDraft();
    await draft.write(Buffer.from(text, 'utf8'));
    return (await draft.finish()).path;
  }

  /** Gives a finished temporary file its name, unless that name is taken. */
  async function publish(temporary: string, target: string): Promise<boolean> {
    try {
      await link(temporary, target);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async function readRecord<T>(folder: string, id: string, known: Map<string, T>): Promise<T | null> {
    if (!SAFE_ID.test(id)) return null;
    const cached = known.get(id);
    if (cached !== undefined) return cached;
    const text = await readOptional(at(folder, `${id}.json`));
    if (text === null) return null;
    const record = JSON.parse(text) as T;
    known.set(id, record);
    return record;
  }

  async function readAll<T extends { id: string; createdMs: number }>(
    folder: string,
    known: Map<string, T>,
  ): Promise<T[]> {
    const records: T[] = [];
    for (const name of await readdir(at(folder))) {
      if (!name.endsWith('.json')) continue;
      const record = await readRecord(folder, name.slice(0, -'.json'.length), known);
      if (record !== null) records.push(record);
    }
    return records.sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
  }

  const store: Store = {
    draft: openDraft,
    async receive(chunks) {
      const draft = await openDraft();
      try {
        for await (const chunk of chunks) await draft.write(chunk);
        return await draft.finish();
      } catch (error) {
        await draft.abandon();
        throw error;
      }
    },
    async discard(upload) {
      await rm(upload.path, { force: true });
    },
    async addFile(upload, about) {
      const id = `file-${randomUUID().replaceAll('-', '')}`;
      const file: StoredFile = { ...about, id, bytes: upload.bytes, createdMs: Date.now() };
      // The content first: the description makes the file visible, so it must never point at nothing.
      await rename(upload.path, at('files', `${id}.data`));
      await publish(await writeTemporary(JSON.stringify(file)), at('files', `${id}.json`));
      return file;
    },
    async file(id) {
      const file = await readRecord('files', id, knownFiles);
      return file !== null && !(await exists(at('deleted', id))) ? file : null;
    },
    async files(protocol) {
      const deleted = new Set(await readdir(at('deleted')));
      return (await readAll('files', knownFiles)).filter(
        (file) => file.protocol === protocol && !deleted.has(file.id),
      );
    },
    content: (id) => createReadStream(at('files', `${id}.data`)),
    async deleteFile(id) {
      if ((await store.file(id)) === null) return false;
      return await publish(await writeTemporary(''), at('deleted', id));
    },
    async addBatch(record) {
      await publish(await writeTemporary(JSON.stringify(record)), at('batches', `${record.id}.json`));
    },
    batch: (id) => readRecord('batches', id, knownBatches),
    batches: () => readAll('batches', knownBatches),
    async cancel(id, atMs) {
      await publish(await writeTemporary(String(atMs)), at('cancels', id));
    },
    async cancelTime(id) {
      const text = await readOptional(at('cancels', id));
      return text === null ? null : Number(text);
    },
    async place(upload, folder, name) {
      await mkdir(at(folder), { recursive: true });
      await publish(upload.path, at(folder, name));
    },
    async names(folder) {
      try {
        return (await readdir(at(folder))).sort();
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return [];
        throw error;
      }
    },
    path: at,
    text: (folder, name) => readOptional(at(folder, name)),
    settings: () => readOptional(at('settings.json')),
    async replaceSettings(text) {
      await rename(await writeTemporary(text), at('settings.json'));
    },
    async claim(folder, name) {
      await mkdir(at(folder), { recursive: true });
      try {
        await (await open(at(folder, name), 'wx')).close();
        return true;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') return false;
        throw error;
      }
    },
    log: (entry) => store.append('requests.log', { at: Date.now(), ...entry }),
    readLog: () => store.appended('requests.log'),
    async append(name, entry) {
      await appendFile(at(name), `${JSON.stringify(entry)}\n`);
    },
    async *appended(name) {
      if (await exists(at(name))) yield* createReadStream(at(name));
    },
  };
  return store;
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
