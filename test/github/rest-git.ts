// Repositories, refs and git objects over REST.
import { type Call, type Need, notFound, type Reply, type Route, refusal } from './exchange.ts';
import { commitShape, gitCommitShape, refShape } from './git-shapes.ts';
import type { FileEntry, Person } from './objects.ts';
import { repositoryOfCall } from './rest-talk.ts';
import { repositoryShape, urlOf } from './shapes.ts';
import { moveRef, personOf, type Repository, resolve, type World } from './world.ts';

export const READ_CONTENTS: Need = { level: 'read', any: ['contents'] };
export const WRITE_CONTENTS: Need = { level: 'write', any: ['contents'] };

/** The operations on a repository's branches and objects. */
export const GIT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}',
    need: { level: 'read', any: ['metadata'] },
    handle: (call, world) => ({ status: 200, body: repositoryShape(world, repositoryOfCall(call, world)) }),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch}',
    need: READ_CONTENTS,
    handle(call, world) {
      const repository = repositoryOfCall(call, world);
      const name = call.params.branch ?? '';
      const sha = repository.refs.get(`refs/heads/${name}`);
      if (sha === undefined) throw refusal(404, 'Branch not found');
      const url = `${urlOf(world, repository)}/branches/${name}`;
      const body = {
        name,
        commit: commitShape(world, repository, sha),
        _links: { self: url, html: `https://github.com/${repository.fullName}/tree/${name}` },
        protected: repository.locked.has(name),
        protection: { enabled: false },
        protection_url: `${url}/protection`,
      };
      return { status: 200, body };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/ref/{ref}',
    need: READ_CONTENTS,
    handle(call, world) {
      const repository = repositoryOfCall(call, world);
      const ref = `refs/${call.params.ref}`;
      const sha = ref.startsWith('refs/pull/') ? resolve(world, repository, ref) : repository.refs.get(ref);
      if (sha === undefined) throw notFound();
      return { status: 200, body: refShape(world, repository, ref, sha) };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/matching-refs/{ref}',
    need: READ_CONTENTS,
    handle(call, world) {
      const repository = repositoryOfCall(call, world);
      const found = [...repository.refs].filter(([ref]) => ref.startsWith(`refs/${call.params.ref}`)).sort();
      return { status: 200, body: found.map(([ref, sha]) => refShape(world, repository, ref, sha)) };
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/refs',
    need: WRITE_CONTENTS,
    handle(call, world) {
      const repository = repositoryOfCall(call, world);
      const { ref, sha } = call.body as { ref: string; sha: string };
      const problem = createRef(world, repository, ref, sha);
      if (problem !== null) throw refusal(422, problem);
      return { status: 201, body: refShape(world, repository, ref, sha) };
    },
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    need: WRITE_CONTENTS,
    handle(call, world) {
      const repository = repositoryOfCall(call, world);
      const ref = `refs/${call.params.ref}`;
      const { sha, force = false } = call.body as { sha: string; force?: boolean };
      const old = repository.refs.get(ref);
      if (old === undefined) throw refusal(422, 'Reference does not exist');
      refuseLocked(repository, ref);
      if (world.objects.commit(sha) === undefined) throw refusal(422, 'Object does not exist');
      if (!force && !world.objects.descends(sha, old)) throw refusal(422, 'Update is not a fast forward');
      moveRef(world, repository, ref, sha);
      return { status: 200, body: refShape(world, repository, ref, sha) };
    },
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/git/refs/{ref}',
    need: WRITE_CONTENTS,
    handle(call, world) {
      const repository = repositoryOfCall(call, world);
      const ref = `refs/${call.params.ref}`;
      refuseLocked(repository, ref);
      if (!repository.refs.delete(ref)) throw refusal(422, 'Reference does not exist');
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/commits/{commit_sha}',
    need: READ_CONTENTS,
    handle(call, world) {
      const sha = call.params.commit_sha ?? '';
      if (world.objects.commit(sha) === undefined) throw notFound();
      return { status: 200, body: gitCommitShape(world, repositoryOfCall(call, world), sha) };
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/commits',
    need: WRITE_CONTENTS,
    handle: createCommit,
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/trees/{tree_sha}',
    need: READ_CONTENTS,
    handle: getTree,
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/trees',
    need: WRITE_CONTENTS,
    handle: createTree,
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/blobs/{file_sha}',
    need: READ_CONTENTS,
    handle(call, world) {
      const sha = call.params.file_sha ?? '';
      const bytes = world.objects.blob(sha);
      if (bytes === undefined) throw notFound();
      if (wantsRaw(call)) return { status: 200, bytes };
      const url = `${urlOf(world, repositoryOfCall(call, world))}/git/blobs/${sha}`;
      const body = { sha, node_id: sha, url, size: bytes.length, encoding: 'base64', content: base64(bytes) };
      return { status: 200, body };
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/blobs',
    need: WRITE_CONTENTS,
    handle(call, world) {
      const { content, encoding } = call.body as { content: string; encoding?: string };
      const sha = world.objects.writeBlob(Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8'));
      const url = `${urlOf(world, repositoryOfCall(call, world))}/git/blobs/${sha}`;
      return { status: 201, body: { sha, url } };
    },
  },
];

/** Creates a ref, or says why not. */
export function createRef(world: World, repository: Repository, ref: string, sha: string): string | null {
  if (!/^refs\/[^/]+\/.+/.test(ref)) return `${ref} is not a valid ref name.`;
  if (repository.locked.has(branchOf(ref))) return 'Repository rule violations found';
  if (repository.refs.has(ref)) return 'Reference already exists';
  if (world.objects.commit(sha) === undefined) return 'Object does not exist';
  moveRef(world, repository, ref, sha);
  return null;
}

/** True when the client asks for the bytes themselves. */
export function wantsRaw({ headers }: Call): boolean {
  return /\.raw\b/.test(String(headers.accept ?? ''));
}

/** Base64 in lines of 60 characters, as GitHub sends it. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('base64')
    .replace(/.{1,60}/g, '$&\n');
}

/** Refuses a push to a branch that a ruleset locks. */
export function refuseLocked(repository: Repository, ref: string): void {
  if (!repository.locked.has(branchOf(ref))) return;
  throw refusal(422, 'Repository rule violations found\n\nCannot update this protected ref.\n\n');
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

function createCommit(call: Call, world: World): Reply {
  const given = call.body as {
    message: string;
    tree: string;
    parents?: string[];
    author?: Person;
    committer?: Person;
  };
  if (world.objects.tree(given.tree) === undefined) throw refusal(422, 'Tree SHA does not exist');
  const parents = given.parents ?? [];
  if (parents.some((sha) => world.objects.commit(sha) === undefined)) {
    throw refusal(422, 'Parent SHA does not exist or is not a commit object');
  }
  const author = { ...personOf(world, call.token.login), ...given.author };
  const committer = { ...author, ...given.committer };
  const sha = world.objects.writeCommit({
    tree: given.tree,
    parents,
    author,
    committer,
    message: given.message,
  });
  return { status: 201, body: gitCommitShape(world, repositoryOfCall(call, world), sha) };
}

function getTree(call: Call, world: World): Reply {
  const repository = repositoryOfCall(call, world);
  const name = call.params.tree_sha ?? '';
  const commit = resolve(world, repository, name);
  const sha = (commit === undefined ? undefined : world.objects.commit(commit)?.tree) ?? name;
  if (world.objects.tree(sha) === undefined) throw notFound();
  return { status: 200, body: treeShape(world, repository, sha, call.query.has('recursive')) };
}

function treeShape(world: World, repository: Repository, sha: string, deep: boolean) {
  const url = `${urlOf(world, repository)}/git`;
  const list = (tree: string, prefix: string): object[] =>
    (world.objects.tree(tree) ?? []).flatMap(({ name, mode, sha: of }) => {
      const path = `${prefix}${name}`;
      if (mode === '040000') {
        const folder = { path, mode, type: 'tree', sha: of, url: `${url}/trees/${of}` };
        return deep ? [folder, ...list(of, `${path}/`)] : [folder];
      }
      const size = world.objects.blob(of)?.length ?? 0;
      return [{ path, mode, type: 'blob', sha: of, size, url: `${url}/blobs/${of}` }];
    });
  return { sha, url: `${url}/trees/${sha}`, tree: list(sha, ''), truncated: false };
}

function createTree(call: Call, world: World): Reply {
  const { base_tree: base, tree } = call.body as {
    base_tree?: string;
    tree: { path: string; mode?: string; sha?: string | null; content?: string }[];
  };
  const { objects } = world;
  const root = base === undefined ? undefined : (objects.commit(base)?.tree ?? base);
  if (root !== undefined && objects.tree(root) === undefined) throw notFound();
  const files = root === undefined ? new Map<string, FileEntry>() : objects.files(root);
  for (const { path, mode = '100644', sha, content } of tree) {
    if (sha === null) {
      if (!files.delete(path)) throw refusal(422, 'GitRPC::BadObjectState');
    } else if (content !== undefined) {
      files.set(path, { mode, sha: objects.writeBlob(Buffer.from(content)) });
    } else if (sha === undefined || !addEntry(world, files, path, mode, sha)) {
      throw refusal(422, `tree.sha ${sha} is not a valid ${mode === '040000' ? 'tree' : 'blob'}`);
    }
  }
  const sha = objects.writeFiles(files);
  return { status: 201, body: treeShape(world, repositoryOfCall(call, world), sha, false) };
}

/** Adds a blob, or all files of a tree in place of what was there. */
function addEntry(
  world: World,
  files: Map<string, FileEntry>,
  path: string,
  mode: string,
  sha: string,
): boolean {
  const { objects } = world;
  if (mode !== '040000') {
    if (objects.blob(sha) === undefined) return false;
    files.set(path, { mode, sha });
    return true;
  }
  if (objects.tree(sha) === undefined) return false;
  for (const old of files.keys()) if (old.startsWith(`${path}/`)) files.delete(old);
  for (const [name, entry] of objects.files(sha)) files.set(`${path}/${name}`, entry);
  return true;
}
