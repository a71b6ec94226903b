// One contract for every blob store: content under its digest, whole or not at all.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openArtifactBlobs } from '../../../src/adapters/blobs/artifacts.ts';
import { blobPath, openDirectoryBlobs } from '../../../src/adapters/blobs/directory.ts';
import { createMemoryBlobs } from '../../../src/adapters/blobs/memory.ts';
import type { Artifacts } from '../../../src/ports/artifacts.ts';
import type { Blobs, Digest } from '../../../src/ports/blobs.ts';
import { createMemoryArtifacts } from '../memory-artifacts.ts';

const root = mkdtempSync(join(tmpdir(), 'octobatch-blobs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let opened = 0;
const folder = (): string => join(root, String(++opened));

const stores: Record<string, () => Blobs> = {
  'in memory': createMemoryBlobs,
  'in a directory': () => openDirectoryBlobs(folder()),
  'as artifacts, in the job that puts them': () => ofJob(createMemoryArtifacts(), 'a'),
  'as artifacts, in a later job': betweenJobs,
};

function ofJob(artifacts: Artifacts, session: string): ReturnType<typeof openArtifactBlobs> {
  const directory = folder();
  return openArtifactBlobs({
    local: openDirectoryBlobs(directory),
    directory,
    pathOf: (digest) => blobPath(directory, digest),
    name: 'blobs',
    session,
    workflowRun: 1,
    artifacts,
  });
}

/** What one job puts another reads: each put is kept at once, and told. */
function betweenJobs(): Blobs {
  const artifacts = createMemoryArtifacts();
  const [first, later] = [ofJob(artifacts, 'a'), ofJob(artifacts, 'b')];
  return {
    async put(chunks) {
      const digest = await first.put(chunks);
      later.learn(await first.save());
      return digest;
    },
    text: (digest) => later.text(digest),
    lines: (digest) => later.lines(digest),
    bunches: (digest) => later.bunches(digest),
    has: (digest) => later.has(digest),
  };
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const out: string[] = [];
  for await (const line of lines) out.push(line);
  return out;
}

for (const [name, open] of Object.entries(stores)) {
  describe(`blobs ${name}`, () => {
    it('are named by the SHA-256 of their bytes, however they were cut', async () => {
      const blobs = open();
      const text = 'one\nzwölf\n漢字 \u{1f600}\n';
      const digest = await blobs.put([text]);
      expect(digest).toBe(createHash('sha256').update(text).digest('hex'));
      expect(await blobs.put(['one\nzw', 'ölf\n漢字 ', '\u{1f600}\n'])).toBe(digest);
      expect(await blobs.text(digest)).toBe(text);
      expect(await all(blobs.lines(digest))).toEqual(['one', 'zwölf', '漢字 \u{1f600}']);
      expect(await blobs.has(digest)).toBe(true);
    });

    it('take bytes as they take the text that they are of', async () => {
      const blobs = open();
      const text = 'eins\nzwölf\n漢字 \u{1f600}\n';
      const bytes = new TextEncoder().encode(text);
      // Cut within a character.
      const parts = ['null\n', bytes.subarray(0, 7), bytes.subarray(7), '', 'end\n'];
      const digest = await blobs.put(parts);
      expect(digest).toBe(await blobs.put([`null\n${text}end\n`]));
      expect(await blobs.text(digest)).toBe(`null\n${text}end\n`);
    });

    it('stream lines longer and more than any buffer', async () => {
      const blobs = open();
      const lines = Array.from({ length: 2000 }, (_, i) => `${i}:${'ü'.repeat(i % 700)}`);
      const digest = await blobs.put(lines.map((line) => `${line}\n`));
      expect(await all(blobs.lines(digest))).toEqual(lines);
      const bunches: (readonly string[])[] = [];
      for await (const bunch of blobs.bunches(digest)) bunches.push(bunch);
      expect(bunches.flat()).toEqual(lines);
    });

    it('refuse what is not there', async () => {
      const blobs = open();
      const digest = '0'.repeat(64) as Digest;
      expect(await blobs.has(digest)).toBe(false);
      await expect(blobs.text(digest)).rejects.toThrow(/missing/);
      await expect(all(blobs.lines(digest))).rejects.toThrow(/missing/);
      await expect(blobs.bunches(digest)[Symbol.asyncIterator]().next()).rejects.toThrow(/missing/);
    });

    it('keep nothing of what broke while it was written', async () => {
      const blobs = open();
      const broken = async function* (): AsyncGenerator<string> {
        yield 'half';
        throw new Error('gone');
      };
      await expect(blobs.put(broken())).rejects.toThrow('gone');
      expect(await blobs.has(createHash('sha256').update('half').digest('hex') as Digest)).toBe(false);
    });

    it('let a reader stop early', async () => {
      const blobs = open();
      const digest = await blobs.put(['a\n', 'b\n']);
      for await (const line of blobs.lines(digest)) {
        expect(line).toBe('a');
        break;
      }
      expect(await blobs.text(digest)).toBe('a\nb\n');
    });
  });
}

describe('blobs in a directory', () => {
  it('are never believed when they were damaged', async () => {
    const directory = folder();
    const blobs = openDirectoryBlobs(directory);
    const digest = await blobs.put(['right\n']);
    writeFileSync(join(directory, digest.slice(0, 2), digest), 'wrong\n');
    await expect(blobs.text(digest)).rejects.toThrow(/damaged/);
    await expect(all(blobs.lines(digest))).rejects.toThrow(/damaged/);
  });

  it('give their last line only when every byte is known to be right', async () => {
    const directory = folder();
    const blobs = openDirectoryBlobs(directory);
    for (const count of [1, 40_000]) {
      const lines = Array.from({ length: count }, (_, i) => `${i}:`.padEnd(10, '.'));
      const digest = await blobs.put(lines.map((line) => `${line}\n`));
      const path = blobPath(directory, digest);
      writeFileSync(path, readFileSync(path, 'utf8').replace('.', ','));
      const reader = blobs.lines(digest)[Symbol.asyncIterator]();
      let given = 0;
      const read = async (): Promise<void> => {
        // Who has all the lines asks for no end.
        for (; given < count; given++) await reader.next();
      };
      await expect(read()).rejects.toThrow(/damaged/);
      expect(given).toBeLessThan(count);
    }
  });

  it('leave no temporary file after a failure', async () => {
    const directory = folder();
    const blobs = openDirectoryBlobs(directory);
    const broken = async function* (): AsyncGenerator<string> {
      yield 'x'.repeat(3_000_000);
      throw new Error('gone');
    };
    await expect(blobs.put(broken())).rejects.toThrow('gone');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('take no path for a digest', async () => {
    await expect(openDirectoryBlobs(folder()).text('../../secret' as Digest)).rejects.toThrow(
      /no blob digest/,
    );
  });
});
