// The folder adapter: what it reads, and that nothing outside the folder is ever read.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_FILE_BYTES, openFolder } from '../../src/adapters/folder.ts';
import type { PipelineFiles } from '../../src/pipeline/files.ts';

let parent: string;
let folder: string;
let files: PipelineFiles;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'octobatch-'));
  folder = join(parent, 'pipeline');
  await mkdir(join(folder, 'templates'), { recursive: true });
  await writeFile(join(parent, 'secret.txt'), 'secret');
  files = openFolder(folder, 'pipeline');
});

afterEach(() => rm(parent, { recursive: true }));

describe('a folder on disk', () => {
  test('reads UTF-8 and drops a byte order mark', async () => {
    await writeFile(join(folder, 'a.txt'), '\uFEFFgrüße\r\n');
    expect(await files.read('a.txt')).toEqual({ kind: 'text', text: 'grüße\r\n' });
  });

  test('says why it cannot read a file', async () => {
    await writeFile(join(folder, 'latin.txt'), Buffer.from([0x67, 0xfc]));
    expect(await files.read('none.txt')).toEqual({ kind: 'missing' });
    expect(await files.read('a.txt/b')).toEqual({ kind: 'missing' });
    expect(await files.read('latin.txt')).toEqual({ kind: 'unreadable', why: 'not UTF-8' });
    expect(await files.read('templates')).toEqual({ kind: 'unreadable', why: 'not a file' });
  });

  test('refuses files over 50 MB', async () => {
    await writeFile(join(folder, 'large.txt'), Buffer.alloc(MAX_FILE_BYTES + 1));
    expect(await files.read('large.txt')).toEqual({ kind: 'unreadable', why: 'larger than 50 MB' });
  });

  test.each([
    '../secret.txt',
    '/etc/hostname',
    'templates/../../secret.txt',
    '..',
    'C:\\x',
    '..\\secret.txt',
    'a\0b',
  ])('never reads %j', async (path) => {
    expect(await files.read(path)).toEqual({ kind: 'outside' });
    expect(await files.exists(path)).toBe(false);
    expect(await files.list(path)).toEqual([]);
  });

  test('never reads what git keeps for itself, by no name and no link', async () => {
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git', 'config'), 'secret');
    await symlink(join('.git', 'config'), join(folder, 'items.txt'));
    await symlink('.git', join(folder, 'more'));
    for (const path of ['.git/config', '.GIT/config', 'templates/../.git/config', 'items.txt', 'more/config'])
      expect(await files.read(path), path).toEqual({ kind: 'outside' });
    expect(await files.list('')).toEqual([]);
  });

  test('follows links inside the folder and refuses those that leave it', async () => {
    await writeFile(join(folder, 'real.txt'), 'real');
    await symlink('real.txt', join(folder, 'inside.txt'));
    await symlink(join(parent, 'secret.txt'), join(folder, 'outside.txt'));
    await symlink(parent, join(folder, 'up'));
    await symlink('loop.txt', join(folder, 'loop.txt'));
    expect(await files.read('inside.txt')).toEqual({ kind: 'text', text: 'real' });
    expect(await files.read('outside.txt')).toEqual({ kind: 'outside' });
    expect(await files.read('up/secret.txt')).toEqual({ kind: 'outside' });
    expect(await files.read('loop.txt')).toEqual({ kind: 'unreadable', why: 'a loop of links' });
  });

  test('works when the folder itself is reached through a link', async () => {
    await writeFile(join(folder, 'real.txt'), 'real');
    await symlink(folder, join(parent, 'alias'));
    const linked = openFolder(join(parent, 'alias'), 'alias');
    expect(await linked.read('real.txt')).toEqual({ kind: 'text', text: 'real' });
  });

  test('gives lines without their ends, across chunks and characters', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `línea ${i} 😀`);
    await writeFile(join(folder, 'rows.jsonl'), `\uFEFF${lines.join('\r\n')}`);
    const read: string[] = [];
    for await (const line of files.lines('rows.jsonl')) read.push(line);
    expect(read).toEqual(lines);
  });

  test('lists the files below it, sorted, without following links', async () => {
    await writeFile(join(folder, 'b.txt'), '');
    await writeFile(join(folder, 'templates', 'a.jinja2'), '');
    await symlink(folder, join(folder, 'templates', 'again'));
    expect(await files.list('')).toEqual(['b.txt', 'templates/a.jinja2']);
    expect(await files.list('templates')).toEqual(['templates/a.jinja2']);
    expect(await files.list('none')).toEqual([]);
  });
});
