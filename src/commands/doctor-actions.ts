// What `doctor` finds out about a job of GitHub Actions: its event, whose code it runs, and what its token may do. A write
// is tried only in a form that GitHub must refuse for its content, so that nothing is ever written.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, fine, found } from './doctor-check.ts';
import { fieldAt, readEvent } from './event.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const TIMEOUT_MS = 30_000;

/** A commit that no repository has. */
const NO_COMMIT = '0'.repeat(40);

/**
 * Calls that tell a permission by how they are refused: 403 without it, 404 and 422 with it, for what they name does not
 * exist. Not tried against github.com.
 */
const PROBES: readonly {
  readonly permission: string;
  readonly purpose: string;
  readonly path: string;
  readonly body: object | null;
}[] = [
  {
    permission: 'contents: write',
    purpose: 'to keep runs on a branch',
    path: 'git/refs',
    body: { ref: 'refs/heads/octobatch-doctor', sha: NO_COMMIT },
  },
  {
    permission: 'statuses: write',
    purpose: 'to set commit statuses',
    path: `statuses/${NO_COMMIT}`,
    body: { state: 'pending', context: 'octobatch doctor' },
  },
  {
    permission: 'actions: read',
    purpose: 'to fetch what earlier jobs kept',
    path: 'actions/artifacts?per_page=1',
    body: null,
  },
];

/** The checks of a job; none outside of GitHub Actions. */
export async function checkActions(environment: Environment, isOffline: boolean): Promise<readonly Check[]> {
  if (environment.GITHUB_ACTIONS !== 'true') return [];
  const event = readEvent(environment);
  const stranger = isFork(event);
  return [
    checkEvent(environment.GITHUB_EVENT_NAME ?? '', stranger),
    checkCheckout(environment.GITHUB_WORKSPACE ?? '.'),
    ...(await checkToken(environment, event, stranger, isOffline)),
  ];
}

function checkEvent(name: string, stranger: boolean): Check {
  if (name === 'pull_request_target') {
    const says = "pull_request_target gives the repository's secrets to a job about a stranger's code";
    return found('problem', 'event', says, 'use `on: pull_request`; see docs/forks.md');
  }
  const whose = stranger ? ', from a fork: no secrets, so answers are invented' : '';
  return fine('event', `${name === '' ? 'not known' : name}${whose}`);
}

function isFork(event: unknown): boolean {
  const pull = fieldAt(event, 'pull_request');
  if (typeof pull !== 'object' || pull === null) return false;
  const head = fieldAt(pull, 'head', 'repo', 'full_name');
  return head === undefined || head !== fieldAt(pull, 'base', 'repo', 'full_name');
}

/** Any depth will do: what a run is compared with is kept by the action, not read from the history. */
function checkCheckout(workspace: string): Check {
  return existsSync(join(workspace, '.git'))
    ? fine('checkout', 'the repository is checked out; any fetch-depth will do')
    : found(
        'warning',
        'checkout',
        'the repository is not checked out',
        'add actions/checkout before, except where the job only collects',
      );
}

async function checkToken(
  environment: Environment,
  event: unknown,
  stranger: boolean,
  isOffline: boolean,
): Promise<readonly Check[]> {
  const { GITHUB_TOKEN: token = '', GITHUB_REPOSITORY: repository = '', GITHUB_API_URL: api } = environment;
  const skipped = (says: string): Check => ({ name: 'token', state: 'skipped', says, fix: null });
  if (isOffline) return [skipped('not asked, because of --offline')];
  if (token === '') return [skipped('not in the environment; give the step GITHUB_TOKEN, from github.token')];
  if (!/^[\w-]+\/[\w.-]+$/.test(repository)) return [skipped('the repository is not known')];
  const base = `${(api ?? 'https://api.github.com').replace(/\/+$/, '')}/repos/${repository}`;
  const pull = fieldAt(event, 'pull_request', 'number');
  const comment =
    typeof pull !== 'number'
      ? []
      : [
          {
            permission: 'pull-requests: write',
            purpose: 'to comment',
            path: `issues/${pull}/comments`,
            // GitHub takes no comment without a text.
            body: { body: '' },
          },
        ];
  const checks: Check[] = [];
  for (const probe of [...PROBES, ...comment]) {
    const status = await ask(`${base}/${probe.path}`, token, probe.body);
    checks.push(judge(probe.permission, probe.purpose, status, stranger));
  }
  return checks;
}

function judge(permission: string, purpose: string, status: number | null, stranger: boolean): Check {
  if (status === null)
    return found(
      'warning',
      permission,
      'GitHub could not be reached',
      'see whether its API can be reached from here',
    );
  if (status === 401)
    return found('problem', permission, 'the token is not accepted', 'give the step the token of this job');
  if (status === 403 && stranger) return fine(permission, 'not granted, as for every fork');
  if (status === 403)
    return found(
      'warning',
      permission,
      `not granted, and needed ${purpose}`,
      `add \`${permission}\` to the job's permissions`,
    );
  if (status === 429 || status >= 500)
    return found('warning', permission, `GitHub answers ${status}`, 'try again later');
  return fine(permission, `granted, ${purpose}`);
}

async function ask(url: string, token: string, body: object | null): Promise<number | null> {
  try {
    const { status } = await fetch(url, {
      method: body === null ? 'GET' : 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'octobatch-action',
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    return status;
  } catch {
    return null;
  }
}
