// The one client of Google's SDK all parts of the adapter share, and the two reads the SDK cannot do. Nothing in the
// environment has a say in what it sends or where: the SDK's build for browsers, which reads none, is the one used.
import type { GoogleGenAI } from '@google/genai/web';
import { createTelling, isPassing, statusOf, type Telling } from '../provider-errors.ts';
import { createSealedFetch, type OutgoingCall, type Repeats, sendableHeaders } from '../provider-http.ts';
import { GeminiError } from './gemini-errors.ts';
import { type GeminiOptions, LIVE } from './gemini-live.ts';

/** Carries a single call's custom id. */
export const CALL_HEADER = 'x-client-request-id';

/** Longest error body that is read, in bytes. */
const MAX_ERROR_BYTES = 64 * 1024;

/** The SDK, opened when it is first needed, and what it leaves out. Errors are `GeminiError`, or had no answer. */
export interface GeminiClient extends Telling {
  readonly repeats: Repeats;
  open(): Promise<GoogleGenAI>;
  /** A batch as the service describes it: the SDK drops why it failed and its counts. */
  describe(name: string): Promise<unknown>;
  /** A file's content, as it comes: the SDK's download writes to a path. */
  download(name: string): Promise<Response>;
}

/** The service as configured. Throws when the key, the address or a header cannot be sent. */
export function createGeminiClient(options: GeminiOptions): GeminiClient {
  const apiKey = options.apiKey.trim();
  if (apiKey === '') throw new Error('the provider was made without an API key');
  if (!/^[\u0021-\u007e]+$/.test(apiKey)) {
    throw new Error('the API key holds characters that cannot be sent; was it copied whole?');
  }
  const baseUrl = (options.baseUrl ?? LIVE.baseUrl)
    .replace(/\/+$/, '')
    .replace(new RegExp(`/${LIVE.version}$`), '');
  if (!URL.canParse(baseUrl)) throw new Error(`the base URL ${JSON.stringify(baseUrl)} is not an address`);
  const extra = sendableHeaders(options.headers ?? {});
  const sealed = createSealedFetch(
    (call) => ({ ...sent(call), ...extra, 'x-goog-api-key': apiKey }),
    options.fetch,
  );

  /** Sends to the configured address only, within a time, and throws what is not 2xx with all it says. */
  async function send(input: Parameters<typeof fetch>[0], init: RequestInit = {}): Promise<Response> {
    const url = new URL(String(input));
    if (url.origin !== new URL(baseUrl).origin) {
      throw new Error(`the service names another address, ${url.host}, and the key does not go there`);
    }
    const response = await sealed(url.href, { ...init, signal: withinTime(url, init.signal ?? null) });
    if (response.ok) return response;
    throw new GeminiError(response.status, response.headers, await beginningOf(response));
  }

  const addressOf = (name: string) => {
    if (!/^(?:batches|files)\/[A-Za-z0-9_-]+$/.test(name)) {
      throw new Error(`${JSON.stringify(name)} is not a name of the service`);
    }
    return `${baseUrl}/${LIVE.version}/${name}`;
  };

  let opened: Promise<GoogleGenAI> | null = null;
  return {
    ...createTelling([apiKey, ...Object.values(extra)]),
    repeats: { tries: LIVE.reads, backoffMs: options.backoffMs ?? LIVE.backoffMs },
    open() {
      opened ??= import('@google/genai/web').then(
        ({ GoogleGenAI: Client }) =>
          // No retries: the SDK makes none unless told to.
          new Client({
            apiKey,
            vertexai: false,
            httpOptions: { baseUrl, apiVersion: LIVE.version, fetch: send },
          }),
      );
      return opened;
    },
    async describe(name) {
      return await (await send(addressOf(name))).json();
    },
    async download(name) {
      return await send(`${addressOf(name)}:download?alt=media`);
    },
  };
}

/** Of what the SDK wants to send, what belongs to the protocol. */
function sent(call: OutgoingCall): Record<string, string> {
  const kept = [...call.headers].filter(
    ([name]) => name.startsWith('x-goog-upload-') || name === CALL_HEADER || name === 'content-type',
  );
  return { 'user-agent': 'octobatch-action', ...Object.fromEntries(call.body === null ? [] : kept) };
}

/** Content may take as long as it comes; everything else has an end. */
function withinTime(url: URL, signal: AbortSignal | null): AbortSignal | null {
  if (url.pathname.endsWith(':download')) return signal;
  const limit = AbortSignal.timeout(LIVE.timeoutMs);
  return signal === null ? limit : AbortSignal.any([signal, limit]);
}

/** Of the body of an error, what is worth reading. A body that breaks off says nothing more. */
async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > MAX_ERROR_BYTES) break;
    }
  } catch {
    // The status stands all the same.
  }
  return text;
}

/** Whether that is how the service names batches. */
export function isBatchName(name: string): boolean {
  return /^batches\/[A-Za-z0-9_-]+$/.test(name);
}

/** Whether a model's name can be part of an address, as the SDK puts it there. */
export function isModelName(model: string): boolean {
  return /^(?:models\/|tunedModels\/)?[A-Za-z0-9][A-Za-z0-9._-]*$/.test(model) && !model.includes('..');
}

/** Whether a read that failed so may work a moment later. */
export function isPassingError(error: unknown): boolean {
  return isPassing(statusOf(error));
}

/** The same, of a thing that was made a moment ago. */
export function isPassingOrUnknown(error: unknown): boolean {
  return isPassingError(error) || statusOf(error) === 404;
}
