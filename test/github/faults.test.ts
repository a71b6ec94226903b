import { expect, test } from 'vitest';
import { clientOf, errorOf, HERE, startedGitHub } from './client.ts';
import { openPull, push } from './scene.ts';

async function withPull() {
  const github = await startedGitHub();
  push(github.world, 'octo/game', 'topic', { a: 'a' });
  openPull(github.world, 'octo/game', { branch: 'topic' });
  const client = clientOf(github);
  const write = () => client.rest.issues.createComment({ ...HERE, issue_number: 1, body: 'b' });
  return { github, client, write };
}

test('a chosen request can be answered with any status, as often as asked', async () => {
  const { github, write } = await withPull();
  github.interfere({
    when: ({ operation }) => operation === 'issues/create-comment',
    times: 2,
    what: { kind: 'answer', status: 502, body: { message: 'Server Error' } },
  });
  expect((await errorOf(write())).status).toBe(502);
  expect((await errorOf(write())).status).toBe(502);
  expect((await write()).status).toBe(201);
  expect(github.world.comments.size).toBe(1);
});

test('a request that is cut was never heard; one whose answer is lost was', async () => {
  const { github, write } = await withPull();
  github.interfere({ when: ({ number }) => number === 1, what: { kind: 'cut' } });
  github.interfere({ when: ({ number }) => number === 2, what: { kind: 'lose' } });
  await expect(write()).rejects.toThrow();
  expect(github.world.comments.size).toBe(0);
  await expect(write()).rejects.toThrow();
  expect(github.world.comments.size).toBe(1);
});

test('the log has every request by the name GitHub gives it, with its body and how it ended', async () => {
  const { github, client, write } = await withPull();
  await write();
  await errorOf(client.request('GET /nowhere'));
  await client.graphql('{ viewer { login } }');
  expect(github.log.map(({ number, operation, status }) => [number, operation, status])).toEqual([
    [1, 'issues/create-comment', 201],
    [2, null, 404],
    [3, 'graphql', 200],
  ]);
  expect(github.log[0]?.body).toEqual({ body: 'b' });
});

test('times are by the clock that the test moves', async () => {
  const { github, write } = await withPull();
  expect((await write()).data.created_at).toBe('2026-11-23T08:00:00Z');
  github.world.advance(86_400_000);
  expect((await write()).data.created_at).toBe('2026-11-24T08:00:00Z');
});
