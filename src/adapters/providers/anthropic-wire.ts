// The words of Anthropic's messages and message batches: our requests as theirs, their rows as answers. It sends nothing.
import type { Answer, ModelRequest, Usage } from '../../ports/provider.ts';
import { type Json, objectOf, parseObject } from '../provider-http.ts';
import { LIVE } from './anthropic-live.ts';
import { outputSchema } from './anthropic-schema.ts';

/** The parameters of one message. */
export function messageParams(request: ModelRequest): Json {
  const schema = request.schema === null ? null : outputSchemaOf(request.schema);
  return {
    model: request.model,
    max_tokens: request.maxTokens,
    messages: [{ role: 'user', content: request.prompt }],
    ...(request.system === null ? {} : { system: request.system }),
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(schema === null ? {} : { output_config: { format: { type: 'json_schema', schema } } }),
  };
}

/** One request of a batch, as JSON. */
export function batchRequest(request: ModelRequest): string {
  return JSON.stringify({ custom_id: request.customId, params: messageParams(request) });
}

/** All requests of a step share a schema, so the last one is kept: pure, and only faster. */
let lastSchema: { readonly text: string; readonly schema: Json | null } | null = null;

function outputSchemaOf(text: string): Json | null {
  if (lastSchema?.text !== text) lastSchema = { text, schema: outputSchema(text) };
  return lastSchema.schema;
}

/** The custom id of a row that may be damaged; null when there is none. */
export function customIdOf(line: string): string | null {
  const row = parseObject(line);
  if (row === null) return /"custom_id"\s*:\s*"([A-Za-z0-9_-]{1,64})"/.exec(line)?.[1] ?? null;
  return typeof row.custom_id === 'string' ? row.custom_id : null;
}

/** One row of a batch's results as an answer; null when it names no request. */
export function readRow(line: string): Answer | null {
  const customId = customIdOf(line);
  if (customId === null) return null;
  const result = objectOf(parseObject(line)?.result);
  switch (result?.type) {
    case 'succeeded':
      return readMessage(customId, result.message);
    case 'errored':
      return readError(customId, result.error);
    case 'expired':
      return notRun(customId, 'expired', 'the batch expired before the request was run');
    case 'canceled':
      return notRun(customId, 'canceled', 'the batch was cancelled before the request was run');
    default:
      return damaged(customId, 'the row is damaged, or of a kind this version does not know', line);
  }
}

/** A message as the answer to a request. */
export function readMessage(customId: string, value: unknown): Answer {
  const message = objectOf(value);
  if (message === null || !Array.isArray(message.content)) {
    return damaged(customId, 'the answer holds no message', JSON.stringify(value) ?? '');
  }
  const text = message.content
    .map(objectOf)
    .map((block) => (block?.type === 'text' && typeof block.text === 'string' ? block.text : ''))
    .join('');
  const model = typeof message.model === 'string' ? message.model : '';
  const usage = readUsage(objectOf(message.usage));
  const answer = (kind: 'text' | 'truncated' | 'refused', words: string): Answer => ({
    kind,
    customId,
    text: words,
    usage,
    model,
  });
  switch (message.stop_reason) {
    case 'refusal': {
      const reason = objectOf(message.stop_details)?.explanation;
      return answer('refused', text === '' && typeof reason === 'string' ? reason : text);
    }
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return answer('truncated', text);
    default:
      return answer('text', text);
  }
}

/** An error of one request as its answer: only what succeeded is billed. `value` is `{type: 'error', error}`. */
function readError(customId: string, value: unknown): Answer {
  const outer = objectOf(value);
  const error = objectOf(outer?.error) ?? outer;
  const type = typeof error?.type === 'string' ? error.type : 'error';
  const said = typeof error?.message === 'string' ? error.message : 'no reason given';
  // These speak about the request; all others about the service, the account or the moment.
  const rejected =
    ['invalid_request_error', 'not_found_error', 'request_too_large'].includes(type) &&
    !LIVE.blockedWords.test(said);
  return {
    kind: 'error',
    customId,
    failure: rejected ? 'rejected' : 'transport',
    message: `${type}: ${said}`,
    // Without the id of the call, so that the same failure reads the same in every run.
    raw: JSON.stringify({ error }),
    billed: 'no',
  };
}

/** The answer to a single call that was refused for its content; `message` says why. */
export function refusedCall(customId: string, message: string): Answer {
  const raw = JSON.stringify({ error: message });
  return { kind: 'error', customId, failure: 'rejected', message, raw, billed: 'no' };
}

function notRun(customId: string, failure: 'expired' | 'canceled', message: string): Answer {
  return { kind: 'error', customId, failure, message, raw: JSON.stringify({ type: failure }), billed: 'no' };
}

function damaged(customId: string, message: string, raw: string): Answer {
  return { kind: 'error', customId, failure: 'transport', message, raw, billed: 'unknown' };
}

function readUsage(usage: Json | null): Usage {
  const count = (name: string) => {
    const value = usage?.[name];
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
  };
  const cached = count('cache_read_input_tokens');
  return {
    input: count('input_tokens') + count('cache_creation_input_tokens') + cached,
    output: count('output_tokens'),
    ...(cached > 0 ? { cached } : {}),
  };
}
