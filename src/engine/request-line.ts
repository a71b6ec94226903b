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

/** The request as a provider is asked. */
export function toModelRequest(batch: string, head: RequestHead, line: RequestLine): ModelRequest {
  const { model, temperature, schema } = head;
  const { system, prompt, maxTokens = head.maxTokens } = line;
  return { customId: customId(batch, line.hash), model, system, prompt, maxTokens, temperature, schema };
}
