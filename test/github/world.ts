// What the local GitHub knows, and how it changes. It answers no requests: the rooms of the API read and write it.
import { createHash } from 'node:crypto';
import { notFound, type Permission } from './exchange.ts';
import { createGitObjects, type GitObjects, type Person } from './objects.ts';

/** Somebody with a login. A login that ends in `[bot]` is a bot's. */
export interface User {
  readonly id: number;
  readonly login: string;
}

/** A repository. `refs` by full name: refs/heads/main. */
export interface Repository {
  readonly id: number;
  readonly fullName: string;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  readonly fork: boolean;
  readonly defaultBranch: string;
  readonly retentionDays: number;
  /** Branches no push may touch: a ruleset's effect. */
  readonly locked: ReadonlySet<string>;
  readonly refs: Map<string, string>;
}

/** A token and what it may do. A GITHUB_TOKEN belongs to one repository. */
export interface Token {
  readonly value: string;
  readonly repository: string;
  readonly login: string;
  readonly permissions: Readonly<Partial<Record<Permission, 'read' | 'write'>>>;
}

/** A comment on an issue or a pull request. */
export interface Comment {
  readonly id: number;
  readonly repository: string;
  readonly issue: number;
  readonly login: string;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
}

/** A pull request. Its head's commit is where the branch points, as long as it is open. */
export interface Pull {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly login: string;
  readonly createdAt: string;
  readonly base: string;
  readonly head: { readonly repository: string; readonly branch: string };
  readonly draft: boolean;
  title: string;
  headSha: string;
  state: 'open' | 'closed';
  merged: boolean;
  updatedAt: string;
}

/** A commit status. */
export interface Status {
  readonly id: number;
  readonly repository: string;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly login: string;
  readonly createdAt: string;
}

/** A check run. */
export interface CheckRun {
  readonly id: number;
  readonly repository: string;
  readonly headSha: string;
  name: string;
  status: string;
  conclusion: string | null;
  startedAt: string | null;
  completedAt: string | null;
  detailsUrl: string | null;
  externalId: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  readonly annotations: unknown[];
}

/** A workflow run; each of its attempts has a name of its own in the results service. */
export interface WorkflowRun {
  readonly id: number;
  readonly repository: string;
  readonly number: number;
  readonly name: string;
  readonly path: string;
  readonly event: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly headRepository: string;
  readonly login: string;
  readonly createdAt: string;
  readonly attempt: number;
  readonly backendId: string;
  status: 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'cancelled' | null;
}

/** An artifact. `bytes` are what was committed to the blob store; it is listed once it is finalised. */
export interface Artifact {
  readonly id: number;
  readonly repository: string;
  readonly run: number;
  readonly runBackendId: string;
  readonly jobBackendId: string;
  readonly name: string;
  readonly mimeType: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** The path of its blob, and the word that opens it for writing. */
  readonly blob: string;
  readonly signature: string;
  readonly blocks: Map<string, Uint8Array>;
  bytes: Uint8Array | null;
  digest: string | null;
  finalised: boolean;
}

/** A workflow that was started by the API. */
export interface Dispatch {
  readonly repository: string;
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly login: string;
  readonly run: number;
}

/** A job's token for the results service. */
export interface RuntimeToken {
  readonly run: number;
  readonly runBackendId: string;
  readonly jobBackendId: string;
}

/** All the local GitHub knows. */
export interface World {
  /** Scheme, host and port. */
  origin: string;
  readonly objects: GitObjects;
  readonly repositories: Map<string, Repository>;
  readonly users: Map<string, User>;
  readonly tokens: Map<string, Token>;
  readonly runtimeTokens: Map<string, RuntimeToken>;
  readonly comments: Map<number, Comment>;
  readonly pulls: Pull[];
  readonly statuses: Status[];
  readonly checks: Map<number, CheckRun>;
  readonly runs: Map<number, WorkflowRun>;
  readonly artifacts: Map<number, Artifact>;
  readonly dispatches: Dispatch[];
  /** Milliseconds since 1970 on GitHub's clock. */
  now(): number;
  advance(ms: number): void;
  /** Now, in ISO 8601 with whole seconds. */
  stamp(): string;
  nextId(): number;
  uuid(): string;
}

/** An empty world whose clock stands still at `now` (ISO 8601) until it is moved. */
export function createWorld(now: string): World {
  let clock = Date.parse(now);
  let id = 1000;
  return {
    origin: '',
    objects: createGitObjects(),
    repositories: new Map(),
    users: new Map(),
    tokens: new Map(),
    runtimeTokens: new Map(),
    comments: new Map(),
    pulls: [],
    statuses: [],
    checks: new Map(),
    runs: new Map(),
    artifacts: new Map(),
    dispatches: [],
    now: () => clock,
    advance: (ms) => {
      clock += ms;
    },
    stamp: () => isoSeconds(clock),
    nextId: () => ++id,
    uuid: () => uuidFrom(++id),
  };
}

/** The same for the same number, so that a story told twice reads the same. */
function uuidFrom(number: number): string {
  const hex = createHash('sha1').update(`uuid ${number}`).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** ISO 8601 with whole seconds, as GitHub writes every moment. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** The user of a login, known from now on. */
export function userOf(world: World, login: string): User {
  const known = world.users.get(login);
  if (known !== undefined) return known;
  const user = { id: world.nextId(), login };
  world.users.set(login, user);
  return user;
}

/** The repository of a full name, or 404. */
export function repositoryOf(world: World, fullName: string): Repository {
  const found = world.repositories.get(fullName.toLowerCase());
  if (found === undefined) throw notFound();
  return found;
}

/** The commit a branch, tag, full ref or commit name stands for. `pull/7/head` and `/merge` are refs as well. */
export function resolve(world: World, repository: Repository, name: string): string | undefined {
  const pull = /^(?:refs\/)?pull\/(\d+)\/(head|merge)$/.exec(name);
  if (pull !== null) {
    const found = world.pulls.find(
      (one) => one.repository === repository.fullName && one.number === Number(pull[1]),
    );
    if (found === undefined) return undefined;
    return pull[2] === 'head' ? found.headSha : mergeOf(world, found);
  }
  const asked = name === 'HEAD' ? repository.defaultBranch : name;
  for (const prefix of ['', 'refs/', 'refs/heads/', 'refs/tags/']) {
    const sha = repository.refs.get(`${prefix}${asked}`);
    if (sha !== undefined) return sha;
  }
  return world.objects.commit(name) === undefined ? undefined : name;
}

/** The test merge of a pull request: its head's files on both parents. */
export function mergeOf(world: World, pull: Pull): string {
  const base = repositoryOf(world, pull.repository).refs.get(`refs/heads/${pull.base}`) ?? pull.headSha;
  const author = { name: 'GitHub', email: 'noreply@github.com', date: pull.updatedAt };
  return world.objects.writeCommit({
    tree: treeOf(world, pull.headSha),
    parents: [base, pull.headSha],
    author,
    committer: author,
    message: `Merge ${pull.headSha} into ${base}`,
  });
}

/** Moves a ref, and the open pull requests whose head it is. */
export function moveRef(world: World, repository: Repository, ref: string, sha: string): void {
  repository.refs.set(ref, sha);
  for (const pull of world.pulls) {
    const { head, state } = pull;
    if (state !== 'open' || head.repository !== repository.fullName) continue;
    if (`refs/heads/${head.branch}` !== ref) continue;
    pull.headSha = sha;
    pull.updatedAt = world.stamp();
  }
}

/** The files of `parent` with changes: bytes to write, null to delete. Returns the new tree's name. */
export function changedTree(
  world: World,
  parent: string | null,
  changes: ReadonlyMap<string, Uint8Array | null>,
): string {
  const { objects } = world;
  const files = parent === null ? new Map() : objects.files(treeOf(world, parent));
  for (const [path, bytes] of changes) {
    if (bytes === null) files.delete(path);
    else files.set(path, { mode: '100644', sha: objects.writeBlob(bytes) });
  }
  return objects.writeFiles(files);
}

/** The tree of a commit. Throws when there is none of that name. */
export function treeOf(world: World, commit: string): string {
  const found = world.objects.commit(commit);
  if (found === undefined) throw new Error(`there is no commit ${commit}`);
  return found.tree;
}

/** Somebody as the author of a commit made now. */
export function personOf(world: World, login: string): Person {
  const { id } = userOf(world, login);
  return { name: login, email: `${id}+${login}@users.noreply.github.com`, date: world.stamp() };
}
