// The results service as runners reach it: artifacts over Twirp JSON. Bytes go to the blob store, not here.
import { createHash } from 'node:crypto';
import { type Call, Refusal, type Reply } from './exchange.ts';
import { hasExpired } from './record-shapes.ts';
import { type Artifact, isoSeconds, type RuntimeToken, repositoryOf, type World } from './world.ts';

/** The path before a method's name. */
export const RESULTS_PATH = '/twirp/github.actions.results.api.v1.ArtifactService/';

/** The path before a blob's name, as Azure spells addresses of a server by number: account, container, blob. */
export const BLOB_PATH = '/store/actions-results/';

const DAY = 86_400_000;

/** What may not stand in an artifact's name. */
const FORBIDDEN_IN_NAME = /["\r\n:<>|*?\\/]/;

interface ArtifactRequest {
  readonly workflow_run_backend_id?: string;
  readonly workflow_job_run_backend_id?: string;
  readonly name?: string;
  readonly mime_type?: string;
  readonly expires_at?: string;
  readonly size?: string;
  readonly hash?: string;
  readonly name_filter?: string;
  readonly id_filter?: string;
}

/** Answers one method. `token` is the job's, already known. */
export function answerResults(method: string, call: Call, token: RuntimeToken, world: World): Reply {
  const request = (call.body ?? {}) as ArtifactRequest;
  if (request.workflow_run_backend_id !== token.runBackendId) {
    throw twirp(403, 'permission_denied', 'the token is not for this workflow run');
  }
  const mine = [...world.artifacts.values()].filter((one) => one.runBackendId === token.runBackendId);
  const named = mine.find((one) => one.name === request.name);
  switch (method) {
    case 'CreateArtifact':
      if (named !== undefined) {
        throw twirp(409, 'already_exists', 'an artifact with this name already exists on the workflow run');
      }
      return create(request, token, world);
    case 'FinalizeArtifact':
      if (named === undefined || named.finalised) throw twirp(404, 'not_found', 'artifact not found');
      return finalise(named, request);
    case 'ListArtifacts': {
      const found = mine.filter(
        (one) =>
          one.finalised &&
          !hasExpired(world, one) &&
          (request.name_filter === undefined || one.name === request.name_filter) &&
          (request.id_filter === undefined || String(one.id) === request.id_filter),
      );
      return { status: 200, body: { artifacts: found.map(listed) } };
    }
    case 'GetSignedArtifactURL':
      if (named === undefined || !named.finalised || hasExpired(world, named)) {
        throw twirp(404, 'not_found', 'artifact not found');
      }
      return { status: 200, body: { signed_url: signedDownload(world, named) } };
    case 'DeleteArtifact':
      if (named === undefined) throw twirp(404, 'not_found', 'artifact not found');
      world.artifacts.delete(named.id);
      return { status: 200, body: { ok: true, artifact_id: String(named.id) } };
    default:
      throw twirp(404, 'bad_route', `no handler for path ${call.path}`);
  }
}

/** An address that opens an artifact's bytes for ten minutes of GitHub's time. */
export function signedDownload(world: World, artifact: Artifact): string {
  const until = isoSeconds(world.now() + 600_000);
  return `${world.origin}${artifact.blob}?se=${until}&sp=r&sig=read-${artifact.signature}`;
}

/** An error in Twirp's shape. */
export function twirp(status: number, code: string, msg: string): Refusal {
  return new Refusal({ status, body: { code, msg } });
}

function create(request: ArtifactRequest, token: RuntimeToken, world: World): Reply {
  const name = request.name ?? '';
  const run = world.runs.get(token.run);
  if (run === undefined) throw twirp(404, 'not_found', 'workflow run not found');
  if (run.status === 'completed') throw twirp(403, 'permission_denied', 'the workflow run has completed');
  if (name === '' || FORBIDDEN_IN_NAME.test(name)) {
    throw twirp(400, 'invalid_argument', 'the artifact name is not valid');
  }
  const longest = repositoryOf(world, run.repository).retentionDays;
  // The client reckons the day by the machine's clock; ours is another, so only the number of days counts.
  const asked =
    request.expires_at === undefined
      ? longest
      : Math.round((Date.parse(request.expires_at) - Date.now()) / DAY);
  const id = world.nextId();
  const file = /zip$/.test(request.mime_type ?? '') ? '.zip' : '';
  const artifact: Artifact = {
    id,
    repository: run.repository,
    run: run.id,
    runBackendId: token.runBackendId,
    jobBackendId: token.jobBackendId,
    name,
    mimeType: request.mime_type ?? 'application/zip',
    createdAt: world.stamp(),
    expiresAt: isoSeconds(world.now() + Math.min(asked, longest) * DAY),
    blob: `${BLOB_PATH}${world.uuid()}${file}`,
    signature: world.uuid().replaceAll('-', ''),
    blocks: new Map(),
    bytes: null,
    digest: null,
    finalised: false,
  };
  world.artifacts.set(id, artifact);
  const until = isoSeconds(world.now() + 3_600_000);
  const url = `${world.origin}${artifact.blob}?se=${until}&sp=cw&sig=write-${artifact.signature}`;
  return { status: 200, body: { ok: true, signed_upload_url: url } };
}

function finalise(artifact: Artifact, request: ArtifactRequest): Reply {
  const size = artifact.bytes?.length ?? 0;
  if (artifact.bytes === null || Number(request.size ?? 0) !== size) {
    throw twirp(400, 'invalid_argument', `the blob has ${size} bytes, not ${request.size ?? 0}`);
  }
  const digest = `sha256:${createHash('sha256').update(artifact.bytes).digest('hex')}`;
  if (request.hash !== undefined && request.hash !== digest) {
    throw twirp(400, 'invalid_argument', `the blob's digest is ${digest}, not ${request.hash}`);
  }
  artifact.digest = digest;
  artifact.finalised = true;
  return { status: 200, body: { ok: true, artifact_id: String(artifact.id) } };
}

function listed(artifact: Artifact) {
  return {
    workflow_run_backend_id: artifact.runBackendId,
    workflow_job_run_backend_id: artifact.jobBackendId,
    database_id: String(artifact.id),
    name: artifact.name,
    size: String(artifact.bytes?.length ?? 0),
    created_at: artifact.createdAt,
    ...(artifact.digest === null ? {} : { digest: artifact.digest }),
  };
}
