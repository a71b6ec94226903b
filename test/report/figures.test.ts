// What a report shows of figures, of coupled draws and of loops that max_iterations ended: golden files, to be read.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { UnitRecord } from '../../src/analysis/record.ts';
import type { Value } from '../../src/expression/values.ts';
import type { FigureSpec } from '../../src/pipeline/pipeline.ts';
import { gainBlocks } from '../../src/report/gain-sentences.ts';
import { resultSection } from '../../src/report/html-results.ts';
import type { PageInput } from '../../src/report/html-section.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';
import { cappedSentence } from '../../src/report/sentences.ts';
import { figureRows } from '../../src/report/tables-figures.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import {
  createDraws,
  expressionStep,
  pipelineOf,
  provenance,
  reportOf,
  type Scene,
  stepAccount,
} from './fixture.ts';

const FIGURES: readonly FigureSpec[] = [
  { kind: 'net', name: 'net outcome', field: 'outcome', values: { win: 1, lose: -1 } },
  { kind: 'quantile', name: '90% quantile of steps', field: 'steps', at: 0.9 },
  { kind: 'quantile', name: '99.9% quantile of steps', field: 'steps', at: 0.999 },
  { kind: 'ratio', name: 'hits per try', of: 'hits', to: 'tries' },
  { kind: 'rate', name: 'falls per 1000 steps', events: 'falls', per: 'steps / 1000' },
  { kind: 'rate', name: 'ruins per 1000 steps', events: 'ruins', per: 'steps / 1000' },
  { kind: 'custom', name: 'spread of steps', expr: 'max(steps) - min(steps)' },
  { kind: 'custom', name: 'share of steps in the longest tenth', expr: TENTH() },
  { kind: 'custom', name: 'broken', expr: 'steps[0] / 0' },
];

function TENTH(): string {
  return 'sum(sorted(steps)[-len(steps) // 10:]) / sum(steps)';
}

/** Two strategies at a table, each 300 times; every second repetition mirrors the one before. */
function table(): Scene {
  const draw = createDraws(17);
  const last = new Map<string, number>();
  const records = Array.from({ length: 600 }, (_, i): UnitRecord => {
    const repetition = Math.floor(i / 2);
    const item = i % 2 === 0 ? 'bold' : 'timid';
    const u = repetition % 2 === 0 ? draw() : 1 - (last.get(item) ?? 0);
    last.set(item, u);
    const steps = Math.round(5 - 40 * Math.log(1 - u * 0.999));
    const tries = 1 + Math.floor(draw() * 9);
    const fields = new Map<string, Value>([
      ['strategy', item],
      ['outcome', draw() < (item === 'bold' ? 0.45 : 0.4) ? 'win' : draw() < 0.2 ? 'push' : 'lose'],
      ['steps', steps],
      ['tries', tries],
      ['hits', Math.floor(draw() * (tries + 1))],
      ['falls', draw() < 0.05 ? 3 : 0],
      ['ruins', 0],
    ]);
    const about = { unit: `${item}__rep${String(repetition).padStart(4, '0')}`, item, attempts: 1, fields };
    if (i % 80 !== 7) return { kind: 'valid', ...about, capped: i % 50 === 0, loops: new Map() };
    const failure = { kind: 'invalid', step: 'play', issues: [], raw: null } as const;
    return { kind: 'failed', ...about, failure };
  });
  const failed = records.filter(({ kind }) => kind === 'failed').length;
  const counts = { planned: 600, valid: 600 - failed, failed, inFlight: 0 };
  const play = stepAccount({
    step: 'play',
    kind: 'expression',
    entered: 600,
    failed,
    failures: { invalid: failed },
    capped: 12,
  });
  const coupling = { streamBy: null, antithetic: true, stratify: null };
  return {
    pipeline: pipelineOf({
      name: 'table',
      repeat: 300,
      steps: [{ ...expressionStep('play', ['outcome', 'steps']), coupling }],
      report: { groupBy: 'strategy', outcomes: ['outcome'], metrics: ['steps'], figures: FIGURES },
    }),
    provider: 'none',
    simulated: false,
    records,
    accounting: { ...counts, steps: [play] },
    provenance: { ...provenance, provider: null, answers: 'none' },
  };
}

const report = reportOf(table());

function matches(file: string, text: string): void {
  const path = new URL(`../golden/report/${file}`, import.meta.url);
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe('figures of a report', () => {
  test('read well as Markdown and in a terminal', () => {
    matches('figures.md', toMarkdown(report));
    matches('figures.txt', toTerminal(report, { color: false, width: 100 }));
  });

  test('stand on the page, with what coupled draws brought below them', () => {
    const page = JSON.stringify(resultSection({ report } as PageInput));
    for (const part of ['90% quantile of steps', 'no event seen', 'Antithetic pairs'])
      expect(page).toContain(part);
  });

  test('have a row each, overall and in every group', () => {
    expect(figureRows(report.overall)).toHaveLength(FIGURES.length);
    for (const group of report.groups) expect(figureRows(group)).toHaveLength(FIGURES.length);
  });
});

describe('what coupled draws brought', () => {
  const said = (gains: Report['gains']) => JSON.stringify(gainBlocks({ ...report, gains }));
  const gain = { coupling: 'antithetic', kind: 'mean', name: 'steps', label: null, units: 100 } as const;

  test('is said as plainly when it did harm, nothing, or left no chance', () => {
    expect(said([{ ...gain, factor: 2.345 }])).toContain(
      ': as good as 2.3 times as many independent units for ',
    );
    expect(said([{ ...gain, factor: 0.5 }])).toContain('Antithetic pairs did harm');
    expect(said([{ ...gain, factor: 1.03 }])).toContain(' brought nothing for ');
    expect(said([{ ...gain, factor: null }])).toContain(' left no chance in ');
    expect(said([])).toBe('[]');
  });

  test('names the quantity: a gate, a mean, or the share of a value', () => {
    expect(said([{ ...gain, kind: 'gate', factor: 2 }])).toContain('the gate “');
    expect(said([{ ...gain, kind: 'share', label: 'win', factor: 2 }])).toContain('{"code":"win","max":40}');
    expect(said([{ ...gain, coupling: 'common', factor: 2 }])).toContain('differences between groups in ');
  });
});

test('loops that max_iterations ended are counted step by step, and only where there are any', () => {
  expect(JSON.stringify(cappedSentence(report))).toContain('12 of 600 units were stopped by ');
  expect(cappedSentence({ ...report, steps: report.steps.map((step) => ({ ...step, capped: 0 })) })).toEqual(
    [],
  );
});
