// What holds for every Hosting: the one in memory and that of GitHub.
import { describe, expect, test } from 'vitest';
import { createMemoryHosting } from '../../../src/adapters/hosting/memory.ts';
import type { Hosting } from '../../../src/ports/hosting.ts';
import { startedGitHub } from '../../github/client.ts';
import { openPull, push } from '../../github/scene.ts';
import { hostingOf } from './hosting-scene.ts';

/** A host with one open pull request, number 1, at `commit`. */
interface Stage {
  readonly hosting: Hosting;
  readonly commit: string;
}

const stages: Readonly<Record<string, () => Promise<Stage>>> = {
  async memory() {
    const hosting = createMemoryHosting();
    const commit = 'a'.repeat(40);
    const head = { commit, repository: 'octo/game' };
    hosting.pulls.set(1, { number: 1, isOpen: true, head, base: { branch: 'main' } });
    return { hosting, commit };
  },
  async GitHub() {
    const github = await startedGitHub();
    const commit = push(github.world, 'octo/game', 'topic', { a: 'a' });
    openPull(github.world, 'octo/game', { branch: 'topic' });
    return { hosting: hostingOf(github).hosting, commit };
  },
};

describe.each(Object.keys(stages))('%s', (name) => {
  const staged = () => stages[name]!();

  test('tells of a pull request, and null of one that is not there', async () => {
    const { hosting, commit } = await staged();
    expect(await hosting.pull(1)).toEqual({
      number: 1,
      isOpen: true,
      head: { commit, repository: 'octo/game' },
      base: { branch: 'main' },
    });
    expect(await hosting.pull(2)).toBeNull();
  });

  test('keeps comments under the own login, with ids that grow', async () => {
    const { hosting } = await staged();
    expect(await hosting.comments(1)).toEqual([]);
    const [one, two] = [await hosting.createComment(1, 'one'), await hosting.createComment(1, 'two')];
    expect(one).toMatchObject({ author: await hosting.author(), body: 'one' });
    expect(two.id).toBeGreaterThan(one.id);
    expect(one.url).toMatch(/^https:\/\//);
    const edited = await hosting.editComment(one.id, 'three');
    expect(edited).toEqual({ ...one, body: 'three' });
    expect([...(await hosting.comments(1))].sort((a, b) => a.id - b.id)).toEqual([edited, two]);
    await expect(hosting.editComment(10_000, 'x')).rejects.toMatchObject({ status: 404 });
    await hosting.deleteComment(10_000);
    await hosting.deleteComment(one.id);
    expect((await hosting.comments(1)).map(({ id }) => id)).not.toContain(one.id);
  });

  test('gives the newest status of a context on a commit', async () => {
    const { hosting, commit } = await staged();
    expect(await hosting.status(commit, 'c')).toBeNull();
    const status = { state: 'pending', context: 'c', description: 'waits', url: null } as const;
    await hosting.setStatus(commit, status);
    expect(await hosting.status(commit, 'c')).toEqual(status);
    expect(await hosting.status(commit, 'd')).toBeNull();
    const done = { ...status, state: 'success', url: 'https://github.com/octo/game' } as const;
    await hosting.setStatus(commit, done);
    expect(await hosting.status(commit, 'c')).toEqual(done);
  });

  test('keeps one check run of a name while it goes on', async () => {
    const { hosting, commit } = await staged();
    const check = { name: 'n', conclusion: null, title: 't', summary: 's', url: null };
    const url = await hosting.setCheck(commit, check);
    expect(url).toMatch(/^https:\/\//);
    expect(await hosting.setCheck(commit, { ...check, conclusion: 'neutral' })).toBe(url);
    expect(await hosting.setCheck(commit, { ...check, name: 'm' })).not.toBe(url);
  });

  test('knows its default branch and its workflows', async () => {
    const { hosting } = await staged();
    expect(await hosting.defaultBranch()).toBe('main');
    expect(await hosting.workflows()).toEqual(new Map());
  });
});
