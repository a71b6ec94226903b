// Jobs that meet over a state branch: which run each goes on with, which it ends, and what becomes of those it cannot
// deal with. Branch and GitHub are in memory; the pipelines ask nobody.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostedJob, HostedOutcome } from '../../src/commands/hosted.ts';
import type { Turn } from '../../src/commands/hosted-collect.ts';
import { startHosted } from '../../src/commands/hosted-start.ts';
import { describeTrouble, type Trouble } from '../../src/commands/trouble.ts';
import { HostingError } from '../../src/ports/hosting.ts';
import type { StateBranch } from '../../src/ports/state-branch.ts';
import { statusContext } from '../../src/report/comment-marker.ts';
import {
  begin,
  collect,
  eventsOf,
  openStateBench,
  PATH,
  requestOf,
  type StateBench,
  start,
  targetOf,
  typesOf,
  walkFiles,
} from './state-bench.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-state-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let benches = 0;

const bench = (): StateBench => openStateBench(join(folder, `bench-${++benches}`));

describe('a newer commit of a pull request', () => {
  it('ends what waits for older ones, by the order in which they asked', async () => {
    const here = bench();
    const old = await begin(here.job(10), walkFiles(1), targetOf(10, 'a'));
    await start(here.job(20), walkFiles(2), targetOf(20, 'b'));
    expect(eventsOf(here, old)).toContainEqual(
      expect.objectContaining({ type: 'cancel_requested', why: { kind: 'superseded', by: 'b'.repeat(40) } }),
    );
  });

  it('is not ended by the job of an older one that is run again', async () => {
    const here = bench();
    const newer = await begin(here.job(20), walkFiles(2), targetOf(20, 'b'));
    await start(here.job(10), walkFiles(1), targetOf(10, 'a'));
    expect(typesOf(here, newer)).not.toContain('cancel_requested');
  });

  it('has its run, though an older one cannot be ended', async () => {
    const here = bench();
    const old = await begin(here.job(10), walkFiles(1), targetOf(10, 'a'));
    await rm(join(here.root, 'blobs'), { recursive: true });
    const { state } = await start(here.job(20), walkFiles(2), targetOf(20, 'b'));
    expect(state.finished).toBe(true);
    expect(here.said.join('\n')).toContain(`${old} was for an older commit of this pull request`);
    expect(here.said.join('\n')).toContain('could not be ended');
  });
});

/** A handle on the branch on which `before` happens before a commit whose message has these words, once. */
function interrupted({ state }: StateBench, words: string, before: () => Promise<unknown>): StateBranch {
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
    const shared = await begin(here.job(10), walkFiles(1), targetOf(10, 'a'));
    const branch = interrupted(here, 'cancel requested', () =>
      begin(here.job(15), walkFiles(1), targetOf(15, 'd', 2)),
    );
    await start(here.job(20, branch), walkFiles(2), targetOf(20, 'b'));
    expect(typesOf(here, shared)).toEqual(['run_created', 'target_added', 'target_added']);
  });

  it('is run anew for the other when the one has just ended it', async () => {
    const here = bench();
    const shared = await begin(here.job(10), walkFiles(1), targetOf(10, 'a'));
    const branch = interrupted(here, 'target added', () =>
      start(here.job(20), walkFiles(2), targetOf(20, 'b')),
    );
    const { state, report } = await start(here.job(30, branch), walkFiles(1), targetOf(30, 'd', 2));
    expect([state.run, report.verdict]).toEqual([`${shared}-e1`, 'pass']);
    expect(typesOf(here, shared).filter((type) => type === 'target_added')).toHaveLength(1);
  });
});

describe('content whose run is being ended', () => {
  it('is run anew for whoever asks for it again', async () => {
    const here = bench();
    const old = await begin(here.job(10), walkFiles(1), targetOf(10, 'a'));
    const branch = here.state.open();
    const journal = (await here.job(11, branch).store.open(old, here.root)).journal;
    const at = Date.now();
    const why = { kind: 'superseded', by: 'b'.repeat(40) } as const;
    await journal.append([{ type: 'cancel_requested', why, at }], (await journal.read()).version);
    const { state, report } = await start(here.job(30), walkFiles(1), targetOf(30, 'c'));
    expect([state.run, report.verdict]).toEqual([`${old}-e1`, 'pass']);
    expect(typesOf(here, old).filter((type) => type === 'target_added')).toHaveLength(1);
  });
});

describe('a run that is over', () => {
  const statusesOf = (here: StateBench, commit: string): string[] =>
    here.hosting.statuses.filter((one) => one.commit === commit.repeat(40)).map(({ state }) => state);

  it('is not put away before everybody who asked is told', async () => {
    const here = bench();
    const run = await begin(here.job(10), walkFiles(1), targetOf(10, 'a'));
    const first = here.job(11);
    let asks = true;
    const hosting = {
      ...here.hosting,
      // Between the look at the run and its end another job asks for it, and dies.
      setStatus: async (...args: Parameters<typeof here.hosting.setStatus>) => {
        if (asks) await begin(here.job(12), walkFiles(1), targetOf(12, 'b', 2));
        asks = false;
        await here.hosting.setStatus(...args);
      },
    };
    await start({ ...first, hosting }, walkFiles(1), targetOf(10, 'a'));
    expect(here.state.files().has(`done/${run}.jsonl`)).toBe(false);
    await collect(here.job(13));
    expect([statusesOf(here, 'a'), statusesOf(here, 'b')]).toEqual([['success'], ['success']]);
    expect([...here.state.files().keys()]).toContain(`done/${run}.jsonl`);
    expect([...here.state.files().keys()].filter((path) => path.startsWith('runs/'))).toEqual([]);
  });

  it('is shown by the next collector to who asked later, when GitHub was silent', async () => {
    const here = bench();
    const { state } = await start(here.job(10), walkFiles(1), targetOf(10, 'a'));
    here.hosting.fail('setStatus', new HostingError('GitHub failed with status 502.', 502));
    await start(here.job(20), walkFiles(1), targetOf(20, 'b', 2));
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
    await begin(here.job(10), walkFiles(1), targetOf(10, 'a'));
    // The collector is faster than the job that is about to add its commit.
    const slow = interrupted(here, 'target added', () => collect(here.job(11)));
    await start(here.job(20, slow), walkFiles(1), targetOf(20, 'b', 2));
    expect([statusesOf(here, 'a'), statusesOf(here, 'b')]).toEqual([['success'], ['success']]);
  });
});

describe('a shard whose job begins late', () => {
  it('goes on with the whole run, when the others were merged at that very moment', async () => {
    const here = bench();
    const shard = async (job: HostedJob, index: number): Promise<HostedOutcome> =>
      startHosted(job, {
        request: { ...(await requestOf(job, walkFiles(1))), shard: { index, of: 2 } },
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
    const { state } = await start(here.job(10), walkFiles(1), targetOf(10, 'a'));
    const silent = here.job(20);
    const open: typeof silent.store.open = async (run, directory) => {
      const kept = await silent.store.open(run, directory);
      if (run !== state.run) return kept;
      const text = async () =>
        Promise.reject(new HostingError('Artifact 7 could not be read: status 502.', 502));
      return { ...kept, blobs: { ...kept.blobs, text } };
    };
    const job = { ...silent, store: { ...silent.store, open } };
    await expect(start(job, walkFiles(1), targetOf(20, 'b'))).rejects.toThrow('Artifact 7 could not be read');
    await rm(join(here.root, 'blobs'), { recursive: true });
    expect((await start(here.job(30), walkFiles(1), targetOf(30, 'b'))).state.run).toBe(`${state.run}-e1`);
  });
});

describe('a run whose kept files are gone', () => {
  async function withGone() {
    const here = bench();
    const run = await begin(here.job(10), walkFiles(1), targetOf(10, 'a'));
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
    expect(said(await collect(here.job(11), { what: 'cancel' }))).toEqual([
      `Artifact 7 of workflow run 10 is gone. Run ${run} is given up: it has no result, and nothing of it is shown. Start its pipeline again.`,
    ]);
    expect(here.hosting.statuses.map(({ state, context }) => [state, context])).toEqual([
      ['error', statusContext('walk', PATH)],
    ]);
    expect(await collect(here.job(12))).toEqual([]);
    const { state, report } = await start(here.job(20), walkFiles(1), targetOf(20, 'a'));
    expect([state.run, report.verdict]).toEqual([`${run}-e1`, 'pass']);
    expect(here.hosting.statuses.at(-1)).toMatchObject({
      state: 'success',
      context: statusContext('walk', PATH),
    });
  });
});
