// What the records of a repository look like in an answer: comments, pull requests, statuses, checks, runs, artifacts.
// Every field GitHub's description requires, and few others.
import { appShape, nodeId, repositoryShape, urlOf, userShape, WEB } from './shapes.ts';
import {
  type Artifact,
  type CheckRun,
  type Comment,
  isoSeconds,
  type Pull,
  type Repository,
  repositoryOf,
  type Status,
  type WorkflowRun,
  type World,
} from './world.ts';

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

function associationOf(world: World, fullName: string, login: string): string {
  if (repositoryOf(world, fullName).owner === login) return 'OWNER';
  return login.endsWith('[bot]') ? 'NONE' : 'CONTRIBUTOR';
}
