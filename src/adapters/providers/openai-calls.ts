// Single calls to OpenAI, answered while one waits. It never repeats one: whether that may be done is the engine's
// business, and an unanswered call may have been paid for.
import type { OpenAI } from 'openai';
import { parsePlainJson } from '../../expression/plain-json.ts';
import type { Answer, CallResult, ModelRequest, RealtimeProvider } from '../../ports/provider.ts';
import { createPacer } from '../pacing.ts';
import { callFateOf, fieldOf, headersOf, retryAfterOf, statusOf, wasNeverSent } from '../provider-errors.ts';
import { codeOf, isBlocked, type OpenAiOptions, type Service, sayBlocked } from './openai-client.ts';
import { objectOf } from './openai-json.ts';
import { LIVE } from './openai-live.ts';
import { readBody, readHttpError, requestBody } from './openai-wire.ts';

/** The calls of a service. */
export function createCalls(service: Service, options: OpenAiOptions): RealtimeProvider {
  const pacer = createPacer();
  const timeoutMs = options.callTimeoutMs ?? LIVE.callTimeoutMs;

  async function send(request: ModelRequest, signal: AbortSignal): Promise<Response> {
    const api = await service.open();
    const body = requestBody(service.api, request);
    const call = {
      headers: { [LIVE.callIdHeader]: request.customId },
      signal,
      timeout: timeoutMs,
      maxRetries: 0,
    };
    // Asked for as it came: a body that is not whole, or is no JSON, is ours to judge.
    return service.api === 'chat'
      ? await api.chat.completions
          .create(body as OpenAI.ChatCompletionCreateParamsNonStreaming, call)
          .asResponse()
      : await api.responses
          .create(body as OpenAI.Responses.ResponseCreateParamsNonStreaming, call)
          .asResponse();
  }

  async function ask(request: ModelRequest, signal: AbortSignal): Promise<CallResult> {
    await pacer.ready(signal);
    if (signal.aborted) return { kind: 'later', why: 'stopped before the call was sent', retryAfterMs: null };
    // The SDK's own limit ends with the head of the answer; this one covers the body too.
    const late = AbortSignal.timeout(timeoutMs);
    try {
      const response = await send(request, AbortSignal.any([signal, late]));
      noteLimits(response.headers);
      return { kind: 'answered', answer: guarded(read(request, await response.text()), request) };
    } catch (error) {
      const headers = headersOf(error);
      if (headers !== null) noteLimits(headers);
      if (signal.aborted) return { kind: 'unanswered', why: 'stopped while the call was under way' };
      if (late.aborted) return { kind: 'unanswered', why: `no answer within ${timeoutMs / 1000} seconds` };
      return resultOf(error, request);
    }
  }

  function resultOf(error: unknown, request: ModelRequest): CallResult {
    const privates = privatesOf(request);
    const why = service.tell(error, privates);
    const retryAfterMs = retryAfterOf(headersOf(error));
    if (wasNeverSent(error)) return { kind: 'later', why, retryAfterMs };
    const status = statusOf(error);
    if (status !== null && isBlocked(error)) {
      return { kind: 'blocked', why: sayBlocked(service, error, privates) };
    }
    const fate = callFateOf(status);
    switch (fate) {
      case 'later':
        if (retryAfterMs !== null) pacer.hold(Date.now() + retryAfterMs);
        return { kind: 'later', why, retryAfterMs };
      case 'blocked':
        return { kind: 'blocked', why };
      case 'unanswered':
        return { kind: 'unanswered', why };
      case 'rejected': {
        const body = { error: objectOf(fieldOf(error, 'error')) ?? { message: why, code: codeOf(error) } };
        return { kind: 'answered', answer: guarded(readHttpError(request.customId, status, body), request) };
      }
      default:
        return fate satisfies never;
    }
  }

  function read(request: ModelRequest, text: string): Answer {
    let body: unknown = null;
    try {
      body = parsePlainJson(text);
    } catch {
      const message = 'the answer is not JSON';
      const { customId } = request;
      return { kind: 'error', customId, failure: 'transport', message, raw: text, billed: 'unknown' };
    }
    return readBody(service.api, request.customId, objectOf(body));
  }

  /** A failure's words, short, without keys and without the prompt. */
  function guarded(answer: Answer, request: ModelRequest): Answer {
    if (answer.kind !== 'error') return answer;
    const message = service.tell(answer.message, privatesOf(request));
    return { ...answer, message, raw: service.mask(answer.raw) };
  }

  function noteLimits(headers: Headers): void {
    for (const limit of ['requests', 'tokens']) {
      const remaining = headers.get(`x-ratelimit-remaining-${limit}`);
      const resetMs = durationOf(headers.get(`x-ratelimit-reset-${limit}`));
      if (remaining === null || resetMs === null) continue;
      pacer.note(limit, Number(remaining), Date.now() + resetMs);
    }
  }

  return {
    name: options.name ?? 'openai',
    concurrency: options.concurrency ?? LIVE.concurrency,
    ask,
  };
}

function privatesOf(request: ModelRequest): string[] {
  return [request.prompt, ...(request.system === null ? [] : [request.system])];
}

/** `6m0s`, `1.5s`, `20ms`, `1h2m`, or plain seconds, in milliseconds; null when it is none. */
export function durationOf(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000;
  const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(text);
  if (parts === null || text === '') return null;
  const [days, hours, minutes, seconds, ms] = parts.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + ms;
}
