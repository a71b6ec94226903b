// Gemini's files, batches and generateContent (v1beta) over the neutral core: paths of that protocol, and nothing else.
// An expired batch has no results here, as the service documents it; a cancelled one has those it had come to.
import { type Batches, openBatches } from './batches.ts';
import { customIdOf, openCalls, sendCall, unknownModel } from './calls.ts';
import { inspectInput, questionOf, readInput } from './gemini-input.ts';
import {
  answerBody,
  errorOf,
  fileShape,
  isShown,
  modelShape,
  operationOf,
  rowShape,
} from './gemini-output.ts';
import { CHUNK_PATH, startUpload, takeChunk } from './gemini-upload.ts';
import { type Exchange, readJson, sendContent, sendJson } from './http.ts';
import type { CallName } from './mishaps.ts';
import { BAD_KEY, type Protocol, Refusal, type ServiceParts, UNKNOWN_MODEL } from './protocol.ts';
import { bytesOf, rowText } from './rows.ts';
import type { StoredFile } from './store.ts';
import type { BatchRecord } from './timeline.ts';

/** The protocol over the parts. */
export function createGeminiProtocol(parts: ServiceParts): Protocol {
  const { store } = parts;
  const calls = openCalls(parts, 'gemini');
  const batches: Batches = openBatches(parts, {
    protocol: 'gemini',
    idPrefix: 'g',
    queueFullCode: null,
    questions: (record) => readInput(store.content(record.input), record.model ?? ''),
  });

  async function describe(record: BatchRecord): Promise<object> {
    return operationOf(record, await batches.state(record), await batches.tally(record));
  }

  async function finishUpload(exchange: Exchange): Promise<void> {
    const file = await takeChunk(store, exchange);
    if (file === null) return;
    await store.log({ event: 'upload', file: file.id, filename: file.filename, bytes: file.bytes });
    const shown = { file: fileShape(file, exchange.base) };
    sendJson(exchange.response, 200, shown, { 'x-goog-upload-status': 'final' });
  }

  async function findFile(id: string): Promise<StoredFile> {
    const file = await store.file(id);
    if (file?.protocol === 'gemini') return file;
    throw new Refusal(
      'forbidden',
      `You do not have permission to access the File ${id} or it may not exist.`,
    );
  }

  async function findBatch(id: string): Promise<BatchRecord> {
    const record = await batches.find(id);
    if (record === null) throw new Refusal('not_found', 'Requested entity was not found.');
    return record;
  }

  async function createBatch(exchange: Exchange, model: string): Promise<void> {
    const { batch } = await readObject(exchange);
    const given = (batch ?? {}) as { displayName?: unknown; inputConfig?: { fileName?: unknown } };
    const fileName = given.inputConfig?.fileName;
    if (typeof given.displayName !== 'string')
      throw new Refusal('invalid', 'batch.display_name is required.');
    if (typeof fileName !== 'string')
      throw new Refusal('invalid', 'This simulator takes batches from files only.');
    if (model === UNKNOWN_MODEL) throw unknownModel(model);
    const input = await findFile(fileName.replace(/^files\//, ''));
    const record = await batches.create(
      {
        ...(await inspectInput(store.content(input.id))),
        input: input.id,
        details: { displayName: given.displayName },
        model,
      },
      exchange,
    );
    sendJson(exchange.response, 200, await describe(record));
  }

  async function listBatches({ response, query }: Exchange): Promise<void> {
    const { items, next } = pageOf(await batches.list(), query);
    const operations = await Promise.all(items.map(describe));
    sendJson(response, 200, { ...(operations.length === 0 ? {} : { operations }), ...next });
  }

  async function listFiles({ response, query, base }: Exchange): Promise<void> {
    const { items, next } = pageOf((await store.files('gemini')).reverse(), query);
    const files = items.map((file) => fileShape(file, base));
    sendJson(response, 200, { ...(files.length === 0 ? {} : { files }), ...next });
  }

  async function* linesOf(record: BatchRecord): AsyncGenerator<readonly string[]> {
    for await (const rows of batches.rows(record))
      yield rows.filter(isShown).map((row) => rowText(row, rowShape(row)));
  }

  async function download(exchange: Exchange, id: string): Promise<void> {
    const record = id.startsWith('batch-') ? await batches.find(id.slice('batch-'.length)) : null;
    if (record === null) {
      await findFile(id);
      throw new Refusal('invalid', 'Uploaded files cannot be downloaded.');
    }
    const state = await batches.state(record);
    if (state.status === 'expired' || (await batches.tally(record)) === null) {
      throw new Refusal('not_found', 'Requested entity was not found.');
    }
    await store.log({ event: 'download', file: id, batch: record.id });
    await sendContent(exchange, 'application/jsonl', bytesOf(linesOf(record)));
  }

  async function answerCall(exchange: Exchange, model: string): Promise<void> {
    const body = await readObject(exchange);
    if (!Array.isArray(body.contents) || body.contents.length === 0) {
      throw new Refusal('invalid', '* GenerateContentRequest.contents: contents is not specified');
    }
    const call = await calls.ask(questionOf(model, customIdOf(exchange.request, body), body), exchange);
    sendCall(exchange.response, call, answerBody(call));
  }

  async function handle(exchange: Exchange): Promise<boolean> {
    const { method, path, response } = exchange;
    requireKey(exchange);
    const { pattern, id } = patternOf(method, path);
    switch (pattern) {
      case 'POST /upload/v1beta/files':
        await startUpload(store, exchange);
        return true;
      case `POST ${CHUNK_PATH}`:
        await finishUpload(exchange);
        return true;
      case 'GET /v1beta/files':
        await listFiles(exchange);
        return true;
      case 'GET /v1beta/files/:id':
        sendJson(response, 200, fileShape(await findFile(id), exchange.base));
        return true;
      case 'DELETE /v1beta/files/:id':
        await store.deleteFile((await findFile(id)).id);
        sendJson(response, 200, {});
        return true;
      case 'GET /v1beta/files/:id:download':
      case 'GET /download/v1beta/files/:id:download':
        await download(exchange, id);
        return true;
      case 'POST /v1beta/models/:id:batchGenerateContent':
        await createBatch(exchange, id);
        return true;
      case 'GET /v1beta/batches':
        await listBatches(exchange);
        return true;
      case 'GET /v1beta/batches/:id': {
        const record = await findBatch(id);
        await store.log({ event: 'poll', batch: record.id });
        sendJson(response, 200, await describe(record));
        return true;
      }
      case 'POST /v1beta/batches/:id:cancel':
        await batches.cancel(await findBatch(id));
        sendJson(response, 200, {});
        return true;
      case 'GET /v1beta/models/:id':
        if (id === UNKNOWN_MODEL) throw unknownModel(id);
        sendJson(response, 200, modelShape(id));
        return true;
      case 'POST /v1beta/models/:id:generateContent':
        await answerCall(exchange, id);
        return true;
      default:
        return false;
    }
  }

  return {
    name: 'gemini',
    prefix: '/gemini',
    batches,
    callOf: (method, path) => CALLS[patternOf(method, path).pattern] ?? null,
    handle,
    errorOf,
  };
}

/** An upload counts when it starts, not with each of its chunks. */
const CALLS: Readonly<Record<string, CallName>> = {
  'POST /upload/v1beta/files': 'upload',
  'POST /v1beta/models/:id:batchGenerateContent': 'create',
  'GET /v1beta/batches': 'list',
  'GET /v1beta/batches/:id': 'retrieve',
  'GET /v1beta/files/:id:download': 'content',
  'GET /download/v1beta/files/:id:download': 'content',
  'POST /v1beta/batches/:id:cancel': 'cancel',
  'GET /v1beta/models/:id': 'model',
  'POST /v1beta/models/:id:generateContent': 'ask',
};

/** A call with `:id` in the place of what names a file, a batch or a model; a verb may follow it. */
function patternOf(method: string, path: string): { readonly pattern: string; readonly id: string } {
  const match = /^((?:\/download)?\/v1beta\/(?:files|batches|models))\/([^/:]+)(:[a-zA-Z]+)?$/.exec(path);
  if (match === null) return { pattern: `${method} ${path}`, id: '' };
  return { pattern: `${method} ${match[1]}/:id${match[3] ?? ''}`, id: match[2] ?? '' };
}

function requireKey({ request, query }: Exchange): void {
  const key = request.headers['x-goog-api-key'] ?? query.get('key');
  if (typeof key !== 'string' || key === '') {
    throw new Refusal('forbidden', "Method doesn't allow unregistered callers. Please use an API key.");
  }
  if (key === BAD_KEY) throw new Refusal('unauthorized', 'API key not valid. Please pass a valid API key.');
}

async function readObject({ request }: Exchange): Promise<Record<string, unknown>> {
  const body = await readJson(request);
  if (body === null || typeof body !== 'object')
    throw new Refusal('invalid', 'Invalid JSON payload received.');
  return body as Record<string, unknown>;
}

/** One page. A page's token is the id of the last item before it. */
function pageOf<T extends { readonly id: string }>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly next: { readonly nextPageToken?: string } } {
  const size = query.has('pageSize') ? Number(query.get('pageSize')) : 50;
  if (!Number.isInteger(size) || size < 1)
    throw new Refusal('invalid', 'page_size is a whole number above 0.');
  const token = query.get('pageToken');
  const start = token === null ? 0 : all.findIndex(({ id }) => id === token) + 1;
  if (token !== null && start === 0) throw new Refusal('invalid', 'page_token is invalid.');
  const items = all.slice(start, start + Math.min(size, 100));
  const last = items.at(-1);
  return { items, next: last === undefined || last === all.at(-1) ? {} : { nextPageToken: last.id } };
}
