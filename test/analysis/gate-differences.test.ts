// Gates on how far one group of a run is from another.

import { describe, expect, it } from 'vitest';
import { correlatedNewcombe, newcombe } from '../../src/analysis/compare-shares.ts';
import { decide } from '../../src/analysis/decision.ts';
import type { Coupling, Gate, Pipeline, Region } from '../../src/pipeline/pipeline.ts';
import { fc } from '../property.ts';
import { analyseRows, judged, type Row, region } from './gate-scene.ts';

const gateOf = (kind: 'share_difference' | 'mean_difference', bounds: Region): Gate => ({
  kind,
  name: 'pro beats coward',
  expr: 'x',
  by: 'who',
  of: 'pro',
  minus: 'coward',
  region: bounds,
  confidence: 0.95,
});

const ahead = gateOf('share_difference', region(0));

/** `n` units of each group, `pro` and `coward` in turn; each value from the unit's number in its group. */
const inTurn = (n: number, pro: (at: number) => unknown, coward: (at: number) => unknown): Row[] =>
  Array.from({ length: 2 * n }, (_, at) => {
    const number = Math.floor(at / 2);
    return at % 2 === 0 ? { who: 'pro', x: pro(number) } : { who: 'coward', x: coward(number) };
  });

const only = (gate: Gate, rows: readonly Row[], more: Partial<Pipeline> = {}) =>
  analyseRows(judged([gate], more), rows).gates[0]!;

describe('a gate on a difference', () => {
  it('takes the second group from the first, by Newcombe', () => {
    const gate = only(
      ahead,
      inTurn(
        200,
        (at) => at % 2 === 0,
        (at) => at % 4 === 0,
      ),
    );
    expect(gate).toMatchObject({
      state: 'pass',
      value: 0.25,
      n: 400,
      sides: { of: { name: 'pro', value: 0.5, n: 200 }, minus: { name: 'coward', value: 0.25, n: 200 } },
    });
    const { low, high } = newcombe({ x: 50, n: 200 }, { x: 100, n: 200 }, 0.95);
    expect(gate.interval).toMatchObject({ low, high, method: 'Newcombe, independent draws' });
  });

  it('fails when the interval lies wholly below, and stays open between', () => {
    expect(
      only(
        ahead,
        inTurn(
          200,
          (at) => at % 4 === 0,
          (at) => at % 2 === 0,
        ),
      ).state,
    ).toBe('fail');
    const open = only(
      ahead,
      inTurn(
        40,
        (at) => at % 2 === 0,
        (at) => at % 3 === 0,
      ),
    );
    expect(open.state).toBe('inconclusive');
    expect(open.toSettle).toBeGreaterThan(80);
  });

  it('is one of means by Welch', () => {
    const gate = only(
      gateOf('mean_difference', region(0.5)),
      inTurn(
        50,
        (at) => 3 + (at % 3),
        (at) => 2 + (at % 3),
      ),
    );
    expect(gate).toMatchObject({ state: 'pass', interval: { method: 'Welch, independent draws' } });
    expect(gate.value).toBeCloseTo(1, 12);
  });

  it('takes a few units that agree for few, and a mean of 0 and 1 for a share', () => {
    const apart = gateOf('mean_difference', region(0.5));
    const gate = (n: number) =>
      only(
        apart,
        inTurn(
          n,
          () => 4,
          () => 3,
        ),
      );
    expect(gate(2)).toMatchObject({ state: 'inconclusive', value: 1, interval: null });
    expect(gate(6)).toMatchObject({ state: 'pass', interval: { low: 1, high: 1 } });
    const bools = inTurn(
      6,
      () => true,
      () => false,
    );
    expect(only(apart, bools).interval).toEqual(only(ahead, bools).interval);
  });

  it('leaves out units of other groups', () => {
    const rows = [
      ...inTurn(
        50,
        () => true,
        () => false,
      ),
      ...inTurn(
        50,
        () => 'odd',
        () => 1,
      ).map((row) => ({ ...row, who: 'other' })),
    ];
    expect(only(ahead, rows)).toMatchObject({ n: 100, value: 1, errors: 0 });
  });

  it('stays open when a group is missing, or too small for a mean', () => {
    const pros = inTurn(
      20,
      () => true,
      () => true,
    ).filter((row) => row?.who === 'pro');
    expect(only(ahead, pros)).toMatchObject({
      state: 'inconclusive',
      value: null,
      reason: 'no unit of the second group gave a value',
      sides: { of: { name: 'pro', n: 20 }, minus: null },
    });
    expect(only(ahead, []).reason).toBe('no unit of either group gave a value');
    expect(
      only(
        gateOf('mean_difference', region(0)),
        inTurn(
          1,
          () => 1,
          () => 2,
        ),
      ).reason,
    ).toContain('no spread');
  });

  it('takes numbers whose squares are none for no numbers, and comes to an end', () => {
    const gate = only(
      gateOf('mean_difference', region(0)),
      inTurn(
        20,
        (at) => (at === 3 ? 1e200 : at),
        (at) => (at === 4 ? -1e308 : at),
      ),
    );
    expect(gate).toMatchObject({ state: 'inconclusive', n: 38, errors: 2 });
  });

  it('tells groups apart by their value as text', () => {
    const gate = { ...ahead, of: '2', minus: 'true' } as Gate;
    const rows: Row[] = [
      ...new Array(30).fill({ who: 2, x: true }),
      ...new Array(30).fill({ who: true, x: false }),
    ];
    expect(only(gate, rows)).toMatchObject({ value: 1, n: 60 });
  });

  it('covers failed units in the group they belong to, or in both', () => {
    const rows = inTurn(
      200,
      (at) => at % 2 === 0,
      (at) => at % 4 === 0,
    );
    const failed: Row[] = new Array(40).fill(null);
    const gate = only(ahead, [...rows, ...failed]);
    expect(gate.worst!.low).toBeCloseTo(100 / 240 - 90 / 240, 12);
    expect(gate.worst!.high).toBeCloseTo(140 / 240 - 50 / 240, 12);
    expect(gate).toMatchObject({ state: 'inconclusive' });
    expect(gate.reason).toContain('40 units dropped');
  });
});

describe('groups that drew from the same streams', () => {
  const coupling: Coupling = { streamBy: '0', antithetic: false, stratify: null };
  const shared = (repeat: number): Partial<Pipeline> => {
    const { steps } = judged([]);
    return { repeat, steps: steps.map((step) => ({ ...step, coupling })) as Pipeline['steps'] };
  };

  /** As `analyseRows`, with ids that say in which repetition a unit is: two units each. */
  const paired = (gate: Gate, rows: readonly Row[]) => {
    const pipeline = judged([gate], shared(rows.length / 2));
    return analyseRows(pipeline, rows, {
      item: (at) => (at % 2 === 0 ? 'pro' : 'coward'),
      repetition: (at) => Math.floor(at / 2),
    }).gates[0]!;
  };

  it('are pairs, which narrows the interval', () => {
    const rows = inTurn(
      200,
      (at) => at % 2 === 0 || at % 20 === 1,
      (at) => at % 2 === 0,
    );
    const alone = only(ahead, rows);
    const gate = paired(ahead, rows);
    expect(gate.interval!.method).toMatch(/^paired Newcombe.*, groups paired by what they drew$/);
    expect(gate).toMatchObject({ state: 'pass', value: alone.value });
    expect(alone.state).toBe('inconclusive');
    const means = paired(
      gateOf('mean_difference', region(0.5)),
      inTurn(
        50,
        (at) => at + 1 + (at % 2) * 0.1,
        (at) => at,
      ),
    );
    expect(means).toMatchObject({ state: 'pass' });
    expect(means.interval!.method).toBe('paired t, groups paired by what they drew');
  });

  it('stay open where the units of one are a single draw', () => {
    const of = [1, 2].map((x) => ({ who: 'pro', x }));
    const minus = [1, 3, 4].map((x) => ({ who: 'coward', x }));
    const pipeline = judged([gateOf('mean_difference', region(0))], shared(2));
    const [gate] = analyseRows(pipeline, [...of, ...minus], {
      item: (at) => String(at),
      repetition: (at) => (at < 3 ? 0 : 1),
    }).gates;
    expect(gate).toMatchObject({ state: 'inconclusive', value: null });
    expect(gate!.reason).toContain('drew together');
  });

  it('differ by exactly nothing when their units do', () => {
    const values = (at: number) => (at * 7) % 5;
    expect(paired(gateOf('mean_difference', region(0, 0)), inTurn(60, values, values))).toMatchObject({
      state: 'pass',
      value: 0,
      interval: { low: 0, high: 0 },
    });
  });

  it('are taken together repetition by repetition when one of them has more units there', () => {
    const rows = Array.from({ length: 150 }, (_, at): Row => {
      const number = Math.floor(at / 3);
      return at % 3 === 0 ? { who: 'coward', x: number % 7 } : { who: 'pro', x: (number % 7) + (at % 3) };
    });
    const pipeline = judged([gateOf('mean_difference', region(1))], shared(50));
    const [gate] = analyseRows(pipeline, rows, {
      item: (at) => `item${at % 3}`,
      repetition: (at) => Math.floor(at / 3),
    }).gates;
    expect(gate!.interval!.method).toContain('what both groups share taken together (50 clusters)');
    expect(gate!.value).toBeCloseTo(1.5, 12);
    expect(gate!.interval!.high - gate!.interval!.low).toBeLessThan(1e-6);
  });
});

describe('two shares that hang together', () => {
  const [base, head] = [
    { x: 40, n: 100 },
    { x: 60, n: 100 },
  ];
  const width = (r: number): number => {
    const { low, high } = correlatedNewcombe(base, head, r, 0.95);
    return high - low;
  };

  it('have the interval of two samples without a correlation, a narrower one with it, a wider one against it', () => {
    expect(correlatedNewcombe(base, head, 0, 0.95)).toEqual(newcombe(base, head, 0.95));
    expect(width(0.5)).toBeLessThan(width(0));
    expect(width(-0.5)).toBeGreaterThan(width(0));
    expect(correlatedNewcombe({ x: 0, n: 0 }, head, 0.5, 0.95)).toEqual({ low: -1, high: 1 });
  });
});

describe('any difference', () => {
  const rows = fc.array(fc.tuple(fc.constantFrom('pro', 'coward'), fc.boolean()), {
    minLength: 1,
    maxLength: 80,
  });
  const bound = fc.integer({ min: -100, max: 100 }).map((points) => points / 100);

  it('is decided as its interval says, and mirrors when the groups change places', () => {
    fc.assert(
      fc.property(rows, bound, (drawn, low) => {
        const units = drawn.map(([who, x]) => ({ who, x }));
        const gate = only(gateOf('share_difference', region(low)), units);
        if (gate.interval !== null) expect(decide(gate.interval, gate.region)).toBe(gate.state);
        const turned = {
          ...gateOf('share_difference', region(null, -low)),
          of: 'coward',
          minus: 'pro',
        } as Gate;
        const back = only(turned, units);
        expect(back.state).toBe(gate.state);
        if (gate.value !== null) expect(back.value! + gate.value).toBeCloseTo(0, 12);
      }),
      { numRuns: 60 },
    );
  });
});
