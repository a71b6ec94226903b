// The scales by which a run is weighed: enough or not, from the units alone.

import { describe, expect, it } from 'vitest';
import { confidenceAtLook } from '../../src/analysis/look.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { createScale, type Occasion, type Weighed } from '../../src/analysis/stop.ts';
import type { Value } from '../../src/expression/values.ts';
import type { Gate, StopSpec } from '../../src/pipeline/pipeline.ts';
import { fc } from '../property.ts';
import { pipelineOf } from '../report/fixture.ts';

const QUANTITY = { kind: 'mean', expr: 'n' } as const;
const SHARE = { kind: 'share', expr: 'n > 0' } as const;

/** Unit by unit what `n` is, over so many items; null: the unit failed. */
function recordsOf(values: readonly (number | null)[], items = 1): UnitRecord[] {
  return values.map((value, i) => {
    const item = `i${i % items}`;
    const unit = `${item}__rep${String(Math.floor(i / items)).padStart(4, '0')}`;
    const about = { unit, item, attempts: 1 };
    if (value === null)
      return {
        ...about,
        kind: 'failed',
        fields: new Map(),
        failure: { kind: 'refused', step: 'ask', issues: [], raw: null },
      } as UnitRecord;
    return {
      ...about,
      kind: 'valid',
      capped: false,
      loops: new Map(),
      fields: new Map<string, Value>([['n', value]]),
    };
  });
}

function weigh(
  rule: StopSpec['rule'],
  records: readonly UnitRecord[],
  more: Partial<Occasion> & { every?: number } = {},
): Weighed {
  const { every = 10, ...occasion } = more;
  const scale = createScale({
    pipeline: pipelineOf({ repeat: 1000, gates: rule.kind === 'gates' ? rule.gates : [] }),
    stop: { every, rule },
    ...{ look: 1, looks: 5, left: [0, 1, 2, 3], base: null },
    groupOf: (item) => Number(item.slice(1)),
    ...occasion,
  });
  for (const record of records) scale.add(record);
  const valid = records.filter(({ kind }) => kind === 'valid').length;
  const planned = records.length;
  return scale.weigh({ planned, valid, failed: planned - valid, inFlight: 0, steps: [] });
}

const width = (of: typeof QUANTITY | typeof SHARE, atMost: number): StopSpec['rule'] => ({
  kind: 'half_width',
  of,
  atMost,
  confidence: 0.95,
});

describe('a run weighed by the width of its interval', () => {
  const coin = (n: number) => Array.from({ length: n }, (_, i) => i % 2);

  it('has enough once half of Wilson’s interval is as narrow as wanted', () => {
    // Half of Wilson's interval of 50 of 100 is 9.6 points.
    expect(weigh(width(SHARE, 0.097), recordsOf(coin(100)))).toMatchObject({
      enough: true,
      figure: { n: 100, value: 0.5, low: expect.closeTo(0.4038, 4), high: expect.closeTo(0.5962, 4) },
    });
    expect(weigh(width(SHARE, 0.096), recordsOf(coin(100)))).toMatchObject({ enough: false });
  });

  it('never has enough with fewer than 30 units, however alike they are', () => {
    const same = (n: number) => recordsOf(new Array<number>(n).fill(7));
    expect(weigh(width(QUANTITY, 0.1), same(29))).toMatchObject({
      enough: false,
      figure: { value: 7, low: 7, high: 7 },
    });
    expect(weigh(width(QUANTITY, 0.1), same(30))).toMatchObject({ enough: true });
    // Units that failed are no values.
    expect(weigh(width(QUANTITY, 0.1), [...same(29), ...recordsOf([null, null])])).toMatchObject({
      enough: false,
    });
  });

  it('is as exact at zero as it can be, and knows nothing without a value', () => {
    const none = weigh(width(SHARE, 0.05), recordsOf(new Array<number>(50).fill(0)));
    expect(none).toMatchObject({
      enough: true,
      figure: { value: 0, low: 0, high: expect.closeTo(0.0711, 4) },
    });
    const nothing = { n: 0, value: null, low: null, high: null };
    expect(weigh(width(SHARE, 0.4), recordsOf([null, null]))).toEqual({
      kind: 'half_width',
      enough: false,
      figure: nothing,
    });
    expect(weigh(width(QUANTITY, 9), [])).toMatchObject({ enough: false, figure: nothing });
    expect(weigh(width(QUANTITY, 9), recordsOf([3]))).toMatchObject({
      enough: false,
      figure: { value: 3, low: null },
    });
  });

  it('counts repetitions of an item as what they are', () => {
    // Twenty items that always come out the same: 200 units, but only twenty draws.
    const alike = recordsOf(
      Array.from({ length: 200 }, (_, i) => (i % 20) % 2),
      20,
    );
    expect(weigh(width(SHARE, 0.1), alike)).toMatchObject({ enough: false });
    expect(weigh(width(SHARE, 0.1), recordsOf(coin(200)))).toMatchObject({ enough: true });
  });
});

describe('a run weighed by its gates', () => {
  const gate = (atLeast: number): Gate => ({
    ...{ kind: 'share', name: 'g', expr: 'n > 0', confidence: 0.95 },
    region: { atLeast, atMost: null },
  });
  const rule = (...gates: Gate[]): StopSpec['rule'] => ({ kind: 'gates', gates });
  // 70 of 100.
  const records = recordsOf(Array.from({ length: 100 }, (_, i) => (i % 10 < 7 ? 1 : 0)));

  it('has enough when each of them is decided, one way or the other', () => {
    const at = (...gates: Gate[]) => weigh(rule(...gates), records, { look: 1, looks: 1 });
    expect(at(gate(0.5))).toEqual({ kind: 'gates', enough: true, gates: 1, undecided: 0 });
    expect(at(gate(0.9))).toMatchObject({ enough: true });
    expect(at(gate(0.65))).toMatchObject({ enough: false, undecided: 1 });
    expect(at(gate(0.5), gate(0.9), gate(0.65))).toMatchObject({ enough: false, gates: 3, undecided: 1 });
  });

  it('asks more of them early than at the last look', () => {
    const at = (look: number) => weigh(rule(gate(0.58)), records, { look, looks: 5 });
    expect(confidenceAtLook(0.95, 1, 5)).toBeGreaterThan(0.9999);
    expect(at(1)).toMatchObject({ enough: false });
    expect(at(5)).toMatchObject({ enough: true });
  });

  it('goes on for a change as long as there is nothing to compare with', () => {
    const change = { ...gate(-0.5), kind: 'share_change' } as Gate;
    expect(weigh(rule(change), records, { look: 5 })).toMatchObject({ enough: false, undecided: 1 });
  });

  it('waits for those that ask for it, and takes no undecided one for decided because it would fail', () => {
    const failing = { ...gate(0.65), onInconclusive: 'fail' } as Gate;
    expect(weigh(rule(failing), records, { look: 5 })).toMatchObject({
      enough: false,
      gates: 1,
      undecided: 1,
    });
    const extending = { ...gate(0.5), onInconclusive: 'extend' } as Gate;
    const cost: Gate = { kind: 'cost', name: 'c', region: { atLeast: null, atMost: 1 } };
    expect(weigh(rule(cost, failing, extending), records, { look: 5 })).toMatchObject({
      enough: true,
      gates: 1,
    });
  });

  it('holds changes against the base that was known when it began', () => {
    const change = { ...gate(-0.1), kind: 'share_change' } as Gate;
    const values = recordsOf(Array.from({ length: 300 }, (_, i) => (i % 10 < 7 ? 1 : 0)));
    const numbers = values.map((record) => (record.kind === 'valid' && record.fields.get('n') === 1 ? 1 : 0));
    const column = { kind: 'share', name: 'g', isGate: true, labels: [], values: numbers } as const;
    const known = { name: 'main', reason: null, isSame: false, overall: null };
    const base = { ...known, values: { units: 300, columns: [column] } };
    // All units come out as they did.
    expect(weigh(rule(change), records, { look: 5, base })).toMatchObject({ enough: true });
    const other = { ...base, reason: 'another seed' };
    expect(weigh(rule(change), records, { look: 5, base: other })).toMatchObject({ enough: false });
  });
});

describe('groups weighed against each other', () => {
  const rule = (wants: 'highest' | 'lowest'): StopSpec['rule'] => ({
    kind: 'best',
    of: QUANTITY,
    by: 'k',
    wants,
    fresh: 5,
  });
  // Four items, one repetition after the other.
  const values = [1, 5, 3, 3, 1, 5, 3, 3];
  const leftOf = (weighed: Weighed) => (weighed.kind === 'best' ? weighed.left : null);

  it('leave the better half, ties in the order of items', () => {
    const records = recordsOf(values, 4);
    expect(leftOf(weigh(rule('highest'), records, { looks: 3 }))).toEqual([1, 2]);
    expect(leftOf(weigh(rule('lowest'), records, { looks: 3 }))).toEqual([0, 2]);
    expect(leftOf(weigh(rule('lowest'), records, { looks: 3, left: [1, 2, 3] }))).toEqual([2, 3]);
    expect(leftOf(weigh(rule('lowest'), records, { looks: 3, look: 2, left: [3, 1] }))).toEqual([3]);
  });

  it('put those last that have no value', () => {
    const records = recordsOf([null, 5, null, 3], 4);
    const weighed = weigh(rule('highest'), records, { looks: 3 });
    expect(weighed.kind === 'best' && weighed.groups.map(({ group }) => group)).toEqual([1, 3, 0, 2]);
  });

  it('estimate the last one from the repetitions that chose nothing', () => {
    const records = recordsOf([...values, 9, 9, 9, 2, 9, 9, 9, 4], 4);
    const weighed = weigh(rule('lowest'), records, { every: 1, look: 3, looks: 3, left: [3] });
    expect(weighed).toMatchObject({ enough: true, left: [3], groups: [{ group: 3, n: 2, value: 3 }] });
  });

  it('do not depend on how their values are added up', () => {
    void fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0.1, 0.2, 0.3, 0.7), { minLength: 1, maxLength: 12 }),
        (column) => {
          // Two groups with the same values in another order tie, and the first of them goes on.
          const turned = column.toReversed();
          const records = recordsOf(
            column.flatMap((value, i) => [value, turned[i]!]),
            2,
          );
          expect(leftOf(weigh(rule('highest'), records, { looks: 2, left: [0, 1] }))).toEqual([0]);
        },
      ),
    );
  });
});
