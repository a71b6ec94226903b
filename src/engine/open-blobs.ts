// Outcome blobs that are read piece by piece: who comes for the next piece goes on where the last reader stopped, or a
// blob of fifty thousand lines would be read from its beginning for each thousand. It knows nothing of steps.
import { type OutcomeLine, parseOutcome, unitOfLine } from './outcome-line.ts';

// Readers at the same time are as many as chunks worked on ahead; blobs at the same time as steps before one.
const MOST_LEFT = 32;

/** Walks forward through a blob's lines; several steps may ask for the same unit. */
export class LineCursor {
  private readonly iterator: AsyncIterator<string>;
  private unit = -1;
  private current: OutcomeLine | null = null;

  constructor(lines: AsyncIterable<string>) {
    this.iterator = lines[Symbol.asyncIterator]();
  }

  /** The line of a unit; null when there is none from here on. */
  async seek(unit: number): Promise<OutcomeLine | null> {
    if (this.unit < unit) this.current = null;
    while (this.unit < unit) {
      const next = await this.iterator.next();
      if (next.done === true) return null;
      this.unit = unitOfLine(next.value);
      if (this.unit === unit) this.current = parseOutcome(next.value);
    }
    return this.unit === unit ? this.current : null;
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
  readonly lines: (digest: string) => AsyncIterable<string>;
  private left: { readonly digest: string; readonly cursor: LineCursor; readonly at: number }[] = [];

  constructor(lines: (digest: string) => AsyncIterable<string>) {
    this.lines = lines;
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
