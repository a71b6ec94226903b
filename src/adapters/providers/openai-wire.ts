// The words of OpenAI's batch protocol: our requests as lines of its files, its rows as answers. It sends nothing.
import { parsePlainJson } from '../../expression/plain-json.ts';
import type { Answer, ModelRequest, Usage } from '../../ports/provider.ts';

/** The batch endpoint all requests go to. */
export const ENDPOINT = '/v1/chat/completions';

/** One line of a batch input file, without its end. */
export function requestLine(request: ModelRequest): string {
  const messages = [
    ...(request.system === null ? [] : [{ role: 'system', content: request.system }]),
    { role: 'user', content: request.prompt },
  ];
  const body = {
    model: request.model,
    messages,
    max_completion_tokens: request.maxTokens,
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.schema === null ? {} : { response_format: responseFormat(request.schema) }),
  };
  return JSON.stringify({ custom_id: request.customId, method: 'POST', url: ENDPOINT, body });
}

/** `strict: false`: strict mode refuses most schemas people write; what comes back is validated here anyway. */
function responseFormat(schema: string): object {
  return {
    type: 'json_schema',
    json_schema: { name: 'answer', schema: parsePlainJson(schema), strict: false },
  };
}

type Json = Readonly<Record<string, unknown>>;

/**
 * One row of an output or error file as an answer; null when it names no request. The `raw` of an error holds what
 * was said, without the identifiers of the call, so that the same failure reads the same in every run.
 */
export function readRow(line: string): Answer | null {
  const row = parse(line);
  if (row === null) {
    // A damaged row still belongs to a request when its id can be made out.
    const customId = /"custom_id"\s*:\s*"([A-Za-z0-9_-]{1,64})"/.exec(line)?.[1];
    return customId === undefined ? null : transport(customId, 'the row is not JSON', line);
  }
  if (typeof row.custom_id !== 'string') return null;
  const customId = row.custom_id;
  const response = objectOf(row.response);
  const error = objectOf(row.error);
  if (response === null) return readRowError(customId, error);
  const body = objectOf(response.body);
  const status = response.status_code;
  if (status !== 200) return readHttpError(customId, status, body);
  const raw = JSON.stringify(body);
  const choice = Array.isArray(body?.choices) ? objectOf(body.choices[0]) : null;
  const message = objectOf(choice?.message);
  if (body === null || choice === null || message === null) {
    return transport(customId, 'the answer holds no message', raw);
  }
  const usage = readUsage(objectOf(body.usage));
  const model = typeof body.model === 'string' ? body.model : '';
  const text = textOf(message.content);
  const refusal = typeof message.refusal === 'string' ? message.refusal : null;
  if (refusal !== null || choice.finish_reason === 'content_filter') {
    return { kind: 'refused', customId, text: refusal ?? text, usage, model };
  }
  const kind = choice.finish_reason === 'length' ? 'truncated' : 'text';
  return { kind, customId, text, usage, model };
}

function readRowError(customId: string, error: Json | null): Answer {
  const code = typeof error?.code === 'string' ? error.code : '';
  const said = typeof error?.message === 'string' ? error.message : '';
  const message = [code, said].filter((part) => part !== '').join(': ') || 'neither a response nor an error';
  const raw = JSON.stringify({ error });
  if (code === 'batch_expired') return { kind: 'error', customId, failure: 'expired', message, raw };
  if (code === 'batch_cancelled' || code === 'batch_canceled') {
    return { kind: 'error', customId, failure: 'canceled', message, raw };
  }
  return transport(customId, message, raw);
}

function readHttpError(customId: string, status: unknown, body: Json | null): Answer {
  const said = objectOf(body?.error)?.message;
  const message = `${status}: ${typeof said === 'string' ? said : 'no reason given'}`;
  const raw = JSON.stringify({ status_code: status, body });
  // Statuses that speak about the moment, not about the request.
  const passing = status === 408 || status === 409 || status === 429;
  const rejected = typeof status === 'number' && status >= 400 && status < 500 && !passing;
  return rejected
    ? { kind: 'error', customId, failure: 'rejected', message, raw }
    : transport(customId, message, raw);
}

function transport(customId: string, message: string, raw: string): Answer {
  return { kind: 'error', customId, failure: 'transport', message, raw };
}

function readUsage(usage: Json | null): Usage {
  const count = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
  return { input: count(usage?.prompt_tokens), output: count(usage?.completion_tokens) };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => objectOf(part)?.text)
    .filter((text) => typeof text === 'string')
    .join('');
}

function parse(line: string): Json | null {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return null;
  }
}

function objectOf(value: unknown): Json | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null;
}
