// Jobs in this process, one after another, against one local GitHub: for tests of what is kept as artifacts.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { openArtifacts } from '../../src/adapters/artifacts.ts';
import type { Artifacts } from '../../src/ports/artifacts.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { environmentFor, type Job, type StartedJob } from '../github/environment.ts';
import { addRepository } from '../github/scene.ts';
import { type LocalGitHub, startGitHub } from '../github/server.ts';

/** A job, its folder, and the artifacts as it reaches them. */
export interface ArtifactJob extends StartedJob {
  readonly directory: string;
  readonly artifacts: Artifacts;
  /** Makes its variables those of this process again, after another job started. */
  enter(): void;
}

/** What the tests of one file share. */
export interface ArtifactJobs {
  readonly github: LocalGitHub;
  /** What was slept by our clock, in milliseconds. */
  readonly slept: readonly number[];
  /** What the client printed in this test. */
  printed(): string;
  start(job?: Partial<Job>): Promise<ArtifactJob>;
}

/** From here on a timer is no pause before a next try, but a watch over somebody who may be slow (ms). */
const WATCH_MS = 30_000;

/**
 * One server for the file, because GitHub's clients read its address once, when they are loaded. Their pauses of seconds
 * are cut to milliseconds; what they give up after stays as long as it is, for a machine may stand still for a while.
 */
export function artifactJobs(): ArtifactJobs {
  let github: LocalGitHub;
  const slept: number[] = [];
  const folders: string[] = [];
  const clock: Clock = {
    now: () => github.world.now(),
    async sleep(ms) {
      slept.push(ms);
    },
  };
  const realTimeout = globalThis.setTimeout;

  beforeAll(async () => {
    github = await startGitHub();
    addRepository(github.world, 'octo/game', { retentionDays: 30 });
    vi.stubEnv('GITHUB_API_URL', github.url);
    await import('@actions/artifact');
  });
  afterAll(async () => {
    await github.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
    expect(github.violations).toEqual([]);
  });
  beforeEach(() => {
    slept.length = 0;
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const hurried = (work: () => void, ms = 0, ...rest: []) =>
      realTimeout(work, ms < WATCH_MS ? ms / 100 : ms, ...rest);
    vi.stubGlobal('setTimeout', Object.assign(hurried, realTimeout));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });

  return {
    get github() {
      return github;
    },
    slept,
    printed: () =>
      vi
        .mocked(process.stdout.write)
        .mock.calls.map(([text]) => String(text))
        .join(''),
    async start(job = {}) {
      const directory = await mkdtemp(join(tmpdir(), 'octobatch-artifacts-'));
      folders.push(directory);
      const started = await environmentFor(github.world, {
        repository: 'octo/game',
        event: { name: 'schedule' },
        directory,
        permissions: { actions: 'read' },
        ...job,
      });
      const enter = (): void => {
        for (const [name, text] of Object.entries(started.env)) vi.stubEnv(name, text);
      };
      enter();
      const artifacts = openArtifacts({
        token: started.token.value,
        owner: 'octo',
        repo: 'game',
        workflowRun: started.run,
        retentionDays: 30,
        serverUrl: 'https://github.com',
        temporary: join(directory, 'temp'),
        clock,
      });
      return { ...started, directory, artifacts, enter };
    },
  };
}
