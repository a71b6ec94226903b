// What Gemini's protocol shows: batches as operations, rows and answers, files, models, errors with their details. It
// decides nothing.
import type { ModelAnswer } from './answer.ts';
import { requestHashOf } from './faults.ts';
import type { ErrorAnswer, Refusal, RefusalKind } from './protocol.ts';
import type { Row, Tally } from './rows.ts';
import type { StoredFile } from './store.ts';
import type { BatchRecord, BatchState } from './timeline.ts';

const TYPES = 'type.googleapis.com';

/** The states of the service by the neutral ones. Nothing shows between a cancellation and its effect. */
const STATES: Readonly<Record<BatchState['status'], string>> = {
  validating: 'BATCH_STATE_PENDING',
  in_progress: 'BATCH_STATE_RUNNING',
  finalizing: 'BATCH_STATE_RUNNING',
  cancelling: 'BATCH_STATE_RUNNING',
  completed: 'BATCH_STATE_SUCCEEDED',
  failed: 'BATCH_STATE_FAILED',
  cancelled: 'BATCH_STATE_CANCELLED',
  expired: 'BATCH_STATE_EXPIRED',
};

/** Name of the file that holds a batch's rows. */
export function outputNameOf(record: BatchRecord): string {
  return `files/batch-${record.id}`;
}

/** Whether a row stands in the output file: requests that were not begun are simply not there. */
export function isShown({ outcome }: Row): boolean {
  return outcome.kind !== 'canceled' && outcome.kind !== 'expired';
}

/** A batch as an operation. `tally` is null while there is no output; an expired batch never has one. */
export function operationOf(record: BatchRecord, state: BatchState, tally: Tally | null): object {
  const { status, times } = state;
  const ended = times[status];
  const over = ['completed', 'failed', 'cancelled', 'expired'].includes(status);
  const output = tally === null || status === 'expired' ? null : { responsesFile: outputNameOf(record) };
  const failed = tally?.errored ?? 0;
  const successful = tally === null ? state.executed : tally.text + tally.refused;
  const problem = record.failure?.[0];
  return {
    name: `batches/${record.id}`,
    metadata: {
      '@type': `${TYPES}/google.ai.generativelanguage.v1main.GenerateContentBatch`,
      model: `models/${record.model}`,
      displayName: record.details.displayName,
      inputConfig: { fileName: `files/${record.input}` },
      ...(output === null ? {} : { output }),
      createTime: timeOf(record.createdMs),
      ...(over && ended !== undefined ? { endTime: timeOf(ended) } : {}),
      updateTime: timeOf(Math.max(record.createdMs, ...Object.values(times))),
      batchStats: withoutZeros({
        requestCount: record.total,
        successfulRequestCount: successful,
        failedRequestCount: failed,
        pendingRequestCount: over ? 0 : record.total - successful,
      }),
      state: STATES[status],
      name: `batches/${record.id}`,
    },
    ...(over ? { done: true } : {}),
    ...(status === 'completed' && output !== null
      ? {
          response: {
            '@type': `${TYPES}/google.ai.generativelanguage.v1main.GenerateContentBatchOutput`,
            ...output,
          },
        }
      : {}),
    ...(status === 'failed' && problem !== undefined ? { error: errorOfBatch(problem) } : {}),
  };
}

/** Words of google.rpc, and their numbers. */
const CODES: Readonly<Record<string, number>> = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  INTERNAL: 13,
  UNAVAILABLE: 14,
};

function errorOfBatch({ code, message }: { code: string; message: string }): object {
  const known = CODES[code];
  return known === undefined
    ? { code: CODES.INTERNAL, message: `${code}: ${message}` }
    : { code: known, message };
}

/** Counts as protobuf writes them in JSON: 64 bits are text, and zeros are left out. */
function withoutZeros(counts: Readonly<Record<string, number>>): object {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [[name, String(count)]])),
  );
}

/** A row as a line's object; only for rows that are shown. */
export function rowShape({ customId, model, outcome }: Row): object {
  if (outcome.kind === 'errored') {
    const word = outcome.status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT';
    return { key: customId, error: { code: CODES[word], message: outcome.message, status: word } };
  }
  if (outcome.kind === 'expired' || outcome.kind === 'canceled') return { key: customId };
  return { key: customId, response: answerBody({ customId, model, answer: outcome }) };
}

/** A GenerateContentResponse. */
export function answerBody(answered: {
  readonly customId: string;
  readonly model: string;
  readonly answer: ModelAnswer;
}): object {
  const { customId, model, answer } = answered;
  const cut = answer.kind === 'text' && answer.cut;
  const finishReason = answer.kind === 'refused' ? 'SAFETY' : cut ? 'MAX_TOKENS' : 'STOP';
  return {
    candidates: [{ content: { parts: [{ text: answer.text }], role: 'model' }, finishReason, index: 0 }],
    usageMetadata: {
      promptTokenCount: answer.input,
      candidatesTokenCount: answer.output,
      totalTokenCount: answer.input + answer.output,
      ...(answer.cached > 0 ? { cachedContentTokenCount: answer.cached } : {}),
    },
    modelVersion: model,
    responseId: requestHashOf(customId).slice(0, 22),
  };
}

/** An uploaded file. */
export function fileShape(file: StoredFile, base: string): object {
  const created = timeOf(file.createdMs);
  return {
    name: `files/${file.id}`,
    displayName: file.filename,
    mimeType: file.details?.mimeType,
    sizeBytes: String(file.bytes),
    createTime: created,
    updateTime: created,
    expirationTime: timeOf(file.createdMs + 48 * 3600 * 1000),
    uri: `${base}/v1beta/files/${file.id}`,
    state: 'ACTIVE',
    source: 'UPLOADED',
  };
}

/** A model. */
export function modelShape(id: string): object {
  return {
    name: `models/${id}`,
    version: '001',
    displayName: id,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'batchGenerateContent'],
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Status and word of each no. */
const ERRORS: Readonly<Record<RefusalKind, readonly [number, string]>> = {
  invalid: [400, 'INVALID_ARGUMENT'],
  unauthorized: [400, 'INVALID_ARGUMENT'],
  forbidden: [403, 'PERMISSION_DENIED'],
  not_found: [404, 'NOT_FOUND'],
  conflict: [400, 'FAILED_PRECONDITION'],
  too_large: [400, 'INVALID_ARGUMENT'],
  rate_limit: [429, 'RESOURCE_EXHAUSTED'],
  queue_full: [429, 'RESOURCE_EXHAUSTED'],
  spend_limit: [429, 'RESOURCE_EXHAUSTED'],
  overloaded: [503, 'UNAVAILABLE'],
  failed: [500, 'INTERNAL'],
};

const QUOTA = 'You exceeded your current quota, please check your plan and billing details.';

/** What the service says, where its words matter; the others tell what happened. */
const WORDS: Partial<Record<RefusalKind, string>> = {
  rate_limit: `${QUOTA} (simulated rate limit)`,
  queue_full: `${QUOTA} (simulated full queue)`,
  spend_limit: 'Your prepayment credits are depleted. (simulated)',
  overloaded: 'The model is overloaded. Please try again later. (simulated)',
};

/** An error in Google's shape. A status that a test asked for keeps its kind's word and the message asked for. */
export function errorOf(refusal: Refusal): ErrorAnswer {
  const [usual, word] = ERRORS[refusal.kind];
  const status = refusal.status ?? usual;
  const message = refusal.status === null ? (WORDS[refusal.kind] ?? refusal.message) : refusal.message;
  const details = detailsOf(refusal);
  const error = { code: status, message, status: word, ...(details.length === 0 ? {} : { details }) };
  return { status, headers: {}, body: { error } };
}

/** A code that a test asked for is the quota of a 429, and the reason of any other error. */
function detailsOf({ kind, code, retryAfterMs }: Refusal): readonly object[] {
  const details: object[] = [];
  if (kind === 'unauthorized' || (kind !== 'rate_limit' && code !== null)) {
    const reason = code ?? 'API_KEY_INVALID';
    details.push({ '@type': `${TYPES}/google.rpc.ErrorInfo`, reason, domain: 'googleapis.com' });
  }
  if (kind === 'rate_limit') {
    const quotaId = code ?? 'GenerateRequestsPerMinutePerProjectPerModel';
    const quotaMetric = 'generativelanguage.googleapis.com/generate_content_requests';
    const violations = [{ quotaMetric, quotaId, quotaValue: '10' }];
    details.push({ '@type': `${TYPES}/google.rpc.QuotaFailure`, violations });
  }
  if (retryAfterMs !== null) {
    details.push({ '@type': `${TYPES}/google.rpc.RetryInfo`, retryDelay: `${retryAfterMs / 1000}s` });
  }
  return details;
}
