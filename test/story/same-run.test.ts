// Jobs that meet: on content that has a run already, on one run at the same moment, on many pipelines, on parts of one run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesIn } from '../github/archive.ts';
import { openPull, push } from '../github/scene.ts';
import {
  change,
  collect,
  collectLater,
  expectHonest,
  headlineOf,
  ownComments,
  pendingPlaces,
  propose,
  runMain,
  statusOf,
  submit,
} from './acts.ts';
import { walk } from './pipelines.ts';
import { GAME, openStage, type Stage } from './stage.ts';

/** The results of the newest run, from the artifact a finished run leaves. */
function resultsOf(stage: Stage): string {
  const kept = [...stage.world.artifacts.values()].filter(({ name }) => name.endsWith('-results')).at(-1);
  if (kept === undefined) throw new Error('no results are kept');
  return Buffer.from(filesIn(kept).get('results.jsonl') ?? []).toString('utf8');
}

describe('content that has a run already', () => {
  it('is shown for another commit and paid for once, also while it is under way', async () => {
    const stage = await openStage();
    const { pull } = propose(stage);
    await submit(stage, pull);
    const same = push(stage.world, GAME, 'topic', { 'notes.md': 'nothing that counts\n' });
    const again = await submit(stage, pull);
    expect([again.end, again.outputs.status], again.log).toEqual(['green', 'pending']);
    expect(statusOf(stage, same)?.state).toBe('pending');
    await collectLater(stage);
    const late = push(stage.world, GAME, 'topic', { 'notes.md': 'still nothing\n' });
    const shown = await submit(stage, pull);
    expect([shown.outputs.status, statusOf(stage, late)?.state], shown.log).not.toContain('pending');
    expect(shown.log).toContain('nothing is paid again');
    expect(stage.provider.batches()).toHaveLength(1);
    expect(ownComments(stage, pull)).toHaveLength(1);
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('is that of main, in a pull request that changes nothing of the pipeline', async () => {
    const stage = await openStage();
    await runMain(stage);
    push(stage.world, GAME, 'topic', { 'notes.md': 'nothing that counts\n' });
    const { number, headSha } = openPull(stage.world, GAME, { branch: 'topic' });
    const job = await submit(stage, number);
    expect(job.outputs.status, job.log).toBe('completed');
    expect(statusOf(stage, headSha)?.state).not.toBe('pending');
    expect(stage.provider.batches()).toHaveLength(1);
    expectHonest(stage);
  });
});

describe('two at the same moment', () => {
  it('collectors: each batch is sent once, each result shown once', async () => {
    const stage = await openStage();
    const { pull, commit } = propose(stage, { rates: true });
    await submit(stage, pull);
    for (let round = 0; round < 2; round++) {
      stage.advance(60);
      const jobs = await Promise.all([collect(stage), collect(stage)]);
      for (const job of jobs) expect(job.end, job.log).toBe('green');
    }
    if (pendingPlaces(stage).length > 0) await collectLater(stage);
    expect(stage.provider.batches()).toHaveLength(2);
    expect(ownComments(stage, pull)).toHaveLength(1);
    expect(statusOf(stage, commit)?.state).not.toBe('pending');
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('submits of the same content: one run, one payment, both commits shown', async () => {
    const stage = await openStage();
    const { pull, commit } = propose(stage);
    const jobs = await Promise.all([
      submit(stage, pull),
      stage.job({ event: { name: 'push', branch: 'topic' }, with: { command: 'submit' } }),
    ]);
    for (const job of jobs) expect(job.end, job.log).toBe('green');
    await collectLater(stage);
    expect(stage.provider.batches()).toHaveLength(1);
    expect(statusOf(stage, commit)?.state).not.toBe('pending');
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('submits to two pull requests never wait for each other', async () => {
    const stage = await openStage();
    const pulls = ['a', 'b'].map((branch, index) => {
      change(stage, branch, { highest: 4 + index });
      return openPull(stage.world, GAME, { branch }).number;
    });
    const jobs = await Promise.all(pulls.map((pull) => submit(stage, pull)));
    for (const job of jobs) expect(job.end, job.log).toBe('green');
    await collectLater(stage);
    expect(stage.provider.batches()).toHaveLength(2);
    expect(pulls.map((pull) => ownComments(stage, pull).length)).toEqual([1, 1]);
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });
});

describe('many pipelines', () => {
  it('are named by a pattern; each has a comment, a status and a run of its own', async () => {
    const stage = await openStage();
    push(stage.world, GAME, 'topic', {
      'pipelines/east/pipeline.yaml': walk('east', 1),
      'pipelines/west/pipeline.yaml': walk('west', 2),
      'pipelines/old/pipeline.yaml': walk('old', 3),
    });
    const { pull } = propose(stage);
    const job = await submit(stage, pull, { with: { pipeline: 'pipelines/*\n!pipelines/old' } });
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    expect(job.outputs['run-id']?.split('\n')).toHaveLength(3);
    const names = [...stage.world.comments.values()].map(({ body }) => body.split('\n')[0]);
    expect(new Set(names).size).toBe(3);
    expect(ownComments(stage, pull, 'east', 'pipelines/east')).toHaveLength(1);
    expect(pendingPlaces(stage)).toHaveLength(2);
    await collectLater(stage);
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('one that is broken keeps none of the others from their turn', async () => {
    const stage = await openStage();
    push(stage.world, GAME, 'topic', {
      'pipelines/broken/pipeline.yaml': walk('broken').replace('loop_until', 'loop_untill'),
      'pipelines/west/pipeline.yaml': walk('west', 2),
    });
    const { pull } = propose(stage);
    const job = await submit(stage, pull, { with: { pipeline: 'pipelines/*' } });
    expect(job.end).toBe('red');
    expect(job.annotations.some((line) => line.includes('file=pipelines/broken/pipeline.yaml'))).toBe(true);
    expect(ownComments(stage, pull)).toHaveLength(1);
    expect(ownComments(stage, pull, 'west', 'pipelines/west')).toHaveLength(1);
    expectHonest(stage);
  });
});

describe('the end of a run', () => {
  it('is asked for by a person, by its id: the provider is told, the pull request says so', async () => {
    const stage = await openStage();
    const { pull, commit } = propose(stage);
    const job = await submit(stage, pull);
    const cancelled = await stage.job({
      event: { name: 'workflow_dispatch', inputs: { run: job.outputs['run-id'] ?? '' } },
      workflow: 'cancel',
      with: { command: 'cancel', pipeline: '' },
    });
    expect(cancelled.end, cancelled.log).toBe('green');
    expect(stage.provider.batches()[0]?.cancelled).toBe(true);
    await collectLater(stage);
    expect(statusOf(stage, commit)?.state).toBe('error');
    expect(headlineOf(stage, pull)).not.toContain('Pending');
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('comes with its deadline, though the provider has not answered', async () => {
    const stage = await openStage();
    const latency = 5 * 3_600_000;
    await stage.provider.settings({ latency: { minMs: latency, maxMs: latency } });
    const { pull, commit } = propose(stage);
    await submit(stage, pull, { with: { deadline: '2h' } });
    const early = await collectLater(stage);
    expect(early.outputs.status, early.log).toBe('pending');
    stage.advance(60);
    const ended = await collectLater(stage);
    expect([ended.end, ended.outputs.status], ended.log).toEqual(['green', 'pending']);
    expect(stage.provider.batches()[0]?.cancelled).toBe(true);
    expect(ownComments(stage, pull)[0]!.body).not.toContain('stop paying');
    await collectLater(stage);
    expect(statusOf(stage, commit)?.state).toBe('error');
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });
});

describe('shards', () => {
  it('of a matrix give the bytes of one machine', async () => {
    const alone = await openStage();
    const whole = await alone.job({ event: { name: 'push', branch: 'main' }, with: { command: 'submit' } });
    expect(whole.end, whole.log).toBe('green');
    await collectLater(alone);
    for (const of of [1, 2, 7]) {
      const stage = await openStage();
      const event = { name: 'push', branch: 'main' } as const;
      const plan = await stage.job({ event, hasMore: true, with: { command: 'plan', shard: String(of) } });
      const matrix = JSON.parse(plan.outputs.matrix ?? 'null') as { shard: string[] };
      expect(matrix.shard, plan.log).toEqual(Array.from({ length: of }, (_, index) => `${index + 1}/${of}`));
      const left = [...matrix.shard];
      const next = async (): Promise<void> => {
        for (let shard = left.shift(); shard !== undefined; shard = left.shift()) {
          const more = { run: plan.run, hasMore: true, with: { command: 'submit', shard } };
          const job = await stage.job({ event, ...more });
          expect(job.end, job.log).toBe('green');
        }
      };
      await Promise.all([next(), next()]);
      await stage.job({ event, run: plan.run, with: { command: 'collect', pipeline: '' } });
      await collectLater(stage);
      expect(pendingPlaces(stage)).toEqual([]);
      expect(resultsOf(stage), `${of} shards`).toBe(resultsOf(alone));
      expect(stage.provider.batches().flatMap(({ questions }) => questions)).toHaveLength(40);
      expectHonest(stage);
    }
  });
});

describe('where state is kept', () => {
  it('may be artifacts, where the branch may not be written', async () => {
    const stage = await openStage();
    const permissions = {
      actions: 'read',
      contents: 'read',
      'pull-requests': 'write',
      statuses: 'write',
    } as const;
    const { pull, commit } = propose(stage);
    // Only what the same workflow kept is believed, so that one file holds both jobs.
    const more = { permissions, workflow: 'octobatch', with: { state: 'artifact' } };
    const submitted = await submit(stage, pull, more);
    expect([submitted.end, submitted.outputs.status], submitted.log).toEqual(['green', 'pending']);
    const collected = await collectLater(stage, more);
    expect(collected.outputs.status, collected.log).toBe('completed');
    expect(statusOf(stage, commit)?.state).not.toBe('pending');
    expect(stage.provider.batches()).toHaveLength(1);
    expectHonest(stage);
  });

  it('may be a folder that other steps keep, as before', async () => {
    const stage = await openStage();
    const kept = { state: join(stage.folder, 'state') };
    const { pull } = propose(stage);
    await submit(stage, pull, { with: kept });
    const job = await collectLater(stage, { with: kept });
    expect(job.outputs.status, job.log).toBe('completed');
    expect(readFileSync(job.outputs['results-file'] ?? '', 'utf8').split('\n')).toHaveLength(41);
    expectHonest(stage);
  });
});
