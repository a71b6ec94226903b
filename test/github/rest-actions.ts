// Artifacts, workflow runs, dispatches and the account over REST.
import { parse } from 'yaml';
import {
  type Call,
  forbidden,
  type Need,
  notFound,
  page,
  type Reply,
  type Route,
  refusal,
} from './exchange.ts';
import { artifactShape, hasExpired, runShape } from './record-shapes.ts';
import { isIn, repositoryOfCall } from './rest-talk.ts';
import { signedDownload } from './results.ts';
import { type Artifact, resolve, treeOf, type World } from './world.ts';

const READ_ACTIONS: Need = { level: 'read', any: ['actions'] };
const WRITE_ACTIONS: Need = { level: 'write', any: ['actions'] };

/** The operations on what workflows leave behind, and on starting them. */
export const ACTIONS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/artifacts',
    need: READ_ACTIONS,
    handle: (call, world) => listArtifacts(call, world, () => true),
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
    need: READ_ACTIONS,
    handle(call, world) {
      const run = runOf(call, world);
      return listArtifacts(call, world, (one) => one.run === run.id);
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
    need: READ_ACTIONS,
    handle: (call, world) => ({ status: 200, body: artifactShape(world, artifactOf(call, world)) }),
  },
  {
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
    need: WRITE_ACTIONS,
    handle(call, world) {
      world.artifacts.delete(artifactOf(call, world).id);
      return { status: 204 };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
    // Downloads need a right even where everybody may look.
    need: { ...READ_ACTIONS, always: true },
    handle(call, world) {
      const artifact = artifactOf(call, world);
      if (call.params.archive_format !== 'zip') throw notFound();
      if (hasExpired(world, artifact)) throw refusal(410, 'Artifact has expired');
      return { status: 302, headers: { location: signedDownload(world, artifact) } };
    },
  },
  {
    method: 'GET',
    path: '/repos/{owner}/{repo}/actions/runs/{run_id}',
    need: READ_ACTIONS,
    handle: (call, world) => ({ status: 200, body: runShape(world, runOf(call, world)) }),
  },
  {
    method: 'POST',
    path: '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    need: WRITE_ACTIONS,
    handle: dispatch,
  },
  {
    method: 'GET',
    path: '/user',
    need: { level: 'read', any: ['metadata'] },
    handle() {
      // A GITHUB_TOKEN is nobody in particular.
      throw forbidden({ level: 'read', any: ['metadata'] });
    },
  },
];

function listArtifacts(call: Call, world: World, wanted: (one: Artifact) => boolean): Reply {
  const name = call.query.get('name');
  const found = [...world.artifacts.values()]
    .filter((one) => one.finalised && isIn(one, repositoryOfCall(call, world)) && wanted(one))
    .filter((one) => name === null || one.name === name)
    .reverse();
  return page(
    call,
    world,
    found.map((one) => artifactShape(world, one)),
    'artifacts',
  );
}

function artifactOf(call: Call, world: World): Artifact {
  const found = world.artifacts.get(Number(call.params.artifact_id));
  if (found === undefined || !found.finalised || !isIn(found, repositoryOfCall(call, world)))
    throw notFound();
  return found;
}

function runOf(call: Call, world: World) {
  const found = world.runs.get(Number(call.params.run_id));
  if (found === undefined || !isIn(found, repositoryOfCall(call, world))) throw notFound();
  return found;
}

/** Starts a workflow by its file's name, when the file on that ref can be started so. */
function dispatch(call: Call, world: World): Reply {
  const repository = repositoryOfCall(call, world);
  const given = call.body as {
    ref: string;
    inputs?: Record<string, unknown>;
    return_run_details?: boolean;
  };
  const file = `.github/workflows/${(call.params.workflow_id ?? '').replace(/^\.github\/workflows\//, '')}`;
  const main = resolve(world, repository, repository.defaultBranch);
  if (main === undefined || !world.objects.files(treeOf(world, main)).has(file)) throw notFound();
  const sha = resolve(world, repository, given.ref);
  if (sha === undefined) throw refusal(422, `No ref found for: ${given.ref}`);
  const blob = world.objects.files(treeOf(world, sha)).get(file);
  const known = dispatchInputs(blob === undefined ? '' : textOf(world, blob.sha));
  if (known === null) throw refusal(422, "Workflow does not have 'workflow_dispatch' trigger");
  const inputs = given.inputs ?? {};
  const strange = Object.keys(inputs).filter((name) => !(name in known));
  if (strange.length > 0) throw refusal(422, `Unexpected inputs provided: ${JSON.stringify(strange)}`);
  const missing = Object.entries(known).find(
    ([name, input]) => input?.required === true && input.default === undefined && !(name in inputs),
  );
  if (missing !== undefined) throw refusal(422, `Required input '${missing[0]}' not provided`);
  const run = world.nextId();
  world.dispatches.push({
    repository: repository.fullName,
    workflow: file,
    ref: given.ref,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)])),
    login: call.token.login,
    run,
  });
  if (given.return_run_details !== true) return { status: 204 };
  const url = `${world.origin}/repos/${repository.fullName}/actions/runs/${run}`;
  const html = `https://github.com/${repository.fullName}/actions/runs/${run}`;
  return { status: 200, body: { workflow_run_id: run, run_url: url, html_url: html } };
}

function textOf(world: World, blob: string): string {
  return Buffer.from(world.objects.blob(blob) ?? []).toString('utf8');
}

/** The inputs a workflow takes when it is dispatched, or null when it cannot be. */
function dispatchInputs(
  workflow: string,
): Readonly<Record<string, { required?: boolean; default?: unknown } | null>> | null {
  const on = (parse(workflow) as { on?: unknown } | null)?.on;
  if (on === 'workflow_dispatch' || (Array.isArray(on) && on.includes('workflow_dispatch'))) return {};
  if (typeof on !== 'object' || on === null || !('workflow_dispatch' in on)) return null;
  return (on.workflow_dispatch as { inputs?: Record<string, { required?: boolean }> } | null)?.inputs ?? {};
}
