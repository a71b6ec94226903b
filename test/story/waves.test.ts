// A run that ends when it has enough, on GitHub: each job finds a wave, weighs it, and sends the next one or none. What it is
// weighed against stays what it was when the run began.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPull, push } from '../github/scene.ts';
import {
  collectLater,
  expectHonest,
  headlineOf,
  ownComments,
  pendingPlaces,
  statusOf,
  submit,
} from './acts.ts';
import { TALE, type TaleOptions, tale } from './pipelines.ts';
import { GAME, type Stage, setStage } from './stage.ts';

/** At most 60 repetitions of two items, in waves of 20. */
const WAVES: TaleOptions = { repeat: 60, more: 'stop: { every: 20, gates: true }\n' };

describe('a run in waves', () => {
  let stage: Stage;
  const golden = (name: string, title: string): Promise<void> => {
    expectHonest(stage);
    return expect(stage.look(title)).toMatchFileSnapshot(`../golden/story/${name}.txt`);
  };
  const said = (pull: number): string => ownComments(stage, pull)[0]!.body;
  const sent = (): number => stage.provider.batches().length;
  beforeAll(async () => {
    const text = tale({ ...WAVES, drop: 0.2 });
    stage = await setStage({ repository: { public: true, files: { [`${TALE}/pipeline.yaml`]: text } } });
  });
  afterAll(() => stage.close());

  it('runs all waves on main, which has nothing to be weighed against', async () => {
    await stage.job({ event: { name: 'push', branch: 'main' }, with: { command: 'submit' } });
    for (let wave = 1; wave <= 3; wave++) {
      expect(sent()).toBe(wave);
      const job = await collectLater(stage);
      expect(job.outputs.status, job.log).toBe(wave < 3 ? 'pending' : 'completed');
    }
    expect(sent()).toBe(3);
    stage.look('main');
  });

  let pull: number;
  let commit: string;

  it('sends the first wave of a pull request, and says which it is', async () => {
    const text = tale({ ...WAVES, drop: 0.2, highest: 9 });
    commit = push(stage.world, GAME, 'topic', { [`${TALE}/pipeline.yaml`]: text });
    pull = openPull(stage.world, GAME, { branch: 'topic' }).number;
    const job = await submit(stage, pull);
    expect([job.end, job.outputs.status], job.log).toEqual(['green', 'pending']);
    expect(sent()).toBe(4);
    expect(said(pull)).toContain('Wave 1 of at most 3: 40 of at most 120 units so far.');
    await golden('waves-1-first', 'A pull request');
  });

  it('collects it, weighs it against main, and ends there', async () => {
    const job = await collectLater(stage);
    expect([job.end, job.outputs.verdict], job.log).toEqual(['green', 'pass']);
    expect(sent()).toBe(4);
    expect(headlineOf(stage, pull)).toContain('Pass');
    expect(said(pull)).toContain('Stopped after 40 of at most 120 units');
    expect(statusOf(stage, commit)?.state).toBe('success');
    expect(pendingPlaces(stage)).toEqual([]);
    await golden('waves-2-ended', 'The first collector');
  });
});
