// The scripted story, job by job: every stage of it is a golden text. Each job is a process of its own that has nothing
// but its environment.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRepository, openPull, push } from '../github/scene.ts';
import {
  apiCallsOf,
  change,
  collect,
  collectLater,
  expectHonest,
  headlineOf,
  ownComments,
  pendingPlaces,
  propose,
  statusOf,
  submit,
} from './acts.ts';
import { TALE, tale } from './pipelines.ts';
import { GAME, type Stage, setStage } from './stage.ts';
import { WORKFLOWS } from './workflows.ts';

describe('the story', () => {
  let stage: Stage;
  /** Commits of the pull request, in order. */
  const commits: string[] = [];
  /** Calls to GitHub by what a job did. */
  const counted = new Map<string, number>();
  const golden = (name: string, title: string): Promise<void> => {
    expectHonest(stage);
    return expect(stage.look(title)).toMatchFileSnapshot(`../golden/story/${name}.txt`);
  };
  beforeAll(async () => {
    const files = { ...WORKFLOWS, [`${TALE}/pipeline.yaml`]: tale({ rates: true }) };
    stage = await setStage({ repository: { public: true, files } });
  });
  afterAll(() => stage.close());

  it('main is pushed: a run is submitted, and its commit waits', async () => {
    const job = await stage.job({ event: { name: 'push', branch: 'main' }, with: { command: 'submit' } });
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    expect(job.annotations).toEqual([]);
    expect(stage.provider.batches()).toHaveLength(1);
    await golden('01-push', 'A push to main');
  });

  it('two collectors later main has a result, which is kept as the baseline', async () => {
    const first = await collectLater(stage);
    expect(first.outputs.status, first.log).toBe('pending');
    const second = await collectLater(stage);
    expect(second.outputs.status, second.log).toBe('completed');
    expect(pendingPlaces(stage)).toEqual([]);
    await golden('02-main', 'Two collectors');
  });

  it('a pull request is submitted within one job: pending comment, pending status', async () => {
    const { pull, commit } = propose(stage, { highest: 4, rates: true });
    commits.push(commit);
    const job = await submit(stage, pull);
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    expect(headlineOf(stage, pull)).toContain('Pending');
    expect(statusOf(stage, commit)?.state).toBe('pending');
    counted.set('submit: a run is begun', apiCallsOf(job));
    await golden('03-submit', 'A pull request');
  });

  it('a collector that finds nothing new writes nothing', async () => {
    const before = [ownComments(stage, 1)[0]?.updatedAt, stage.world.statuses.length];
    const job = await collect(stage);
    expect(job.end, job.log).toBe('green');
    expect([ownComments(stage, 1)[0]?.updatedAt, stage.world.statuses.length]).toEqual(before);
    counted.set('collect: nothing is new', apiCallsOf(job));
    await golden('04-nothing-new', 'The first collector');
  });

  it('the next one finds the first batch and sends the second', async () => {
    const job = await collectLater(stage);
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    counted.set('collect: a step is back', apiCallsOf(job));
    await golden('05-second-batch', 'The second collector');
  });

  it('the third shows the result against the baseline', async () => {
    const job = await collectLater(stage);
    expect(job.outputs.status, job.log).toBe('completed');
    expect(headlineOf(stage, 1)).not.toContain('Pending');
    expect(ownComments(stage, 1)[0]!.body).toContain('main');
    expect(statusOf(stage, commits[0]!)?.state).not.toBe('pending');
    expect(pendingPlaces(stage)).toEqual([]);
    counted.set('collect: the last step is back', apiCallsOf(job));
    await golden('06-result', 'The third collector');
  });

  it('costs the calls to GitHub that docs/github.md tells', () => {
    const text = readFileSync(new URL('../../docs/github.md', import.meta.url), 'utf8');
    const told = text.matchAll(/^\| ((?:submit|collect): [^|,]*[^|, ])[^|]*\| (\d+) \|$/gm);
    const figures = new Map([...told].map(([, what, calls]) => [what, Number(calls)]));
    expect([...figures.keys()]).toEqual([...counted.keys()]);
    // What was read some seconds ago is read again.
    for (const [what, calls] of counted) expect(Math.abs(calls - (figures.get(what) ?? 0))).toBeLessThan(3);
  });

  it('another push waits again, and the last complete result stays in sight', async () => {
    commits.push(change(stage, 'topic', { highest: 5, rates: true }));
    const job = await submit(stage, 1, { event: { name: 'pull_request', pull: 1, action: 'synchronize' } });
    expect(job.outputs.status, job.log).toBe('pending');
    expect(ownComments(stage, 1)[0]!.body).toContain(commits[0]!.slice(0, 7));
    await golden('07-second-push', 'The second push');
  });

  it('a push while it waits supersedes it: its run is ended at the provider', async () => {
    commits.push(change(stage, 'topic', { highest: 3, rates: true }));
    const job = await submit(stage, 1, { event: { name: 'pull_request', pull: 1, action: 'synchronize' } });
    expect(job.end, job.log).toBe('green');
    expect(stage.provider.batches().filter(({ cancelled }) => cancelled)).toHaveLength(1);
    expect(statusOf(stage, commits[2]!)?.state).toBe('pending');
    await golden('08-superseded', 'The third push');
  });

  it('the collectors end what was superseded and show what is new', async () => {
    await collectLater(stage);
    const job = await collectLater(stage);
    expect(job.end, job.log).toBe('green');
    expect(statusOf(stage, commits[1]!)?.state).toBe('error');
    expect(statusOf(stage, commits[1]!)?.description).toContain('Superseded');
    expect(headlineOf(stage, 1)).not.toContain('Pending');
    expect(pendingPlaces(stage)).toEqual([]);
    await golden('09-third-result', 'Two collectors');
  });

  it('a pull request of a fork is a dry run in the job summary, with a green job', async () => {
    addRepository(stage.world, 'ann/game', { forkOf: GAME, public: true });
    commits.push(push(stage.world, 'ann/game', 'fix', { [`${TALE}/pipeline.yaml`]: tale({ highest: 5 }) }));
    openPull(stage.world, GAME, { branch: 'fix', from: 'ann/game', login: 'ann' });
    const sent = stage.provider.batches().length;
    const job = await submit(stage, 2, { actor: 'ann' });
    expect([job.end, job.outputs.verdict], job.log).toEqual(['green', 'dry_run']);
    expect(job.annotations.filter((line) => !line.startsWith('notice'))).toEqual([]);
    expect(job.summary).toContain(`-f pr=2 -f sha=${commits[3]}`);
    expect(ownComments(stage, 2)).toEqual([]);
    expect(stage.provider.batches()).toHaveLength(sent);
    await golden('10-fork', 'A pull request of a fork');
  });

  it('a maintainer pays for its head: refused for a head that has moved, else a run like any other', async () => {
    const paid = (sha: string) =>
      stage.job({
        event: { name: 'workflow_dispatch', inputs: { pr: '2', sha } },
        workflow: 'paid-fork',
        checkout: sha,
        with: { command: 'submit' },
      });
    const read = commits[3]!;
    commits.push(push(stage.world, 'ann/game', 'fix', { 'note.txt': 'moved\n' }));
    const sent = stage.provider.batches().length;
    const refused = await paid(read);
    expect([refused.end, stage.provider.batches().length], refused.log).toEqual(['red', sent]);
    const job = await paid(commits[4]!);
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    expect(statusOf(stage, commits[4]!)?.state).toBe('pending');
    expect(headlineOf(stage, 2)).toContain('Pending');
    await golden('11-paid', 'A maintainer pays');
    await collectLater(stage);
    expect(statusOf(stage, commits[4]!)?.state).not.toBe('pending');
    await golden('12-paid-result', 'The result of the paid run');
  });

  it('the nightly run asks main anew', async () => {
    const before = stage.provider.batches().length;
    const job = await stage.job({
      event: { name: 'schedule' },
      workflow: 'nightly',
      with: { command: 'submit' },
    });
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    expect(stage.provider.batches()).toHaveLength(before + 1);
    await collectLater(stage);
    await collectLater(stage);
    expect(pendingPlaces(stage)).toEqual([]);
    await golden('13-nightly', 'Nightly');
  });
});
