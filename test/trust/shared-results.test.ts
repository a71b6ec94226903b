// Commits that share results, and jobs that come late: each commit is told what is true of it, and no other.
import { describe, expect, it } from 'vitest';
import { openPull, push } from '../github/scene.ts';
import {
  change,
  collectLater,
  expectHonest,
  headlineOf,
  ownComments,
  pendingPlaces,
  propose,
  statusOf,
  submit,
} from '../story/acts.ts';
import { TALE, tale } from '../story/pipelines.ts';
import { GAME, openStage } from '../story/stage.ts';

const STRICTER = tale().replace('at_least: 0.4', 'at_least: 0.9');

describe('commits that share results', () => {
  it('are each judged by their own gates', async () => {
    const stage = await openStage();
    const push0 = { event: { name: 'push', branch: 'main' }, with: { command: 'submit' } } as const;
    await stage.job(push0);
    const main = stage.world.statuses.at(-1)!.sha;
    const commit = push(stage.world, GAME, 'topic', { [`${TALE}/pipeline.yaml`]: STRICTER });
    const pull = openPull(stage.world, GAME, { branch: 'topic' }).number;
    const asked = await submit(stage, pull);
    expect(asked.end, asked.log).toBe('green');
    const job = await collectLater(stage);
    expect(stage.provider.batches()).toHaveLength(1);
    expect(statusOf(stage, main)?.description, job.log).toContain('gate ≥ 40%');
    expect(statusOf(stage, main)?.state).toBe('success');
    expect(statusOf(stage, commit)?.description).toContain('gate ≥ 90%');
    expect(statusOf(stage, commit)?.state).toBe('failure');
    const pages = [...ownComments(stage, pull)[0]!.body.matchAll(/\[HTML report\]\(\S+artifacts\/(\d+)\)/g)];
    expect(pages).toHaveLength(1);
    expect(statusOf(stage, main)?.targetUrl).not.toContain(`/artifacts/${pages[0]![1]}`);
    // Main's own result is what later ones are compared with.
    const again = await submit(stage, pull);
    expect(again.outputs.verdict, again.log).toBe('fail');
    expect(again.end).toBe('red');
    const { body } = ownComments(stage, pull)[0]!;
    expect(body).toMatch(/^\*\*The same run as on\*\* main \(`[0-9a-f]{7}`\), where the verdict is pass: /m);
    expect(body).toContain('**Judged differently from** main: gate good tales was `≥ 40%`, is `≥ 90%`.');
    expect(again.summary).toContain('**Judged differently from** main');
    expectHonest(stage);
  });
});

describe('a pull request that goes back', () => {
  it('to content whose run is being ended gets a run of its own, and is not told that it is superseded', async () => {
    const stage = await openStage();
    const { pull } = propose(stage);
    await submit(stage, pull);
    change(stage, 'topic', { highest: 5 });
    await submit(stage, pull);
    const back = change(stage, 'topic', { highest: 4 });
    const job = await submit(stage, pull);
    expect(statusOf(stage, back)?.state, job.log).toBe('pending');
    expect(headlineOf(stage, pull)).toContain('Pending');
    await collectLater(stage);
    await collectLater(stage);
    expect(statusOf(stage, back)?.state).not.toBe('error');
    expect(pendingPlaces(stage)).toEqual([]);
    expect(headlineOf(stage, pull)).not.toContain('Pending');
    expectHonest(stage);
  });
});

describe('a job about a commit that is not the newest any more', () => {
  it('ends no run of the newest, and takes no comment from it', async () => {
    const stage = await openStage();
    const { pull, commit } = propose(stage);
    const newest = change(stage, 'topic', { highest: 5 });
    await submit(stage, pull);
    // What GitHub tells a job when somebody starts an old one again: the event of then.
    const facts = stage.world.pulls[0]! as { headSha: string };
    facts.headSha = commit;
    const late = stage.job({
      event: { name: 'pull_request', pull },
      checkout: commit,
      with: { command: 'submit' },
    });
    facts.headSha = newest;
    const job = await late;
    expect(job.end, job.log).toBe('green');
    expect(statusOf(stage, newest)?.state).toBe('pending');
    expect(ownComments(stage, pull)[0]!.body).toContain(`For commit \`${newest.slice(0, 7)}\``);
    await collectLater(stage);
    expect(statusOf(stage, newest)?.state).not.toMatch(/pending|error/);
    expect(ownComments(stage, pull)[0]!.body).toContain(`For commit \`${newest.slice(0, 7)}\``);
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });
});
