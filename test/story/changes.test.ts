// A gate on a change, from a pull request that is too early for it to one that it stops: what main came to is known before
// the verdict, and costs nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPull, push } from '../github/scene.ts';
import { collectLater, expectHonest, ownComments, pendingPlaces, statusOf, submit } from './acts.ts';
import { TALE, type TaleOptions, tale } from './pipelines.ts';
import { GAME, type Stage, setStage } from './stage.ts';

const GAUGED: TaleOptions = { drop: 0.1 };

describe('a gate on a change', () => {
  let stage: Stage;
  const golden = (name: string, title: string): Promise<void> => {
    expectHonest(stage);
    return expect(stage.look(title)).toMatchFileSnapshot(`../golden/story/${name}.txt`);
  };
  const propose = (branch: string, options: TaleOptions): { pull: number; commit: string } => {
    const text = tale({ ...GAUGED, ...options });
    const commit = push(stage.world, GAME, branch, { [`${TALE}/pipeline.yaml`]: text });
    return { pull: openPull(stage.world, GAME, { branch }).number, commit };
  };
  const said = (pull: number): string => ownComments(stage, pull)[0]!.body;
  beforeAll(async () => {
    stage = await setStage({
      repository: { public: true, files: { [`${TALE}/pipeline.yaml`]: tale(GAUGED) } },
    });
  });
  afterAll(() => stage.close());

  let early: { pull: number; commit: string };

  it('is undecided before main has a result, and blocks nothing', async () => {
    early = propose('worse', { highest: 2 });
    await submit(stage, early.pull);
    const job = await collectLater(stage);
    expect([job.end, job.outputs.verdict], job.log).toEqual(['green', 'inconclusive']);
    expect(said(early.pull)).toContain('No result for main yet, so nothing is compared.');
    expect(statusOf(stage, early.commit)?.state).toBe('success');
    await golden('change-1-too-early', 'Before main has a result');
  });

  it('is decided for nothing by the same job, once main has one', async () => {
    await stage.job({ event: { name: 'push', branch: 'main' }, with: { command: 'submit' } });
    await collectLater(stage);
    const sent = stage.provider.batches().length;
    const job = await submit(stage, early.pull);
    expect([job.end, job.outputs.verdict], job.log).toEqual(['red', 'fail']);
    expect(stage.provider.batches()).toHaveLength(sent);
    expect(statusOf(stage, early.commit)?.state).toBe('failure');
    expect(said(early.pull)).toMatch(/^### ❌ Fail: tale, no drop −\d+ pp against main \(gate ≥ −10 pp\)$/m);
    await golden('change-2-fails', 'The job is started again');
  });

  it('passes a pull request that makes it no worse', async () => {
    const { pull, commit } = propose('better', { highest: 8 });
    await submit(stage, pull);
    const job = await collectLater(stage);
    expect([job.end, job.outputs.verdict], job.log).toEqual(['green', 'pass']);
    expect(statusOf(stage, commit)?.state).toBe('success');
    await golden('change-3-passes', 'A pull request that is better');
  });

  it('is undecided where nothing can be compared, which is said', async () => {
    const { pull, commit } = propose('reseeded', { highest: 4, seed: 4 });
    await submit(stage, pull);
    const job = await collectLater(stage);
    expect([job.end, job.outputs.verdict], job.log).toEqual(['green', 'inconclusive']);
    expect(said(pull)).toContain('**Not comparable** (another seed) with main');
    expect(statusOf(stage, commit)?.state).toBe('success');
    await golden('change-4-not-comparable', 'A pull request with another seed');
  });

  it('is decided for each of two pull requests that share a run, against its own base', async () => {
    push(stage.world, GAME, 'release', { [`${TALE}/pipeline.yaml`]: tale({ ...GAUGED, highest: 1 }) });
    await stage.job({ event: { name: 'push', branch: 'release' }, with: { command: 'submit' } });
    await collectLater(stage);
    const sent = stage.provider.batches().length;
    const { pull, commit } = propose('worse-again', { highest: 2 });
    const job = await submit(stage, pull, { with: { baseline: 'release' } });
    expect([job.end, job.outputs.verdict], job.log).toEqual(['green', 'pass']);
    expect(stage.provider.batches()).toHaveLength(sent);
    expect(said(pull)).toMatch(/^On release \(`[0-9a-f]{7}`\): /m);
    expect(statusOf(stage, commit)?.state).toBe('success');
    expect(statusOf(stage, early.commit)?.state).toBe('failure');
    expect(said(early.pull)).toMatch(/^### ❌ Fail/m);
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });
});
