// Jobs over a state branch, one after the other in this process: branch and GitHub are in memory, pipelines ask nobody and
// lie where each job has its checkout.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDirectoryBlobs } from '../../src/adapters/blobs/directory.ts';
import { createMemoryHosting } from '../../src/adapters/hosting/memory.ts';
import { createMemoryState, type MemoryState } from '../../src/adapters/hosting/memory-state.ts';
import type { KeptBlobs } from '../../src/adapters/journals/branch.ts';
import type { HostedJob, HostedOutcome } from '../../src/commands/hosted.ts';
import { type CollectRequest, collectHosted, type Turn } from '../../src/commands/hosted-collect.ts';
import { createKeeper } from '../../src/commands/hosted-keeper.ts';
import { type HostedStart, startHosted } from '../../src/commands/hosted-start.ts';
import { type StartRequest, startRun } from '../../src/commands/run-pipeline.ts';
import type { JournalEvent, Target } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { openBranchStore } from '../../src/hosted.ts';
import { ArtifactGoneError } from '../../src/ports/artifacts.ts';
import type { Blobs } from '../../src/ports/blobs.ts';
import type { StateBranch } from '../../src/ports/state-branch.ts';

/** The pipeline's path in the repository. */
export const PATH = 'pipelines/walk';

/** What a job's checkout has in the pipeline's folder, by name. */
export type Files = Readonly<Record<string, string>>;

export interface StateBench {
  readonly state: MemoryState;
  readonly hosting: ReturnType<typeof createMemoryHosting>;
  /** What jobs said and warned of. */
  readonly said: string[];
  readonly root: string;
  /** A job with a knowledge of the branch of its own. */
  job(workflowRun: number, branch?: StateBranch): HostedJob;
}

/** A first look at a branch that is not there yet; jobs work below `root`. */
export function openStateBench(root: string): StateBench {
  const state = createMemoryState(() => Date.now());
  const hosting = createMemoryHosting();
  const said: string[] = [];
  const shown = { comment: 'always', check: false, failOn: 'fail', baseline: { kind: 'event' } } as const;
  let jobs = 0;
  return {
    state,
    hosting,
    said,
    root,
    job(workflowRun, branch = state.open()) {
      const self = `job-${++jobs}`;
      return {
        store: openBranchStore(branch, {
          openBlobs: () => keptBlobs(join(root, 'blobs')),
          owners: { self, isFinished: async () => true },
          keepMs: 86_400_000,
        }),
        isKept: true,
        hosting,
        uploads: null,
        options: { workerEntry: null, simulatorUrl: null },
        root: join(root, self),
        now: () => Date.now(),
        workflowRun,
        runUrl: null,
        launcher: 'octobatch',
        shown,
        workflows: async () => new Map(),
        warn: (sentence) => said.push(sentence),
        say: (sentence) => said.push(sentence),
        signal: new AbortController().signal,
        follow: () => ({ seen() {}, began() {}, stop() {} }),
      };
    },
  };
}

/** Blobs that are the same for all jobs; one that somebody removed is gone as an artifact is. */
function keptBlobs(directory: string): Blobs & KeptBlobs {
  const blobs = openDirectoryBlobs(directory);
  const text: Blobs['text'] = async (digest) => {
    if (!(await blobs.has(digest))) throw new ArtifactGoneError('Artifact 7 of workflow run 10 is gone.');
    return blobs.text(digest);
  };
  return { ...blobs, text, save: async () => [], learn() {} };
}

/** The checkout of a pipeline of one step, beside the files that are given; `more`: lines at its end. */
export function walkFiles(seed: number, more = '', files: Files = {}): Files {
  const text = `name: walk
seed: ${seed}
items: [{ id: a }]
repeat: 8
steps:
  - { name: roll, expressions: { luck: "random.randint(1, 6)" } }
${more}`;
  return { 'pipeline.yaml': text, ...files };
}

/** What a job asks for that has these files checked out. */
export async function requestOf(job: HostedJob, files: Files): Promise<StartRequest> {
  const pipeline = join(job.root, 'pipeline');
  await mkdir(pipeline, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(pipeline, name), text);
  return {
    pipeline,
    source: PATH,
    overrides: {},
    root: job.root,
    runDirectory: null,
    faults: '',
    latency: { minMs: 1, maxMs: 1 },
  };
}

/** A commit (one hex digit, forty times) that waits; `pull` null: it was pushed to main. */
export const targetOf = (workflowRun: number, commit: string, pull: number | null = 1): Target => ({
  ...{ pipeline: PATH, pull, commit: commit.repeat(40), branch: 'main', workflowRun },
});

/** A job that dies as soon as its run is kept: what it waits for is left to others. */
export async function begin(job: HostedJob, files: Files, target: Target): Promise<string> {
  const keeper = createKeeper(job, false);
  const { place } = await startRun({ ...(await requestOf(job, files)), keeper, target }, job.options);
  const { run } = foldJournal((await place.ports.journal.read()).events)!;
  await place.close();
  return run;
}

/** The job of a commit. */
export async function start(
  job: HostedJob,
  files: Files,
  target: Target,
  more: Partial<HostedStart> = {},
): Promise<HostedOutcome> {
  const whole = { request: await requestOf(job, files), target, waitMs: 0, isSchedule: false };
  return startHosted(job, { ...whole, only: 'work', ...more });
}

/** One collector's job. */
export async function collect(job: HostedJob, more: Partial<CollectRequest> = {}): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  const budget = new AbortController().signal;
  const request = {
    includes: () => true,
    run: null,
    waitMs: 0,
    maxCost: { kind: 'unsaid' },
    budget,
  } as const;
  for await (const turn of collectHosted(job, { ...request, what: 'collect', ...more }))
    if (typeof turn !== 'string') turns.push(turn);
  return turns;
}

/** The events of a run, wherever it is on the branch. */
export function eventsOf({ state }: StateBench, run: string): JournalEvent[] {
  const texts = [...state.files()].filter(
    ([path]) => path.startsWith(`runs/${run}/`) || path === `done/${run}.jsonl`,
  );
  const lines = texts.flatMap(([, text]) => text.split('\n')).filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line)).filter((line) => 'type' in line);
}

export const typesOf = (here: StateBench, run: string): string[] =>
  eventsOf(here, run).map(({ type }) => type);
