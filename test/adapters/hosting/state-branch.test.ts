// One contract for every state branch: what a commit changes, when it is a conflict, and what is known for how long.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { openArtifacts } from '../../../src/adapters/artifacts.ts';
import { openArtifactState } from '../../../src/adapters/hosting/github-artifact-state.ts';
import { openGithubClient } from '../../../src/adapters/hosting/github-client.ts';
import { openGithubState } from '../../../src/adapters/hosting/github-state.ts';
import { createMemoryState } from '../../../src/adapters/hosting/memory-state.ts';
import type { StateBranch, StateChange } from '../../../src/ports/state-branch.ts';
import { HERE, startedGitHub } from '../../github/client.ts';
import { environmentFor } from '../../github/environment.ts';
import { ALL_PERMISSIONS, addToken } from '../../github/scene.ts';

interface Place {
  readonly open: () => StateBranch;
  readonly pass: (ms: number) => void;
}

const places: Record<string, () => Promise<Place>> = {
  'in memory': async () => {
    let now = 0;
    const state = createMemoryState(() => now);
    return {
      open: state.open,
      pass: (ms) => {
        now += ms;
      },
    };
  },
  'on GitHub': async () => {
    const github = await startedGitHub();
    const { world } = github;
    const clock = { now: () => world.now(), sleep: async (ms: number) => world.advance(ms) };
    const open = (): StateBranch => {
      const token = addToken(world, 'octo/game', ALL_PERMISSIONS).value;
      return openGithubState(
        openGithubClient({ token, ...HERE, apiUrl: github.url }, clock),
        'octobatch-state',
        clock,
      );
    };
    return { open, pass: (ms) => world.advance(ms) };
  },
  'as artifacts of one workflow run': async () => {
    const github = await startedGitHub();
    const { world } = github;
    const clock = { now: () => world.now(), sleep: async (ms: number) => world.advance(ms) };
    const directory = await mkdtemp(join(tmpdir(), 'octobatch-state-'));
    const job = await environmentFor(world, {
      repository: 'octo/game',
      event: { name: 'schedule' },
      directory,
      permissions: { actions: 'read' },
    });
    for (const [key, text] of Object.entries(job.env)) vi.stubEnv(key, text);
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    onTestFinished(async () => {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
      await rm(directory, { recursive: true, force: true });
    });
    const common = { ...HERE, token: job.token.value, workflowRun: job.run, temporary: directory, clock };
    const open = (): StateBranch =>
      openArtifactState({
        ...common,
        client: openGithubClient({ ...common, apiUrl: github.url }, clock),
        artifacts: openArtifacts({ ...common, retentionDays: 90, serverUrl: 'https://github.com' }),
        name: 'octobatch-state',
        repositoryId: Number(job.env.GITHUB_REPOSITORY_ID),
        workflow: '.github/workflows/octobatch.yml',
        warn: (text) => expect(text).toBe(''),
      });
    return { open, pass: (ms) => world.advance(ms) };
  },
};

/** A change of files by path; null removes one. */
function change(
  files: Readonly<Record<string, string | null>>,
  expects: readonly string[] = [],
): StateChange {
  const entries = Object.entries(files);
  return {
    message: 'change',
    write: new Map(entries.flatMap(([path, text]) => (text === null ? [] : [[path, text] as const]))),
    remove: entries.flatMap(([path, text]) => (text === null ? [path] : [])),
    expects,
  };
}

for (const [name, start] of Object.entries(places)) {
  describe(`a state branch ${name}`, () => {
    let place: Place;
    beforeEach(async () => {
      place = await start();
    });

    it('begins with nothing', async () => {
      const branch = place.open();
      expect(await branch.files('runs')).toEqual(new Map());
      expect(await branch.names('runs')).toEqual([]);
      expect(await branch.file('runs/a/1')).toBeNull();
    });

    it('gives what was written, to its writer and to others', async () => {
      const branch = place.open();
      const text = 'héllo\n"🎲"\n';
      expect(await branch.commit(change({ 'runs/a/1': text, 'runs/b/1': 'b', 'done/c': 'c' }))).toBe(
        'committed',
      );
      for (const reader of [branch, place.open()]) {
        expect(await reader.files('runs')).toEqual(
          new Map([
            ['runs/a/1', text],
            ['runs/b/1', 'b'],
          ]),
        );
        expect(await reader.files('runs/b')).toEqual(new Map([['runs/b/1', 'b']]));
        expect(await reader.names('runs')).toEqual(['a', 'b']);
        expect(await reader.file('done/c')).toBe('c');
      }
    });

    it('does not take a folder for another whose name goes on', async () => {
      const branch = place.open();
      await branch.commit(change({ 'runs/a/1': 'a', 'runs/ab/1': 'ab' }));
      expect(await branch.names('runs/a')).toEqual(['1']);
      expect(await branch.files('runs/a')).toEqual(new Map([['runs/a/1', 'a']]));
    });

    it('writes and removes in one commit; what is not there need not be removed', async () => {
      const branch = place.open();
      await branch.commit(change({ 'runs/a/1': 'a' }));
      expect(await branch.commit(change({ 'runs/a/1': null, 'runs/x/1': null, 'done/a': 'a' }))).toBe(
        'committed',
      );
      expect(await place.open().names('runs')).toEqual([]);
      expect(await place.open().file('done/a')).toBe('a');
    });

    it('lets writers of different folders alone', async () => {
      const [one, other] = [place.open(), place.open()];
      await one.files('runs');
      await other.files('runs');
      expect(await one.commit(change({ 'runs/a/1': 'a' }, ['runs/a']))).toBe('committed');
      expect(await other.commit(change({ 'runs/b/1': 'b' }, ['runs/b']))).toBe('committed');
      expect(await place.open().names('runs')).toEqual(['a', 'b']);
    });

    it('says conflict when an expected folder changed, and knows then what there is', async () => {
      const [one, other] = [place.open(), place.open()];
      await one.files('runs/a');
      await other.files('runs/a');
      expect(await one.commit(change({ 'runs/a/1': 'one' }, ['runs/a']))).toBe('committed');
      expect(await other.commit(change({ 'runs/a/1': 'other' }, ['runs/a']))).toBe('conflict');
      expect(await other.files('runs/a')).toEqual(new Map([['runs/a/1', 'one']]));
      expect(await other.commit(change({ 'runs/a/2': 'other' }, ['runs/a']))).toBe('committed');
    });

    it('says conflict when an expected file changed or is gone', async () => {
      const [one, other] = [place.open(), place.open()];
      await one.commit(change({ 'baselines/p/main': '1' }));
      expect(await other.file('baselines/p/main')).toBe('1');
      await one.commit(change({ 'baselines/p/main': null }));
      expect(await other.commit(change({ 'baselines/p/main': '2' }, ['baselines/p/main']))).toBe('conflict');
      expect(await other.commit(change({ 'baselines/p/main': '2' }, ['baselines/p/main']))).toBe('committed');
    });

    it('never writes over a file in a folder that shall be unchanged', async () => {
      const branch = place.open();
      await branch.commit(change({ 'runs/a/1': 'one' }));
      expect(await branch.commit(change({ 'runs/a/1': 'other' }, ['runs/a']))).toBe('conflict');
      expect(await branch.file('runs/a/1')).toBe('one');
    });

    it('uses what it read for seconds, not longer, and not after a wish to look anew', async () => {
      const [one, other] = [place.open(), place.open()];
      await other.files('runs');
      await one.commit(change({ 'runs/a/1': 'a' }));
      expect(await other.names('runs')).toEqual([]);
      other.refresh();
      expect(await other.names('runs')).toEqual(['a']);
      await one.commit(change({ 'runs/b/1': 'b' }));
      place.pass(11_000);
      expect(await other.names('runs')).toEqual(['a', 'b']);
    });

    it('lets exactly one of many win when all write the same place at once', async () => {
      const branches = Array.from({ length: 6 }, () => place.open());
      for (const branch of branches) await branch.names('runs');
      const results = await Promise.all(
        branches.map((branch, at) => branch.commit(change({ 'runs/a/1': String(at) }, ['runs/a']))),
      );
      expect(results.filter((result) => result === 'committed')).toHaveLength(1);
    });
  });
}
