// The local GitHub: one server on the loopback address for REST, GraphQL, the results service and its blob store.
// It holds no state on disk, and README.md lists what the real one does and this one does not.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerBlob } from './blob-store.ts';
import { type Description, readDescription } from './description.ts';
import { type Call, forbidden, notFound, Refusal, type Reply, type Route, refusal } from './exchange.ts';
import { answerGraphql } from './graphql.ts';
import { createLimits, DOCUMENTED_LIMITS, type LimitSettings, type Limits } from './limits.ts';
import { ACTIONS_ROUTES } from './rest-actions.ts';
import { CHECK_ROUTES } from './rest-checks.ts';
import { CONTENT_ROUTES } from './rest-contents.ts';
import { GIT_ROUTES } from './rest-git.ts';
import { repositoryOfCall, TALK_ROUTES } from './rest-talk.ts';
import { answerResults, BLOB_PATH, RESULTS_PATH, twirp } from './results.ts';
import { allows, seesRepository } from './tokens.ts';
import { createWorld, type Token, type World } from './world.ts';

/** How to start a local GitHub. */
export interface GitHubOptions {
  /** Where its clock stands, in ISO 8601; it moves only by `world.advance`. */
  readonly now?: string;
  readonly limits?: Partial<LimitSettings>;
}

/** A request as the log keeps it. `status` is null while there is no answer, and when none was sent. */
export interface Logged {
  /** From 1, in the order they came. */
  readonly number: number;
  readonly method: string;
  /** With its query, without signatures. */
  readonly path: string;
  /** As GitHub names it (`issues/create-comment`), or `graphql`, `results CreateArtifact`, `blob`. */
  readonly operation: string | null;
  readonly body: unknown;
  status: number | null;
}

/** Something that happens to requests. `cut` breaks the connection before the request is heard, `lose` after. */
export interface Interference {
  readonly when: (request: Logged) => boolean;
  /** How often; once when absent. */
  readonly times?: number;
  readonly what:
    | {
        readonly kind: 'answer';
        readonly status: number;
        readonly body?: unknown;
        readonly headers?: Readonly<Record<string, string>>;
      }
    | { readonly kind: 'cut' }
    | { readonly kind: 'lose' }
    | { readonly kind: 'run'; readonly run: () => void | Promise<void> };
}

/** A running local GitHub. */
export interface LocalGitHub {
  /** The base address of the REST API; GraphQL is at `/graphql` below it. */
  readonly url: string;
  readonly world: World;
  readonly log: readonly Logged[];
  /** Requests and answers that break GitHub's description. A test ends with none. */
  readonly violations: readonly string[];
  interfere(interference: Interference): void;
  close(): Promise<void>;
}

const ROUTES: readonly (Route & { readonly pattern: RegExp })[] = [
  ...TALK_ROUTES,
  ...CHECK_ROUTES,
  ...GIT_ROUTES,
  ...CONTENT_ROUTES,
  ...ACTIONS_ROUTES,
].map((route) => ({ ...route, pattern: patternOf(route.path) }));

/** Where the clock stands when nobody says. */
const DEFAULT_NOW = '2026-11-23T08:00:00Z';

/** Starts a local GitHub on 127.0.0.1, at any free port. */
export async function startGitHub(options: GitHubOptions = {}): Promise<LocalGitHub> {
  const world = createWorld(options.now ?? DEFAULT_NOW);
  const description = readDescription();
  const limits = createLimits(world, { ...DOCUMENTED_LIMITS, ...options.limits });
  const log: Logged[] = [];
  const violations: string[] = [];
  const due: { interference: Interference; left: number }[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', world.origin);
    const method = request.method ?? 'GET';
    const bytes = await readAll(request);
    const route = ROUTES.find((one) => one.method === method && one.pattern.test(url.pathname));
    const logged: Logged = {
      number: log.length + 1,
      method,
      path: `${url.pathname}${url.search.replace(/sig=[^&]+/, 'sig=***')}`,
      operation: operationOf(url.pathname, route, description),
      body: /json/.test(String(request.headers['content-type'])) ? jsonOf(bytes) : null,
      status: null,
    };
    log.push(logged);
    const asked = due.find(({ interference, left }) => left > 0 && interference.when(logged));
    if (asked !== undefined) asked.left -= 1;
    const what = asked?.interference.what;
    if (what?.kind === 'cut') {
      request.socket.destroy();
      return;
    }
    if (what?.kind === 'run') await what.run();
    const call = { method, path: url.pathname, query: url.searchParams, headers: request.headers, bytes };
    const reply =
      what?.kind === 'answer'
        ? {
            status: what.status,
            body: what.body ?? { message: 'As was asked for' },
            headers: what.headers ?? {},
          }
        : replyTo({ ...call, body: logged.body, params: {} }, route, {
            world,
            description,
            limits,
            violations,
          });
    if (what?.kind === 'lose') {
      request.socket.destroy();
      return;
    }
    logged.status = reply.status;
    send(response, reply, logged.number);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      violations.push(`the server broke: ${error instanceof Error ? error.stack : String(error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  world.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: world.origin,
    world,
    log,
    violations,
    interfere: (interference) => {
      due.push({ interference, left: interference.times ?? 1 });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Parts {
  readonly world: World;
  readonly description: Description;
  readonly limits: Limits;
  readonly violations: string[];
}

/** Finds who answers. */
function replyTo(read: Omit<Call, 'token'>, route: (typeof ROUTES)[number] | undefined, parts: Parts): Reply {
  const { world } = parts;
  return refusalAsReply(() => {
    if (read.path.startsWith(BLOB_PATH)) return answerBlob({ ...read, token: NOBODY }, world);
    const bearer = /^(?:bearer|token)\s+(.+)$/i.exec(String(read.headers.authorization ?? ''))?.[1] ?? '';
    if (read.path.startsWith(RESULTS_PATH)) {
      const job = world.runtimeTokens.get(bearer);
      if (job === undefined) throw twirp(401, 'unauthenticated', 'the token is not known');
      return answerResults(read.path.slice(RESULTS_PATH.length), { ...read, token: NOBODY }, job, world);
    }
    const token = world.tokens.get(bearer);
    if (token === undefined) {
      throw refusal(401, bearer === '' ? 'Requires authentication' : 'Bad credentials');
    }
    return answerApi({ ...read, token }, route, parts);
  });
}

function refusalAsReply(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

/** Answers REST and GraphQL, with the headers of the rate limit on whatever is said. */
function answerApi(call: Call, route: (typeof ROUTES)[number] | undefined, parts: Parts): Reply {
  const { world, limits } = parts;
  const resource = call.path === '/graphql' ? 'graphql' : 'core';
  const reply = refusalAsReply(() => {
    // Looking at the limits costs nothing.
    if (call.path === '/rate_limit') return rateLimit(call.token, parts);
    const query = (call.body as { query?: string } | null)?.query ?? '';
    const makes = resource === 'core' ? call.method !== 'GET' : /^\s*mutation\b/.test(query);
    limits.take(call.token, resource, makes);
    if (resource === 'graphql') return answerGraphql(call, world);
    if (route === undefined) throw notFound();
    return answerRest(call, route, parts);
  });
  return { ...reply, headers: { ...limits.headers(call.token, resource), ...reply.headers } };
}

function answerRest(given: Call, route: (typeof ROUTES)[number], parts: Parts): Reply {
  const { world, description, violations } = parts;
  const groups = route.pattern.exec(given.path)?.groups ?? {};
  const params = Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]);
  const call: Call = { ...given, params: Object.fromEntries(params) };
  if (call.params.owner !== undefined) {
    const repository = repositoryOfCall(call, world);
    if (!seesRepository(call.token, repository)) throw notFound();
    if (!allows(call.token, repository, route.need)) throw forbidden(route.need);
  }
  const name = `${route.method} ${route.path}`;
  const problems = description.requestProblems(name, call);
  if (problems.length > 0) {
    violations.push(...problems.map((problem) => `${name}: request: ${problem}`));
    throw refusal(422, `Invalid request.\n\n${problems.join('\n')}`);
  }
  const reply = refusalAsReply(() => route.handle(call, world));
  violations.push(...description.replyProblems(name, reply).map((problem) => `${name}: ${problem}`));
  return reply;
}

const NOBODY: Token = { value: '', repository: '', login: '', permissions: {} };

function rateLimit(token: Token, { limits, description, violations }: Parts): Reply {
  const core = limits.overview(token, 'core');
  const search = { limit: 30, remaining: 30, used: 0, reset: core.reset };
  const resources = { core, graphql: limits.overview(token, 'graphql'), search };
  const reply = { status: 200, body: { resources, rate: core } };
  violations.push(...description.replyProblems('GET /rate_limit', reply));
  return reply;
}

function operationOf(path: string, route: Route | undefined, description: Description): string | null {
  if (path.startsWith(BLOB_PATH)) return 'blob';
  if (path.startsWith(RESULTS_PATH)) return `results ${path.slice(RESULTS_PATH.length)}`;
  if (path === '/graphql') return 'graphql';
  return route === undefined ? null : (description.idOf(`${route.method} ${route.path}`) ?? null);
}

/** A path of the description as a pattern; refs and files may hold slashes. */
function patternOf(path: string): RegExp {
  const source = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    ['path', 'ref', 'branch', 'workflow_id'].includes(name) ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`,
  );
  return new RegExp(`^${source}$`);
}

async function readAll(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function jsonOf(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
}

function send(response: ServerResponse, reply: Reply, number: number): void {
  const { status, body, bytes, headers = {} } = reply;
  const content = bytes ?? (body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)));
  const type =
    bytes === undefined && body !== undefined ? { 'content-type': 'application/json; charset=utf-8' } : {};
  const length = status === 204 ? {} : { 'content-length': String(content.length) };
  response.writeHead(status, { 'x-github-request-id': `LOCAL:${number}`, ...type, ...length, ...headers });
  response.end(content);
}
