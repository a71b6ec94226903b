// The client against the local GitHub: what it repeats, how long it waits, and the sentences it ends with.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openGithubClient } from '../../../src/adapters/hosting/github-client.ts';
import { HostingError, PermissionError } from '../../../src/ports/hosting.ts';
import { HERE, startedGitHub } from '../../github/client.ts';
import { ALL_PERMISSIONS, addToken, openPull, push } from '../../github/scene.ts';
import type { LocalGitHub } from '../../github/server.ts';
import type { Token } from '../../github/world.ts';

const COMMENT = { what: 'write a comment', permission: 'pull-requests: write' };

/** A client whose clock is GitHub's own: sleeping moves it. */
function clientOf(github: LocalGitHub, permissions: Token['permissions'] = ALL_PERMISSIONS) {
  const token = addToken(github.world, 'octo/game', permissions);
  const slept: number[] = [];
  const clock = {
    now: () => github.world.now(),
    sleep: async (ms: number) => {
      slept.push(ms);
      github.world.advance(ms);
    },
  };
  const client = openGithubClient({ token: token.value, ...HERE, apiUrl: github.url }, clock);
  const comment = (repeat: 'safe' | 'never') =>
    client.rest(({ rest }) => rest.issues.createComment({ ...HERE, issue_number: 1, body: 'b' }), {
      ...COMMENT,
      repeat,
    });
  return { client, slept, comment, token: token.value };
}

async function withPull() {
  const github = await startedGitHub();
  push(github.world, 'octo/game', 'topic', { a: 'a' });
  openPull(github.world, 'octo/game', { branch: 'topic' });
  return github;
}

/** What the call rejects with. */
const errorOf = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => expect.unreachable('it was answered'),
    (error: Error) => error,
  );

const always = () => true;

it('gives the data of an answer and counts its calls', async () => {
  const { client, comment } = clientOf(await withPull());
  expect(await comment('never')).toMatchObject({ body: 'b' });
  const manner = { what: 'read', permission: 'contents: read', repeat: 'safe' } as const;
  expect(await client.graphql('{ viewer { login } }', {}, manner)).toEqual({
    viewer: { login: 'github-actions[bot]' },
  });
  expect(client.calls()).toBe(2);
});

it.each(['answer', 'cut'] as const)('repeats a safe call after a failure in passing: %s', async (kind) => {
  const github = await withPull();
  const { client, comment, slept } = clientOf(github);
  const what = kind === 'answer' ? { kind, status: 502 } : { kind };
  github.interfere({ when: always, times: 3, what });
  expect(await comment('safe')).toMatchObject({ body: 'b' });
  expect(client.calls()).toBe(4);
  expect(slept).toHaveLength(3);
  expect(slept[0]).toBeLessThan(slept[2]!);
});

it('gives up in the end, in a sentence', async () => {
  const github = await withPull();
  const { comment } = clientOf(github);
  github.interfere({ when: always, times: 9, what: { kind: 'answer', status: 503 } });
  const error = await errorOf(comment('safe'));
  expect(error).toBeInstanceOf(HostingError);
  expect(error.message).toBe('GitHub failed with status 503 when this job wanted to write a comment.');
});

it('does not repeat what may have been done, and says that there was no answer', async () => {
  const github = await withPull();
  const { client, comment } = clientOf(github);
  github.interfere({ when: always, what: { kind: 'lose' } });
  expect(await errorOf(comment('never'))).toMatchObject({ name: 'HostingError', status: null });
  expect(client.calls()).toBe(1);
  expect(github.world.comments.size).toBe(1);
});

it('waits as long as a limit asks for, also for what may not be done twice', async () => {
  const github = await withPull();
  const { comment, slept } = clientOf(github);
  github.interfere({
    when: always,
    what: {
      kind: 'answer',
      status: 403,
      body: { message: 'You have exceeded a secondary rate limit.' },
      headers: { 'retry-after': '60' },
    },
  });
  expect(await comment('never')).toMatchObject({ body: 'b' });
  expect(Math.floor(slept[0]! / 1000)).toBe(60);
});

it('says until when, rather than wait for an hour', async () => {
  const github = await withPull();
  const { comment, slept } = clientOf(github);
  github.interfere({
    when: always,
    what: {
      kind: 'answer',
      status: 403,
      body: { message: 'API rate limit exceeded for installation.' },
      headers: {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Date.parse('2026-11-23T09:00:00Z') / 1000),
      },
    },
  });
  const error = await errorOf(comment('safe'));
  expect(error.message).toBe(
    'GitHub allows no more calls before 2026-11-23 09:00 UTC, so this job could not go on to write a comment. A later job can.',
  );
  expect(slept).toEqual([]);
});

it('names the permission that is missing, the one its caller asks for first', async () => {
  const github = await withPull();
  const { comment, client } = clientOf(github, { contents: 'read', 'pull-requests': 'read' });
  const error = await errorOf(comment('never'));
  expect(error).toBeInstanceOf(PermissionError);
  expect(error).toMatchObject({ permission: 'pull-requests: write' });
  expect(error.message).toBe(
    'GitHub did not let this job write a comment ("Resource not accessible by integration"). Add `pull-requests: write` to the permissions of the workflow.',
  );
  const status = client.rest(
    ({ rest }) => rest.repos.createCommitStatus({ ...HERE, sha: 'a'.repeat(40), state: 'success' }),
    { what: 'set a status', permission: 'something: write', repeat: 'safe' },
  );
  expect(await errorOf(status)).toMatchObject({ permission: 'statuses: write' });
});

it('says that a token is not accepted, without telling it', async () => {
  const github = await withPull();
  const { comment, token } = clientOf(github);
  github.interfere({
    when: always,
    what: { kind: 'answer', status: 401, body: { message: `Bad credentials ${token}` } },
  });
  const error = await errorOf(comment('safe'));
  expect(error.message).toContain('GitHub did not accept this job\'s token ("Bad credentials ***")');
});

it.each(['', '{"id": 1, "bo'])('does not take an answer that broke off for one: %j', async (part) => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write(part);
    setTimeout(() => response.destroy(), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clock = { now: () => 0, sleep: async () => {} };
  const client = openGithubClient({ token: 't', ...HERE, apiUrl }, clock);
  const manner = { what: 'read', permission: 'contents: read', repeat: 'never' } as const;
  const rest = client.rest((octokit) => octokit.rest.repos.get(HERE), manner);
  expect(await errorOf(rest)).toMatchObject({ status: null });
  expect(await errorOf(client.graphql('{ viewer { login } }', {}, manner))).toMatchObject({ status: null });
});

it('hands on what GitHub says about a call that makes no sense', async () => {
  const { client } = clientOf(await withPull());
  const call = client.rest(
    ({ rest }) => rest.issues.createComment({ ...HERE, issue_number: 99, body: 'b' }),
    {
      ...COMMENT,
      repeat: 'never',
    },
  );
  expect(await errorOf(call)).toMatchObject({
    status: 404,
    message: 'GitHub refused to write a comment: "Not Found"',
  });
});
