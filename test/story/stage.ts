// A stage: one local GitHub with one repository, one provider as a process, one time for both, and jobs that run the action
// as the runner does. It says nothing about what should come of them.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { addRepository, filesAt, type RepositorySettings } from '../github/scene.ts';
import { type GitHubOptions, type LocalGitHub, startGitHub } from '../github/server.ts';
import { repositoryOf, type World } from '../github/world.ts';
import { createClock } from './clock.ts';
import { type JobEnd, type JobOptions, type JobSetting, runJob } from './job.ts';
import { createNormalise } from './normalise.ts';
import { KEY, KEY_NAME, policyFor, TALE, tale } from './pipelines.ts';
import { type Provider, startProvider } from './provider.ts';
import { repeated } from './repeated.ts';
import { createLook, STATE_BRANCH } from './snapshot.ts';
import { WORKFLOWS } from './workflows.ts';

/** The repository of every stage. */
export const GAME = 'octo/game';

const MINUTE = 60_000;

/**
 * How much later each job starts. The two seconds keep a time between two jobs, told in whole minutes, from depending on
 * which of them was slower to get there.
 */
const BETWEEN_JOBS = MINUTE + 2000;

/** How to set up a stage. */
export interface StageOptions {
  readonly github?: GitHubOptions;
  readonly repository?: RepositorySettings;
}

/** A stage that is set. */
export interface Stage {
  readonly github: LocalGitHub;
  readonly world: World;
  readonly provider: Provider;
  /** A folder for what is to outlive a job outside of GitHub. */
  readonly folder: string;
  /** Runs a job. When none is running, a minute passes before it starts. */
  job(options: JobOptions): Promise<JobEnd>;
  /** Lets time pass: batches end, deadlines come near. */
  advance(minutes: number): void;
  /** Questions that were sent more than once for one run: each was paid twice. */
  repeated(): readonly string[];
  /** What happened since the last look, as a text that is the same in every run of the story. */
  look(title: string): string;
  /** Takes the stage down; fails when GitHub's description was broken. Done by itself at the end of a test. */
  close(): Promise<void>;
}

/** Sets a stage with the pipeline `tale` and the workflows on main. Must be called inside a test. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const stage = await setStage(options);
  onTestFinished(stage.close);
  return stage;
}

/** The same for several tests, in a hook: whoever sets it closes it. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'octobatch-story-'));
  const github = await startGitHub(options.github);
  const { world } = github;
  addRepository(world, GAME, {
    public: true,
    files: { 'README.md': '# Game\n', ...WORKFLOWS, [`${TALE}/pipeline.yaml`]: tale() },
    ...options.repository,
  });
  const clock = createClock(world, join(folder, 'clock'));
  const provider = await startProvider(join(folder, 'provider'), clock);
  const jobs = join(folder, 'jobs');
  mkdirSync(jobs);
  const setting: JobSetting = {
    github,
    clock,
    repository: GAME,
    folder: jobs,
    with: usualInputs(provider.url),
    secrets: { [KEY_NAME]: KEY },
  };
  const normalise = createNormalise(
    () => [
      [folder, '<folder>'],
      [github.url, '<github>'],
      [provider.url, '<provider>'],
    ],
    (commit) => wasPushed(world, commit),
  );
  const look = createLook({ world, repository: GAME, provider, normalise });
  const ended: JobEnd[] = [];
  let running = 0;
  return {
    github,
    world,
    provider,
    folder,
    async job(wanted) {
      if (running === 0) clock.advance(BETWEEN_JOBS);
      running += 1;
      try {
        const end = await runJob(setting, wanted);
        ended.push(end);
        return end;
      } finally {
        running -= 1;
      }
    },
    advance: (minutes) => clock.advance(minutes * MINUTE),
    repeated: () => repeated(filesAt(world, GAME, STATE_BRANCH), provider.batches()),
    look: (title) => look(title, ended.splice(0)),
    async close() {
      await provider.stop();
      await github.close();
      rmSync(folder, { recursive: true, force: true });
      expect(github.violations).toEqual([]);
    },
  };
}

/** What the workflows of a stage say at the step. */
function usualInputs(url: string): Record<string, string> {
  return {
    pipeline: TALE,
    policy: policyFor(url),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a workflow spells it.
    token: '${{ github.token }}',
  };
}

/** Commits on anything but the state branch are made by pushes, which are the same in every run. */
function wasPushed(world: World, commit: string): boolean {
  for (const [ref, tip] of repositoryOf(world, GAME).refs) {
    if (ref === `refs/heads/${STATE_BRANCH}`) continue;
    for (let at: string | undefined = tip; at !== undefined; at = world.objects.commit(at)?.parents[0]) {
      if (at === commit) return true;
    }
  }
  return world.pulls.some(({ headSha }) => headSha === commit);
}
