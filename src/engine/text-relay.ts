// A text that one side writes and another reads, with little of it between them. So several files come out of one pass over
// what they are made of.

/** Characters between writer and reader after which the writer should wait. */
const FULL = 1 << 18;

/** Text on its way. One writer, one reader. */
export class TextRelay {
  private parts: string[] = [];
  private length = 0;
  private isEnded = false;
  private isLeft = false;
  private failure: { readonly error: unknown } | null = null;
  private wakeReader: () => void = () => {};
  private wakeWriter: () => void = () => {};

  /** Adds text. What nobody reads any more is dropped. */
  write(text: string): void {
    if (this.isLeft) return;
    this.parts.push(text);
    this.length += text.length;
    if (this.isFull) this.wakeReader();
  }

  /** Whether the writer should wait for `drained`. */
  get isFull(): boolean {
    return this.length >= FULL && !this.isLeft;
  }

  /** Resolves when the reader has taken what there is, or reads no more. */
  async drained(): Promise<void> {
    while (this.isFull) {
      await new Promise<void>((resolve) => {
        this.wakeWriter = resolve;
      });
    }
  }

  /** Nothing follows; with `failure`, because there is something wrong, of which the reader hears. */
  end(failure: { readonly error: unknown } | null = null): void {
    this.isEnded = true;
    this.failure = failure;
    this.wakeReader();
  }

  /** The reader wants no more. */
  leave(): void {
    this.isLeft = true;
    this.parts = [];
    this.length = 0;
    this.wakeWriter();
  }

  /** The text in pieces, for the reader. Throws what the writer ended with. */
  async *chunks(): AsyncGenerator<string> {
    for (;;) {
      if (this.failure !== null) throw this.failure.error;
      if (this.isEnded || this.isFull) {
        const text = this.parts.join('');
        this.parts = [];
        this.length = 0;
        this.wakeWriter();
        if (text !== '') yield text;
        else if (this.isEnded) return;
        continue;
      }
      await new Promise<void>((resolve) => {
        this.wakeReader = resolve;
      });
    }
  }
}
