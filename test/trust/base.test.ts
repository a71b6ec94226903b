// What a pull request is told about the branch it shall be merged into.
import { expect, it } from 'vitest';
import { collectLater, expectHonest, ownComments, propose, submit } from '../story/acts.ts';
import { openStage } from '../story/stage.ts';

it('a base whose own run is under way is no base that is missing: the comment says how to compare later', async () => {
  const stage = await openStage();
  const { pull } = propose(stage, { highest: 4 });
  await submit(stage, pull);
  stage.advance(60);
  await stage.job({ event: { name: 'push', branch: 'main' }, with: { command: 'submit' } });
  await collectLater(stage);
  const said = (): string => ownComments(stage, pull)[0]!.body;
  expect(said()).toContain(
    'No result for main yet, so nothing is compared. Its run is under way: once it is over',
  );
  const again = await submit(stage, pull);
  expect(again.end, again.log).toBe('green');
  expect(said()).toMatch(/^On main \(`[0-9a-f]{7}`\): pass/m);
  expect(stage.provider.batches()).toHaveLength(2);
  expectHonest(stage);
});
