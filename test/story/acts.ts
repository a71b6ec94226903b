// What people and workflows do on a stage, and what must be true of it at any moment. Each act is one job or one push.
import { expect } from 'vitest';
import { commentMarker, statusContext } from '../../src/report/comment-marker.ts';
import { BOT, openPull, push } from '../github/scene.ts';
import type { Comment, Status } from '../github/world.ts';
import type { JobEnd, JobOptions } from './job.ts';
import { TALE, type TaleOptions, tale } from './pipelines.ts';
import { GAME, type Stage } from './stage.ts';
import { operationOf } from './trouble.ts';

type More = Partial<JobOptions>;

/** Writes the pipeline on a branch; the new commit. */
export function change(stage: Stage, branch: string, options: TaleOptions): string {
  return push(stage.world, GAME, branch, { [`${TALE}/pipeline.yaml`]: tale(options) });
}

/** A pull request with another pipeline than main's. */
export function propose(
  stage: Stage,
  options: TaleOptions = { highest: 4 },
): { pull: number; commit: string } {
  const commit = change(stage, 'topic', options);
  return { pull: openPull(stage.world, GAME, { branch: 'topic' }).number, commit };
}

/** The job that a workflow on pull requests runs. */
export function submit(stage: Stage, pull: number, more: More = {}): Promise<JobEnd> {
  return stage.job({
    event: { name: 'pull_request', pull },
    ...more,
    with: { command: 'submit', ...more.with },
  });
}

/** The job that a workflow on a schedule runs: for all pipelines, without a checkout. */
export function collect(stage: Stage, more: More = {}): Promise<JobEnd> {
  return stage.job({
    event: { name: 'schedule' },
    workflow: 'collect',
    checkout: null,
    ...more,
    with: { command: 'collect', pipeline: '', ...more.with },
  });
}

/** An hour passes, so that every batch is back, and a collector looks. */
export function collectLater(stage: Stage, more: More = {}): Promise<JobEnd> {
  stage.advance(60);
  return collect(stage, more);
}

/** A finished run of the pipeline on main, so that there is something to compare with. */
export async function runMain(stage: Stage): Promise<void> {
  await stage.job({ event: { name: 'push', branch: 'main' }, with: { command: 'submit' } });
  await collectLater(stage);
}

/** Comments of ours for a pipeline on a pull request. */
export function ownComments(stage: Stage, pull: number, name = 'tale', path = TALE): Comment[] {
  const marker = commentMarker(name, path);
  return [...stage.world.comments.values()].filter(
    ({ issue, login, body }) => issue === pull && login === BOT && body.startsWith(`${marker}\n`),
  );
}

/** The first line that is seen of the one comment of ours. */
export function headlineOf(stage: Stage, pull: number): string {
  const comments = ownComments(stage, pull);
  expect(comments).toHaveLength(1);
  return comments[0]!.body.split('\n').find((line) => line.startsWith('###')) ?? '';
}

/** The status that counts: of a context on a commit the newest. */
export function statusOf(stage: Stage, commit: string, name = 'tale', path = TALE): Status | undefined {
  const context = statusContext(name, path);
  return stage.world.statuses.filter((one) => one.sha === commit && one.context === context).at(-1);
}

/** Everything that says of itself that it waits: statuses that count, and comments. */
export function pendingPlaces(stage: Stage): string[] {
  const counting = new Map(stage.world.statuses.map((one) => [`${one.sha} ${one.context}`, one.state]));
  const statuses = [...counting].filter(([, state]) => state === 'pending').map(([place]) => place);
  const comments = [...stage.world.comments.values()].filter(
    ({ login, body }) => login === BOT && /^### ⏳/m.test(body),
  );
  return [...statuses, ...comments.map(({ id, issue }) => `comment ${id} on #${issue}`)];
}

/** Calls of a job that count against the limit of GitHub's API: those to the service of artifacts do not. */
export function apiCallsOf(job: JobEnd): number {
  return job.calls.map(operationOf).filter((name) => !/^(?:blob$|results )/.test(name)).length;
}

/** What holds at every moment, whatever went wrong before. */
export function expectHonest(stage: Stage): void {
  expect(stage.repeated(), 'sent twice').toEqual([]);
  expect(stage.github.violations).toEqual([]);
}
