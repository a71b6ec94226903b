import { expect, test } from 'vitest';
import { type Client, clientOf, clientWith, errorOf, graphErrorsOf, HERE, startedGitHub } from './client.ts';
import type { Permission } from './exchange.ts';
import {
  ALL_PERMISSIONS,
  addRepository,
  addToken,
  openPull,
  push,
  type RepositorySettings,
} from './scene.ts';

async function withPull(settings: RepositorySettings = {}) {
  const github = await startedGitHub({}, settings);
  const sha = push(github.world, 'octo/game', 'topic', { a: 'a' });
  openPull(github.world, 'octo/game', { branch: 'topic' });
  return { github, sha };
}

/** A token with every permission but these. */
function without(...names: readonly Permission[]) {
  const kept = Object.entries(ALL_PERMISSIONS).filter(([name]) => !names.includes(name as Permission));
  return Object.fromEntries(kept);
}

const WRITES: readonly (readonly [
  string,
  readonly Permission[],
  (client: Client, sha: string) => Promise<unknown>,
])[] = [
  [
    'a comment',
    ['issues', 'pull-requests'],
    (client) => client.rest.issues.createComment({ ...HERE, issue_number: 1, body: 'b' }),
  ],
  [
    'a status',
    ['statuses'],
    (client, sha) => client.rest.repos.createCommitStatus({ ...HERE, sha, state: 'pending' }),
  ],
  [
    'a check run',
    ['checks'],
    (client, sha) => client.rest.checks.create({ ...HERE, name: 'n', head_sha: sha }),
  ],
  [
    'a branch',
    ['contents'],
    (client, sha) => client.rest.git.createRef({ ...HERE, ref: 'refs/heads/new', sha }),
  ],
  [
    'a dispatch',
    ['actions'],
    (client) =>
      client.rest.actions.createWorkflowDispatch({ ...HERE, workflow_id: 'collect.yml', ref: 'main' }),
  ],
];

const COLLECT = { '.github/workflows/collect.yml': 'on: workflow_dispatch\njobs: {}\n' };

test.each(WRITES)('%s is refused without the permission, which the answer names', async (_, names, call) => {
  const { github, sha } = await withPull({ files: COLLECT });
  const error = await errorOf(call(clientOf(github, without(...names)), sha));
  expect(error).toMatchObject({
    status: 403,
    message: expect.stringContaining('Resource not accessible by integration'),
  });
  const accepted = names.map((name) => `${name.replace('-', '_')}=write`).join('; ');
  expect(error.headers['x-accepted-github-permissions']).toBe(accepted);
  // Reading is not enough, and one of those named is.
  const reading = Object.fromEntries(names.map((name) => [name, 'read' as const]));
  expect((await errorOf(call(clientOf(github, reading), sha))).status).toBe(403);
  await call(clientOf(github, { [names[0] ?? '']: 'write' }), sha);
});

test('without contents GraphQL neither commits nor reads a private repository', async () => {
  const { github, sha } = await withPull();
  const client = clientOf(github, without('contents'));
  const input = {
    branch: { repositoryNameWithOwner: 'octo/game', branchName: 'topic' },
    message: { headline: 'h' },
    expectedHeadOid: sha,
  };
  const commit = client.graphql(
    'mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }',
    { input },
  );
  expect(await graphErrorsOf(commit)).toMatchObject([{ type: 'FORBIDDEN', path: ['createCommitOnBranch'] }]);
  const read = client.graphql(
    '{ repository(owner: "octo", name: "game") { ref(qualifiedName: "topic") { name } } }',
  );
  expect(await graphErrorsOf(read)).toMatchObject([{ type: 'FORBIDDEN', path: ['repository', 'ref'] }]);
});

test('what is public can be read without a permission; what is private cannot', async () => {
  const { github } = await withPull();
  const comments = { ...HERE, issue_number: 1 };
  expect((await errorOf(clientOf(github, {}).rest.issues.listComments(comments))).status).toBe(403);
  const open = await withPull({ public: true });
  expect((await clientOf(open.github, {}).rest.issues.listComments(comments)).status).toBe(200);
});

test('the token of another repository does not see a private one, and writes to no other', async () => {
  const { github, sha } = await withPull();
  addRepository(github.world, 'octo/other');
  const foreign = clientWith(github, addToken(github.world, 'octo/other', ALL_PERMISSIONS));
  expect((await errorOf(foreign.rest.repos.get(HERE))).status).toBe(404);
  const open = await withPull({ public: true });
  const other = clientWith(open.github, addToken(open.github.world, 'octo/other', ALL_PERMISSIONS));
  const status = other.rest.repos.createCommitStatus({ ...HERE, sha, state: 'pending' });
  expect((await errorOf(status)).status).toBe(403);
});

test('a token nobody gave is refused, and a GITHUB_TOKEN is no user', async () => {
  const { github } = await withPull();
  const unknown = { value: 'ghs_nobody', repository: '', login: '', permissions: {} };
  expect(await errorOf(clientWith(github, unknown).rest.repos.get(HERE))).toMatchObject({ status: 401 });
  expect(await errorOf(clientOf(github).rest.users.getAuthenticated())).toMatchObject({ status: 403 });
});

test('a dispatch starts what the file allows, and refuses the rest', async () => {
  const files = {
    ...COLLECT,
    '.github/workflows/push.yml': 'on: [push]\n',
    '.github/workflows/paid.yml':
      'on:\n  workflow_dispatch:\n    inputs:\n      pull:\n        required: true\n      sha: {}\n',
  };
  const { github } = await withPull({ files });
  const start = (workflow: string, inputs: Record<string, string> = {}, ref = 'main') =>
    clientOf(github).rest.actions.createWorkflowDispatch({ ...HERE, workflow_id: workflow, ref, inputs });
  expect((await start('paid.yml', { pull: '1' })).status).toBe(204);
  expect(github.world.dispatches).toMatchObject([
    { workflow: '.github/workflows/paid.yml', inputs: { pull: '1' } },
  ]);
  expect((await errorOf(start('paid.yml'))).status).toBe(422);
  expect((await errorOf(start('paid.yml', { pull: '1', other: 'x' }))).status).toBe(422);
  expect((await errorOf(start('push.yml'))).status).toBe(422);
  expect((await errorOf(start('paid.yml', { pull: '1' }, 'none'))).status).toBe(422);
  expect((await errorOf(start('none.yml'))).status).toBe(404);
});
