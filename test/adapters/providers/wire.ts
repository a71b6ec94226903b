// Records what an SDK really sends, on a loopback server, so that an upgrade that changes the wire is seen.
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';

/** One request as it arrived. `body` is JSON when it is JSON, else text; of a form, with a fixed boundary. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the server answers: JSON, or text. `{url}` in a header's value is the server's address. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A server that keeps what it was sent. */
export interface Recorder {
  readonly url: string;
  readonly sent: readonly Sent[];
  close(): Promise<void>;
}

/** Node's own headers: they change with Node and not with an SDK. */
const OF_NODE = [
  'host',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'accept-language',
  'sec-fetch-mode',
];

/** Starts a server that answers each request by `reply`, whatever was asked before. */
export async function recordWire(reply: (sent: Sent) => Reply): Promise<Recorder> {
  const sent: Sent[] = [];
  const server = createServer((request, response) => {
    void readSent(request).then((one) => {
      sent.push(one);
      answer(response, reply(one));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function answer(response: ServerResponse, { status = 200, headers = {}, body = {} }: Reply): void {
    const json = typeof body !== 'string';
    response.writeHead(status, {
      'content-type': json ? 'application/json' : 'application/jsonl',
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name, value.replaceAll('{url}', url)]),
      ),
    });
    response.end((json ? JSON.stringify(body) : body).replaceAll('{url}', url));
  }

  return {
    url,
    sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Holds what was sent against `test/golden/wire/<name>.json`; `UPDATE_GOLDEN=1` writes it anew. `masks` replace what
 * must not be kept or changes each time (keys, the server's address), in every text.
 */
export async function expectWire(
  name: string,
  sent: readonly Sent[],
  masks: Readonly<Record<string, string>>,
): Promise<void> {
  let text = `${JSON.stringify(sent, null, 2)}\n`;
  for (const [from, to] of Object.entries(masks)) text = text.replaceAll(from, to);
  const file = new URL(`../../golden/wire/${name}.json`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === '1') await writeFile(file, text);
  expect(text).toBe(await readFile(file, 'utf8'));
}

async function readSent(request: IncomingMessage): Promise<Sent> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  let text = Buffer.concat(chunks).toString('utf8').replaceAll('\r\n', '\n');
  const url = new URL(request.url ?? '/', 'http://loopback');
  const headers = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !OF_NODE.includes(name))
      .map(([name, value]): [string, string] => [name, String(value)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const boundary = /boundary=("?)([^";]+)\1/.exec(headers['content-type'] ?? '')?.[2];
  if (boundary !== undefined) {
    text = text.replaceAll(boundary, 'boundary');
    headers['content-type'] = headers['content-type']?.replace(boundary, 'boundary') ?? '';
  }
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body: bodyOf(text),
  };
}

function bodyOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.includes('\n') ? text.split('\n') : text;
  }
}
