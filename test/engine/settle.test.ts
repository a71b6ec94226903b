// Requests of a batch that were damaged on disk between its end and its settling.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blobPath, openDirectoryBlobs } from '../../src/adapters/blobs/directory.ts';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import type { Digest } from '../../src/ports/blobs.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { finish, kinds, pipelineOf, timesAsked, worldOf } from './world.ts';

const root = mkdtempSync(join(tmpdir(), 'octobatch-settle-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let worlds = 0;

/** A journal that says which requests a batch was collected for, right after it was. */
function journalWith(collected: (requests: Digest) => void): Journal {
  const inner = createMemoryJournal();
  const requests = new Map<string, Digest>();
  return {
    ...inner,
    async append(events, version) {
      const result = await inner.append(events, version);
      for (const event of events) {
        if (event.type === 'batch_declared') requests.set(event.batch, event.requests as Digest);
        if (event.type === 'batch_collected') collected(requests.get(event.batch)!);
      }
      return result;
    },
  };
}

// More requests than one piece of a blob holds, the damage in the first of them.
const UNITS = 600;

const DAMAGE: Readonly<Record<string, (text: string) => string>> = {
  'in the hash of a request': (text) =>
    text.replace(/("hash":")(.)/, (_, name, hex) => `${name}${hex === '0' ? '1' : '0'}`),
  'in the number of a unit': (text) => text.replace('{"unit":7,', '{"unit":8,'),
  'where a line is no JSON any more': (text) => text.replace('{"unit":7,', '["unit":7,'),
  'in the head': (text) => `[${text.slice(1)}`,
};

describe('the requests of a collected batch, with a bit changed', () => {
  for (const [place, change] of Object.entries(DAMAGE)) {
    it(`${place}, are called damaged, and nothing is asked again`, async () => {
      const directory = join(root, String(++worlds));
      let path = '';
      let whole = '';
      const journal = journalWith((requests) => {
        if (path !== '') return;
        path = blobPath(directory, requests);
        whole = readFileSync(path, 'utf8');
        const changed = change(whole);
        expect(changed).not.toBe(whole);
        writeFileSync(path, changed);
      });
      const blobs = openDirectoryBlobs(directory);
      const world = await worldOf(pipelineOf(UNITS), {}, { blobs, journal: () => journal });
      await expect(finish(world, await world.open())).rejects.toThrow(
        /^Blob \w{64} in .* is damaged: verify the run, and repair it\.$/,
      );
      expect(timesAsked(world)).toEqual(Array(UNITS).fill(1));

      writeFileSync(path, whole);
      expect(kinds(await finish(world, await world.open('next')))).toEqual(Array(UNITS).fill('valid'));
      expect(timesAsked(world)).toEqual(Array(UNITS).fill(1));
    });
  }
});
