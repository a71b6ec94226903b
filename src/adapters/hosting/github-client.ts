// The one client of GitHub's API that all parts of a job share: it counts, waits and repeats, and says in a sentence what
// was refused. It repeats no call that could do something twice, and no message of it holds the token.
import type { getOctokit } from '@actions/github';
import type { Clock } from '../../ports/clock.ts';
import { HostingError, PermissionError } from '../../ports/hosting.ts';

/** GitHub's own client, whose methods know their parameters and answers. */
export type Octokit = ReturnType<typeof getOctokit>;

/** What a call is for, and how it may be made. */
export interface CallManner {
  /** What the job wants to do, after "to": `write a comment`. */
  readonly what: string;
  /** What a workflow must grant for it, such as `pull-requests: write`. */
  readonly permission: string;
  /** `never`: carried out twice it does harm, so it is not repeated when its answer was lost. */
  readonly repeat: 'safe' | 'never';
}

/** An answer as Octokit's methods give it. */
export interface RestAnswer<T> {
  readonly data: T;
  readonly status: number;
}

export interface GithubClient {
  readonly owner: string;
  readonly repo: string;
  /**
   * One REST call: `rest(({ rest }) => rest.repos.get(here), manner)`. Gives the data of the answer. Rejects with a
   * PermissionError or a HostingError.
   */
  rest<T>(call: (octokit: Octokit) => Promise<RestAnswer<T>>, manner: CallManner): Promise<T>;
  /** One GraphQL call. Rejects like `rest`, and with a GraphqlRefusal when the answer tells of errors. */
  graphql<T>(query: string, variables: Readonly<Record<string, unknown>>, manner: CallManner): Promise<T>;
  /** Requests sent so far, repeated ones included. */
  calls(): number;
}

/** How to reach GitHub for one repository. */
export interface GithubAccess {
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  /** The base of the REST API; GitHub's own when absent. */
  readonly apiUrl?: string;
}

/** GraphQL answered with errors; `types` are GitHub's names for them, such as `STALE_DATA`. */
export class GraphqlRefusal extends HostingError {
  readonly types: readonly string[];
  constructor(message: string, types: readonly string[]) {
    super(message, 200);
    this.name = 'GraphqlRefusal';
    this.types = types;
  }
}

/** Tries of one call in all, as long as GitHub fails in passing. */
const TRIES = 4;
/** The first pause after a failure, doubled each time (ms). */
const PAUSE_MS = 1000;
/** The longest wait for a rate limit (ms), and how many waits a call is worth. */
const LONGEST_WAIT_MS = 120_000;
const WAITS = 3;
/** What GitHub asks for when a secondary limit names no time (ms). */
const UNNAMED_WAIT_MS = 60_000;
/** An answer that has not come by then does not come (ms). */
const TIMEOUT_MS = 60_000;

/** A client for one job. It reaches for GitHub's package when the first call is made. */
export function openGithubClient(access: GithubAccess, clock: Clock): GithubClient {
  let calls = 0;
  let opened: Promise<Octokit> | null = null;

  async function open(): Promise<Octokit> {
    const { getOctokit } = await import('@actions/github');
    const octokit = getOctokit(access.token, { baseUrl: access.apiUrl ?? 'https://api.github.com' });
    octokit.hook.before('request', (options) => {
      calls++;
      options.request = { ...options.request, signal: AbortSignal.timeout(TIMEOUT_MS) };
    });
    return octokit;
  }

  async function persist<T>(attempt: (octokit: Octokit) => Promise<T>, manner: CallManner): Promise<T> {
    const octokit = await (opened ??= open());
    let waits = 0;
    for (let failures = 0; ; ) {
      const trouble = await attempt(octokit).then(
        (value) => ({ kind: 'none', value }) as const,
        (error: unknown) => troubleOf(error, clock.now()),
      );
      switch (trouble.kind) {
        case 'none':
          return trouble.value;
        case 'limited':
          if (trouble.waitMs > LONGEST_WAIT_MS || ++waits > WAITS)
            throw limited(manner, clock.now() + trouble.waitMs);
          // Some chance in it: those who were held back together should not come back together.
          await clock.sleep(trouble.waitMs + Math.random() * PAUSE_MS);
          break;
        case 'unclear':
          if (manner.repeat === 'never' || ++failures >= TRIES) throw unclear(trouble, manner, access.token);
          await clock.sleep(PAUSE_MS * 2 ** (failures - 1) * (0.75 + Math.random() / 2));
          break;
        case 'refused':
          throw refused(trouble, manner, access.token);
        default:
          throw trouble satisfies never;
      }
    }
  }

  return {
    owner: access.owner,
    repo: access.repo,
    rest: (call, manner) =>
      persist(async (octokit) => {
        const { data, status } = await call(octokit);
        // Every answer with a body is JSON: text is what is left of one whose connection broke.
        if (typeof data === 'string' && status !== 204) throw new BrokenOff();
        return data;
      }, manner),
    graphql: (query, variables, manner) =>
      persist(async (octokit) => {
        const data: unknown = await octokit.graphql(query, { ...variables });
        if (typeof data !== 'object' || data === null) throw new BrokenOff();
        return data as never;
      }, manner),
    calls: () => calls,
  };
}

/** True when a call may have been carried out, though GitHub did not say so. */
export function isUnclear(error: unknown): boolean {
  return error instanceof HostingError && (error.status === null || error.status >= 500);
}

/** An answer broke off. */
class BrokenOff extends Error {}

type Trouble =
  /** Not carried out: too many calls. */
  | { readonly kind: 'limited'; readonly waitMs: number }
  /** Perhaps carried out. `status` is null when there was no answer. */
  | { readonly kind: 'unclear'; readonly status: number | null; readonly message: string }
  /** Not carried out, and a later try would be no better. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly message: string;
      /** GitHub's header with the permissions that would do, or null. */
      readonly accepted: string | null;
      /** Of the errors of a GraphQL answer; null for REST. */
      readonly types: readonly string[] | null;
    };

/** The errors of Octokit, by shape: its classes may be there in several versions. */
interface OctokitError {
  readonly status?: number;
  readonly message?: string;
  readonly response?: {
    readonly headers?: Readonly<Record<string, string | number | undefined>>;
    readonly data?: unknown;
  };
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  readonly errors?: readonly { readonly type?: string; readonly message?: string }[];
}

function troubleOf(error: unknown, now: number): Trouble {
  if (error instanceof BrokenOff) return { kind: 'unclear', status: null, message: 'the answer broke off' };
  if (!(error instanceof Error)) throw error;
  const told = error as OctokitError;
  if (Array.isArray(told.errors) && told.response !== undefined && told.status === undefined)
    return graphqlTrouble(told, now);
  if (typeof told.status !== 'number') {
    // A mistake of ours is no trouble of GitHub's.
    if (error.name !== 'TimeoutError' && error.name !== 'AbortError') throw error;
    return { kind: 'unclear', status: null, message: 'no answer came in time' };
  }
  // Octokit calls it 500 when there was no answer at all.
  if (told.response === undefined) return { kind: 'unclear', status: null, message: error.message };
  const { status } = told;
  const message = wordsOf(told);
  const header = headersOf(told.response.headers);
  if (status === 429 || (status === 403 && isLimit(message, header)))
    return { kind: 'limited', waitMs: waitOf(header, now) };
  if (status >= 500 || status === 408) return { kind: 'unclear', status, message };
  return {
    kind: 'refused',
    status,
    message,
    accepted: header('x-accepted-github-permissions'),
    types: null,
  };
}

function graphqlTrouble({ errors = [], headers }: OctokitError, now: number): Trouble {
  const types = errors.flatMap(({ type }) => (typeof type === 'string' ? [type] : []));
  const message = errors.map((one) => one.message ?? '').join(' ');
  const header = headersOf(headers);
  if (types.includes('RATE_LIMITED') || /secondary rate limit/i.test(message))
    return { kind: 'limited', waitMs: waitOf(header, now) };
  // An error of GitHub's own has no type: "Something went wrong while executing your query".
  if (types.length === 0 && /something went wrong|timed? ?out|timeout|couldn't respond/i.test(message))
    return { kind: 'unclear', status: 502, message };
  const status = types.includes('FORBIDDEN') || types.includes('INSUFFICIENT_SCOPES') ? 403 : 200;
  return { kind: 'refused', status, message, accepted: null, types };
}

type Header = (name: string) => string | null;

function headersOf(headers: OctokitError['headers']): Header {
  return (name) => {
    const value = headers?.[name];
    return value === undefined ? null : String(value);
  };
}

function isLimit(message: string, header: Header): boolean {
  return (
    header('retry-after') !== null || header('x-ratelimit-remaining') === '0' || /rate limit/i.test(message)
  );
}

function waitOf(header: Header, now: number): number {
  const after = Number(header('retry-after') ?? Number.NaN);
  if (Number.isFinite(after)) return Math.max(1, after) * 1000;
  const reset = Number(header('x-ratelimit-reset') ?? Number.NaN) * 1000;
  if (header('x-ratelimit-remaining') === '0' && Number.isFinite(reset)) return Math.max(1000, reset - now);
  return UNNAMED_WAIT_MS;
}

/** GitHub's words, without the addresses of its handbook. */
function wordsOf({ response, message = '' }: OctokitError): string {
  const data = response?.data as { message?: unknown; errors?: unknown } | null | undefined;
  if (typeof data !== 'object' || data === null || typeof data.message !== 'string') return message;
  const details = Array.isArray(data.errors)
    ? data.errors.map((one: unknown) =>
        typeof one === 'string' ? one : String((one as { message?: unknown } | null)?.message ?? ''),
      )
    : [];
  return [data.message, ...details.filter((one) => one !== '')].join(': ');
}

function limited({ what }: CallManner, until: number): HostingError {
  const time = new Date(until).toISOString().slice(0, 16).replace('T', ' ');
  return new HostingError(
    `GitHub allows no more calls before ${time} UTC, so this job could not go on to ${what}. A later job can.`,
    429,
  );
}

function unclear(
  { status, message }: Extract<Trouble, { kind: 'unclear' }>,
  { what }: CallManner,
  token: string,
): HostingError {
  const how = status === null ? `gave no answer (${quoted(message, token)})` : `failed with status ${status}`;
  return new HostingError(`GitHub ${how} when this job wanted to ${what}.`, status);
}

function refused(
  { status, message, accepted, types }: Extract<Trouble, { kind: 'refused' }>,
  { what, permission }: CallManner,
  token: string,
): Error {
  const words = quoted(message, token);
  if (status === 401) {
    return new PermissionError(
      permission,
      `GitHub did not accept this job's token (${words}) when it wanted to ${what}. Pass a token that is valid, such as \${{ github.token }}, with \`${permission}\`.`,
    );
  }
  if (status === 403 && !/archived/i.test(message)) {
    const needed = acceptedPermission(accepted, permission);
    return new PermissionError(
      needed,
      `GitHub did not let this job ${what} (${words}). Add \`${needed}\` to the permissions of the workflow.`,
    );
  }
  const sentence = `GitHub refused to ${what}: ${words}`;
  return types === null ? new HostingError(sentence, status) : new GraphqlRefusal(sentence, types);
}

/**
 * `issues=write; pull_requests=write` in the words of workflows. Each part would do, so the caller's choice counts when
 * it is among them.
 */
function acceptedPermission(header: string | null, wanted: string): string {
  const choices = (header ?? '')
    .split(';')
    .map((choice) => choice.trim())
    .filter((choice) => /^[a-z_]+=(read|write)(,[a-z_]+=(read|write))*$/.test(choice))
    .map((choice) => choice.replaceAll('_', '-').replaceAll('=', ': ').replaceAll(',', ', '));
  return choices.includes(wanted) ? wanted : (choices[0] ?? wanted);
}

function quoted(message: string, token: string): string {
  const oneLine = message.replace(/\s+/g, ' ').trim().slice(0, 300);
  return `"${token === '' ? oneLine : oneLine.replaceAll(token, '***')}"`;
}
