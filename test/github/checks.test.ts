import { expect, test } from 'vitest';
import { clientOf, errorOf, HERE, startedGitHub } from './client.ts';
import { push } from './scene.ts';

async function withCommit() {
  const github = await startedGitHub();
  const sha = push(github.world, 'octo/game', 'topic', { a: 'a' });
  return { github, client: clientOf(github), sha };
}

test('a status goes from pending to success under its context, and the newest counts', async () => {
  const { client, sha } = await withCommit();
  const say = (state: 'pending' | 'success' | 'failure', context = 'octobatch / game') =>
    client.rest.repos.createCommitStatus({ ...HERE, sha, state, context, description: `it is ${state}` });
  const combined = async () =>
    (await client.rest.repos.getCombinedStatusForRef({ ...HERE, ref: 'topic' })).data;
  expect((await combined()).state).toBe('pending');
  await say('pending');
  await say('success');
  expect(await combined()).toMatchObject({ state: 'success', total_count: 1 });
  await say('failure', 'another');
  expect((await combined()).state).toBe('failure');
  const all = await client.rest.repos.listCommitStatusesForRef({ ...HERE, ref: sha });
  expect(all.data.map((one) => one.state)).toEqual(['failure', 'success', 'pending']);
  expect(all.data[0]?.creator?.login).toBe('github-actions[bot]');
});

test('a status is refused for a commit that is not there, and with too long a description', async () => {
  const { client, sha } = await withCommit();
  const say = (at: string, description: string) =>
    client.rest.repos.createCommitStatus({ ...HERE, sha: at, state: 'error', description });
  expect((await errorOf(say('0'.repeat(40), 'x'))).status).toBe(422);
  expect((await errorOf(say(sha, 'x'.repeat(141)))).status).toBe(422);
  expect((await say(sha, 'x'.repeat(140))).status).toBe(201);
});

test('a commit takes 1,000 statuses of one context and no more', async () => {
  const { github, client, sha } = await withCommit();
  const one = await client.rest.repos.createCommitStatus({ ...HERE, sha, state: 'pending', context: 'c' });
  const first = github.world.statuses[0];
  for (let at = 1; at < 1000 && first !== undefined; at++) github.world.statuses.push(first);
  expect(one.status).toBe(201);
  const more = (context: string) =>
    client.rest.repos.createCommitStatus({ ...HERE, sha, state: 'success', context });
  expect((await errorOf(more('c'))).status).toBe(422);
  expect((await more('d')).status).toBe(201);
});

test('a check run opens, collects annotations and ends', async () => {
  const { client, sha } = await withCommit();
  const { data } = await client.rest.checks.create({
    ...HERE,
    name: 'octobatch',
    head_sha: sha,
    status: 'in_progress',
  });
  expect(data).toMatchObject({ status: 'in_progress', conclusion: null, completed_at: null });
  const annotations = Array.from({ length: 50 }, (_, at) => ({
    path: 'a',
    start_line: at + 1,
    end_line: at + 1,
    annotation_level: 'warning' as const,
    message: 'm',
  }));
  const output = { title: 't', summary: 's', annotations };
  const one = { ...HERE, check_run_id: data.id };
  await client.rest.checks.update({ ...one, output });
  const { data: done } = await client.rest.checks.update({ ...one, conclusion: 'success', output });
  expect(done).toMatchObject({
    status: 'completed',
    conclusion: 'success',
    output: { annotations_count: 100 },
  });
  const listed = await client.rest.checks.listForRef({ ...HERE, ref: sha, check_name: 'octobatch' });
  expect(listed.data).toMatchObject({ total_count: 1, check_runs: [{ id: data.id }] });
});

test('a check run that is completed needs a conclusion, which the description does not say', async () => {
  const { client, sha } = await withCommit();
  const half = client.rest.checks.create({ ...HERE, name: 'n', head_sha: sha, status: 'completed' } as never);
  expect((await errorOf(half)).status).toBe(422);
});
