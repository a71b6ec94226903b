// The simulator: a server on the loopback address that speaks batch protocols over one directory. It answers what the
// directory says and keeps no truth of its own, so any number of processes may serve the same one.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openContextShelf } from './contexts.ts';
import { CONTROL_PATH, createControl } from './control.ts';
import type { Faults } from './faults.ts';
import { sendJson } from './http.ts';
import { createMishaps } from './mishaps.ts';
import { createOpenAiService, errorBody } from './openai.ts';
import { DEFAULT_SETTINGS, readSettings } from './settings.ts';
import { openStore } from './store.ts';

/** How to start a simulator. Settings not given are the defaults; those stored in the directory win over all. */
export interface SimulatorOptions {
  readonly directory: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly latency?: { readonly minMs: number; readonly maxMs: number };
  readonly faults?: Partial<Faults>;
  readonly lifetimeMs?: number | null;
  readonly seed?: string;
}

/** A running simulator. `url` has no path: OpenAI's base URL is `${url}/v1`. */
export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** Stops serving; open connections are cut. The state stays in the directory. */
  close(): Promise<void>;
}

/** Starts a simulator on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { directory, port = 0, ...given } = options;
  const settings = readSettings(given, DEFAULT_SETTINGS);
  const store = await openStore(directory);
  const contexts = openContextShelf(store);
  const mishaps = createMishaps();
  const parts = { store, contexts, mishaps, settings };
  const openai = createOpenAiService(parts);
  const control = createControl(parts);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const method = request.method ?? 'GET';
    const path = url.pathname.replace(/\/+$/, '');
    const exchange = { request, response, method, path, query: url.searchParams };
    const mishap = mishaps.take('fail', (one) => one.method === method && path.startsWith(one.path));
    if (mishap !== null) {
      for await (const _ of request) {
        // A client that is still sending would see a broken connection instead of the status.
      }
      sendJson(response, mishap.status, errorBody(mishap.status, 'as was asked for', mishap.code ?? null));
      return;
    }
    const handled = path.startsWith(`${CONTROL_PATH}/`)
      ? await control(exchange)
      : path.startsWith('/v1/') && (await openai(exchange));
    if (!handled) sendJson(response, 404, errorBody(404, `Invalid URL (${method} ${path})`, null));
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Too late for a status, or the client has gone: cutting the connection is the honest answer.
      if (response.headersSent || response.destroyed) response.destroy();
      else
        sendJson(
          response,
          500,
          errorBody(500, error instanceof Error ? error.message : 'unknown error', null),
        );
    });
  });
  // Longer than a client keeps an idle connection, so that none is closed under a request that is just being sent.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
