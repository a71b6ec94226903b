// The simulator: a server on the loopback address that speaks batch protocols over one directory. It answers what the
// directory says and keeps no truth of its own, so any number of processes may serve the same one.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openContextShelf } from './contexts.ts';
import { CONTROL_PATH, createControl } from './control.ts';
import type { Faults } from './faults.ts';
import { drain, type Exchange, sendJson } from './http.ts';
import { openLedger } from './ledger.ts';
import { type CallMishaps, createMishaps } from './mishaps.ts';
import { kindOfStatus, LostAnswer, type Protocol, Refusal, type ServiceParts } from './protocol.ts';
import { createProtocols } from './protocols.ts';
import { currentSettings, DEFAULT_SETTINGS, readSettings } from './settings.ts';
import { openStore } from './store.ts';

/** How to start a simulator. Settings not given are the defaults; those stored in the directory win over all. */
export interface SimulatorOptions {
  readonly directory: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  readonly latency?: { readonly minMs: number; readonly maxMs: number };
  readonly callLatency?: { readonly minMs: number; readonly maxMs: number };
  readonly faults?: Partial<Faults>;
  readonly lifetimeMs?: number | null;
  readonly seed?: string;
  /** Settings as data, stored in the directory: they hold for every process that serves it. */
  readonly scenario?: object;
}

/** A running simulator. `url` has no path: OpenAI's base URL is `${url}/v1`, the others' `${url}/anthropic`, ... */
export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** The last time that the system did not let it keep its state, as on a full disk; null: never. */
  trouble(): Error | null;
  /** Stops serving; open connections are cut. The state stays in the directory. */
  close(): Promise<void>;
}

/** Starts a simulator on 127.0.0.1. Rejects with SettingsError, FaultsError or MishapError. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { directory, port = 0, scenario, ...given } = options;
  const own = readSettings(given, DEFAULT_SETTINGS);
  if (scenario !== undefined) readSettings(scenario, own);
  const store = await openStore(directory);
  if (scenario !== undefined) await store.replaceSettings(JSON.stringify(scenario));
  const mishaps = createMishaps(store);
  const parts: ServiceParts = {
    store,
    contexts: openContextShelf(store),
    ledger: openLedger(store),
    settings: () => currentSettings(store, own),
  };
  const protocols = createProtocols(parts);
  const control = createControl({ ...parts, own, mishaps, protocols });

  let trouble: Error | null = null;
  const noteTrouble = (error: unknown): void => {
    if (error instanceof Error && 'code' in error && DISK_TROUBLE.has(error.code)) trouble = error;
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? 'GET';
    const whole = url.pathname.replace(/\/+$/, '');
    const at = (path: string, base: string, due: CallMishaps): Exchange => ({
      request,
      response,
      method,
      path,
      query: url.searchParams,
      base,
      mishaps: due,
    });
    if (whole.startsWith(`${CONTROL_PATH}/`)) {
      const known = await control(at(whole.slice(CONTROL_PATH.length), origin, NO_MISHAPS));
      if (!known) sendJson(response, 404, { error: { message: `there is no ${method} ${whole}` } });
      return;
    }
    const protocol = protocols.find(({ prefix }) => prefix === '' || whole.startsWith(`${prefix}/`));
    if (protocol === undefined) throw new Error('the list of protocols has none for other paths');
    const path = whole.slice(protocol.prefix.length);
    const incoming = { protocol: protocol.name, call: protocol.callOf(method, path), method, path: whole };
    const due = await mishaps.open(incoming, (await parts.settings()).mishaps);
    try {
      if (await interfere(due, request, response)) return;
      const known = await protocol.handle(at(path, `${origin}${protocol.prefix}`, due));
      if (!known) throw new Refusal('not_found', `Invalid URL (${method} ${whole})`);
    } catch (error) {
      noteTrouble(error);
      sendProblem(protocol, error, response);
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      noteTrouble(error);
      if (response.headersSent || response.destroyed) response.destroy();
      else sendJson(response, 500, { error: { message: messageOf(error) } });
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
    trouble: () => trouble,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What the system says when it does not let a file be written. */
const DISK_TROUBLE: ReadonlySet<unknown> = new Set([
  ...['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EACCES', 'EPERM', 'EIO'],
]);

const NO_MISHAPS: CallMishaps = { take: () => null };

/** The mishaps that happen before a protocol hears of a call. True: it has been dealt with. Throws what is a no. */
async function interfere(
  due: CallMishaps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const refused = refusalAsked(due);
  if (refused !== null) {
    await drain(request);
    throw refused;
  }
  if (due.take('hang') !== null) {
    await drain(request);
    if (!response.destroyed) await once(response, 'close');
    return true;
  }
  for (const [name, value] of Object.entries(due.take('headers')?.headers ?? {})) {
    response.setHeader(name, value);
  }
  return false;
}

function refusalAsked(due: CallMishaps): Refusal | null {
  const asked = 'As was asked for.';
  const fail = due.take('fail');
  if (fail !== null) {
    const { status, code, headers } = fail;
    return new Refusal(kindOfStatus(status), fail.message ?? asked, { status, code, headers });
  }
  const limit = due.take('rate_limit');
  if (limit !== null) {
    return new Refusal('rate_limit', 'Rate limit reached.', { retryAfterMs: limit.retryAfterMs });
  }
  if (due.take('spend_limit') !== null) return new Refusal('spend_limit', 'The spend limit is reached.');
  if (due.take('overloaded') !== null) return new Refusal('overloaded', 'Overloaded.');
  return null;
}

/** Sends an error in the protocol's shape, or cuts the connection when that is what happened. */
function sendProblem(protocol: Protocol, error: unknown, response: ServerResponse): void {
  // Too late for a status, or the client has gone: cutting the connection is the honest answer.
  if (error instanceof LostAnswer || response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const refusal = error instanceof Refusal ? error : new Refusal('failed', messageOf(error));
  const { status, headers, body } = protocol.errorOf(refusal);
  sendJson(response, status, body, { ...headers, ...refusal.headers });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
