// What is assumed about OpenAI's live service, and those that speak its protocol, and was not verified against them.
// Correct it here: no other file of this adapter knows better.

/**
 * - The list of batches shows the newest first; `created_at` is the service's clock, which may differ from ours by
 *   hours: a laptop may be wrong, and the machine that created may be another than the one that looks.
 * - A new batch shows up in the list within a minute.
 * - A file uploaded a moment ago, or a batch just created, may be unknown for a few seconds (400, 404).
 * - A completed batch may get its output file a few seconds later.
 * - 3xx and 4xx (but 408, 409) on a create say for certain that nothing was created; anything else leaves doubt.
 * - Spent codes (in `code` or `type`), 401, 402 and 403 say that the key or the account's money is at fault: waiting
 *   does not help.
 * - A full queue shows as its code in a batch that failed, or in a refused create; then nothing ran. So does spent
 *   money. In a row, a spent code or one of those statuses says nothing about the request, and nothing was billed.
 * - `DELETE /files/:id` drops an input file that no batch uses; a service that does not know it keeps the file.
 * - A row with an HTTP status of a failure was not billed; nor was one that expired or was cancelled. A row that is
 *   damaged, or whose answer cannot be used, may have been.
 * - Single calls: 500, 503 and 529 come before an answer exists and cost nothing; 408, 502, 504, 52x and a connection
 *   that breaks may hide an answer that was made and billed (see `callFateOf`).
 * - A call without an answer's head for five minutes is given up by Node's fetch, so a longer limit would not be kept.
 * - Rate limits: `x-ratelimit-remaining-{requests,tokens}`, and `x-ratelimit-reset-*` as a duration like `6m0s`, `20ms`.
 * - `/models/:id` answers 404 with `model_not_found` or a message about the model when it is not known; a key of
 *   limited scope may be refused there and work all the same. Azure's lists its models while requests name
 *   deployments, so a 404 of Azure says nothing.
 * - `endpoint` of a batch is the path at OpenAI itself, whatever the base URL (Groq, Azure's `/openai/v1`).
 * - `/v1/responses` refuses `max_output_tokens` below 16; a request with less comes back as rejected.
 */
export const LIVE = {
  baseUrl: 'https://api.openai.com/v1',
  userAgent: 'octobatch-action',
  completionWindow: '24h',
  limits: { maxRequests: 50_000, maxBytes: 200 * 1024 * 1024 },
  concurrency: 8,
  clockMarginMs: 12 * 3_600_000,
  lateVisibilityMs: 60_000,
  reads: 5,
  backoffMs: 500,
  /** Uploads and downloads. */
  transferTimeoutMs: 10 * 60_000,
  /** Everything small. */
  timeoutMs: 2 * 60_000,
  callTimeoutMs: 290_000,
  pageSize: 100,
  filePageSize: 1000,
  metadataKey: 'octobatch_batch',
  callIdHeader: 'x-client-request-id',
  spentCodes: [
    'insufficient_quota',
    'billing_hard_limit_reached',
    'billing_not_active',
    'account_deactivated',
  ] as readonly string[],
  queueFullCode: 'token_limit_exceeded',
  queueFullWords: /enqueued token limit/i,
  unknownFileWords: /find file|no such file|file.*not found/i,
  unknownModelCodes: ['model_not_found', 'model_not_available'] as readonly string[],
  unknownModelWords: /\bmodel\b.*(?:not (?:found|exist)|unknown)|(?:unknown|no such) model/i,
  scopeWords: /missing scopes?/i,
  azureHosts: /(?:^|\.)azure\.com$/i,
};
