// What the troubles of a story do to calls, tried with GitHub's own client in the place of a job.
import { describe, expect, it } from 'vitest';
import { clientOf, errorOf, HERE, startedGitHub } from '../github/client.ts';
import { openPull, push } from '../github/scene.ts';
import { arrange, operationOf, type Trouble } from './trouble.ts';

const PULL = { ...HERE, issue_number: 1 };

/** Three comments, the second under this trouble: which calls failed, which comments are there, how often it was killed. */
async function threeComments(trouble: Trouble) {
  const github = await startedGitHub();
  push(github.world, 'octo/game', 'topic', { 'a.txt': 'a' });
  openPull(github.world, 'octo/game', { branch: 'topic' });
  const { rest } = clientOf(github);
  let kills = 0;
  arrange(github, trouble, () => kills++);
  const failed: (number | undefined)[] = [];
  for (const body of ['one', 'two', 'three']) {
    const call = rest.issues.createComment({ ...PULL, body });
    failed.push(
      await call.then(
        () => 0,
        (error: { status?: number }) => error.status,
      ),
    );
  }
  const comments = [...github.world.comments.values()].map(({ body }) => body);
  return { failed, comments, kills };
}

describe('trouble at a call', () => {
  it('kills before GitHub hears of it, or after it has done what was asked', async () => {
    const unheard = await threeComments({ kind: 'death', at: 2, heard: false });
    expect(unheard.comments).toEqual(['one', 'three']);
    expect(unheard.kills).toBe(1);
    const heard = await threeComments({ kind: 'death', at: 2, heard: true });
    expect([heard.comments, heard.kills]).toEqual([['one', 'two', 'three'], 1]);
  });

  it('answers once, several times, or for ever at calls of that name', async () => {
    const once = await threeComments({ kind: 'answer', at: 2, status: 502 });
    expect([once.failed, once.comments]).toEqual([
      [0, 502, 0],
      ['one', 'three'],
    ]);
    const twice = await threeComments({ kind: 'answer', at: 2, status: 403, times: 2 });
    expect(twice.failed).toEqual([0, 403, 403]);
    const down = await threeComments({ kind: 'down', at: 2, status: 500 });
    expect(down.failed).toEqual([0, 500, 500]);
  });

  it('leaves calls of another name alone when one is down', async () => {
    const github = await startedGitHub();
    const { rest } = clientOf(github);
    arrange(github, { kind: 'down', at: 1, status: 503 }, () => {});
    expect((await errorOf(rest.repos.get(HERE))).status).toBe(503);
    expect((await rest.git.getRef({ ...HERE, ref: 'heads/main' })).status).toBe(200);
    expect(github.log.map(operationOf)).toEqual(['repos/get', 'git/get-ref']);
  });

  it('ends with the job', async () => {
    const github = await startedGitHub();
    const { rest } = clientOf(github);
    const relieve = arrange(github, { kind: 'down', at: 1, status: 503 }, () => {});
    expect((await errorOf(rest.repos.get(HERE))).status).toBe(503);
    relieve();
    expect((await rest.repos.get(HERE)).status).toBe(200);
  });

  it('lets something else happen in between', async () => {
    let seen = 0;
    const { comments } = await threeComments({ kind: 'run', at: 3, run: () => void seen++ });
    expect([comments.length, seen]).toEqual([3, 1]);
  });
});
