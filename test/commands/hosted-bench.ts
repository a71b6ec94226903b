// Jobs over a folder of runs, one after the other in this process: GitHub is in memory, pipelines are written as tests want
// them.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createMemoryHosting } from '../../src/adapters/hosting/memory.ts';
import type { HostedJob, HostedOutcome } from '../../src/commands/hosted.ts';
import { startHosted } from '../../src/commands/hosted-start.ts';
import type { Target } from '../../src/engine/events.ts';
import { openFolderStore } from '../../src/hosted.ts';

export interface Bench {
  readonly job: HostedJob;
  readonly said: string[];
  readonly hosting: ReturnType<typeof createMemoryHosting>;
}

/** A first job over the folder `root`. */
export function openBench(root: string): Bench {
  const said: string[] = [];
  const hosting = createMemoryHosting();
  const shown = { comment: 'always', check: false, failOn: 'fail', baseline: { kind: 'event' } } as const;
  const job: HostedJob = {
    store: openFolderStore(root),
    isKept: false,
    hosting,
    uploads: null,
    options: { workerEntry: null, simulatorUrl: null },
    root,
    now: () => Date.now(),
    workflowRun: 1,
    runUrl: null,
    launcher: 'octobatch',
    shown,
    workflows: async () => new Map(),
    warn: (sentence) => said.push(sentence),
    say: (sentence) => said.push(sentence),
    signal: new AbortController().signal,
    follow: () => ({ seen() {}, began() {}, stop() {} }),
  };
  return { job, said, hosting };
}

/** What a commit brings, and where it stands. `path` is the pipeline's in the repository. */
export interface Change {
  readonly path: string;
  readonly text: string;
  readonly target: Pick<Target, 'pull' | 'commit' | 'branch' | 'workflowRun'>;
  readonly latency?: { readonly minMs: number; readonly maxMs: number };
  readonly waitMs?: number;
}

/** The job of a commit: it starts the pipeline's run, or goes on with it. */
export async function submitChange({ job }: Bench, change: Change): Promise<HostedOutcome> {
  const { path, text, target, latency = { minMs: 0, maxMs: 0 }, waitMs = 0 } = change;
  const pipeline = join(job.root, 'checkout', String(target.workflowRun), path);
  await rm(pipeline, { recursive: true, force: true });
  await mkdir(pipeline, { recursive: true });
  await writeFile(join(pipeline, 'pipeline.yaml'), text);
  return startHosted(
    { ...job, workflowRun: target.workflowRun },
    {
      request: {
        pipeline,
        source: path,
        overrides: {},
        root: job.root,
        runDirectory: null,
        faults: '',
        latency,
      },
      target: { pipeline: path, ...target },
      waitMs,
      isSchedule: false,
      only: 'work',
    },
  );
}
