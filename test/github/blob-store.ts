// The blob store behind artifacts: Azure's block uploads and signed addresses. Nothing else of Azure is here.
import { createHash } from 'node:crypto';
import { type Call, Refusal, type Reply } from './exchange.ts';
import { hasExpired } from './record-shapes.ts';
import { type Artifact, isoSeconds, type World } from './world.ts';

/** Answers a call to a blob's address. */
export function answerBlob(call: Call, world: World): Reply {
  const artifact = [...world.artifacts.values()].find((one) => one.blob === call.path);
  if (artifact === undefined) throw azure(404, 'BlobNotFound');
  const [right, signature] = (call.query.get('sig') ?? '').split('-');
  const late = (call.query.get('se') ?? '') < isoSeconds(world.now());
  if (signature !== artifact.signature || late) throw azure(403, 'AuthenticationFailed');
  if (call.method === 'GET' && right === 'read') return download(artifact, world);
  if (call.method !== 'PUT' || right !== 'write') throw azure(403, 'AuthorizationPermissionMismatch');
  // What has been finalised stays as it is.
  if (artifact.finalised) throw azure(403, 'AuthenticationFailed');
  return upload(artifact, call, world);
}

function download(artifact: Artifact, world: World): Reply {
  if (artifact.bytes === null || hasExpired(world, artifact)) throw azure(404, 'BlobNotFound');
  const file = artifact.blob.endsWith('.zip') ? `${artifact.name}.zip` : artifact.name;
  return {
    status: 200,
    bytes: artifact.bytes,
    headers: {
      'content-type': artifact.mimeType,
      'content-disposition': `attachment; filename="${file}"`,
    },
  };
}

function upload(artifact: Artifact, call: Call, world: World): Reply {
  const what = call.query.get('comp');
  if (what === 'block') {
    artifact.blocks.set(call.query.get('blockid') ?? '', call.bytes);
  } else if (what === 'blocklist') {
    const list = Buffer.from(call.bytes).toString('utf8');
    const ids = [...list.matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map((match) => match[1] ?? '');
    const blocks = ids.map((id) => artifact.blocks.get(id));
    if (blocks.some((block) => block === undefined)) throw azure(400, 'InvalidBlockList');
    artifact.bytes = Buffer.concat(blocks.filter((block) => block !== undefined));
  } else if (what === null && call.headers['x-ms-blob-type'] === 'BlockBlob') {
    artifact.bytes = call.bytes;
  } else {
    throw azure(400, 'InvalidQueryParameterValue');
  }
  const etag = createHash('sha1').update(call.bytes).digest('hex').slice(0, 16);
  return {
    status: 201,
    headers: {
      etag: `"0x${etag}"`,
      'last-modified': new Date(world.now()).toUTCString(),
      'x-ms-request-id': world.uuid(),
      'x-ms-version': String(call.headers['x-ms-version'] ?? ''),
      'x-ms-request-server-encrypted': 'true',
    },
  };
}

function azure(status: number, code: string): Refusal {
  const xml = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  const headers = { 'content-type': 'application/xml', 'x-ms-error-code': code };
  return new Refusal({ status, bytes: Buffer.from(xml), headers });
}
