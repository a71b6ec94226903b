// The answer contexts a run registers: stored as they came, found again by custom_id. They never travel in a request.
import { createHash } from 'node:crypto';
import { createReadStream, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { AnswerContext } from '../ports/provider.ts';
import { readLineBunches } from './lines.ts';
import type { Store } from './store.ts';

/** Where contexts are kept and looked up. */
export interface ContextShelf {
  /** Stores JSON lines of AnswerContext durably; returns how many. Throws ContextError with nothing stored. */
  register(body: AsyncIterable<Uint8Array>): Promise<number>;
  /** Opens the contexts of requests for lookups; close it afterwards. */
  reader(): ContextReader;
}

/** Looks contexts up one by one without holding them. */
export interface ContextReader {
  /** Finds the contexts of these requests, as they are registered now. */
  prepare(customIds: Iterable<string>): Promise<void>;
  /** The context of a request that was prepared, or null. */
  find(customId: string): AnswerContext | null;
  close(): Promise<void>;
}

/** A registered line is not an answer context. */
export class ContextError extends Error {}

type Place = { readonly name: string; readonly offset: number; readonly length: number };
type Index = { readonly seen: Set<string>; readonly places: Map<string, Place> };

/** Most request groups whose index stays in memory. */
const INDEXES_KEPT = 8;

/** The shelf of one store. Contexts are grouped by the batch part of their custom_id, so that lookups stay small. */
export function openContextShelf(store: Store): ContextShelf {
  const indexes = new Map<string, Index>();

  async function refresh(folder: string): Promise<Index> {
    const index: Index = indexes.get(folder) ?? { seen: new Set(), places: new Map() };
    indexes.delete(folder);
    indexes.set(folder, index);
    const oldest = indexes.keys().next().value;
    if (indexes.size > INDEXES_KEPT && oldest !== undefined) indexes.delete(oldest);
    for (const name of await store.names(folder)) {
      if (index.seen.has(name)) continue;
      for await (const lines of readLineBunches(createReadStream(store.path(folder, name)))) {
        for (const { text, offset, length } of lines) {
          const customId = customIdOf(text);
          if (customId === null || index.places.has(customId)) continue;
          index.places.set(customId, { name, offset, length });
        }
      }
      index.seen.add(name);
    }
    return index;
  }

  return {
    async register(body) {
      const groups = new Map<string, string[]>();
      let count = 0;
      let number = 0;
      for await (const lines of readLineBunches(body)) {
        for (const { text } of lines) {
          number++;
          const context = readContext(text);
          if (context === null && text.trim() === '') continue;
          if (context === null) throw new ContextError(`line ${number} is not an answer context`);
          const folder = folderOf(context.customId);
          const group = groups.get(folder) ?? [];
          group.push(text);
          groups.set(folder, group);
          count++;
        }
      }
      for (const [folder, lines] of groups) {
        const digest = createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32);
        if ((await store.names(folder)).some((name) => name.endsWith(digest))) continue;
        const upload = await store.receive(encode(lines));
        // The time comes first in the name: the first registration of a custom_id is the one that counts, for ever.
        await store.place(upload, folder, `${String(Date.now()).padStart(15, '0')}-${digest}`);
      }
      return count;
    },
    reader() {
      const files = new Map<string, FileWindow>();
      const refreshed = new Map<string, Index>();
      return {
        async prepare(customIds) {
          for (const customId of customIds) {
            const folder = folderOf(customId);
            let index = refreshed.get(folder);
            if (index === undefined) refreshed.set(folder, (index = await refresh(folder)));
            const place = index.places.get(customId);
            if (place === undefined) continue;
            const path = store.path(folder, place.name);
            if (!files.has(path)) files.set(path, new FileWindow(await open(path, 'r')));
          }
        },
        find(customId) {
          const folder = folderOf(customId);
          const place = refreshed.get(folder)?.places.get(customId);
          if (place === undefined) return null;
          const file = files.get(store.path(folder, place.name));
          return file === undefined ? null : (JSON.parse(file.text(place)) as AnswerContext);
        },
        async close() {
          for (const file of files.values()) await file.close();
        },
      };
    },
  };
}

const WINDOW_BYTES = 64 * 1024;

/** A file that is read here and there, mostly forwards: what lies around a place is wanted next. */
class FileWindow {
  private readonly handle: FileHandle;
  private bytes = Buffer.alloc(0);
  private from = 0;

  constructor(handle: FileHandle) {
    this.handle = handle;
  }

  text({ offset, length }: Place): string {
    if (offset < this.from || offset + length > this.from + this.bytes.length) this.move(offset, length);
    return this.bytes.toString('utf8', offset - this.from, offset - this.from + length);
  }

  // Synchronous on purpose: a short read from a warm cache is far cheaper than a trip to the thread pool.
  private move(offset: number, length: number): void {
    const bytes = Buffer.allocUnsafe(Math.max(WINDOW_BYTES, length));
    this.bytes = bytes.subarray(0, readSync(this.handle.fd, bytes, 0, bytes.length, offset));
    this.from = offset;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

function folderOf(customId: string): string {
  const key = /^([0-9a-f]{8})-/.exec(customId)?.[1];
  return `contexts-${key ?? 'other'}`;
}

/** What a kept line is about. Each was held against its form when it came. */
function customIdOf(text: string): string | null {
  return /^\{"customId":"([A-Za-z0-9_-]+)"/.exec(text)?.[1] ?? readContext(text)?.customId ?? null;
}

function readContext(text: string): AnswerContext | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (json === null || typeof json !== 'object') return null;
  const context = json as Partial<Record<keyof AnswerContext, unknown>>;
  const simulateFits =
    context.simulate === null ||
    (Array.isArray(context.simulate) &&
      context.simulate.every((one) => typeof one?.name === 'string' && typeof one?.expr === 'string'));
  const fits =
    typeof context.customId === 'string' &&
    typeof context.seed === 'string' &&
    typeof context.fields === 'string' &&
    (context.schema === null || typeof context.schema === 'string') &&
    simulateFits;
  return fits ? (json as AnswerContext) : null;
}

function* encode(lines: readonly string[]): Generator<Uint8Array> {
  for (let start = 0; start < lines.length; start += 100) {
    yield Buffer.from(`${lines.slice(start, start + 100).join('\n')}\n`, 'utf8');
  }
}
