// The words of OpenAI's batch protocol: our requests as lines of its files, its rows as answers, in either of its two
// ways to ask. It sends nothing.
import { parsePlainJson } from '../../expression/plain-json.ts';
import type { Answer, ModelRequest } from '../../ports/provider.ts';
import { callFateOf } from '../provider-errors.ts';
import { chatBody, readChat } from './openai-chat.ts';
import { type Json, objectOf } from './openai-json.ts';
import { LIVE } from './openai-live.ts';
import { readResponse, responsesBody } from './openai-responses.ts';

/** OpenAI's two ways to ask: `/v1/chat/completions` and `/v1/responses`. */
export type Api = 'chat' | 'responses';

/** The endpoint a batch and its lines name. */
export const ENDPOINTS = { chat: '/v1/chat/completions', responses: '/v1/responses' } as const;

/** What a request is sent as: the body of a call, or of a line. */
export function requestBody(api: Api, request: ModelRequest): object {
  return api === 'chat' ? chatBody(request) : responsesBody(request);
}

/** One line of a batch input file, without its end. */
export function requestLine(api: Api, request: ModelRequest): string {
  const body = requestBody(api, request);
  return JSON.stringify({ custom_id: request.customId, method: 'POST', url: ENDPOINTS[api], body });
}

/** The body of an answer with status 200. What cannot be used may have been billed all the same. */
export function readBody(api: Api, customId: string, body: Json | null): Answer {
  if (body === null) return transport(customId, 'the answer holds no message', 'null', 'unknown');
  const read = api === 'chat' ? readChat(body) : readResponse(body);
  if (read.kind === 'unusable') return transport(customId, read.why, rawOf(body), 'unknown');
  return { ...read, customId, model: typeof body.model === 'string' ? body.model : '' };
}

/**
 * One row of an output or error file as an answer; null when it names no request. The `raw` of an error holds what
 * was said, without the identifiers of the call, so that the same failure reads the same in every run.
 */
export function readRow(api: Api, line: string): Answer | null {
  const row = parse(line);
  if (row === null) {
    // A damaged row still belongs to a request when its id can be made out.
    const customId = /"custom_id"\s*:\s*"([A-Za-z0-9_-]{1,64})"/.exec(line)?.[1];
    return customId === undefined ? null : transport(customId, 'the row is not JSON', line, 'unknown');
  }
  if (typeof row.custom_id !== 'string') return null;
  const customId = row.custom_id;
  const response = objectOf(row.response);
  if (response === null) return readRowError(customId, objectOf(row.error));
  const body = objectOf(response.body);
  if (response.status_code === 200) return readBody(api, customId, body);
  return readHttpError(customId, response.status_code, body);
}

/** What a service said instead of an answer. `status` 0 or none: nobody knows what became of the request. */
export function readHttpError(customId: string, status: unknown, body: Json | null): Answer {
  const error = objectOf(body?.error);
  const said = error?.message;
  const message = `${status}: ${typeof said === 'string' ? said : 'no reason given'}`;
  const raw = rawOf({ status_code: status, body });
  const known = typeof status === 'number' && status >= 400;
  // Some refusals speak about the moment, or about the account, not about the request.
  return known && !isSpent(error) && callFateOf(status) === 'rejected'
    ? { kind: 'error', customId, failure: 'rejected', message, raw, billed: 'no' }
    : transport(customId, message, raw, known ? 'no' : 'unknown');
}

/** Whether an error says that the account's money or quota is used up. */
function isSpent(error: Json | null): boolean {
  return [error?.code, error?.type].some((word) => LIVE.spentCodes.includes(String(word)));
}

function readRowError(customId: string, error: Json | null): Answer {
  const code = typeof error?.code === 'string' ? error.code : '';
  const said = typeof error?.message === 'string' ? error.message : '';
  const message = [code, said].filter((part) => part !== '').join(': ') || 'neither a response nor an error';
  const raw = rawOf({ error });
  if (code === 'batch_expired') {
    return { kind: 'error', customId, failure: 'expired', message, raw, billed: 'no' };
  }
  if (code === 'batch_cancelled' || code === 'batch_canceled') {
    return { kind: 'error', customId, failure: 'canceled', message, raw, billed: 'no' };
  }
  return transport(customId, message, raw, isSpent(error) ? 'no' : 'unknown');
}

function transport(customId: string, message: string, raw: string, billed: 'no' | 'unknown'): Answer {
  return { kind: 'error', customId, failure: 'transport', message, raw, billed };
}

/** What was said, as JSON; nothing of what is nested too deeply to be written. */
function rawOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

function parse(line: string): Json | null {
  try {
    return objectOf(parsePlainJson(line));
  } catch {
    return null;
  }
}
