// What the runner tells of a job: where it runs, what set it off, whose code it is about. The event's file is data that
// strangers shape: what is missing or wrong there is null, and in doubt a pull request is a stranger's.
import { type Environment, fieldAt, isPullRequestEvent, readEvent } from '../commands/event.ts';
import type { Target } from '../engine/events.ts';
import { ConfigurationError, type Diagnostic } from '../pipeline/diagnostic.ts';
import { isBranchName } from './branch-name.ts';

/** A pull request's commit that a maintainer has read and pays for. */
export interface PaidFor {
  readonly pull: number;
  /** 40 hex. */
  readonly commit: string;
}

/** A commit that waits for the results of all pipelines of a job. */
export type JobTarget = Omit<Target, 'pipeline'>;

export interface Job {
  readonly repository: { readonly owner: string; readonly name: string; readonly id: number } | null;
  /** Without a slash at the end. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** Number of the workflow run, as in its address. */
  readonly workflowRun: number | null;
  readonly attempt: number;
  /** Address of the workflow run. */
  readonly runUrl: string | null;
  readonly workflowName: string | null;
  /** Path of the workflow's file in the repository. */
  readonly workflowFile: string | null;
  /** '' outside of GitHub. */
  readonly eventName: string;
  readonly actor: string | null;
  readonly defaultBranch: string | null;
  /** The commit whose result this job makes; null: none, as for a tag or a collector behind another workflow. */
  readonly target: JobTarget | null;
  /** The branch a result is compared with: the one it shall be merged into, or the pushed one itself. */
  readonly baseBranch: string | null;
  /** Whose pull request it is, when its job has no secrets and may write nothing. */
  readonly isFork: 'fork' | 'dependabot' | null;
  /** The code, or what set the job off, is not that of people who may write to the repository; in doubt true. */
  readonly isForeign: boolean;
  readonly isSchedule: boolean;
  /** A GitHub Enterprise Server, where other artifact services are. */
  readonly isEnterprise: boolean;
  /** Set when a maintainer started this job for a pull request's commit. */
  readonly paidFor: PaidFor | null;
  /** Id of a run, or its beginning, that a person gave who started the workflow. */
  readonly askedRun: string | null;
}

/** True for what can be the id of a run, or the beginning of one. */
export function isRunId(text: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*-?$/.test(text) && text.length <= 200;
}

/**
 * Reads the variables and the event's file. Throws a ConfigurationError for `pull_request_target`, and for a paid run
 * whose `pr` or `sha` is missing or wrong; nothing else in the file makes it throw.
 */
export function readJob(environment: Environment): Job {
  const eventName = textOf(environment.GITHUB_EVENT_NAME) ?? '';
  if (eventName === 'pull_request_target') throw new ConfigurationError([PULL_REQUEST_TARGET]);
  const event = readEvent(environment);
  const serverUrl = addressOf(environment.GITHUB_SERVER_URL, 'https://github.com');
  const slug = /^([\w-]+)\/([\w.-]+)$/.exec(environment.GITHUB_REPOSITORY ?? '');
  const id = countOf(environment.GITHUB_REPOSITORY_ID) ?? countOf(fieldAt(event, 'repository', 'id'));
  const repository = slug === null || id === null ? null : { owner: slug[1]!, name: slug[2]!, id };
  const workflowRun = countOf(environment.GITHUB_RUN_ID);
  const defaultBranch = branchOf(fieldAt(event, 'repository', 'default_branch'));
  const actor = loginOf(environment.GITHUB_ACTOR);
  const paidFor = eventName === 'workflow_dispatch' ? readPaidFor(event) : null;
  const place = placeOf(environment, eventName, event, paidFor, defaultBranch);
  const askedRun = eventName === 'workflow_dispatch' ? textOf(fieldAt(event, 'inputs', 'run')) : null;
  return {
    repository,
    serverUrl,
    apiUrl: addressOf(environment.GITHUB_API_URL, 'https://api.github.com'),
    workflowRun,
    attempt: countOf(environment.GITHUB_RUN_ATTEMPT) ?? 1,
    runUrl:
      slug === null || workflowRun === null ? null : `${serverUrl}/${slug[0]}/actions/runs/${workflowRun}`,
    workflowName: textOf(environment.GITHUB_WORKFLOW),
    workflowFile: workflowFileOf(environment.GITHUB_WORKFLOW_REF),
    eventName,
    actor,
    defaultBranch,
    target: place === null || workflowRun === null ? null : { ...place.commit, workflowRun },
    baseBranch: place?.base ?? null,
    isFork: forkOf(eventName, event, actor),
    isForeign: isPullRequestEvent(eventName, event) || paidFor !== null,
    isSchedule: eventName === 'schedule',
    isEnterprise: isEnterprise(serverUrl),
    paidFor,
    askedRun: askedRun !== null && isRunId(askedRun) ? askedRun : null,
  };
}

const PULL_REQUEST_TARGET: Diagnostic = {
  file: 'event pull_request_target',
  line: null,
  column: null,
  what: "it gives the repository's secrets to a job about a stranger's code",
  fix: 'use `on: pull_request`; a paid run for a fork is started by a maintainer, see docs/forks.md',
};

/** Events that bring their pull request along. */
const PULL_EVENTS = ['pull_request', 'pull_request_review', 'pull_request_review_comment'];

/** Events whose job has a token that only reads, and no secrets, when Dependabot set it off. */
const DEPENDABOT_EVENTS = [...PULL_EVENTS, 'push', 'create', 'deployment', 'deployment_status'];
const DEPENDABOT = 'dependabot[bot]';

/** Events that run the head of a branch of this repository. */
const BRANCH_EVENTS = ['push', 'schedule', 'workflow_dispatch', 'repository_dispatch'];

interface Place {
  readonly commit: Omit<JobTarget, 'workflowRun'>;
  readonly base: string;
}

/** The commit this job is about: of a pull request its head, never the merge that GitHub checks out. */
function placeOf(
  environment: Environment,
  eventName: string,
  event: unknown,
  paidFor: PaidFor | null,
  defaultBranch: string | null,
): Place | null {
  const ref = branchOfRef(environment.GITHUB_REF);
  if (paidFor !== null) {
    // Which branch it shall be merged into is not in the event: `withPull` tells it.
    const base = defaultBranch ?? ref;
    return base === null ? null : { commit: { ...paidFor, branch: base }, base };
  }
  if (PULL_EVENTS.includes(eventName)) {
    const pull = fieldAt(event, 'pull_request');
    const number = countOf(fieldAt(pull, 'number'));
    const commit = commitOf(fieldAt(pull, 'head', 'sha'));
    const base = branchOf(fieldAt(pull, 'base', 'ref'));
    if (number === null || commit === null || base === null) return null;
    return { commit: { pull: number, commit, branch: base }, base };
  }
  if (eventName === 'merge_group') {
    const commit = commitOf(fieldAt(event, 'merge_group', 'head_sha'));
    const branch = branchOfRef(fieldAt(event, 'merge_group', 'head_ref'));
    const base = branchOfRef(fieldAt(event, 'merge_group', 'base_ref'));
    if (commit === null || branch === null || base === null) return null;
    return { commit: { pull: null, commit, branch }, base };
  }
  const commit = commitOf(environment.GITHUB_SHA);
  if (!BRANCH_EVENTS.includes(eventName) || ref === null || commit === null) return null;
  return { commit: { pull: null, commit, branch: ref }, base: ref };
}

/**
 * Of a dispatched workflow with the inputs `pr` and `sha`: what a maintainer wants to pay for. One without the other is
 * a mistake, for it would run a stranger's code as if it were the repository's own.
 */
function readPaidFor(event: unknown): PaidFor | null {
  const input = (name: string): unknown => {
    const value = fieldAt(event, 'inputs', name) ?? '';
    return typeof value === 'string' ? value.trim() : value;
  };
  const [pr, sha] = [input('pr'), input('sha')];
  const isOurs = fieldAt(event, 'inputs', 'pr') !== undefined;
  if (!isOurs || (pr === '' && sha === '')) return null;
  const [pull, commit] = [countOf(pr), commitOf(sha)];
  const mistakes: Diagnostic[] = [];
  const refuse = (name: string, what: string, fix: string): void => {
    mistakes.push({ file: `workflow input ${name}`, line: null, column: null, what, fix });
  };
  if (pull === null)
    refuse('pr', `"${shown(pr)}" is no number of a pull request`, 'write it as in its address');
  if (commit === null) {
    const fix =
      'give all 40 characters of the newest commit you have read: `gh pr view NUMBER --json headRefOid`';
    refuse('sha', `"${shown(sha)}" is no whole commit`, fix);
  }
  if (pull === null || commit === null) throw new ConfigurationError(mistakes);
  return { pull, commit };
}

function forkOf(eventName: string, event: unknown, actor: string | null): Job['isFork'] {
  const isPull = PULL_EVENTS.includes(eventName);
  const head = countOf(fieldAt(event, 'pull_request', 'head', 'repo', 'id'));
  const base = countOf(fieldAt(event, 'pull_request', 'base', 'repo', 'id'));
  // A repository that is gone has no id, nor has a file that cannot be read.
  if (isPull && (head === null || head !== base)) return 'fork';
  const author = isPull ? fieldAt(event, 'pull_request', 'user', 'login') : null;
  if (author === DEPENDABOT) return 'dependabot';
  return actor === DEPENDABOT && DEPENDABOT_EVENTS.includes(eventName) ? 'dependabot' : null;
}

/** As GitHub's artifact client tells it. */
function isEnterprise(serverUrl: string): boolean {
  const { hostname } = new URL(serverUrl);
  return hostname !== 'github.com' && !/\.(?:ghe\.com|localhost)$/.test(hostname);
}

/** `octo/game/.github/workflows/ci.yml@refs/heads/main`: the path of the file. */
function workflowFileOf(ref: string | undefined): string | null {
  return /^[^/]+\/[^/]+\/(\.github\/workflows\/[^/]+?\.ya?ml)@/.exec(textOf(ref) ?? '')?.[1] ?? null;
}

/** A text of one line, of a length that a name has; null for anything else. */
function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text !== '' && text.length <= 1000 && !/\p{Cc}/u.test(text) ? text : null;
}

/** A whole number from 1 on, also as text. */
function countOf(value: unknown): number | null {
  const isDigits = typeof value === 'string' && /^[1-9]\d{0,15}$/.test(value);
  const number = isDigits ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) > 0 ? (number as number) : null;
}

/** 40 hex; the zeros that stand for a deleted branch are none. */
function commitOf(value: unknown): string | null {
  return typeof value === 'string' && /^(?!0{40}$)[0-9a-f]{40}$/.test(value) ? value : null;
}

function branchOf(value: unknown): string | null {
  return typeof value === 'string' && isBranchName(value) ? value : null;
}

function branchOfRef(ref: unknown): string | null {
  const start = 'refs/heads/';
  return typeof ref === 'string' && ref.startsWith(start) ? branchOf(ref.slice(start.length)) : null;
}

function loginOf(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.-]{1,100}(?:\[bot\])?$/.test(value) ? value : null;
}

function addressOf(value: string | undefined, otherwise: string): string {
  const text = (value ?? '').trim();
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return otherwise;
  return text.replace(/\/+$/, '');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 60) : typeof value;
}
