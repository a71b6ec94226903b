// What the comment tests have in common: surroundings of a made-up pull request, and texts that try to break out.

import type { CommentInput, Surroundings } from '../../src/report/comment.ts';
import { commentMarker } from '../../src/report/comment-marker.ts';
import type { ResultLine } from '../../src/report/history.ts';
import type { Report } from '../../src/report/report.ts';
import { fc } from '../property.ts';

export const HEAD = 'e41d07c9a0b1c2d3e4f5061728394a5b6c7d8e9f';
export const NEWER = '5aa9c03311223344556677889900aabbccddeeff';
export const BASE = '9c1f2ab000112233445566778899aabbccddeeff';

export const surroundings: Surroundings = {
  commit: HEAD,
  standing: { kind: 'current' },
  base: { kind: 'missing', branch: 'main' },
  links: {
    report: 'https://github.com/o/r/actions/runs/1/artifacts/2',
    run: 'https://github.com/o/r/actions/runs/1',
    check: null,
  },
  fork: null,
  cancel: null,
  time: '2026-11-22 10:09 UTC',
};

/** A comment's input with the parts that matter to a test. */
export function inputOf(report: Report, part: Partial<CommentInput> = {}): CommentInput {
  return {
    report,
    surroundings,
    marker: commentMarker(report.pipeline, report.provenance.path),
    history: [],
    last: null,
    ...part,
  };
}

/** An earlier commit's result; `digit` makes its commit. */
export function earlier(digit: string, part: Partial<ResultLine> = {}): ResultLine {
  return {
    commit: digit.repeat(40),
    verdict: 'pass',
    valid: 1000,
    planned: 1000,
    spent: '0.0148',
    figure: null,
    gate: null,
    ...part,
  };
}

/** Texts that try to become Markdown, HTML, links, mentions or commands. */
export const nasty = fc
  .array(
    fc.constantFrom(
      ...['`', '``', '```', '~~~', '|', '\\', '<!--', '-->', '<img src=x onerror=y>', '</details>', '</sub>'],
      ...[
        '@octocat',
        '#12',
        'GH-7',
        'https://evil.example',
        'www.evil.example',
        '[x](y)',
        '![i](j)',
        ':tada:',
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
      ],
      ...[
        '\ud800',
        '\u{e0041}',
        '\u001b[31m',
        ' ',
        'word',
        'deadbeef',
        '\n\n',
        '---',
        '&lt;',
        '$x$',
        '**',
        '_',
      ],
      ...[
        'same 0123456789abcdef',
        '<!-- octobatch-data 1\n',
        `\nresult ${'a'.repeat(40)} pass 1/1 0 - -\n-->\n`,
      ],
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''));

/** The Markdown without its fenced blocks and code spans: all that GitHub would interpret. */
export function interpreted(markdown: string): string {
  return markdown
    .replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '')
    .replace(/(?<!`)(`+)(?!`)([^\n]*?[^`])\1(?!`)/g, '');
}

/** What is left when our own markup is taken away as well: nothing in it may be alive. */
export function notOurs(body: string): string {
  const own = body.replace(/^<!-- octobatch [a-z0-9-]+ [0-9a-f]{8} -->\n/, '');
  return interpreted(own.replace(/^<!-- octobatch-data 1\n(?:(?:same|result) [^<>@#`[\]]*\n)*-->\n/, ''))
    .replace(/\[(?:HTML report|workflow run|check)\]\(https:\/\/github\.com\/o\/r\/[\w/~.%-]+\)/g, '')
    .replace(/^(<summary>.* for [0-9a-f]{7}<\/summary>)$/gm, '')
    .replace(/\$(?=[0-9])|<\/?details>|<\/?summary>|^<sub>|<\/sub>$/gm, '');
}

/** A report in which every text that is not ours is the nasty one. */
export function poisoned(report: Report, evil: string): Report {
  const { provenance, pending, error } = report;
  const poison = { provider: evil, model: evil, why: evil, fix: evil };
  return {
    ...report,
    gates: report.gates.map((gate) => ({ ...gate, name: evil, errors: 1, firstError: evil })),
    error: error === null ? null : { ...error, ...poison },
    cost: {
      ...report.cost,
      prices: report.cost.prices.map((price) => ({ ...price, provider: evil, model: evil, source: evil })),
      unpriced: [evil],
    },
    groups: report.groups.map((group) => ({ ...group, group: evil })),
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
      pending === null
        ? null
        : {
            ...pending,
            deadline: evil,
            nextLook: evil,
            goOn: evil,
            fullQueues: [evil],
            batches: pending.batches.map((batch) => ({
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
