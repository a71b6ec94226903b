// Jobs that meet over a state branch: which run each goes on with, which it ends, and what becomes of those it cannot
// deal with. Branch and GitHub are in memory; the pipelines ask nobody.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDirectoryBlobs } from '../../src/adapters/blobs/directory.ts';
import { createMemoryHosting } from '../../src/adapters/hosting/memory.ts';
import { createMemoryState, type MemoryState } from '../../src/adapters/hosting/memory-state.ts';
import type { KeptBlobs } from '../../src/adapters/journals/branch.ts';
import type { HostedJob, HostedOutcome } from '../../src/commands/hosted.ts';
import { collectHosted, type Turn } from '../../src/commands/hosted-collect.ts';
import { createKeeper } from '../../src/commands/hosted-keeper.ts';
import { type HostedStart, startHosted } from '../../src/commands/hosted-start.ts';
import { type StartRequest, startRun } from '../../src/commands/run-pipeline.ts';
import { describeTrouble, type Trouble } from '../../src/commands/trouble.ts';
import type { JournalEvent, Target } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { openBranchStore } from '../../src/hosted.ts';
import { ArtifactGoneError } from '../../src/ports/artifacts.ts';
import type { Blobs } from '../../src/ports/blobs.ts';
import { HostingError } from '../../src/ports/hosting.ts';
import type { StateBranch } from '../../src/ports/state-branch.ts';
import { statusContext } from '../../src/report/comment-marker.ts';

const PATH = 'pipelines/walk';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-state-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Bench {
  readonly state: MemoryState;
  readonly hosting: ReturnType<typeof createMemoryHosting>;
  /** What jobs said and warned of. */
  readonly said: string[];
  readonly root: string;
  /** A job with a knowledge of the branch of its own. */
  job(workflowRun: number, branch?: StateBranch): HostedJob;
}

let benches = 0;

function bench(): Bench {
  const root = join(folder, `bench-${++benches}`);
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

async function request(job: HostedJob, seed: number): Promise<StartRequest> {
  const pipeline = join(job.root, 'pipeline');
  await mkdir(pipeline, { recursive: true });
  const text = `name: walk
seed: ${seed}
items: [{ id: a }]
repeat: 8
steps:
  - { name: roll, expressions: { luck: "random.randint(1, 6)" } }
`;
  await writeFile(join(pipeline, 'pipeline.yaml'), text);
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

const targetOf = (workflowRun: number, commit: string, pull: number | null = 1): Target => ({
  ...{ pipeline: PATH, pull, commit: commit.repeat(40), branch: 'main', workflowRun },
});

/** A job that dies as soon as its run is kept: what it waits for is left to others. */
async function begin(job: HostedJob, seed: number, target: Target): Promise<string> {
  const keeper = createKeeper(job, false);
  const { place } = await startRun({ ...(await request(job, seed)), keeper, target }, job.options);
  const { run } = foldJournal((await place.ports.journal.read()).events)!;
  await place.close();
  return run;
}

async function start(
  job: HostedJob,
  seed: number,
  target: Target,
  more: Partial<HostedStart> = {},
): Promise<HostedOutcome> {
  const whole = { request: await request(job, seed), target, waitMs: 0, isSchedule: false };
  return startHosted(job, { ...whole, only: 'work', ...more });
}

/** One collector's job. */
async function collect(job: HostedJob, what: 'collect' | 'cancel' = 'collect'): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  const budget = new AbortController().signal;
  const request = {
    includes: () => true,
    run: null,
    waitMs: 0,
    maxCost: { kind: 'unsaid' },
    budget,
  } as const;
  for await (const turn of collectHosted(job, { ...request, what }))
    if (typeof turn !== 'string') turns.push(turn);
  return turns;
}

/** The events of a run, wherever it is on the branch. */
function eventsOf({ state }: Bench, run: string): JournalEvent[] {
  const texts = [...state.files()].filter(
    ([path]) => path.startsWith(`runs/${run}/`) || path === `done/${run}.jsonl`,
  );
  const lines = texts.flatMap(([, text]) => text.split('\n')).filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line)).filter((line) => 'type' in line);
}

const typesOf = (here: Bench, run: string): string[] => eventsOf(here, run).map(({ type }) => type);

describe('a newer commit of a pull request', () => {
  it('ends what waits for older ones, by the order in which they asked', async () => {
    const here = bench();
    const old = await begin(here.job(10), 1, targetOf(10, 'a'));
    await start(here.job(20), 2, targetOf(20, 'b'));
    expect(eventsOf(here, old)).toContainEqual(
      expect.objectContaining({ type: 'cancel_requested', why: { kind: 'superseded', by: 'b'.repeat(40) } }),
    );
  });

  it('is not ended by the job of an older one that is run again', async () => {
    const here = bench();
    const newer = await begin(here.job(20), 2, targetOf(20, 'b'));
    await start(here.job(10), 1, targetOf(10, 'a'));
    expect(typesOf(here, newer)).not.toContain('cancel_requested');
  });

  it('has its run, though an older one cannot be ended', async () => {
    const here = bench();
    const old = await begin(here.job(10), 1, targetOf(10, 'a'));
    await rm(join(here.root, 'blobs'), { recursive: true });
    const { state } = await start(here.job(20), 2, targetOf(20, 'b'));
    expect(state.finished).toBe(true);
    expect(here.said.join('\n')).toContain(`${old} was for an older commit of this pull request`);
    expect(here.said.join('\n')).toContain('could not be ended');
  });
});

/** A handle on the branch on which `before` happens before a commit whose message has these words, once. */
function interrupted({ state }: Bench, words: string, before: () => Promise<unknown>): StateBranch {
  const branch = state.open();
  let isDue = true;
  return {
    ...branch,
    async commit(change) {
      if (isDue && change.message.includes(words)) {
        isDue = false;
        await before();
      }
      return branch.commit(change);
    },
  };
}

describe('a run that two pull requests share', () => {
  it('is not ended by the one when the other has just asked for it', async () => {
    const here = bench();
    const shared = await begin(here.job(10), 1, targetOf(10, 'a'));
    const branch = interrupted(here, 'cancel requested', () => begin(here.job(15), 1, targetOf(15, 'd', 2)));
    await start(here.job(20, branch), 2, targetOf(20, 'b'));
    expect(typesOf(here, shared)).toEqual(['run_created', 'target_added', 'target_added']);
  });

  it('is run anew for the other when the one has just ended it', async () => {
    const here = bench();
    const shared = await begin(here.job(10), 1, targetOf(10, 'a'));
    const branch = interrupted(here, 'target added', () => start(here.job(20), 2, targetOf(20, 'b')));
    const { state, report } = await start(here.job(30, branch), 1, targetOf(30, 'd', 2));
    expect([state.run, report.verdict]).toEqual([`${shared}-e1`, 'pass']);
    expect(typesOf(here, shared).filter((type) => type === 'target_added')).toHaveLength(1);
  });
});

describe('content whose run is being ended', () => {
  it('is run anew for whoever asks for it again', async () => {
    const here = bench();
    const old = await begin(here.job(10), 1, targetOf(10, 'a'));
    const branch = here.state.open();
    const journal = (await here.job(11, branch).store.open(old, here.root)).journal;
    const at = Date.now();
    const why = { kind: 'superseded', by: 'b'.repeat(40) } as const;
    await journal.append([{ type: 'cancel_requested', why, at }], (await journal.read()).version);
    const { state, report } = await start(here.job(30), 1, targetOf(30, 'c'));
    expect([state.run, report.verdict]).toEqual([`${old}-e1`, 'pass']);
    expect(typesOf(here, old).filter((type) => type === 'target_added')).toHaveLength(1);
  });
});

describe('a run that is over', () => {
  const statusesOf = (here: Bench, commit: string): string[] =>
    here.hosting.statuses.filter((one) => one.commit === commit.repeat(40)).map(({ state }) => state);

  it('is not put away before everybody who asked is told', async () => {
    const here = bench();
    const run = await begin(here.job(10), 1, targetOf(10, 'a'));
    const first = here.job(11);
    let asks = true;
    const hosting = {
      ...here.hosting,
      // Between the look at the run and its end another job asks for it, and dies.
      setStatus: async (...args: Parameters<typeof here.hosting.setStatus>) => {
        if (asks) await begin(here.job(12), 1, targetOf(12, 'b', 2));
        asks = false;
        await here.hosting.setStatus(...args);
      },
    };
    await start({ ...first, hosting }, 1, targetOf(10, 'a'));
    expect(here.state.files().has(`done/${run}.jsonl`)).toBe(false);
    await collect(here.job(13));
    expect([statusesOf(here, 'a'), statusesOf(here, 'b')]).toEqual([['success'], ['success']]);
    expect([...here.state.files().keys()]).toContain(`done/${run}.jsonl`);
    expect([...here.state.files().keys()].filter((path) => path.startsWith('runs/'))).toEqual([]);
  });

  it('is shown by the next collector to who asked later, when GitHub was silent', async () => {
    const here = bench();
    const { state } = await start(here.job(10), 1, targetOf(10, 'a'));
    here.hosting.fail('setStatus', new HostingError('GitHub failed with status 502.', 502));
    await start(here.job(20), 1, targetOf(20, 'b', 2));
    expect(statusesOf(here, 'b')).toEqual([]);
    await collect(here.job(21));
    here.hosting.fail('setStatus', null);
    await collect(here.job(22));
    expect(statusesOf(here, 'b')).toEqual(['success']);
    expect([...here.state.files().keys()].filter((path) => path.startsWith('runs/'))).toEqual([]);
    expect(typesOf(here, state.run).filter((type) => type === 'target_added')).toHaveLength(2);
  });

  it('is shown to who asks at the moment it is put away', async () => {
    const here = bench();
    await begin(here.job(10), 1, targetOf(10, 'a'));
    // The collector is faster than the job that is about to add its commit.
    const slow = interrupted(here, 'target added', () => collect(here.job(11)));
    await start(here.job(20, slow), 1, targetOf(20, 'b', 2));
    expect([statusesOf(here, 'a'), statusesOf(here, 'b')]).toEqual([['success'], ['success']]);
  });
});

describe('a shard whose job begins late', () => {
  it('goes on with the whole run, when the others were merged at that very moment', async () => {
    const here = bench();
    const shard = async (job: HostedJob, index: number): Promise<HostedOutcome> =>
      startHosted(job, {
        request: { ...(await request(job, 1)), shard: { index, of: 2 } },
        target: targetOf(10, 'a'),
        ...{ waitMs: 0, isSchedule: false, only: 'work' },
      });
    const first = await shard(here.job(10), 1);
    const anHourLater = { ...here.job(11), now: () => Date.now() + 3_600_000 };
    const branch = interrupted(here, '-s2of2: begin', () => collect(anHourLater));
    const { state, report } = await shard(here.job(10, branch), 2);
    expect([`${state.run}-s1of2`, report.verdict]).toEqual([first.state.run, 'pass']);
    expect([...here.state.files().keys()].filter((path) => /^(?:runs|done)/.test(path))).toEqual([
      `done/${state.run}.jsonl`,
    ]);
  });
});

describe('answers that cannot be read for the moment', () => {
  it('are not paid for again', async () => {
    const here = bench();
    const { state } = await start(here.job(10), 1, targetOf(10, 'a'));
    const silent = here.job(20);
    const open: typeof silent.store.open = async (run, directory) => {
      const kept = await silent.store.open(run, directory);
      if (run !== state.run) return kept;
      const text = async () =>
        Promise.reject(new HostingError('Artifact 7 could not be read: status 502.', 502));
      return { ...kept, blobs: { ...kept.blobs, text } };
    };
    const job = { ...silent, store: { ...silent.store, open } };
    await expect(start(job, 1, targetOf(20, 'b'))).rejects.toThrow('Artifact 7 could not be read');
    await rm(join(here.root, 'blobs'), { recursive: true });
    expect((await start(here.job(30), 1, targetOf(30, 'b'))).state.run).toBe(`${state.run}-e1`);
  });
});

describe('a run whose kept files are gone', () => {
  async function withGone() {
    const here = bench();
    const run = await begin(here.job(10), 1, targetOf(10, 'a'));
    await rm(join(here.root, 'blobs'), { recursive: true });
    return { here, run };
  }
  const said = (turns: readonly Turn[]): string[] =>
    turns.map(({ error }) => describeTrouble(error)).map(tellTrouble);
  const tellTrouble = (trouble: Trouble): string => ('message' in trouble ? trouble.message : trouble.kind);

  it('is told with what to do, each time', async () => {
    const { here, run } = await withGone();
    for (const workflowRun of [11, 12])
      expect(said(await collect(here.job(workflowRun)))).toEqual([
        `Artifact 7 of workflow run 10 is gone. Run ${run} cannot go on without it. End it with \`command: cancel\` and \`run: ${run}\`, then start its pipeline again.`,
      ]);
  });

  it('is given up when a person cancels it: nothing waits for it any more, and its content can be run again', async () => {
    const { here, run } = await withGone();
    expect(said(await collect(here.job(11), 'cancel'))).toEqual([
      `Artifact 7 of workflow run 10 is gone. Run ${run} is given up: it has no result, and nothing of it is shown. Start its pipeline again.`,
    ]);
    expect(here.hosting.statuses.map(({ state, context }) => [state, context])).toEqual([
      ['error', statusContext('walk', PATH)],
    ]);
    expect(await collect(here.job(12))).toEqual([]);
    const { state, report } = await start(here.job(20), 1, targetOf(20, 'a'));
    expect([state.run, report.verdict]).toEqual([`${run}-e1`, 'pass']);
    expect(here.hosting.statuses.at(-1)).toMatchObject({
      state: 'success',
      context: statusContext('walk', PATH),
    });
  });
});
