// A commit is told of its own content only, and of a mistake in it too.
import { describe, expect, it } from 'vitest';
import { addRepository, filesAt, openPull, push } from '../github/scene.ts';
import { change, expectHonest, pendingPlaces, propose, statusOf, submit } from '../story/acts.ts';
import { TALE, tale } from '../story/pipelines.ts';
import { STATE_BRANCH } from '../story/snapshot.ts';
import { GAME, openStage } from '../story/stage.ts';

describe('a job that has something else checked out than what it is about', () => {
  it('shows it on no commit and keeps it as nobody’s result, and says so', async () => {
    const stage = await openStage();
    const { commit } = propose(stage);
    const job = await stage.job({
      event: { name: 'schedule' },
      workflow: 'nightly',
      checkout: commit,
      with: { command: 'submit' },
    });
    expect(job.end, job.log).toBe('green');
    expect(job.annotations.join('\n')).toContain(`Commit ${commit} is checked out, and this job is about `);
    stage.advance(60);
    await stage.job({
      event: { name: 'schedule' },
      checkout: null,
      with: { command: 'collect', pipeline: '' },
    });
    expect(stage.world.statuses).toEqual([]);
    const kept = [...filesAt(stage.world, GAME, STATE_BRANCH).keys()];
    expect(kept.filter((path) => path.startsWith('baselines/'))).toEqual([]);
    expect(kept.filter((path) => path.startsWith('done/'))).toHaveLength(1);
    expectHonest(stage);
  });
});

describe('a stranger’s commit that brings runs of its own along', () => {
  it('is not run for money, nor believed', async () => {
    const stage = await openStage();
    addRepository(stage.world, 'ann/game', { forkOf: GAME, public: true });
    const sha = push(stage.world, 'ann/game', 'fix', {
      [`${TALE}/pipeline.yaml`]: tale().replace('provider: openai', 'provider: simulated'),
      '.octobatch/runs/tale-0123456789/journal/00000001.jsonl': '{"type":"run_created"}\n',
    });
    const pr = String(openPull(stage.world, GAME, { branch: 'fix', from: 'ann/game', login: 'ann' }).number);
    const job = await stage.job({
      event: { name: 'workflow_dispatch', inputs: { pr, sha } },
      workflow: 'paid-fork',
      checkout: sha,
      with: { command: 'submit' },
    });
    expect(job.end, job.log).toBe('red');
    expect(job.annotations.join('\n')).toContain('holds a folder .octobatch, where runs are kept');
    expect(stage.world.statuses).toEqual([]);
    expectHonest(stage);
  });
});

describe('a commit whose pipeline has mistakes', () => {
  it('has a status that says so, under the usual name, until the next commit', async () => {
    const stage = await openStage();
    const { pull } = propose(stage);
    const broken = push(stage.world, GAME, 'topic', {
      [`${TALE}/pipeline.yaml`]: tale().replace('at_least', 'at_leest'),
    });
    const job = await submit(stage, pull);
    expect(job.end, job.log).toBe('red');
    expect(statusOf(stage, broken)).toMatchObject({
      state: 'error',
      description: expect.stringMatching(/^Error: \d mistakes? in the configuration, nothing was run$/),
    });
    const mended = change(stage, 'topic', { highest: 4 });
    await submit(stage, pull);
    expect(statusOf(stage, mended)?.state).toBe('pending');
    expect(pendingPlaces(stage).some((place) => place.includes(broken))).toBe(false);
    expectHonest(stage);
  });
});
