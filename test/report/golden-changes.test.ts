// What a reader sees of a run held against another, whole reports: golden files, to be read when they change.
import { describe, expect, test } from 'vitest';
import { compareSamples } from '../../src/analysis/comparison.ts';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { PLOT_WIDTH } from '../../src/report/plot.ts';
import type { Report } from '../../src/report/report.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import { analysisOf, baseOf, heldReport, made, type UnitFields } from './changes-scene.ts';
import { createDraws } from './fixture.ts';

const ENDS = ['won', 'lost', 'fled', 'drew'];

/** Fights: who wins, how, and after how many rounds. `luck` moves some of them, `seed` all. */
function fights(units: number, seed: number, luck: number, group = 4): UnitFields[] {
  const draw = createDraws(seed);
  const extra = createDraws(99);
  return Array.from({ length: units }, (_, at) => {
    const [chance, length] = [draw(), draw()];
    const moved = extra() < 0.3 ? luck : 0;
    const score = Math.min(0.999, Math.max(0, chance + moved));
    return {
      end: ENDS[Math.floor(score * 4)]!,
      hero: `hero${String(at % group).padStart(2, '0')}`,
      rounds: 4 + Math.floor(length * 9 + moved * 3),
    };
  });
}

const won: Gate = {
  kind: 'share',
  name: 'fights are won',
  expr: "end == 'won'",
  region: { atLeast: 0.15, atMost: null },
  confidence: 0.95,
};
const noDrop: Gate = {
  ...won,
  kind: 'share_change',
  name: 'no fewer wins',
  region: { atLeast: -0.1, atMost: null },
};
const sameLength: Gate = {
  kind: 'mean_change',
  name: 'as long as before',
  expr: 'rounds',
  region: { atLeast: -1, atMost: 1 },
  confidence: 0.95,
};
const spec = { outcomes: ['end'], metrics: ['rounds'] };

const few = made({ units: fights(100, 5, 0.5), gates: [noDrop, won], report: spec });
const fewBase = made({ units: fights(100, 5, 0), gates: [noDrop, won], report: spec });
const many = { gates: [noDrop, sameLength, won], report: spec };
const byHero = { report: { ...spec, groupBy: 'hero' } };
const lost = (units: readonly UnitFields[], every: number) =>
  units.map((fields, at) => (at % every === 3 ? null : fields));
const valid: Gate = {
  kind: 'valid_share',
  name: 'valid fights',
  region: { atLeast: 0.8, atMost: null },
  confidence: 0.95,
};

const other = baseOf(made({ units: fights(400, 77, 0), ...many }));
const scenes: Record<string, Report> = {
  'changes-paired': heldReport(few, baseOf(fewBase)),
  'changes-decided': heldReport(
    made({ units: fights(1000, 5, 0.04), ...many }),
    baseOf(made({ units: fights(1000, 5, 0), ...many })),
  ),
  'changes-category': heldReport(
    made({ units: fights(600, 5, 0.3), report: { outcomes: ['end'] } }),
    baseOf(made({ units: fights(600, 5, 0), report: { outcomes: ['end'] } })),
  ),
  'changes-metric': heldReport(
    made({ units: fights(200, 5, 0.3), report: { metrics: ['rounds'] } }),
    baseOf(made({ units: fights(200, 5, 0), report: { metrics: ['rounds'] } })),
  ),
  'changes-groups': heldReport(
    made({ units: fights(1200, 5, 0.4, 40), ...byHero }),
    baseOf(made({ units: fights(1200, 5, 0, 40), ...byHero })),
  ),
  'changes-items': heldReport(
    made({ units: fights(240, 5, 0.2), items: 24, ...many }),
    baseOf(made({ units: fights(240, 5, 0), items: 24, ...many })),
  ),
  'changes-attrition': heldReport(
    made({ units: lost(fights(300, 5, 0.3), 4), gates: [valid, won], report: spec }),
    baseOf(made({ units: lost(fights(300, 5, 0), 9), gates: [valid, won], report: spec })),
  ),
  'changes-unpaired': heldReport(
    made({ units: fights(400, 5, 0.1), gates: [won], report: spec }),
    null,
    (analysis) => ({
      ...analysis,
      against: {
        name: '6f1c2d-1',
        reason: 'another seed',
        isSame: false,
        comparison: compareSamples(other.values!, analysis.values!),
      },
    }),
  ),
  // Of runs too large to keep what each unit came to, the figures are known.
  'changes-estimates': heldReport(
    made({ units: fights(400, 5, 0.1), ...many }),
    baseOf(made({ units: fights(400, 77, 0), ...many }), { values: null }),
  ),
  'changes-same-units': heldReport(few, baseOf(few)),
  'changes-same-run': heldReport(few, baseOf(few, { isSame: true })),
  'changes-not-comparable': heldReport(few, baseOf(fewBase, { reason: 'another model' })),
  'changes-no-base': heldReport(few, null),
};

describe.each(Object.entries(scenes))('%s', (name, report) => {
  const text = toMarkdown(report);

  test('reads as its golden report', async () => {
    await expect(text).toMatchFileSnapshot(`../golden/report/${name}.md`);
    await expect(toTerminal(report, { color: false, width: 100 })).toMatchFileSnapshot(
      `../golden/report/${name}.txt`,
    );
  });

  test('begins no line of a terminal with what belongs to the word before', () => {
    for (const width of [60, 80, 100])
      expect(toTerminal(report, { color: false, width })).not.toMatch(/^ *[,.;:]/m);
  });

  test('keeps plots within 58 columns and tables within five', () => {
    for (const block of text.matchAll(/```text\n([\s\S]*?)\n```/g)) {
      for (const line of block[1]!.split('\n')) expect([...line].length).toBeLessThanOrEqual(PLOT_WIDTH);
    }
    for (const line of text.split('\n').filter((row) => row.startsWith('|')))
      expect(line.split('|').length - 2).toBeLessThanOrEqual(5);
  });
});

test('the analysis of a made-up run is what its fields say', () => {
  expect(analysisOf(few).overall.outcomes[0]?.n).toBe(100);
});
