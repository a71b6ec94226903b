// Text files line by line, from bytes. It holds one line and one chunk, never a whole file.

/** One line without its end, and where it lies: byte offset and byte length, the line end not counted. */
export interface Line {
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

/** Longest line accepted, in bytes: a longer one is not a request but an attack or a mistake. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** The lines of a byte stream, one by one. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  for await (const bunch of readLineBunches(chunks)) yield* bunch;
}

/**
 * Splits a byte stream into lines at \n, those of each chunk together: thousands of small waits cost more than the
 * work. Empty lines are given too, a missing end of the last line is fine.
 */
export async function* readLineBunches(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Line[]> {
  let offset = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const lines: Line[] = [];
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const piece = bytes.subarray(start, end);
      const line = pending.length === 0 ? piece : Buffer.concat([...pending, piece]);
      lines.push(toLine(line, offset));
      offset += line.length + 1;
      pending = [];
      pendingBytes = 0;
      start = end + 1;
    }
    if (lines.length > 0) yield lines;
    if (start < bytes.length) {
      pending.push(bytes.subarray(start));
      pendingBytes += bytes.length - start;
      if (pendingBytes > MAX_LINE_BYTES) throw new Error(`a line is longer than ${MAX_LINE_BYTES} bytes`);
    }
  }
  if (pendingBytes > 0) yield [toLine(Buffer.concat(pending), offset)];
}

function toLine(bytes: Buffer, offset: number): Line {
  const text = bytes.toString('utf8');
  return { text: text.endsWith('\r') ? text.slice(0, -1) : text, offset, length: bytes.length };
}
