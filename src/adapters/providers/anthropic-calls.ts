// Single messages behind the realtime port, answered while one waits. A call is made once: whoever asks decides whether
// it is worth paying for again.
import type { CallResult, ModelRequest, RealtimeProvider } from '../../ports/provider.ts';
import { createPacer, type Pacer } from '../pacing.ts';
import { headersOf, retryAfterOf } from '../provider-errors.ts';
import { type AnthropicClient, CALL_HEADER, plainError, singleFateOf } from './anthropic-client.ts';
import { type AnthropicOptions, LIVE } from './anthropic-live.ts';
import { messageParams, readMessage, refusedCall } from './anthropic-wire.ts';

/** The single calls of one account. */
export function createAnthropicCalls(
  client: AnthropicClient,
  options: AnthropicOptions,
  pacer: Pacer = createPacer(),
): RealtimeProvider {
  const timeoutMs = options.callTimeoutMs ?? LIVE.callTimeoutMs;

  async function ask(request: ModelRequest, signal: AbortSignal): Promise<CallResult> {
    const api = await client.open();
    await pacer.ready(signal);
    if (signal.aborted) return { kind: 'later', why: 'stopped before the call was sent', retryAfterMs: null };
    // One end for both the caller's signal and the time limit, also while the answer's body is read.
    const ending = new AbortController();
    const end = () => ending.abort();
    signal.addEventListener('abort', end);
    const timer = setTimeout(end, timeoutMs);
    try {
      const { data, response } = await api
        .post<unknown>('/v1/messages', {
          body: messageParams(request),
          headers: { [CALL_HEADER]: request.customId },
          maxRetries: 0,
          signal: ending.signal,
          timeout: timeoutMs,
        })
        .withResponse();
      note(pacer, response.headers);
      return { kind: 'answered', answer: readMessage(request.customId, data) };
    } catch (error) {
      if (signal.aborted) return { kind: 'unanswered', why: 'stopped while the call was under way' };
      if (ending.signal.aborted) {
        return { kind: 'unanswered', why: `no answer within ${timeoutMs / 1000} seconds` };
      }
      return failed(request, error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  function failed(request: ModelRequest, error: unknown): CallResult {
    const headers = headersOf(error);
    if (headers !== null) note(pacer, headers);
    const privates = [request.prompt, ...(request.system === null ? [] : [request.system])];
    const why = client.telling.tell(plainError(error), privates);
    const fate = singleFateOf(error);
    switch (fate) {
      case 'later': {
        const retryAfterMs = retryAfterOf(headers);
        if (retryAfterMs !== null) pacer.hold(Date.now() + retryAfterMs);
        return { kind: 'later', why, retryAfterMs };
      }
      case 'blocked':
      case 'unanswered':
        return { kind: fate, why };
      case 'rejected':
        return { kind: 'answered', answer: refusedCall(request.customId, why) };
      default:
        return fate satisfies never;
    }
  }

  return {
    name: options.name ?? 'anthropic',
    concurrency: options.concurrency ?? LIVE.concurrency,
    ask,
  };
}

/** Takes note of what the headers say is left, and when it is full again. */
function note(pacer: Pacer, headers: Headers): void {
  for (const limit of LIVE.rateLimits) {
    const remaining = headers.get(`anthropic-ratelimit-${limit}-remaining`);
    const reset = headers.get(`anthropic-ratelimit-${limit}-reset`);
    if (remaining !== null && reset !== null) pacer.note(limit, Number(remaining), Date.parse(reset));
  }
}
