import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ArtifactBlobs, openArtifactBlobs } from '../../../src/adapters/blobs/artifacts.ts';
import { blobPath, openDirectoryBlobs } from '../../../src/adapters/blobs/directory.ts';
import { ArtifactGoneError } from '../../../src/ports/artifacts.ts';
import { PermissionError } from '../../../src/ports/hosting.ts';
import { filesIn } from '../../github/archive.ts';
import { type ArtifactJob, artifactJobs } from '../artifacts-jobs.ts';

const jobs = artifactJobs();

function blobsOf(job: ArtifactJob, session = 'a'): ArtifactBlobs {
  const directory = join(job.directory, 'blobs');
  return openArtifactBlobs({
    local: openDirectoryBlobs(directory),
    directory,
    pathOf: (digest) => blobPath(directory, digest),
    name: 'octobatch-blobs-r1',
    session,
    workflowRun: job.run,
    artifacts: job.artifacts,
  });
}

/** The operations GitHub was asked for since there were `from` requests. */
function asked(from: number): (string | null)[] {
  return jobs.github.log.slice(from).map(({ operation }) => operation);
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const out: string[] = [];
  for await (const line of lines) out.push(line);
  return out;
}

it('keeps what is new as one artifact, which a later job fetches once when it first reads from it', async () => {
  const first = await jobs.start();
  const blobs = blobsOf(first);
  const one = await blobs.put(['eins\n', 'zwölf\n']);
  const two = await blobs.put(['\ufeff\u{1f600}']);
  const before = jobs.github.log.length;
  const places = await blobs.save();
  expect(places).toEqual([{ artifact: expect.any(Number), run: first.run, digests: [one, two].sort() }]);
  expect(asked(before)).toEqual(['results CreateArtifact', 'blob', 'blob', 'results FinalizeArtifact']);
  first.end('success');

  const second = await jobs.start();
  const later = blobsOf(second);
  expect(await later.has(one)).toBe(false);
  later.learn(places);
  expect(await later.has(one)).toBe(true);
  const then = jobs.github.log.length;
  expect(await Promise.all([later.text(two), later.text(one), all(later.lines(one))])).toEqual([
    '\ufeff\u{1f600}',
    'eins\nzwölf\n',
    ['eins', 'zwölf'],
  ]);
  expect(asked(then)).toEqual(['actions/download-artifact', 'blob']);
  expect(await readdir(join(second.directory, 'temp'))).toEqual([]);
});
