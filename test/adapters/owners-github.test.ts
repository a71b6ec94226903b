// Jobs on GitHub as owners: who is certainly over, and how often that is asked.
import { expect, it } from 'vitest';
import { createProcessOwners } from '../../src/adapters/owners.ts';
import { createGithubOwners } from '../../src/adapters/owners-github.ts';

function job(attempt = 2, answers: (run: number) => boolean | Error = () => false) {
  let now = 0;
  const asked: string[] = [];
  const owners = createGithubOwners({
    repositoryId: 7,
    workflowRun: 100,
    attempt,
    isOver: async (run, of) => {
      asked.push(`${run}/${of}`);
      const answer = answers(run);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    clock: {
      now: () => now,
      sleep: async (ms) => {
        now += ms;
      },
    },
  });
  return {
    owners,
    asked,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('names a process by repository, workflow run and attempt, new with every start', () => {
  expect(job().owners.self).toMatch(/^github\/7\/100\/2\/[0-9a-f]{8}$/);
  expect(job().owners.self).not.toBe(job().owners.self);
});

it('asks about another workflow run, once a minute while it goes on, and never again when it is over', async () => {
  let isOver = false;
  const { owners, asked, pass } = job(1, () => isOver);
  expect(await owners.isFinished('github/7/99/1/abcdef01')).toBe(false);
  isOver = true;
  expect(await owners.isFinished('github/7/99/1/ffffffff')).toBe(false);
  pass(61_000);
  expect(await owners.isFinished('github/7/99/1/abcdef01')).toBe(true);
  pass(3_600_000);
  expect(await owners.isFinished('github/7/99/1/abcdef01')).toBe(true);
  expect(asked).toEqual(['99/1', '99/1']);
});

it('takes an earlier attempt of its own workflow run for finished, and no other process of this attempt', async () => {
  const { owners, asked } = job(2);
  expect(await owners.isFinished('github/7/100/1/abcdef01')).toBe(true);
  expect(await owners.isFinished('github/7/100/2/abcdef01')).toBe(false);
  expect(await owners.isFinished('github/7/100/3/abcdef01')).toBe(false);
  expect(asked).toEqual([]);
});

it('does not know of other repositories, of processes that are no jobs, nor when it may not ask', async () => {
  const { owners, asked } = job(1, () => new Error('Resource not accessible by integration'));
  for (const owner of ['github/8/99/1/a', createProcessOwners().self, 'github/7/x/1/a', 'github/7/99/1', ''])
    expect(await owners.isFinished(owner)).toBe(false);
  expect(asked).toEqual([]);
  expect(await owners.isFinished('github/7/99/1/abcdef01')).toBe(false);
  expect(asked).toEqual(['99/1']);
});
