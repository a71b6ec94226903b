// What the provider adapters do with HTTP below their SDKs: headers that nobody's environment can add to, reads that
// are repeated, bodies in lines. It repeats no call that creates something.
import { StringDecoder } from 'node:string_decoder';
import { isPassing, statusOf } from './provider-errors.ts';

/** A call as an SDK is about to make it. */
export interface OutgoingCall {
  readonly url: URL;
  readonly method: string;
  readonly body: unknown;
  /** What the SDK wants to send: also what it took from the environment. */
  readonly headers: Headers;
}

/**
 * A fetch that sends exactly the headers `headersFor` gives: SDKs read further ones from the environment. A redirect
 * is not followed but is an answer, so that no key and no prompt goes to another address than the configured one. Files
 * and forms are sent as they are read, and are never whole in memory; to them a redirect of any kind answers 307.
 */
export function createSealedFetch(
  headersFor: (call: OutgoingCall) => Readonly<Record<string, string>>,
  send: typeof fetch = fetch,
): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    // SDKs try out what fetch can do on a data: address.
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return await send(input, init);
    const body = init?.body instanceof FormData ? formBody(init.body) : (init?.body ?? null);
    const call: OutgoingCall = {
      url,
      method: (init?.method ?? 'GET').toUpperCase(),
      body,
      headers: new Headers(init?.headers),
    };
    const sealed = { ...init, body, headers: { ...headersFor(call) } };
    if (!(body instanceof Blob)) return await send(url.href, { ...sealed, redirect: 'manual' });
    try {
      // Unless a redirect is an error, fetch keeps all that it sends, to be able to send it once more.
      return await send(url.href, { ...sealed, redirect: 'error' });
    } catch (error) {
      if (isRedirect(error)) return new Response(null, { status: 307 });
      throw error;
    }
  };
}

/** A form as one body of known length. Left to itself, the fetch of Node 24 reads a form's files whole at once. */
function formBody(form: FormData): Blob {
  const boundary = `octobatch-${crypto.randomUUID()}`;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quotable(name)}"`;
    if (typeof value === 'string') parts.push(`${head}\r\n\r\n${value}\r\n`);
    else {
      const type = value.type === '' ? 'application/octet-stream' : value.type;
      parts.push(
        `${head}; filename="${quotable(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`,
        value,
        '\r\n',
      );
    }
  }
  return new Blob([...parts, `--${boundary}--\r\n`], { type: `multipart/form-data; boundary=${boundary}` });
}

/** As the standard for forms (HTML, multipart/form-data) writes names. */
function quotable(name: string): string {
  return name.replace(/["\r\n]/g, encodeURIComponent);
}

function isRedirect(error: unknown): boolean {
  return (
    error instanceof Error && error.cause instanceof Error && error.cause.message === 'unexpected redirect'
  );
}

/** How reads are repeated. */
export interface Repeats {
  /** Tries in all. */
  readonly tries: number;
  /** First pause, doubled each time, in milliseconds. */
  readonly backoffMs: number;
}

/** Repeats a read that failed in passing. Never for a create. */
export async function repeatRead<T>(
  repeats: Repeats,
  read: () => Promise<T>,
  again: (error: unknown) => boolean = (error) => isPassing(statusOf(error)),
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (attempt >= repeats.tries || !again(error)) throw error;
      // A part of it by chance: clients that failed together should not come back together.
      await pause(repeats.backoffMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2));
    }
  }
}

/** Resolves after `ms`. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const BYTE_ORDER_MARK = '\ufeff';

/** The lines of a body, without their ends; rejects when the body breaks off. */
export async function* linesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<string> {
  if (body === null) return;
  // Unlike TextDecoder it gives text of one byte a character where that is enough.
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  let pending: string[] = [];
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    const text = decoder.write(chunk);
    const pieces = (isFirst && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).split('\n');
    isFirst = false;
    for (const piece of pieces.slice(0, -1)) {
      yield pending.length === 0 ? piece : [...pending, piece].join('');
      pending = [];
    }
    const rest = pieces.at(-1);
    if (rest) pending.push(rest);
  }
  const last = pending.join('') + decoder.end();
  if (last !== '') yield last;
}

/** Headers with names in lower case. Throws an Error that names one that cannot be sent, and never its value. */
export function sendableHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      try {
        new Headers({ [name]: value });
      } catch {
        throw new Error(
          `the header ${JSON.stringify(name)} cannot be sent: its name or value is not allowed`,
        );
      }
      return [name.toLowerCase(), value];
    }),
  );
}

/** A JSON object as a service writes it. */
export type Json = Readonly<Record<string, unknown>>;

/** The object that a line of JSON holds; null when it holds none. */
export function parseObject(line: string): Json | null {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return null;
  }
}

/** The value when it is an object; null when it is not. */
export function objectOf(value: unknown): Json | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null;
}
