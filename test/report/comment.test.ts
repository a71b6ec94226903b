import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errorOfPause } from '../../src/engine/run-error.ts';
import {
  COMMENT_LIMIT,
  type CommentInput,
  commentBody,
  isSameBody,
  summaryBody,
} from '../../src/report/comment.ts';
import { readHistory } from '../../src/report/comment-data.ts';
import { commentMarker, findOwnComment } from '../../src/report/comment-marker.ts';
import { HEADLINE_LIMIT } from '../../src/report/headline.ts';
import { resultLine } from '../../src/report/history.ts';
import type { Report } from '../../src/report/report.ts';
import { BASE, earlier, HEAD, inputOf, interpreted, NEWER, surroundings } from './comment-scene.ts';
import { canceled, dialogue, paused, reportOf, sailor, shipGate, validGate, waiting } from './fixture.ts';

const folder = new URL('../golden/comment/', import.meta.url);

/** Compares with the file, or writes it when UPDATE_GOLDEN is set; then look at the difference before committing. */
function matches(file: string, text: string): void {
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL(file, folder), text);
  }
  expect(text).toBe(readFileSync(new URL(file, folder), 'utf8'));
}

const pass = reportOf(sailor({ simulated: false, gates: [shipGate, validGate] }));
const simulated = reportOf(sailor({ gates: [shipGate, validGate] }));
const unsure = reportOf(sailor({ simulated: false, units: 100, gates: [shipGate] }));
const fail = reportOf(dialogue());
const pending = reportOf(waiting());
const budget = reportOf(
  paused(
    errorOfPause({ kind: 'budget', needs: 310_000_123_456n, left: 19_000_000_000n, cap: 250_000_000_000n }),
  ),
);
const blocked = reportOf(
  paused({ kind: 'blocked', provider: 'gemini', why: 'Quota exceeded\n::error::see https://example.com' }),
);
const none: Report = {
  ...fail,
  verdict: 'error',
  headline: 'Error: npc-dialogue, none of 200 units gave a valid result',
  gates: [],
  units: { planned: 200, valid: 0, failed: 200, inFlight: 0 },
};
const onMain = resultLine(reportOf(sailor({ simulated: false, units: 900, gates: [shipGate] })), BASE)!;
const last = { commit: '77ab012'.padEnd(40, '0'), report: fail };

/** A report with more of everything than a comment has room for. */
function overlong(report: Report): Report {
  const gate = report.gates[0]!;
  const names = Array.from({ length: 400 }, (_, i) => `gate number ${i} on what the witch says to the smith`);
  return {
    ...report,
    gates: names.map((name, i) => ({ ...gate, name, state: i % 8 === 0 ? 'fail' : 'pass' })),
    notRun: names.map((name) => ({ name, reason: 'scripts are not run by this version' })),
  };
}

const history = [
  earlier('7', { verdict: 'inconclusive', figure: onMain.figure, gate: onMain.gate }),
  earlier('0', { verdict: 'fail', spent: null, figure: '31%', gate: '00000000' }),
];
const fork: CommentInput['surroundings'] = {
  ...surroundings,
  base: { kind: 'none' },
  fork: {
    origin: 'fork',
    estimate: {
      requests: { least: 600, most: 1200 },
      tokens: { least: 500_000, most: 1_000_000 },
      cost: { least: '0.06', most: '0.11' },
      cap: '1.00',
    },
    paidRun: `gh workflow run octobatch-paid -f pr=17 -f sha=${HEAD}`,
  },
};

const scenes: Record<string, CommentInput> = {
  pass: inputOf(pass, {
    history,
    surroundings: { ...surroundings, base: { kind: 'found', branch: 'main', result: onMain } },
  }),
  fail: inputOf(fail),
  inconclusive: inputOf(unsure, {
    surroundings: {
      ...surroundings,
      base: { kind: 'not_comparable', branch: 'main', result: onMain, reason: 'the items differ' },
    },
  }),
  pending: inputOf(pending, {
    last,
    history: [resultLine(last.report, last.commit)!],
    surroundings: {
      ...surroundings,
      links: { ...surroundings.links, report: null },
      cancel: 'gh workflow run octobatch-cancel -f run=npc-dialogue-b5bb9d8014',
    },
  }),
  fork: inputOf(simulated, { surroundings: fork }),
  stale: inputOf(pass, { surroundings: { ...surroundings, standing: { kind: 'stale', head: NEWER } } }),
  canceled: inputOf(reportOf(canceled()), { last }),
  superseded: inputOf(reportOf(canceled()), {
    surroundings: { ...surroundings, standing: { kind: 'superseded', by: NEWER } },
  }),
  budget: inputOf(budget, { last }),
  blocked: inputOf(blocked),
  error: inputOf(none),
  overlong: inputOf(overlong(fail), { history }),
};

describe.each(Object.entries(scenes))('%s', (name, input) => {
  const body = commentBody(input);
  const lines = body.split('\n');

  test('reads as its golden comment', () => matches(`${name}.md`, body));
  test('begins with its marker and stays within the limit', () => {
    expect(lines[0]).toBe(input.marker);
    expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
  });
  test('has a first visible line of at most 110 characters', () => {
    const heading = lines[lines.indexOf('-->') + 1] ?? '';
    expect(heading).toMatch(/^### /);
    expect([...heading.slice(4)].length).toBeLessThanOrEqual(HEADLINE_LIMIT);
  });
  test('names its commit, its seed and its cost', () => {
    expect(lines.at(-2)).toContain('For commit `e41d07c`');
    expect(lines.at(-2)).toContain('seed `42`');
    expect(body).toMatch(/\$[0-9]|nothing spent/);
  });
  test('opens and closes every part', () => {
    expect(body.match(/<details>/g)?.length ?? 0).toBe(body.match(/<\/details>/g)?.length ?? 0);
    expect(interpreted(body)).not.toMatch(/^`{3,}/m);
  });
});

test('a summary is the same page without marker and history', () => {
  const text = summaryBody(pass, 900_000, scenes.pass!.surroundings);
  expect(text.startsWith('### ✅ Pass')).toBe(true);
  expect(text).not.toContain('Earlier commits');
  expect(summaryBody(pass, 900_000)).not.toContain('For commit');
});

test('a missing base is said and no change is made up', () => {
  expect(commentBody(scenes.fail!)).toContain('No result for main yet, so nothing is compared.');
  expect(commentBody(scenes.fail!)).toContain('no result for main yet');
});

test('a figure of the base stands only beside the gate it was measured for', () => {
  expect(commentBody(scenes.pass!)).toMatch(/On main \(`9c1f2ab`\): .*the ship is reached .*%/);
  const other = { ...onMain, gate: '00000000' };
  const input = inputOf(pass, {
    surroundings: { ...surroundings, base: { kind: 'found', branch: 'main', result: other } },
  });
  expect(commentBody(input)).toMatch(/On main \(`9c1f2ab`\): \w+, 900 of 900 units valid/);
});

test.each(['fork', 'dependabot'] as const)(
  'a run without secrets (%s) says so first, whatever its name',
  (origin) => {
    const paidRun = 'gh workflow run octobatch-paid';
    for (const pipeline of ['x', 'a'.repeat(40), 'a'.repeat(64), '@octocat', 'a.b']) {
      const text = summaryBody({ ...simulated, pipeline }, 900_000, {
        ...surroundings,
        fork: { origin, estimate: null, paidRun },
      });
      const heading = text.split('\n')[0] ?? '';
      expect([...heading.slice(4)].length).toBeLessThanOrEqual(HEADLINE_LIMIT);
      expect(heading).toMatch(/^### ⏸️ Dry run: .*(fork|Dependabot)$/);
      expect(heading).not.toMatch(/[@.]/);
      expect(text).toContain(paidRun);
    }
  },
);

test('a run without secrets that gave nothing keeps its error as the first line', () => {
  const text = summaryBody(none, 900_000, { ...surroundings, fork: fork.fork });
  expect(text).toMatch(/^### 🛑 Error/);
  expect(text).toContain('gh workflow run octobatch-paid');
});

test('a report that was judged says nothing of an earlier result', () => {
  expect(commentBody(inputOf(pass, { last }))).not.toContain('Last complete result');
});

test('what is no plain address on https becomes no link', () => {
  for (const url of [
    'javascript:alert(1)',
    'http://example.com/a',
    'https://a.b/c) [x](d',
    'https://a.b/?q=1',
  ]) {
    const links = { report: url, run: null, check: null };
    expect(commentBody(inputOf(pass, { surroundings: { ...surroundings, links } }))).not.toContain(url);
  }
});

describe('the same comment', () => {
  const again = (part: Partial<CommentInput['surroundings']>, report: Report = pending) =>
    commentBody({ ...scenes.pending!, report, surroundings: { ...scenes.pending!.surroundings, ...part } });
  const before = commentBody(scenes.pending!);

  test('is not edited for the time, the last and the next look, or an address', () => {
    const looked: Report = {
      ...pending,
      timing: { started: null, finished: '2026-11-22 11:15 UTC', elapsedMs: 999_999 },
      pending: {
        ...pending.pending!,
        nextLook: '11:30 UTC',
        batches: pending.pending!.batches.map((batch) => ({ ...batch, looked: '11:15' })),
      },
    };
    const links = { ...scenes.pending!.surroundings.links, run: 'https://github.com/o/r/actions/runs/9' };
    const after = again({ time: '2026-11-22 11:15 UTC', links }, looked);
    expect(after).not.toBe(before);
    expect(isSameBody(before, after)).toBe(true);
    expect(isSameBody(`${before.replace(/\n/g, '\r\n')}\r\n`, after)).toBe(true);
  });

  test('is edited when a batch comes back, when the head moves, when a report can be opened', () => {
    const batches = pending.pending!.batches.map((batch) => ({ ...batch, state: 'back' as const }));
    const back = { ...pending, pending: { ...pending.pending!, batches } };
    expect(isSameBody(before, again({}, back))).toBe(false);
    expect(isSameBody(before, again({ standing: { kind: 'stale', head: NEWER } }))).toBe(false);
    expect(isSameBody(before, again({ links: surroundings.links }))).toBe(false);
  });

  test('of another pipeline is another one', () => {
    const other = commentBody({ ...scenes.pending!, marker: commentMarker('other', 'examples/other') });
    expect(isSameBody(before, other)).toBe(false);
  });

  test('without hidden lines is compared as text', () => {
    expect(isSameBody('a\r\nb\n', 'a\nb')).toBe(true);
    expect(isSameBody('a', 'b')).toBe(false);
    expect(isSameBody(before, 'a')).toBe(false);
  });
});

test('push after push, the comment keeps the results of at most ten earlier commits', () => {
  const marker = scenes.pass!.marker;
  let body = '';
  for (let push = 0; push < 14; push++) {
    const commit = push.toString(16).repeat(40);
    const at = { ...surroundings, commit };
    const waits = inputOf(pending, { marker, history: readHistory(body, marker), surroundings: at });
    body = commentBody(waits);
    body = commentBody(inputOf(pass, { marker, history: readHistory(body, marker), surroundings: at }));
  }
  const kept = readHistory(body, marker).map((line) => line.commit[0]);
  expect(kept).toEqual(['d', 'c', 'b', 'a', '9', '8', '7', '6', '5', '4']);
  expect(body).toContain('Earlier commits on this pull request (10)');
});

test('our comment is the oldest that we wrote and that begins with the marker, among any number', () => {
  const own = {
    author: 'github-actions[bot]',
    marker: commentMarker('drunken-sailor', 'examples/drunken-sailor'),
  };
  const say = (id: number, author: string | null, body: string | null) => ({ id, author, body });
  const others = Array.from({ length: 150 }, (_, i) => say(i, 'octocat', `${own.marker}\nforged ${i}`));
  const comments = [
    ...others,
    say(160, null, null),
    say(170, own.author, `I quote:\n${own.marker}`),
    say(180, own.author, ` ${own.marker}`),
    say(185, own.author, `${own.marker} and more`),
    say(187, own.author, commentMarker('drunken-sailor', 'examples/other')),
    say(200, own.author, `${own.marker}\r\nsecond`),
    say(190, own.author, `${own.marker}\nfirst`),
  ];
  expect(findOwnComment(comments, own)?.id).toBe(190);
  expect(findOwnComment(others, own)).toBeNull();
});

test('a marker holds only the slug and a hash of the path', () => {
  expect(commentMarker('Drunken Sailor', 'a')).toMatch(/^<!-- octobatch drunken-sailor [0-9a-f]{8} -->$/);
  expect(commentMarker('--> <b>@x', 'a')).toMatch(/^<!-- octobatch b-x [0-9a-f]{8} -->$/);
  expect(commentMarker('…', 'a')).toMatch(/^<!-- octobatch pipeline [0-9a-f]{8} -->$/);
  expect(commentMarker('x', 'a')).not.toBe(commentMarker('x', 'b'));
});
