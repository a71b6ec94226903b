import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openUploads } from '../../src/adapters/uploads.ts';
import { HostingError, type Uploads } from '../../src/ports/hosting.ts';
import { filesIn } from '../github/archive.ts';
import { type ArtifactJob, artifactJobs } from './artifacts-jobs.ts';

const jobs = artifactJobs();

function uploadsOf(job: ArtifactJob): Uploads {
  const place = { serverUrl: 'https://github.com', owner: 'octo', repo: 'game', workflowRun: job.run };
  return openUploads(job.artifacts, place);
}

async function write(job: ArtifactJob, name: string, text: string): Promise<string> {
  const path = join(job.directory, 'out', name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  return path;
}

function kept(id: number): { readonly type: string; readonly files: Record<string, string> } {
  const artifact = jobs.github.world.artifacts.get(id);
  if (artifact === undefined) throw new Error(`there is no artifact ${id}`);
  const files = [...filesIn(artifact)].map(([name, bytes]) => [name, Buffer.from(bytes).toString()]);
  return { type: artifact.mimeType, files: Object.fromEntries(files) };
}

it('keeps one file as it is, under the wanted name, so that a browser opens it', async () => {
  const job = await jobs.start();
  const report = await write(job, 'report.html', '<!doctype html>');
  const sent = await uploadsOf(job).upload('blackjack report.html', [report], job.directory, 'single');
  expect(sent).toEqual({
    id: sent.id,
    name: 'blackjack report.html',
    url: `https://github.com/octo/game/actions/runs/${job.run}/artifacts/${sent.id}`,
  });
  expect(kept(sent.id)).toEqual({ type: 'text/html', files: { 'blackjack report.html': '<!doctype html>' } });
});

it('keeps several files together, by their paths below the root', async () => {
  const job = await jobs.start();
  const files = [await write(job, 'results.jsonl', '{}\n'), await write(job, 'more/failures.jsonl', '')];
  const sent = await uploadsOf(job).upload('blackjack', files, join(job.directory, 'out'), 'zip');
  expect(kept(sent.id)).toEqual({
    type: 'application/zip',
    files: { 'results.jsonl': '{}\n', 'more/failures.jsonl': '' },
  });
});

it('takes the next name when one is taken, and no character that GitHub refuses', async () => {
  const job = await jobs.start();
  const uploads = uploadsOf(job);
  const report = await write(job, 'report.html', 'x');
  const names = [];
  for (let round = 0; round < 3; round++) {
    names.push((await uploads.upload('a/b: "c".html', [report], job.directory, 'single')).name);
  }
  expect(names).toEqual(['a-b- -c-.html', 'a-b- -c--2.html', 'a-b- -c--3.html']);
  const zipped = [];
  for (let round = 0; round < 2; round++) {
    zipped.push((await uploads.upload('results', [report], join(job.directory, 'out'), 'zip')).name);
  }
  expect(zipped).toEqual(['results', 'results-2']);
});

it('says what GitHub said when nothing can be kept, and asks for no other name', async () => {
  const job = await jobs.start();
  const report = await write(job, 'report.html', 'x');
  const before = jobs.github.log.length;
  jobs.github.interfere({
    when: ({ operation }) => operation === 'results CreateArtifact',
    what: {
      kind: 'answer',
      status: 403,
      body: { code: 'permission_denied', msg: 'insufficient usage to create' },
    },
  });
  const failure = await uploadsOf(job)
    .upload('report.html', [report], join(job.directory, 'out'), 'single')
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HostingError);
  expect(failure).toMatchObject({
    message: expect.stringMatching(
      /^GitHub did not keep the artifact "report.html": .*quota.* Delete artifacts,/,
    ),
  });
  expect(jobs.github.log).toHaveLength(before + 1);
});

it('a job whose token has ended is told so', async () => {
  const job = await jobs.start();
  const report = await write(job, 'report.html', 'x');
  job.end('success');
  const late = uploadsOf(job).upload('report.html', [report], join(job.directory, 'out'), 'single');
  await expect(late).rejects.toMatchObject({ name: 'HostingError', status: 401 });
});
