// Everything the Gemini adapter assumes about the live service, in one place, and how the adapter is set up. None of
// it was verified against the service: correct it here.
import type { ProviderLimits } from '../../ports/provider.ts';

/** How to reach the service. */
export interface GeminiOptions {
  /** The provider's name in journals and reports; `gemini` when absent. */
  readonly name?: string;
  readonly apiKey: string;
  /** Where the key comes from, for advice; `GEMINI_API_KEY` when absent. */
  readonly keyName?: string;
  /** Without its `/v1beta`; null: Google itself. */
  readonly baseUrl: string | null;
  /** Sent with every call, e.g. for a gateway. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits?: Partial<ProviderLimits>;
  /** Single calls under way at once. */
  readonly concurrency?: number;
  readonly fetch?: typeof fetch;
  /** First pause before a read is repeated, doubled each time, in milliseconds. */
  readonly backoffMs?: number;
  /** How long after its creation a batch may be missing from the list though it exists, in milliseconds. */
  readonly lateVisibilityMs?: number;
  /** How long a single call may take, in milliseconds. */
  readonly callTimeoutMs?: number;
}

/**
 * Batches:
 * - Batches are documented for `v1beta` only. A file may have 2 GB; ours stay smaller because they are held in memory.
 * - The order of the list of batches is not relied on: all of it is read, and `pages` is the end of patience. A new
 *   batch shows up in it within a minute.
 * - 3xx and 4xx (but 408, 409) on a create say for certain that nothing was created; anything else leaves doubt.
 * - A file uploaded a moment ago is refused with a 404 that does not speak of a model, a 403 "... or it may not exist",
 *   or a 400 that speaks of the file's state; a batch just created may be a 404 for some seconds. Uploads are gone after
 *   48 hours by themselves.
 * - States are written `BATCH_STATE_*` or `JOB_STATE_*`. A SUCCEEDED batch may hold failed rows. One that EXPIRED, after
 *   48 hours, has no results; one that was CANCELLED may have some. There is no state between a cancel and its effect.
 * - A FAILED batch with RESOURCE_EXHAUSTED (8) and no successful request never ran: the queue was full, or the money
 *   was used up when its message says so. A row whose message says so tells nothing about its request.
 * - The output file does not change: a broken download goes on by its line. It is served from the configured address,
 *   without a redirect to another one.
 *
 * Rows and answers:
 * - A row's `error` carries a code of google.rpc (1 to 16) or an HTTP status; requests that end so are not billed.
 * - `refusals` say that the model, or a filter before or behind it, declined; what was read is billed.
 * - `CONTINUATION` ends a long answer that the service would go on with in a further call; we make none.
 * - What a JSON Schema says beyond the subset the service knows is ignored by it; answers are validated here anyway.
 * - `promptTokenCount` includes cached content; `candidatesTokenCount` does not include thoughts.
 *
 * Errors:
 * - A 429 names the quota that is used up in `QuotaFailure` and when to come again in `RetryInfo`. Its message speaks of
 *   "plan and billing" whatever the quota is, so that says nothing.
 * - A quota whose id says `PerDay`, or that is zero, is used up for good as far as a run is concerned. Spent money and
 *   caps have no quota id: only the message tells them.
 * - A create refused for the queue (100 open batches, enqueued tokens of the model) names a batch quota, or says nothing
 *   but 429: no violation and no time to come again.
 * - A key that is not valid is a 400 with the reason `API_KEY_INVALID`; a country or plan that is not served is a 400
 *   `FAILED_PRECONDITION`. Neither says anything about the request.
 * - A single call is fated by its status as `callFateOf` says. Node's fetch gives up after 5 minutes without headers, so
 *   a longer limit would not be kept. There are no rate-limit headers.
 */
export const LIVE = {
  baseUrl: 'https://generativelanguage.googleapis.com',
  version: 'v1beta',
  limits: { maxRequests: 50_000, maxBytes: 500 * 1024 * 1024 },
  concurrency: 8,
  mimeType: 'application/jsonl',
  reads: 5,
  backoffMs: 500,
  timeoutMs: 10 * 60_000,
  callTimeoutMs: 290_000,
  healthTimeoutMs: 30_000,
  pageSize: 100,
  pages: 1000,
  lateVisibilityMs: 60_000,

  refusals: [
    'SAFETY',
    'RECITATION',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'LANGUAGE',
    'IMAGE_SAFETY',
    'IMAGE_PROHIBITED_CONTENT',
    'IMAGE_RECITATION',
  ] as readonly string[],
  unfinished: ['MAX_TOKENS', 'CONTINUATION'] as readonly string[],
  canceledCodes: [1, 499] as readonly number[],
  /** INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION, OUT_OF_RANGE, UNIMPLEMENTED. */
  rejectedCodes: [3, 5, 7, 9, 11, 12] as readonly number[],
  /** HTTP statuses that speak about the moment, not about the request. */
  passingStatuses: [408, 409, 429] as readonly number[],

  codeWords: {
    1: 'CANCELLED',
    3: 'INVALID_ARGUMENT',
    4: 'DEADLINE_EXCEEDED',
    5: 'NOT_FOUND',
    7: 'PERMISSION_DENIED',
    8: 'RESOURCE_EXHAUSTED',
    9: 'FAILED_PRECONDITION',
    13: 'INTERNAL',
    14: 'UNAVAILABLE',
  } as Readonly<Record<number, string>>,
  exhausted: ['RESOURCE_EXHAUSTED', 8, 429] as readonly unknown[],
  keyReasons: [
    'API_KEY_INVALID',
    'API_KEY_EXPIRED',
    'API_KEY_SERVICE_BLOCKED',
    'CONSUMER_INVALID',
  ] as readonly string[],
  keyWords: /api key (?:not (?:valid|found)|expired)/i,
  accountWords: /location is not supported|free tier is not available|enable billing/i,
  spentWords:
    /credits? (?:(?:is|are|was|were|have been) )?(?:depleted|exhausted|used up)|prepa(?:id|yment)|spend(?:ing)?[ -](?:cap|limit)|billing account/i,
  dailyQuota: /PerDay/i,
  minuteQuota: /PerMinute/i,
  queueQuota: /batch|enqueued|concurrent/i,
  modelWords: /\bmodels?\b/i,
  missingFileWords: /\bfile\b.*(?:not found|not exist|not in an active|\bstate\b)/i,
} as const;
