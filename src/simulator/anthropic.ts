// Anthropic's Messages and Message Batches over the neutral core: paths, shapes and errors of that protocol, and
// nothing else. Its base URL is `${url}/anthropic`.
import {
  inspectInput,
  MAX_BYTES,
  messageBody,
  questionOf,
  readInput,
  rowShape,
} from './anthropic-messages.ts';
import { type Batches, openBatches } from './batches.ts';
import { customIdOf, openCalls, sendCall, unknownModel } from './calls.ts';
import { type Exchange, readJson, sendContent, sendJson } from './http.ts';
import type { CallName } from './mishaps.ts';
import {
  BAD_KEY,
  type ErrorAnswer,
  type Protocol,
  Refusal,
  type RefusalKind,
  type ServiceParts,
  UNKNOWN_MODEL,
} from './protocol.ts';
import { bytesOf, rowText, type Tally } from './rows.ts';
import { type BatchRecord, type BatchState, isOver } from './timeline.ts';

const VERSIONS: readonly unknown[] = ['2023-06-01', '2026-10-21'];

/** The protocol over the parts. */
export function createAnthropicProtocol(parts: ServiceParts): Protocol {
  const { store } = parts;
  const calls = openCalls(parts, 'anthropic');
  const batches: Batches = openBatches(parts, {
    protocol: 'anthropic',
    idPrefix: 'msgbatch_',
    queueFullCode: null,
    questions: (record) => readInput(store.content(record.input)),
  });

  async function describe(record: BatchRecord, base: string, nowMs?: number): Promise<object> {
    const state = await batches.state(record, nowMs);
    const over = isOver(state);
    const tally = over && state.status !== 'failed' ? await batches.tally(record) : null;
    // A batch that fails has no place in this protocol: it ends, and every request of it is an error.
    const readable = tally !== null || state.status === 'failed';
    const date = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
    return {
      id: record.id,
      type: 'message_batch',
      processing_status: over ? 'ended' : state.status === 'cancelling' ? 'canceling' : 'in_progress',
      request_counts: countsOf(record, state, tally),
      created_at: date(record.createdMs),
      expires_at: date(record.createdMs + (record.lifetimeMs ?? 24 * 3600 * 1000)),
      ended_at: over ? date(state.times[state.status]) : null,
      cancel_initiated_at: date(state.times.cancelling),
      archived_at: null,
      results_url: readable ? `${base}/v1/messages/batches/${record.id}/results` : null,
    };
  }

  async function create(exchange: Exchange): Promise<void> {
    const length = Number(exchange.request.headers['content-length'] ?? 0);
    const body = await readJson(exchange.request, MAX_BYTES);
    if (body === undefined && length > MAX_BYTES) {
      throw new Refusal('too_large', 'Request exceeds the maximum size');
    }
    const { lines, ...summary } = inspectInput(body);
    const upload = await store.receive(pieces(lines));
    const about = { protocol: 'anthropic', filename: 'requests.jsonl', purpose: 'batch' } as const;
    const input = (await store.addFile(upload, about)).id;
    const record = await batches.create({ ...summary, input, details: {}, problems: [] }, exchange);
    sendJson(exchange.response, 200, await describe(record, exchange.base));
  }

  async function list({ response, query, base }: Exchange): Promise<void> {
    const page = pageOf(await batches.list(), query);
    const data = await Promise.all(page.items.map((record) => describe(record, base)));
    sendJson(response, 200, {
      data,
      has_more: page.hasMore,
      first_id: page.items[0]?.id ?? null,
      last_id: page.items.at(-1)?.id ?? null,
    });
  }

  async function findBatch(id: string): Promise<BatchRecord> {
    const record = await batches.find(id);
    if (record === null) throw new Refusal('not_found', `Message Batch ${id} not found.`);
    return record;
  }

  async function cancel({ response, base }: Exchange, record: BatchRecord): Promise<void> {
    if (isOver(await batches.state(record))) {
      throw new Refusal('invalid', `Batch ${record.id} cannot be canceled because it has already ended.`);
    }
    const { times } = await batches.cancel(record);
    sendJson(response, 200, await describe(record, base, times.cancelling));
  }

  async function* linesOf(record: BatchRecord): AsyncGenerator<readonly string[]> {
    for await (const rows of batches.rows(record)) {
      yield rows.map((row) => rowText(row, rowShape(row.customId, row.model, row.outcome)));
    }
  }

  async function* failedLinesOf(record: BatchRecord): AsyncGenerator<readonly string[]> {
    const message = record.failure?.[0]?.message ?? 'Internal server error';
    const outcome = { kind: 'errored', status: 500, code: 'api_error', message } as const;
    for await (const questions of readInput(store.content(record.input))) {
      yield questions.map(({ customId, model }) => JSON.stringify(rowShape(customId, model, outcome)));
    }
  }

  async function results(exchange: Exchange, record: BatchRecord): Promise<void> {
    const failed = (await batches.state(record)).status === 'failed';
    if (!failed && (await batches.tally(record)) === null) {
      throw new Refusal('not_found', `Batch ${record.id} has no available results.`);
    }
    await store.log({ event: 'download', batch: record.id });
    const lines = failed ? failedLinesOf(record) : linesOf(record);
    await sendContent(exchange, 'application/x-jsonl', bytesOf(lines));
  }

  async function ask(exchange: Exchange): Promise<void> {
    const body = await readJson(exchange.request);
    if (body === null || typeof body !== 'object' || Array.isArray(body)) {
      throw new Refusal('invalid', 'The request body is not valid JSON');
    }
    const params = body as Readonly<Record<string, unknown>>;
    if (typeof params.model !== 'string') throw new Refusal('invalid', 'model: Field required');
    if (!Number.isInteger(params.max_tokens) || Number(params.max_tokens) < 1) {
      throw new Refusal('invalid', 'max_tokens: Input should be a positive integer');
    }
    if (!Array.isArray(params.messages)) throw new Refusal('invalid', 'messages: Field required');
    if (params.stream === true) throw new Refusal('invalid', 'stream: this simulator does not stream');
    const question = questionOf(customIdOf(exchange.request, body), params);
    const call = await calls.ask(question, exchange);
    sendCall(exchange.response, call, messageBody(call, 'standard'));
  }

  async function handle(exchange: Exchange): Promise<boolean> {
    requireHeaders(exchange);
    const { method, path, response } = exchange;
    const [, , kind, ...rest] = path.split('/');
    const id = decodeURIComponent(rest[kind === 'models' ? 0 : 1] ?? '');
    switch (patternOf(method, path)) {
      case 'POST /v1/messages':
        await ask(exchange);
        return true;
      case 'POST /v1/messages/batches':
        await create(exchange);
        return true;
      case 'GET /v1/messages/batches':
        await list(exchange);
        return true;
      case 'GET /v1/messages/batches/:id': {
        const record = await findBatch(id);
        await store.log({ event: 'poll', batch: record.id });
        sendJson(response, 200, await describe(record, exchange.base));
        return true;
      }
      case 'POST /v1/messages/batches/:id/cancel':
        await cancel(exchange, await findBatch(id));
        return true;
      case 'GET /v1/messages/batches/:id/results':
        await results(exchange, await findBatch(id));
        return true;
      case 'GET /v1/models/:id': {
        if (id === UNKNOWN_MODEL) throw unknownModel(id);
        const created_at = new Date(0).toISOString();
        sendJson(response, 200, { id, type: 'model', display_name: id, created_at });
        return true;
      }
      default:
        return false;
    }
  }

  return {
    name: 'anthropic',
    prefix: '/anthropic',
    batches,
    callOf: (method, path) => CALLS[patternOf(method, path)] ?? null,
    handle,
    errorOf,
  };
}

const CALLS: Readonly<Record<string, CallName>> = {
  'POST /v1/messages': 'ask',
  'POST /v1/messages/batches': 'create',
  'GET /v1/messages/batches': 'list',
  'GET /v1/messages/batches/:id': 'retrieve',
  'POST /v1/messages/batches/:id/cancel': 'cancel',
  'GET /v1/messages/batches/:id/results': 'content',
  'GET /v1/models/:id': 'model',
};

function patternOf(method: string, path: string): string {
  return `${method} ${path.replace(/^(\/v1\/(?:messages\/batches|models))\/[^/]+/, '$1/:id')}`;
}

/** All counts but `processing` stay 0 until the batch ends. A row that is missing was a success all the same. */
function countsOf(
  record: BatchRecord,
  state: BatchState,
  tally: Tally | null,
): Readonly<Record<string, number>> {
  const { total } = record;
  const none = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  if (!isOver(state)) return { ...none, processing: total };
  if (state.status === 'failed') return { ...none, errored: total };
  const rest = total - state.executed;
  const errored = tally?.errored ?? 0;
  const expired = state.status === 'expired' ? rest : 0;
  const canceled = state.status === 'cancelled' ? rest : 0;
  return { ...none, errored, expired, canceled, succeeded: total - errored - expired - canceled };
}

function requireHeaders({ request }: Exchange): void {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const key = request.headers['x-api-key'] ?? bearer;
  if (key === undefined) throw new Refusal('unauthorized', 'x-api-key header is required');
  if (key === BAD_KEY) throw new Refusal('unauthorized', 'invalid x-api-key');
  const version = request.headers['anthropic-version'];
  if (version === undefined) throw new Refusal('invalid', 'anthropic-version: header is required');
  if (!VERSIONS.includes(version)) {
    throw new Refusal('invalid', `anthropic-version: "${version}" is not a valid version`);
  }
}

/** Lines in pieces of some size: cheaper to write than one by one. */
function* pieces(lines: readonly string[]): Generator<Uint8Array> {
  for (let start = 0; start < lines.length; start += 100) {
    yield Buffer.from(`${lines.slice(start, start + 100).join('\n')}\n`, 'utf8');
  }
}

/** One page of the newest-first list: after an id lie the older ones, before it the newer ones. */
function pageOf(
  all: readonly BatchRecord[],
  query: URLSearchParams,
): { readonly items: readonly BatchRecord[]; readonly hasMore: boolean } {
  const limit = query.has('limit') ? Number(query.get('limit')) : 20;
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) {
    throw new Refusal('invalid', 'limit: Input should be from 1 to 1000');
  }
  const [after, before] = [query.get('after_id'), query.get('before_id')];
  if (after !== null && before !== null) {
    throw new Refusal('invalid', 'Only one of before_id and after_id can be given');
  }
  const place = (id: string) => {
    const found = all.findIndex((record) => record.id === id);
    if (found < 0) throw new Refusal('invalid', `There is no Message Batch ${id}`);
    return found;
  };
  if (before !== null) {
    const end = place(before);
    return { items: all.slice(Math.max(0, end - limit), end), hasMore: end > limit };
  }
  const start = after === null ? 0 : place(after) + 1;
  return { items: all.slice(start, start + limit), hasMore: start + limit < all.length };
}

const ERRORS: Readonly<Record<RefusalKind, { readonly status: number; readonly type: string }>> = {
  invalid: { status: 400, type: 'invalid_request_error' },
  unauthorized: { status: 401, type: 'authentication_error' },
  forbidden: { status: 403, type: 'permission_error' },
  not_found: { status: 404, type: 'not_found_error' },
  conflict: { status: 409, type: 'conflict_error' },
  too_large: { status: 413, type: 'request_too_large' },
  rate_limit: { status: 429, type: 'rate_limit_error' },
  queue_full: { status: 429, type: 'rate_limit_error' },
  spend_limit: { status: 429, type: 'rate_limit_error' },
  overloaded: { status: 529, type: 'overloaded_error' },
  failed: { status: 500, type: 'api_error' },
};

function errorOf(refusal: Refusal): ErrorAnswer {
  const { status, type } = ERRORS[refusal.kind];
  const message =
    refusal.kind === 'queue_full'
      ? 'This request would exceed the limit of batch requests in the processing queue.'
      : refusal.message;
  const code = refusal.kind === 'spend_limit' ? 'enforced_spend_limit_reached' : refusal.code;
  const error = { type, message, ...(code === null ? {} : { details: { error_code: code } }) };
  const { retryAfterMs } = refusal;
  return {
    status: refusal.status ?? status,
    headers: retryAfterMs === null ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) },
    body: { type: 'error', error, request_id: null },
  };
}
