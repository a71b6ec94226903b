// Makes zip files as no honest client would: any names, any sizes, any content. Only for tests of who reads them.
import { deflateRawSync } from 'node:zlib';

/** One entry. `size` is what the archive claims it unpacks to; the truth when absent. */
export interface ForgedEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly size?: number;
  /** 1: encrypted. */
  readonly flags?: number;
}

/** The bytes of an archive with these entries. */
export function forgedZip(entries: readonly ForgedEntry[]): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, bytes, size = bytes.length, flags = 0 } of entries) {
    const packed = deflateRawSync(bytes);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(Buffer.byteLength(name), 26);
    const listed = Buffer.alloc(46);
    listed.writeUInt32LE(0x02014b50, 0);
    listed.writeUInt16LE(flags, 8);
    listed.writeUInt16LE(8, 10);
    listed.writeUInt32LE(packed.length, 20);
    listed.writeUInt32LE(size, 24);
    listed.writeUInt16LE(Buffer.byteLength(name), 28);
    listed.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    list.push(listed, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + packed.length;
  }
  const names = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(names.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, names, end]);
}
