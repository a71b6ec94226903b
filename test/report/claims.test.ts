// What a result is judged by, and how a change of it is named.

import { describe, expect, it } from 'vitest';
import type { Gate, Pipeline, StopSpec } from '../../src/pipeline/pipeline.ts';
import { type Claim, changedClaims, claimBlocks, claimsOf, parseClaims } from '../../src/report/claims.ts';
import { writeBlocks } from '../../src/report/markdown.ts';
import { fc } from '../property.ts';
import { interpreted, nasty } from './comment-scene.ts';

const CHECKS = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };
const rule = (name: string, expr = 'a > 1') => ({
  name,
  expr,
  when: null,
  error: '',
  level: 'error' as const,
});
const gate = (name: string, atLeast: number, expr = 'good'): Gate => ({
  ...{ kind: 'share', name, expr, confidence: 0.95 },
  region: { atLeast, atMost: null },
});

/** A pipeline as far as it is judged by something. */
function judging(part: {
  readonly seed?: string;
  readonly gates?: readonly Gate[];
  readonly rules?: readonly string[];
  readonly schema?: string;
  readonly falseAlarms?: number;
  readonly stop?: StopSpec;
}): readonly Claim[] {
  const { seed = '3', gates = [], rules = [], schema = '{}', ...others } = part;
  const step = {
    kind: 'llm',
    name: 'tell',
    schema,
    checks: { ...CHECKS, rules: rules.map((one) => rule(one)) },
  };
  return claimsOf({ seed, gates, steps: [step], ...others } as unknown as Pipeline);
}

const textOf = (before: readonly Claim[], now: readonly Claim[]): string =>
  writeBlocks(claimBlocks('main', changedClaims(before, now))).trim();

describe('what is judged otherwise', () => {
  it('is nothing when nothing differs', () => {
    const same = { gates: [gate('good', 0.4)], rules: ['agrees'] };
    expect(changedClaims(judging(same), judging(same))).toEqual([]);
    expect(claimBlocks('main', [])).toEqual([]);
  });

  it('is named, gates with their regions', () => {
    expect(textOf(judging({ gates: [gate('good', 0.4)] }), judging({ gates: [gate('good', 0.2)] }))).toBe(
      '⚠️ **Judged differently from** main: gate good was `≥ 40%`, is `≥ 20%`.',
    );
    expect(
      textOf(judging({ gates: [gate('good', 0.4)] }), judging({ gates: [gate('good', 0.4, 'True')] })),
    ).toBe('⚠️ **Judged differently from** main: gate good asks something else, as before `≥ 40%`.');
    const before = judging({ gates: [gate('good', 0.4)], rules: ['agrees'], seed: '3' });
    const now = judging({ gates: [gate('fine', 0.1)], schema: '{"type":"object"}', seed: '7' });
    expect(textOf(before, now)).toBe(
      '⚠️ **Judged differently from** main: the seed was `3`, is `7`; the schema of tell has ' +
        'changed; gate good is gone, it was `≥ 40%`; rule `tell: agrees` is gone; gate fine is new, `≥ 10%`.',
    );
  });

  it('names how often a gate may fail by chance, and when the run ends early', () => {
    const stop: StopSpec = { every: 10, rule: { kind: 'gates', gates: [] } };
    expect(textOf(judging({}), judging({ falseAlarms: 0.000001, stop }))).toBe(
      '⚠️ **Judged differently from** main: the rate of false alarms was 1%, is 0.0001%; the rule that ends the run ' +
        'early has changed.',
    );
    expect(textOf(judging({}), judging({ falseAlarms: 0.01 }))).toBe('');
    // What was kept before there were such claims says nothing of them.
    const older = judging({}).filter(({ kind }) => kind !== 'false_alarms' && kind !== 'stop');
    expect(textOf(older, judging({ stop }))).toBe('');
  });

  it('names what is gone before what is new', () => {
    const many = Array.from({ length: 20 }, (_, i) => gate(`easy ${i}`, 0));
    const text = textOf(judging({ gates: [gate('good', 0.4)] }), judging({ gates: many }));
    expect(text).toMatch(
      /^⚠️ \*\*Judged differently from\*\* main: gate good is gone, it was `≥ 40%`; gate easy 0 is new/,
    );
  });

  it('is counted where it is too much to be named', () => {
    const many = Array.from({ length: 20 }, (_, i) => gate(`gate ${i}`, 0.5));
    expect(textOf(judging({}), judging({ gates: many }))).toMatch(/gate 7 is new, `≥ 50%`; 12 more\.$/);
  });

  it('brings no name to life', () => {
    fc.assert(
      fc.property(nasty, nasty, (name, seed) => {
        const text = textOf(judging({}), judging({ seed, gates: [gate(name, 0.5)], rules: [name] }));
        expect(interpreted(text)).not.toMatch(/[@#<>[\]!|~&$\n]|https?:|www\./);
      }),
      { numRuns: 100 },
    );
  });

  it('is read back as it was kept, and what is no such list is none', () => {
    const claims = judging({ gates: [gate('good', 0.4)], rules: ['agrees'] });
    expect(parseClaims(JSON.parse(JSON.stringify(claims)))).toEqual(claims);
    const broken = [null, {}, [1], [{ ...claims[0], digest: 'x' }], [{ ...claims[0], kind: '__proto__' }]];
    for (const value of broken) expect(parseClaims(value)).toBeNull();
  });
});
