import { expect, test } from 'vitest';
import { clientOf, errorOf, graphErrorsOf, HERE, startedGitHub } from './client.ts';
import { openPull, push } from './scene.ts';

const MINUTE = 60_000;

test('the requests of an hour are counted for a repository, told in headers, and given back', async () => {
  const github = await startedGitHub({ limits: { perHour: 3 } });
  const [one, other] = [clientOf(github), clientOf(github)];
  const first = await one.rest.repos.get(HERE);
  expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '3', 'x-ratelimit-remaining': '2' });
  await other.rest.repos.get(HERE);
  await other.rest.repos.get(HERE);
  const error = await errorOf(one.rest.repos.get(HERE));
  expect(error).toMatchObject({ status: 403, message: expect.stringContaining('rate limit exceeded') });
  expect(error.headers['x-ratelimit-remaining']).toBe('0');
  const reset = Number(error.headers['x-ratelimit-reset']) * 1000;
  github.world.advance(reset - github.world.now());
  expect((await one.rest.repos.get(HERE)).headers['x-ratelimit-remaining']).toBe('2');
});

test('asking for the limits costs nothing', async () => {
  const github = await startedGitHub();
  const client = clientOf(github);
  await client.rest.repos.get(HERE);
  await client.rest.rateLimit.get();
  const { data } = await client.rest.rateLimit.get();
  expect(data.resources.core).toMatchObject({ limit: 1000, used: 1, remaining: 999 });
  expect(data.resources.graphql?.used).toBe(0);
});

test('GraphQL has a limit of its own and says so in its own words', async () => {
  const github = await startedGitHub({ limits: { perHour: 1 } });
  const client = clientOf(github);
  await client.rest.repos.get(HERE);
  await client.graphql('{ viewer { login } }');
  const errors = await graphErrorsOf(client.graphql('{ viewer { login } }'));
  expect(errors).toMatchObject([{ type: 'RATE_LIMITED' }]);
});

test('too much content in a minute is refused with the time to wait', async () => {
  const github = await startedGitHub({ limits: { contentPerMinute: 2 } });
  push(github.world, 'octo/game', 'topic', { a: 'a' });
  openPull(github.world, 'octo/game', { branch: 'topic' });
  const client = clientOf(github);
  const write = () => client.rest.issues.createComment({ ...HERE, issue_number: 1, body: 'b' });
  await write();
  await write();
  const error = await errorOf(write());
  expect(error).toMatchObject({ status: 403, message: expect.stringContaining('secondary rate limit') });
  expect(error.headers['retry-after']).toBe('60');
  expect((await client.rest.issues.listComments({ ...HERE, issue_number: 1 })).data).toHaveLength(2);
  github.world.advance(MINUTE);
  expect((await write()).status).toBe(201);
});
