// Blobs of one directory that become those of another too.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDirectoryBlobs } from '../../../src/adapters/blobs/directory.ts';
import { linkBlobs } from '../../../src/adapters/blobs/directory-link.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'octobatch-link-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the blobs of another directory', () => {
  it('are all there, as they were, beside those that were there before', async () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    const texts = ['', 'one\n', 'two\nlines', 'ünï'];
    const digests = await Promise.all(texts.map((text) => openDirectoryBlobs(from).put([text])));
    const own = await openDirectoryBlobs(to).put(['own']);
    await openDirectoryBlobs(to).put(['one\n']);
    await linkBlobs(from, to);
    await linkBlobs(from, to);
    rmSync(from, { recursive: true });
    const blobs = openDirectoryBlobs(to);
    expect(await Promise.all(digests.map((digest) => blobs.text(digest)))).toEqual(texts);
    expect(await blobs.text(own)).toBe('own');
  });

  it('do not bring files that are no blobs', async () => {
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    mkdirSync(join(from, 'ab'), { recursive: true });
    writeFileSync(join(from, 'ab', '.half.tmp'), 'half');
    writeFileSync(join(from, 'notes'), 'notes');
    mkdirSync(to);
    await linkBlobs(from, to);
    expect(readdirSync(to)).toEqual([]);
  });

  it('are none where there is no such directory', async () => {
    await linkBlobs(join(folder, 'nowhere'), join(folder, 'to'));
    expect(readdirSync(folder)).toEqual([]);
  });
});
