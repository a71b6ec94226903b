// The nodes of GitHub's graph that are here: repositories, refs, objects, pull requests, and the two mutations that
// write a branch.
import type { Call } from './exchange.ts';
import { FieldError, type Node, node } from './graphql-node.ts';
import { createRef } from './rest-git.ts';
import { nodeId, WEB } from './shapes.ts';
import { allows, seesRepository } from './tokens.ts';
import {
  changedTree,
  isoSeconds,
  moveRef,
  type Pull,
  personOf,
  type Repository,
  resolve,
  type World,
} from './world.ts';

/** The node an operation starts from. */
export function rootOf(kind: 'query' | 'mutation', call: Call, world: World): Node {
  if (kind === 'query') {
    return node('Query', {
      viewer: () => node('User', { login: () => call.token.login }),
      repository: ({ owner, name }) => {
        const found = world.repositories.get(`${owner}/${name}`.toLowerCase());
        if (found !== undefined && seesRepository(call.token, found))
          return repositoryNode(found, call, world);
        throw new FieldError(
          'NOT_FOUND',
          `Could not resolve to a Repository with the name '${owner}/${name}'.`,
        );
      },
    });
  }
  return node('Mutation', {
    createCommitOnBranch: ({ input }) => createCommitOnBranch(input, call, world),
    createRef: ({ input }) => {
      const { repositoryId, name, oid } = checked(input, 'CreateRefInput', ['repositoryId', 'name', 'oid']);
      const repository = repositoryById(world, String(repositoryId));
      writable(call, repository);
      const problem = createRef(world, repository, String(name), String(oid));
      // GitHub says it in other words here than over REST.
      if (problem === 'Reference already exists') {
        const message = `A ref named "${name}" already exists in the repository.`;
        throw new FieldError('UNPROCESSABLE', message);
      }
      if (problem !== null) throw new FieldError('UNPROCESSABLE', problem);
      return node('CreateRefPayload', {
        clientMutationId: () => null,
        ref: () => refNode(String(name), repository, world),
      });
    },
  });
}

/** A commit on a branch whose head is where the client believes it to be, and on no other. */
function createCommitOnBranch(given: unknown, call: Call, world: World): Node {
  const type = 'CreateCommitOnBranchInput';
  const input = checked(given, type, ['branch', 'message', 'expectedHeadOid'], ['fileChanges']);
  const branch = checked(
    input.branch,
    'CommittableBranch',
    [],
    ['id', 'repositoryNameWithOwner', 'branchName'],
  );
  const message = checked(input.message, 'CommitMessage', ['headline'], ['body']);
  const changes = checked(input.fileChanges ?? {}, 'FileChanges', [], ['additions', 'deletions']);
  const { repository, ref } = branchOf(branch, world);
  writable(call, repository);
  const head = repository.refs.get(ref);
  if (head === undefined) {
    throw new FieldError('NOT_FOUND', `Could not resolve to a branch named '${ref}'.`);
  }
  if (repository.locked.has(ref.slice('refs/heads/'.length))) {
    throw new FieldError(
      'UNPROCESSABLE',
      'Repository rule violations found\n\nCannot update this protected ref.',
    );
  }
  if (input.expectedHeadOid !== head) {
    const expected = String(input.expectedHeadOid);
    // Two spaces: as GitHub writes it.
    throw new FieldError(
      'STALE_DATA',
      `Expected branch to point to "${expected}" but it did not.  Pull and try again.`,
    );
  }
  const files = world.objects.files(world.objects.commit(head)?.tree ?? '');
  const wanted = new Map<string, Uint8Array | null>();
  for (const one of listOf(changes.deletions)) {
    const path = String(checked(one, 'FileDeletion', ['path']).path);
    if (!files.has(path)) {
      throw new FieldError(
        'UNPROCESSABLE',
        `A path was requested for deletion which does not exist as of commit oid \`${head}\``,
      );
    }
    wanted.set(path, null);
  }
  for (const one of listOf(changes.additions)) {
    const { path, contents } = checked(one, 'FileAddition', ['path', 'contents']);
    if (wanted.has(String(path))) {
      throw new FieldError('UNPROCESSABLE', `The path "${path}" was requested to be changed twice`);
    }
    wanted.set(String(path), bytesOf(String(contents)));
  }
  const author = personOf(world, call.token.login);
  const text = message.body === undefined ? '' : `\n\n${message.body}`;
  const sha = world.objects.writeCommit({
    tree: changedTree(world, head, wanted),
    parents: [head],
    author,
    committer: author,
    message: `${message.headline}${text}`,
  });
  moveRef(world, repository, ref, sha);
  return node('CreateCommitOnBranchPayload', {
    clientMutationId: () => input.clientMutationId ?? null,
    commit: () => commitNode(sha, repository, world),
    ref: () => refNode(ref, repository, world),
  });
}

function branchOf(
  branch: Readonly<Record<string, unknown>>,
  world: World,
): { repository: Repository; ref: string } {
  if (typeof branch.id === 'string') {
    const [kind, id, ref] = partsOf(branch.id, 3);
    if (kind === 'Ref' && ref !== undefined) {
      return { repository: repositoryById(world, nodeId('Repository', String(id))), ref };
    }
    throw new FieldError('NOT_FOUND', `Could not resolve to a node with the global id of '${branch.id}'`);
  }
  const name = String(branch.repositoryNameWithOwner);
  const repository = world.repositories.get(name.toLowerCase());
  if (repository === undefined) {
    throw new FieldError('NOT_FOUND', `Could not resolve to a Repository with the name '${name}'.`);
  }
  const short = String(branch.branchName).replace(/^refs\/heads\//, '');
  return { repository, ref: `refs/heads/${short}` };
}

function repositoryById(world: World, id: string): Repository {
  const found = [...world.repositories.values()].find((one) => nodeId('Repository', one.id) === id);
  if (found !== undefined) return found;
  throw new FieldError('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
}

function partsOf(id: string, count: number): readonly string[] {
  const [kind = '', number = '', ...rest] = Buffer.from(id, 'base64url').toString('utf8').split(':');
  return [kind, number, rest.join(':')].slice(0, count);
}

function writable(call: Call, repository: Repository): void {
  if (allows(call.token, repository, { level: 'write', any: ['contents'] })) return;
  throw new FieldError('FORBIDDEN', 'Resource not accessible by integration');
}

function readable(call: Call, repository: Repository): void {
  if (allows(call.token, repository, { level: 'read', any: ['contents'] })) return;
  throw new FieldError('FORBIDDEN', 'Resource not accessible by integration');
}

/** An input object with the fields its type has, and no others. */
function checked(
  given: unknown,
  type: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const fields = (given ?? {}) as Readonly<Record<string, unknown>>;
  const known = [...required, ...optional, 'clientMutationId'];
  const strange = Object.keys(fields).find((name) => !known.includes(name));
  const missing = required.find((name) => fields[name] === undefined || fields[name] === null);
  if (strange === undefined && missing === undefined) return fields;
  const why =
    strange === undefined
      ? `${missing} (Expected value to not be null)`
      : `${strange} (Field is not defined on ${type})`;
  throw new FieldError('argumentError', `Variable of type ${type} was provided invalid value for ${why}`);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function bytesOf(contents: string): Uint8Array {
  const bytes = Buffer.from(contents, 'base64');
  if (bytes.toString('base64') === contents.replace(/\s/g, '')) return bytes;
  throw new FieldError('UNPROCESSABLE', 'A file addition is not base64 encoded');
}

function repositoryNode(repository: Repository, call: Call, world: World): Node {
  const { fullName, refs, defaultBranch } = repository;
  const refOf = (name: string) => {
    readable(call, repository);
    return refs.has(name) ? refNode(name, repository, world) : null;
  };
  return node('Repository', {
    id: () => nodeId('Repository', repository.id),
    name: () => repository.name,
    nameWithOwner: () => fullName,
    isPrivate: () => repository.private,
    isFork: () => repository.fork,
    defaultBranchRef: () => refOf(`refs/heads/${defaultBranch}`),
    ref: ({ qualifiedName }) => {
      const name = String(qualifiedName);
      return refOf(name.startsWith('refs/') ? name : `refs/heads/${name}`);
    },
    object: ({ expression, oid }) => {
      readable(call, repository);
      return objectNode(String(expression ?? oid), repository, world);
    },
    pullRequest: ({ number }) => {
      const found = world.pulls.find((one) => one.repository === fullName && one.number === number);
      if (found !== undefined) return pullNode(found);
      throw new FieldError('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
    },
  });
}

function refNode(ref: string, repository: Repository, world: World): Node {
  const sha = repository.refs.get(ref) ?? '';
  const [, prefix = '', name = ''] = /^(refs\/[^/]+\/)(.*)$/.exec(ref) ?? [];
  return node('Ref', {
    id: () => nodeId('Ref', `${repository.id}:${ref}`),
    name: () => name,
    prefix: () => prefix,
    target: () => commitNode(sha, repository, world),
  });
}

function commitNode(sha: string, repository: Repository, world: World): Node {
  const commit = world.objects.commit(sha);
  const [headline = '', ...body] = (commit?.message ?? '').split('\n\n');
  return node('Commit', {
    id: () => nodeId('Commit', sha),
    oid: () => sha,
    url: () => `${WEB}/${repository.fullName}/commit/${sha}`,
    message: () => commit?.message,
    messageHeadline: () => headline,
    messageBody: () => body.join('\n\n'),
    committedDate: () => commit?.committer.date ?? isoSeconds(0),
    tree: () => treeNode(commit?.tree ?? '', '', world),
  });
}

/** `ref:path`, a ref, or an object's name. */
function objectNode(expression: string, repository: Repository, world: World): Node | null {
  const colon = expression.indexOf(':');
  const name = colon < 0 ? expression : expression.slice(0, colon);
  const commit = resolve(world, repository, name);
  if (colon < 0) {
    if (commit !== undefined) return commitNode(commit, repository, world);
    if (world.objects.tree(name) !== undefined) return treeNode(name, '', world);
    return world.objects.blob(name) === undefined ? null : blobNode(name, world);
  }
  let sha = commit === undefined ? undefined : world.objects.commit(commit)?.tree;
  const path = expression.slice(colon + 1).replace(/\/+$/, '');
  for (const part of path === '' ? [] : path.split('/')) {
    sha = world.objects.tree(sha ?? '')?.find((entry) => entry.name === part)?.sha;
  }
  if (sha === undefined) return null;
  return world.objects.tree(sha) === undefined
    ? blobNode(sha, world)
    : treeNode(sha, path === '' ? '' : `${path}/`, world);
}

function treeNode(sha: string, prefix: string, world: World): Node {
  const entries = () =>
    (world.objects.tree(sha) ?? []).map(({ name, mode, sha: of }) => {
      const isFolder = mode === '040000';
      return node('TreeEntry', {
        name: () => name,
        path: () => `${prefix}${name}`,
        type: () => (isFolder ? 'tree' : 'blob'),
        mode: () => Number.parseInt(mode, 8),
        oid: () => of,
        object: () => (isFolder ? treeNode(of, `${prefix}${name}/`, world) : blobNode(of, world)),
      });
    });
  return node('Tree', { id: () => nodeId('Tree', sha), oid: () => sha, entries });
}

function blobNode(sha: string, world: World): Node {
  const bytes = Buffer.from(world.objects.blob(sha) ?? []);
  const isBinary = bytes.includes(0);
  return node('Blob', {
    id: () => nodeId('Blob', sha),
    oid: () => sha,
    byteSize: () => bytes.length,
    isBinary: () => isBinary,
    // GitHub cuts a long text and says so.
    isTruncated: () => bytes.length > 512_000,
    text: () => (isBinary ? null : bytes.subarray(0, 512_000).toString('utf8')),
  });
}

function pullNode(pull: Pull): Node {
  return node('PullRequest', {
    id: () => nodeId('PullRequest', pull.id),
    number: () => pull.number,
    title: () => pull.title,
    state: () => (pull.merged ? 'MERGED' : pull.state.toUpperCase()),
    closed: () => pull.state === 'closed',
    merged: () => pull.merged,
    isDraft: () => pull.draft,
    isCrossRepository: () => pull.head.repository !== pull.repository,
    headRefOid: () => pull.headSha,
    headRefName: () => pull.head.branch,
    baseRefName: () => pull.base,
    author: () => node('User', { login: () => pull.login.replace(/\[bot\]$/, '') }),
  });
}
