// Runs that wait for hours: a collector that finds nothing new does not look at what it has shown before, so that hundreds
// of them take few of the calls that GitHub allows; what a job could not show any more is shown by the next ones.
import { expect, it } from 'vitest';
import {
  apiCallsOf,
  collect,
  expectHonest,
  headlineOf,
  ownComments,
  pendingPlaces,
  propose,
  statusOf,
  submit,
} from './acts.ts';
import { openStage } from './stage.ts';
import { operationOf } from './trouble.ts';

const HOURS = 60;
const LATENCY = 5 * 3_600_000;

it('a run that has stood still for hours is left as it is, and shown when something happens', async () => {
  const stage = await openStage();
  await stage.provider.settings({ latency: { minMs: LATENCY, maxMs: LATENCY } });
  const { pull, commit } = propose(stage);
  await submit(stage, pull);
  const [soon] = [await collect(stage)];
  expect(soon.calls.map(operationOf)).toContain('issues/list-comments');
  stage.advance(3 * HOURS);
  // One more look, which is noted: nobody has said so far that it is shown as it stands.
  const noting = await collect(stage);
  expect(apiCallsOf(noting)).toBe(apiCallsOf(soon) + 1);
  stage.advance(HOURS);
  const still = await collect(stage);
  expect([still.end, still.outputs.status, still.outputs.verdict], still.log).toEqual([
    'green',
    'pending',
    'pending',
  ]);
  const called = still.calls.map(operationOf);
  expect(called).not.toContain('issues/list-comments');
  expect(called.filter((name) => /^(?:pulls|issues|repos)\//.test(name))).toEqual([]);
  expect(apiCallsOf(still)).toBeLessThan(apiCallsOf(soon));
  expect(headlineOf(stage, pull)).toContain('Pending');
  const run = still.outputs['run-id']!;
  expect(still.outputs['report-file']).toBe('');
  const asked = await collect(stage, { with: { run } });
  expect(asked.outputs['report-file']).toContain(run);
  expect(asked.calls.map(operationOf)).toContain('issues/list-comments');
  stage.advance(2 * HOURS);
  const over = await collect(stage);
  expect([over.end, over.outputs.status], over.log).toEqual(['green', 'completed']);
  expect(statusOf(stage, commit)?.state).not.toBe('pending');
  expect(pendingPlaces(stage)).toEqual([]);
  expectHonest(stage);
});

it('what died before it could show a run is made good by the collector after it', async () => {
  const stage = await openStage();
  await stage.provider.settings({ latency: { minMs: LATENCY, maxMs: LATENCY } });
  const { pull, commit } = propose(stage);
  const calls = (await submit(await openTwin(), 1)).calls.map(operationOf);
  const at = calls.indexOf('issues/create-comment') + 1;
  expect(at).toBeGreaterThan(0);
  const dead = await submit(stage, pull, { trouble: { kind: 'death', at, heard: false } });
  expect([dead.end, ownComments(stage, pull)]).toEqual(['killed', []]);
  // However long no collector came.
  stage.advance(3 * HOURS);
  await collect(stage);
  expect(headlineOf(stage, pull)).toContain('Pending');
  expect(statusOf(stage, commit)?.state).toBe('pending');
  expectHonest(stage);
});

/** Another stage with the same, to see which call it is. */
async function openTwin() {
  const twin = await openStage();
  propose(twin);
  return twin;
}
