// The state branch on the local GitHub: many writers, every call failing in every way, locks and missing permissions,
// and how many calls it takes.
import { describe, expect, it } from 'vitest';
import { type GithubClient, openGithubClient } from '../../../src/adapters/hosting/github-client.ts';
import { openGithubState } from '../../../src/adapters/hosting/github-state.ts';
import { openBranchJournal } from '../../../src/adapters/journals/branch.ts';
import { archiveRun, readRuns } from '../../../src/adapters/journals/branch-archive.ts';
import type { JournalEvent } from '../../../src/engine/events.ts';
import { PermissionError } from '../../../src/ports/hosting.ts';
import type { Journal } from '../../../src/ports/journal.ts';
import type { StateBranch } from '../../../src/ports/state-branch.ts';
import { HERE, startedGitHub } from '../../github/client.ts';
import { ALL_PERMISSIONS, addToken, filesAt, push } from '../../github/scene.ts';
import type { Interference, LocalGitHub, Logged } from '../../github/server.ts';
import { repositoryOf, type Token } from '../../github/world.ts';

const BRANCH = 'octobatch-state';
const finished = (at: number): JournalEvent => ({ type: 'run_finished', at });

interface Job {
  readonly branch: StateBranch;
  readonly client: GithubClient;
  /** How long it slept, in milliseconds. */
  readonly slept: number[];
}

/** A job of its own: a token, a client and a knowledge. Its sleep moves GitHub's clock. */
function job(github: LocalGitHub, permissions: Token['permissions'] = ALL_PERMISSIONS): Job {
  const { world } = github;
  const slept: number[] = [];
  const clock = {
    now: () => world.now(),
    sleep: async (ms: number) => {
      slept.push(ms);
      world.advance(ms);
    },
  };
  const token = addToken(world, 'octo/game', permissions).value;
  const client = openGithubClient({ token, ...HERE, apiUrl: github.url }, clock);
  return { branch: openGithubState(client, BRANCH, clock), client, slept };
}

const journalOf = ({ branch }: Pick<Job, 'branch'>, run: string): Journal =>
  openBranchJournal(branch, run, { save: async () => [], learn: () => {} });

const written = (github: LocalGitHub): Map<string, string> => filesAt(github.world, 'octo/game', BRANCH);

/** How many commits the branch has. */
function commitsOf({ world }: LocalGitHub): number {
  let sha = repositoryOf(world, 'octo/game').refs.get(`refs/heads/${BRANCH}`);
  let count = 0;
  for (; sha !== undefined; count++) sha = world.objects.commit(sha)?.parents[0];
  return count;
}

const isCommit = ({ operation, body }: Logged): boolean =>
  operation === 'graphql' && JSON.stringify(body).includes('createCommitOnBranch');

const write = (path: string, text = path, expects: readonly string[] = []) => ({
  message: 'write',
  write: new Map([[path, text]]),
  remove: [],
  expects,
});

describe('many writers', () => {
  it('twenty jobs that begin different runs at once all succeed, though none finds a branch', async () => {
    const github = await startedGitHub();
    const runs = Array.from({ length: 20 }, (_, at) => `run-${at}`);
    const jobs = runs.map(() => job(github));
    const results = await Promise.all(
      runs.map((run, at) => journalOf(jobs[at]!, run).append([finished(at)], 0)),
    );
    expect(results.map(({ kind }) => kind)).toEqual(runs.map(() => 'appended'));
    expect([...written(github).keys()].sort()).toEqual(
      ['README.md', ...runs.map((run) => `runs/${run}/00000001.jsonl`)].sort(),
    );
    expect(commitsOf(github)).toBe(21);
  });

  it('of two jobs that append to one run, one hears of a conflict and reads what the other wrote', async () => {
    const github = await startedGitHub();
    const journals = [job(github), job(github)].map((one) => journalOf(one, 'run-1'));
    for (const journal of journals) await journal.read();
    const results = await Promise.all(journals.map((journal, at) => journal.append([finished(at)], 0)));
    expect(results.map(({ kind }) => kind).sort()).toEqual(['appended', 'conflict']);
    const texts = await Promise.all(journals.map((journal) => journal.read()));
    expect(texts[0]).toEqual(texts[1]);
    expect(texts[0]?.events).toHaveLength(1);
  });

  it('a commit is sent again when only other paths moved, and is a conflict when its own did', async () => {
    const github = await startedGitHub();
    const { branch, slept } = job(github);
    await branch.commit(write('runs/a/1'));
    const meanwhile = (path: string): Interference => ({
      when: isCommit,
      what: { kind: 'run', run: () => void push(github.world, 'octo/game', BRANCH, { [path]: 'theirs' }) },
    });
    github.interfere(meanwhile('runs/b/1'));
    expect(await branch.commit(write('runs/a/2', 'ours', ['runs/a']))).toBe('committed');
    github.interfere(meanwhile('runs/a/9'));
    expect(await branch.commit(write('runs/a/3', 'ours', ['runs/a']))).toBe('conflict');
    expect(slept).toHaveLength(2);
    expect(await branch.names('runs/a')).toEqual(['1', '2', '9']);
    expect(written(github).get('runs/b/1')).toBe('theirs');
  });
});

describe('a failure at any call', () => {
  const faults: readonly (readonly [string, Interference['what'], number])[] = [
    ['is answered 502', { kind: 'answer', status: 502 }, 1],
    ['is answered 500 three times', { kind: 'answer', status: 500 }, 3],
    ['is cut before it is heard', { kind: 'cut' }, 1],
    ['is heard and its answer is lost', { kind: 'lose' }, 1],
    ['is heard and its answer is lost, twice', { kind: 'lose' }, 2],
    [
      'has to wait',
      {
        kind: 'answer',
        status: 403,
        body: { message: 'You have exceeded a secondary rate limit.' },
        headers: { 'retry-after': '60' },
      },
      1,
    ],
  ];
  // Reading, three for the new branch, and the commit.
  const calls = [1, 2, 3, 4, 5];
  const cases = faults.flatMap(([name, what, times]) =>
    calls.map((call) => [call, name, what, times] as const),
  );

  it.each(cases)(
    'call %i of a first append %s: nothing is doubled, nothing lost',
    async (call, _, what, times) => {
      const github = await startedGitHub();
      const one = job(github);
      const journal = journalOf(one, 'run-1');
      github.interfere({ when: ({ number }) => number >= call, times, what });
      expect(await journal.append([finished(1)], 0)).toEqual({ kind: 'appended', version: 1 });
      expect(await journal.append([finished(2)], 1)).toEqual({ kind: 'appended', version: 2 });
      expect(commitsOf(github)).toBe(3);
      const fresh = await journalOf(job(github), 'run-1').read();
      expect(fresh).toEqual({ events: [finished(1), finished(2)], version: 2 });
    },
  );

  it.each(faults)('a later append that %s is there once', async (_, what, times) => {
    const github = await startedGitHub();
    const journal = journalOf(job(github), 'run-1');
    await journal.append([finished(1)], 0);
    github.interfere({ when: isCommit, times, what });
    expect(await journal.append([finished(2)], 1)).toEqual({ kind: 'appended', version: 2 });
    expect(commitsOf(github)).toBe(3);
  });

  it.each(faults)('a run is put away once when the commit %s', async (_, what, times) => {
    const github = await startedGitHub();
    const { branch } = job(github);
    await journalOf({ branch }, 'run-1').append([finished(1)], 0);
    github.interfere({ when: isCommit, times, what });
    expect(await archiveRun(branch, 'run-1', new Map([['baselines/p/m.json', '{}']]), 1)).toBe('committed');
    expect([...written(github).keys()].sort()).toEqual([
      'README.md',
      'baselines/p/m.json',
      'done/run-1.jsonl',
    ]);
  });

  it('does not take the same events of another job for its own', async () => {
    const github = await startedGitHub();
    const [mine, theirs] = [job(github), job(github)].map((one) => journalOf(one, 'run-1'));
    await mine!.append([finished(1)], 0);
    await theirs!.read();
    // Mine is never heard, and while it is in doubt the other job appends the very same events.
    github.interfere({ when: isCommit, what: { kind: 'answer', status: 502 } });
    let heard = 0;
    github.interfere({
      when: ({ operation, body }) => operation === 'graphql' && !isCommit({ operation, body } as Logged),
      what: {
        kind: 'run',
        run: async () => {
          heard++;
          expect(await theirs!.append([finished(2)], 1)).toMatchObject({ kind: 'appended' });
        },
      },
    });
    expect(await mine!.append([finished(2)], 1)).toEqual({ kind: 'conflict' });
    expect(heard).toBe(1);
  });

  it('is an error in the end when GitHub stays down, and nothing is half written', async () => {
    const github = await startedGitHub();
    const { branch } = job(github);
    await branch.commit(write('runs/a/1'));
    github.interfere({ when: isCommit, times: 99, what: { kind: 'answer', status: 503 } });
    await expect(branch.commit(write('runs/a/2'))).rejects.toThrow(
      'The state branch "octobatch-state" could not be written: GitHub gave no clear answer. A later job can.',
    );
    expect([...written(github).keys()]).toEqual(['README.md', 'runs/a/1']);
  });
});

describe('what GitHub does not allow', () => {
  it('names contents: write when it is missing, with a branch and without', async () => {
    const github = await startedGitHub();
    const { branch } = job(github, { contents: 'read' });
    for (const attempt of [1, 2]) {
      const error = await branch.commit(write('runs/a/1')).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(PermissionError);
      expect(error).toMatchObject({ permission: 'contents: write' });
      const action = attempt === 1 ? 'create' : 'write';
      expect((error as Error).message).toContain(
        `GitHub did not let this job ${action} the state branch ${BRANCH}`,
      );
      if (attempt === 1) await job(github).branch.commit(write('runs/b/1'));
      branch.refresh();
      await branch.files('runs');
    }
  });

  it('names contents: read when nothing can be read', async () => {
    const github = await startedGitHub();
    const error = await job(github, {})
      .branch.files('runs')
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'PermissionError', permission: 'contents: read' });
  });

  it('says what to do when a rule locks the branch', async () => {
    const github = await startedGitHub({}, { locked: [BRANCH] });
    const { branch } = job(github);
    push(github.world, 'octo/game', BRANCH, { a: 'a' });
    await expect(branch.commit(write('runs/a/1'))).rejects.toThrow(
      'A rule of this repository locks the branch "octobatch-state", where the state of runs is kept. Exempt this branch from the rule, or name another one with the input state-branch.',
    );
  });
});

describe('what is on the branch', () => {
  it('begins with a page that says what it is, and shares no history with the code', async () => {
    const github = await startedGitHub();
    await job(github).branch.commit(write('runs/a/1'));
    expect(written(github).get('README.md')).toContain('It may be deleted when no run is under way');
    expect(commitsOf(github)).toBe(2);
    const { objects } = github.world;
    const head = repositoryOf(github.world, 'octo/game').refs.get(`refs/heads/${BRANCH}`)!;
    expect(objects.commit(head)?.message).toBe('octobatch: write [skip ci]');
  });

  it('may be longer than what GitHub gives at once, or look binary', async () => {
    const github = await startedGitHub();
    const long = 'ä'.repeat(400_000);
    const { branch } = job(github);
    await branch.commit({
      ...write('runs/a/1', long),
      write: new Map([
        ['runs/a/1', long],
        ['runs/a/2', '\0 binary'],
        ['runs/a/3', ''],
      ]),
    });
    const { branch: other } = job(github);
    expect(await other.files('runs/a')).toEqual(
      new Map([
        ['runs/a/1', long],
        ['runs/a/2', '\0 binary'],
        ['runs/a/3', ''],
      ]),
    );
  });

  it('may have been deleted by a person: it is made anew', async () => {
    const github = await startedGitHub();
    const { branch } = job(github);
    await branch.commit(write('runs/a/1'));
    repositoryOf(github.world, 'octo/game').refs.delete(`refs/heads/${BRANCH}`);
    expect(await branch.commit(write('runs/b/1', 'b', ['runs/b']))).toBe('committed');
    expect([...written(github).keys()]).toEqual(['README.md', 'runs/b/1']);
  });

  it('is not believed to be as it was, when a copy of GitHub lags behind', async () => {
    const github = await startedGitHub();
    const { branch } = job(github);
    await branch.commit(write('runs/a/1'));
    const refs = repositoryOf(github.world, 'octo/game').refs;
    const old = refs.get(`refs/heads/${BRANCH}`)!;
    await branch.commit(write('runs/a/2'));
    const now = refs.get(`refs/heads/${BRANCH}`)!;
    refs.set(`refs/heads/${BRANCH}`, old);
    branch.refresh();
    expect(await branch.names('runs/a')).toEqual(['1', '2']);
    refs.set(`refs/heads/${BRANCH}`, now);
    expect(await branch.commit(write('runs/a/3', '3', ['runs/a']))).toBe('committed');
  });
});

describe('a copy of GitHub that lags behind what this job never saw', () => {
  it('is found out by the next commit, which loses nothing', async () => {
    const github = await startedGitHub();
    const writer = job(github).branch;
    await writer.commit(write('runs/a/1'));
    const refs = repositoryOf(github.world, 'octo/game').refs;
    const old = refs.get(`refs/heads/${BRANCH}`)!;
    await writer.commit(write('runs/a/2'));
    const now = refs.get(`refs/heads/${BRANCH}`)!;
    const { branch } = job(github);
    expect(await branch.names('runs/a')).toEqual(['1', '2']);
    refs.set(`refs/heads/${BRANCH}`, old);
    branch.refresh();
    await branch.names('runs/a');
    refs.set(`refs/heads/${BRANCH}`, now);
    expect(await branch.commit(write('runs/a/3', '3', ['runs/a']))).toBe('conflict');
    expect(await branch.names('runs/a')).toEqual(['1', '2']);
    expect(await branch.commit(write('runs/a/3', '3', ['runs/a']))).toBe('committed');
  });
});

describe('the number of calls', () => {
  it('is one for a poll of any number of runs, one for an append, one for putting away', async () => {
    const github = await startedGitHub();
    const runs = Array.from({ length: 30 }, (_, at) => `run-${at}`);
    const writer = job(github);
    const told: Record<string, number> = {};
    const count = async (what: string, { client }: Job, work: () => Promise<unknown>): Promise<void> => {
      const before = client.calls();
      await work();
      told[what] = client.calls() - before;
    };
    await count('the first append of a repository', writer, () =>
      journalOf(writer, 'run-0').append([finished(0)], 0),
    );
    for (const run of runs.slice(1)) await journalOf(writer, run).append([finished(0)], 0);
    const collector = job(github);
    const journals = runs.map((run) => journalOf(collector, run));
    await count('reading all runs', collector, () => readRuns(collector.branch));
    await count('opening each of them', collector, async () => {
      for (const journal of journals) await journal.read();
    });
    await count('an append', collector, () => journals[0]!.append([finished(1)], 1));
    await count('another append', collector, () => journals[0]!.append([finished(2)], 2));
    await count('following all, within seconds', collector, async () => {
      for (const journal of journals) await journal.readAfter((await journal.read()).version);
    });
    github.world.advance(11_000);
    await count('following all, later', collector, async () => {
      for (const journal of journals) await journal.readAfter((await journal.read()).version);
    });
    await journalOf(writer, 'run-1').append([finished(1)], 1);
    await journalOf(writer, 'run-2').append([finished(1)], 1);
    github.world.advance(11_000);
    await count('following all, when others wrote to two', collector, async () => {
      for (const journal of journals) await journal.read();
    });
    await count('putting one away', collector, () => archiveRun(collector.branch, 'run-0', new Map(), 3));
    expect(told).toEqual({
      'the first append of a repository': 5,
      'reading all runs': 1,
      'opening each of them': 0,
      'an append': 1,
      'another append': 1,
      'following all, within seconds': 0,
      'following all, later': 1,
      'following all, when others wrote to two': 3,
      'putting one away': 1,
    });
  });
});
