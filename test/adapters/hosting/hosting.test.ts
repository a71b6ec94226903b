import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HostingError, PermissionError } from '../../../src/ports/hosting.ts';
import { startedGitHub } from '../../github/client.ts';
import { environmentFor } from '../../github/environment.ts';
import { addComment } from '../../github/rest-talk.ts';
import { addRepository, BOT, openPull, push } from '../../github/scene.ts';
import type { Interference, LocalGitHub } from '../../github/server.ts';
import { hostingOf, operationsOf } from './hosting-scene.ts';

async function withPull(settings = {}) {
  const github = await startedGitHub({}, settings);
  const commit = push(github.world, 'octo/game', 'topic', { 'a.txt': 'a' });
  openPull(github.world, 'octo/game', { branch: 'topic' });
  return { github, commit, ...hostingOf(github) };
}

/** GitHub fails like this at an operation, `times` times. */
function fails(github: LocalGitHub, operation: string, what: 502 | 'cut' | 'lose', times = 1): void {
  const kind: Interference['what'] =
    what === 502 ? { kind: 'answer', status: 502 } : what === 'cut' ? { kind: 'cut' } : { kind: 'lose' };
  github.interfere({ when: (request) => request.operation === operation, what: kind, times });
}

const MARKER = '<!-- octobatch dice 0a1b2c3d -->';

describe('comments', () => {
  test('are listed from all pages, with who wrote them', async () => {
    const { github, hosting } = await withPull();
    for (let at = 0; at < 150; at++) addComment(github.world, 'octo/game', 1, 'mona', `number ${at}`);
    const own = await hosting.createComment(1, 'ours');
    const all = await hosting.comments(1);
    expect(all).toHaveLength(151);
    expect(all[149]).toMatchObject({ author: 'mona', body: 'number 149' });
    expect(all[150]).toEqual(own);
    expect(own).toMatchObject({ author: BOT, url: expect.stringContaining('https://github.com/octo/game/') });
    expect(operationsOf(github).filter((one) => one === 'issues/list-comments')).toHaveLength(2);
  });

  test('of exactly one page need one call', async () => {
    const { github, hosting } = await withPull();
    for (let at = 0; at < 100; at++) addComment(github.world, 'octo/game', 1, 'mona', `number ${at}`);
    expect(await hosting.comments(1)).toHaveLength(100);
    expect(operationsOf(github)).toEqual(['issues/list-comments']);
  });

  test('that were listed a moment ago are not asked for again, and know what this job wrote', async () => {
    const { github, hosting, clock } = await withPull();
    const one = await hosting.createComment(1, 'one');
    expect(await hosting.comments(1)).toEqual([one]);
    const two = await hosting.createComment(1, 'two');
    const edited = await hosting.editComment(one.id, 'one again');
    const known = await hosting.comments(1);
    expect(known).toHaveLength(2);
    expect(known).toEqual(expect.arrayContaining([two, edited]));
    addComment(github.world, 'octo/game', 1, 'mona', 'theirs');
    expect(operationsOf(github).filter((name) => name === 'issues/list-comments')).toHaveLength(1);
    await clock.sleep(10_000);
    expect(await hosting.comments(1)).toHaveLength(3);
    github.world.comments.delete(one.id);
    await expect(hosting.editComment(one.id, 'x')).rejects.toMatchObject({ status: 404 });
    expect(await hosting.comments(1)).toHaveLength(2);
  });

  test('are written under the login that the list names', async () => {
    const { github } = await withPull();
    for (const login of [BOT, 'octo-app[bot]', 'mona']) {
      const { hosting } = hostingOf(github, undefined, login);
      expect(await hosting.author()).toBe(login);
      expect((await hosting.createComment(1, 'x')).author).toBe(login);
    }
  });

  test('are written as a workflow does when the token may not ask for its name', async () => {
    const { github, hosting } = await withPull();
    github.interfere({
      when: ({ operation }) => operation === 'graphql',
      what: {
        kind: 'answer',
        status: 200,
        body: {
          data: null,
          errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
        },
      },
    });
    expect(await hosting.author()).toBe(BOT);
  });

  test('are asked for their author once in a job, and again after a failure', async () => {
    const { github, hosting } = await withPull();
    fails(github, 'graphql', 502, 4);
    await expect(hosting.author()).rejects.toThrow(HostingError);
    await hosting.author();
    await hosting.author();
    expect(operationsOf(github).filter((one) => one === 'graphql')).toHaveLength(5);
  });

  test('can be edited', async () => {
    const { github, hosting } = await withPull();
    const { id } = await hosting.createComment(1, 'one');
    expect(await hosting.editComment(id, 'two')).toMatchObject({ id, body: 'two' });
    expect([...github.world.comments.values()].map(({ body }) => body)).toEqual(['two']);
    await expect(hosting.editComment(999, 'x')).rejects.toMatchObject({ status: 404 });
  });

  test.each(['lose', 'cut', 502] as const)('are made once though the create ends with: %s', async (what) => {
    const { github, hosting } = await withPull();
    fails(github, 'issues/create-comment', what);
    const made = await hosting.createComment(1, `${MARKER}\ntext`);
    expect([...github.world.comments.values()].map(({ id, body }) => ({ id, body }))).toEqual([
      { id: made.id, body: `${MARKER}\ntext` },
    ]);
  });

  test('that somebody else made while our create was lost get our words', async () => {
    const { github, hosting } = await withPull();
    github.interfere({
      when: ({ operation }) => operation === 'issues/create-comment',
      what: {
        kind: 'run',
        run: () => void addComment(github.world, 'octo/game', 1, BOT, `${MARKER}\ntheirs`),
      },
    });
    github.interfere({
      when: ({ operation }) => operation === 'issues/create-comment',
      what: { kind: 'cut' },
    });
    // The first create is carried out beside the other job's; the second one finds both.
    await hosting.createComment(1, `${MARKER}\nours`);
    const made = await hosting.createComment(1, `${MARKER}\nours again`);
    const oldest = [...github.world.comments.values()][0]!;
    expect(made.id).toBe(oldest.id);
    expect(oldest.body).toBe(`${MARKER}\nours again`);
  });

  test('are given up after three creates that GitHub failed', async () => {
    const { github, hosting } = await withPull();
    fails(github, 'issues/create-comment', 502, 9);
    await expect(hosting.createComment(1, 'x')).rejects.toMatchObject({ status: 502 });
    expect(operationsOf(github).filter((one) => one === 'issues/create-comment')).toHaveLength(3);
    expect(github.world.comments.size).toBe(0);
  });
});

describe('a pull request', () => {
  test('tells whether it is open, its head and its base', async () => {
    const { github, hosting, commit, clock } = await withPull();
    const facts = {
      number: 1,
      isOpen: true,
      head: { commit, repository: 'octo/game' },
      base: { branch: 'main' },
    };
    expect(await hosting.pull(1)).toEqual(facts);
    const pull = github.world.pulls[0]!;
    pull.state = 'closed';
    pull.headSha = push(github.world, 'octo/game', 'topic', { 'a.txt': 'b' });
    await clock.sleep(9_999);
    expect(await hosting.pull(1)).toEqual(facts);
    await clock.sleep(1);
    expect(await hosting.pull(1)).toEqual({
      ...facts,
      isOpen: false,
      head: { commit: pull.headSha, repository: 'octo/game' },
    });
    expect(await hosting.pull(2)).toBeNull();
  });

  test('of a fork names the fork, and one whose fork is gone names none', async () => {
    const github = await startedGitHub({}, { public: true });
    addRepository(github.world, 'eve/game', { forkOf: 'octo/game', public: true });
    push(github.world, 'eve/game', 'topic', { a: 'a' }, 'eve');
    openPull(github.world, 'octo/game', { branch: 'topic', from: 'eve/game', login: 'eve' });
    const { hosting, clock } = hostingOf(github);
    expect((await hosting.pull(1))?.head.repository).toBe('eve/game');
    await clock.sleep(10_000);
    const gone = { number: 1, state: 'open', head: { sha: 'a', repo: null }, base: { ref: 'main' } };
    github.interfere({ when: () => true, what: { kind: 'answer', status: 200, body: gone } });
    expect((await hosting.pull(1))?.head.repository).toBeNull();
  });
});

describe('a commit status', () => {
  test('is the newest of its context', async () => {
    const { github, hosting, commit } = await withPull();
    const status = { state: 'pending', context: 'octobatch/x', description: 'waits', url: null } as const;
    expect(await hosting.status(commit, 'octobatch/x')).toBeNull();
    await hosting.setStatus(commit, status);
    await hosting.setStatus(commit, { ...status, context: 'other', state: 'failure' });
    github.world.advance(1000);
    const done = { ...status, state: 'success', url: 'https://github.com/octo/game/pull/1' } as const;
    await hosting.setStatus(commit, done);
    expect(await hosting.status(commit, 'octobatch/x')).toEqual(done);
  });

  test('is found among more than a hundred contexts', async () => {
    const { github, hosting, commit } = await withPull();
    const status = { state: 'pending', context: 'c', description: 'd', url: null } as const;
    await hosting.setStatus(commit, status);
    const [first] = github.world.statuses;
    for (let at = 0; at < 150; at++) github.world.statuses.push({ ...first!, context: `c${at}` });
    expect(await hosting.status(commit, 'c149')).toMatchObject({ context: 'c149' });
    expect(await hosting.status(commit, 'nowhere')).toBeNull();
  });

  test('of a commit that is not there is refused for good', async () => {
    const { hosting } = await withPull();
    const status = { state: 'pending', context: 'c', description: 'd', url: null } as const;
    await expect(hosting.setStatus('0'.repeat(40), status)).rejects.toMatchObject({ status: 422 });
  });
});

describe('a check run', () => {
  const check = { name: 'octobatch', conclusion: null, title: 't', summary: 's', url: null } as const;

  test('is made, brought up to date, and left alone when it says so already', async () => {
    const { github, hosting, commit } = await withPull();
    const url = await hosting.setCheck(commit, check);
    expect(await hosting.setCheck(commit, check)).toBe(url);
    expect(await hosting.setCheck(commit, { ...check, title: 'u' })).toBe(url);
    expect(await hosting.setCheck(commit, { ...check, conclusion: 'success' })).toBe(url);
    expect([...github.world.checks.values()]).toMatchObject([
      { status: 'completed', conclusion: 'success', output: { title: 't', summary: 's' } },
    ]);
    expect(operationsOf(github)).toEqual([
      'graphql',
      ...['checks/list-for-ref', 'checks/create'],
      'checks/list-for-ref',
      ...['checks/list-for-ref', 'checks/update'],
      ...['checks/list-for-ref', 'checks/update'],
    ]);
  });

  test('that has ended is followed by another when it begins anew', async () => {
    const { github, hosting, commit } = await withPull();
    const first = await hosting.setCheck(commit, { ...check, conclusion: 'failure' });
    const second = await hosting.setCheck(commit, check);
    expect(second).not.toBe(first);
    expect(await hosting.setCheck(commit, { ...check, conclusion: 'success' })).toBe(second);
    expect([...github.world.checks.values()].map(({ conclusion }) => conclusion)).toEqual([
      'failure',
      'success',
    ]);
  });

  test('of another app is left alone', async () => {
    const { github, hosting, commit } = await withPull();
    const theirs = await hosting.setCheck(commit, check);
    const { hosting: other } = hostingOf(github, undefined, 'octo-app[bot]');
    expect(await other.setCheck(commit, { ...check, title: 'u' })).not.toBe(theirs);
  });

  test.each(['lose', 'cut', 502] as const)('is made once though the create ends with: %s', async (what) => {
    const { github, hosting, commit } = await withPull();
    fails(github, 'checks/create', what);
    const url = await hosting.setCheck(commit, check);
    expect([...github.world.checks.values()]).toHaveLength(1);
    expect(url).toContain(String([...github.world.checks.keys()][0]));
  });
});

test('workflow files are read from the default branch in one call', async () => {
  const files = {
    'README.md': 'x',
    '.github/workflows/ci.yml': 'on: push',
    '.github/workflows/collect.yaml': 'on: schedule',
    '.github/workflows/notes.md': 'x',
    '.github/workflows/folder/x.yml': 'x',
  };
  const { github, hosting } = await withPull({ files, defaultBranch: 'trunk' });
  expect(await hosting.workflows()).toEqual(
    new Map([
      ['.github/workflows/ci.yml', 'on: push'],
      ['.github/workflows/collect.yaml', 'on: schedule'],
    ]),
  );
  expect(operationsOf(github)).toEqual(['graphql']);
  expect(await hosting.defaultBranch()).toBe('trunk');
});

test('a repository without workflows has none', async () => {
  const { hosting } = await withPull();
  expect(await hosting.workflows()).toEqual(new Map());
});

test('a workflow run is over when it is completed, has a later attempt, or is gone', async ({
  onTestFinished,
}) => {
  const { github, hosting } = await withPull();
  const directory = await mkdtemp(join(tmpdir(), 'hosting-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const job = await environmentFor(github.world, {
    repository: 'octo/game',
    event: { name: 'schedule' },
    directory,
  });
  expect(await hosting.isOver(job.run, 1)).toBe(false);
  expect(await hosting.isOver(job.run, 0)).toBe(true);
  job.end('success');
  expect(await hosting.isOver(job.run, 1)).toBe(true);
  // An answer from before the second attempt, from a copy that lags behind.
  expect(await hosting.isOver(job.run, 2)).toBe(false);
  expect(await hosting.isOver(987_654, 1)).toBe(true);
  const blind = hostingOf(github, { contents: 'read' }).hosting;
  expect(await blind.isOver(job.run, 1)).toBe(false);
  fails(github, 'actions/get-workflow-run', 502, 9);
  expect(await hosting.isOver(job.run, 1)).toBe(false);
});

test('each call names the permission it lacks', async () => {
  const { github, commit } = await withPull();
  const { hosting } = hostingOf(github, { metadata: 'read' });
  const status = { state: 'pending', context: 'c', description: 'd', url: null } as const;
  const check = { name: 'n', conclusion: null, title: 't', summary: 's', url: null } as const;
  const calls = {
    'pull-requests: read': [() => hosting.pull(1), () => hosting.comments(1)],
    'pull-requests: write': [
      () => hosting.createComment(1, 'x'),
      () => hosting.editComment(1, 'x'),
      () => hosting.deleteComment(1),
    ],
    'statuses: read': [() => hosting.status(commit, 'c')],
    'statuses: write': [() => hosting.setStatus(commit, status)],
    'checks: read': [() => hosting.setCheck(commit, check)],
    'contents: read': [() => hosting.workflows()],
  };
  for (const [permission, some] of Object.entries(calls)) {
    for (const call of some) {
      const error = await call().then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(PermissionError);
      expect((error as PermissionError).permission).toBe(permission);
    }
  }
});
