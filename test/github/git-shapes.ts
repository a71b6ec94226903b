// What commits and refs look like in an answer: every field GitHub's description requires, and few others.
import { nodeId, urlOf, WEB } from './shapes.ts';
import type { Repository, World } from './world.ts';

/** A commit as `/git/commits` tells it. */
export function gitCommitShape(world: World, repository: Repository, sha: string) {
  const commit = world.objects.commit(sha);
  if (commit === undefined) throw new Error(`there is no commit ${sha}`);
  const url = urlOf(world, repository);
  const web = `${WEB}/${repository.fullName}`;
  return {
    sha,
    node_id: nodeId('Commit', sha),
    url: `${url}/git/commits/${sha}`,
    html_url: `${web}/commit/${sha}`,
    author: commit.author,
    committer: commit.committer,
    message: commit.message,
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${url}/git/commits/${parent}`,
      html_url: `${web}/commit/${parent}`,
    })),
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  };
}

/** A commit as branches tell it. */
export function commitShape(world: World, repository: Repository, sha: string) {
  const { author, committer, message, tree, verification, ...rest } = gitCommitShape(world, repository, sha);
  const url = `${urlOf(world, repository)}/commits/${sha}`;
  return {
    ...rest,
    url,
    comments_url: `${url}/comments`,
    commit: { url: rest.url, author, committer, message, tree, comment_count: 0, verification },
    author: null,
    committer: null,
  };
}

/** A ref. */
export function refShape(world: World, repository: Repository, ref: string, sha: string) {
  const url = urlOf(world, repository);
  return {
    ref,
    node_id: nodeId('Ref', `${repository.id}:${ref}`),
    url: `${url}/git/${ref}`,
    object: { type: 'commit', sha, url: `${url}/git/commits/${sha}` },
  };
}
