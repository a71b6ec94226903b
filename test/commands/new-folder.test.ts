// Folders that are made: with all above them, beside another process, and never without an end.
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportOctobatch } from '../../src/commands/export-octobatch.ts';
import { initPipeline } from '../../src/commands/init.ts';
import { makeFolder } from '../../src/commands/new-folder.ts';
import type { ResultSource } from '../../src/commands/result-source.ts';
import { serveSimulator } from '../../src/commands/simulator.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'octobatch-new-folder-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => (error instanceof ConfigurationError ? error.diagnostics[0] : error),
  );
}

describe('a new folder', () => {
  it('is made with those above it, also by several at once', async () => {
    const folder = join(root, 'a', 'b', 'c');
    await Promise.all([makeFolder(folder, '--to'), makeFolder(folder, '--to'), makeFolder(folder, '--to')]);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('is refused by the system where a file or a link to nowhere is in its way', async () => {
    writeFileSync(join(root, 'file'), '');
    symlinkSync(join(root, 'gone', 'away'), join(root, 'link'));
    expect(await errorOf(makeFolder(join(root, 'file', 'x'), '--to'))).toHaveProperty('code', 'ENOTDIR');
    expect(await errorOf(makeFolder(join(root, 'link'), '--to'))).toHaveProperty('code', 'EEXIST');
  });
});

// Linux has a folder that is there and takes no other.
describe.skipIf(!existsSync('/proc/self'))('where the system takes no new folder', () => {
  const refused = (flag: string) => ({
    file: flag,
    what: 'no folder can be made in /proc',
    fix: 'name another one',
  });

  it('a folder is refused, and how deep it would lie does not matter', async () => {
    expect(await errorOf(makeFolder('/proc/octobatch', '--to'))).toMatchObject(refused('--to'));
    expect(await errorOf(makeFolder('/proc/octobatch/x/y', '--to'))).toMatchObject(refused('--to'));
  });

  it('a first pipeline, a simulator and a run directory come to an end', async () => {
    const wishes = { template: null, from: null, provider: null, model: null, workflow: null };
    const init = initPipeline({ ...wishes, folder: '/proc/octobatch' }, null, 'octobatch');
    expect(await errorOf(init)).toMatchObject(refused('folder'));
    const request = { port: 0, faults: '', latency: { minMs: 0, maxMs: 0 }, scenario: null };
    const served = serveSimulator(
      { ...request, directory: '/proc/octobatch' },
      AbortSignal.abort(),
      () => {},
    );
    expect(await errorOf(served)).toMatchObject(refused('--dir'));
    const source = { name: 'run', context: {} } as ResultSource;
    expect(await errorOf(exportOctobatch(source, '/proc/octobatch'))).toMatchObject(refused('--to'));
  });
});
