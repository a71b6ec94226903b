// Lines in, one line out for each, in order. It holds one line and one chunk of answers: whoever reads slowly is waited
// for.
import { addAbortSignal, type Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Characters of a line from which on it is no longer read to its end, and so is no JSON. */
const MAX_LINE = 2 ** 26;

/** Answers collected before they are handed on, in characters. */
const CHUNK = 2 ** 16;

/** Writes the answer to each line of `input` as a line of `output`, which stays open. Ends early on the signal, or when nobody reads. */
export async function answerLines(
  input: Readable,
  output: Writable,
  answer: (line: string) => string,
  signal: AbortSignal,
): Promise<void> {
  async function* answers(): AsyncGenerator<string> {
    let waiting = '';
    for await (const lines of linesOf(addAbortSignal(signal, input))) {
      for (const line of lines) {
        waiting += `${answer(line)}\n`;
        if (waiting.length < CHUNK) continue;
        yield waiting;
        waiting = '';
      }
      // Whoever writes a line and waits for its answer must get it.
      if (waiting !== '') yield waiting;
      waiting = '';
    }
  }
  try {
    await pipeline(answers, output, { end: false });
  } catch (error) {
    // A reader that has enough closes its end, as `head` does.
    const isUnread = error instanceof Error && 'code' in error && error.code === 'EPIPE';
    if (!signal.aborted && !isUnread) throw error;
  }
}

// The lines that each chunk completes. Only \n ends a line: the other line ends of Unicode may stand in JSON text.
async function* linesOf(input: Readable): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let begun = '';
  for await (const chunk of input) {
    const lines = decoder.decode(chunk as Uint8Array, { stream: true }).split('\n');
    if (begun.length < MAX_LINE) begun += lines[0];
    if (lines.length === 1) continue;
    lines[0] = begun;
    begun = lines.pop()!;
    yield lines;
  }
  begun += decoder.decode();
  if (begun !== '') yield [begun];
}
