// Takes chunks from a source, bounded in number and in text, so that neither this thread nor a worker ever holds much
// more than it needs. It knows nothing of what it reads.

/** Text of one chunk in characters; one value alone may have more. */
const CHUNK_TEXT = 4_000_000;

/** Reads a source chunk by chunk. Close it when it is not read to its end. */
export class ChunkReader<T> {
  private readonly source: AsyncIterator<T>;
  private readonly lengthOf: (value: T) => number;

  constructor(source: AsyncIterable<T>, lengthOf: (value: T) => number) {
    this.source = source[Symbol.asyncIterator]();
    this.lengthOf = lengthOf;
  }

  /** The next values, at most `count`; none at the end. */
  async take(count: number): Promise<T[]> {
    const values: T[] = [];
    for (let text = 0; values.length < count && text < CHUNK_TEXT; ) {
      const next = await this.source.next();
      if (next.done === true) break;
      values.push(next.value);
      text += this.lengthOf(next.value);
    }
    return values;
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }
}

/** The same for a source that gives as many at a time as are at hand, of which it holds those that are left. */
export class BunchReader<T> {
  private readonly source: AsyncIterator<readonly T[]>;
  private readonly lengthOf: (value: T) => number;
  private bunch: readonly T[] = [];
  private at = 0;

  constructor(source: AsyncIterable<readonly T[]>, lengthOf: (value: T) => number) {
    this.source = source[Symbol.asyncIterator]();
    this.lengthOf = lengthOf;
  }

  /** The next values, at most `count`; none at the end. */
  async take(count: number): Promise<T[]> {
    const values: T[] = [];
    for (let text = 0; values.length < count && text < CHUNK_TEXT; ) {
      if (this.at === this.bunch.length) {
        const next = await this.source.next();
        if (next.done === true) break;
        this.bunch = next.value;
        this.at = 0;
        continue;
      }
      const value = this.bunch[this.at++]!;
      values.push(value);
      text += this.lengthOf(value);
    }
    return values;
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }
}
