import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openArtifacts } from '../../../src/adapters/artifacts.ts';
import { type ArtifactBlobs, openArtifactBlobs } from '../../../src/adapters/blobs/artifacts.ts';
import { blobPath, openDirectoryBlobs } from '../../../src/adapters/blobs/directory.ts';
import { ArtifactGoneError } from '../../../src/ports/artifacts.ts';
import { HostingError, PermissionError } from '../../../src/ports/hosting.ts';
import { type ArtifactJob, artifactJobs } from '../artifacts-jobs.ts';
import { type ForgedEntry, forgedZip } from '../zip.ts';

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

it('says nothing where nothing is new, and does not keep again what the journal has elsewhere', async () => {
  const first = await jobs.start();
  const blobs = blobsOf(first);
  expect(await blobs.save()).toEqual([]);
  await blobs.put(['same']);
  const places = await blobs.save();
  const later = blobsOf(await jobs.start());
  later.learn(places);
  await later.put(['same']);
  const before = jobs.github.log.length;
  expect(await later.save()).toEqual([]);
  expect(asked(before)).toEqual([]);
});

it('tells a place again until the journal has it, so that a conflict loses none', async () => {
  const blobs = blobsOf(await jobs.start());
  await blobs.put(['one']);
  const [first] = await blobs.save();
  await blobs.put(['two']);
  const both = await blobs.save();
  expect(both).toEqual([first, expect.objectContaining({ artifact: expect.any(Number) })]);
  blobs.learn(both);
  expect(await blobs.save()).toEqual([]);
});

it('is read within its workflow run without a permission, and elsewhere only with "actions: read"', async () => {
  const first = await jobs.start();
  const blobs = blobsOf(first);
  const digest = await blobs.put(['text']);
  const places = await blobs.save();

  const beside = blobsOf(await jobs.start({ run: first.run, permissions: {} }));
  beside.learn(places);
  const before = jobs.github.log.length;
  expect(await beside.text(digest)).toBe('text');
  expect(asked(before)).toEqual(['results ListArtifacts', 'results GetSignedArtifactURL', 'blob']);

  const elsewhere = blobsOf(await jobs.start({ permissions: { contents: 'write' } }));
  elsewhere.learn(places);
  const failure = await elsewhere.text(digest).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PermissionError);
  expect(failure).toMatchObject({
    permission: 'actions: read',
    message: expect.stringContaining('actions: read'),
  });
});

it('is read by a later attempt of its workflow run, which the results service takes for another run', async () => {
  const first = await jobs.start();
  const blobs = blobsOf(first);
  const digest = await blobs.put(['text']);
  const places = await blobs.save();
  const again = await jobs.start();
  const later = blobsOf({ ...again, run: first.run });
  later.learn(places);
  expect(await later.text(digest)).toBe('text');
});

it('names the workflow run, and for how long artifacts are kept, when one is gone', async () => {
  const first = await jobs.start();
  const blobs = blobsOf(first);
  const [one, two] = [await blobs.put(['one']), await blobs.put(['two'])];
  const places = await blobs.save();
  const [place] = places;
  const later = blobsOf(await jobs.start());
  later.learn(places);
  jobs.github.world.artifacts.delete(place?.artifact ?? 0);
  const failure = await later.text(one).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ArtifactGoneError);
  expect(failure).toMatchObject({
    message: `Artifact ${place?.artifact} of workflow run ${first.run} is gone: it was deleted, or is older than the 30 days this repository keeps artifacts.`,
  });
  expect(await later.has(two)).toBe(false);
  // Put once more, it is kept once more.
  await later.put(['two']);
  expect(await later.save()).toEqual([expect.objectContaining({ digests: [two] })]);
});

it('calls an expired artifact gone', async () => {
  const blobs = blobsOf(await jobs.start());
  const digest = await blobs.put(['short lived']);
  const places = await blobs.save();
  jobs.github.world.advance(31 * 86_400_000);
  const later = blobsOf(await jobs.start());
  later.learn(places);
  await expect(later.text(digest)).rejects.toBeInstanceOf(ArtifactGoneError);
});

/** What a later job reads when the artifact has these entries instead; `{}` stands for the blob's digest. */
async function readForged(
  entries: readonly (Omit<ForgedEntry, 'bytes'> & { readonly text: string })[] | Buffer,
): Promise<unknown> {
  const blobs = blobsOf(await jobs.start());
  const digest = await blobs.put(['right']);
  const places = await blobs.save();
  const artifact = jobs.github.world.artifacts.get(places[0]?.artifact ?? 0);
  if (artifact === undefined) throw new Error('nothing was kept');
  artifact.bytes = Buffer.isBuffer(entries)
    ? entries
    : forgedZip(
        entries.map(({ text, name, ...rest }) => ({
          ...rest,
          name: name.replace('{}', digest),
          bytes: Buffer.from(text, 'latin1'),
        })),
      );
  const job = await jobs.start();
  const later = blobsOf(job);
  later.learn(places);
  const result = await later.text(digest).catch((error: Error) => error.message.replaceAll(digest, '{}'));
  // Whatever was there, nothing but the blob lies in the job's folder.
  const files = await readdir(job.directory, { recursive: true, withFileTypes: true });
  const strange = files.filter(
    (file) => file.isFile() && !/^(event\.json|output|summary\.md|state|env|path)$/.test(file.name),
  );
  expect(strange.map(({ name }) => name)).toEqual(result === 'right' ? [digest] : []);
  return result;
}

it('takes only what has the right name and the right bytes from an artifact', async () => {
  expect(
    await readForged([
      { name: '../x', text: 'up' },
      { name: '/etc/passwd', text: 'root' },
      { name: '../{}', text: 'right' },
      { name: 'f'.repeat(64), text: 'nobody asked' },
      { name: 'ab/{}', text: 'right' },
    ]),
  ).toBe('right');
  expect(await readForged([{ name: '../../{}', text: 'right' }])).toMatch(/is missing/);
  const wrong = /has something else under the digest \{\}\.$/;
  expect(await readForged([{ name: '{}', text: 'wrong' }])).toMatch(wrong);
  expect(await readForged([{ name: '{}', text: '\xff\xfe' }])).toMatch(wrong);
});

it('refuses archives that are made to do harm', async () => {
  expect(await readForged([{ name: '{}', text: '0'.repeat(1 << 20), size: 5 }])).toMatch(/more than it says/);
  expect(await readForged([{ name: '{}', text: 'right', size: 2 ** 31 + 1 }])).toMatch(
    /more than this program/,
  );
  expect(
    await readForged([1, 2, 3].map((at) => ({ name: `{}${at}`, text: 'right', size: 2 ** 31 - 1 }))),
  ).toMatch(/more than this program/);
  expect(await readForged([{ name: '{}', text: 'right', size: 6 }])).toMatch(/damaged/);
  expect(await readForged([{ name: '{}', text: 'right', flags: 1 }])).toMatch(/encrypted/);
  expect(
    await readForged([
      { name: '{}', text: 'right' },
      { name: '{}', text: 'right' },
    ]),
  ).toMatch(/two entries/);
  expect(await readForged(Buffer.from('no archive at all'))).toMatch(/damaged, or is none/);
  const whole = forgedZip([{ name: 'a'.repeat(64), bytes: Buffer.from('right') }]);
  expect(await readForged(whole.subarray(0, whole.length - 30))).toMatch(/damaged, or is none/);
});

const uploading = ['results CreateArtifact', 'blob', 'results FinalizeArtifact'];
const failing = [{ kind: 'answer', status: 503 }, { kind: 'cut' }, { kind: 'lose' }] as const;
for (const operation of uploading) {
  for (const what of failing) {
    it(`is kept all the same when "${operation}" meets ${what.kind} once`, async () => {
      const first = await jobs.start();
      const blobs = blobsOf(first);
      const digest = await blobs.put([`${operation} ${what.kind}`]);
      jobs.github.interfere({ when: (request) => request.operation === operation, what });
      const places = await blobs.save();
      const later = blobsOf(await jobs.start());
      later.learn(places);
      expect(await later.text(digest)).toBe(`${operation} ${what.kind}`);
    });
  }
}

it('forgets nothing when it could not be kept, and the next try has another name', async () => {
  const first = await jobs.start();
  const blobs = blobsOf(first);
  const digest = await blobs.put(['again']);
  const finalise = 'results FinalizeArtifact';
  jobs.github.interfere({
    when: ({ operation }) => operation === finalise,
    times: 5,
    what: { kind: 'answer', status: 500 },
  });
  const failure = await blobs.save().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HostingError);
  expect(failure).toMatchObject({
    message: expect.stringMatching(/^GitHub did not keep the artifact "octobatch-blobs-r1-a-1": /),
  });
  const places = await blobs.save();
  expect(places).toMatchObject([{ digests: [digest] }]);
  expect(jobs.github.world.artifacts.get(places[0]?.artifact ?? 0)?.name).toBe('octobatch-blobs-r1-a-2');
});

it('finds another name when somebody has taken its own', async () => {
  const first = await jobs.start();
  const [one, two] = [blobsOf(first, 'same'), blobsOf(first, 'same')];
  await one.put(['one']);
  await two.put(['two']);
  await one.save();
  const [place] = await two.save();
  expect(jobs.github.world.artifacts.get(place?.artifact ?? 0)?.name).toBe('octobatch-blobs-r1-same-2');
});

for (const [operation, whats] of [
  ['actions/download-artifact', failing],
  ['blob', failing],
] as const) {
  for (const what of whats) {
    it(`is fetched all the same when "${operation}" meets ${what.kind} once`, async () => {
      const blobs = blobsOf(await jobs.start());
      const digest = await blobs.put(['fetched']);
      const places = await blobs.save();
      const later = blobsOf(await jobs.start());
      later.learn(places);
      jobs.github.interfere({ when: (request) => request.operation === operation, what });
      expect(await later.text(digest)).toBe('fetched');
    });
  }
}

it('waits for a rate limit that ends soon, and says so when one does not', async () => {
  const blobs = blobsOf(await jobs.start());
  const digest = await blobs.put(['limited']);
  const places = await blobs.save();
  const later = blobsOf(await jobs.start());
  later.learn(places);
  const limited = (headers: Record<string, string>) =>
    jobs.github.interfere({
      when: ({ operation }) => operation === 'actions/download-artifact',
      what: { kind: 'answer', status: 403, body: { message: 'API rate limit exceeded' }, headers },
    });
  limited({
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(jobs.github.world.now() / 1000 + 3000),
  });
  const failure = await later.text(digest).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(HostingError);
  expect(failure).toMatchObject({ status: 403 });
  limited({ 'retry-after': '30' });
  expect(await later.text(digest)).toBe('limited');
  expect(jobs.slept).toEqual([30_000]);
});

it('refuses an Enterprise Server with what to do instead', async () => {
  const job = await jobs.start();
  const artifacts = openArtifacts({
    token: 't',
    owner: 'octo',
    repo: 'game',
    workflowRun: 1,
    retentionDays: null,
    serverUrl: 'https://github.example.com',
    temporary: job.directory,
    clock: { now: () => 0, sleep: async () => {} },
  });
  await expect(artifacts.open(1, 1)).rejects.toThrow(
    'github.example.com keeps no artifacts for this action: state between jobs needs github.com. Use "command: run", which finishes in its job.',
  );
});

it('prints nothing that a pipeline or a model wrote, and no key', async () => {
  const first = await jobs.start();
  const blobs = blobsOf(first);
  const digest = await blobs.put(['::error::from a model\n']);
  const places = await blobs.save();
  const second = await jobs.start();
  const later = blobsOf(second);
  later.learn(places);
  await later.text(digest);
  const printed = jobs.printed();
  expect(printed).toContain('Finalizing artifact upload');
  expect(printed).not.toContain('from a model');
  for (const job of [first, second]) {
    expect(printed).not.toContain(job.token.value);
    expect(printed).not.toContain(job.env.ACTIONS_RUNTIME_TOKEN);
  }
});
