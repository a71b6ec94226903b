// Which chunk of an Octobatch run directory a unit lies in, and the files of the chunks, written one after another.
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunContext } from '../engine/perform-context.ts';
import { plannedUnits } from '../engine/state.ts';
import type { UnitSet } from '../engine/unit-set.ts';

/** Units of a chunk where the pipeline names no size: Octobatch's own default. */
const CHUNK_SIZE = 100;

/** Characters that wait to be written. */
const MOST_WAITING = 1 << 20;

/** What is counted of a chunk while it is written. */
export interface ChunkBook {
  readonly name: string;
  readonly items: number;
  /** Units that reached the end, and those that failed for good on the way. */
  valid: number;
  failed: number;
  /** The first step at which a unit of it waits or is under way; null: none does. */
  waits: number | null;
}

/** Where units of one level lie. */
export interface ChunkPlace {
  chunkOf(unit: number): number;
}

/** All chunks of a run, and where the units of each level lie: the planned ones, and the children of each fan-out. */
export interface ChunkPlan {
  readonly levels: readonly ChunkPlace[];
  readonly books: readonly ChunkBook[];
}

/** As Octobatch does it: children get new chunks, but those of a last fan-out stay where their parents are. */
export function planChunks({ pipeline, state }: RunContext): ChunkPlan {
  const size = pipeline.chunkSize ?? CHUNK_SIZE;
  const first = new ChunkMap(plannedUnits(state), size, 0);
  const levels: ChunkPlace[] = [first];
  const books = first.books();
  for (const [index, { kind, made, width }] of state.steps.entries()) {
    if (kind !== 'fan_out') continue;
    const parents = levels[levels.length - 1]!;
    if (index === state.steps.length - 1) {
      levels.push({ chunkOf: (child) => parents.chunkOf(Math.floor(child / width!)) });
    } else {
      const children = new ChunkMap(made, size, books.length);
      levels.push(children);
      for (const book of children.books()) books.push(book);
    }
  }
  return { levels, books };
}

/** Units in canonical order, cut into chunks of equal size, numbered from `first` on. */
class ChunkMap implements ChunkPlace {
  private readonly size: number;
  private readonly first: number;
  private readonly units: number;
  private readonly starts: number[] = [];
  private readonly ranks: number[] = [];

  constructor(units: UnitSet, size: number, first: number) {
    this.size = size;
    this.first = first;
    this.units = units.size;
    let rank = 0;
    for (const [from, to] of units.spans()) {
      this.starts.push(from);
      this.ranks.push(rank);
      rank += to - from + 1;
    }
  }

  /** The number of the chunk that a unit of the set lies in. */
  chunkOf(unit: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= unit) low = middle;
      else high = middle - 1;
    }
    return this.first + Math.floor((this.ranks[low]! + unit - this.starts[low]!) / this.size);
  }

  books(): ChunkBook[] {
    return Array.from({ length: Math.ceil(this.units / this.size) }, (_, at) => ({
      name: chunkName(this.first + at),
      items: Math.min(this.size, this.units - at * this.size),
      valid: 0,
      failed: 0,
      waits: null,
    }));
  }
}

/** `chunk_007`, as Octobatch names them. */
export function chunkName(chunk: number): string {
  return `chunk_${String(chunk).padStart(3, '0')}`;
}

/** A step's name as the beginning of a file's name; safe also where a snapshot was not made by us. */
export function fileName(step: string): string {
  return step.replace(/[^A-Za-z0-9 ._-]/g, '_');
}

/** Appends lines to files. Lines for one file come one after another, so that only one file waits at a time. */
export class ChunkFiles {
  private readonly directory: string;
  private readonly made = new Set<string>();
  private path = '';
  private waiting = '';

  constructor(directory: string) {
    this.directory = directory;
  }

  /** `folder`: below the directory; it is made if need be. The line comes without its end. */
  async add(folder: string, file: string, line: string): Promise<void> {
    const path = join(this.directory, folder, file);
    if (path !== this.path) {
      await this.flush();
      this.path = path;
      if (!this.made.has(folder)) await mkdir(join(this.directory, folder), { recursive: true });
      this.made.add(folder);
    }
    this.waiting += `${line}\n`;
    if (this.waiting.length >= MOST_WAITING) await this.flush();
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    if (this.waiting !== '') await appendFile(this.path, this.waiting);
    this.waiting = '';
  }
}
