import { expect, test } from 'vitest';
import { clientOf, errorOf, HERE } from './client.ts';
import { readDescription } from './description.ts';
import { addRepository, push } from './scene.ts';
import { startGitHub } from './server.ts';

test.each([
  ['a value that is none of those allowed', { state: 'green' }, '/state'],
  ['a field that is missing', { description: 'd' }, '"state"'],
  ['a field that GitHub does not know', { state: 'success', contxt: 'c' }, 'contxt'],
])('%s is refused and noted', async (_, body, named) => {
  const github = await startGitHub();
  addRepository(github.world, 'octo/game');
  const sha = push(github.world, 'octo/game', 'main', { a: 'b' });
  const call = clientOf(github).request('POST /repos/{owner}/{repo}/statuses/{sha}', {
    ...HERE,
    sha,
    ...body,
  } as never);
  expect((await errorOf(call)).status).toBe(422);
  expect(github.violations.join('\n')).toContain(named);
  await github.close();
});

test('a query that GitHub does not know is refused and noted', async () => {
  const github = await startGitHub();
  addRepository(github.world, 'octo/game');
  const call = clientOf(github).request('GET /repos/{owner}/{repo}/pulls{?stat}', { ...HERE, stat: 'open' });
  expect((await errorOf(call)).status).toBe(422);
  expect(github.violations).toEqual([
    'GET /repos/{owner}/{repo}/pulls: request: query: stat is not described',
  ]);
  await github.close();
});

test('an answer is held against the description as well: its fields and its status', () => {
  const description = readDescription();
  const problems = (status: number, body: object) =>
    description.replyProblems('GET /repos/{owner}/{repo}/git/ref/{ref}', { status, body });
  const object = { type: 'commit', sha: '0'.repeat(40), url: 'http://127.0.0.1/x' };
  const ref = { ref: 'refs/heads/a', node_id: 'n', url: 'http://127.0.0.1/x', object };
  expect(problems(200, ref)).toEqual([]);
  expect(problems(200, { ...ref, object: { ...object, sha: 'short' } }).join()).toContain('#/object/sha');
  expect(problems(200, { ref: 'refs/heads/a' }).join()).toContain('object');
  expect(problems(202, ref)).toEqual(['answer: status 202 is not described']);
});
