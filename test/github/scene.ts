// Sets the scene of a test: repositories, pushes, pull requests, tokens. What people and jobs do over HTTP is not here.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Permission } from './exchange.ts';
import {
  changedTree,
  moveRef,
  type Pull,
  personOf,
  type Repository,
  repositoryOf,
  resolve,
  type Token,
  treeOf,
  userOf,
  type World,
} from './world.ts';

/** The login a GITHUB_TOKEN writes under. */
export const BOT = 'github-actions[bot]';

/** What a repository is, where it differs from a private one with a `main` that holds a README. */
export interface RepositorySettings {
  readonly public?: boolean;
  readonly forkOf?: string;
  readonly defaultBranch?: string;
  readonly retentionDays?: number;
  /** Branches that a ruleset locks. */
  readonly locked?: readonly string[];
  /** What the first commit holds. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Adds a repository. A fork starts with the branches of the other. */
export function addRepository(world: World, fullName: string, settings: RepositorySettings = {}): Repository {
  const [owner = '', name = ''] = fullName.split('/');
  const source = settings.forkOf === undefined ? null : repositoryOf(world, settings.forkOf);
  userOf(world, owner);
  const repository: Repository = {
    id: world.nextId(),
    fullName,
    owner,
    name,
    private: settings.public !== true,
    fork: source !== null,
    defaultBranch: settings.defaultBranch ?? 'main',
    retentionDays: settings.retentionDays ?? 90,
    locked: new Set(settings.locked),
    refs: new Map(source?.refs),
  };
  world.repositories.set(fullName.toLowerCase(), repository);
  if (source === null) {
    push(world, fullName, repository.defaultBranch, settings.files ?? { 'README.md': `# ${name}\n` });
  }
  return repository;
}

/** Pushes one commit to a branch, which begins at the default branch when it is new. Null deletes a file. */
export function push(
  world: World,
  fullName: string,
  branch: string,
  files: Readonly<Record<string, string | null>>,
  login = 'mona',
): string {
  const repository = repositoryOf(world, fullName);
  const parent =
    repository.refs.get(`refs/heads/${branch}`) ?? resolve(world, repository, repository.defaultBranch);
  const changes = Object.entries(files).map(([path, text]): [string, Uint8Array | null] => [
    path,
    text === null ? null : Buffer.from(text),
  ]);
  const author = personOf(world, login);
  const sha = world.objects.writeCommit({
    tree: changedTree(world, parent ?? null, new Map(changes)),
    parents: parent === undefined ? [] : [parent],
    author,
    committer: author,
    message: `Change ${Object.keys(files).join(', ')}`,
  });
  moveRef(world, repository, `refs/heads/${branch}`, sha);
  return sha;
}

/** Opens a pull request from a branch, of a fork when `from` names one. */
export function openPull(
  world: World,
  fullName: string,
  head: {
    readonly branch: string;
    readonly from?: string;
    readonly login?: string;
    readonly draft?: boolean;
  },
): Pull {
  const repository = repositoryOf(world, fullName);
  const source = repositoryOf(world, head.from ?? fullName);
  const at = world.stamp();
  const pull: Pull = {
    id: world.nextId(),
    repository: repository.fullName,
    number: world.pulls.filter((one) => one.repository === repository.fullName).length + 1,
    login: head.login ?? 'mona',
    createdAt: at,
    updatedAt: at,
    base: repository.defaultBranch,
    head: { repository: source.fullName, branch: head.branch },
    headSha: source.refs.get(`refs/heads/${head.branch}`) ?? '',
    draft: head.draft === true,
    title: `Pull request of ${head.branch}`,
    state: 'open',
    merged: false,
  };
  world.pulls.push(pull);
  return pull;
}

/** Makes a token for a repository. */
export function addToken(
  world: World,
  repository: string,
  permissions: Token['permissions'],
  login = BOT,
): Token {
  const token = { value: `ghs_${world.uuid().replaceAll('-', '')}`, repository, login, permissions };
  world.tokens.set(token.value, token);
  return token;
}

/** Every permission a workflow can ask for here. */
export const ALL_PERMISSIONS: Readonly<Record<Permission, 'write'>> = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  metadata: 'write',
  'pull-requests': 'write',
  statuses: 'write',
};

/** The files of a branch, tag or commit as text, by path; none when there is no such ref. */
export function filesAt(world: World, fullName: string, ref: string): Map<string, string> {
  const commit = resolve(world, repositoryOf(world, fullName), ref);
  if (commit === undefined) return new Map();
  const files = [...world.objects.files(treeOf(world, commit))];
  return new Map(
    files.map(([path, { sha }]) => [path, Buffer.from(world.objects.blob(sha) ?? []).toString('utf8')]),
  );
}

/** Writes the files of a ref below a folder, as actions/checkout does; there is no `.git`. */
export async function checkOut(
  world: World,
  fullName: string,
  ref: string,
  directory: string,
): Promise<void> {
  for (const [path, text] of filesAt(world, fullName, ref)) {
    const target = join(directory, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}
