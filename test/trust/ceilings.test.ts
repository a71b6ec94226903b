// What one commit may spend is not another's to lower, nor a stranger's to raise.
import { describe, expect, it } from 'vitest';
import { openPull, push } from '../github/scene.ts';
import {
  change,
  collectLater,
  expectHonest,
  ownComments,
  pendingPlaces,
  propose,
  statusOf,
  submit,
} from '../story/acts.ts';
import { TALE, tale } from '../story/pipelines.ts';
import { GAME, openStage } from '../story/stage.ts';

describe('a pull request that joins a run under way', () => {
  it('lowers no ceiling of those who began it', async () => {
    const stage = await openStage({
      repository: { files: { [`${TALE}/pipeline.yaml`]: tale({ rates: true }), 'README.md': '# Game\n' } },
    });
    await stage.job({ event: { name: 'push', branch: 'main' }, with: { command: 'submit' } });
    const main = stage.world.statuses.at(-1)!.sha;
    const stingy = tale({ rates: true, more: 'max_cost: 0.0009\n' });
    const commit = push(stage.world, GAME, 'topic', { [`${TALE}/pipeline.yaml`]: stingy });
    const pull = openPull(stage.world, GAME, { branch: 'topic' }).number;
    const job = await submit(stage, pull, { with: { 'max-cost': '0.001' } });
    expect(job.end, job.log).toBe('green');
    await collectLater(stage);
    const end = await collectLater(stage);
    expect(statusOf(stage, main)?.state, end.log).toBe('success');
    expect(statusOf(stage, commit)?.state).toBe('success');
    expect(pendingPlaces(stage)).toEqual([]);
    expect(stage.provider.batches()).toHaveLength(2);
    expectHonest(stage);
  });
});

describe('a run that stands still at its ceiling', () => {
  it('says how it goes on, turns no collector red again, and goes on when the ceiling is raised', async () => {
    const stage = await openStage();
    const { pull } = propose(stage, { highest: 4, more: 'max_cost: 0.01\n' });
    const job = await submit(stage, pull);
    expect(job.end, job.log).toBe('red');
    expect(ownComments(stage, pull)[0]!.body).toContain(
      'in the workflow that began it, and start its job again',
    );
    const idle = await collectLater(stage);
    expect([idle.end, idle.annotations, idle.outputs.verdict], idle.log).toEqual(['green', [], 'error']);
    const raised = change(stage, 'topic', { highest: 4, more: 'max_cost: 0.9\n' });
    const again = await submit(stage, pull);
    expect([again.end, statusOf(stage, raised)?.state], again.log).toEqual(['green', 'pending']);
    await collectLater(stage);
    expect(statusOf(stage, raised)?.state).not.toMatch(/pending|error/);
    expectHonest(stage);
  });
});
