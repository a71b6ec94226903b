// What a run may be called, and which one is meant.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveRun, unarchiveRun } from '../../src/commands/archive.ts';
import { formatList, listAll } from '../../src/commands/list.ts';
import { nameRun, readNames, readRunName } from '../../src/commands/run-names.ts';
import { findRun, findRuns, onlyMatch } from '../../src/commands/runs.ts';
import { keepRuns, OPTIONS, open, runWithSeed } from './kept-runs.ts';

const kept = keepRuns('runs');
const { root } = kept;
let [one, two]: string[] = [];
beforeAll(async () => {
  one = await runWithSeed(kept, '1', { name: 'first' });
  two = await runWithSeed(kept, '2');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const idOf = (folder: string | undefined): string => basename(folder ?? '');

describe('a run is found', () => {
  it('by its id, its name, its folder, and the beginning of its id and no other', async () => {
    for (const called of [idOf(one), 'first', one!, idOf(one).slice(0, -3)])
      expect(await findRun(root, called), called).toBe(one);
    expect(await findRuns(root, ['first', idOf(one), idOf(two)])).toEqual([one, two]);
  });

  it('never by what several ids begin with', async () => {
    await expect(findRun(root, 'stroll-')).rejects.toThrow('"stroll-" is the beginning of 2 runs');
    expect(onlyMatch(['a-1', 'a-1-e1'], 'a-1')).toBe('a-1');
    expect(onlyMatch(['a-1'], '')).toBeNull();
  });

  it('or it is said which there are', async () => {
    await expect(findRun(root, 'nobody')).rejects.toThrow(
      `there is no run "nobody"  (known runs: ${idOf(one)}`,
    );
    await expect(findRun(root, '../runs')).rejects.toThrow('there is no run');
  });
});

describe('a name', () => {
  it('is used once, whatever its capitals', async () => {
    await expect(open(kept, { overrides: { seed: '3' }, name: 'First' })).rejects.toThrow(
      `"First" is the name of ${idOf(one)}`,
    );
    await expect(nameRun(root, idOf(two), idOf(one))).rejects.toThrow('is the name of');
  });

  it('is replaced by another one of the same run', async () => {
    await nameRun(root, idOf(two), 'second');
    await nameRun(root, idOf(two), 'zweiter');
    expect([...(await readNames(root))]).toEqual([
      ['first', idOf(one)],
      ['zweiter', idOf(two)],
    ]);
  });

  it('is free again when its run is gone', async () => {
    mkdirSync(join(root, 'names'), { recursive: true });
    writeFileSync(join(root, 'names', 'ghost'), 'stroll-0000000000\n');
    await nameRun(root, idOf(two), 'ghost');
    expect(await findRun(root, 'ghost')).toBe(two);
  });

  it.each(['', '../up', 'a/b', '.hidden', '-flag', 'ü', 'a'.repeat(65)])('may not be %j', (name) => {
    expect(() => readRunName('--name', name)).toThrow('cannot be the name of a run');
  });
});

describe('list', () => {
  it('shows the newest first, with what is known of each', async () => {
    const list = await listAll(root, OPTIONS, false);
    expect(list.unreadable).toEqual([]);
    expect(list.runs.map(({ run, name }) => [run, name])).toEqual([
      [idOf(two), 'ghost'],
      [idOf(one), 'first'],
    ]);
    expect(list.runs[0]).toMatchObject({ state: 'finished', planned: 6, valid: 6, failed: 0, cost: '0' });
    const lines = formatList(list).split('\n');
    expect(lines[0]).toMatch(/^RUN +NAME +PIPELINE +STATE +UNITS +VALID +FAILED +AGE$/);
    expect(lines).toHaveLength(4);
  });

  it('leaves out what cannot be read, and tells it apart', async () => {
    const broken = join(root, 'runs', 'stroll-broken');
    mkdirSync(join(broken, 'journal'), { recursive: true });
    writeFileSync(join(broken, 'journal', '00000001.jsonl'), '{"type":');
    const list = await listAll(root, OPTIONS, false);
    rmSync(broken, { recursive: true });
    expect(list.runs).toHaveLength(2);
    expect(list.unreadable.map(({ error }) => String(error))).toEqual([
      expect.stringContaining('cannot be read in 00000001.jsonl: verify the run, and repair it'),
    ]);
  });
});

describe('archive', () => {
  it('puts a finished run away, where only who asks for all sees it, and brings it back', async () => {
    expect(await archiveRun(root, 'first', OPTIONS)).toBe(idOf(one));
    expect((await listAll(root, OPTIONS, false)).runs.map(({ run }) => run)).toEqual([idOf(two)]);
    expect((await listAll(root, OPTIONS, true)).runs).toHaveLength(2);
    await expect(findRun(root, 'first')).rejects.toThrow(`is archived  (bring it back first: archive --undo`);
    expect(await findRun(root, 'first', 'all')).toContain('archive');
    // Its content would be paid for again.
    await expect(open(kept, { overrides: { seed: '1' } })).rejects.toThrow('this run was made already');
    expect(await unarchiveRun(root, 'first')).toBe(idOf(one));
    expect(await findRun(root, 'first')).toBe(one);
    await expect(unarchiveRun(root, 'first')).rejects.toThrow('is not archived');
  });

  it('leaves alone what is not finished', async () => {
    const place = await open(kept, { overrides: { seed: '9' } });
    await place.close();
    await expect(archiveRun(root, idOf(place.directory), OPTIONS)).rejects.toThrow('is not finished');
    rmSync(place.directory, { recursive: true });
  });
});
