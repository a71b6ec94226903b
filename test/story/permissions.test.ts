// With each permission missing in turn, what still works does, and one warning names the permission.
import { describe, expect, it } from 'vitest';
import {
  change,
  collectLater,
  expectHonest,
  ownComments,
  pendingPlaces,
  propose,
  runMain,
  statusOf,
  submit,
} from './acts.ts';
import { type JobEnd, type JobOptions, PERMISSIONS } from './job.ts';
import { openStage } from './stage.ts';

/** All that is usual, without one, or with less of it. */
function without(name: keyof typeof PERMISSIONS, level?: 'read'): NonNullable<JobOptions['permissions']> {
  const { [name]: _, ...rest } = PERMISSIONS;
  return level === undefined ? rest : { ...rest, [name]: level };
}

const warningsOf = (job: JobEnd): readonly string[] =>
  job.annotations.filter((line) => line.startsWith('warning'));

/** The permission is named in exactly one warning, and nothing else is. */
function expectOneWarning(job: JobEnd, permission: string): void {
  expect(job.end, job.log).toBe('green');
  const warnings = warningsOf(job);
  expect(warnings, job.log).toHaveLength(1);
  expect(warnings[0]).toContain(permission);
}

describe('without the permission', () => {
  it('pull-requests: write there is no comment; status and run are as ever', async () => {
    const stage = await openStage();
    const permissions = without('pull-requests', 'read');
    const { pull, commit } = propose(stage);
    expectOneWarning(await submit(stage, pull, { permissions }), 'pull-requests: write');
    expectOneWarning(await collectLater(stage, { permissions }), 'pull-requests: write');
    expect(ownComments(stage, pull)).toEqual([]);
    expect(statusOf(stage, commit)?.state).not.toBe('pending');
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('statuses: write there is no status; the comment is as ever', async () => {
    const stage = await openStage();
    const permissions = without('statuses');
    const { pull, commit } = propose(stage);
    expectOneWarning(await submit(stage, pull, { permissions }), 'statuses: write');
    expectOneWarning(await collectLater(stage, { permissions }), 'statuses: write');
    expect(ownComments(stage, pull)).toHaveLength(1);
    expect(statusOf(stage, commit)).toBeUndefined();
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('checks: write there is no check run, which is missed only by who wants one', async () => {
    const stage = await openStage();
    const permissions = without('checks');
    const { pull } = propose(stage);
    const quiet = await submit(stage, pull, { permissions });
    expect([quiet.end, warningsOf(quiet)], quiet.log).toEqual(['green', []]);
    const commit = change(stage, 'topic', { highest: 5 });
    const wanted = await submit(stage, pull, { permissions, with: { check: 'true' } });
    expectOneWarning(wanted, 'checks: write');
    // What a submit asked for goes with its commit.
    expectOneWarning(await collectLater(stage, { permissions }), 'checks: write');
    expect(statusOf(stage, commit)?.state).not.toBe('pending');
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('contents: write nothing is sent to a model, and the job is red', async () => {
    const stage = await openStage();
    const { pull } = propose(stage);
    const job = await submit(stage, pull, { permissions: without('contents', 'read') });
    expect(job.end, job.log).toBe('red');
    expect(job.annotations.filter((line) => line.includes('contents: write'))).toHaveLength(1);
    expect(stage.provider.batches()).toEqual([]);
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });

  it('actions: read a collector cannot fetch what other jobs kept, says so, and loses nothing', async () => {
    const stage = await openStage();
    const { pull, commit } = propose(stage);
    await submit(stage, pull);
    const job = await collectLater(stage, { permissions: without('actions') });
    expect(job.end, job.log).toBe('red');
    expect(job.annotations.filter((line) => line.includes('actions: read'))).toHaveLength(1);
    await collectLater(stage);
    expect(statusOf(stage, commit)?.state).not.toBe('pending');
    expect(stage.provider.batches()).toHaveLength(1);
    expectHonest(stage);
  });

  it('any of them, all at once: the summary says it all', async () => {
    const stage = await openStage();
    const { pull } = propose(stage);
    const job = await submit(stage, pull, {
      permissions: { contents: 'read' },
      with: { provider: 'simulated' },
    });
    expect([job.end, job.outputs.verdict], job.log).toEqual(['green', 'dry_run']);
    expect(job.summary).toMatch(/dry run/i);
    expectHonest(stage);
  });
});

describe('strangers', () => {
  it('Dependabot gets a dry run in a green job', async () => {
    const stage = await openStage();
    await runMain(stage);
    const { pull } = propose(stage);
    const sent = stage.provider.batches().length;
    const job = await submit(stage, pull, { actor: 'dependabot[bot]' });
    expect([job.end, job.outputs.verdict, warningsOf(job)], job.log).toEqual(['green', 'dry_run', []]);
    expect(ownComments(stage, pull)).toEqual([]);
    expect(stage.provider.batches()).toHaveLength(sent);
    expectHonest(stage);
  });

  it('a run for which its job has no key is refused before anything is sent or shown', async () => {
    const stage = await openStage();
    const { pull } = propose(stage);
    const job = await submit(stage, pull, { secrets: false });
    expect(job.end, job.log).toBe('red');
    expect(job.log).toContain('STAGE_KEY');
    expect(pendingPlaces(stage)).toEqual([]);
    expectHonest(stage);
  });
});
