// Names that a run brings into what is said of changes, groups, figures and early ends: each goes through a sink, on every
// surface.
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { commentBody } from '../../src/report/comment.ts';
import { analysisToCsv } from '../../src/report/csv-analysis.ts';
import { writeHeadline } from '../../src/report/headline.ts';
import { toHtml } from '../../src/report/html.ts';
import { layOutComparison, type RunComparison } from '../../src/report/layout-comparison.ts';
import { toMarkdown, writeBlocks } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';
import { reportStopped } from '../../src/report/stopped.ts';
import { layOutAnalysis } from '../../src/report/tables-analysis.ts';
import { blocksToTerminal, toTerminal } from '../../src/report/terminal.ts';
import { fc } from '../property.ts';
import { baseOf, heldReport, made, type UnitFields } from './changes-scene.ts';
import { earlier, inputOf, interpreted, nasty, surroundings } from './comment-scene.ts';

const bounds = { region: { atLeast: -0.02, atMost: null }, confidence: 0.95 } as const;
const gates: readonly Gate[] = [
  { kind: 'share_change', name: 'no drop', expr: "end == 'won'", ...bounds },
  { kind: 'mean_change', name: 'as long', expr: 'rounds', ...bounds },
  { kind: 'share_change', name: 'unknown', expr: 'nothing', ...bounds },
  {
    ...bounds,
    kind: 'share_difference',
    name: 'a less b',
    expr: "end == 'won'",
    by: 'hero',
    of: 'a',
    minus: 'b',
  },
];

const unitsOf = (moved: number): UnitFields[] =>
  Array.from({ length: 60 }, (_, at) => ({
    end: (at * 7 + (at % 5 === 0 ? moved : 0)) % 3 === 0 ? 'won' : 'lost',
    hero: at % 2 === 0 ? 'a' : 'b',
    rounds: (at % 7) + moved,
  }));

const report = {
  outcomes: ['end'],
  metrics: ['rounds'],
  groupBy: 'hero',
  figures: [
    { kind: 'net', name: 'net end', field: 'end', values: { won: 1, lost: -1 } },
    { kind: 'custom', name: 'top', expr: 'max(rounds)' },
    { kind: 'custom', name: 'broken', expr: 'end[0]' },
  ],
} as const;

const before = made({ units: unitsOf(0), gates, report });
const after = made({ units: unitsOf(1), gates, report });
const figure = { n: 100, value: 0.5, low: 0.4, high: 0.6 };
const round = [
  { ...figure, name: 'a', goesOn: true },
  { ...figure, name: 'b', goesOn: false },
];
const stopped = reportStopped(
  {
    stop: {
      every: 100,
      rule: { kind: 'best', by: 'hero', of: { kind: 'mean', expr: 'rounds' }, wants: 'highest', fresh: 100 },
    },
    look: 2,
    looks: 2,
    units: 300,
    most: 300,
    otherwise: 500,
    isOver: true,
    enough: true,
    found: { kind: 'best', rounds: [round], left: ['a'], fresh: figure },
  },
  null,
);
const gains = [
  { coupling: 'antithetic', kind: 'gate', name: 'no drop', label: null, factor: 2, units: 100 },
  { coupling: 'common', kind: 'share', name: 'end', label: 'won', factor: 0.5, units: 100 },
] as const;
const whole: Report = { ...heldReport(after, baseOf(before)), stopped, gains };

/** Under which keys a name stands that somebody else gave. Of tests, the names are ours. */
const NAMES = new Set(
  'name label group groupBy field value firstError pipeline by of minus left unit before after models expr'.split(
    ' ',
  ),
);
const OURS = new Set(['tests', 'test', 'effect', 'provenance', 'cost']);

function poisoned<T>(value: T, evil: string, key = ''): T {
  if (typeof value === 'string') return (NAMES.has(key) ? evil : value) as T;
  if (Array.isArray(value)) return value.map((one) => poisoned(one, evil, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, one]) => [
    name,
    OURS.has(name) ? one : poisoned(one, evil, name),
  ]);
  return Object.fromEntries(entries) as T;
}

/** The report as it would be of a run with these names. */
function reportWith(evil: string): Report {
  const all = poisoned(whole, evil);
  return { ...all, headline: writeHeadline(all) };
}

const side = { name: 'x', planned: 60, valid: 60, failed: 0, inFlight: 0, simulated: false, models: ['m'] };
const compared: RunComparison = {
  base: side,
  head: { ...side, models: ['n'] },
  isSame: false,
  unpaired: null,
  baseOnly: 1,
  headOnly: 0,
  comparison: whole.against!.comparison,
  gates: whole.gates.filter(({ kind }) => kind.endsWith('_change')),
  units: [{ unit: 'u', before: 'x', after: 'y' }],
};
const analysed = {
  name: 'x',
  simulated: false,
  units: { planned: 60, valid: 60, failed: 0, inFlight: 0 },
  failures: {},
  found: false,
  groupBy: 'hero',
  overall: whole.overall,
  groups: whole.groups,
  unitsInMoreGroups: 3,
};

function isDead(markdown: string): void {
  const left = interpreted(markdown).replace(/\$(?=[0-9])|<\/?(?:details|summary|sub)>/g, '');
  expect(left).not.toMatch(/[<>@`\\&$[\]]|#[0-9]|https?:|www\.|\bGH-|:tada:|\bdeadbeef\b/);
  expect(left).not.toMatch(/^\s*(---|- )/m);
  expect(left).not.toMatch(/[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u);
}

function isStill(text: string): void {
  expect(text).not.toMatch(/##\[|(?!\n)\p{Cc}|[\p{Cf}\p{Cs}]/u);
  for (const line of text.split('\n')) expect(line.trimStart()).not.toMatch(/^::/);
}

describe('what is said of changes, groups, figures and early ends', () => {
  test('has every part that could be poisoned', () => {
    expect(whole.against?.comparison?.changes.length).toBeGreaterThan(0);
    expect(whole.against?.comparison?.groups.length).toBe(2);
    expect(whole.groups[0]?.figures).toHaveLength(3);
    expect(whole.gates.some(({ firstError }) => firstError !== null)).toBe(true);
    expect(whole.gates.some(({ sides }) => sides?.of?.name === 'a')).toBe(true);
  });

  test('is dead in the report and in the comment', () => {
    fc.assert(
      fc.property(nasty, (evil) => {
        const evilReport = reportWith(evil);
        isDead(toMarkdown(evilReport));
        const result = earlier('a');
        const base = { kind: 'found', branch: evil, result, isMoved: true } as const;
        const body = commentBody(inputOf(evilReport, { surroundings: { ...surroundings, base } }));
        isDead(
          body
            .replace(/^<!--[\s\S]*?-->$/gm, '')
            .replace(/\]\(https:\/\/github\.com\/[\w/]+\)/g, '')
            .replace(/\[(?=HTML|workflow)/g, ''),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('moves no cursor and commands no runner', () => {
    fc.assert(
      fc.property(nasty, fc.constantFrom(40, 80, 120), (evil, width) => {
        const screen = { color: false, width };
        isStill(toTerminal(reportWith(evil), screen));
        isStill(blocksToTerminal(layOutComparison(poisoned(compared, evil)), screen));
        isStill(blocksToTerminal(layOutAnalysis(poisoned(analysed, evil)), screen));
        isDead(writeBlocks(layOutComparison(poisoned(compared, evil))));
        isDead(writeBlocks(layOutAnalysis(poisoned(analysed, evil))));
      }),
      { numRuns: 60 },
    );
  });

  test('is text on the page', () => {
    // Every tag with the names of its attributes; what stands in quotes is text.
    const tags = (html: string): readonly string[] =>
      (html.match(/<[a-z/!](?:"[^"]*"|[^>"])*>/gi) ?? []).map((tag) => tag.replace(/"[^"]*"/g, '""'));
    const named = (tag: string): string => tag.split(/[\s>]/)[0] ?? '';
    const known = new Set(tags(toHtml(whole, [])).map(named));
    fc.assert(
      fc.property(nasty, (evil) => {
        const html = toHtml(reportWith(evil), []);
        for (const tag of tags(html)) {
          expect(known).toContain(named(tag));
          expect(tag).not.toMatch(/\son[a-z]+\s*=/i);
        }
        expect(html).not.toMatch(/[\u202e\u200b\u0000\u001b]/);
      }),
      { numRuns: 30 },
    );
  });

  test('is no formula in a table', () => {
    fc.assert(
      fc.property(nasty, fc.constantFrom('=', '+', '-', '@', '\t', ''), (evil, first) => {
        const csv = analysisToCsv(poisoned(analysed, first + evil));
        for (const row of parse(csv) as string[][])
          for (const cell of row) expect(cell).not.toMatch(/^[=+@\t\r]|^-(?!\d)/);
      }),
      { numRuns: 60 },
    );
  });
});
