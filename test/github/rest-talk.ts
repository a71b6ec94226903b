// Comments and pull requests over REST.
import { type Call, invalid, type Need, notFound, page, type Route, refusal } from './exchange.ts';
import { commentShape, pullShape } from './record-shapes.ts';
import { type Comment, type Repository, repositoryOf, type World } from './world.ts';

/** GitHub's limit for a comment, in characters. */
const MAX_COMMENT = 65_536;

const READ_TALK: Need = { level: 'read', any: ['issues', 'pull-requests'] };
const WRITE_TALK: Need = { level: 'write', any: ['issues', 'pull-requests'] };
const READ_PULLS: Need = { level: 'read', any: ['pull-requests'] };

/** The operations on comments and pull requests. */
export const TALK_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    need: READ_TALK,
    handle: (call, world) => ({ status: 200, body: commentShape(world, commentOf(call, world)) }),
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    need: WRITE_TALK,
    handle(call, world) {
      const comment = commentOf(call, world);
      comment.body = bodyOf(call);
      comment.updatedAt = world.stamp();
      return { status: 200, body: commentShape(world, comment) };
    },
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    need: WRITE_TALK,
    handle(call, world) {
      world.comments.delete(commentOf(call, world).id);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    need: READ_TALK,
    handle(call, world) {
      const { number } = pullOf(call, world, 'issue_number');
      const since = call.query.get('since') ?? '';
      const found = [...world.comments.values()].filter(
        (one) => isIn(one, repositoryOfCall(call, world)) && one.issue === number && one.updatedAt >= since,
      );
      return page(
        call,
        world,
        found.map((one) => commentShape(world, one)),
      );
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    need: WRITE_TALK,
    handle(call, world) {
      const { repository, number } = pullOf(call, world, 'issue_number');
      const comment = addComment(world, repository, number, call.token.login, bodyOf(call));
      return { status: 201, body: commentShape(world, comment) };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls',
    need: READ_PULLS,
    handle(call, world) {
      const state = call.query.get('state') ?? 'open';
      const [head, base] = [call.query.get('head'), call.query.get('base')];
      const found = world.pulls.filter(
        (one) =>
          isIn(one, repositoryOfCall(call, world)) &&
          (state === 'all' || one.state === state) &&
          (base === null || one.base === base) &&
          (head === null || head === `${one.head.repository.split('/')[0]}:${one.head.branch}`),
      );
      // GitHub lists the newest first unless it is asked for something else.
      if (call.query.get('direction') !== 'asc') found.reverse();
      return page(
        call,
        world,
        found.map((one) => pullShape(world, one)),
      );
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    need: READ_PULLS,
    handle: (call, world) => ({ status: 200, body: pullShape(world, pullOf(call, world, 'pull_number')) }),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{commit_sha}/pulls',
    need: { level: 'read', any: ['pull-requests'] },
    handle(call, world) {
      const sha = call.params.commit_sha ?? '';
      const found = world.pulls.filter(
        (one) => isIn(one, repositoryOfCall(call, world)) && world.objects.descends(one.headSha, sha),
      );
      return page(
        call,
        world,
        found.map((one) => pullShape(world, one)),
      );
    },
  },
];

/** Writes a comment as if `login` had written it. */
export function addComment(
  world: World,
  repository: string,
  issue: number,
  login: string,
  body: string,
): Comment {
  const at = world.stamp();
  const id = world.nextId();
  const comment = { id, repository, issue, login, body, createdAt: at, updatedAt: at };
  world.comments.set(id, comment);
  return comment;
}

/** The repository a call's path names, or 404. */
export function repositoryOfCall({ params }: Call, world: World): Repository {
  return repositoryOf(world, `${params.owner}/${params.repo}`);
}

/** True when a record belongs to the repository. */
export function isIn(record: { readonly repository: string }, repository: Repository): boolean {
  return record.repository === repository.fullName;
}

function pullOf(call: Call, world: World, name: string) {
  const repository = repositoryOfCall(call, world);
  const found = world.pulls.find((one) => isIn(one, repository) && one.number === Number(call.params[name]));
  if (found === undefined) throw notFound();
  return found;
}

function commentOf(call: Call, world: World): Comment {
  const found = world.comments.get(Number(call.params.comment_id));
  if (found === undefined || !isIn(found, repositoryOfCall(call, world))) throw notFound();
  return found;
}

function bodyOf(call: Call): string {
  const { body } = call.body as { body: string };
  if (body.trim() === '') throw invalid('IssueComment', 'body', "body can't be blank", 'missing_field');
  if (body.length <= MAX_COMMENT) return body;
  const message = `Body is too long (maximum is ${MAX_COMMENT} characters)`;
  throw refusal(422, 'Validation Failed', {
    errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }],
  });
}
