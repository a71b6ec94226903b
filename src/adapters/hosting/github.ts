// A repository on GitHub as the place where runs are shown. It knows REST and GraphQL, and nothing of runs.
import type { Clock } from '../../ports/clock.ts';
import {
  type HostedComment,
  type Hosting,
  HostingError,
  PermissionError,
  type PullFacts,
} from '../../ports/hosting.ts';
import { writeCheck } from './github-checks.ts';
import type { CallManner, GithubClient } from './github-client.ts';
import { createComment, deleteComment, editComment, listComments } from './github-comments.ts';
import { createRecent } from './github-recent.ts';
import { readStatus, writeStatus } from './github-statuses.ts';

/**
 * What has not been tried against github.com: that `viewer` names the token of a workflow, and that of an app, as the
 * list of comments names its author (`github-actions[bot]`), and under which login a token writes that may not ask.
 */
const LIVE = { viewer: '{ viewer { login } }', silent: 'github-actions[bot]' };

const WORKFLOWS = `query($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    object(expression: "HEAD:.github/workflows") {
      ... on Tree { entries { path object { ... on Blob { text isBinary isTruncated } } } }
    }
  }
}`;

interface WorkflowsAnswer {
  readonly repository: {
    readonly object: {
      readonly entries?: readonly {
        readonly path: string;
        readonly object: {
          readonly text?: string | null;
          readonly isBinary?: boolean | null;
          readonly isTruncated?: boolean;
        } | null;
      }[];
    } | null;
  } | null;
}

/** Hosting for the repository of the client. */
export function openGithubHosting(client: GithubClient, clock: Clock): Hosting {
  let author: string | null = null;
  let branch: string | null = null;
  let files: ReadonlyMap<string, string> | null = null;
  const login = async () => (author ??= await readAuthor(client));
  const pulls = createRecent(clock, (number) => readPull(client, number));
  const comments = createRecent(clock, (pull) => listComments(client, pull));

  return {
    author: login,
    pull: (number) => pulls.get(number),
    comments: (pull) => comments.get(pull),
    async createComment(pull, body) {
      const made = await createComment(client, clock, { pull, body, author: await login() });
      comments.change((known, key) => (key === pull ? put(known, made) : known));
      return made;
    },
    async editComment(id, body) {
      try {
        const edited = await editComment(client, id, body);
        comments.change((known) => (known.some((one) => one.id === id) ? put(known, edited) : known));
        return edited;
      } catch (error) {
        // It may be gone.
        comments.forget();
        throw error;
      }
    },
    async deleteComment(id) {
      await deleteComment(client, id);
      comments.change((known) => known.filter((one) => one.id !== id));
    },
    status: (commit, context) => readStatus(client, commit, context),
    setStatus: (commit, status) => writeStatus(client, commit, status),
    setCheck: async (commit, check) => writeCheck(client, clock, { commit, check, author: await login() }),
    workflows: async () => (files ??= await readWorkflows(client)),
    defaultBranch: async () => (branch ??= await readDefaultBranch(client)),
    isOver: (run, attempt) => isOver(client, run, attempt),
  };
}

function put(known: readonly HostedComment[], written: HostedComment): readonly HostedComment[] {
  return [...known.filter(({ id }) => id !== written.id), written];
}

/** GitHub's words for the token are asked for once; `GET /user` refuses the token of a workflow. */
async function readAuthor(client: GithubClient): Promise<string> {
  try {
    const answer = await client.graphql<{ readonly viewer: { readonly login: string } }>(
      LIVE.viewer,
      {},
      reading('ask under which name it writes', 'metadata: read'),
    );
    return answer.viewer.login;
  } catch (error) {
    if (error instanceof PermissionError) return LIVE.silent;
    throw error;
  }
}

async function readPull(client: GithubClient, number: number): Promise<PullFacts | null> {
  const { owner, repo } = client;
  const manner = reading('read a pull request', 'pull-requests: read');
  const ask = client.rest(({ rest }) => rest.pulls.get({ owner, repo, pull_number: number }), manner);
  const data = await orNull(ask);
  if (data === null) return null;
  return {
    number: data.number,
    isOpen: data.state === 'open',
    head: { commit: data.head.sha, repository: data.head.repo?.full_name ?? null },
    base: { branch: data.base.ref },
  };
}

async function readDefaultBranch(client: GithubClient): Promise<string> {
  const { owner, repo } = client;
  const manner = reading('read what the repository is', 'metadata: read');
  return (await client.rest(({ rest }) => rest.repos.get({ owner, repo }), manner)).default_branch;
}

async function readWorkflows(client: GithubClient): Promise<ReadonlyMap<string, string>> {
  const answer = await client.graphql<WorkflowsAnswer>(
    WORKFLOWS,
    { owner: client.owner, name: client.repo },
    reading('read the workflows of the default branch', 'contents: read'),
  );
  const files = (answer.repository?.object?.entries ?? []).flatMap(({ path, object }) => {
    const isText =
      typeof object?.text === 'string' && object.isBinary !== true && object.isTruncated !== true;
    return isText && /\.ya?ml$/.test(path) ? [[path, object.text!] as const] : [];
  });
  return new Map(files);
}

async function isOver(client: GithubClient, run: number, attempt: number): Promise<boolean> {
  const { owner, repo } = client;
  const manner = reading('see whether another job still runs', 'actions: read');
  try {
    const ask = client.rest(({ rest }) => rest.actions.getWorkflowRun({ owner, repo, run_id: run }), manner);
    const data = await orNull(ask);
    // What was deleted does not run.
    if (data === null) return true;
    // A copy that lags behind tells of the end of an earlier attempt.
    const told = data.run_attempt ?? 1;
    return told > attempt || (told === attempt && data.status === 'completed');
  } catch (error) {
    // Not known is not certain.
    if (error instanceof PermissionError || error instanceof HostingError) return false;
    throw error;
  }
}

function reading(what: string, permission: string): CallManner {
  return { what, permission, repeat: 'safe' };
}

/** Null for what is not there. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HostingError && error.status === 404) return null;
    throw error;
  }
}
