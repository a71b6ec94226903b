// Outcome blobs that are read piece by piece: who comes for the next piece goes on where the last reader stopped, or a
// blob of fifty thousand lines would be read from its beginning for each thousand. It knows nothing of steps.
import { type OutcomeLine, parseOutcome, unitOfLine } from './outcome-line.ts';

/** Reads a blob's lines by digest, some at a time; a closed reader stops early. */
export type BunchSource = (digest: string) => AsyncIterable<readonly string[]>;

// Readers at the same time are as many as chunks worked on ahead; blobs at the same time as steps before one.
const MOST_LEFT = 32;

/** Walks forward through a blob's lines; several steps may ask for the same unit. */
export class LineCursor {
  private readonly iterator: AsyncIterator<readonly string[]>;
  private lines: readonly string[] = [];
  private next = 0;
  private unit = -1;
  private current: OutcomeLine | null = null;
  private isEnded = false;

  constructor(lines: AsyncIterable<readonly string[]>) {
    this.iterator = lines[Symbol.asyncIterator]();
  }

  /** The line of a unit; null when there is none from here on; undefined: it is not at hand, ask again after `more`. */
  seek(unit: number): OutcomeLine | null | undefined {
    if (this.unit < unit) this.current = null;
    while (this.unit < unit) {
      const line = this.lines[this.next];
      if (line === undefined) return this.isEnded ? null : undefined;
      this.next++;
      this.unit = unitOfLine(line);
      if (this.unit === unit) this.current = parseOutcome(line);
    }
    return this.unit === unit ? this.current : null;
  }

  /** Reads on. Call it when `seek` had nothing at hand. */
  async more(): Promise<void> {
    const next = await this.iterator.next();
    this.isEnded = next.done === true;
    this.lines = next.done === true ? [] : next.value;
    this.next = 0;
  }

  /** At which unit it stands; null when it found nothing there, and nothing more can be had of it. */
  get at(): number | null {
    return this.current === null ? null : this.unit;
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }
}

/** Readers that others left behind, to be gone on with. */
export class OpenBlobs {
  /** Opens a blob at its beginning. */
  readonly bunches: BunchSource;
  private left: { readonly digest: string; readonly cursor: LineCursor; readonly at: number }[] = [];

  constructor(bunches: BunchSource) {
    this.bunches = bunches;
  }

  /** The reader of a blob that has come farthest and not beyond `unit`; null: there is none. It is the caller's now. */
  take(digest: string, unit: number): LineCursor | null {
    const fitting = this.left.filter((one) => one.digest === digest && one.at <= unit);
    const [first, ...others] = fitting;
    if (first === undefined) return null;
    const best = others.reduce((a, b) => (b.at > a.at ? b : a), first);
    this.left = this.left.filter((one) => one !== best);
    return best.cursor;
  }

  /** Leaves a reader for the next; the oldest is closed when they become many. */
  async leave(digest: string, cursor: LineCursor): Promise<void> {
    const { at } = cursor;
    if (at === null) return cursor.close();
    this.left.push({ digest, cursor, at });
    if (this.left.length > MOST_LEFT) await this.left.shift()!.cursor.close();
  }

  /** Closes what was left. */
  async close(): Promise<void> {
    const { left } = this;
    this.left = [];
    for (const { cursor } of left) await cursor.close();
  }
}
