// Everything the Anthropic adapter assumes about the live service, in one place, and how the adapter is set up. None of
// it was verified against the service: correct it here.
import type { ProviderLimits } from '../../ports/provider.ts';

/** How to reach the service. */
export interface AnthropicOptions {
  /** The provider's name in journals and reports; `anthropic` when absent. */
  readonly name?: string;
  readonly apiKey: string;
  /** Where the key comes from, for advice; `ANTHROPIC_API_KEY` when absent. */
  readonly keyName?: string;
  /** Without its `/v1` (one that is there is dropped); null: Anthropic itself. */
  readonly baseUrl: string | null;
  /** Sent with every call, over our own, e.g. for a gateway. */
  readonly headers?: Readonly<Record<string, string>>;
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

/**
 * - The API version is the one the SDK's types are made for. It knows no `temperature`: one that is given is sent all
 *   the same, and a service that refuses it answers those requests with `invalid_request_error`, so they fail as
 *   rejected and say why; nothing is billed for them.
 * - The key travels as a bearer token, as the SDK of this version sends it.
 * - "256 MB" is taken as decimal, and leaves room for the frame around the requests.
 * - A create carries all requests, so it takes as long as an upload. Its time limit is shorter than a claim, so that
 *   nobody who takes over looks for the batch before it can be there.
 * - The list shows the newest batch first and a new one within a minute; `created_at` is the service's clock, which may
 *   differ from ours by hours: a laptop may be wrong, and the machine that created may be another than the one that
 *   looks. A batch may be created until its claim is over, so that long after the window's end.
 * - A batch has no name. It is known by its rows' custom ids, which begin with 8 hex of the batch key, and those are
 *   readable only when it has ended. Two batches of one account, created within hours of each other with the same number of
 *   requests and with keys that begin with the same 8 hex (1 in 4 billion), would be taken for one another.
 * - While a batch runs, `request_counts.processing` counts all its requests; at the end the sum of all counts does. A
 *   sum of 0 says nothing: the counts may not be there yet.
 * - The results of an ended batch may be gone (404, 410) or without rows: then nobody can tell whose batch it was.
 * - The results do not change, nor does their order, once a batch has ended: a broken download goes on by its line.
 * - 3xx and 4xx (but 408, 409) on a create say for certain that nothing was created, and so does a 529 that says
 *   `overloaded_error`; anything else leaves doubt.
 * - `blockedCodes` and `blockedTypes` say that the account may not go on. Two refusals are known by their words only:
 *   an empty balance and a limit the owner has set come as 400 `invalid_request_error`.
 * - A 429 of a create that speaks of the queue, or of batch requests, means the limit of requests in processing.
 * - A single call is fated by its status as `callFateOf` says. Node's fetch gives up after 5 minutes without headers, so
 *   an answer that takes longer ends `unanswered`.
 * - `anthropic-ratelimit-*` headers tell what is left of each limit, and when it is full again, as a date.
 * - Structured output wants every object closed, knows these formats, `minItems` 0 and 1, no recursion, and no bounds on
 *   numbers or lengths; another schema is a rejected request.
 */
export const LIVE = {
  baseUrl: 'https://api.anthropic.com',
  version: '2026-10-21',
  limits: { maxRequests: 100_000, maxBytes: 255_000_000 },
  concurrency: 8,
  reads: 5,
  backoffMs: 500,
  timeoutMs: 10 * 60_000,
  callTimeoutMs: 10 * 60_000,
  healthTimeoutMs: 30_000,
  pageSize: 100,
  clockMarginMs: 12 * 3_600_000,
  creationMs: 60 * 60_000,
  lateVisibilityMs: 60_000,
  /** Rows of an ended batch that are looked at to know whose it is. */
  identityRows: 20,
  blockedCodes: [
    'enforced_spend_limit_reached',
    'contract_spend_limit_reached',
    'linked_organization_spend_limit_reached',
    'linked_organization_billing_unavailable',
    'organization_on_hold',
    'cmek_key_disabled',
    'claude_code_key_creator_not_member',
  ] as readonly unknown[],
  blockedTypes: ['authentication_error', 'permission_error', 'billing_error'] as readonly unknown[],
  blockedWords: /credit balance is too low|reached your specified .{0,30}usage limits/i,
  queueWords: /\bqueue\b|batch requests/i,
  rateLimits: ['requests', 'tokens', 'input-tokens', 'output-tokens'],
  formats: [
    'date-time',
    'time',
    'date',
    'duration',
    'email',
    'hostname',
    'uri',
    'ipv4',
    'ipv6',
    'uuid',
  ] as readonly unknown[],
  maxSchemaDepth: 40,
} as const;
