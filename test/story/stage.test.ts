// The stage itself: a job is what the runner would start, time is the stage's, and a look reads the same every time.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addRepository, openPull, push } from '../github/scene.ts';
import { KEY, TALE, tale } from './pipelines.ts';
import { GAME, openStage, type Stage } from './stage.ts';

/** Runs that are kept in a folder, as they are without a token. */
const kept = (stage: Stage): Record<string, string> => ({ state: join(stage.folder, 'state'), token: '' });

/** A run that is submitted in one job and collected in another, an hour later. */
async function tellTale(stage: Stage): Promise<string> {
  push(stage.world, GAME, 'topic', { [`${TALE}/pipeline.yaml`]: tale({ highest: 4 }) });
  openPull(stage.world, GAME, { branch: 'topic' });
  const event = { name: 'pull_request', pull: 1 } as const;
  const submitted = await stage.job({ event, with: { ...kept(stage), command: 'submit' } });
  expect([submitted.end, submitted.outputs.status], submitted.log).toEqual(['green', 'pending']);
  const early = await stage.job({
    event: { name: 'schedule' },
    with: { ...kept(stage), command: 'collect' },
  });
  expect([early.end, early.outputs.status], early.log).toEqual(['green', 'pending']);
  stage.advance(60);
  const late = await stage.job({ event: { name: 'schedule' }, with: { ...kept(stage), command: 'collect' } });
  expect([late.end, late.outputs.status, late.outputs.valid], late.log).toEqual(['green', 'completed', '40']);
  for (const { log } of [submitted, early, late])
    expect(log.replace(`::add-mask::${KEY}`, '')).not.toContain(KEY);
  return stage.look('A run through two jobs');
}

describe('a stage', () => {
  it('keeps a batch open until the time is moved, and reads the same twice', async () => {
    const [first, second] = [await openStage(), await openStage()];
    const texts = await Promise.all([tellTale(first), tellTale(second)]);
    expect(texts[0]).toBe(texts[1]);
    expect(first.provider.batches()).toHaveLength(1);
    expect(first.provider.batches()[0]?.questions).toHaveLength(40);
    expect(first.repeated()).toEqual([]);
  });

  it('gives the jobs of a fork no secret', async () => {
    const stage = await openStage();
    addRepository(stage.world, 'ann/game', { forkOf: GAME, public: true });
    push(stage.world, 'ann/game', 'fix', { [`${TALE}/pipeline.yaml`]: tale({ highest: 5 }) });
    openPull(stage.world, GAME, { branch: 'fix', from: 'ann/game', login: 'ann' });
    const event = { name: 'pull_request', pull: 1 } as const;
    const job = await stage.job({ event, with: { ...kept(stage), command: 'submit' } });
    expect(job.log).not.toContain(KEY);
    expect(stage.provider.batches()).toEqual([]);
  });
});
