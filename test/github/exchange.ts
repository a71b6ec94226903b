// The words a request and its answer are made of inside the local GitHub, and the refusals in GitHub's shape.
import type { Token, World } from './world.ts';

/** What a token may be allowed, by the names workflows use. */
export type Permission =
  | 'actions'
  | 'checks'
  | 'contents'
  | 'issues'
  | 'metadata'
  | 'pull-requests'
  | 'statuses';

/** A request that has been read. */
export interface Call {
  readonly method: string;
  readonly path: string;
  /** What stood in the braces of the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The JSON of the body, or null where there is none. */
  readonly body: unknown;
  readonly bytes: Uint8Array;
  readonly token: Token;
}

/** An answer. `body` is sent as JSON, `bytes` as they are. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Which permissions let a token through: any one of `any`, at least at `level`. */
export interface Need {
  readonly level: 'read' | 'write';
  readonly any: readonly Permission[];
  /** Asked for in a public repository also, where reading is else free. */
  readonly always?: true;
}

/** One operation of the REST API. `path` is spelt as in GitHub's description. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly need: Need;
  readonly handle: (call: Call, world: World) => Reply;
}

/** An answer that is a no. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

const DOCS = 'https://docs.github.com/rest';

/** A refusal with GitHub's message shape. */
export function refusal(
  status: number,
  message: string,
  extra: object = {},
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const body = { message, ...extra, documentation_url: DOCS, status: String(status) };
  return new Refusal({ status, body, headers });
}

/** 404, also for what the token may not see. */
export function notFound(): Refusal {
  return refusal(404, 'Not Found');
}

/** 403 for a token without the permission; the header lists what would do. */
export function forbidden(need: Need): Refusal {
  const accepted = need.any.map((name) => `${name.replace('-', '_')}=${need.level}`).join('; ');
  const headers = { 'x-accepted-github-permissions': accepted };
  return refusal(403, 'Resource not accessible by integration', {}, headers);
}

/** 422 for one field. */
export function invalid(resource: string, field: string, message: string, code = 'custom'): Refusal {
  return refusal(422, 'Validation Failed', { errors: [{ resource, code, field, message }] });
}

/** One page of a list, with the Link header GitHub sends. `wrap` names the list inside an object with its total. */
export function page(call: Call, world: World, items: readonly unknown[], wrap: string | null = null): Reply {
  const size = Math.min(100, Math.max(1, Number(call.query.get('per_page') ?? 30) || 30));
  const at = Math.max(1, Number(call.query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const to = (number: number, rel: string) => {
    const query = new URLSearchParams(call.query);
    query.set('page', String(number));
    return `<${world.origin}${call.path}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(at > 1 ? [to(at - 1, 'prev')] : []),
    ...(at < last ? [to(at + 1, 'next'), to(last, 'last')] : []),
    ...(at > 1 ? [to(1, 'first')] : []),
  ];
  const shown = items.slice((at - 1) * size, at * size);
  return {
    status: 200,
    body: wrap === null ? shown : { total_count: items.length, [wrap]: shown },
    ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}),
  };
}
