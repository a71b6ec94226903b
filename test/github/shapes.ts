// What the local GitHub's records look like in an answer: every field GitHub's description requires, and few others.
import {
  type Artifact,
  type CheckRun,
  type Comment,
  isoSeconds,
  type Pull,
  type Repository,
  repositoryOf,
  type Status,
  userOf,
  type WorkflowRun,
  type World,
} from './world.ts';

/** Where people look; nothing answers there. */
export const WEB = 'https://github.com';

/** The name GraphQL knows a record by. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url');
}

/** A simple user. */
export function userShape(world: World, login: string) {
  const { id } = userOf(world, login);
  const url = `${world.origin}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `${WEB}/avatars/u/${id}`,
    gravatar_id: '',
    url,
    html_url: `${WEB}/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    site_admin: false,
  };
}

/** The app all GITHUB_TOKENs act for. */
export function appShape(world: World) {
  return {
    id: 15368,
    slug: 'github-actions',
    node_id: nodeId('App', 15368),
    owner: userShape(world, 'github'),
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    external_url: 'https://help.github.com/en/actions',
    html_url: `${WEB}/apps/github-actions`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2019-12-10T19:04:12Z',
    permissions: {},
    events: [],
  };
}

/** The addresses below a repository that its description requires, by the word before `_url`. */
const REPOSITORY_URLS: Readonly<Record<string, string>> = {
  archive: '/{archive_format}{/ref}',
  assignees: '/assignees{/user}',
  blobs: '/git/blobs{/sha}',
  branches: '/branches{/branch}',
  collaborators: '/collaborators{/collaborator}',
  comments: '/comments{/number}',
  commits: '/commits{/sha}',
  compare: '/compare/{base}...{head}',
  contents: '/contents/{+path}',
  contributors: '/contributors',
  deployments: '/deployments',
  downloads: '/downloads',
  events: '/events',
  forks: '/forks',
  git_commits: '/git/commits{/sha}',
  git_refs: '/git/refs{/sha}',
  git_tags: '/git/tags{/sha}',
  hooks: '/hooks',
  issue_comment: '/issues/comments{/number}',
  issue_events: '/issues/events{/number}',
  issues: '/issues{/number}',
  keys: '/keys{/key_id}',
  labels: '/labels{/name}',
  languages: '/languages',
  merges: '/merges',
  milestones: '/milestones{/number}',
  notifications: '/notifications{?since,all,participating}',
  pulls: '/pulls{/number}',
  releases: '/releases{/id}',
  stargazers: '/stargazers',
  statuses: '/statuses/{sha}',
  subscribers: '/subscribers',
  subscription: '/subscription',
  tags: '/tags',
  teams: '/teams',
  trees: '/git/trees{/sha}',
};

/** A repository, in the one shape that serves as full, minimal and embedded. */
export function repositoryShape(world: World, repository: Repository) {
  const url = urlOf(world, repository);
  const web = `${WEB}/${repository.fullName}`;
  const urls = Object.entries(REPOSITORY_URLS).map(([name, path]) => [`${name}_url`, `${url}${path}`]);
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    owner: userShape(world, repository.owner),
    private: repository.private,
    visibility: repository.private ? 'private' : 'public',
    html_url: web,
    description: null,
    fork: repository.fork,
    url,
    ...(Object.fromEntries(urls) as Record<string, string>),
    git_url: `git:github.com/${repository.fullName}.git`,
    ssh_url: `git@github.com:${repository.fullName}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    forks: 0,
    forks_count: 0,
    network_count: 0,
    open_issues: 0,
    open_issues_count: 0,
    stargazers_count: 0,
    subscribers_count: 0,
    watchers: 0,
    watchers_count: 0,
    size: 1,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    pushed_at: '2026-01-01T00:00:00Z',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  };
}

/** A comment. */
export function commentShape(world: World, comment: Comment) {
  const { id, issue, login } = comment;
  const url = `${world.origin}/repos/${comment.repository}/issues`;
  return {
    id,
    node_id: nodeId('IssueComment', id),
    url: `${url}/comments/${id}`,
    html_url: `${WEB}/${comment.repository}/pull/${issue}#issuecomment-${id}`,
    issue_url: `${url}/${issue}`,
    body: comment.body,
    user: userShape(world, login),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(world, comment.repository, login),
    performed_via_github_app: login === 'github-actions[bot]' ? appShape(world) : null,
  };
}

/** A commit status. */
export function statusShape(world: World, status: Status) {
  const { id, login } = status;
  return {
    ...simpleStatusShape(world, status),
    id,
    creator: userShape(world, login),
  };
}

/** A commit status as the combined one lists it. */
export function simpleStatusShape(world: World, status: Status) {
  const { id, sha, state, context, description, targetUrl, createdAt } = status;
  return {
    url: `${world.origin}/repos/${status.repository}/statuses/${sha}`,
    avatar_url: `${WEB}/avatars/in/15368`,
    id,
    node_id: nodeId('StatusContext', id),
    state,
    description,
    target_url: targetUrl,
    context,
    created_at: createdAt,
    updated_at: createdAt,
  };
}

/** A check run. */
export function checkShape(world: World, check: CheckRun) {
  const { id, repository, output } = check;
  const url = `${world.origin}/repos/${repository}/check-runs/${id}`;
  return {
    id,
    node_id: nodeId('CheckRun', id),
    head_sha: check.headSha,
    name: check.name,
    url,
    html_url: `${WEB}/${repository}/runs/${id}`,
    details_url: check.detailsUrl,
    external_id: check.externalId,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: { ...output, annotations_count: check.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: 1 },
    app: appShape(world),
    pull_requests: [],
  };
}

/** A pull request, with the fields of the whole one in lists also. */
export function pullShape(world: World, pull: Pull) {
  const { id, number, login, createdAt, updatedAt, merged, state } = pull;
  const base = repositoryOf(world, pull.repository);
  const head = repositoryOf(world, pull.head.repository);
  const url = `${urlOf(world, base)}/pulls/${number}`;
  const issue = `${urlOf(world, base)}/issues/${number}`;
  const web = `${WEB}/${base.fullName}/pull/${number}`;
  const closedAt = state === 'closed' ? updatedAt : null;
  const side = (repository: Repository, ref: string, sha: string) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: userShape(world, repository.owner),
    repo: repositoryShape(world, repository),
  });
  const links = {
    self: url,
    html: web,
    issue,
    comments: `${issue}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${urlOf(world, base)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${urlOf(world, base)}/statuses/${pull.headSha}`,
  };
  return {
    id,
    node_id: nodeId('PullRequest', id),
    number,
    url,
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    state,
    locked: false,
    title: pull.title,
    user: userShape(world, login),
    body: null,
    labels: [],
    milestone: null,
    created_at: createdAt,
    updated_at: updatedAt,
    closed_at: closedAt,
    merged_at: merged ? closedAt : null,
    merge_commit_sha: null,
    assignee: null,
    head: side(head, pull.head.branch, pull.headSha),
    base: side(base, pull.base, base.refs.get(`refs/heads/${pull.base}`) ?? pull.headSha),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: associationOf(world, base.fullName, login),
    auto_merge: null,
    draft: pull.draft,
    merged,
    mergeable: null,
    mergeable_state: 'unknown',
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: 1,
    additions: 0,
    deletions: 0,
    changed_files: 0,
  };
}

/** An artifact; one that has expired is still listed. */
export function artifactShape(world: World, artifact: Artifact) {
  const { id, name, createdAt, expiresAt } = artifact;
  const repository = repositoryOf(world, artifact.repository);
  const url = `${urlOf(world, repository)}/actions/artifacts/${id}`;
  const run = world.runs.get(artifact.run);
  return {
    id,
    node_id: nodeId('Artifact', id),
    name,
    size_in_bytes: artifact.bytes?.length ?? 0,
    url,
    archive_download_url: `${url}/zip`,
    expired: hasExpired(world, artifact),
    digest: artifact.digest,
    created_at: createdAt,
    expires_at: expiresAt,
    updated_at: createdAt,
    workflow_run:
      run === undefined
        ? null
        : {
            id: run.id,
            repository_id: repository.id,
            head_repository_id: repositoryOf(world, run.headRepository).id,
            head_branch: run.headBranch,
            head_sha: run.headSha,
          },
  };
}

/** True once GitHub has thrown the artifact's bytes away. */
export function hasExpired(world: World, artifact: Artifact): boolean {
  return isoSeconds(world.now()) >= artifact.expiresAt;
}

/** A workflow run. */
export function runShape(world: World, run: WorkflowRun) {
  const repository = repositoryOf(world, run.repository);
  const url = `${urlOf(world, repository)}/actions/runs/${run.id}`;
  const actor = userShape(world, run.login);
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    display_title: run.name,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 1,
    url,
    html_url: `${WEB}/${run.repository}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.createdAt,
    actor,
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${urlOf(world, repository)}/check-suites/1`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${urlOf(world, repository)}/actions/workflows/1`,
    head_commit: null,
    repository: repositoryShape(world, repository),
    head_repository: repositoryShape(world, repositoryOf(world, run.headRepository)),
  };
}

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

/** The address of a repository in the API. */
export function urlOf(world: World, repository: Repository): string {
  return `${world.origin}/repos/${repository.fullName}`;
}

function associationOf(world: World, fullName: string, login: string): string {
  if (repositoryOf(world, fullName).owner === login) return 'OWNER';
  return login.endsWith('[bot]') ? 'NONE' : 'CONTRIBUTOR';
}
