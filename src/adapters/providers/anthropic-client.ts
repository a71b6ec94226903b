// The Anthropic SDK as this adapter uses it, and what its failures mean. Nothing it sends comes from the environment,
// nothing is sent twice by itself, and nothing goes to another address than the configured one.
import type { Anthropic } from '@anthropic-ai/sdk';
import {
  type CallFate,
  callFateOf,
  createdNothing,
  createTelling,
  fieldOf,
  statusOf,
  type Telling,
  wasNeverSent,
} from '../provider-errors.ts';
import { createSealedFetch, type OutgoingCall, type Repeats } from '../provider-http.ts';
import { type AnthropicOptions, LIVE } from './anthropic-live.ts';

/** What the parts of the adapter share. */
export interface AnthropicClient {
  /** Loads the SDK at the first call. */
  open(): Promise<Anthropic>;
  readonly repeats: Repeats;
  readonly telling: Telling;
  /** A results address, absolute or null, as one that stays at the configured service. */
  resultsAddress(resultsUrl: string | null | undefined, batch: string): string;
}

/** The header that names a single call, for the service's support and for the simulator. */
export const CALL_HEADER = 'x-client-request-id';

/** A client for one account. Throws when the key or a header cannot be sent. */
export function createAnthropicClient(options: AnthropicOptions): AnthropicClient {
  const apiKey = options.apiKey.trim();
  if (apiKey === '') throw new Error('the provider was made without an API key');
  if (!/^[\u0021-\u007e]+$/.test(apiKey)) {
    throw new Error('the API key holds characters that cannot be sent; was it copied whole?');
  }
  const baseUrl = (options.baseUrl ?? LIVE.baseUrl).replace(/\/+$/, '').replace(/\/v1$/, '');
  const extra = sendable(options.headers ?? {});
  let opened: Promise<Anthropic> | null = null;

  function headersFor(call: OutgoingCall): Readonly<Record<string, string>> {
    const single = call.method === 'POST' && call.url.pathname.endsWith('/messages');
    const id = single ? call.headers.get(CALL_HEADER) : null;
    const headers = new Headers({
      accept: call.url.pathname.endsWith('/results') ? 'application/binary' : 'application/json',
      'anthropic-version': LIVE.version,
      authorization: `Bearer ${apiKey}`,
      'user-agent': 'octobatch-action',
      ...(call.body === null ? {} : { 'content-type': 'application/json' }),
      ...(id === null ? {} : { [CALL_HEADER]: id }),
    });
    for (const [name, value] of extra) headers.set(name, value);
    return Object.fromEntries(headers);
  }

  return {
    open() {
      opened ??= import('@anthropic-ai/sdk').then(
        ({ Anthropic: Client }) =>
          new Client({
            apiKey,
            authToken: null,
            webhookKey: null,
            baseURL: baseUrl,
            logLevel: 'off',
            openTelemetry: false,
            maxRetries: 0,
            timeout: LIVE.timeoutMs,
            fetch: createSealedFetch(headersFor, options.fetch),
          }),
      );
      return opened;
    },
    repeats: { tries: LIVE.reads, backoffMs: options.backoffMs ?? LIVE.backoffMs },
    telling: createTelling([apiKey, ...extra.values()]),
    resultsAddress(resultsUrl, batch) {
      const own = `/v1/messages/batches/${encodeURIComponent(batch)}/results`;
      if (typeof resultsUrl !== 'string' || !URL.canParse(resultsUrl)) return own;
      // The key goes to the configured address only; a gateway may pass the service's own address through.
      return new URL(resultsUrl).origin === new URL(baseUrl).origin ? resultsUrl : own;
    },
  };
}

function sendable(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers);
  } catch {
    throw new Error('a configured header cannot be sent: its name or value is not allowed');
  }
}

/** What a create that failed certainly means; null leaves doubt. */
export type CreateFate = 'later' | 'queue_full' | 'blocked' | 'rejected' | null;

/** The fate of a create by its failure. */
export function createFateOf(error: unknown): CreateFate {
  const status = statusOf(error);
  if (isBlocked(error)) return 'blocked';
  if (wasNeverSent(error)) return 'later';
  if (status === 529 && fieldOf(error, 'type') === 'overloaded_error') return 'later';
  if (!createdNothing(status)) return null;
  if (status === 429) return LIVE.queueWords.test(wordsOf(error)) ? 'queue_full' : 'later';
  return callFateOf(status) === 'blocked' ? 'blocked' : 'rejected';
}

/** The fate of a single call by its failure. */
export function singleFateOf(error: unknown): CallFate {
  if (wasNeverSent(error)) return 'later';
  return isBlocked(error) ? 'blocked' : callFateOf(statusOf(error));
}

/** Whether the service does not know the thing asked for, as it says it itself. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404 && fieldOf(error, 'type') === 'not_found_error';
}

function isBlocked(error: unknown): boolean {
  const status = statusOf(error);
  if (status === null || status < 400 || status >= 500) return false;
  return (
    LIVE.blockedCodes.includes(fieldOf(error, 'errorCode')) ||
    LIVE.blockedTypes.includes(fieldOf(error, 'type')) ||
    LIVE.blockedWords.test(wordsOf(error))
  );
}

/** The service's own words. */
function wordsOf(error: unknown): string {
  const said = fieldOf(error, 'apiMessage');
  return typeof said === 'string' ? said.slice(0, 1000) : '';
}

/**
 * The SDK's error with the service's words as its message, the kind of error first: the SDK's own message is the whole
 * body.
 */
export function plainError(error: unknown): Error {
  const status = statusOf(error);
  const said = fieldOf(error, 'apiMessage');
  if (status !== null && status < 400) {
    return new Error('the service redirects to another address; correct its base URL');
  }
  if (status === null || typeof said !== 'string')
    return error instanceof Error ? error : new Error(String(error));
  const kind = fieldOf(error, 'errorCode') ?? fieldOf(error, 'type') ?? status;
  return new Error(`${kind}: ${said}`);
}
