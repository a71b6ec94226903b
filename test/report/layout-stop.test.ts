// What a report says of a run that may end early, sentence by sentence.
import { describe, expect, it } from 'vitest';
import { undecided } from '../../src/analysis/gate-held.ts';
import type { StopSpec } from '../../src/pipeline/pipeline.ts';
import type { Piece } from '../../src/report/block.ts';
import { stopBlocks, stopSentence } from '../../src/report/layout-stop.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';
import { type Found, reportStopped, type Stopping } from '../../src/report/stopped.ts';
import { reportOf, sailor } from './fixture.ts';

const GATES: StopSpec = { every: 100, rule: { kind: 'gates', gates: [] } };
const WIDTH: StopSpec = {
  every: 100,
  rule: { kind: 'half_width', of: { kind: 'share', expr: 'won' }, atMost: 0.03, confidence: 0.95 },
};
const MEAN: StopSpec = {
  every: 100,
  rule: { kind: 'half_width', of: { kind: 'mean', expr: 'steps' }, atMost: 1, confidence: 0.99 },
};
const BEST: StopSpec = {
  every: 50,
  rule: { kind: 'best', of: { kind: 'mean', expr: 'net' }, by: 'strategy', wants: 'highest', fresh: 200 },
};

const REPORT = reportOf(sailor({ units: 20 }));

function said(
  stopping: Partial<Stopping>,
  more: { spent?: string; verdict?: Report['verdict']; gates?: Report['gates'] } = {},
): string {
  const all: Stopping = {
    ...{ stop: GATES, look: 2, looks: 5, units: 400, most: 1000, otherwise: 1000 },
    ...{ isOver: true, enough: true, found: null },
    ...stopping,
  };
  const stopped = reportStopped(all, more.spent ?? null);
  const text = stopSentence({
    ...REPORT,
    gates: more.gates ?? REPORT.gates,
    verdict: more.verdict ?? 'pass',
    stopped,
  });
  return text.map((pieces) => pieces.map(textOf).join('')).join(' ');
}

function textOf(piece: Piece): string {
  if (typeof piece === 'string') return piece;
  if ('strong' in piece) return piece.strong;
  return 'name' in piece ? `<${piece.name}>` : `\`${piece.code}\``;
}

const gates = (count: number, undecided: number): Found => ({ kind: 'gates', gates: count, undecided });
const width = (low: number, high: number): Found => ({
  kind: 'half_width',
  figure: { n: 400, value: low, low, high },
});

describe('a report of a run that stopped early', () => {
  it('says when its gates were decided, and what was not needed', () => {
    expect(said({ found: gates(2, 0) }, { spent: '0.8' })).toBe(
      "Stopped after 400 of at most 1,000 units: both gates were decided at look 2 of 5 (O'Brien-Fleming); 600 units, about $1.20, were not needed.",
    );
    expect(said({ found: gates(1, 0), units: 999 })).toBe(
      "Stopped after 999 of at most 1,000 units: its gate was decided at look 2 of 5 (O'Brien-Fleming); 1 unit was not needed.",
    );
    expect(said({ found: gates(3, 0), look: 5, units: 1000 })).toBe(
      "All 1,000 units were run: all 3 gates were decided at the last of 5 looks (O'Brien-Fleming).",
    );
  });

  it('says that it waited for some of its gates only', () => {
    const region = { atLeast: 0.5, atMost: null };
    const gate = undecided(
      { kind: 'share', name: 'claim', expr: 'won', region, confidence: 0.95 },
      'too early',
    );
    const three = [gate, gate, gate];
    expect(said({ found: gates(2, 0) }, { gates: three })).toContain(
      'both gates that it waited for were decided',
    );
    expect(said({ found: gates(1, 0) }, { gates: three })).toContain(
      'the gate that it waited for was decided',
    );
  });

  it('says so when they were not', () => {
    const last = { look: 5, units: 1000, enough: false };
    expect(said({ ...last, found: gates(2, 1) })).toBe(
      "All 1,000 units were run: 1 of 2 gates was still undecided at the last of 5 looks (O'Brien-Fleming).",
    );
    expect(said({ ...last, found: gates(1, 1) })).toContain('its gate was still undecided at the last');
  });

  it('says how sharp its estimate is', () => {
    expect(said({ stop: WIDTH, found: width(0.5, 0.558) })).toBe(
      'Stopped after 400 of at most 1,000 units: the share was known to ±2.9 pp (95%), as sharp as wanted, ±3 pp; 600 units were not needed.',
    );
    const last = { look: 5, units: 1000, enough: false };
    expect(said({ stop: MEAN, found: width(20, 22.6), ...last })).toBe(
      'All 1,000 units were run: the mean was known to ±1.3 (99%), not the ±1 wanted.',
    );
    const nothing: Found = { kind: 'half_width', figure: { n: 0, value: null, low: null, high: null } };
    expect(said({ stop: MEAN, found: nothing, ...last })).toBe(
      'All 1,000 units were run: too few units gave a value for the mean to be known.',
    );
  });

  it('names the best, with the estimate that chose nothing', () => {
    const figure = (value: number) => ({ n: 50, value, low: value - 0.1, high: value + 0.1 });
    const rounds = [
      [
        { ...figure(0.7), name: '**pro**', goesOn: true },
        { ...figure(0.2), name: 'coward', goesOn: false },
      ],
    ];
    const found: Found = { kind: 'best', rounds, left: ['**pro**'], fresh: { ...figure(0.61), n: 198 } };
    const best = { stop: BEST, found, units: 300, most: 300, otherwise: 500 };
    const all: Stopping = { ...best, look: 2, looks: 2, isOver: true, enough: true };
    const [paragraph, block] = stopBlocks({ ...REPORT, stopped: reportStopped(all, null) });
    expect(said(best)).toBe('');
    expect(paragraph?.kind === 'paragraph' && paragraph.text.map(textOf).join('')).toBe(
      'Best of 2 by `strategy`: <**pro**>, with the highest mean of `net`: 0.610 (95%: 0.510 to 0.710, n = 198), from 200 fresh repetitions that chose nothing. 300 units were run; to run all 2 as often would take 500. All other figures count the rounds that chose it too, and there it looks better than it is.',
    );
    expect(block).toMatchObject({ kind: 'details', summary: 'How the best was found: 1 round' });
    expect(JSON.stringify(block)).toContain('"went on"');
  });

  it('reads well as a whole', async () => {
    const figure = (value: number, n: number) => ({ n, value, low: value - 0.1, high: value + 0.1 });
    const round = (n: number, names: readonly string[]) =>
      names.map((name, i) => ({ ...figure(0.7 - i / 10, n), name, goesOn: i < names.length / 2 }));
    const rounds = [
      round(50, ['pro', 'cautious', 'lucky', '<b>coward</b>']),
      round(100, ['pro', 'cautious']),
    ];
    const found: Found = { kind: 'best', rounds, left: ['pro'], fresh: figure(0.61, 198) };
    const best = { stop: BEST, look: 3, looks: 3, found, units: 500, most: 500, otherwise: 1200 };
    const stopped = reportStopped({ ...best, isOver: true, enough: true }, '0.25');
    await expect(toMarkdown({ ...REPORT, stopped })).toMatchFileSnapshot('../golden/report/stop-best.md');
  });

  it('says how far a run is that is not over', () => {
    const open = { isOver: false, enough: false, units: 300 };
    const pending = { verdict: 'pending' } as const;
    const lead = 'Wave 3 of at most 5: 300 of at most 1,000 units so far.';
    expect(said({ ...open, found: gates(2, 1) }, pending)).toBe(
      `${lead} After the wave before, 1 of 2 gates was still undecided.`,
    );
    expect(said({ ...open, stop: WIDTH, found: width(0.4, 0.5) }, pending)).toBe(
      `${lead} After the wave before, the share was known to ±5 pp; ±3 pp is wanted.`,
    );
    expect(said({ ...open, look: 0, found: null }, pending)).toBe(
      'Wave 1 of at most 5: 300 of at most 1,000 units so far. Once they are through, it is decided whether more are needed.',
    );
    const left = (names: readonly string[]): Found => ({
      kind: 'best',
      rounds: [],
      left: names,
      fresh: null,
    });
    expect(said({ ...open, stop: BEST, found: left(['a', 'b']) }, pending)).toBe(
      `${lead} Still in the running: 2.`,
    );
    expect(said({ ...open, stop: BEST, found: left(['a']) }, pending)).toBe(
      `${lead} Chosen is <a>; it is now estimated anew.`,
    );
  });

  it('says that a cancelled run did not get there', () => {
    expect(said({ isOver: false, enough: false, found: gates(2, 1) })).toBe(
      'It ended in wave 3 of at most 5, before it had what it was to stop for.',
    );
  });

  it('says nothing of a run that has all its units from the start', () => {
    expect(REPORT.stopped).toBeNull();
    expect(stopSentence(REPORT)).toEqual([]);
    expect(stopBlocks(REPORT)).toEqual([]);
  });
});
