// The environment a runner would start a step with: variables, the event's file, tokens. It starts no process.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Permission } from './exchange.ts';
import { commitShape } from './git-shapes.ts';
import { pullShape, runShape } from './record-shapes.ts';
import { addToken, BOT } from './scene.ts';
import { repositoryShape, userShape, WEB } from './shapes.ts';
import {
  mergeOf,
  type Pull,
  type Repository,
  repositoryOf,
  type Token,
  userOf,
  type WorkflowRun,
  type World,
} from './world.ts';

/** What set a workflow off. */
export type Event =
  | { readonly name: 'pull_request'; readonly pull: number; readonly action?: string }
  | { readonly name: 'push'; readonly branch: string; readonly before?: string }
  | { readonly name: 'schedule'; readonly schedule?: string }
  | {
      readonly name: 'workflow_dispatch';
      readonly branch?: string;
      readonly inputs?: Readonly<Record<string, string>>;
    }
  | { readonly name: 'workflow_run'; readonly run: number }
  | { readonly name: 'merge_group'; readonly branch: string };

/** A job to start. */
export interface Job {
  readonly repository: string;
  readonly event: Event;
  /** A folder of its own: the event, the outputs, the summary and the workspace lie in it. */
  readonly directory: string;
  /** The step's inputs. The text `${{ github.token }}` is replaced, as an expression would be. */
  readonly with?: Readonly<Record<string, string>>;
  readonly permissions?: Readonly<Partial<Record<Permission, 'read' | 'write'>>>;
  readonly actor?: string;
  readonly workflow?: string;
  readonly job?: string;
  /** A run this job belongs to beside others, or that a dispatch asked for; a new one when absent. */
  readonly run?: number;
}

/** A job that has started. */
export interface StartedJob {
  readonly env: Readonly<Record<string, string>>;
  readonly run: number;
  readonly token: Token;
  /** Where things lie: each is a path. */
  readonly files: {
    readonly event: string;
    readonly output: string;
    readonly summary: string;
    readonly workspace: string;
  };
  /** Ends the job: its tokens are worth nothing from now on, and the run is over when it says how it ended. */
  end(conclusion?: 'success' | 'failure' | 'cancelled'): void;
}

interface Place {
  readonly sha: string;
  readonly ref: string;
  readonly branch: string;
  readonly head: string;
  readonly pull: Pull | null;
  readonly payload: object;
}

/** Starts a job: makes its run and tokens, writes its files. */
export async function environmentFor(world: World, job: Job): Promise<StartedJob> {
  const repository = repositoryOf(world, job.repository);
  const actor = job.actor ?? 'mona';
  const place = placeOf(world, repository, job.event, actor);
  const workflow = job.workflow ?? 'octobatch';
  const run = runOf(world, job, place, workflow, actor);
  const token = addToken(world, repository.fullName, permissionsOf(job, place.pull, actor));
  const jobBackendId = world.uuid();
  const runtime = runtimeToken(run.backendId, jobBackendId, world);
  world.runtimeTokens.set(runtime, { run: run.id, runBackendId: run.backendId, jobBackendId });

  const files = {
    event: join(job.directory, 'event.json'),
    output: join(job.directory, 'output'),
    summary: join(job.directory, 'summary.md'),
    state: join(job.directory, 'state'),
    environment: join(job.directory, 'env'),
    path: join(job.directory, 'path'),
    workspace: join(job.directory, 'workspace'),
    temp: join(job.directory, 'temp'),
  };
  await mkdir(files.workspace, { recursive: true });
  await mkdir(files.temp, { recursive: true });
  const shape = repositoryShape(world, repository);
  const payload = { ...place.payload, repository: shape, sender: userShape(world, actor) };
  await writeFile(files.event, JSON.stringify(payload, null, 2));
  for (const path of [files.output, files.summary, files.state, files.environment, files.path]) {
    await writeFile(path, '');
  }

  const file = `${repository.fullName}/.github/workflows/${workflow}.yml@${place.ref}`;
  const env: Record<string, string> = {
    CI: 'true',
    HOME: job.directory,
    PATH: process.env.PATH ?? '',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__octobatch',
    GITHUB_ACTION_REPOSITORY: '',
    GITHUB_ACTOR: actor,
    GITHUB_ACTOR_ID: String(userOf(world, actor).id),
    GITHUB_TRIGGERING_ACTOR: actor,
    GITHUB_API_URL: world.origin,
    GITHUB_GRAPHQL_URL: `${world.origin}/graphql`,
    // The artifact client refuses any other host as an Enterprise Server.
    GITHUB_SERVER_URL: WEB,
    GITHUB_BASE_REF: place.pull?.base ?? '',
    GITHUB_HEAD_REF: place.pull?.head.branch ?? '',
    GITHUB_ENV: files.environment,
    GITHUB_EVENT_NAME: job.event.name,
    GITHUB_EVENT_PATH: files.event,
    GITHUB_JOB: job.job ?? 'octobatch',
    GITHUB_OUTPUT: files.output,
    GITHUB_PATH: files.path,
    GITHUB_REF: place.ref,
    GITHUB_REF_NAME: place.ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REPOSITORY: repository.fullName,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_REPOSITORY_OWNER: repository.owner,
    GITHUB_REPOSITORY_OWNER_ID: String(userOf(world, repository.owner).id),
    GITHUB_RETENTION_DAYS: String(repository.retentionDays),
    GITHUB_RUN_ATTEMPT: String(run.attempt),
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_NUMBER: String(run.number),
    GITHUB_SHA: place.sha,
    GITHUB_STATE: files.state,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_WORKFLOW: workflow,
    GITHUB_WORKFLOW_REF: file,
    GITHUB_WORKFLOW_SHA: place.sha,
    GITHUB_WORKSPACE: files.workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'local',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: files.temp,
    RUNNER_TOOL_CACHE: files.temp,
    ACTIONS_RESULTS_URL: `${world.origin}/`,
    ACTIONS_RUNTIME_TOKEN: runtime,
  };
  for (const [name, text] of Object.entries(job.with ?? {})) {
    env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`] = text.replaceAll(TOKEN_EXPRESSION, token.value);
  }
  return {
    env,
    run: run.id,
    token,
    files,
    end(conclusion) {
      world.tokens.delete(token.value);
      world.runtimeTokens.delete(runtime);
      if (conclusion === undefined) return;
      run.status = 'completed';
      run.conclusion = conclusion;
    },
  };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a workflow spells it.
const TOKEN_EXPRESSION = '${{ github.token }}';

/** Jobs of forks and of Dependabot only read, whatever the workflow says. */
function permissionsOf(job: Job, pull: Pull | null, actor: string): Token['permissions'] {
  const asked = job.permissions ?? { contents: 'read' };
  const foreign = pull !== null && pull.head.repository !== pull.repository;
  if (!foreign && actor !== 'dependabot[bot]') return asked;
  return Object.fromEntries(Object.keys(asked).map((name) => [name, 'read']));
}

function runOf(world: World, job: Job, place: Place, workflow: string, login: string): WorkflowRun {
  if (job.run !== undefined) {
    const known = world.runs.get(job.run);
    if (known !== undefined) return known;
    // A dispatch promised its run a number; the run begins with its first job.
    const promised = world.dispatches.some((one) => one.run === job.run);
    if (!promised) throw new Error(`there is no workflow run ${job.run}`);
  }
  const run: WorkflowRun = {
    id: job.run ?? world.nextId(),
    repository: job.repository,
    number: world.runs.size + 1,
    name: workflow,
    path: `.github/workflows/${workflow}.yml`,
    event: job.event.name,
    headSha: place.pull?.headSha ?? place.sha,
    headBranch: place.branch,
    headRepository: place.head,
    login,
    createdAt: world.stamp(),
    attempt: 1,
    backendId: world.uuid(),
    status: 'in_progress',
    conclusion: null,
  };
  world.runs.set(run.id, run);
  return run;
}

/** What an event is about: the commit, the ref, and what its file says. */
function placeOf(world: World, repository: Repository, event: Event, login: string): Place {
  const at = (branch: string, payload: object): Place => {
    const ref = `refs/heads/${branch}`;
    const sha = repository.refs.get(ref);
    if (sha === undefined) throw new Error(`there is no branch ${branch}`);
    return { sha, ref, branch, head: repository.fullName, pull: null, payload };
  };
  const main = repository.defaultBranch;
  switch (event.name) {
    case 'pull_request': {
      const pull = world.pulls.find(
        (one) => one.repository === repository.fullName && one.number === event.pull,
      );
      if (pull === undefined) throw new Error(`there is no pull request ${event.pull}`);
      const ref = `refs/pull/${pull.number}/merge`;
      const { number, head } = pull;
      const payload = { action: event.action ?? 'opened', number, pull_request: pullShape(world, pull) };
      return { sha: mergeOf(world, pull), ref, branch: head.branch, head: head.repository, pull, payload };
    }
    case 'push': {
      const place = at(event.branch, {});
      const head = commitShape(world, repository, place.sha).commit;
      const commit = {
        id: place.sha,
        message: head.message,
        timestamp: head.author.date,
        author: head.author,
      };
      const before = event.before ?? '0'.repeat(40);
      const pusher = { name: login, email: head.author.email };
      const payload = { ref: place.ref, before, after: place.sha, forced: false, deleted: false };
      return { ...place, payload: { ...payload, pusher, head_commit: commit, commits: [commit] } };
    }
    case 'schedule':
      return at(main, { schedule: event.schedule ?? '17 * * * *' });
    case 'workflow_dispatch': {
      const branch = event.branch ?? main;
      return at(branch, { ref: `refs/heads/${branch}`, inputs: event.inputs ?? {} });
    }
    case 'workflow_run': {
      const run = world.runs.get(event.run);
      if (run === undefined) throw new Error(`there is no workflow run ${event.run}`);
      return at(main, { action: 'completed', workflow_run: runShape(world, run) });
    }
    case 'merge_group': {
      const place = at(event.branch, {});
      const base = repository.refs.get(`refs/heads/${main}`);
      const group = {
        head_sha: place.sha,
        head_ref: place.ref,
        base_sha: base,
        base_ref: `refs/heads/${main}`,
      };
      return { ...place, payload: { action: 'checks_requested', merge_group: group } };
    }
    default:
      throw new Error(event satisfies never);
  }
}

/** A JWT as the results service gives: only its scope is read, and nobody checks the signature. */
function runtimeToken(run: string, job: string, world: World): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const scp = `Actions.Example Actions.Results:${run}:${job}`;
  const exp = Math.floor(world.now() / 1000) + 21_600;
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ scp, sub: BOT, exp })}.local`;
}
