// One contract for every journal: versions, conflicts, order, and what survives.
import { linkSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openGithubClient } from '../../../src/adapters/hosting/github-client.ts';
import { openGithubState } from '../../../src/adapters/hosting/github-state.ts';
import { createMemoryState } from '../../../src/adapters/hosting/memory-state.ts';
import { openBranchJournal } from '../../../src/adapters/journals/branch.ts';
import { openDirectoryJournal } from '../../../src/adapters/journals/directory.ts';
import { createMemoryJournal } from '../../../src/adapters/journals/memory.ts';
import type { JournalEvent } from '../../../src/engine/events.ts';
import type { Journal } from '../../../src/ports/journal.ts';
import { HERE, startedGitHub } from '../../github/client.ts';
import { ALL_PERMISSIONS, addToken } from '../../github/scene.ts';

const root = mkdtempSync(join(tmpdir(), 'octobatch-journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let opened = 0;
const folder = (): string => join(root, String(++opened));
const finished = (at: number): JournalEvent => ({ type: 'run_finished', at });

const RUN = 'test-0123456789';
const KEPT = { save: async () => [], learn: () => {} };

const journals: Record<string, () => Journal | Promise<Journal>> = {
  'in memory': createMemoryJournal,
  'in a directory': () => openDirectoryJournal(folder()),
  'on the state branch': () => openBranchJournal(createMemoryState().open(), RUN, KEPT),
  'on the state branch, on GitHub': async () => {
    const github = await startedGitHub();
    const clock = { now: () => github.world.now(), sleep: async (ms: number) => github.world.advance(ms) };
    const token = addToken(github.world, 'octo/game', ALL_PERMISSIONS).value;
    const client = openGithubClient({ token, ...HERE, apiUrl: github.url }, clock);
    return openBranchJournal(openGithubState(client, 'octobatch-state', clock), RUN, KEPT);
  },
};

for (const [name, open] of Object.entries(journals)) {
  describe(`a journal ${name}`, () => {
    it('begins empty at version 0', async () => {
      expect(await (await open()).read()).toEqual({ events: [], version: 0 });
    });

    it('gives back what was appended, in order, with a version that grows', async () => {
      const journal = await open();
      expect(await journal.append([finished(1), finished(2)], 0)).toEqual({ kind: 'appended', version: 1 });
      expect(await journal.append([finished(3)], 1)).toEqual({ kind: 'appended', version: 2 });
      expect(await journal.read()).toEqual({ events: [finished(1), finished(2), finished(3)], version: 2 });
      expect(await journal.readAfter(1)).toEqual({ events: [finished(3)], version: 2 });
      expect(await journal.readAfter(2)).toEqual({ events: [], version: 2 });
    });

    it('says conflict, and keeps nothing, when somebody else was first', async () => {
      const journal = await open();
      await journal.append([finished(1)], 0);
      expect(await journal.append([finished(2)], 0)).toEqual({ kind: 'conflict' });
      expect((await journal.read()).events).toEqual([finished(1)]);
    });

    it('lets exactly one of many win each version', async () => {
      const journal = await open();
      const tries = Array.from({ length: 20 }, (_, at) => journal.append([finished(at)], 0));
      const results = await Promise.all(tries);
      expect(results.filter((result) => result.kind === 'appended')).toHaveLength(1);
      expect((await journal.read()).version).toBe(1);
    });
  });
}

describe('a journal in a directory', () => {
  it('leaves no temporary file behind, also after a conflict', async () => {
    const directory = folder();
    const journal = openDirectoryJournal(directory);
    await journal.append([finished(1)], 0);
    await journal.append([finished(2)], 0);
    expect(readdirSync(directory)).toEqual(['00000001.jsonl']);
  });

  it('does not take a half written file of a killed process for a segment', async () => {
    const directory = folder();
    const journal = openDirectoryJournal(directory);
    await journal.append([finished(1)], 0);
    writeFileSync(join(directory, '.5f.tmp'), '{"type":"run_fin');
    expect(await openDirectoryJournal(directory).read()).toEqual({ events: [finished(1)], version: 1 });
  });

  it('says so when a segment in the middle is gone, or all of them', async () => {
    const directory = folder();
    const journal = openDirectoryJournal(directory);
    for (let version = 0; version < 3; version++) await journal.append([finished(version)], version);
    rmSync(join(directory, '00000002.jsonl'));
    await expect(journal.read()).rejects.toThrow('lacks 00000002.jsonl');
    rmSync(directory, { recursive: true });
    await expect(journal.readAfter(3)).rejects.toThrow('lacks 00000003.jsonl');
  });

  it('does not take a segment that lost its end, or all of it, for one in which less happened', async () => {
    const directory = folder();
    const journal = openDirectoryJournal(directory);
    for (let version = 0; version < 2; version++) await journal.append([finished(version)], version);
    const last = join(directory, '00000002.jsonl');
    for (const length of [10, 0]) {
      truncateSync(last, length);
      await expect(journal.read()).rejects.toThrow('cannot be read in 00000002.jsonl');
      await expect(journal.readAfter(1)).rejects.toThrow('cannot be read in 00000002.jsonl');
    }
  });

  it('misses none of those that are written while its folder is listed', async () => {
    const directory = folder();
    const journal = openDirectoryJournal(directory);
    await journal.append([finished(1)], 0);
    let count = 1;
    const write = (segments: number): void => {
      for (const end = count + segments; count < end; count++)
        linkSync(
          join(directory, '00000001.jsonl'),
          join(directory, `${String(count + 1).padStart(8, '0')}.jsonl`),
        );
    };
    write(3000);
    for (let look = 0; look < 30; look++) {
      const from = count;
      const read = journal.readAfter(from);
      write(200);
      expect((await read).version).toBeGreaterThanOrEqual(from);
    }
  });
});
