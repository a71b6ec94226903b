// The one client of OpenAI's SDK all parts of the adapter share, and what its errors say. Nothing in the environment
// has a say in what it sends or where.
import type { OpenAI } from 'openai';
import type { ProviderLimits, SubmitResult } from '../../ports/provider.ts';
import {
  callFateOf,
  createdNothing,
  createTelling,
  fieldOf,
  headersOf,
  retryAfterOf,
  statusOf,
  type Telling,
  wasNeverSent,
} from '../provider-errors.ts';
import { createSealedFetch, type Repeats, sendableHeaders } from '../provider-http.ts';
import { LIVE } from './openai-live.ts';
import type { Api } from './openai-wire.ts';

/** How to reach the service. What is absent or null is as in `LIVE`. */
export interface OpenAiOptions {
  /** The provider's name in journals and reports; `openai` when absent. */
  readonly name?: string;
  readonly apiKey: string;
  /** Where the key comes from, for advice; `OPENAI_API_KEY` when absent. */
  readonly keyName?: string;
  /** With its `/v1`, as the SDK wants it; null: OpenAI itself. */
  readonly baseUrl: string | null;
  /** Sent with every request, e.g. `api-key` for Azure. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Which of the two ways to ask; `chat` when absent. */
  readonly api?: Api | null;
  readonly completionWindow?: string | null;
  readonly limits?: Partial<ProviderLimits>;
  /** Single calls under way at once. */
  readonly concurrency?: number | null;
  readonly fetch?: typeof fetch;
  /** First pause before a read is repeated, doubled each time, in milliseconds. */
  readonly backoffMs?: number;
  /** How long after its creation a batch may be missing from the list though it exists, in milliseconds. */
  readonly lateVisibilityMs?: number;
  /** How long a single call may take, in milliseconds. */
  readonly callTimeoutMs?: number;
}

/** The SDK, opened when it is first needed, and how its failures are told. */
export interface Service extends Telling {
  readonly api: Api;
  readonly repeats: Repeats;
  open(): Promise<OpenAI>;
}

/** The service as configured. Throws when the key or a header cannot be sent. */
export function createService(options: OpenAiOptions): Service {
  const apiKey = options.apiKey.trim();
  if (apiKey === '') throw new Error('the provider was made without an API key');
  if (!/^[\u0021-\u007e]+$/.test(apiKey)) {
    throw new Error('the API key holds characters that cannot be sent; was it copied whole?');
  }
  const extra = sendableHeaders(options.headers ?? {});
  const seal = createSealedFetch(
    ({ url, body, headers }) => ({
      accept: url.pathname.endsWith('/content') ? 'application/binary' : 'application/json',
      authorization: `Bearer ${apiKey}`,
      'user-agent': LIVE.userAgent,
      ...(isCall(url) ? { [LIVE.callIdHeader]: headers.get(LIVE.callIdHeader) ?? '' } : {}),
      ...extra,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    }),
    options.fetch,
  );
  let opened: Promise<OpenAI> | null = null;
  return {
    ...createTelling([apiKey, ...Object.values(extra)]),
    api: options.api ?? 'chat',
    repeats: { tries: LIVE.reads, backoffMs: options.backoffMs ?? LIVE.backoffMs },
    open() {
      // Everything the SDK would otherwise take from the environment is set here, its headers are ours (`seal`).
      opened ??= import('openai').then(
        ({ OpenAI: Client }) =>
          new Client({
            apiKey,
            adminAPIKey: null,
            baseURL: options.baseUrl ?? LIVE.baseUrl,
            organization: null,
            project: null,
            webhookSecret: null,
            logLevel: 'off',
            maxRetries: 0,
            timeout: LIVE.timeoutMs,
            fetch: seal,
          }),
      );
      return opened;
    },
  };
}

function isCall(url: URL): boolean {
  return /\/(?:chat\/completions|responses)$/.test(url.pathname);
}

/** The service's code for an error, or its type when that is the telling one. */
export function codeOf(error: unknown): string {
  const code = fieldOf(error, 'code');
  const type = fieldOf(error, 'type');
  if (typeof type === 'string' && LIVE.spentCodes.includes(type)) return type;
  return typeof code === 'string' ? code : '';
}

/** Whether the account's money or quota is used up, or the key is refused. */
export function isBlocked(error: unknown): boolean {
  const status = statusOf(error);
  return LIVE.spentCodes.includes(codeOf(error)) || (status !== null && callFateOf(status) === 'blocked');
}

/** An error in words, the telling code first. */
export function sayBlocked(service: Service, error: unknown, privates: readonly string[] = []): string {
  const status = statusOf(error);
  if (status !== null && status < 400) {
    return 'the service redirects to another address; correct its base URL';
  }
  const code = codeOf(error);
  return `${code === '' ? '' : `${code}: `}${service.tell(error, privates)}`;
}

/** What a definite no to an upload or a create says about the next try; null when it is not a definite no. */
export function refusalOf(service: Service, error: unknown): SubmitResult | null {
  const status = statusOf(error);
  const why = service.tell(error);
  const retryAfterMs = retryAfterOf(headersOf(error));
  if (wasNeverSent(error)) return { kind: 'later', why, retryAfterMs };
  if (!createdNothing(status)) return null;
  if (isBlocked(error)) return { kind: 'blocked', why: sayBlocked(service, error) };
  if (codeOf(error) === LIVE.queueFullCode || LIVE.queueFullWords.test(why)) {
    return { kind: 'queue_full', why, retryAfterMs };
  }
  if (status === 429) return { kind: 'later', why, retryAfterMs };
  if (status === 413)
    return { kind: 'rejected', why: `${why}: the batch file is too large, lower max_bytes` };
  return { kind: 'rejected', why };
}
