// Files by their path over REST: read, write and delete with the blob's name as the condition.
import { type Call, notFound, type Reply, type Route, refusal } from './exchange.ts';
import { gitCommitShape } from './git-shapes.ts';
import { base64, READ_CONTENTS, refuseLocked, WRITE_CONTENTS, wantsRaw } from './rest-git.ts';
import { repositoryOfCall } from './rest-talk.ts';
import { urlOf, WEB } from './shapes.ts';
import { changedTree, moveRef, personOf, type Repository, resolve, treeOf, type World } from './world.ts';

/** Above this many bytes the JSON answer leaves the content out. */
const MAX_INLINE = 1_000_000;

/** The operations on contents. */
export const CONTENT_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/contents/{path}',
    need: READ_CONTENTS,
    handle: getContents,
  },
  {
    method: 'PUT',
    path: '/repos/{owner}/{repo}/contents/{path}',
    need: WRITE_CONTENTS,
    handle(call, world) {
      const { content } = call.body as { content: string };
      return write(call, world, Buffer.from(content, 'base64'));
    },
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/contents/{path}',
    need: WRITE_CONTENTS,
    handle: (call, world) => write(call, world, null),
  },
];

function getContents(call: Call, world: World): Reply {
  const repository = repositoryOfCall(call, world);
  const ref = call.query.get('ref') ?? repository.defaultBranch;
  const commit = resolve(world, repository, ref);
  if (commit === undefined) throw refusal(404, `No commit found for the ref ${ref}`);
  const path = (call.params.path ?? '').replace(/^\/+|\/+$/g, '');
  const files = world.objects.files(treeOf(world, commit));
  const file = files.get(path);
  if (file !== undefined) {
    const bytes = world.objects.blob(file.sha) ?? new Uint8Array();
    if (wantsRaw(call)) return { status: 200, bytes };
    const whole = bytes.length <= MAX_INLINE;
    const content = { encoding: whole ? 'base64' : 'none', content: whole ? base64(bytes) : '' };
    return { status: 200, body: { ...entryShape(world, repository, path, 'file', file.sha), ...content } };
  }
  const entries = new Map<string, object>();
  for (const [name, { sha }] of files) {
    if (!name.startsWith(`${path}/`)) continue;
    const [first = '', ...rest] = name.slice(path.length + 1).split('/');
    const type = rest.length > 0 ? 'dir' : 'file';
    entries.set(first, entryShape(world, repository, `${path}/${first}`, type, sha));
  }
  if (entries.size === 0) throw notFound();
  return { status: 200, body: [...entries.values()] };
}

/** Commits one file, or its deletion, when the name of the old blob is right. */
function write(call: Call, world: World, bytes: Uint8Array | null): Reply {
  const repository = repositoryOfCall(call, world);
  const path = call.params.path ?? '';
  const given = call.body as { message: string; sha?: string; branch?: string };
  const branch = given.branch ?? repository.defaultBranch;
  const ref = `refs/heads/${branch}`;
  const parent = repository.refs.get(ref);
  if (parent === undefined) throw refusal(404, `Branch ${branch} not found`);
  refuseLocked(repository, ref);
  const old = world.objects.files(treeOf(world, parent)).get(path);
  if (bytes === null && old === undefined) throw notFound();
  if (old !== undefined && given.sha === undefined) {
    throw refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  }
  if (given.sha !== undefined && given.sha !== old?.sha) {
    throw refusal(409, `${path} does not match ${given.sha}`);
  }
  const tree = changedTree(world, parent, new Map([[path, bytes]]));
  const author = personOf(world, call.token.login);
  const commit = { tree, parents: [parent], author, committer: author, message: given.message };
  const sha = world.objects.writeCommit(commit);
  moveRef(world, repository, ref, sha);
  const blob = world.objects.files(tree).get(path);
  return {
    status: old === undefined ? 201 : 200,
    body: {
      content: blob === undefined ? null : entryShape(world, repository, path, 'file', blob.sha),
      commit: gitCommitShape(world, repository, sha),
    },
  };
}

function entryShape(world: World, repository: Repository, path: string, type: string, sha: string) {
  const url = `${urlOf(world, repository)}/contents/${encodeURI(path)}`;
  const git = `${urlOf(world, repository)}/git/${type === 'dir' ? 'trees' : 'blobs'}/${sha}`;
  const html = `${WEB}/${repository.fullName}/blob/${repository.defaultBranch}/${encodeURI(path)}`;
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    sha,
    size: type === 'dir' ? 0 : (world.objects.blob(sha)?.length ?? 0),
    type,
    url,
    git_url: git,
    html_url: html,
    download_url: `${html}?raw=true`,
    _links: { self: url, git, html },
  };
}
