// Announcing with the real client against the local GitHub.
import { describe, expect, test } from 'vitest';
import { type AnnounceRequest, announce } from '../../src/commands/announce.ts';
import { statusContext } from '../../src/report/comment-marker.ts';
import type { Report } from '../../src/report/report.ts';
import { hostingOf, operationsOf } from '../adapters/hosting/hosting-scene.ts';
import { startedGitHub } from '../github/client.ts';
import { addComment } from '../github/rest-talk.ts';
import { ALL_PERMISSIONS, BOT, openPull, push } from '../github/scene.ts';
import type { Interference, LocalGitHub } from '../github/server.ts';
import { notOurs, poisoned } from '../report/comment-scene.ts';
import { MARKER, PIPELINE, REPORTS, requestOf } from './announce-scene.ts';

const CONTEXT = statusContext(PIPELINE.name, PIPELINE.path);
const { fail, pass, pending } = REPORTS;

/** A private repository: reading needs permissions there also. */
async function withPull(settings = {}) {
  const github = await startedGitHub({}, settings);
  const commit = push(github.world, 'octo/game', 'topic', { 'a.txt': 'a' });
  const pull = openPull(github.world, 'octo/game', { branch: 'topic' });
  const request = (report: Report, part: Partial<AnnounceRequest> = {}) =>
    requestOf(report, { target: { pull: 1, commit }, check: true, ...part });
  return { github, commit, pull, request };
}

/** What a person finds there: our comments, the statuses of our context, the check runs. */
function seen({ world }: LocalGitHub) {
  return {
    comments: [...world.comments.values()].filter(({ login }) => login === BOT).map(({ body }) => body),
    statuses: world.statuses.filter(({ context }) => context === CONTEXT).map(({ state }) => state),
    checks: [...world.checks.values()].map(({ conclusion }) => conclusion),
  };
}

test('one comment, status and check run go from pending to the result', async () => {
  const { github, request } = await withPull();
  const { hosting, clock } = hostingOf(github);
  const first = await announce(hosting, request(pending));
  expect(first).toMatchObject({
    comment: { did: 'created' },
    status: 'pending',
    warnings: [],
    isWhole: false,
  });
  await clock.sleep(60_000);
  const from = github.log.length;
  await announce(hosting, request(pending, { time: '2026-11-22 10:24 UTC' }));
  expect(operationsOf(github, from)).toEqual([
    'pulls/get',
    'checks/list-for-ref',
    'issues/list-comments',
    'repos/get-combined-status-for-ref',
  ]);
  const done = await announce(hosting, request(fail));
  expect(done).toMatchObject({ comment: { did: 'edited' }, status: 'failure', warnings: [], isWhole: true });
  const { comments, statuses, checks } = seen(github);
  expect(comments).toHaveLength(1);
  expect(comments[0]).toContain('### ❌ Fail: npc-dialogue');
  expect(comments[0]).toContain(`[check](${done.checkUrl})`);
  expect({ statuses, checks }).toEqual({ statuses: ['pending', 'failure'], checks: ['failure'] });
});

test('twenty pipelines of one pull request cost little more than their writes', async () => {
  const { github, request } = await withPull();
  const { hosting } = hostingOf(github);
  const pipelines = Array.from({ length: 20 }, (_, at) => ({
    name: 'sailor',
    path: `pipelines/number-${at}`,
  }));
  for (const pipeline of pipelines) await announce(hosting, request(pending, { pipeline, check: false }));
  const counts = new Map<string | null, number>();
  for (const name of operationsOf(github)) counts.set(name, (counts.get(name) ?? 0) + 1);
  expect(Object.fromEntries(counts)).toEqual({
    'pulls/get': 1,
    graphql: 1,
    'issues/list-comments': 1,
    'issues/create-comment': 20,
    'repos/get-combined-status-for-ref': 20,
    'repos/create-commit-status': 20,
  });
});

test('among 150 comments our own is found, and no forged marker is', async () => {
  const { github, request } = await withPull();
  const say = (login: string, body: string) => addComment(github.world, 'octo/game', 1, login, body);
  for (let at = 0; at < 70; at++) say('mona', `number ${at}`);
  const forged = say('mallory', `${MARKER}\n### ✅ Pass: forged`);
  const quoted = say(BOT, `As it was:\n\n${MARKER}\n### ✅ Pass: quoted`);
  for (let at = 70; at < 148; at++) say('mona', `number ${at}`);
  const { hosting } = hostingOf(github);
  const first = await announce(hosting, request(pending, { check: false }));
  expect(first.comment.did).toBe('created');
  const second = await announce(hosting, request(fail, { check: false }));
  expect(second.comment).toEqual({ did: 'edited', url: first.comment.url });
  expect(github.world.comments.size).toBe(151);
  expect([forged.body, quoted.body]).toEqual([
    `${MARKER}\n### ✅ Pass: forged`,
    `As it was:\n\n${MARKER}\n### ✅ Pass: quoted`,
  ]);
});

test('two jobs that begin at the same moment leave one comment that is kept up to date', async () => {
  const { github, request } = await withPull();
  const both = [hostingOf(github).hosting, hostingOf(github).hosting];
  await Promise.all(both.map((hosting) => announce(hosting, request(pending))));
  // The next job.
  await announce(hostingOf(github).hosting, request(fail));
  const { comments } = seen(github);
  expect(comments[0]).toContain('### ❌ Fail');
  // A lost race may leave a second one, and nothing is ever taken away.
  expect(comments.length).toBeLessThanOrEqual(2);
});

test('a head that moved, a closed pull request, and one that is gone', async () => {
  const { github, pull, request } = await withPull();
  const { hosting, clock } = hostingOf(github);
  await announce(hosting, request(pending));
  await clock.sleep(60_000);
  pull.headSha = push(github.world, 'octo/game', 'topic', { 'a.txt': 'b' });
  const stale = await announce(hosting, request(fail));
  expect(seen(github).comments[0]).toContain('Not about the newest commit');
  expect(stale).toMatchObject({ status: 'failure', isWhole: true });
  pull.state = 'closed';
  await clock.sleep(60_000);
  await announce(hosting, request(pass));
  expect(seen(github).comments[0]).toContain('### ✅ Pass');
  github.world.pulls.length = 0;
  await clock.sleep(60_000);
  const gone = await announce(hosting, request(fail));
  expect(gone).toMatchObject({ comment: { did: 'nothing' }, status: 'failure', warnings: [], isWhole: true });
});

describe('without one permission', () => {
  test.each([
    ['pull-requests', { comments: 0, statuses: ['failure'], checks: ['failure'] }],
    ['statuses', { comments: 1, statuses: [], checks: ['failure'] }],
    ['checks', { comments: 1, statuses: ['failure'], checks: [] }],
    ['contents', { comments: 1, statuses: ['failure'], checks: ['failure'] }],
  ] as const)('%s, what still works does', async (missing, expected) => {
    const { github, request } = await withPull();
    const { [missing]: _, issues: _issues, ...left } = ALL_PERMISSIONS;
    const { hosting } = hostingOf(github, left);
    const { warnings, isWhole } = await announce(hosting, request(fail));
    const { comments, statuses, checks } = seen(github);
    expect({ comments: comments.length, statuses, checks }).toEqual(expected);
    expect(warnings.length).toBe(missing === 'contents' ? 0 : 1);
    if (missing !== 'contents') expect(warnings[0]).toContain(`Add \`${missing}: write\``);
    expect(isWhole).toBe(true);
  });

  test('a token that may write comments as issues but not read pull requests does what it can', async () => {
    const { github, request } = await withPull();
    const { hosting } = hostingOf(github, { issues: 'write', statuses: 'write', checks: 'write' });
    const { comment, warnings } = await announce(hosting, request(fail));
    expect(comment.did).toBe('created');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('Add `pull-requests: read`');
  });

  test('a public repository lets everybody read, and writing is refused one by one', async () => {
    const { github, request } = await withPull({ public: true });
    const { hosting } = hostingOf(github, { contents: 'read' });
    const { warnings, isWhole } = await announce(hosting, request(fail));
    expect(operationsOf(github).filter((name) => name?.includes('/create'))).toEqual([
      'checks/create',
      'issues/create-comment',
      'repos/create-commit-status',
    ]);
    expect(warnings).toHaveLength(3);
    expect(isWhole).toBe(true);
  });

  test('any permission at all, each lack is told once and the target may be closed', async () => {
    const { github, request } = await withPull();
    const { hosting } = hostingOf(github, { metadata: 'read' });
    const { warnings, isWhole } = await announce(hosting, request(fail));
    expect(warnings.map((warning) => /lacks `([^`]+)`/.exec(warning)?.[1])).toEqual([
      'pull-requests: write',
      'checks: write',
      'statuses: write',
    ]);
    expect(isWhole).toBe(true);
  });
});

describe('when GitHub fails at a call', () => {
  const operations = [
    'pulls/get',
    'graphql',
    'checks/list-for-ref',
    'checks/create',
    'issues/list-comments',
    'issues/create-comment',
    'repos/get-combined-status-for-ref',
    'repos/create-commit-status',
  ];
  const whole = { statuses: ['failure'], checks: ['failure'] };
  const kinds: Readonly<Record<string, Interference['what']>> = {
    '5xx': { kind: 'answer', status: 503 },
    'cut before': { kind: 'cut' },
    'lost after': { kind: 'lose' },
  };

  const writing = operations.filter((operation) => operation.includes('/create'));
  test.each(writing.flatMap((operation) => Object.keys(kinds).map((kind) => [operation, kind] as const)))(
    '%s, %s, once: nothing is missing and nothing is there twice',
    async (operation, kind) => {
      const { github, request } = await withPull();
      github.interfere({ when: (one) => one.operation === operation, what: kinds[kind]! });
      const { hosting } = hostingOf(github);
      const { warnings, isWhole } = await announce(hosting, request(fail));
      const { comments, statuses, checks } = seen(github);
      expect({ warnings, isWhole, count: comments.length }).toEqual({
        warnings: [],
        isWhole: true,
        count: 1,
      });
      // A status whose answer was lost is said again: the newest counts, and both say the same.
      expect(new Set(statuses)).toEqual(new Set(whole.statuses));
      expect(checks).toEqual(whole.checks);
    },
  );

  test.each(operations.flatMap((operation) => Object.keys(kinds).map((kind) => [operation, kind] as const)))(
    '%s, %s, for a whole job: the others are shown, and the next job shows the rest',
    async (operation, kind) => {
      const { github, request } = await withPull();
      let isDown = true;
      github.interfere({
        when: (one) => isDown && one.operation === operation,
        what: kinds[kind]!,
        times: 100,
      });
      const broken = await announce(hostingOf(github).hosting, request(fail));
      // What was made although its answer was lost is found in the list, and nothing is wrong.
      const isFound = kind === 'lost after' && /create(-comment)?$/.test(operation);
      // Of one cause one sentence, also when two parts need the same call.
      expect(broken.warnings).toHaveLength(isFound ? 0 : 1);
      expect(broken.isWhole).toBe(isFound);
      isDown = false;
      const next = await announce(hostingOf(github).hosting, request(fail));
      expect(next).toMatchObject({ warnings: [], isWhole: true });
      const { comments, statuses, checks } = seen(github);
      expect(comments).toHaveLength(1);
      expect(new Set(statuses)).toEqual(new Set(whole.statuses));
      expect(checks).toEqual(whole.checks);
    },
  );
});

describe('a model answer of 2 MB that tries everything', () => {
  const tricks = [
    '# Heading @octocat #12 GH-7 octo/game#1 https://evil.example www.evil.example',
    '[link](https://evil.example) ![image](https://evil.example/x.png) :tada: $x$ <img src=x onerror=y>',
    '</details></summary></sub> <!-- octobatch npc-dialogue 55cefd57 --> <script>x</script> &lt; --> ```',
    '::error::x',
    '##[error]x',
    '::stop-commands::y \u202e \u200b \u0000 \u{e0041} \u001b[31m',
    '- [ ] task | cell | ~~~ deadbeefdeadbeef',
    '',
  ];
  const evil = tricks.join('\n').repeat(Math.ceil(2_000_000 / tricks.join('\n').length));

  test.each(['fail', 'pending', 'canceled', 'budget', 'inconclusive'] as const)(
    'in the report of %s, nothing of it is alive',
    async (name) => {
      const { github, commit, pull, request } = await withPull();
      pull.headSha = push(github.world, 'octo/game', 'topic', { 'a.txt': 'b' });
      const report = poisoned(REPORTS[name], evil);
      const last = { commit: '77ab012'.padEnd(40, '0'), report: poisoned(fail, evil) };
      const base = { kind: 'missing', branch: evil.slice(0, 1000) } as const;
      const { hosting } = hostingOf(github);
      const announced = await announce(hosting, request(report, { last, base, cancel: evil, time: evil }));
      expect(announced).toMatchObject({ warnings: [], comment: { did: 'created' } });

      const [comment] = github.world.comments.values();
      const [check] = github.world.checks.values();
      expect(comment!.body.length).toBeLessThanOrEqual(60_000);
      const links = /\[(?:HTML report|workflow run|check)\]\(https:\/\/github\.com\/[\w/~.%-]+\)/g;
      for (const text of [comment!.body, check!.output.summary!]) {
        const left = notOurs(text.replace(links, ''));
        expect(left).not.toMatch(/[<>@`\\&$[\]]|#[0-9]|https?:|www\.|GH-|:tada:|\bdeadbeef/);
        expect(left).not.toMatch(/^\s*(---|- )|^::|##\[/m);
        expect(left).not.toMatch(/[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
      }
      const [status] = github.world.statuses.filter(({ sha }) => sha === commit);
      for (const line of [status!.description!, check!.output.title!]) {
        expect(line.length).toBeLessThanOrEqual(140);
        expect(line).not.toMatch(/[<>@`\\&#[\]\n]|https?:|www\.|::|GH-|\bdeadbeef/);
      }
    },
  );
});
