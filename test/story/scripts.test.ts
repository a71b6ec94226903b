// What a pipeline asks for once its run is over, on GitHub: scripts run in the job that ends the run, where whoever started it
// vouched for them, and never for a stranger. What they make is kept with the files of the run, what fails is in sight.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../github/archive.ts';
import { addRepository, openPull, push } from '../github/scene.ts';
import { collectLater, expectHonest, ownComments, pendingPlaces, statusOf, submit } from './acts.ts';
import type { JobEnd } from './job.ts';
import { policyFor, TALE, tale } from './pipelines.ts';
import { GAME, type Stage, setStage } from './stage.ts';
import { WORKFLOWS } from './workflows.ts';

/** Tells the scores of the good tales, and that it was handed no key. */
const TALLY = `import { readFileSync } from 'node:fs';
const [run] = process.argv.slice(2);
const lines = readFileSync(run + '/results.jsonl', 'utf8').trim().split('\\n').map((line) => JSON.parse(line));
for (const id of ['harbour', 'forest'])
  console.log(id, lines.filter((unit) => unit.item === id || unit.id === id).filter(({ good }) => good).length);
console.log('keys', Object.keys(process.env).filter((name) => /KEY|TOKEN|^GITHUB|^INPUT/.test(name)).length);
`;

/** What it prints on its way down is a stranger's text as much as any. */
const BROKEN = `console.error('no such table: <img src=x> @octo/team');
process.exit(4);
`;

/** The pipeline with everything that can be done after a run; `failing`: what a script that fails means. */
function withEntries(failing: 'fail' | 'warn' | null, highest = 6): Readonly<Record<string, string>> {
  const broken = failing === null ? '' : `  - { script: broken.mjs, on_failure: ${failing} }\n`;
  const entries = `post_process:
  - { script: tally.mjs, output: tally.txt }
${broken}  - { analysis: { group_by: id, count: [good], title: Good tales by place }, output: good.txt }
  - { gzip: [results.jsonl, "outputs/*.txt"], keep_originals: true }
`;
  return {
    [`${TALE}/pipeline.yaml`]: tale({ more: entries, highest }),
    [`${TALE}/tally.mjs`]: TALLY,
    ...(failing === null ? {} : { [`${TALE}/broken.mjs`]: BROKEN }),
  };
}

describe('scripts', () => {
  let stage: Stage;
  /** Inputs of a workflow that lets scripts run. */
  const vouched = (): { with: Record<string, string> } => ({
    with: { policy: `${policyFor(stage.provider.url)}scripts: true\n` },
  });
  const golden = (name: string, title: string): Promise<void> => {
    expectHonest(stage);
    return expect(stage.look(title)).toMatchFileSnapshot(`../golden/story/${name}.txt`);
  };
  const said = (pull: number): string => ownComments(stage, pull)[0]!.body;
  /** Texts of the outputs that a job kept, by their paths. */
  const outputsOf = (job: JobEnd): ReadonlyMap<string, string> => {
    const kept = [...stage.world.artifacts.values()].filter(
      ({ name, run }) => name.endsWith('-results') && run === job.run,
    );
    const files = kept.flatMap((artifact) => [...filesIn(artifact)]);
    const outputs = files.filter(([path]) => path.startsWith('outputs/'));
    return new Map(outputs.map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
  };
  const propose = (branch: string, files: Readonly<Record<string, string>>) => {
    const commit = push(stage.world, GAME, branch, files);
    return { pull: openPull(stage.world, GAME, { branch }).number, commit };
  };
  beforeAll(async () => {
    stage = await setStage({ repository: { public: true, files: { ...WORKFLOWS, ...withEntries(null) } } });
  });
  afterAll(() => stage.close());

  it('of main run in the job that ends the run, and what they make is kept with its files', async () => {
    const { with: more } = vouched();
    await stage.job({
      event: { name: 'push', branch: 'main' },
      with: { command: 'submit', ...more },
    });
    stage.look('sent');
    const job = await collectLater(stage, vouched());
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'completed']);
    const outputs = outputsOf(job);
    expect([...outputs.keys()].sort()).toEqual([
      'outputs/good.txt',
      'outputs/good.txt.gz',
      'outputs/results.jsonl.gz',
      'outputs/tally.txt',
      'outputs/tally.txt.gz',
    ]);
    expect(outputs.get('outputs/tally.txt')).toMatch(/^harbour \d+\nforest \d+\nkeys 0\n$/);
    expect(job.summary).toContain('After the run: 3 entries, 5 files in outputs/');
    await golden('scripts-1-main', 'The collector that ends the run of main');
  });

  it('that fail make the run an error, where the pipeline does not say otherwise', async () => {
    const { pull, commit } = propose('broken', withEntries('fail', 5));
    await submit(stage, pull, vouched());
    stage.look('sent');
    const job = await collectLater(stage, vouched());
    expect([job.end, job.outputs.verdict], job.log).toEqual(['red', 'error']);
    expect(statusOf(stage, commit)?.state).toBe('error');
    expect(said(pull)).toContain('no such table');
    expect(pendingPlaces(stage)).toEqual([]);
    await golden('scripts-2-fails', 'A script that fails');
  });

  it('that fail are told and no more, where it says so', async () => {
    const { pull, commit } = propose('warned', withEntries('warn', 4));
    await submit(stage, pull, vouched());
    const job = await collectLater(stage, vouched());
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'completed']);
    expect(statusOf(stage, commit)?.state).toBe('success');
    expect(said(pull)).toContain('no such table');
    expect([...outputsOf(job).keys()]).toContain('outputs/tally.txt');
    stage.look('warned');
  });

  it('of a branch do not run under a policy without a word about scripts, which the comment says', async () => {
    const { pull, commit } = propose('quiet', withEntries(null, 3));
    await submit(stage, pull);
    const job = await collectLater(stage, vouched());
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'completed']);
    expect(said(pull)).toContain('Not run: 1 entry of the pipeline');
    expect([...outputsOf(job).keys()]).not.toContain('outputs/tally.txt');
    expect(statusOf(stage, commit)?.state).toBe('success');
    await golden('scripts-3-not-vouched', 'A branch under a policy without scripts');
  });

  it('that the collector may not run are named, and done by one that may, or the job started again', async () => {
    const { pull } = propose('late', withEntries(null, 7));
    await submit(stage, pull, vouched());
    const early = await collectLater(stage);
    expect([early.end, early.outputs.status], early.log).toEqual(['green', 'completed']);
    expect(said(pull)).toContain('not done yet');
    const run = early.outputs['run-id']!;
    const asked = await collectLater(stage, { with: { run, ...vouched().with } });
    const again = await submit(stage, pull, vouched());
    for (const job of [asked, again]) {
      expect([job.end, job.outputs.status], job.log).toEqual(['green', 'completed']);
      expect([...outputsOf(job).keys()]).toContain('outputs/tally.txt');
    }
    expect(said(pull)).not.toContain('not done yet');
    stage.look('late');
  });

  it('that failed are tried once more by the job that is started again', async () => {
    const door = join(stage.folder, 'shut');
    writeFileSync(door, '');
    const files = withEntries('fail', 9);
    const script = `import { existsSync } from 'node:fs';
process.exit(existsSync(${JSON.stringify(door)}) ? 1 : 0);
`;
    const { pull, commit } = propose('flaky', { ...files, [`${TALE}/broken.mjs`]: script });
    await submit(stage, pull, vouched());
    const failed = await collectLater(stage, vouched());
    expect([failed.end, failed.outputs.verdict], failed.log).toEqual(['red', 'error']);
    rmSync(door);
    const again = await submit(stage, pull, vouched());
    expect([again.end, again.outputs.status], again.log).toEqual(['green', 'completed']);
    expect(statusOf(stage, commit)?.state).toBe('success');
    stage.look('tried again');
  });

  it('of a branch that changes nothing but a script concern nobody else who has the same run', async () => {
    const main = stage.world.statuses.filter(({ state }) => state === 'success')[0]!;
    const { pull, commit } = propose('only-script', {
      ...withEntries('fail'),
      [`${TALE}/broken.mjs`]: BROKEN,
    });
    const sent = stage.provider.batches().length;
    const job = await submit(stage, pull, vouched());
    expect([job.end, job.outputs.verdict], job.log).toEqual(['red', 'error']);
    expect(stage.provider.batches()).toHaveLength(sent);
    expect(statusOf(stage, commit)?.state).toBe('error');
    expect(statusOf(stage, main.sha)?.state).toBe('success');
    stage.look('only a script');
  });

  let fork: { pull: number; commit: string };

  it('of a fork do not run, whatever the policy says, which the summary says', async () => {
    addRepository(stage.world, 'ann/game', { forkOf: GAME, public: true });
    const commit = push(stage.world, 'ann/game', 'fix', withEntries('fail', 8));
    const { number } = openPull(stage.world, GAME, { branch: 'fix', from: 'ann/game', login: 'ann' });
    fork = { pull: number, commit };
    const job = await submit(stage, number, { actor: 'ann', ...vouched() });
    expect([job.end, job.outputs.verdict], job.log).toEqual(['green', 'dry_run']);
    expect(job.summary).toContain('Not run: 2 entries of the pipeline');
    expect(job.summary).not.toContain('no such table');
    await golden('scripts-4-fork', 'A pull request of a fork');
  });

  it('of a fork do not run when a maintainer pays, nor in the collector', async () => {
    const { with: more } = vouched();
    const paid = await stage.job({
      event: { name: 'workflow_dispatch', inputs: { pr: String(fork.pull), sha: fork.commit } },
      workflow: 'paid-fork',
      checkout: fork.commit,
      with: { command: 'submit', ...more },
    });
    expect([paid.end, paid.outputs.status], paid.log).toEqual(['green', 'pending']);
    const job = await collectLater(stage, vouched());
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'completed']);
    expect(said(fork.pull)).toContain('Not run: 2 entries of the pipeline');
    expect(statusOf(stage, fork.commit)?.state).toBe('success');
    expect([...outputsOf(job).keys()]).not.toContain('outputs/tally.txt');
    stage.look('paid');
  });

  it('of a pull request that joins the run of main are run for itself, and main has what its own made', async () => {
    const commit = push(stage.world, GAME, 'main', withEntries(null, 10));
    const { with: more } = vouched();
    await stage.job({ event: { name: 'push', branch: 'main' }, with: { command: 'submit', ...more } });
    const joins = propose('joins', { ...withEntries(null, 10), [`${TALE}/tally.mjs`]: BROKEN });
    await submit(stage, joins.pull, vouched());
    const job = await collectLater(stage, vouched());
    expect([statusOf(stage, commit)?.state, statusOf(stage, joins.commit)?.state], job.log).toEqual([
      'success',
      'error',
    ]);
    expect(said(joins.pull)).toContain('no such table');
    const kept = [...stage.world.artifacts.values()].filter(({ name, run }) => {
      return name.endsWith('-results') && run === job.run;
    });
    const tallies = kept.map((artifact) => [...filesIn(artifact).keys()].includes('outputs/tally.txt'));
    expect(tallies.sort()).toEqual([false, true]);
    expectHonest(stage);
    stage.look('joined');
  });
});
