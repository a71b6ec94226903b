import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Archive, openArchive } from '../../src/adapters/artifacts-archive.ts';
import { fc } from '../property.ts';
import { forgedZip } from './zip.ts';

const root = mkdtempSync(join(tmpdir(), 'octobatch-archive-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function opened(bytes: Uint8Array): Promise<Archive> {
  const path = join(root, 'archive.zip');
  writeFileSync(path, bytes);
  return openArchive(path);
}

async function contents(archive: Archive): Promise<[string, Buffer][]> {
  const all: [string, Buffer][] = [];
  try {
    for (const name of archive.names) {
      const parts: Uint8Array[] = [];
      for await (const part of archive.content(name)) parts.push(part);
      all.push([name, Buffer.concat(parts)]);
    }
  } finally {
    await archive.close();
  }
  return all;
}

const entries = fc.uniqueArray(
  fc.record({
    name: fc.string({ minLength: 1, unit: 'binary-ascii' }),
    bytes: fc.uint8Array({ maxLength: 3000 }),
  }),
  { selector: ({ name }) => name, maxLength: 5 },
);

it('gives back what was packed', async () => {
  await fc.assert(
    fc.asyncProperty(entries, async (files) => {
      const read = await contents(await opened(forgedZip(files)));
      expect(read).toEqual(files.map(({ name, bytes }) => [name, Buffer.from(bytes)]));
    }),
    { numRuns: 50 },
  );
});

it('refuses with a sentence, or reads no more than was announced, whatever byte is wrong', async () => {
  const files = [1, 2].map((at) => ({ name: `file-${at}`, bytes: Buffer.alloc(500, `text ${at} `) }));
  const whole = forgedZip(files);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      const read = await opened(bytes)
        .then(contents)
        .catch((error: Error) => error.message);
      if (typeof read === 'string') expect(read).toMatch(/^The archive /);
      else expect(read.length).toBeLessThanOrEqual(2);
    }),
    { numRuns: 300 },
  );
});

it('can be left in the middle of an entry', async () => {
  const archive = await opened(forgedZip([{ name: 'a', bytes: Buffer.alloc(1 << 20, 'x') }]));
  for await (const part of archive.content('a')) {
    expect(part.length).toBeGreaterThan(0);
    break;
  }
  await archive.close();
  await expect(contents(await opened(forgedZip([])))).resolves.toEqual([]);
});
