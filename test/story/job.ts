// One job on a stage: a fresh workspace, the runner's environment, the action as a process of its own, and what it left.
// The process gets the environment of the job and nothing else of ours.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Event, environmentFor, type Job } from '../github/environment.ts';
import { checkOut } from '../github/scene.ts';
import type { LocalGitHub, Logged } from '../github/server.ts';
import { repositoryOf, resolve, type World } from '../github/world.ts';
import type { Clock } from './clock.ts';
import { ACTION } from './programs.ts';
import { arrange, type Trouble } from './trouble.ts';

/** No job of a story takes longer than this; one that does is killed, and its test fails. */
const LIMIT_MS = 150_000;

/** A job to run. */
export interface JobOptions {
  readonly event: Event;
  /** The step's inputs, beside the stage's usual ones. */
  readonly with?: Readonly<Record<string, string>>;
  /** Every permission a workflow of ours asks for, when absent. */
  readonly permissions?: Job['permissions'];
  /** What is checked out: a branch, a commit, `refs/pull/1/merge`; null: nothing. As actions/checkout does, when absent. */
  readonly checkout?: string | null;
  readonly actor?: string;
  readonly workflow?: string;
  /** A dispatched workflow run this job belongs to, or one with jobs beside this. */
  readonly run?: number;
  /** Other jobs of its workflow run are still to come, or run beside it. */
  readonly hasMore?: boolean;
  readonly trouble?: Trouble;
  /** Whether secrets are in its environment; as GitHub does it, when absent. */
  readonly secrets?: boolean;
  /** How its part of a golden text is headed; the event and the command, when absent. */
  readonly title?: string;
}

/** A job that is over. */
export interface JobEnd {
  readonly title: string;
  /** The workflow run's id. */
  readonly run: number;
  readonly end: 'green' | 'red' | 'killed';
  readonly log: string;
  /** Workflow commands of the log, as `warning ...`, in order. */
  readonly annotations: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Calls to GitHub while it ran; of jobs that run at the same time also the others'. */
  readonly calls: readonly Logged[];
  readonly workspace: string;
}

/** What jobs of one stage have in common. */
export interface JobSetting {
  readonly github: LocalGitHub;
  readonly clock: Clock;
  readonly repository: string;
  /** Below it each job gets a folder of its own. */
  readonly folder: string;
  readonly with: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** What the workflows of the examples grant. */
export const PERMISSIONS: NonNullable<Job['permissions']> = {
  actions: 'read',
  checks: 'write',
  contents: 'write',
  'pull-requests': 'write',
  statuses: 'write',
};

/** Runs a job to its end. */
export async function runJob(setting: JobSetting, options: JobOptions): Promise<JobEnd> {
  const { github, clock, repository } = setting;
  const { world } = github;
  const inputs = { ...setting.with, ...options.with };
  const started = await environmentFor(world, {
    repository,
    event: options.event,
    directory: mkdtempSync(join(setting.folder, 'job-')),
    with: inputs,
    permissions: options.permissions ?? PERMISSIONS,
    ...(options.actor === undefined ? {} : { actor: options.actor }),
    ...(options.workflow === undefined ? {} : { workflow: options.workflow }),
    ...(options.run === undefined ? {} : { run: options.run }),
  });
  const { files } = started;
  const ref = options.checkout === undefined ? refOf(options.event, world, repository) : options.checkout;
  if (ref !== null) await checkOutAs(world, repository, ref, files.workspace);
  const secrets = options.secrets ?? hasSecrets(world, repository, options);
  const env = {
    ...started.env,
    ...(secrets ? setting.secrets : {}),
    GITHUB_ACTION_REPOSITORY: 'octo/octobatch-action',
    GITHUB_ACTION_REF: 'v1',
    NODE_OPTIONS: options.trouble === undefined ? clock.nodeOptions : clock.hurried,
  };
  const before = github.log.length;
  let relieve = (): void => {};
  const { code, log } = await spawnAction(env, files.workspace, (kill) => {
    if (options.trouble !== undefined) relieve = arrange(github, options.trouble, kill);
  });
  relieve();
  started.end(options.hasMore === true ? undefined : code === 0 ? 'success' : 'failure');
  return {
    title: options.title ?? `${describe(options.event)}, ${inputs.command ?? 'run'}`,
    run: started.run,
    end: code === 0 ? 'green' : code === null ? 'killed' : 'red',
    log,
    annotations: annotationsOf(log),
    outputs: readOutputs(readFileSync(files.output, 'utf8')),
    summary: readFileSync(files.summary, 'utf8'),
    calls: github.log.slice(before),
    workspace: files.workspace,
  };
}

function spawnAction(
  env: Readonly<Record<string, string>>,
  cwd: string,
  begun: (kill: () => void) => void,
): Promise<{ code: number | null; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [ACTION], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    begun(() => child.kill('SIGKILL'));
    const text = (): string => Buffer.concat(chunks).toString('utf8');
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`a job did not end:\n${text()}`));
    }, LIMIT_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, log: text() });
    });
  });
}

/** Pull requests of forks and of Dependabot get no secrets. */
function hasSecrets(world: World, repository: string, { event, actor }: JobOptions): boolean {
  if (actor === 'dependabot[bot]') return false;
  if (event.name !== 'pull_request') return true;
  const pull = world.pulls.find((one) => one.repository === repository && one.number === event.pull);
  return pull?.head.repository === repository;
}

/** What actions/checkout takes when a workflow names nothing. */
function refOf(event: Event, world: World, repository: string): string {
  switch (event.name) {
    case 'pull_request':
      return `refs/pull/${event.pull}/merge`;
    case 'push':
    case 'merge_group':
      return event.branch;
    case 'workflow_dispatch':
      return event.branch ?? repositoryOf(world, repository).defaultBranch;
    case 'schedule':
    case 'workflow_run':
      return repositoryOf(world, repository).defaultBranch;
    default:
      return event satisfies never;
  }
}

/** Files and the part of `.git` that tells which commit they are: a branch by its name, anything else detached. */
async function checkOutAs(world: World, repository: string, ref: string, workspace: string): Promise<void> {
  await checkOut(world, repository, ref, workspace);
  const commit = resolve(world, repositoryOf(world, repository), ref);
  if (commit === undefined) throw new Error(`there is no ${ref} to check out`);
  const isBranch = repositoryOf(world, repository).refs.has(`refs/heads/${ref}`);
  const git = join(workspace, '.git');
  mkdirSync(join(git, 'refs/heads'), { recursive: true });
  writeFileSync(join(git, 'HEAD'), isBranch ? `ref: refs/heads/${ref}\n` : `${commit}\n`);
  if (!isBranch) return;
  mkdirSync(join(git, 'refs/heads', ref, '..'), { recursive: true });
  writeFileSync(join(git, 'refs/heads', ref), `${commit}\n`);
}

function describe(event: Event): string {
  switch (event.name) {
    case 'pull_request':
      return `pull request ${event.pull} ${event.action ?? 'opened'}`;
    case 'push':
    case 'merge_group':
      return `${event.name} on ${event.branch}`;
    case 'workflow_dispatch':
      return `dispatch ${JSON.stringify(event.inputs ?? {})}`;
    case 'schedule':
    case 'workflow_run':
      return event.name;
    default:
      return event satisfies never;
  }
}

function annotationsOf(log: string): string[] {
  const commands = log.matchAll(/^::(error|warning|notice)( [^:]*)?::(.*)$/gm);
  return [...commands].map(([, kind, place = '', text]) => `${kind}${place}: ${text}`);
}

/** The file format of outputs: `name<<delimiter`, the lines of the value, the delimiter. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name, , value] of text.matchAll(/^(.+?)<<(.+)\r?\n([\s\S]*?)\r?\n\2$/gm)) {
    outputs[name as string] = value as string;
  }
  return outputs;
}
