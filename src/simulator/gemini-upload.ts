// Google's resumable upload: a start that names the file, then its bytes in one or more chunks, each at an offset. The
// chunks received are kept as files, so an upload may go on at another process or after a restart.
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type Exchange, readJson, sendJson } from './http.ts';
import { Refusal } from './protocol.ts';
import type { Store, StoredFile } from './store.ts';

const FOLDER = 'uploads';

/** Where chunks go. */
export const CHUNK_PATH = '/upload/v1beta/files/resumable';

interface Started {
  readonly filename: string;
  readonly mimeType: string;
}

/** Answers the start of an upload with the address for its chunks. */
export async function startUpload(store: Store, { request, response, base }: Exchange): Promise<void> {
  const { headers } = request;
  if (headers['x-goog-upload-protocol'] !== 'resumable' || headers['x-goog-upload-command'] !== 'start') {
    throw new Refusal('invalid', 'This simulator knows resumable uploads only.');
  }
  const mimeType = headers['x-goog-upload-header-content-type'];
  if (typeof mimeType !== 'string' || mimeType === '')
    throw new Refusal('invalid', 'The file needs a MIME type.');
  const body = (await readJson(request)) as { file?: { displayName?: unknown } } | undefined;
  const started: Started = { filename: String(body?.file?.displayName ?? ''), mimeType };
  const id = randomUUID().replaceAll('-', '');
  await store.place(await store.receive([Buffer.from(JSON.stringify(started))]), FOLDER, `${id}.json`);
  sendJson(
    response,
    200,
    {},
    { 'x-goog-upload-status': 'active', 'x-goog-upload-url': `${base}${CHUNK_PATH}?upload_id=${id}` },
  );
}

/** Takes a chunk. The file when it was the last one, else null: then it has been answered. */
export async function takeChunk(
  store: Store,
  { request, response, query }: Exchange,
): Promise<StoredFile | null> {
  const id = query.get('upload_id') ?? '';
  const text = /^[0-9a-f]{32}$/.test(id) ? await store.text(FOLDER, `${id}.json`) : null;
  if (text === null) throw new Refusal('not_found', 'There is no such upload.');
  const commands = String(request.headers['x-goog-upload-command'] ?? '').split(/,\s*/);
  const offset = Number(request.headers['x-goog-upload-offset'] ?? Number.NaN);
  const before = await received(store, id);
  const chunk = await store.receive(request);
  if (!commands.includes('upload') || offset !== before.bytes) {
    await store.discard(chunk);
    throw new Refusal('invalid', `The chunk must be an upload at offset ${before.bytes}.`);
  }
  const name = `${id}-${String(before.names.length).padStart(6, '0')}-${chunk.bytes}`;
  await store.place(chunk, FOLDER, name);
  if (!commands.includes('finalize')) {
    sendJson(response, 200, {}, { 'x-goog-upload-status': 'active' });
    return null;
  }
  const names = [...before.names, name];
  const { filename, mimeType } = JSON.parse(text) as Started;
  const upload = await store.receive(joined(names.map((one) => store.path(FOLDER, one))));
  const about = { protocol: 'gemini', filename, purpose: 'upload', details: { mimeType } } as const;
  const file = await store.addFile(upload, about);
  for (const one of [...names, `${id}.json`]) await rm(store.path(FOLDER, one), { force: true });
  return file;
}

/** The chunks there are, in order. */
async function received(store: Store, id: string): Promise<{ names: readonly string[]; bytes: number }> {
  const names = (await store.names(FOLDER)).filter((name) => name.startsWith(`${id}-`));
  return { names, bytes: names.reduce((sum, name) => sum + Number(name.split('-')[2]), 0) };
}

async function* joined(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path) as AsyncIterable<Uint8Array>;
}
