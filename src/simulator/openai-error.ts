// Every no in OpenAI's shape: status, type and code. It does not decide that there is one.
import type { ErrorAnswer, Refusal, RefusalKind } from './protocol.ts';

/** Status, type and code of each no. */
const ERRORS: Readonly<Record<RefusalKind, readonly [number, string, string | null]>> = {
  invalid: [400, 'invalid_request_error', null],
  unauthorized: [401, 'invalid_request_error', 'invalid_api_key'],
  forbidden: [403, 'invalid_request_error', null],
  not_found: [404, 'invalid_request_error', null],
  conflict: [409, 'invalid_request_error', null],
  too_large: [413, 'invalid_request_error', null],
  rate_limit: [429, 'rate_limit_error', 'rate_limit_exceeded'],
  queue_full: [429, 'rate_limit_error', 'token_limit_exceeded'],
  spend_limit: [429, 'insufficient_quota', 'insufficient_quota'],
  overloaded: [503, 'server_error', null],
  failed: [500, 'server_error', null],
};

/** An error in OpenAI's shape. A status that a test asked for comes with the code it asked for, or none. */
export function openAiError(refusal: Refusal): ErrorAnswer {
  const [status, type, usual] = ERRORS[refusal.kind];
  const code = refusal.code ?? (refusal.status === null ? usual : null);
  const wait = refusal.retryAfterMs;
  return {
    status: refusal.status ?? status,
    headers:
      wait === null ? {} : { 'retry-after': String(Math.ceil(wait / 1000)), 'retry-after-ms': String(wait) },
    body: { error: { message: refusal.message, type, param: null, code } },
  };
}
