// Commit statuses and check runs over REST.
import { type Call, invalid, type Need, notFound, page, type Route, refusal } from './exchange.ts';
import { checkShape, simpleStatusShape, statusShape } from './record-shapes.ts';
import { isIn, repositoryOfCall } from './rest-talk.ts';
import { repositoryShape, urlOf } from './shapes.ts';
import { type CheckRun, type Repository, resolve, type Status, type World } from './world.ts';

/** GitHub's limits: statuses for one commit and context, and characters of a description. */
const MAX_STATUSES = 1000;
const MAX_DESCRIPTION = 140;

const READ_STATUSES: Need = { level: 'read', any: ['statuses'] };
const READ_CHECKS: Need = { level: 'read', any: ['checks'] };
const WRITE_CHECKS: Need = { level: 'write', any: ['checks'] };

/** The operations on statuses and check runs. */
export const CHECK_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/statuses/{sha}',
    need: { level: 'write', any: ['statuses'] },
    handle(call, world) {
      const repository = repositoryOfCall(call, world);
      const sha = call.params.sha ?? '';
      if (world.objects.commit(sha) === undefined) throw refusal(422, `No commit found for SHA: ${sha}`);
      const given = call.body as { state: Status['state'] } & Record<string, string | null | undefined>;
      const context = given.context ?? 'default';
      const description = given.description ?? null;
      if ((description ?? '').length > MAX_DESCRIPTION) {
        throw invalid('Status', 'description', `is too long (maximum is ${MAX_DESCRIPTION} characters)`);
      }
      if (
        statusesOf(world, repository, sha).filter((one) => one.context === context).length >= MAX_STATUSES
      ) {
        throw refusal(422, 'This SHA and context has reached the maximum number of statuses.');
      }
      const status: Status = {
        id: world.nextId(),
        repository: repository.fullName,
        sha,
        state: given.state,
        context,
        description,
        targetUrl: given.target_url ?? null,
        login: call.token.login,
        createdAt: world.stamp(),
      };
      world.statuses.push(status);
      return { status: 201, body: statusShape(world, status) };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/statuses',
    need: READ_STATUSES,
    handle(call, world) {
      const { repository, sha } = commitOf(call, world);
      const found = statusesOf(world, repository, sha).reverse();
      return page(
        call,
        world,
        found.map((one) => statusShape(world, one)),
      );
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/status',
    need: READ_STATUSES,
    handle(call, world) {
      const { repository, sha } = commitOf(call, world);
      const latest = new Map(statusesOf(world, repository, sha).map((one) => [one.context, one]));
      const states = [...latest.values()].map((one) => one.state);
      const bad = states.includes('failure') || states.includes('error');
      const waits = states.length === 0 || states.includes('pending');
      const url = `${urlOf(world, repository)}/commits/${sha}`;
      return {
        status: 200,
        body: {
          state: bad ? 'failure' : waits ? 'pending' : 'success',
          statuses: [...latest.values()].map((one) => simpleStatusShape(world, one)),
          sha,
          total_count: latest.size,
          repository: repositoryShape(world, repository),
          commit_url: url,
          url: `${url}/status`,
        },
      };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref}/check-runs',
    need: READ_CHECKS,
    handle(call, world) {
      const { repository, sha } = commitOf(call, world);
      const [name, state] = [call.query.get('check_name'), call.query.get('status')];
      const found = [...world.checks.values()].filter(
        (one) =>
          isIn(one, repository) &&
          one.headSha === sha &&
          (name === null || one.name === name) &&
          (state === null || one.status === state),
      );
      // Of one name only the newest, unless all are asked for.
      const shown = call.query.get('filter') === 'all' ? found : [...newestByName(found).values()];
      return page(
        call,
        world,
        shown.map((one) => checkShape(world, one)),
        'check_runs',
      );
    },
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/check-runs',
    need: WRITE_CHECKS,
    handle(call, world) {
      const { head_sha: headSha } = call.body as { head_sha: string };
      if (world.objects.commit(headSha) === undefined) {
        throw refusal(422, `No commit found for SHA: ${headSha}`);
      }
      const check: CheckRun = {
        id: world.nextId(),
        repository: repositoryOfCall(call, world).fullName,
        headSha,
        name: '',
        status: 'queued',
        conclusion: null,
        startedAt: world.stamp(),
        completedAt: null,
        detailsUrl: null,
        externalId: null,
        output: { title: null, summary: null, text: null },
        annotations: [],
      };
      change(world, check, call);
      world.checks.set(check.id, check);
      return { status: 201, body: checkShape(world, check) };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
    need: READ_CHECKS,
    handle: (call, world) => ({ status: 200, body: checkShape(world, checkOf(call, world)) }),
  },
  {
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/check-runs/{check_run_id}',
    need: WRITE_CHECKS,
    handle(call, world) {
      const check = checkOf(call, world);
      change(world, check, call);
      return { status: 200, body: checkShape(world, check) };
    },
  },
];

function statusesOf(world: World, repository: Repository, sha: string): Status[] {
  return world.statuses.filter((one) => isIn(one, repository) && one.sha === sha);
}

function commitOf(call: Call, world: World): { repository: Repository; sha: string } {
  const repository = repositoryOfCall(call, world);
  const sha = resolve(world, repository, call.params.ref ?? '');
  if (sha === undefined) throw notFound();
  return { repository, sha };
}

function checkOf(call: Call, world: World): CheckRun {
  const found = world.checks.get(Number(call.params.check_run_id));
  if (found === undefined || !isIn(found, repositoryOfCall(call, world))) throw notFound();
  return found;
}

function newestByName(checks: readonly CheckRun[]): Map<string, CheckRun> {
  return new Map(checks.map((one) => [one.name, one]));
}

/** Applies what a create or an update says. Annotations are added to those before. */
function change(world: World, check: CheckRun, call: Call): void {
  const given = call.body as Readonly<Record<string, string | undefined>> & {
    readonly output?: { title?: string; summary: string; text?: string; annotations?: unknown[] };
  };
  // GitHub's description lets this pass; GitHub itself does not.
  if (given.status === 'completed' && given.conclusion === undefined && check.conclusion === null) {
    throw invalid('CheckRun', 'conclusion', 'conclusion is required when status is completed');
  }
  check.name = given.name ?? check.name;
  check.status = given.conclusion !== undefined ? 'completed' : (given.status ?? check.status);
  check.conclusion = given.conclusion ?? (check.status === 'completed' ? check.conclusion : null);
  check.completedAt = check.status === 'completed' ? (given.completed_at ?? world.stamp()) : null;
  check.startedAt = given.started_at ?? check.startedAt;
  check.detailsUrl = given.details_url ?? check.detailsUrl;
  check.externalId = given.external_id ?? check.externalId;
  if (given.output === undefined) return;
  const { title, summary, text, annotations = [] } = given.output;
  check.output = { title: title ?? check.output.title, summary, text: text ?? null };
  check.annotations.push(...annotations);
}
