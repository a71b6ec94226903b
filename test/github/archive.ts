// Reads what an artifact holds, for tests that compare it. Only the zip files that GitHub's own client writes.
import { inflateRawSync } from 'node:zlib';
import type { Artifact } from './world.ts';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const DEFLATED = 8;

/** The files of an artifact by their path: those of its archive, or the one file it is. */
export function filesIn(artifact: Artifact): Map<string, Uint8Array> {
  const bytes = Buffer.from(artifact.bytes ?? []);
  if (!artifact.blob.endsWith('.zip')) return new Map([[artifact.name, bytes]]);
  const files = new Map<string, Uint8Array>();
  // The list of entries stands at the end; its own end says where it begins.
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== END) end -= 1;
  if (end < 0) throw new Error(`the artifact ${artifact.name} is no zip file`);
  let at = bytes.readUInt32LE(end + 16);
  while (at < end && bytes.readUInt32LE(at) === ENTRY) {
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    const start = bytes.readUInt32LE(at + 42);
    const path = bytes.toString('utf8', at + 46, at + 46 + (name ?? 0));
    const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const packed = bytes.subarray(data, data + size);
    if (!path.endsWith('/')) files.set(path, method === DEFLATED ? inflateRawSync(packed) : packed);
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}
