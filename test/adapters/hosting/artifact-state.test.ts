import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openArtifactState } from '../../../src/adapters/hosting/github-artifact-state.ts';
import { openGithubClient } from '../../../src/adapters/hosting/github-client.ts';
import { openBranchJournal } from '../../../src/adapters/journals/branch.ts';
import { archiveRun, listArchived, readRuns } from '../../../src/adapters/journals/branch-archive.ts';
import type { JournalEvent } from '../../../src/engine/events.ts';
import { HostingError, PermissionError } from '../../../src/ports/hosting.ts';
import type { StateBranch, StateChange } from '../../../src/ports/state-branch.ts';
import { addRepository, openPull, push } from '../../github/scene.ts';
import { repositoryOf } from '../../github/world.ts';
import { type ArtifactJob, artifactJobs } from '../artifacts-jobs.ts';
import { forgedZip } from '../zip.ts';

const jobs = artifactJobs();
let states = 0;

/** A name that no other test of this file uses. */
function newState(): string {
  states += 1;
  return `octobatch-state-${states}`;
}

/** The state as a job sees it, and what it was warned of. */
function stateOf(
  job: ArtifactJob,
  name: string,
): { readonly state: StateBranch; readonly warnings: string[] } {
  const { github } = jobs;
  const clock = { now: () => github.world.now(), sleep: async (ms: number) => github.world.advance(ms) };
  const warnings: string[] = [];
  const state = openArtifactState({
    client: openGithubClient(
      { token: job.token.value, owner: 'octo', repo: 'game', apiUrl: github.url },
      clock,
    ),
    artifacts: job.artifacts,
    clock,
    name,
    repositoryId: repositoryOf(github.world, 'octo/game').id,
    workflowRun: job.run,
    workflow: '.github/workflows/octobatch.yml',
    temporary: join(job.directory, 'temp'),
    warn: (text) => warnings.push(text),
  });
  return { state, warnings };
}

function change(files: Readonly<Record<string, string>>, expects: readonly string[] = []): StateChange {
  return { message: 'change', write: new Map(Object.entries(files)), remove: [], expects };
}

function asked(from: number): (string | null)[] {
  return jobs.github.log.slice(from).map(({ operation }) => operation);
}

const LIST = 'actions/list-artifacts-for-repo';
const UPLOAD = ['results CreateArtifact', 'blob', 'blob', 'results FinalizeArtifact'];

it('is read by the next job with a call to list, one to know its workflow, and one to download', async () => {
  const name = newState();
  const first = await jobs.start();
  const { state } = stateOf(first, name);
  const before = jobs.github.log.length;
  expect(await state.names('runs')).toEqual([]);
  expect(await state.commit(change({ 'runs/a/1': 'é\n' }))).toBe('committed');
  expect(asked(before)).toEqual([LIST, ...UPLOAD, LIST]);
  first.end('success');

  const later = stateOf(await jobs.start(), name);
  const then = jobs.github.log.length;
  expect(await later.state.files('runs')).toEqual(new Map([['runs/a/1', 'é\n']]));
  expect(await later.state.names('runs')).toEqual(['a']);
  expect(asked(then)).toEqual([LIST, 'actions/get-workflow-run', 'actions/download-artifact', 'blob']);
  // Nothing new costs one call, from which on nothing is asked for ten seconds.
  later.state.refresh();
  await later.state.file('runs/a/1');
  expect(asked(then).slice(4)).toEqual([LIST]);
  expect(later.warnings).toEqual([]);
});

it('carries the journal of a run from job to job until it is put away', async () => {
  const name = newState();
  const blobs = { save: async () => [], learn: () => {} };
  const created = { type: 'run_finished', at: 1 } as JournalEvent;
  for (let version = 0; version < 3; version++) {
    const job = await jobs.start();
    const journal = openBranchJournal(stateOf(job, name).state, 'r-1', blobs);
    expect((await journal.read()).version).toBe(version);
    expect(await journal.append([created], version)).toEqual({ kind: 'appended', version: version + 1 });
    job.end('success');
  }
  const { state } = stateOf(await jobs.start(), name);
  expect([...(await readRuns(state)).keys()]).toEqual(['r-1']);
  expect(await archiveRun(state, 'r-1', new Map([['baselines/x.json', '{}']]), 3)).toBe('committed');
  const last = stateOf(await jobs.start(), name).state;
  expect(await readRuns(last)).toEqual(new Map());
  expect(await listArchived(last)).toEqual(['r-1']);
  expect(await last.file('baselines/x.json')).toBe('{}');
});

it('lets writers of different runs both succeed, and says conflict to the second of one run', async () => {
  const name = newState();
  const [one, other] = [await jobs.start(), await jobs.start()];
  const mine = stateOf(one, name).state;
  const theirs = stateOf(other, name).state;
  await mine.files('runs');
  await theirs.files('runs');
  expect(await mine.commit(change({ 'runs/a/1': 'a' }, ['runs/a']))).toBe('committed');
  expect(await theirs.commit(change({ 'runs/b/1': 'b' }, ['runs/b']))).toBe('committed');
  expect(await mine.commit(change({ 'runs/b/1': 'mine' }, ['runs/b']))).toBe('conflict');
  expect(await mine.names('runs')).toEqual(['a', 'b']);
});

it('keeps jobs of one workflow run apart by the name that only one can take', async () => {
  const name = newState();
  const first = await jobs.start();
  const second = await jobs.start({ run: first.run });
  const handles = Array.from({ length: 6 }, (_, at) => stateOf(at % 2 === 0 ? first : second, name).state);
  await Promise.all(handles.map((handle) => handle.names('runs')));
  const results = await Promise.all(
    handles.map((handle, at) => handle.commit(change({ [`runs/${at}/1`]: 'x' }, [`runs/${at}`]))),
  );
  expect(results).toEqual(Array.from({ length: 6 }, () => 'committed'));
  expect(await stateOf(await jobs.start(), name).state.names('runs')).toHaveLength(6);
});

for (const [what, theirs, outcome, files] of [
  ['different runs', 'runs/b', 'committed', ['a', 'b', 'b-more']],
  ['one run', 'runs/a', 'conflict', ['a', 'a-more']],
] as const) {
  it(`loses nothing of ${what} when another workflow run writes while an upload is under way`, async () => {
    const name = newState();
    const mine = await jobs.start();
    const one = stateOf(mine, name).state;
    await one.commit(change({ 'runs/0/1': '0' }));
    const other = await jobs.start();
    const two = stateOf(other, name).state;
    await two.files('runs');
    const seen: string[] = [];
    jobs.github.interfere({
      when: ({ operation }) => operation === 'results FinalizeArtifact',
      what: {
        kind: 'run',
        async run() {
          other.enter();
          seen.push(await two.commit(change({ [`${theirs}/2`]: 'theirs' }, [theirs])));
          mine.enter();
        },
      },
    });
    mine.enter();
    expect(await one.commit(change({ 'runs/a/1': 'mine' }, ['runs/a']))).toBe(outcome);
    expect(seen).toEqual(['committed']);
    // The other's journal goes on where it was.
    other.enter();
    expect(await two.commit(change({ [`${theirs}-more/1`]: 'x' }, [theirs]))).toBe('committed');
    const later = stateOf(await jobs.start(), name).state;
    expect(await later.names('runs')).toEqual(['0', ...files]);
    expect(await later.file(`${theirs}/2`)).toBe('theirs');
  });
}

it('believes no artifact of a fork, of another workflow or of Dependabot, and says how many there were', async () => {
  const name = newState();
  const { world } = jobs.github;
  const own = stateOf(await jobs.start(), name);
  await own.state.commit(change({ 'runs/a/1': 'true' }));
  if (!world.repositories.has('eve/game')) {
    addRepository(world, 'eve/game', { forkOf: 'octo/game' });
    push(world, 'eve/game', 'evil', { 'x.txt': 'x' });
    openPull(world, 'octo/game', { branch: 'evil', from: 'eve/game', login: 'eve' });
  }
  const strangers = [
    await jobs.start({ event: { name: 'pull_request', pull: 1 } }),
    await jobs.start({ workflow: 'lint' }),
    await jobs.start({ actor: 'dependabot[bot]' }),
  ];
  for (const [at, stranger] of strangers.entries()) {
    stranger.enter();
    const forged = await stranger.artifacts.upload(
      () => `${name}-0000009${at}`,
      [stranger.files.event],
      stranger.directory,
      'zip',
    );
    const artifact = world.artifacts.get(forged?.id ?? 0);
    const text = JSON.stringify({ state: 1, files: [['runs/a/1', 'forged']] });
    if (artifact !== undefined) {
      artifact.bytes = forgedZip([{ name: 'state.json', bytes: Buffer.from(text) }]);
    }
  }
  const job = await jobs.start();
  const later = stateOf(job, name);
  const before = jobs.github.log.length;
  expect(await later.state.file('runs/a/1')).toBe('true');
  expect(asked(before).filter((operation) => operation === 'actions/download-artifact')).toHaveLength(1);
  expect(later.warnings).toEqual([
    `3 artifacts named ${name}-* were ignored: they do not come from this repository's own .github/workflows/octobatch.yml.`,
  ]);
  // Whoever writes next goes on from the true one, and is read.
  expect(await later.state.commit(change({ 'runs/a/2': 'next' }, ['runs/a']))).toBe('committed');
  expect(await stateOf(await jobs.start(), name).state.names('runs/a')).toEqual(['1', '2']);
});

const calls = ['results CreateArtifact', 'blob', 'results FinalizeArtifact', LIST];
const failing = [{ kind: 'answer', status: 503 }, { kind: 'cut' }, { kind: 'lose' }] as const;
for (const operation of calls) {
  for (const what of failing) {
    it(`is written once, and whole, when "${operation}" meets ${what.kind}`, async () => {
      const name = newState();
      const { state } = stateOf(await jobs.start(), name);
      await state.commit(change({ 'runs/a/1': '1' }));
      jobs.github.interfere({ when: (request) => request.operation === operation, what });
      expect(await state.commit(change({ 'runs/a/2': '2' }, ['runs/a']))).toBe('committed');
      expect(await state.commit(change({ 'runs/a/3': '3' }, ['runs/a']))).toBe('committed');
      const later = stateOf(await jobs.start(), name).state;
      expect([...(await later.files('runs')).values()]).toEqual(['1', '2', '3']);
    });
  }
}

it('goes on in a later job when this one could not write', async () => {
  const name = newState();
  const { state } = stateOf(await jobs.start(), name);
  await state.commit(change({ 'runs/a/1': '1' }));
  const finalise = 'results FinalizeArtifact';
  jobs.github.interfere({
    when: ({ operation }) => operation === finalise,
    times: 5,
    what: { kind: 'answer', status: 500 },
  });
  await expect(state.commit(change({ 'runs/a/2': '2' }, ['runs/a']))).rejects.toBeInstanceOf(HostingError);
  // In the same job too: the number is taken by what broke off, so that it takes a few looks.
  expect(await state.commit(change({ 'runs/a/2': '2' }, ['runs/a']))).toBe('committed');
  const later = stateOf(await jobs.start(), name).state;
  expect(await later.names('runs/a')).toEqual(['1', '2']);
});

it('names the permission it lacks', async () => {
  const name = newState();
  await stateOf(await jobs.start(), name).state.commit(change({ 'runs/a/1': '1' }));
  const { state } = stateOf(await jobs.start({ permissions: { contents: 'read' } }), name);
  const failure = await state.files('runs').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PermissionError);
  expect(failure).toMatchObject({ permission: 'actions: read' });
});

it('refuses what is damaged or too new, and leaves it', async () => {
  const texts = [
    '{"state":2}',
    '{"state":1,"files":[["a"]]}',
    '[',
    'null',
    '{"state":1,"files":{"__proto__":"x"}}',
  ];
  const messages = [];
  for (const text of texts) {
    const name = newState();
    await stateOf(await jobs.start(), name).state.commit(change({ 'runs/a/1': '1' }));
    const artifact = [...jobs.github.world.artifacts.values()].at(-1);
    if (artifact !== undefined) {
      artifact.bytes = forgedZip([{ name: 'state.json', bytes: Buffer.from(text) }]);
    }
    const { state } = stateOf(await jobs.start(), name);
    const failure = await state.files('runs').catch((error: Error) => error);
    expect(failure).toBeInstanceOf(HostingError);
    messages.push((failure as Error).message.replace(/\d{4,}/g, 'N'));
  }
  expect(messages).toEqual([
    'Artifact N of workflow run N has format 2, and this version of Octobatch reads up to 1. Use the version that wrote it, or a newer one.',
    ...Array.from({ length: 4 }, () => 'Artifact N of workflow run N does not hold the state of runs.'),
  ]);
});
