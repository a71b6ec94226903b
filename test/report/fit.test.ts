import { expect, test } from 'vitest';
import { COMMENT_LIMIT, commentBody, summaryBody } from '../../src/report/comment.ts';
import { fitText, layOutAt, RUNGS, reaches } from '../../src/report/fit.ts';
import { writeBlocks } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';
import { fc } from '../property.ts';
import { earlier, HEAD, inputOf, NEWER, nasty, notOurs, poisoned, surroundings } from './comment-scene.ts';
import { dialogue, paused, reportOf, sailor, shipGate, waiting } from './fixture.ts';

const judged = reportOf(dialogue());
const pending = reportOf(waiting());
const blocked = reportOf(paused({ kind: 'blocked', provider: 'x', why: 'x' }));
const simulated = reportOf(sailor({ gates: [shipGate] }));
const bytes = (text: string) => Buffer.byteLength(text, 'utf8');

/** Everything in great numbers: gates, groups, steps, batches, failures, entries that are not run. */
function swollen(report: Report, times: number): Report {
  const many = <T>(list: readonly T[]) => Array.from({ length: times }, (_, i) => list[i % list.length]!);
  const { pending: waits } = report;
  return {
    ...report,
    gates: report.gates.length === 0 ? [] : many(report.gates),
    groups: report.groups.length === 0 ? [] : many(report.groups),
    steps: many(report.steps),
    failures: report.failures.length === 0 ? [] : many(report.failures),
    notRun: many([{ name: 'scripts/tidy.py', reason: 'not run' }]),
    pending:
      waits === null || waits.batches.length === 0 ? waits : { ...waits, batches: many(waits.batches) },
  };
}

const wide = inputOf(judged, {
  history: [earlier('7'), earlier('0')],
  last: { commit: HEAD, report: judged },
  surroundings: { ...surroundings, standing: { kind: 'stale', head: NEWER } },
});

/** What people see, without the limit that is named in it. */
const shown = (body: string) => body.slice(body.indexOf('-->\n###')).replace(/to stay within [\d,]+/, '');

test('the fullest text that fits is taken, and the last one when none does', () => {
  const write = (rung: string) => 'x'.repeat(100 * (RUNGS.length - RUNGS.indexOf(rung as 'all')));
  expect(fitText(600, (text) => text.length, write).rung).toBe('all');
  expect(fitText(599, (text) => text.length, write).rung).toBe('no_history');
  expect(fitText(5, (text) => text.length, write)).toEqual({ text: 'x'.repeat(100), rung: 'first_line' });
  expect(reaches('all', 'no_groups')).toBe(true);
  expect(reaches('open_gates', 'no_groups')).toBe(false);
});

test('a smaller limit never gives a longer text', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(judged, pending, blocked, simulated),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1000, max: 60_000 }),
      fc.integer({ min: 1000, max: 60_000 }),
      (report, times, a, b) => {
        const input = { ...wide, report: swollen(report, times) };
        const body = (limit: number) => commentBody(input, limit).replace(/to stay within [\d,]+/, '');
        const page = (limit: number) => summaryBody(input.report, limit).replace(/to stay within [\d,]+/, '');
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(body(less).length).toBeLessThanOrEqual(body(more).length);
        expect(bytes(page(less))).toBeLessThanOrEqual(bytes(page(more)));
      },
    ),
    { numRuns: 40 },
  );
});

test('step by step the ladder drops history, failures, groups, then all but open gates', () => {
  const whole = commentBody(wide, 1_000_000);
  const bodies = new Set<string>();
  for (let limit = whole.length; limit > 1000; limit -= 50) bodies.add(shown(commentBody(wide, limit)));
  const has = (text: string) =>
    ['Earlier commits', 'failed units</summary>', 'By group', 'mean score', '❌\u00a0fail'].filter((part) =>
      text.includes(part),
    );
  expect([...bodies].map(has)).toEqual([
    ['Earlier commits', 'failed units</summary>', 'By group', 'mean score', '❌\u00a0fail'],
    ['failed units</summary>', 'By group', 'mean score', '❌\u00a0fail'],
    ['By group', 'mean score', '❌\u00a0fail'],
    ['mean score', '❌\u00a0fail'],
    ['❌\u00a0fail'],
    [],
  ]);
  for (const body of [...bodies].slice(1)) expect(body).toContain('Left out here');
  expect([...bodies][0]).not.toContain('Left out here');
  for (const body of bodies) {
    expect(body).toContain('of at most $0.25');
    expect(body).toContain('Not about the newest commit');
    expect(body).toContain('For commit `e41d07c`');
  }
});

test('while a run is pending the last result shrinks to a sentence and is never lost', () => {
  const input = { ...wide, report: { ...swollen(pending, 2000), steps: pending.steps } };
  const body = commentBody(input);
  expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
  expect(body).toContain('Last complete result: ❌ fail for `e41d07c`.');
  expect(body).toContain('the table of the last complete result');
  expect(body).toContain('Nothing to do.');
  expect(body).toContain('go on: `octobatch collect');
});

test('100,000 failures, and thousands of gates and groups, stay within both limits', () => {
  const huge = swollen(judged, 5000);
  const body = commentBody({ ...wide, report: huge });
  expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
  expect(body).toContain('failures.jsonl');
  expect(bytes(summaryBody(huge, 900_000))).toBeLessThanOrEqual(900_000);
  const failures = Array.from({ length: 100_000 }, () => judged.failures[0]!);
  const lost = { ...judged, failures, units: { ...judged.units, planned: 100_200, failed: 100_028 } };
  expect(commentBody({ ...wide, report: lost })).toContain('3 of 100,028 failed units');
});

test('an answer of 2 MB, whatever it is made of, fits', () => {
  const parts = [
    '`',
    '@octocat ',
    '\u{1f600}',
    '\n',
    '\u202e',
    '<img src=x>',
    'a',
    '::error::x\n',
    '|',
    '\ud800',
  ];
  for (const part of parts) {
    const evil = part.repeat(Math.ceil(2_000_000 / part.length));
    for (const report of [poisoned(judged, evil), poisoned(blocked, evil), poisoned(pending, evil)]) {
      const body = commentBody({ ...wide, report });
      expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT);
      expect(bytes(summaryBody(report, 900_000, surroundings))).toBeLessThanOrEqual(900_000);
    }
  }
});

test('even with the worst names the last rung is short', () => {
  for (const evil of ['`'.repeat(5000), '` '.repeat(5000), '\u{1f600}'.repeat(5000), '\u202e'.repeat(5000)]) {
    const input = { ...wide, report: swollen(poisoned(judged, evil), 100) };
    expect(commentBody(input, 0).length).toBeLessThan(8000);
    expect(writeBlocks(layOutAt(input.report, 'open_gates')).length).toBeLessThan(COMMENT_LIMIT);
  }
});

test('nothing untrusted is alive in a comment or a summary, on any rung', () => {
  fc.assert(
    fc.property(nasty, fc.constantFrom(60_000, 5000, 3000, 0), (evil, limit) => {
      const surrounded = {
        ...surroundings,
        commit: evil,
        cancel: evil,
        time: evil,
        links: {
          report: `https://github.com/o/r/${evil}`,
          run: `https://github.com/o/r/${evil}`,
          check: null,
        },
        fork: { origin: 'fork' as const, estimate: null, paidRun: evil },
      };
      const result = { ...earlier('7'), gate: '01234567', figure: '41%' };
      const places = [
        { ...surrounded, standing: { kind: 'stale', head: evil }, base: { kind: 'missing', branch: evil } },
        {
          ...surrounded,
          fork: null,
          standing: { kind: 'superseded', by: evil },
          base: { kind: 'not_comparable', branch: evil, reason: evil, result },
        },
      ] as const;
      for (const report of [judged, pending, blocked, simulated].map((one) => poisoned(one, evil))) {
        for (const place of places) {
          const last = { commit: evil, report: poisoned(judged, evil) };
          const input = inputOf(report, { surroundings: place, last, history: [earlier('7')] });
          for (const text of [commentBody(input, limit), summaryBody(report, limit * 15, place)]) {
            const left = notOurs(text);
            expect(left).not.toMatch(/[<>@`\\&$[\]]|#[0-9]|https?:|www\.|GH-|:tada:|\bdeadbeef\b/);
            expect(left.match(/^\s*#/gm)?.length).toBe(1);
            expect(left).not.toMatch(/^\s*(---|- )/m);
            expect(left).not.toMatch(/[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});
