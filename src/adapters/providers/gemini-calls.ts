// Gemini's single calls behind the realtime port, answered while one waits. A call is made once: whoever asks decides
// whether it is worth paying for again.
import type { CallResult, ModelRequest, RealtimeProvider } from '../../ports/provider.ts';
import { createPacer, type Pacer } from '../pacing.ts';
import { type CallFate, callFateOf, statusOf, wasNeverSent } from '../provider-errors.ts';
import { CALL_HEADER, type GeminiClient, isModelName } from './gemini-client.ts';
import { comeAgainOf, GeminiError, isRefusedKey, quotaOf } from './gemini-errors.ts';
import { type GeminiOptions, LIVE } from './gemini-live.ts';
import { questionOf, readResponse } from './gemini-wire.ts';

/** The single calls of one account. */
export function createGeminiCalls(
  client: GeminiClient,
  options: GeminiOptions,
  pacer: Pacer = createPacer(),
): RealtimeProvider {
  async function ask(request: ModelRequest, signal: AbortSignal): Promise<CallResult> {
    if (!isModelName(request.model))
      return rejected(request, `no model can be called ${JSON.stringify(request.model)}`);
    const sdk = await client.open();
    await pacer.ready(signal);
    if (signal.aborted) return { kind: 'later', why: 'stopped before it was asked', retryAfterMs: 0 };
    // One end for both the caller's signal and the time limit, also while the answer's body is read.
    const ending = new AbortController();
    const end = () => ending.abort();
    signal.addEventListener('abort', end);
    const timer = setTimeout(end, options.callTimeoutMs ?? LIVE.callTimeoutMs);
    try {
      const { contents, systemInstruction, settings } = questionOf(request);
      const response = await sdk.models.generateContent({
        model: request.model,
        contents: [...contents],
        config: {
          ...settings,
          ...(systemInstruction === null ? {} : { systemInstruction }),
          // The SDK would make, and the account pay for, further calls on its own.
          automaticContinuation: false,
          abortSignal: ending.signal,
          httpOptions: { headers: { [CALL_HEADER]: request.customId } },
        },
      });
      return { kind: 'answered', answer: readResponse(request.customId, { ...response }) };
    } catch (error) {
      return failed(request, error, signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }

  function failed(request: ModelRequest, error: unknown, signal: AbortSignal): CallResult {
    const privates = [request.prompt, ...(request.system === null ? [] : [request.system])];
    const why = signal.aborted ? 'stopped while it was asked' : client.tell(error, privates);
    const fate = fateOf(error);
    switch (fate) {
      case 'later': {
        const retryAfterMs = comeAgainOf(error);
        if (retryAfterMs !== null) pacer.hold(Date.now() + retryAfterMs);
        return { kind: 'later', why, retryAfterMs };
      }
      case 'blocked':
      case 'unanswered':
        return { kind: fate, why };
      case 'rejected':
        return rejected(request, why);
      default:
        return fate satisfies never;
    }
  }

  return { name: options.name ?? 'gemini', concurrency: options.concurrency ?? LIVE.concurrency, ask };
}

/** The fate of a single call, or of another request that costs nothing, by its failure. */
export function fateOf(error: unknown): CallFate {
  if (wasNeverSent(error)) return 'later';
  if (isRefusedKey(error)) return 'blocked';
  if (error instanceof GeminiError && error.status === 429 && quotaOf(error, false) === 'spent')
    return 'blocked';
  return callFateOf(statusOf(error));
}

function rejected(request: ModelRequest, message: string): CallResult {
  const { customId } = request;
  const raw = JSON.stringify({ error: { message } });
  return {
    kind: 'answered',
    answer: { kind: 'error', customId, failure: 'rejected', message, raw, billed: 'no' },
  };
}
