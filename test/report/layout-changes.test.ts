// What a comment says of a change: the words, the plot against zero, the table.
import { describe, expect, it } from 'vitest';
import { compareUnits } from '../../src/analysis/comparison.ts';
import type { Comparison } from '../../src/analysis/comparison-change.ts';
import { undecided } from '../../src/analysis/gate-held.ts';
import type { UnitColumn, UnitValues } from '../../src/analysis/unit-values.ts';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { baseFigure, changeBlocks } from '../../src/report/layout-changes.ts';
import { writeBlocks } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';

const UNITS = 100;

function share(name: string, values: readonly number[], isGate = true): UnitColumn {
  return { kind: 'share', name, isGate, labels: [], values };
}

function mean(name: string, values: readonly number[]): UnitColumn {
  return { kind: 'mean', name, isGate: false, labels: [], values };
}

function run(...columns: readonly UnitColumn[]): UnitValues {
  return { units: UNITS, items: null, groups: null, columns };
}

const hits = (test: (at: number) => boolean): number[] =>
  Array.from({ length: UNITS }, (_, at) => (test(at) ? 1 : 0));
const numbers = (value: (at: number) => number): number[] =>
  Array.from({ length: UNITS }, (_, at) => value(at));

function markdown(base: UnitValues, head: UnitValues, branch = 'main'): string {
  return `${writeBlocks(changeBlocks(branch, compareUnits(base, head)))}\n`;
}

function reportOn(
  name: string,
  branch: string,
  comparison: Comparison | null,
  kind: 'share' | 'share_change' = 'share',
): Pick<Report, 'headline' | 'gates' | 'against'> {
  const gate: Gate = { kind, name, expr: 'x', region: { atLeast: 0, atMost: null }, confidence: 0.95 };
  return {
    headline: 'Fail: tale, valid: 72% (gate ≥ 80%)',
    gates: [{ ...undecided(gate, ''), state: 'fail', value: 0.72, n: 100 }],
    against: { name: branch, reason: null, isSame: false, comparison },
  };
}

describe('the change beside the base', () => {
  it('says when chance alone may have done it, what could be seen, and what would settle it', async () => {
    const base = run(
      share(
        'the ship is reached',
        hits((at) => at < 52),
      ),
      mean(
        'steps',
        numbers((at) => at % 7),
      ),
    );
    const head = run(
      share(
        'the ship is reached',
        hits((at) => (at >= 14 && at < 52) || at >= 91),
      ),
      mean(
        'steps',
        numbers((at) => (at % 7) - (at % 3 === 0 ? 1 : 0)),
      ),
    );
    await expect(markdown(base, head)).toMatchFileSnapshot('../golden/report/changes-inconclusive.md');
  });

  it('says when chance would hardly have done it', async () => {
    const base = run(
      share(
        'valid',
        hits((at) => at < 90),
      ),
    );
    const head = run(
      share(
        'valid',
        hits((at) => at < 72),
      ),
    );
    await expect(markdown(base, head)).toMatchFileSnapshot('../golden/report/changes-drop.md');
  });

  it('says in one line that no unit differs', async () => {
    const same = run(
      share(
        'valid',
        hits((at) => at < 90),
      ),
    );
    await expect(markdown(same, same)).toMatchFileSnapshot('../golden/report/changes-none.md');
  });

  it('shows at most a dozen rows without a gate, and draws eight', () => {
    const columns = (shift: number): UnitColumn[] =>
      Array.from({ length: 20 }, (_, i) =>
        share(
          `quantity ${i}`,
          hits((at) => at < 40 + i + shift),
          false,
        ),
      );
    const text = markdown(run(...columns(0)), run(...columns(5)));
    expect(text.split('\n').filter((line) => line.startsWith('| no\u00a0gate'))).toHaveLength(12);
    expect(text).toContain('8 more');
    const plot = /```text\n([\s\S]*?)\n```/.exec(text)?.[1]?.split('\n') ?? [];
    expect(plot).toHaveLength(10);
    expect(Math.max(...plot.map((line) => [...line].length))).toBeLessThanOrEqual(58);
  });

  it('lets no name of a branch, a gate or a value speak Markdown', () => {
    const evil = '@org/team <img src=x> [a](https://evil.example) | **x** \u202e';
    const base = run(
      share(
        evil,
        hits((at) => at < 50),
      ),
    );
    const head = run(
      share(
        evil,
        hits((at) => at < 20),
      ),
    );
    const text = markdown(base, head, evil);
    for (const bad of ['<img', '](https://evil', '\u202e', '**x**'])
      expect(text.replace(/`[^`]*`/g, '')).not.toContain(bad);
    expect(text.replace(/`[^`]*`/g, '').replace(/```[\s\S]*?```/g, '')).not.toContain('@org/team');
    expect(baseFigure(reportOn('valid', evil, compareUnits(base, head)))).toBeNull();
  });

  it('gives the first line the figure of the base', () => {
    const base = run(
      share(
        'valid',
        hits((at) => at < 90),
      ),
    );
    const head = run(
      share(
        'valid',
        hits((at) => at < 72),
      ),
    );
    const change = compareUnits(base, head);
    expect(baseFigure(reportOn('valid', 'main', change))).toBe('90% on main');
    expect(baseFigure(reportOn('valid', 'main', null))).toBeNull();
    // The figure of another gate would be a wrong answer.
    expect(baseFigure(reportOn('something else', 'main', change))).toBeNull();
    expect(baseFigure(reportOn('valid', 'main', change, 'share_change'))).toBeNull();
  });
});
