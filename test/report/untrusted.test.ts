import { expect, test } from 'vitest';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import { fc } from '../property.ts';
import { dialogue, paused, reportOf, waiting } from './fixture.ts';

const nasty = fc
  .array(
    fc.constantFrom(
      ...[
        '`',
        '``',
        '```',
        '~~~',
        '|',
        '\\',
        '<!--',
        '-->',
        '<img src=x onerror=y>',
        '</details>',
        '</summary>',
      ],
      ...[
        '@octocat',
        '#12',
        'GH-7',
        'https://evil.example',
        'www.evil.example',
        '[x](y)',
        '![i](j)',
        ':tada:',
        '$x$',
      ],
      ...[
        '\u202e',
        '\u200b',
        '\u0000',
        '\n',
        '\r\n',
        '\u2028',
        '\t',
        '::error::x',
        '##[error]',
        '\n# ',
        '\n- ',
        '**',
        '_',
      ],
      ...['\ud800', '\u{e0041}', '\u001b[31m', ' ', 'word', 'deadbeef', '\n\n', '---', '&lt;', '&#64;'],
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** What a provider may say in an error. */
const POISON = (evil: string) => ({ provider: evil, model: evil, why: evil, fix: evil });

/** A report in which every text that is not ours is the nasty one. */
function poisoned(report: Report, evil: string): Report {
  const { provenance } = report;
  return {
    ...report,
    gates: report.gates.map((gate) => ({ ...gate, name: evil, errors: 1, firstError: evil })),
    error: report.error === null ? null : { ...report.error, ...POISON(evil) },
    cost: {
      ...report.cost,
      prices: report.cost.prices.map((price) => ({ ...price, provider: evil, model: evil, source: evil })),
      unpriced: [evil],
    },
    steps: report.steps.map((step) => ({ ...step, step: evil, model: evil, provider: evil })),
    failures: report.failures.map((failure) => ({
      ...failure,
      unit: evil,
      step: evil,
      reason: evil,
      raw: evil,
    })),
    notRun: [{ name: evil, reason: evil }],
    provenance: {
      ...provenance,
      path: evil,
      seed: evil,
      runId: evil,
      provider: evil,
      model: evil,
      replays: evil,
      reproduce: evil,
    },
    pending:
      report.pending === null
        ? null
        : {
            ...report.pending,
            deadline: evil,
            nextLook: evil,
            goOn: evil,
            fullQueues: [evil],
            batches: report.pending.batches.map((batch) => ({
              ...batch,
              provider: evil,
              batch: evil,
              sent: evil,
              looked: evil,
            })),
          },
    timing: { started: evil, finished: evil, elapsedMs: 1 },
  };
}

/** The Markdown without its fenced blocks and code spans: all that GitHub would interpret. */
function interpreted(markdown: string): string {
  return markdown
    .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<!`)(`+)(?!`)([^\n]*?[^`])\1(?!`)/g, '');
}

const scene = dialogue();

/** The dialogue with the nasty text as a field's value, a group, a unit and an answer; names pass the schema only. */
function analysed(evil: string): Report {
  const records = scene.records.slice(0, 24).map((record): UnitRecord => {
    const fields = new Map([...record.fields, ['tone', evil] as const, ['npc', evil] as const]);
    return record.kind === 'valid' ? { ...record, fields } : { ...record, fields, unit: evil };
  });
  return reportOf({ ...scene, records, pipeline: { ...scene.pipeline, name: evil } });
}

test('nothing a model, a provider or a file name says is alive in the comment', () => {
  const blocked = reportOf(paused({ kind: 'blocked', provider: 'x', why: 'x' }));
  const unusable = reportOf(paused({ kind: 'unusable', provider: 'x', model: 'x', why: 'x', fix: 'x' }));
  const reports = (evil: string) => [
    poisoned(analysed(evil), evil),
    poisoned(reportOf(waiting()), evil),
    poisoned(blocked, evil),
    poisoned(unusable, evil),
  ];
  fc.assert(
    fc.property(nasty, (evil) => {
      for (const report of reports(evil)) {
        const left = interpreted(toMarkdown(report)).replace(/\$(?=[0-9])|<\/?details>|<\/?summary>/g, '');
        expect(left).not.toMatch(/[<>@`\\&$[\]]|#[0-9]|https?:|www\.|\bGH-|:tada:|\bdeadbeef\b/);
        // Bold and headings are ours only: the one heading, and bold that begins and ends on its line.
        expect(left.match(/^\s*#/gm)?.length).toBe(1);
        expect(left).not.toMatch(/^\s*(---|- )/m);
        expect(left).not.toMatch(/[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
      }
    }),
    { numRuns: 60 },
  );
});

test('no line of the terminal text is a workflow command or moves the cursor', () => {
  fc.assert(
    fc.property(nasty, fc.constantFrom(40, 80, 120), (evil, width) => {
      for (const report of [poisoned(analysed(evil), evil), poisoned(reportOf(waiting()), evil)]) {
        const text = toTerminal(report, { color: false, width });
        expect(text).not.toMatch(/##\[|(?!\n)\p{Cc}|[\p{Cf}\p{Cs}]/u);
        for (const line of text.split('\n')) expect(line.trimStart()).not.toMatch(/^::/);
      }
    }),
    { numRuns: 60 },
  );
});
