// The words of Gemini's batch files and answers: our requests as lines, its rows as answers. It sends nothing.
import type { Answer, ModelRequest, Usage } from '../../ports/provider.ts';
import { type Json, objectOf, parseObject } from '../provider-http.ts';
import { schemaOf } from '../request-schema.ts';
import { speaksOfAccount } from './gemini-errors.ts';
import { LIVE } from './gemini-live.ts';

/** The question as a GenerateContentRequest holds it. */
export function questionOf(request: ModelRequest): {
  readonly contents: readonly object[];
  readonly systemInstruction: object | null;
  readonly settings: object;
} {
  return {
    contents: [{ role: 'user', parts: [{ text: request.prompt }] }],
    systemInstruction: request.system === null ? null : { parts: [{ text: request.system }] },
    settings: {
      maxOutputTokens: request.maxTokens,
      ...(request.temperature === null ? {} : { temperature: request.temperature }),
      ...(request.schema === null
        ? {}
        : { responseMimeType: 'application/json', responseJsonSchema: schemaOf(request.schema) }),
    },
  };
}

/** One line of a batch input file, without its end. */
export function requestLine(request: ModelRequest): string {
  const { contents, systemInstruction, settings } = questionOf(request);
  return JSON.stringify({
    key: request.customId,
    request: {
      contents,
      ...(systemInstruction === null ? {} : { systemInstruction }),
      generationConfig: settings,
    },
  });
}

/**
 * One row of an output file as an answer; null when it names no request. The `raw` of an error holds what was said,
 * without the identifiers of the call, so that the same failure reads the same in every run.
 */
export function readRow(line: string): Answer | null {
  const row = parseObject(line);
  if (row === null) {
    // A damaged row still belongs to a request when its key can be made out.
    const customId = /"key"\s*:\s*"([A-Za-z0-9_-]{1,64})"/.exec(line)?.[1];
    return customId === undefined ? null : damaged(customId, 'the row is not JSON', line);
  }
  if (typeof row.key !== 'string') return null;
  const response = objectOf(row.response);
  if (response !== null) return readResponse(row.key, response);
  const error = objectOf(row.error);
  if (error !== null) return readError(row.key, error);
  return damaged(row.key, 'neither a response nor an error', line);
}

/** A GenerateContentResponse, of a batch or a single call, as an answer. */
export function readResponse(customId: string, response: Json): Answer {
  const usage = readUsage(objectOf(response.usageMetadata));
  const model = typeof response.modelVersion === 'string' ? response.modelVersion : '';
  const said = { customId, usage, model };
  const feedback = objectOf(response.promptFeedback);
  if (typeof feedback?.blockReason === 'string') {
    const why = feedback.blockReasonMessage;
    return {
      kind: 'refused',
      ...said,
      text: typeof why === 'string' && why !== '' ? why : feedback.blockReason,
    };
  }
  const candidate = Array.isArray(response.candidates) ? objectOf(response.candidates[0]) : null;
  if (candidate === null) return damaged(customId, 'the answer holds no candidate', evidenceOf(response));
  const text = textOf(candidate);
  const reason = typeof candidate.finishReason === 'string' ? candidate.finishReason : 'STOP';
  if (LIVE.refusals.includes(reason)) {
    const why = typeof candidate.finishMessage === 'string' ? candidate.finishMessage : '';
    return { kind: 'refused', ...said, text: text || why || reason };
  }
  if (LIVE.unfinished.includes(reason)) return { kind: 'truncated', ...said, text };
  // Any other reason is a breakdown (OTHER, MALFORMED_RESPONSE ...) when it left nothing behind.
  if (reason === 'STOP' || text !== '') return { kind: 'text', ...said, text };
  return damaged(customId, `the answer ended with ${reason} and no text`, evidenceOf(response));
}

function readError(customId: string, error: Json): Answer {
  const code = typeof error.code === 'number' ? error.code : null;
  const label = typeof error.status === 'string' ? error.status : code === null ? '' : String(code);
  const words = typeof error.message === 'string' ? error.message : '';
  const message = [label, words].filter((part) => part !== '').join(': ') || 'no reason given';
  return {
    kind: 'error',
    customId,
    failure: speaksOfAccount(words) ? 'transport' : failureOf(code),
    message,
    raw: JSON.stringify({ error }),
    billed: 'no',
  };
}

function failureOf(code: number | null): 'rejected' | 'canceled' | 'transport' {
  if (code === null) return 'transport';
  if (LIVE.canceledCodes.includes(code)) return 'canceled';
  if (LIVE.rejectedCodes.includes(code)) return 'rejected';
  return code >= 400 && code < 500 && !LIVE.passingStatuses.includes(code) ? 'rejected' : 'transport';
}

/** A row whose request was carried out, or may have been, and whose answer is not to be had. */
function damaged(customId: string, message: string, raw: string): Answer {
  return { kind: 'error', customId, failure: 'transport', message, raw, billed: 'unknown' };
}

/** What a response said, without what is new in each call. */
function evidenceOf(response: Json): string {
  const { responseId: _, sdkHttpResponse: __, ...rest } = response;
  return JSON.stringify(rest);
}

function readUsage(usage: Json | null): Usage {
  const count = (value: unknown) => (Number.isSafeInteger(value) ? Math.max(0, value as number) : 0);
  // Results of tools are a part of the input of their own; cached content is within the prompt's count already.
  const input = count(usage?.promptTokenCount) + count(usage?.toolUsePromptTokenCount);
  const cached = Math.min(input, count(usage?.cachedContentTokenCount));
  const output = count(usage?.candidatesTokenCount) + count(usage?.thoughtsTokenCount);
  return { input, output, ...(cached > 0 ? { cached } : {}) };
}

/** The candidate's text; thoughts are not part of the answer. */
function textOf(candidate: Json): string {
  const parts = objectOf(candidate.content)?.parts;
  if (!Array.isArray(parts)) return '';
  return parts
    .map(objectOf)
    .filter((part) => part !== null && part.thought !== true && typeof part.text === 'string')
    .map((part) => part?.text)
    .join('');
}
