import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { clientWith, errorOf, HERE, startedGitHub } from './client.ts';
import { type Event, environmentFor, type Job } from './environment.ts';
import { addRepository, checkOut, openPull, push } from './scene.ts';

async function withPulls() {
  const github = await startedGitHub({}, { public: true });
  const { world } = github;
  push(world, 'octo/game', 'topic', { 'src/a.txt': 'a' });
  openPull(world, 'octo/game', { branch: 'topic' });
  addRepository(world, 'eve/game', { public: true, forkOf: 'octo/game' });
  push(world, 'eve/game', 'patch', { 'src/a.txt': 'evil' }, 'eve');
  openPull(world, 'octo/game', { branch: 'patch', from: 'eve/game', login: 'eve' });
  const directory = await mkdtemp(join(tmpdir(), 'github-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const start = (event: Event, job: Partial<Job> = {}) =>
    environmentFor(world, { repository: 'octo/game', event, directory, ...job });
  return { github, world, directory, start };
}

test('a pull request starts a job with its merge ref, its head in the event, and the inputs as variables', async () => {
  const { world, start } = await withPulls();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a workflow spells it.
  const given = { 'github-token': '${{ github.token }}', 'max cost': '1' };
  const { env, token, files, run } = await start({ name: 'pull_request', pull: 1 }, { with: given });
  expect(env).toMatchObject({
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_REPOSITORY: 'octo/game',
    GITHUB_REF: 'refs/pull/1/merge',
    GITHUB_REF_NAME: '1/merge',
    GITHUB_HEAD_REF: 'topic',
    GITHUB_BASE_REF: 'main',
    GITHUB_RUN_ID: String(run),
    'INPUT_GITHUB-TOKEN': token.value,
    INPUT_MAX_COST: '1',
  });
  const event = JSON.parse(await readFile(files.event, 'utf8'));
  expect(event.pull_request.head.sha).toBe(world.pulls[0]?.headSha);
  expect(event.pull_request.head.sha).not.toBe(env.GITHUB_SHA);
  const merge = world.objects.commit(env.GITHUB_SHA ?? '');
  expect(merge?.parents).toEqual([event.pull_request.base.sha, event.pull_request.head.sha]);
});

test('the runtime token carries the run and the job in its scope', async () => {
  const { world, start } = await withPulls();
  const { env, run } = await start({ name: 'schedule' });
  const [, part = ''] = (env.ACTIONS_RUNTIME_TOKEN ?? '').split('.');
  const { scp } = JSON.parse(Buffer.from(part, 'base64url').toString());
  expect(scp).toMatch(new RegExp(`Actions\\.Results:${world.runs.get(run)?.backendId}:[0-9a-f-]{36}$`));
});

test('a job of a fork or of Dependabot has a token that only reads', async () => {
  const { github, start } = await withPulls();
  const permissions = { statuses: 'write', contents: 'write' } as const;
  const fork = await start({ name: 'pull_request', pull: 2 }, { permissions });
  const sha = github.world.pulls[1]?.headSha ?? '';
  const status = { ...HERE, sha, state: 'pending' as const };
  const refused = clientWith(github, fork.token).rest.repos.createCommitStatus(status);
  expect((await errorOf(refused)).status).toBe(403);
  const event = JSON.parse(await readFile(fork.files.event, 'utf8'));
  expect(event.pull_request.head.repo).toMatchObject({ full_name: 'eve/game', fork: true });
  const bot = await start({ name: 'pull_request', pull: 1 }, { permissions, actor: 'dependabot[bot]' });
  expect(bot.token.permissions).toEqual({ statuses: 'read', contents: 'read' });
  const own = await start({ name: 'pull_request', pull: 1 }, { permissions });
  expect((await clientWith(github, own.token).rest.repos.createCommitStatus(status)).status).toBe(201);
});

test('a token is worth nothing after its job', async () => {
  const { github, start } = await withPulls();
  const job = await start({ name: 'schedule' });
  const client = clientWith(github, job.token);
  expect((await client.rest.repos.get(HERE)).status).toBe(200);
  job.end('success');
  expect((await errorOf(client.rest.repos.get(HERE))).status).toBe(401);
  const run = github.world.runs.get(job.run);
  expect(run).toMatchObject({ status: 'completed', conclusion: 'success' });
});

test.each<[string, Event, string, object]>([
  [
    'a push',
    { name: 'push', branch: 'topic' },
    'refs/heads/topic',
    { ref: 'refs/heads/topic', forced: false },
  ],
  ['a schedule', { name: 'schedule' }, 'refs/heads/main', { schedule: '17 * * * *' }],
  [
    'a dispatch',
    { name: 'workflow_dispatch', inputs: { pull: '2' } },
    'refs/heads/main',
    { inputs: { pull: '2' }, ref: 'refs/heads/main' },
  ],
  [
    'a merge queue',
    { name: 'merge_group', branch: 'topic' },
    'refs/heads/topic',
    { action: 'checks_requested', merge_group: { head_ref: 'refs/heads/topic' } },
  ],
])('%s has its ref, its commit and its payload', async (_, event, ref, payload) => {
  const { world, start } = await withPulls();
  const { env, files } = await start(event);
  expect(env.GITHUB_REF).toBe(ref);
  expect(env.GITHUB_SHA).toBe(world.repositories.get('octo/game')?.refs.get(ref));
  const told = JSON.parse(await readFile(files.event, 'utf8'));
  expect(told).toMatchObject({
    ...payload,
    repository: { full_name: 'octo/game' },
    sender: { login: 'mona' },
  });
});

test('a workflow that follows another is told which', async () => {
  const { github, start } = await withPulls();
  const first = await start({ name: 'push', branch: 'topic' });
  first.end('failure');
  const second = await start(
    { name: 'workflow_run', run: first.run },
    { workflow: 'collect', permissions: { actions: 'read' } },
  );
  const { workflow_run: told } = JSON.parse(await readFile(second.files.event, 'utf8'));
  expect(told).toMatchObject({ id: first.run, conclusion: 'failure', head_branch: 'topic' });
  const asked = await clientWith(github, second.token).rest.actions.getWorkflowRun({
    ...HERE,
    run_id: first.run,
  });
  expect(asked.data).toMatchObject({
    id: first.run,
    status: 'completed',
    path: '.github/workflows/octobatch.yml',
  });
});

test('the job of a dispatch has the run that was promised', async () => {
  const { github, start } = await withPulls();
  push(github.world, 'octo/game', 'main', { '.github/workflows/collect.yml': 'on: workflow_dispatch\n' });
  const first = await start({ name: 'push', branch: 'main' }, { permissions: { actions: 'write' } });
  const { data } = await clientWith(github, first.token).request(
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    { ...HERE, workflow_id: 'collect.yml', ref: 'main', return_run_details: true },
  );
  const run = Number(data?.workflow_run_id);
  const second = await start({ name: 'workflow_dispatch' }, { run, workflow: 'collect' });
  expect(second.env).toMatchObject({ GITHUB_RUN_ID: String(run), GITHUB_EVENT_NAME: 'workflow_dispatch' });
});

test('a checkout writes the files of a ref', async () => {
  const { world, directory } = await withPulls();
  await checkOut(world, 'octo/game', 'refs/pull/2/head', directory);
  expect(await readFile(join(directory, 'src/a.txt'), 'utf8')).toBe('evil');
});

/** What an action does with its environment, in a few lines of the packages actions use. */
const STEP = `
  const { getInput, setOutput, summary } = await import('@actions/core');
  const { context, getOctokit } = await import('@actions/github');
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const folder = process.env.GITHUB_WORKSPACE;
  const { id } = await new DefaultArtifactClient().uploadArtifact('kept', [folder + '/a.txt'], folder);
  const { data } = await getOctokit(getInput('github-token')).rest.repos.get(context.repo);
  setOutput('seen', [id, data.full_name, context.eventName, context.payload.ref].join(' '));
  await summary.addRaw('done').write();
`;

test('a process needs nothing but the environment', async () => {
  const { github, start } = await withPulls();
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a workflow spells it.
  const given = { 'github-token': '${{ github.token }}' };
  const { env, files } = await start({ name: 'push', branch: 'main' }, { with: given });
  await writeFile(join(files.workspace, 'a.txt'), 'alpha');
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', STEP], { env });
  const [artifact] = github.world.artifacts.values();
  const output = await readFile(files.output, 'utf8');
  expect(output).toContain(`\n${artifact?.id} octo/game push refs/heads/main\n`);
  expect(await readFile(files.summary, 'utf8')).toContain('done');
});
