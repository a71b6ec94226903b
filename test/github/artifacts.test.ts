import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { filesIn } from './archive.ts';
import { environmentFor, type Job, type StartedJob } from './environment.ts';
import { addRepository, addToken } from './scene.ts';
import { type LocalGitHub, startGitHub } from './server.ts';

let github: LocalGitHub;
let directory: string;
let artifacts: typeof import('@actions/artifact');
let clients: typeof import('./client.ts');

// One server for the file: the clients read GitHub's address once, when they are loaded.
beforeAll(async () => {
  github = await startGitHub();
  addRepository(github.world, 'octo/game', { retentionDays: 30 });
  vi.stubEnv('GITHUB_API_URL', github.url);
  artifacts = await import('@actions/artifact');
  clients = await import('./client.ts');
});

afterAll(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'github-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  // What the client tells the runner is not for those who read the tests' output.
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Starts a job in this process: its variables are ours until the test ends or another job starts. */
async function start(job: Partial<Job> = {}): Promise<StartedJob> {
  const started = await environmentFor(github.world, {
    repository: 'octo/game',
    event: { name: 'schedule' },
    directory,
    permissions: { actions: 'read' },
    ...job,
  });
  for (const [name, text] of Object.entries(started.env)) vi.stubEnv(name, text);
  return started;
}

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

function client() {
  return new artifacts.DefaultArtifactClient();
}

/** How a job reaches the artifacts of another run. */
function from(job: StartedJob, run: number) {
  return {
    findBy: { token: job.token.value, workflowRunId: run, repositoryOwner: 'octo', repositoryName: 'game' },
  };
}

test('a job uploads files as an archive, and a later job of the run downloads them', async () => {
  const first = await start();
  const sent = await client().uploadArtifact('answers', [await file('a.txt', 'alpha')], directory);
  expect(sent.size).toBeGreaterThan(0);
  await start({ run: first.run });
  const { artifact } = await client().getArtifact('answers');
  expect(artifact).toMatchObject({ id: sent.id, digest: `sha256:${sent.digest}` });
  const path = join(directory, 'down');
  const options = { path, expectedHash: `sha256:${sent.digest}` };
  expect(await client().downloadArtifact(artifact.id, options)).toMatchObject({ digestMismatch: false });
  expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('alpha');
  const held = github.world.artifacts.get(artifact.id);
  const files = held === undefined ? [] : [...filesIn(held)];
  expect(files.map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([['a.txt', 'alpha']]);
});

test('one file can be uploaded as it is, and comes back under its name', async () => {
  await start();
  const report = await file('report.html', '<!doctype html>');
  const { id = 0 } = await client().uploadArtifact('ignored', [report], directory, { skipArchive: true });
  const path = join(directory, 'down');
  await client().downloadArtifact(id, { path });
  expect(await readFile(join(path, 'report.html'), 'utf8')).toBe('<!doctype html>');
});

test('a large artifact arrives in blocks, in their order', async () => {
  await start();
  const bytes = Buffer.concat(Array.from({ length: 130 }, (_, at) => Buffer.alloc(65_536, at)));
  const report = join(directory, 'large.txt');
  await writeFile(report, bytes);
  const { id = 0 } = await client().uploadArtifact('', [report], directory, { skipArchive: true });
  const blocks = github.log.filter(({ path }) => path.includes('comp=block&'));
  expect(blocks.length).toBeGreaterThanOrEqual(2);
  const path = join(directory, 'down');
  await client().downloadArtifact(id, { path });
  // Compared at once: an assertion over nine million bytes takes a minute.
  expect((await readFile(join(path, 'large.txt'))).equals(bytes)).toBe(true);
});

test('a name is taken once in a run; another run may use it again', async () => {
  await start();
  const files = [await file('a.txt', 'a')];
  await client().uploadArtifact('same', files, directory);
  await expect(client().uploadArtifact('same', files, directory)).rejects.toThrow(/409.*already exists/);
  await start();
  await client().uploadArtifact('same', files, directory);
  const all = await clients
    .clientOf(github)
    .rest.actions.listArtifactsForRepo({ ...clients.HERE, name: 'same' });
  expect(all.data.total_count).toBe(2);
});

test('a deleted artifact leaves its name free', async () => {
  await start();
  const files = [await file('a.txt', 'a')];
  await client().uploadArtifact('twice', files, directory);
  await client().deleteArtifact('twice');
  await expect(client().getArtifact('twice')).rejects.toThrow(/not found/);
  await client().uploadArtifact('twice', files, directory);
});

test('another run finds an artifact by its run, with the permission to read actions', async () => {
  const first = await start();
  await client().uploadArtifact('state', [await file('a.txt', 'alpha')], directory);
  first.end('success');
  const second = await start();
  const { artifact } = await client().getArtifact('state', from(second, first.run));
  const path = join(directory, 'down');
  await client().downloadArtifact(artifact.id, { path, ...from(second, first.run) });
  expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('alpha');
  await expect(client().getArtifact('state')).rejects.toThrow(/not found/);

  const third = await start({ permissions: { contents: 'write' } });
  await expect(client().downloadArtifact(artifact.id, from(third, first.run))).rejects.toThrow(
    /not accessible by integration/,
  );
});

test('an expired artifact is listed as such, and its bytes are gone', async () => {
  const job = await start();
  const files = [await file('a.txt', 'a')];
  const { id = 0 } = await client().uploadArtifact('short', files, directory, { retentionDays: 2 });
  const one = { ...clients.HERE, artifact_id: id };
  const read = clients.clientWith(github, addToken(github.world, 'octo/game', { actions: 'read' }));
  expect((await read.rest.actions.getArtifact(one)).data.expired).toBe(false);
  github.world.advance(2 * 86_400_000);
  expect((await read.rest.actions.getArtifact(one)).data.expired).toBe(true);
  const download = read.rest.actions.downloadArtifact({ ...one, archive_format: 'zip' });
  expect(await clients.errorOf(download)).toMatchObject({ status: 410 });
  await expect(client().getArtifact('short')).rejects.toThrow(/not found/);
  await expect(client().downloadArtifact(id, from(job, job.run))).rejects.toThrow(/expired/);
});

test('nothing lives longer than the repository allows', async () => {
  await start();
  vi.stubEnv('GITHUB_RETENTION_DAYS', '');
  const files = [await file('a.txt', 'a')];
  const { id = 0 } = await client().uploadArtifact('long', files, directory, { retentionDays: 400 });
  const { expiresAt, createdAt } = github.world.artifacts.get(id) ?? { expiresAt: '', createdAt: '' };
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(30 * 86_400_000);
});

test('what has been finalised cannot be written again, and a wrong signature opens nothing', async () => {
  await start();
  const { id = 0 } = await client().uploadArtifact('fixed', [await file('a.txt', 'a')], directory);
  const { blob = '', signature = '' } = github.world.artifacts.get(id) ?? {};
  const until = '2099-01-01T00:00:00Z';
  const put = (sig: string) =>
    fetch(`${github.url}${blob}?se=${until}&sig=${sig}`, {
      method: 'PUT',
      headers: { 'x-ms-blob-type': 'BlockBlob' },
      body: 'forged',
    });
  expect((await put(`write-${signature}`)).status).toBe(403);
  expect((await fetch(`${github.url}${blob}?se=${until}&sig=read-guess`)).status).toBe(403);
  expect((await fetch(`${github.url}${blob}?se=2020-01-01T00:00:00Z&sig=read-${signature}`)).status).toBe(
    403,
  );
  expect((await fetch(`${github.url}${blob}?se=${until}&sig=read-${signature}`)).status).toBe(200);
});

test('a job that has ended can upload nothing', async () => {
  const job = await start();
  job.end('success');
  const late = client().uploadArtifact('late', [await file('a.txt', 'a')], directory);
  await expect(late).rejects.toThrow(/401/);
});
