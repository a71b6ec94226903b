// The first line for gates on changes and differences: readable, inert, at most 110 characters.
import { describe, expect, it } from 'vitest';
import {
  formatEnds,
  formatEstimate,
  formatLevel,
  formatRegion,
  formatSigned,
} from '../../src/analysis/gate-text.ts';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { HEADLINE_LIMIT } from '../../src/report/headline.ts';
import { baseOf, heldReport, made, type UnitFields } from './changes-scene.ts';

const hands = (good: (at: number) => boolean): UnitFields[] =>
  Array.from({ length: 400 }, (_, at) => ({ good: good(at), who: at % 4 < 2 ? 'pro' : 'coward' }));

const change = (name: string): Gate => ({
  kind: 'share_change',
  name,
  expr: 'good',
  region: { atLeast: -0.1, atMost: null },
  confidence: 0.95,
});

function headline(gate: Gate, base: string): string {
  const [before, now] = [hands((at) => at % 10 !== 0), hands((at) => at % 10 !== 0 && at % 5 !== 1)];
  const gates = [gate];
  return heldReport(made({ units: now, gates }), baseOf(made({ units: before, gates }), { name: base }))
    .headline;
}

describe('the first line', () => {
  it('says how far a share has moved, against what, and what was asked', () => {
    expect(headline(change('good hands'), 'main')).toBe(
      'Fail: tavern, good hands −20.0 pp against main (gate ≥ −10 pp)',
    );
  });

  it('stays short with a long name, and leaves out a branch that is no word', () => {
    const long = 'hands that are played by every rule of the house and a few more beside';
    const line = headline(change(long), 'a-branch-with-a-name-that-is-much-too-long-to-read');
    expect([...line].length).toBeLessThanOrEqual(HEADLINE_LIMIT - 3);
    expect(line).toContain('−20.0 pp');
    expect(headline(change('good hands'), '@everyone')).toBe(
      'Fail: tavern, good hands −20.0 pp against the base (gate ≥ −10 pp)',
    );
  });

  it('names both groups of a difference', () => {
    const gate: Gate = {
      kind: 'share_difference',
      name: 'pro beats coward',
      expr: 'good',
      by: 'who',
      of: 'pro',
      minus: 'coward',
      region: { atLeast: 0, atMost: null },
      confidence: 0.95,
    };
    const units = hands((at) => at % 4 < 2 || at % 8 === 2);
    expect(heldReport(made({ units, gates: [gate] }), null).headline).toBe(
      'Pass: tavern, the gate holds; pro beats coward: +75.0 pp, pro less coward (gate ≥ 0 pp)',
    );
  });
});

describe('the words of gates', () => {
  it('write a region as people do', () => {
    const written = (kind: Gate['kind'], atLeast: number | null, atMost: number | null) =>
      formatRegion({ kind, region: { atLeast, atMost } });
    expect(written('share_change', -0.02, null)).toBe('≥ −2 pp');
    expect(written('share_difference', 0, null)).toBe('≥ 0 pp');
    expect(written('share_change', -0.025, 0.025)).toBe('−2.5 to +2.5 pp');
    expect(written('mean_change', -1, 1)).toBe('−1 to +1');
    expect(written('mean_difference', null, 0.5)).toBe('≤ +0.5');
    expect(written('valid_share', 0.95, null)).toBe('≥ 95%');
    expect(written('cost', null, 0.25)).toBe('≤ $0.25');
  });

  it('write a change with its sign, and never a small one as none', () => {
    expect(formatSigned(-18.4, 0)).toBe('−18');
    expect(formatSigned(2.44, 1)).toBe('+2.4');
    expect(formatSigned(0, 1)).toBe('±0');
    expect(formatSigned(-0.04, 0)).toBe('−0.04');
    expect(formatSigned(1e-9, 0)).toBe('±0');
    expect(formatEstimate('share_change', -0.18, 300, null)).toBe('−18 pp');
    expect(formatEstimate('mean_change', 0.4, 300, { low: 0.2, high: 0.6 })).toBe('+0.40');
    expect(formatEnds('share_change', { low: -0.24, high: 0.03 }, 100)).toBe('−24.0 to +3.0 pp');
  });

  it('write a level as short as it can be', () => {
    expect(formatLevel(0.95)).toBe('95%');
    expect(formatLevel(1 - 0.02 / 3)).toBe('99.33%');
    expect(formatLevel(0.999)).toBe('99.9%');
    expect(formatLevel(1 - 1e-15)).toBe('over 99.9999%');
  });
});
