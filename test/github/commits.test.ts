import { expect, test } from 'vitest';
import { type Client, clientOf, errorOf, graphErrorsOf, HERE, startedGitHub } from './client.ts';
import { createGitObjects } from './objects.ts';
import { filesAt, push } from './scene.ts';

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } ref { name } }
}`;

interface Committed {
  readonly createCommitOnBranch: {
    readonly commit: { readonly oid: string };
    readonly ref: { name: string };
  };
}

function commit(client: Client, expectedHeadOid: string, path: string, text: string, branch = 'state') {
  return client.graphql<Committed>(COMMIT, {
    input: {
      branch: { repositoryNameWithOwner: 'octo/game', branchName: branch },
      message: { headline: `Write ${path}` },
      expectedHeadOid,
      fileChanges: { additions: [{ path, contents: Buffer.from(text).toString('base64') }] },
    },
  });
}

async function withBranch() {
  const github = await startedGitHub();
  const client = clientOf(github);
  const head = push(github.world, 'octo/game', 'state', { 'runs/a/0.json': '{}' });
  return { github, client, head };
}

test('objects have the names git gives them', () => {
  const objects = createGitObjects();
  expect(objects.writeBlob(Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a');
  expect(objects.writeFiles(new Map())).toBe('4b825dc642cb6eb9a060e54bf8d69288fbee4904');
});

test('a commit on the expected head moves the branch and keeps the other files', async () => {
  const { github, client, head } = await withBranch();
  const { createCommitOnBranch } = await commit(client, head, 'runs/b/0.json', '[]');
  const { data } = await client.rest.git.getRef({ ...HERE, ref: 'heads/state' });
  expect(data.object.sha).toBe(createCommitOnBranch.commit.oid);
  expect(createCommitOnBranch.ref.name).toBe('state');
  const files = filesAt(github.world, 'octo/game', 'state');
  expect([...files.keys()].sort()).toEqual(['README.md', 'runs/a/0.json', 'runs/b/0.json']);
  const { data: made } = await client.rest.git.getCommit({ ...HERE, commit_sha: data.object.sha });
  expect(made.parents.map((one) => one.sha)).toEqual([head]);
});

test('a commit on a head that has moved is refused as stale and writes nothing', async () => {
  const { github, client, head } = await withBranch();
  await commit(client, head, 'runs/a/1.json', 'first');
  const errors = await graphErrorsOf(commit(client, head, 'runs/a/1.json', 'second'));
  expect(errors).toMatchObject([{ type: 'STALE_DATA', path: ['createCommitOnBranch'] }]);
  expect(filesAt(github.world, 'octo/game', 'state').get('runs/a/1.json')).toBe('first');
});

test('of many commits at the same moment one wins', async () => {
  const { client, head } = await withBranch();
  const all = await Promise.allSettled(
    Array.from({ length: 8 }, (_, at) => commit(client, head, 'runs/a/1.json', String(at))),
  );
  expect(all.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
});

test('a head that moves between the read and the write is seen', async () => {
  const { github, client, head } = await withBranch();
  github.interfere({
    when: ({ operation }) => operation === 'graphql',
    what: {
      kind: 'run',
      run: () => {
        push(github.world, 'octo/game', 'state', { 'runs/b/0.json': 'theirs' });
      },
    },
  });
  const errors = await graphErrorsOf(commit(client, head, 'runs/a/1.json', 'mine'));
  expect(errors[0]?.type).toBe('STALE_DATA');
});

test('an orphan branch is created once: the second creation is refused', async () => {
  const { github, client } = await withBranch();
  const create = async (text: string) => {
    const tree = await client.rest.git.createTree({
      ...HERE,
      tree: [{ path: 'README.md', mode: '100644', content: text }],
    });
    const made = await client.rest.git.createCommit({
      ...HERE,
      message: text,
      tree: tree.data.sha,
      parents: [],
    });
    return client.rest.git.createRef({ ...HERE, ref: 'refs/heads/octobatch-state', sha: made.data.sha });
  };
  const [one, other] = await Promise.allSettled([create('one'), create('other')]);
  expect([one?.status, other?.status].sort()).toEqual(['fulfilled', 'rejected']);
  const error = await errorOf(create('third'));
  expect(error).toMatchObject({ status: 422, message: expect.stringContaining('Reference already exists') });
  expect(filesAt(github.world, 'octo/game', 'octobatch-state').size).toBe(1);
});

test('a branch can be created over GraphQL as well, once', async () => {
  const { client, head } = await withBranch();
  const repository = await client.graphql<{ repository: { id: string } }>(
    '{ repository(owner: "octo", name: "game") { id } }',
  );
  const text =
    'mutation ($input: CreateRefInput!) { createRef(input: $input) { ref { name target { oid } } } }';
  const input = { repositoryId: repository.repository.id, name: 'refs/heads/fresh', oid: head };
  const made = await client.graphql(text, { input });
  expect(made).toEqual({ createRef: { ref: { name: 'fresh', target: { oid: head } } } });
  expect(await graphErrorsOf(client.graphql(text, { input }))).toMatchObject([{ type: 'UNPROCESSABLE' }]);
});

test('one GraphQL call reads a folder with the text of its files, under names of the client', async () => {
  const { client, head } = await withBranch();
  const answer = await client.graphql(
    `query ($owner: String!, $name: String!) {
      repository(owner: $owner, name: $name) {
        head: ref(qualifiedName: "refs/heads/state") { target { oid } }
        none: ref(qualifiedName: "refs/heads/none") { target { oid } }
        a: object(expression: "state:runs/a") {
          ... on Tree { entries { name path object { ... on Blob { text byteSize isTruncated } } } }
        }
      }
    }`,
    { owner: 'octo', name: 'game' },
  );
  expect(answer).toEqual({
    repository: {
      head: { target: { oid: head } },
      none: null,
      a: {
        entries: [
          { name: '0.json', path: 'runs/a/0.json', object: { text: '{}', byteSize: 2, isTruncated: false } },
        ],
      },
    },
  });
});

test('a commit can delete files, but none that are not there', async () => {
  const { github, client, head } = await withBranch();
  const remove = (path: string, expectedHeadOid: string) =>
    client.graphql<Committed>(COMMIT, {
      input: {
        branch: { repositoryNameWithOwner: 'octo/game', branchName: 'state' },
        message: { headline: 'Prune', body: 'Old runs.' },
        expectedHeadOid,
        fileChanges: { deletions: [{ path }] },
      },
    });
  expect(await graphErrorsOf(remove('runs/z.json', head))).toMatchObject([{ type: 'UNPROCESSABLE' }]);
  await remove('runs/a/0.json', head);
  expect([...filesAt(github.world, 'octo/game', 'state').keys()]).toEqual(['README.md']);
});

test('a locked branch takes no commit, in either API', async () => {
  const github = await startedGitHub({}, { locked: ['state'] });
  const client = clientOf(github);
  const head = push(github.world, 'octo/game', 'state', { a: 'a' });
  expect(await graphErrorsOf(commit(client, head, 'a', 'b'))).toMatchObject([{ type: 'UNPROCESSABLE' }]);
  const main = push(github.world, 'octo/game', 'main', { b: 'b' });
  const update = client.rest.git.updateRef({ ...HERE, ref: 'heads/state', sha: main });
  expect(await errorOf(update)).toMatchObject({ status: 422 });
});

test('a ref moves forward only, unless it is forced', async () => {
  const { github, client, head } = await withBranch();
  const main = push(github.world, 'octo/game', 'main', { b: 'b' });
  const move = (sha: string, force = false) =>
    client.rest.git.updateRef({ ...HERE, ref: 'heads/state', sha, force });
  expect(await errorOf(move(main))).toMatchObject({ status: 422 });
  expect((await move(main, true)).data.object.sha).toBe(main);
  expect(await errorOf(move(head))).toMatchObject({ status: 422 });
  await client.rest.git.deleteRef({ ...HERE, ref: 'heads/state' });
  expect((await errorOf(client.rest.git.getRef({ ...HERE, ref: 'heads/state' }))).status).toBe(404);
  const matching = await client.rest.git.listMatchingRefs({ ...HERE, ref: 'heads/' });
  expect(matching.data.map((one) => one.ref)).toEqual(['refs/heads/main']);
});

test('a tree on top of another keeps, replaces and deletes', async () => {
  const { client, head } = await withBranch();
  const blob = await client.rest.git.createBlob({ ...HERE, content: 'Yg==', encoding: 'base64' });
  const { data } = await client.rest.git.createTree({
    ...HERE,
    base_tree: head,
    tree: [
      { path: 'runs/a/0.json', mode: '100644', sha: null },
      { path: 'runs/b', mode: '100644', sha: blob.data.sha },
    ],
  });
  const whole = await client.rest.git.getTree({ ...HERE, tree_sha: data.sha, recursive: 'true' });
  expect(whole.data.tree.map((one) => one.path)).toEqual(['README.md', 'runs', 'runs/b']);
  const read = await client.rest.git.getBlob({ ...HERE, file_sha: blob.data.sha });
  expect(Buffer.from(read.data.content, 'base64').toString()).toBe('b');
});

test('a file is read and written by its path, on condition of its old name', async () => {
  const { client } = await withBranch();
  const at = { ...HERE, path: 'runs/a/0.json' };
  const old = await client.rest.repos.getContent({ ...at, ref: 'state' });
  const { sha, content } = old.data as { sha: string; content: string };
  expect(Buffer.from(content, 'base64').toString()).toBe('{}');
  const put = (name: string) =>
    client.rest.repos.createOrUpdateFileContents({
      ...at,
      branch: 'state',
      message: 'm',
      content: 'YQ==',
      sha: name,
    });
  expect((await put(sha)).status).toBe(200);
  expect((await errorOf(put(sha))).status).toBe(409);
  const folder = await client.rest.repos.getContent({ ...HERE, path: 'runs', ref: 'state' });
  expect(folder.data).toMatchObject([{ name: 'a', type: 'dir' }]);
  const gone = client.rest.repos.getContent({ ...HERE, path: 'nothing', ref: 'state' });
  expect((await errorOf(gone)).status).toBe(404);
});

test('the default branch and a branch with its commit can be asked for', async () => {
  const { client, head } = await withBranch();
  expect((await client.rest.repos.get(HERE)).data.default_branch).toBe('main');
  expect((await client.rest.repos.getBranch({ ...HERE, branch: 'state' })).data.commit.sha).toBe(head);
  expect((await errorOf(client.rest.repos.getBranch({ ...HERE, branch: 'none' }))).status).toBe(404);
});

test('GraphQL names a field that is not there, a variable that is missing, and what it cannot read', async () => {
  const { client } = await withBranch();
  const ask = (text: string) => graphErrorsOf(client.graphql(text));
  expect((await ask('{ repository(owner: "octo", name: "game") { stars } }'))[0]?.message).toContain('stars');
  expect(
    (await ask('query ($n: String!) { repository(owner: "o", name: $n) { id } }'))[0]?.message,
  ).toContain('$n');
  expect((await ask('{ repository('))[0]?.message).toContain('Parse error');
  expect(await ask('{ repository(owner: "octo", name: "none") { id } }')).toMatchObject([
    { type: 'NOT_FOUND' },
  ]);
});
