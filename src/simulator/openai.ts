// OpenAI's Files, Batches, Chat Completions and Responses over the neutral core: paths, shapes and errors of that
// protocol, and nothing else.
import { type Batches, openBatches } from './batches.ts';
import { customIdOf, openCalls, sendCall, unknownModel } from './calls.ts';
import { type Exchange, readJson, sendContent, sendJson } from './http.ts';
import type { CallName } from './mishaps.ts';
import { FormError, readForm } from './multipart.ts';
import { openAiError } from './openai-error.ts';
import { ENDPOINTS, type Endpoint, inspectInput, questionOf, readInput } from './openai-input.ts';
import { answerBody, countsOf, fileOf, type OutputFile, rowShape } from './openai-output.ts';
import { listOf, pageOf } from './openai-page.ts';
import { BAD_KEY, type Protocol, Refusal, type ServiceParts, UNKNOWN_MODEL } from './protocol.ts';
import { bytesOf, rowText } from './rows.ts';
import type { StoredFile } from './store.ts';
import type { BatchRecord } from './timeline.ts';

/** The protocol over the parts. */
export function createOpenAiProtocol(parts: ServiceParts): Protocol {
  const { store } = parts;
  const calls = openCalls(parts, 'openai');
  const batches: Batches = openBatches(parts, {
    protocol: 'openai',
    idPrefix: 'batch_',
    queueFullCode: 'token_limit_exceeded',
    questions: (record) => readInput(store.content(record.input), detailsOf(record).endpoint),
  });

  async function describe(record: BatchRecord, nowMs?: number): Promise<object> {
    const state = await batches.state(record, nowMs);
    const tally = nowMs === undefined ? await batches.tally(record) : null;
    const counts = tally === null ? null : countsOf(tally);
    const { endpoint, completionWindow, metadata } = detailsOf(record);
    const seconds = (ms: number | undefined) => (ms === undefined ? null : Math.floor(ms / 1000));
    const problems = record.failure ?? [];
    return withoutNulls({
      id: record.id,
      object: 'batch',
      endpoint,
      model: record.model,
      errors:
        state.status === 'failed' && problems.length > 0
          ? { object: 'list', data: problems.map((problem) => ({ ...problem, param: null })) }
          : null,
      input_file_id: record.input,
      completion_window: completionWindow,
      status: state.status,
      output_file_id: counts !== null && counts.output > 0 ? outputIdOf(record, 'output') : null,
      error_file_id: counts !== null && counts.error > 0 ? outputIdOf(record, 'error') : null,
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
        completed: counts?.output ?? state.executed,
        failed: counts?.error ?? 0,
      },
      metadata,
    });
  }

  async function createFile({ request, response }: Exchange): Promise<void> {
    const form = await readForm(request.headers['content-type'], request, store);
    const purpose = form.fields.get('purpose');
    if (form.upload === null) throw new Refusal('invalid', "'file' is a required property");
    if (purpose === undefined) {
      await store.discard(form.upload);
      throw new Refusal('invalid', "'purpose' is a required property");
    }
    const file = await store.addFile(form.upload, { protocol: 'openai', filename: form.filename, purpose });
    await store.log({ event: 'upload', file: file.id, filename: file.filename, bytes: file.bytes });
    sendJson(response, 200, describeFile(file));
  }

  async function createBatch(exchange: Exchange): Promise<void> {
    const given = await readObject(exchange);
    const endpoint = ENDPOINTS.find((one) => one === given.endpoint);
    if (endpoint === undefined) {
      throw new Refusal('invalid', `Invalid value for 'endpoint': supported are ${ENDPOINTS.join(', ')}.`);
    }
    const completionWindow = given.completion_window;
    if (completionWindow !== '24h') {
      throw new Refusal('invalid', "Invalid value for 'completion_window': '24h'.");
    }
    const metadata = readMetadata(given.metadata);
    const input = typeof given.input_file_id === 'string' ? await findFile(given.input_file_id) : null;
    if (input === null) {
      throw new Refusal('invalid', `Invalid file ID: cannot find file '${given.input_file_id}'.`);
    }
    if (input.purpose !== 'batch') throw new Refusal('invalid', "The input file's purpose is not 'batch'.");
    const summary = await inspectInput(store.content(input.id), endpoint);
    const record = await batches.create(
      { ...summary, input: input.id, details: { endpoint, completionWindow, metadata } },
      exchange,
    );
    sendJson(exchange.response, 200, await describe(record));
  }

  async function listBatches({ response, query }: Exchange): Promise<void> {
    const page = pageOf(await batches.list(), query, 20, 100);
    const data = await Promise.all(page.items.map((record) => describe(record)));
    sendJson(response, 200, listOf(data, page));
  }

  async function listFiles({ response, query }: Exchange): Promise<void> {
    const purpose = query.get('purpose');
    const files = (await store.files('openai')).filter(
      (file) => purpose === null || file.purpose === purpose,
    );
    if (query.get('order') !== 'asc') files.reverse();
    const page = pageOf(files, query, 10_000, 10_000);
    sendJson(response, 200, listOf(page.items.map(describeFile), page));
  }

  async function findFile(id: string): Promise<StoredFile | null> {
    const file = await store.file(id);
    return file?.protocol === 'openai' ? file : null;
  }

  async function findBatch(id: string): Promise<BatchRecord> {
    const record = await batches.find(id);
    if (record === null) throw new Refusal('not_found', `No batch found with id '${id}'.`);
    return record;
  }

  /** An output file by its id, when it exists now. */
  async function findOutput(id: string): Promise<{ file: OutputFile; record: BatchRecord } | null> {
    const match = /^file-(output|error)-([0-9a-f]{32})$/.exec(id);
    const record = match === null ? null : await batches.find(`batch_${match[2]}`);
    const tally = record === null ? null : await batches.tally(record);
    if (match === null || record === null || tally === null) return null;
    const file = match[1] as OutputFile;
    return countsOf(tally)[file] > 0 ? { file, record } : null;
  }

  async function* linesOf(record: BatchRecord, file: OutputFile): AsyncGenerator<readonly string[]> {
    const { endpoint } = detailsOf(record);
    for await (const rows of batches.rows(record)) {
      const own = rows.filter((row) => fileOf(row) === file);
      yield own.map((row) => rowText(row, rowShape(row, endpoint, record.createdMs)));
    }
  }

  async function download(exchange: Exchange, id: string): Promise<void> {
    const output = await findOutput(id);
    if (output === null && (await findFile(id)) === null) throw noFile(id);
    await store.log({ event: 'download', file: id, batch: output?.record.id ?? null });
    const bytes = output === null ? store.content(id) : bytesOf(linesOf(output.record, output.file));
    await sendContent(exchange, 'application/jsonl', bytes);
  }

  async function describeAnyFile(id: string): Promise<object> {
    const stored = await findFile(id);
    if (stored !== null) return describeFile(stored);
    const output = await findOutput(id);
    if (output === null) throw noFile(id);
    const { record, file } = output;
    let bytes = 0;
    for await (const chunk of bytesOf(linesOf(record, file))) bytes += chunk.length;
    const filename = `${record.id}_${file}.jsonl`;
    return describeFile({ id, filename, bytes, purpose: 'batch_output', createdMs: record.createdMs });
  }

  async function answerCall(exchange: Exchange, endpoint: Endpoint): Promise<void> {
    const body = await readObject(exchange);
    if (typeof body.model !== 'string') throw new Refusal('invalid', "Missing required parameter: 'model'.");
    if (body.stream === true) throw new Refusal('invalid', 'This simulator does not stream.');
    const question = questionOf(endpoint, customIdOf(exchange.request, body), body);
    const call = await calls.ask(question, exchange);
    sendCall(exchange.response, call, answerBody(endpoint, call, Date.now()));
  }

  async function handle(exchange: Exchange): Promise<boolean> {
    const { method, path, response } = exchange;
    requireKey(exchange);
    const id = path.split('/')[3] ?? '';
    const pattern = patternOf(method, path);
    switch (pattern) {
      case 'POST /v1/files':
        await createFile(exchange);
        return true;
      case 'GET /v1/files':
        await listFiles(exchange);
        return true;
      case 'GET /v1/files/:id':
        sendJson(response, 200, await describeAnyFile(id));
        return true;
      case 'DELETE /v1/files/:id':
        if ((await findFile(id)) === null || !(await store.deleteFile(id))) throw noFile(id);
        sendJson(response, 200, { id, object: 'file', deleted: true });
        return true;
      case 'GET /v1/files/:id/content':
        await download(exchange, id);
        return true;
      case 'POST /v1/batches':
        await createBatch(exchange);
        return true;
      case 'GET /v1/batches':
        await listBatches(exchange);
        return true;
      case 'GET /v1/batches/:id': {
        const record = await findBatch(id);
        await store.log({ event: 'poll', batch: record.id });
        sendJson(response, 200, await describe(record));
        return true;
      }
      case 'POST /v1/batches/:id/cancel': {
        const record = await findBatch(id);
        const { times } = await batches.cancel(record);
        sendJson(response, 200, await describe(record, times.cancelling));
        return true;
      }
      case 'GET /v1/models/:id':
        if (id === UNKNOWN_MODEL) throw unknownModel(id);
        sendJson(response, 200, {
          id: decodeURIComponent(id),
          object: 'model',
          created: 0,
          owned_by: 'simulator',
        });
        return true;
      default: {
        const endpoint = ENDPOINTS.find((one) => pattern === `POST ${one}`);
        if (endpoint === undefined) return false;
        await answerCall(exchange, endpoint);
        return true;
      }
    }
  }

  return {
    name: 'openai',
    prefix: '',
    batches,
    callOf: (method, path) => CALLS[patternOf(method, path)] ?? null,
    async handle(exchange) {
      try {
        return await handle(exchange);
      } catch (error) {
        throw error instanceof FormError ? new Refusal('invalid', error.message) : error;
      }
    },
    errorOf: openAiError,
  };
}

const CALLS: Readonly<Record<string, CallName>> = {
  'POST /v1/files': 'upload',
  'POST /v1/batches': 'create',
  'GET /v1/batches': 'list',
  'GET /v1/batches/:id': 'retrieve',
  'GET /v1/files/:id/content': 'content',
  'POST /v1/batches/:id/cancel': 'cancel',
  'GET /v1/models/:id': 'model',
  'POST /v1/chat/completions': 'ask',
  'POST /v1/responses': 'ask',
};

/** A call with `:id` in the place of what names a file, a batch or a model. */
function patternOf(method: string, path: string): string {
  return `${method} ${path.replace(/^(\/v1\/(?:files|batches|models))\/[^/]+/, '$1/:id')}`;
}

function requireKey({ request }: Exchange): void {
  const key = /^Bearer (\S+)/i.exec(request.headers.authorization ?? '')?.[1];
  if (key === undefined) throw new Refusal('unauthorized', "You didn't provide an API key.");
  if (key === BAD_KEY) throw new Refusal('unauthorized', `Incorrect API key provided: ${key}.`);
}

async function readObject({ request }: Exchange): Promise<Record<string, unknown>> {
  const body = await readJson(request);
  if (body === null || typeof body !== 'object') {
    throw new Refusal('invalid', 'The request body is not valid JSON.');
  }
  return body as Record<string, unknown>;
}

interface Details {
  readonly endpoint: Endpoint;
  readonly completionWindow: string;
  readonly metadata: Readonly<Record<string, string>> | null;
}

/** What `createBatch` kept. */
function detailsOf(record: BatchRecord): Details {
  return record.details as unknown as Details;
}

function noFile(id: string): Refusal {
  return new Refusal('not_found', `No such File object: ${id}`);
}

function outputIdOf(record: BatchRecord, file: OutputFile): string {
  return `file-${file}-${record.id.slice('batch_'.length)}`;
}

type FileShown = Pick<StoredFile, 'id' | 'bytes' | 'createdMs' | 'filename' | 'purpose'>;

function describeFile(file: FileShown): { readonly id: string } & Readonly<Record<string, unknown>> {
  return {
    id: file.id,
    object: 'file',
    bytes: file.bytes,
    created_at: Math.floor(file.createdMs / 1000),
    filename: file.filename,
    purpose: file.purpose,
    status: 'processed',
  };
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
      'invalid',
      "Invalid 'metadata': at most 16 pairs, keys up to 64 and values up to 512 characters.",
    );
  }
  return Object.fromEntries(entries) as Record<string, string>;
}
