import { expect, test } from 'vitest';
import { clientOf, errorOf, HERE, startedGitHub } from './client.ts';
import { addComment } from './rest-talk.ts';
import { openPull, push } from './scene.ts';

const PULL = { ...HERE, issue_number: 1 };

async function withPull() {
  const github = await startedGitHub();
  push(github.world, 'octo/game', 'topic', { 'a.txt': 'a' });
  openPull(github.world, 'octo/game', { branch: 'topic' });
  return { github, client: clientOf(github) };
}

test('150 comments come in pages, and each tells who wrote it', async () => {
  const { github, client } = await withPull();
  for (let at = 0; at < 149; at++) addComment(github.world, 'octo/game', 1, 'mona', `<!-- forged --> ${at}`);
  await client.rest.issues.createComment({ ...PULL, body: '<!-- forged --> the last one' });

  const first = await client.rest.issues.listComments({ ...PULL, per_page: 100 });
  const all = await client.paginate(client.rest.issues.listComments, { ...PULL, per_page: 100 });

  expect(first.data).toHaveLength(100);
  expect(first.headers.link).toContain('page=2>; rel="next"');
  expect(all).toHaveLength(150);
  const mine = all.filter((one) => one.user?.login === 'github-actions[bot]' && one.user.type === 'Bot');
  expect(mine.map((one) => one.body)).toEqual(['<!-- forged --> the last one']);
  expect(all[0]?.user).toMatchObject({ login: 'mona', type: 'User' });
});

test('without a page size a page has 30 comments', async () => {
  const { github, client } = await withPull();
  for (let at = 0; at < 31; at++) addComment(github.world, 'octo/game', 1, 'mona', String(at));
  expect((await client.rest.issues.listComments(PULL)).data).toHaveLength(30);
});

test('a comment can be edited and deleted, and then it is gone', async () => {
  const { github, client } = await withPull();
  const { data } = await client.rest.issues.createComment({ ...PULL, body: 'pending' });
  const one = { ...HERE, comment_id: data.id };
  github.world.advance(60_000);
  const edited = await client.rest.issues.updateComment({ ...one, body: 'done' });
  expect(edited.data).toMatchObject({ body: 'done', created_at: data.created_at });
  expect(edited.data.updated_at > data.updated_at).toBe(true);
  await client.rest.issues.deleteComment(one);
  expect((await errorOf(client.rest.issues.getComment(one))).status).toBe(404);
});

test('a comment of more than 65,536 characters is refused, as is an empty one', async () => {
  const { client } = await withPull();
  const longest = await client.rest.issues.createComment({ ...PULL, body: 'x'.repeat(65_536) });
  expect(longest.status).toBe(201);
  const longer = await errorOf(client.rest.issues.createComment({ ...PULL, body: 'x'.repeat(65_537) }));
  expect(longer).toMatchObject({ status: 422, message: expect.stringContaining('too long') });
  expect((await errorOf(client.rest.issues.createComment({ ...PULL, body: ' ' }))).status).toBe(422);
});

test('a pull request that is not there has no comments to read or write', async () => {
  const { client } = await withPull();
  const elsewhere = { ...HERE, issue_number: 2 };
  expect((await errorOf(client.rest.issues.listComments(elsewhere))).status).toBe(404);
  expect((await errorOf(client.rest.issues.createComment({ ...elsewhere, body: 'x' }))).status).toBe(404);
});

test('a pull request tells its head, its base and where its branch comes from', async () => {
  const { github, client } = await withPull();
  const sha = push(github.world, 'octo/game', 'topic', { 'a.txt': 'b' });
  const { data } = await client.rest.pulls.get({ ...HERE, pull_number: 1 });
  expect(data).toMatchObject({ number: 1, state: 'open', merged: false });
  expect(data.head).toMatchObject({ sha, ref: 'topic', repo: { full_name: 'octo/game', fork: false } });
  expect(data.base.ref).toBe('main');
  const open = await client.rest.pulls.list({ ...HERE, head: 'octo:topic' });
  expect(open.data.map((one) => one.number)).toEqual([1]);
  const of = await client.rest.repos.listPullRequestsAssociatedWithCommit({ ...HERE, commit_sha: sha });
  expect(of.data.map((one) => one.number)).toEqual([1]);
});
