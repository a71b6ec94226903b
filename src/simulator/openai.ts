// OpenAI's Files and Batches over the shared store: paths, shapes and errors of that protocol, and nothing else.
import { randomUUID } from 'node:crypto';
import type { ContextShelf } from './contexts.ts';
import { requestHashOf } from './faults.ts';
import { type Exchange, readJson, sendJson, sendStream } from './http.ts';
import type { Mishaps } from './mishaps.ts';
import { FormError, readForm } from './multipart.ts';
import { CHAT_COMPLETIONS, inspectInput } from './openai-input.ts';
import { type OutputFile, openResults } from './openai-output.ts';
import { currentSettings, durationOf, type Settings } from './settings.ts';
import type { Store, StoredFile } from './store.ts';
import { type BatchRecord, type BatchState, isOver, stateOf } from './timeline.ts';

/** Answers a request below `/v1`; false when the path is not of this protocol. */
export type OpenAiService = (exchange: Exchange) => Promise<boolean>;

/** What the service works with. */
export interface OpenAiParts {
  readonly store: Store;
  readonly contexts: ContextShelf;
  readonly mishaps: Mishaps;
  readonly settings: Settings;
}

/** From asking for a cancellation to its effect. */
const CANCEL_DELAY_MS = 50;

/** An answer other than 200, in OpenAI's shape. */
class Refusal extends Error {
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, message: string, code: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The service over a store. */
export function createOpenAiService(parts: OpenAiParts): OpenAiService {
  const { store, contexts, mishaps } = parts;
  const results = openResults(store, contexts);

  async function stateNow(record: BatchRecord, nowMs = Date.now()): Promise<BatchState> {
    return stateOf(record, await store.cancelTime(record.id), nowMs);
  }

  async function describe(record: BatchRecord, nowMs = Date.now()): Promise<object> {
    const state = await stateNow(record, nowMs);
    const over = isOver(state) && state.status !== 'failed' ? await results.tally(record, state) : null;
    const seconds = (ms: number | undefined) => (ms === undefined ? null : Math.floor(ms / 1000));
    return withoutNulls({
      id: record.id,
      object: 'batch',
      endpoint: record.endpoint,
      model: record.model,
      errors:
        state.status === 'failed'
          ? { object: 'list', data: record.problems.map((problem) => ({ ...problem, param: null })) }
          : null,
      input_file_id: record.inputFile,
      completion_window: record.completionWindow,
      status: state.status,
      output_file_id: over !== null && over.output.rows > 0 ? outputIdOf(record, 'output') : null,
      error_file_id: over !== null && over.error.rows > 0 ? outputIdOf(record, 'error') : null,
      created_at: seconds(record.createdMs),
      in_progress_at: seconds(state.times.in_progress),
      expires_at: seconds(record.createdMs + (record.lifetimeMs ?? 24 * 3600 * 1000)),
      finalizing_at: seconds(state.times.finalizing),
      completed_at: seconds(state.times.completed),
      failed_at: seconds(state.times.failed),
      expired_at: seconds(state.times.expired),
      cancelling_at: seconds(state.times.cancelling),
      cancelled_at: seconds(state.times.cancelled),
      request_counts: {
        total: state.status === 'validating' || state.status === 'failed' ? 0 : record.total,
        completed: over === null ? state.executed : over.output.rows,
        failed: over === null ? 0 : over.error.rows,
      },
      metadata: record.metadata,
    });
  }

  async function createFile({ request, response }: Exchange): Promise<void> {
    const form = await readForm(request.headers['content-type'], request, store);
    const purpose = form.fields.get('purpose');
    if (form.upload === null) throw new Refusal(400, "'file' is a required property");
    if (purpose === undefined) {
      await store.discard(form.upload);
      throw new Refusal(400, "'purpose' is a required property");
    }
    const file = await store.addFile(form.upload, form.filename, purpose);
    await store.log({ event: 'upload', file: file.id, filename: file.filename, bytes: file.bytes });
    sendJson(response, 200, describeFile(file));
  }

  async function createBatch({ request, response }: Exchange): Promise<void> {
    const body = await readJson(request);
    if (body === null || typeof body !== 'object')
      throw new Refusal(400, 'The request body is not valid JSON.');
    const given = body as Record<string, unknown>;
    if (given.endpoint !== CHAT_COMPLETIONS) {
      throw new Refusal(400, `Invalid value for 'endpoint': this simulator serves '${CHAT_COMPLETIONS}'.`);
    }
    if (given.completion_window !== '24h')
      throw new Refusal(400, "Invalid value for 'completion_window': '24h'.");
    const metadata = readMetadata(given.metadata);
    const input = typeof given.input_file_id === 'string' ? await store.file(given.input_file_id) : null;
    if (input === null) throw new Refusal(400, `Invalid file ID: cannot find file '${given.input_file_id}'.`);
    if (input.purpose !== 'batch') throw new Refusal(400, "The input file's purpose is not 'batch'.");

    const summary = await inspectInput(store.content(input.id), given.endpoint);
    const settings = await currentSettings(store, parts.settings);
    const record: BatchRecord = {
      id: `batch_${randomUUID().replaceAll('-', '')}`,
      protocol: 'openai',
      createdMs: Date.now(),
      inputFile: input.id,
      endpoint: given.endpoint,
      completionWindow: given.completion_window,
      metadata,
      model: summary.model,
      total: summary.customIds.length,
      problems: summary.problems,
      durationMs: durationOf(settings, summary.customIds.slice(0, 3)),
      lifetimeMs: settings.lifetimeMs,
      faults: settings.faults,
    };
    // The witness is told first: a batch must never exist without its line. Lines without a batch are left out when read.
    await store.log({
      event: 'create',
      batch: record.id,
      metadata,
      requests: summary.customIds.map(requestHashOf),
    });
    await store.addBatch(record);
    if (mishaps.take('lose_create_answer') !== null) {
      response.destroy();
      return;
    }
    sendJson(response, 200, await describe(record));
  }

  async function listBatches({ response, query }: Exchange): Promise<void> {
    const records = (await store.batches()).filter((record) => record.protocol === 'openai').reverse();
    const page = pageOf(records, query, 20, 100);
    const data = await Promise.all(page.items.map((record) => describe(record)));
    sendJson(response, 200, listOf(data, page));
  }

  async function listFiles({ response, query }: Exchange): Promise<void> {
    const purpose = query.get('purpose');
    const files = (await store.files()).filter((file) => purpose === null || file.purpose === purpose);
    if (query.get('order') !== 'asc') files.reverse();
    const page = pageOf(files, query, 10_000, 10_000);
    sendJson(response, 200, listOf(page.items.map(describeFile), page));
  }

  async function findBatch(id: string): Promise<BatchRecord> {
    const record = await store.batch(id);
    if (record === null) throw new Refusal(404, `No batch found with id '${id}'.`);
    return record;
  }

  /** An output file by its id, when it exists now. */
  async function findOutput(
    id: string,
  ): Promise<{ file: OutputFile; record: BatchRecord; bytes: number } | null> {
    const match = /^file-(output|error)-([0-9a-f]{32})$/.exec(id);
    const record = match === null ? null : await store.batch(`batch_${match[2]}`);
    if (match === null || record === null) return null;
    const state = await stateNow(record);
    if (!isOver(state) || state.status === 'failed') return null;
    const file = match[1] as OutputFile;
    const { rows, bytes } = (await results.tally(record, state))[file];
    return rows > 0 ? { file, record, bytes } : null;
  }

  async function sendContent({ response }: Exchange, id: string): Promise<void> {
    const output = await findOutput(id);
    if (output === null && (await store.file(id)) === null) throw noFile(id);
    await store.log({ event: 'download', file: id, batch: output?.record.id ?? null });
    const bytes = output === null ? store.content(id) : results.content(output.record, output.file);
    const cut = mishaps.take('cut_download');
    await sendStream(response, 'application/jsonl', cut === null ? bytes : cutAfter(bytes, cut.afterBytes));
  }

  async function describeAnyFile(id: string): Promise<object> {
    const stored = await store.file(id);
    if (stored !== null) return describeFile(stored);
    const output = await findOutput(id);
    if (output === null) throw noFile(id);
    const { record, file, bytes } = output;
    const filename = `${record.id}_${file}.jsonl`;
    return describeFile({ id, filename, bytes, purpose: 'batch_output', createdMs: record.createdMs });
  }

  async function route(exchange: Exchange): Promise<boolean> {
    const { method, path, response } = exchange;
    const [kind, id, action] = path.split('/').slice(2);
    const call = `${method} ${kind}${id === undefined ? '' : '/:id'}${action === undefined ? '' : `/${action}`}`;
    switch (call) {
      case 'POST files':
        await createFile(exchange);
        return true;
      case 'GET files':
        await listFiles(exchange);
        return true;
      case 'GET files/:id':
        sendJson(response, 200, await describeAnyFile(id ?? ''));
        return true;
      case 'DELETE files/:id':
        if (!(await store.deleteFile(id ?? ''))) throw noFile(id ?? '');
        sendJson(response, 200, { id, object: 'file', deleted: true });
        return true;
      case 'GET files/:id/content':
        await sendContent(exchange, id ?? '');
        return true;
      case 'POST batches':
        await createBatch(exchange);
        return true;
      case 'GET batches':
        await listBatches(exchange);
        return true;
      case 'GET batches/:id': {
        const record = await findBatch(id ?? '');
        await store.log({ event: 'poll', batch: record.id });
        sendJson(response, 200, await describe(record));
        return true;
      }
      case 'POST batches/:id/cancel': {
        const record = await findBatch(id ?? '');
        const state = await stateNow(record);
        if (isOver(state)) throw new Refusal(409, `Cannot cancel a batch with status '${state.status}'.`);
        // A moment ahead: no process may have shown a later state before this file is there to be seen.
        const atMs = Date.now() + CANCEL_DELAY_MS;
        await store.cancel(record.id, atMs);
        await store.log({ event: 'cancel', batch: record.id });
        sendJson(response, 200, await describe(record, atMs));
        return true;
      }
      default:
        return false;
    }
  }

  return async (exchange) => {
    try {
      if (!/^Bearer \S+/i.test(exchange.request.headers.authorization ?? '')) {
        throw new Refusal(401, "You didn't provide an API key.", 'invalid_api_key');
      }
      return await route(exchange);
    } catch (error) {
      const refusal = error instanceof FormError ? new Refusal(400, error.message) : error;
      if (!(refusal instanceof Refusal)) throw error;
      sendJson(exchange.response, refusal.status, errorBody(refusal.status, refusal.message, refusal.code));
      return true;
    }
  };
}

/** An error in OpenAI's shape. */
export function errorBody(status: number, message: string, code: string | null): object {
  const type = status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error';
  return { error: { message, type, param: null, code } };
}

function noFile(id: string): Refusal {
  return new Refusal(404, `No such File object: ${id}`);
}

function outputIdOf(record: BatchRecord, file: OutputFile): string {
  return `file-${file}-${record.id.slice('batch_'.length)}`;
}

function describeFile(file: StoredFile): { id: string } {
  return {
    id: file.id,
    object: 'file',
    bytes: file.bytes,
    created_at: Math.floor(file.createdMs / 1000),
    filename: file.filename,
    purpose: file.purpose,
    status: 'processed',
  } as { id: string };
}

/** The published description has optional members, not null ones. */
function withoutNulls(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}

function readMetadata(value: unknown): Record<string, string> | null {
  if (value === undefined || value === null) return null;
  const entries = typeof value === 'object' ? Object.entries(value) : [];
  const fits =
    entries.length <= 16 &&
    entries.every(([key, text]) => key.length <= 64 && typeof text === 'string' && text.length <= 512);
  if (typeof value !== 'object' || !fits) {
    throw new Refusal(
      400,
      "Invalid 'metadata': at most 16 pairs, keys up to 64 and values up to 512 characters.",
    );
  }
  return Object.fromEntries(entries) as Record<string, string>;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

function pageOf<T extends { id: string }>(
  all: readonly T[],
  query: URLSearchParams,
  usual: number,
  most: number,
): Page<T> {
  const limit = query.has('limit') ? Number(query.get('limit')) : usual;
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new Refusal(400, `Invalid 'limit': an integer from 1 to ${most}.`);
  }
  const after = query.get('after');
  const start = after === null ? 0 : all.findIndex((one) => one.id === after) + 1;
  if (after !== null && start === 0) throw new Refusal(400, `Invalid 'after': no object with id '${after}'.`);
  return { items: all.slice(start, start + limit), hasMore: start + limit < all.length };
}

function listOf(data: readonly object[], page: Page<{ id: string }>): object {
  return {
    object: 'list',
    data,
    first_id: page.items[0]?.id ?? '',
    last_id: page.items.at(-1)?.id ?? '',
    has_more: page.hasMore,
  };
}

async function* cutAfter(
  rows: AsyncIterable<Uint8Array | string>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const row of rows) {
    const chunk = Buffer.from(row);
    if (chunk.length > left) {
      if (left > 0) yield chunk.subarray(0, left);
      break;
    }
    left -= chunk.length;
    yield chunk;
  }
  // A moment for what was sent to arrive: the client must see rows, then the cut.
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new Error('the connection is cut, as was asked for');
}
