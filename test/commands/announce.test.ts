import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { MemoryHosting } from '../../src/adapters/hosting/memory.ts';
import { type AnnounceRequest, announce } from '../../src/commands/announce.ts';
import { HostingError, PermissionError } from '../../src/ports/hosting.ts';
import { statusContext } from '../../src/report/comment-marker.ts';
import { resultLine } from '../../src/report/history.ts';
import type { Report } from '../../src/report/report.ts';
import { BASE, HEAD, NEWER } from '../report/comment-scene.ts';
import { addWritten, hostWithPull, MARKER, PIPELINE, REPORTS, requestOf } from './announce-scene.ts';

const CONTEXT = statusContext(PIPELINE.name, PIPELINE.path);
const SAILOR = { name: 'drunken-sailor', path: 'pipelines/drunken-sailor' };
const { pass, fail, inconclusive, pending, dryRun, canceled, budget, deadline } = REPORTS;

async function shownBy(report: Report, part: Partial<AnnounceRequest> = {}, hosting = hostWithPull()) {
  const announced = await announce(hosting, requestOf(report, part));
  return { hosting, announced, body: hosting.written.at(-1)?.body ?? null };
}

const writes = ({ calls }: MemoryHosting) => calls.filter((call) => /^(create|edit|set)/.test(call));

describe('the commit status', () => {
  test.each([
    ['pending', pending, 'pending', 'fail'],
    ['pass', pass, 'success', 'fail'],
    ['inconclusive', inconclusive, 'success', 'fail'],
    ['inconclusive, fail-on: inconclusive', inconclusive, 'failure', 'inconclusive'],
    ['inconclusive, fail-on: never', inconclusive, 'success', 'never'],
    ['fail', fail, 'failure', 'fail'],
    ['fail, fail-on: never, which is about the job', fail, 'failure', 'never'],
    ['canceled', canceled, 'error', 'fail'],
    ['paused by the budget', budget, 'error', 'never'],
    ['past its deadline', deadline, 'error', 'fail'],
  ] as const)('of %s', async (_, report, state, failOn) => {
    const { hosting, announced } = await shownBy(report, { failOn });
    expect(hosting.statuses).toMatchObject([{ commit: HEAD, state, context: CONTEXT }]);
    expect(hosting.statuses[0]!.description).toBe(report.headline);
    expect(announced.status).toBe(state);
  });

  test('has a context made of the name and the path alone', () => {
    expect(CONTEXT).toMatch(/^octobatch\/npc-dialogue-[0-9a-f]{8}$/);
    expect(statusContext('Ünïcode!', 'a')).toMatch(/^octobatch\/n-code-[0-9a-f]{8}$/);
    expect(statusContext('...', 'a')).toMatch(/^octobatch\/pipeline-[0-9a-f]{8}$/);
  });

  test('is never written when an answer was invented, and neither is a check run', async () => {
    for (const report of [dryRun, { ...pending, simulated: true }, { ...canceled, simulated: true }]) {
      const { hosting, announced } = await shownBy(report, { check: true });
      expect(hosting.statuses).toEqual([]);
      expect(hosting.checks.size).toBe(0);
      expect(announced).toMatchObject({ status: null, checkUrl: null, warnings: [] });
    }
  });

  test('is written again only when it says something else', async () => {
    const hosting = hostWithPull();
    await shownBy(pending, {}, hosting);
    await shownBy(pending, { time: '2026-11-22 11:09 UTC' }, hosting);
    expect(hosting.statuses).toHaveLength(1);
    await shownBy(fail, {}, hosting);
    await shownBy(fail, {}, hosting);
    expect(hosting.statuses.map(({ state }) => state)).toEqual(['pending', 'failure']);
  });

  test('of a superseded commit is an error with the sentence, unless it had its result before', async () => {
    const { hosting } = await shownBy(pending, { supersededBy: NEWER, isFinal: true });
    expect(hosting.statuses[0]).toMatchObject({
      state: 'error',
      description: `Superseded: a newer push (5aa9c03) took the place of this commit before it had a result`,
    });
    const late = await shownBy(pass, { supersededBy: NEWER }, hostWithPull(NEWER));
    expect(late.hosting.statuses[0]).toMatchObject({ state: 'success' });
    expect(late.body).toContain('Not about the newest commit');
    const told = { ...canceled, error: { kind: 'superseded' as const, by: NEWER } };
    expect((await shownBy(told)).body).toContain('Superseded by a newer push');
  });

  test('never exceeds 140 characters, however it is made', async () => {
    for (const headline of ['😀'.repeat(200), `${'x'.repeat(500)}\n::error::x`, '\u202e'.repeat(90)]) {
      const { hosting } = await shownBy({ ...fail, headline });
      const { description } = hosting.statuses[0]!;
      expect(description.length).toBeLessThanOrEqual(140);
      expect(description).not.toMatch(/[\n\u202e]/);
    }
  });

  test('leads to the comment, else to the report, else to the workflow run', async () => {
    const report = 'https://github.com/o/r/actions/runs/1/artifacts/2';
    const url = async (part: Partial<AnnounceRequest>) =>
      (await shownBy(pass, part)).hosting.statuses[0]!.url;
    const run = 'https://github.com/o/r/actions/runs/1';
    expect(await url({})).toBe('https://github.com/o/r/pull/17#1');
    expect(await url({ comment: 'never', links: { report, run } })).toBe(report);
    expect(await url({ target: { pull: null, commit: HEAD } })).toBe(run);
  });
});

describe('the comment', () => {
  test('is made for a pull request and for nothing else', async () => {
    expect((await shownBy(pass)).body?.split('\n')[0]).toBe(MARKER);
    const push = await shownBy(pass, { target: { pull: null, commit: HEAD } });
    expect(push.hosting.written).toEqual([]);
    expect(push.hosting.calls).toEqual([`status(e41d07c, ${CONTEXT})`, 'setStatus(e41d07c, success)']);
  });

  test('is edited when something happened, and not when only time went by', async () => {
    const hosting = hostWithPull();
    await shownBy(pending, {}, hosting);
    const again = await shownBy(pending, { time: '2026-11-22 12:00 UTC' }, hosting);
    expect(again.announced.comment).toEqual({ did: 'nothing', url: 'https://github.com/o/r/pull/17#1' });
    const done = await shownBy(fail, {}, hosting);
    expect(done.announced.comment.did).toBe('edited');
    expect(writes(hosting)).toEqual([
      'createComment(17)',
      'setStatus(e41d07c, pending)',
      'editComment(1)',
      'setStatus(e41d07c, failure)',
    ]);
  });

  test('is one again after two jobs made one each at the same moment', async () => {
    const hosting = hostWithPull();
    await shownBy(pending, {}, hosting);
    const [first] = hosting.written;
    await hosting.createComment(17, first!.body);
    await hosting.createComment(17, 'Octobatch said something, says a person who is us.');
    await shownBy(fail, {}, hosting);
    expect(hosting.written.map(({ id }) => id)).toEqual([1, 3]);
    expect(hosting.written[0]?.body).not.toContain('⏳');
  });

  const same = resultLine(pass, BASE)!;
  const found = (result = same): AnnounceRequest['base'] => ({ kind: 'found', branch: 'main', result });
  test.each([
    ['always', pass, found(), true],
    ['always', pending, found(), true],
    ['never', fail, { kind: 'none' }, false],
    ['failures', pass, { kind: 'none' }, false],
    ['failures', pending, { kind: 'none' }, false],
    ['failures', dryRun, { kind: 'none' }, false],
    ['failures', fail, { kind: 'none' }, true],
    ['failures', inconclusive, { kind: 'none' }, true],
    ['failures', canceled, { kind: 'none' }, true],
    ['changes', pass, found(), false],
    ['changes', pass, found({ ...same, spent: '99' }), false],
    ['changes', pass, found({ ...same, verdict: 'fail' }), true],
    ['changes', pass, found({ ...same, valid: 1 }), true],
    ['changes', pass, found({ ...same, figure: '49%' }), true],
    ['changes', pass, { kind: 'none' }, true],
    ['changes', pass, { kind: 'missing', branch: 'main' }, true],
    [
      'changes',
      pass,
      { kind: 'not_comparable', branch: 'main', result: same, reason: 'the seed differs' },
      true,
    ],
    ['changes', pending, found(), false],
    ['changes', pending, { kind: 'missing', branch: 'main' }, true],
    ['changes', budget, found(), true],
  ] as const)('by `comment: %s` is first made: case %#', async (comment, report, base, isMade) => {
    const { hosting, announced } = await shownBy(report, { comment, base });
    expect(hosting.written.length).toBe(isMade ? 1 : 0);
    expect(announced.isWhole).toBe(report.verdict !== 'pending');
  });

  test('that is there is brought up to date by every mode but `never`', async () => {
    for (const comment of ['always', 'changes', 'failures', 'never'] as const) {
      const hosting = hostWithPull();
      await shownBy(fail, {}, hosting);
      const { announced } = await shownBy(pass, { comment, base: found() }, hosting);
      expect(announced.comment.did).toBe(comment === 'never' ? 'nothing' : 'edited');
    }
  });

  test('keeps the results of earlier commits', async () => {
    const hosting = hostWithPull();
    await shownBy(fail, {}, hosting);
    hosting.pulls.set(17, { ...hosting.pulls.get(17)!, head: { commit: NEWER, repository: 'o/r' } });
    const { body } = await shownBy(pass, { target: { pull: 17, commit: NEWER } }, hosting);
    expect(body).toContain('Earlier commits on this pull request (1)');
    expect(body).toContain('| `e41d07c` | ❌ fail |');
  });

  test('of another account, or with the marker further down, is nobody of ours', async () => {
    const hosting = hostWithPull();
    addWritten(hosting, `${MARKER}\n### forged`, 'mallory');
    addWritten(hosting, `Look:\n${MARKER}\n### quoted`);
    addWritten(hosting, `${MARKER} \n### almost`);
    const { announced } = await shownBy(pass, {}, hosting);
    expect(announced.comment).toEqual({ did: 'created', url: 'https://github.com/o/r/pull/17#4' });
  });

  test('that was made twice is edited where it is older, and nothing else is touched', async () => {
    const hosting = hostWithPull();
    addWritten(hosting, `${MARKER}\n### one`);
    addWritten(hosting, `${MARKER}\n### two`);
    await shownBy(pass, {}, hosting);
    expect(writes(hosting)).toEqual(['editComment(1)', 'setStatus(e41d07c, success)']);
  });

  test('of a commit that is not the head any more says so', async () => {
    const { body } = await shownBy(pass, {}, hostWithPull(NEWER));
    expect(body).toContain('Not about the newest commit');
    expect(body).toContain('`5aa9c03`');
  });

  test('with a result of the newest commit is not overwritten by an older one', async () => {
    const hosting = hostWithPull(NEWER);
    await shownBy(pass, { target: { pull: 17, commit: NEWER } }, hosting);
    const before = hosting.written[0]!.body;
    const { announced } = await shownBy(fail, {}, hosting);
    expect(hosting.written[0]!.body).toBe(before);
    expect(announced).toMatchObject({
      comment: { did: 'nothing', url: 'https://github.com/o/r/pull/17#1' },
      status: 'failure',
      isWhole: true,
    });
  });

  test('belongs to the newer commit when the caller says so', async () => {
    const { hosting, announced } = await shownBy(pending, {
      supersededBy: NEWER,
      ownsComment: false,
      isFinal: true,
    });
    expect(hosting.calls).toEqual([`status(e41d07c, ${CONTEXT})`, 'setStatus(e41d07c, error)']);
    expect(announced.isWhole).toBe(true);
  });

  test('of a closed pull request is brought to its end and not begun', async () => {
    const closed = hostWithPull(HEAD, false);
    expect((await shownBy(fail, {}, closed)).hosting.written).toEqual([]);
    const hosting = hostWithPull();
    await shownBy(pending, {}, hosting);
    hosting.pulls.set(17, { ...hosting.pulls.get(17)!, isOpen: false });
    expect((await shownBy(fail, {}, hosting)).announced.comment.did).toBe('edited');
  });

  test('of a pull request that is gone is not looked for, and the status is written', async () => {
    const hosting = hostWithPull();
    hosting.pulls.clear();
    const { announced } = await shownBy(fail, {}, hosting);
    expect(hosting.calls).toEqual(['pull(17)', `status(e41d07c, ${CONTEXT})`, 'setStatus(e41d07c, failure)']);
    expect(announced).toMatchObject({ isWhole: true, warnings: [] });
  });

  test('that somebody deleted in this moment is made again', async () => {
    const hosting = hostWithPull();
    await shownBy(pending, {}, hosting);
    hosting.fail('editComment', new HostingError('GitHub refused: "Not Found"', 404));
    const { announced } = await shownBy(fail, {}, hosting);
    expect(announced).toMatchObject({ comment: { did: 'created' }, warnings: [] });
  });

  test('keeps the last complete result while a run is pending', async () => {
    const last = { commit: '77ab012'.padEnd(40, '0'), report: pass };
    expect((await shownBy(pending, { last })).body).toContain('Last complete result: ✅ pass for 77ab012');
    expect((await shownBy(fail, { last })).body).not.toContain('Last complete result');
  });
});

describe('the check run', () => {
  test.each([
    [pending, null, 'fail'],
    [pass, 'success', 'fail'],
    [inconclusive, 'neutral', 'fail'],
    [inconclusive, 'failure', 'inconclusive'],
    [fail, 'failure', 'never'],
    [canceled, 'failure', 'fail'],
  ] as const)('ends as the verdict says: case %#', async (report, conclusion, failOn) => {
    const { hosting, announced, body } = await shownBy(report, { check: true, failOn });
    const [check] = hosting.checks.values();
    expect(check).toMatchObject({ name: `${CONTEXT}/report`, conclusion, title: report.headline });
    expect(check!.summary).toContain(report.headline);
    expect(check!.summary.length).toBeLessThanOrEqual(60_000);
    expect(announced.checkUrl).toBe('https://github.com/o/r/runs/1');
    expect(body).toContain('[check](https://github.com/o/r/runs/1)');
  });

  test('says the same while only time goes by', async () => {
    const one = await shownBy(pending, { check: true });
    const batches = pending.pending!.batches.map((batch) => ({ ...batch, looked: '12:00' }));
    const later: Report = { ...pending, pending: { ...pending.pending!, nextLook: '12:15 UTC', batches } };
    const two = await shownBy(later, { check: true, time: '2026-11-22 12:00 UTC' });
    expect([...two.hosting.checks.values()]).toEqual([...one.hosting.checks.values()]);
  });
});

describe('what fails', () => {
  const lack = (permission: string) => new PermissionError(permission, `lacks ${permission}`);
  const gone = new HostingError('GitHub failed with status 502 when this job wanted to go on.', 502);

  test.each([
    [
      'createComment',
      'pull-requests: write',
      'The commit status, the check run and the job summary still work.',
    ],
    ['comments', 'pull-requests: write', 'The commit status, the check run and the job summary still work.'],
    ['author', 'pull-requests: write', 'The commit status, the check run and the job summary still work.'],
    [
      'setStatus',
      'statuses: write',
      'The comment on the pull request, the check run and the job summary still work.',
    ],
    [
      'setCheck',
      'checks: write',
      'The comment on the pull request, the commit status and the job summary still work.',
    ],
    ['pull', 'pull-requests: read', 'The comment on the pull request, the commit status'],
  ] as const)('for want of a permission at %s is told once', async (call, permission, works) => {
    const hosting = hostWithPull();
    hosting.fail(call, lack(permission));
    const { announced } = await shownBy(fail, { check: true }, hosting);
    expect(announced.warnings).toHaveLength(1);
    expect(announced.warnings[0]).toContain(works);
    expect(announced.warnings[0]).toContain(`Add \`${permission}\` to \`permissions:\``);
    // It will not get better by itself.
    expect(announced.isWhole).toBe(true);
    expect(announced.comment.did).toBe(permission === 'pull-requests: write' ? 'nothing' : 'created');
    expect(announced.status).toBe(permission === 'statuses: write' ? null : 'failure');
    expect(announced.checkUrl === null).toBe(permission === 'checks: write');
  });

  test('to be read because the token may not is written all the same', async () => {
    const hosting = hostWithPull();
    hosting.fail('status', lack('statuses: read'));
    const { announced } = await shownBy(fail, {}, hosting);
    expect(announced).toMatchObject({ isWhole: true, warnings: [], status: 'failure' });
  });

  test('for want of all permissions is told once for each', async () => {
    const hosting = hostWithPull();
    hosting.fail('pull', lack('pull-requests: read'));
    hosting.fail('comments', lack('issues: read'));
    hosting.fail('status', lack('statuses: read'));
    hosting.fail('setStatus', lack('statuses: write'));
    hosting.fail('setCheck', lack('checks: read'));
    const { announced } = await shownBy(fail, { check: true }, hosting);
    expect(announced).toMatchObject({ comment: { did: 'nothing', url: null }, status: null, checkUrl: null });
    expect(announced.warnings).toEqual([
      'The comment on the pull request is not written, because the token of this job lacks `pull-requests: write`. The job summary still works. Add `pull-requests: write` to `permissions:` in the workflow.',
      'The check run is not written, because the token of this job lacks `checks: write`. The job summary still works. Add `checks: write` to `permissions:` in the workflow.',
      'The commit status is not written, because the token of this job lacks `statuses: write`. The job summary still works. Add `statuses: write` to `permissions:` in the workflow.',
    ]);
  });

  test.each(['pull', 'author', 'comments', 'createComment', 'status', 'setStatus', 'setCheck'] as const)(
    'by GitHub at %s leaves the target open and the others alone',
    async (call) => {
      const hosting = hostWithPull();
      hosting.fail(call, gone);
      const { announced } = await shownBy(fail, { check: true }, hosting);
      expect(announced.isWhole).toBe(false);
      expect(announced.warnings).toHaveLength(1);
      expect(announced.warnings[0]).toContain('status 502');
      expect(announced.warnings[0]).toContain('The next `collect` tries again.');
      hosting.fail(call, null);
      const again = await shownBy(fail, { check: true }, hosting);
      expect(again.announced).toMatchObject({ isWhole: true, warnings: [], status: 'failure' });
      expect(hosting.written).toHaveLength(1);
      expect(hosting.statuses).toHaveLength(1);
    },
  );

  test('for want of a permission is tried again where an earlier job had it and said that the run is pending', async () => {
    const hosting = hostWithPull();
    await shownBy(pending, {}, hosting);
    hosting.fail('setStatus', new PermissionError('statuses: write', 'x'));
    const { announced } = await shownBy(fail, {}, hosting);
    expect(announced.isWhole).toBe(false);
    expect(announced.warnings[0]).toContain('lacks `statuses: write`');
    hosting.fail('setStatus', null);
    const again = await shownBy(fail, {}, hosting);
    expect(again.announced).toMatchObject({ isWhole: true, warnings: [], status: 'failure' });
  });

  test('of a comment that says pending is tried again as well, and one that may not be looked for by a later job', async () => {
    const hosting = hostWithPull();
    await shownBy(pending, {}, hosting);
    hosting.fail('editComment', new PermissionError('pull-requests: write', 'x'));
    expect((await shownBy(fail, {}, hosting)).announced.isWhole).toBe(false);
    hosting.fail('editComment', null);
    hosting.fail('comments', new PermissionError('pull-requests: read', 'x'));
    expect((await shownBy(fail, { isLater: true }, hosting)).announced.isWhole).toBe(false);
    expect((await shownBy(fail, {}, hosting)).announced.isWhole).toBe(true);
    hosting.fail('comments', null);
    const again = await shownBy(fail, { isLater: true }, hosting);
    expect(again.announced).toMatchObject({ isWhole: true, comment: { did: 'edited' } });
  });

  test('because the commit is gone or has all the statuses it can take is not tried for ever', async () => {
    const hosting = hostWithPull();
    hosting.fail('setStatus', new HostingError('GitHub refused: "No commit found for SHA"', 422));
    const { announced } = await shownBy(fail, {}, hosting);
    expect(announced.isWhole).toBe(true);
    expect(announced.warnings[0]).toContain('It is not tried again.');
  });

  test('by a mistake of ours is no trouble of GitHub’s', async () => {
    const hosting = hostWithPull();
    hosting.fail('setStatus', new TypeError('x is not a function'));
    await expect(shownBy(fail, {}, hosting)).rejects.toThrow(TypeError);
  });

  test('is told in one harmless line', async () => {
    const hosting = hostWithPull();
    const evil = `x\n::error::y ##[error] \u202e ${'z'.repeat(2_000_000)}`;
    hosting.fail('setStatus', new HostingError(evil, 502));
    const [warning] = (await shownBy(fail, {}, hosting)).announced.warnings;
    expect(warning).not.toMatch(/[\n\u202e]|##\[/);
    expect(warning!.length).toBeLessThan(600);
  });

  test('gives the same sentence for every pipeline', async () => {
    const hosting = hostWithPull();
    hosting.fail('setStatus', lack('statuses: write'));
    const one = await shownBy(fail, {}, hosting);
    const two = await shownBy(pass, { pipeline: SAILOR }, hosting);
    expect(two.announced.warnings).toEqual(one.announced.warnings);
  });
});

const folder = new URL('../golden/announce/', import.meta.url);

/** Compares with the file, or writes it when UPDATE_GOLDEN is set; then look at the difference before committing. */
function matches(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL(file, folder), text);
  }
  expect(text).toBe(readFileSync(new URL(file, folder), 'utf8'));
}

/** What a person sees of one announcement: the calls, the comment's words that matter, statuses, checks, warnings. */
function pictureOf(hosting: MemoryHosting, announced: Awaited<ReturnType<typeof announce>>): string {
  const comments = hosting.written.flatMap(({ id, author, body }) => {
    const lines = body.split('\n');
    const heading = lines.find((line) => line.startsWith('### ')) ?? '';
    const lead = lines.slice(lines.indexOf(heading) + 1).find((line) => line !== '') ?? '';
    const shown = [lines[0], heading, lead, lines.at(-2)].map((line) => `    ${line}`);
    return [`  ${id} by ${author}`, ...shown];
  });
  return [
    'calls',
    ...hosting.calls.map((call) => `  ${call}`),
    'comments',
    ...comments,
    'statuses',
    ...hosting.statuses.flatMap(({ commit, state, context, description, url }) => [
      `  ${commit.slice(0, 7)} ${context}: ${state}`,
      `    ${description}`,
      `    ${url}`,
    ]),
    'check runs',
    ...[...hosting.checks.values()].flatMap(({ name, conclusion, title, summary, url }) => [
      `  ${name}: ${conclusion ?? 'in progress'}`,
      `    ${title}`,
      `    ${url}`,
      `    ${summary.split('\n')[0]}`,
    ]),
    'warnings',
    ...announced.warnings.map((warning) => `  ${warning}`),
    announced.isWhole ? 'the target may be closed' : 'the target stays open',
    '',
  ].join('\n');
}

describe('each situation', () => {
  const last = { commit: '77ab012'.padEnd(40, '0'), report: pass };
  const situations: Readonly<Record<string, () => Promise<string>>> = {
    'first-pending': async () => {
      const { hosting, announced } = await shownBy(pending, { cancel: 'gh workflow run octobatch-cancel' });
      return pictureOf(hosting, announced);
    },
    'nothing-new': async () => {
      const hosting = hostWithPull();
      await shownBy(pending, {}, hosting);
      hosting.calls.length = 0;
      const { announced } = await shownBy(pending, { time: '2026-11-22 11:24 UTC' }, hosting);
      return pictureOf(hosting, announced);
    },
    'result-after-pending': async () => {
      const hosting = hostWithPull();
      await shownBy(pending, { last }, hosting);
      hosting.calls.length = 0;
      const { announced } = await shownBy(fail, {}, hosting);
      return pictureOf(hosting, announced);
    },
    'pass-with-check': async () => {
      const { hosting, announced } = await shownBy(pass, { pipeline: SAILOR, check: true });
      return pictureOf(hosting, announced);
    },
    inconclusive: async () => {
      const { hosting, announced } = await shownBy(inconclusive, { pipeline: SAILOR });
      return pictureOf(hosting, announced);
    },
    'dry-run': async () => {
      const { hosting, announced } = await shownBy(dryRun, { pipeline: SAILOR, check: true });
      return pictureOf(hosting, announced);
    },
    'push-to-a-branch': async () => {
      const { hosting, announced } = await shownBy(pass, {
        pipeline: SAILOR,
        target: { pull: null, commit: HEAD },
      });
      return pictureOf(hosting, announced);
    },
    'superseded-while-pending': async () => {
      const hosting = hostWithPull(NEWER);
      await shownBy(pending, { target: { pull: 17, commit: NEWER } }, hosting);
      hosting.calls.length = 0;
      const part = { supersededBy: NEWER, ownsComment: false, isFinal: true };
      const { announced } = await shownBy(pending, part, hosting);
      return pictureOf(hosting, announced);
    },
    'stale-result': async () => {
      const { hosting, announced } = await shownBy(fail, {}, hostWithPull(NEWER));
      return pictureOf(hosting, announced);
    },
    deadline: async () => {
      const headline = 'Error: npc-dialogue did not finish before its deadline, 80 of 200 units valid';
      const { hosting, announced } = await shownBy({ ...deadline, headline });
      return pictureOf(hosting, announced);
    },
    'no-permissions': async () => {
      const hosting = hostWithPull();
      hosting.fail('comments', new PermissionError('pull-requests: read', 'x'));
      hosting.fail('setStatus', new PermissionError('statuses: write', 'x'));
      const { announced } = await shownBy(fail, {}, hosting);
      return pictureOf(hosting, announced);
    },
    outage: async () => {
      const hosting = hostWithPull();
      const down = (what: string) =>
        new HostingError(`GitHub failed with status 503 when this job wanted to ${what}.`, 503);
      hosting.fail('pull', down('read a pull request'));
      hosting.fail('status', down('read the status of a commit'));
      const { announced } = await shownBy(fail, {}, hosting);
      return pictureOf(hosting, announced);
    },
  };
  test.each(Object.keys(situations))('%s', async (name) => {
    matches(`${name}.txt`, await situations[name]!());
  });
});
