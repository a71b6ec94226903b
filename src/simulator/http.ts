// The few HTTP words the simulator's protocols share.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A request on its way through the simulator. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

const MAX_JSON_BYTES = 1024 * 1024;

/** The request's body as JSON, or undefined when it is not JSON or too long. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    if ((bytes += chunk.length) > MAX_JSON_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Answers with a stream, at the reader's pace. The connection is cut when the stream fails. */
export async function sendStream(
  response: ServerResponse,
  contentType: string,
  chunks: AsyncIterable<Uint8Array | string>,
): Promise<void> {
  response.writeHead(200, { 'content-type': contentType });
  await pipeline(Readable.from(chunks), response);
}
