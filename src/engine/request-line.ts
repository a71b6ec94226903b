// The requests of a batch as lines of a blob: a head with what they share, then one line per request. The custom id is
// made when they are sent, for it contains the batch's key, which is known only once the batch is packed.
import type { ModelRequest } from '../ports/provider.ts';
import { customId } from './request-id.ts';

/** What all requests of a batch share. */
export interface RequestHead {
  readonly model: string;
  readonly maxTokens: number;
  readonly temperature: number | null;
  readonly schema: string | null;
}

/** One request: which unit and attempt it is for, its hash, and its texts. */
export interface RequestLine {
  readonly unit: number;
  readonly id: string;
  readonly attempt: number;
  readonly hash: string;
  readonly system: string | null;
  readonly prompt: string;
  /** Where it differs from the head's. */
  readonly maxTokens?: number;
  /** The most that one call of it, and one more attempt, can cost: picodollars as decimal integers. */
  readonly callBound: string;
  readonly retryBound: string;
}

/** The lines of a request blob, read back: the head first. */
export async function* readRequests(
  lines: AsyncIterable<string>,
): AsyncGenerator<{ head: RequestHead; line: RequestLine }> {
  let head: RequestHead | null = null;
  for await (const text of lines) {
    if (head === null) head = JSON.parse(text) as RequestHead;
    else yield { head, line: JSON.parse(text) as RequestLine };
  }
}

/** The same, as many at a time as are at hand. */
export async function* readRequestBunches(
  bunches: AsyncIterable<readonly string[]>,
): AsyncGenerator<{ readonly head: RequestHead; readonly lines: Iterable<RequestLine> }> {
  let head: RequestHead | null = null;
  for await (const bunch of bunches) {
    // A head with a long schema is more than one piece of the blob: the first of them has no whole line.
    if (bunch.length === 0) continue;
    const texts = head === null ? bunch.slice(1) : bunch;
    head ??= JSON.parse(bunch[0]!) as RequestHead;
    yield { head, lines: parsed(texts) };
  }
}

// One at a time: the lines of a bunch are as long as the prompts, and read they are longer.
function* parsed(texts: readonly string[]): Generator<RequestLine> {
  for (const text of texts) yield JSON.parse(text) as RequestLine;
}

/** The requests of a batch for who goes through its units in the order in which they were packed. */
export class OrderedRequests {
  private readonly source: AsyncGenerator<{ readonly lines: Iterable<RequestLine> }>;
  private lines: Iterator<RequestLine> = [][Symbol.iterator]();

  constructor(bunches: AsyncIterable<readonly string[]>) {
    this.source = readRequestBunches(bunches);
  }

  /** The next requests, which are those of these units; between them may be some that are passed over. */
  async take(
    units: readonly { readonly unit: number }[],
    isPassedOver: (line: RequestLine) => boolean = () => false,
  ): Promise<RequestLine[]> {
    const taken: RequestLine[] = [];
    for (const { unit } of units) {
      let line = this.atHand() ?? (await this.next());
      while (line.unit !== unit && isPassedOver(line)) line = this.atHand() ?? (await this.next());
      if (line.unit !== unit)
        throw new Error(`A batch has a request of unit ${line.unit} in the place of ${unit}.`);
      taken.push(line);
    }
    return taken;
  }

  /** The next request. */
  async next(): Promise<RequestLine> {
    for (;;) {
      const line = this.atHand();
      if (line !== null) return line;
      const bunch = await this.source.next();
      if (bunch.done === true) throw new Error('A batch has more units than requests.');
      this.lines = bunch.value.lines[Symbol.iterator]();
    }
  }

  private atHand(): RequestLine | null {
    const next = this.lines.next();
    return next.done === true ? null : next.value;
  }

  async close(): Promise<void> {
    await this.source.return(undefined);
  }
}

/** The request as a provider is asked. */
export function toModelRequest(batch: string, head: RequestHead, line: RequestLine): ModelRequest {
  const { model, temperature, schema } = head;
  const { system, prompt, maxTokens = head.maxTokens } = line;
  return { customId: customId(batch, line.hash), model, system, prompt, maxTokens, temperature, schema };
}
