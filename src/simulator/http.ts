// The few HTTP words the simulator's protocols share.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parsePlainJson } from '../expression/plain-json.ts';
import type { CallMishaps } from './mishaps.ts';

/** A request on its way through the simulator. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Without the protocol's prefix, and without a slash at its end. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The address of the protocol's root: scheme, host, port and prefix, without a slash at its end. */
  readonly base: string;
  /** What goes wrong with it. */
  readonly mishaps: CallMishaps;
}

const MAX_JSON_BYTES = 16 * 1024 * 1024;

/** The request's body as JSON, or undefined when it is not JSON or longer than `maxBytes`. */
export async function readJson(request: IncomingMessage, maxBytes = MAX_JSON_BYTES): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    // What is too long is read all the same, and dropped: a client that is still sending hears no answer.
    if ((bytes += chunk.length) > maxBytes) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (bytes > maxBytes) return undefined;
  try {
    return parsePlainJson(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Reads a request to its end, for those that are answered whatever they say. */
export async function drain(request: IncomingMessage): Promise<void> {
  for await (const _ of request) {
    // A client that is still sending would see a broken connection instead of the status.
  }
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(response, status, JSON.stringify(body), headers);
}

/** Answers with text that should be JSON. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
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

/** Answers with a stored or computed file, at the reader's pace; `cut_download` applies. */
export async function sendContent(
  { response, mishaps }: Exchange,
  contentType: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const cut = mishaps.take('cut_download');
  await sendStream(response, contentType, cut === null ? chunks : cutAfter(chunks, cut.afterBytes));
}

async function* cutAfter(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of chunks) {
    if (chunk.length > left) {
      if (left > 0) yield chunk.subarray(0, left);
      break;
    }
    left -= chunk.length;
    yield chunk;
  }
  // A moment for what was sent to arrive: the client must see rows, then the cut.
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new Error('the connection is cut, as was asked for');
}
