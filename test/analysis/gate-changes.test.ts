// Gates on changes: what they decide, and that what they decide and what they show are one thing.

import { describe, expect, it } from 'vitest';
import { holdAgainst } from '../../src/analysis/against.ts';
import { decide } from '../../src/analysis/decision.ts';
import { settleUndecided } from '../../src/analysis/gates.ts';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { fc } from '../property.ts';
import { llmStep } from '../report/fixture.ts';
import { analyseRows, baseOf, changeGate, gatesAfter, judged, region, rowsOf } from './gate-scene.ts';

const noDrop = changeGate('share_change', region(-0.02));
const sameLength = changeGate('mean_change', region(-1, 1));

/** `hits` of `n` true, spread evenly from `from` on. */
const hits = (n: number, every: number, from = 0): boolean[] =>
  Array.from({ length: n }, (_, at) => (at + from) % every === 0);

const held = (gate: Gate, base: readonly (number | boolean | null)[], head: typeof base) =>
  gatesAfter(judged([gate]), rowsOf(base), rowsOf(head))[0]!;

describe('a gate on a change', () => {
  it('stays open without a base, and says so', () => {
    const pipeline = judged([noDrop]);
    const [gate] = holdAgainst(analyseRows(pipeline, rowsOf(hits(50, 2))), pipeline, null).gates;
    expect(gate).toMatchObject({
      state: 'inconclusive',
      value: null,
      reason: 'there is no result to compare with yet',
      sides: { of: { value: 0.5, n: 50 }, minus: null },
    });
  });

  it('stays open when the runs cannot be compared, and says why', () => {
    const pipeline = judged([noDrop]);
    const rows = rowsOf(hits(50, 2));
    const { gates, against } = holdAgainst(
      analyseRows(pipeline, rows),
      pipeline,
      baseOf(analyseRows(pipeline, rows), { reason: 'another seed' }),
    );
    expect(gates[0]).toMatchObject({ state: 'inconclusive', value: null });
    expect(gates[0]!.reason).toContain('another seed');
    expect(against).toMatchObject({ reason: 'another seed', comparison: null });
  });

  it('is not decided while units are in flight', () => {
    const pipeline = judged([noDrop]);
    const whole = analyseRows(pipeline, rowsOf(hits(50, 2)));
    const open = {
      ...whole,
      accounting: { ...whole.accounting, inFlight: 1 },
      gates: whole.gates.map((gate) => ({ ...gate, reason: '1 unit still in flight' })),
    };
    expect(holdAgainst(open, pipeline, baseOf(whole)).gates).toEqual(open.gates);
  });

  it('passes on the same run, whose change is none', () => {
    const [gate] = gatesAfter(judged([noDrop]), rowsOf(hits(9, 2)), rowsOf(hits(9, 2)), { isSame: true });
    expect(gate).toMatchObject({ state: 'pass', value: 0, interval: { low: 0, high: 0 } });
    expect(gate!.reason).toContain('it is the same run');
  });

  it('passes when no value of any unit has changed, whatever their number', () => {
    for (const gate of [noDrop, sameLength]) {
      expect(held(gate, hits(12, 3), hits(12, 3))).toMatchObject({
        state: 'pass',
        value: 0,
        interval: { low: 0, high: 0 },
      });
    }
  });

  it('has a width where a model was asked, also when all its answers came out as before', () => {
    const asked = { steps: [llmStep('s', ['x'])] };
    const [gate] = gatesAfter(judged([noDrop], asked), rowsOf(hits(12, 3)), rowsOf(hits(12, 3)));
    expect(gate).toMatchObject({ state: 'inconclusive', value: 0 });
    expect(gate!.interval!.low).toBeLessThan(-0.1);
    const many = gatesAfter(judged([noDrop], asked), rowsOf(hits(900, 3)), rowsOf(hits(900, 3)));
    expect(many[0]!.state).toBe('pass');
  });

  it('has a width where this share is as it was and something else is not', () => {
    const rows = (steps: number) => hits(40, 2).map((x) => ({ x, steps }));
    const pipeline = judged([
      noDrop,
      changeGate('mean_change', region(-9), { name: 'steps', expr: 'steps' }),
    ]);
    const [share] = gatesAfter(pipeline, rows(3), rows(4));
    expect(share).toMatchObject({ state: 'inconclusive', value: 0 });
    expect(share!.interval!.low).toBeLessThan(0);
  });

  it('takes a few numbers that moved alike, or not at all, for few', () => {
    const gates = [
      changeGate('mean_change', region(-0.5, 0.5), { name: 'x' }),
      changeGate('mean_change', region(-0.5, 0.5), { name: 'steps', expr: 'steps' }),
    ];
    const rows = (n: number, x: number) =>
      Array.from({ length: n }, (_, at) => ({ x: x + at, steps: 3 + at }));
    const states = (n: number) => gatesAfter(judged(gates), rows(n, 3), rows(n, 4)).map(({ state }) => state);
    expect(states(2)).toEqual(['inconclusive', 'inconclusive']);
    expect(states(6)).toEqual(['inconclusive', 'pass']);
    // Two gates with two bounds: each fails at a quarter of 1 %, at first.
    expect(states(9)).toEqual(['fail', 'pass']);
    const [open] = gatesAfter(judged(gates), rows(6, 3), rows(6, 4));
    expect(open!.reason).toContain('too few independent draws');
    expect(open!.reason).toContain('a fail needs more');
  });

  it('is one of a share where a mean is of 0 and 1', () => {
    const [base, head] = [hits(60, 3), hits(60, 3, 1)].map((values) => values.map(Number));
    const mean = held(changeGate('mean_change', region(-0.1)), base!, head!);
    const share = held(changeGate('share_change', region(-0.1)), base!, head!);
    expect(mean.interval).toEqual(share.interval);
  });

  it('has the interval in its row of the comparison that it is held by, also where a mean is a share', () => {
    const [base, head] = [hits(60, 3), hits(60, 3, 1)].map((values) => values.map(Number));
    for (const items of [60, 12]) {
      const pipeline = judged([changeGate('mean_change', region(-0.1))], { repeat: 60 / items });
      const scene = { item: (at: number) => `i${at % items}` };
      const [before, after] = [base!, head!].map((values) => analyseRows(pipeline, rowsOf(values), scene));
      const { gates, against } = holdAgainst(after!, pipeline, baseOf(before!));
      const row = against!.comparison!.changes.find(({ isGate }) => isGate)!;
      const { low, high, method } = gates[0]!.interval!;
      expect(row).toMatchObject({ kind: 'mean', method, gained: 0, lost: 0 });
      expect(row.interval).toEqual({ low, high });
      expect(row.change).toBeCloseTo(gates[0]!.value!, 12);
    }
  });

  it('passes inside its margin, fails outside it, and stays open between', () => {
    const base = hits(1000, 2);
    const dropped = base.map((hit, at) => hit && at % 10 !== 0);
    const shifted = base.map((hit, at) => hit && at % 50 !== 0);
    expect(held(noDrop, base, dropped)).toMatchObject({ state: 'fail', n: 1000 });
    expect(held(noDrop, base, dropped).value).toBeCloseTo(-0.1, 12);
    expect(held(changeGate('share_change', region(-0.2)), base, dropped).state).toBe('pass');
    expect(held(noDrop, base, shifted).state).toBe('inconclusive');
  });

  it('is about equal length with two bounds', () => {
    const base = Array.from({ length: 200 }, (_, at) => at % 7);
    expect(
      held(
        sameLength,
        base,
        base.map((x, at) => x + (at % 2 ? 0.1 : -0.1)),
      ).state,
    ).toBe('pass');
    expect(
      held(
        sameLength,
        base,
        base.map((x, at) => x + 3 + (at % 2)),
      ).state,
    ).toBe('fail');
    expect(
      held(
        sameLength,
        base,
        base.map((x, at) => x + (at % 2 ? 8 : -8)),
      ).state,
    ).toBe('inconclusive');
  });

  it('fails only at the level that one bound or two, and all gates on changes, leave it', () => {
    const base = hits(400, 2);
    const head = base.map((hit, at) => hit && at % 16 !== 0);
    const one = held(changeGate('share_change', region(0)), base, head);
    expect(one).toMatchObject({ state: 'fail' });
    expect(one.interval!.confidence).toBeCloseTo(0.98, 12);
    const two = held(changeGate('share_change', region(0, 0.5)), base, head);
    expect(two.interval!.confidence).toBeCloseTo(0.99, 12);
    const names = ['a', 'b', 'c', 'd'];
    const gates = names.map((name) => changeGate('share_change', region(name === 'a' ? 0 : -1), { name }));
    const [first, second] = gatesAfter(judged(gates), rowsOf(base), rowsOf(head));
    expect(first!.interval!.confidence).toBeCloseTo(1 - 0.02 / 4, 12);
    expect(second!).toMatchObject({ state: 'pass', interval: { confidence: 0.95 } });
  });

  it('stays open where its own interval lies outside and the level of a fail is not reached', () => {
    const base = hits(400, 2);
    const head = base.map((hit, at) => hit && at % 100 !== 0);
    const gate = held(changeGate('share_change', region(0), { confidence: 0.6 }), base, head);
    expect(gate.state).toBe('inconclusive');
    expect(gate.reason).toMatch(/its 98% interval, .* lies partly outside ≥ 0 pp; .*at 60% it lies outside/);
    expect(decide(gate.interval!, gate.region)).toBe('inconclusive');
  });

  it('takes the false alarms that the pipeline allows', () => {
    const base = hits(400, 2);
    const head = base.map((hit, at) => hit && at % 100 !== 0);
    const gate = changeGate('share_change', region(0), { confidence: 0.6 });
    const [loose] = gatesAfter(judged([gate], { falseAlarms: 0.3 }), rowsOf(base), rowsOf(head));
    expect(loose).toMatchObject({ state: 'fail' });
    expect(loose!.interval!.confidence).toBeCloseTo(0.4, 12);
  });

  it('covers what units without a value could have been, above one in a hundred', () => {
    const base = hits(1000, 2);
    const gate = changeGate('share_change', region(-0.05));
    const few = held(
      gate,
      base,
      base.map((hit, at) => (at < 10 ? null : hit)),
    );
    expect(few).toMatchObject({ state: 'pass', worst: null, n: 990 });
    const many = held(
      gate,
      base,
      base.map((hit, at) => (at < 100 ? null : hit)),
    );
    expect(many).toMatchObject({ state: 'inconclusive', n: 900 });
    // Of the hundred half were true: all of them lost, or the other half gained.
    expect(many.worst!.low).toBeCloseTo(-0.05, 12);
    expect(many.worst!.high).toBeCloseTo(0.05, 12);
    expect(many.interval!.low).toBeLessThan(-0.05);
    expect(many.reason).toContain('100 units without a value on one side or both');
  });

  it('widens with items that differ, and says that more items would help', () => {
    const rows = Array.from({ length: 200 }, (_, at) => ({ x: at % 20 }));
    const head = rows.map(({ x }, at) => ({ x: x + (x < 10 ? 4 : -4) + (at % 3) * 0.01 }));
    const item = (at: number) => `item${at % 20}`;
    const pipeline = judged([sameLength], { repeat: 10 });
    const [gate] = gatesAfter(pipeline, rows, head, { item });
    expect(gate).toMatchObject({ state: 'inconclusive', toSettle: null });
    expect(gate!.interval!.method).toContain('clustered by item (20 items)');
    expect(gate!.reason).toContain('more items, not more repetitions');
    const [alone] = gatesAfter(judged([sameLength]), rows, head);
    const width = ({ interval }: typeof alone & object) => interval!.high - interval!.low;
    expect(width(gate!)).toBeGreaterThan(2 * width(alone!));
  });

  it('says about how many units would settle it', () => {
    const base = hits(300, 2);
    const head = base.map((hit, at) => (at % 8 === 0 ? !hit : hit));
    const gate = held(changeGate('share_change', region(-0.1)), base, head);
    expect(gate.state).toBe('inconclusive');
    expect(gate.toSettle).toBeGreaterThan(300);
    expect(gate.reason).toContain('units would settle it');
  });

  it('is stricter at an early look, and says which it is', () => {
    const base = hits(400, 2);
    const head = base.map((hit, at) => hit && at % 16 !== 0);
    const pipeline = judged([changeGate('share_change', region(0))]);
    const early = gatesAfter(pipeline, rowsOf(base), rowsOf(head), { look: { look: 1, looks: 5 } })[0]!;
    expect(early.state).toBe('inconclusive');
    expect(early.reason).toMatch(/^at look 1 of 5 its /);
    const last = gatesAfter(pipeline, rowsOf(base), rowsOf(head), { look: { look: 5, looks: 5 } })[0]!;
    expect(last).toMatchObject({ state: 'fail', look: { look: 5, looks: 5 } });
  });
});

describe('a gate on a change whose base is known by estimates alone', () => {
  const rows = (wins: number) =>
    Array.from({ length: 1000 }, (_, at) => ({ outcome: at < wins ? 'win' : 'lose', x: at % 11 }));
  const share = changeGate('share_change', region(-0.05), { expr: "outcome == 'win'" });
  const report = { groupBy: null, outcomes: ['outcome'], metrics: ['x'] };
  const pipeline = judged([share, { ...sameLength, name: 'length' } as Gate], { report });
  const apart = (head: number) => gatesAfter(pipeline, rows(500), rows(head), { values: null });

  it('is held by Newcombe and Welch, as of two samples', () => {
    const [wins, length] = apart(520);
    expect(wins).toMatchObject({ state: 'pass', interval: { method: 'Newcombe' } });
    expect(wins!.value).toBeCloseTo(0.02, 12);
    expect(length).toMatchObject({ state: 'pass', value: 0, interval: { method: 'Welch' } });
    expect(length!.interval!.high).toBeGreaterThan(0);
    expect(apart(300)[0]).toMatchObject({ state: 'fail' });
  });

  it('stays open when the estimates do not say what it asks', () => {
    const odd = judged([changeGate('share_change', region(-0.05), { expr: 'x > 3' })], { report });
    const [gate] = gatesAfter(odd, rows(500), rows(500), { values: null });
    expect(gate).toMatchObject({ state: 'inconclusive', value: null });
  });

  it('takes a value that never came up as none of all', () => {
    const never = judged([changeGate('share_change', region(-0.05), { expr: "outcome == 'draw'" })], {
      report,
    });
    const [gate] = gatesAfter(never, rows(500), rows(500), { values: null });
    expect(gate).toMatchObject({ state: 'pass', value: 0 });
  });

  it('covers dropped units', () => {
    const some = [...rows(500).slice(0, 900), ...rowsOf(new Array(100).fill(null))];
    const [gate] = gatesAfter(pipeline, some, rows(500), { values: null });
    expect(gate!.worst).not.toBeNull();
    expect(gate!.state).toBe('inconclusive');
  });

  it('covers no more of a share than there is', () => {
    const few = [...rows(19).slice(0, 20), ...rowsOf(new Array(980).fill(null))];
    const [gate] = gatesAfter(pipeline, few, rows(0), { values: null });
    expect(gate!.interval!.low).toBe(-1);
    expect(gate!.interval!.high).toBeLessThanOrEqual(1);
  });

  it('pairs the units of a new gate by an outcome that both runs have', () => {
    const before = analyseRows({ ...pipeline, gates: [] }, rows(500));
    const { gates } = holdAgainst(analyseRows(pipeline, rows(480)), pipeline, baseOf(before));
    expect(gates[0]!.interval!.method).toBe('paired Newcombe and Bonett-Price');
    expect(gates[0]).toMatchObject({ n: 1000 });
  });
});

describe('all gates on changes together', () => {
  const bits = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 3, maxLength: 120 });
  const bound = fc.integer({ min: -100, max: 0 }).map((points) => points / 100);
  const kinds = fc.constantFrom<'share_change' | 'mean_change'>('share_change', 'mean_change');
  const claims = fc.array(fc.tuple(kinds, bound, fc.option(bound.map((one) => -one))), {
    minLength: 1,
    maxLength: 4,
  });
  const gatesOf = (drawn: readonly (readonly ['share_change' | 'mean_change', number, number | null])[]) =>
    drawn.map(([kind, low, high], at) => changeGate(kind, region(low, high), { name: `gate ${at}` }));

  it('never say what their interval does not', () => {
    fc.assert(
      fc.property(bits, claims, (units, drawn) => {
        const pipeline = judged(gatesOf(drawn));
        const [base, head] = [rowsOf(units.map(([b]) => b)), rowsOf(units.map(([, h]) => h))];
        for (const gate of gatesAfter(pipeline, base, head)) {
          if (gate.interval === null) expect(gate.state).toBe('inconclusive');
          else expect(decide(gate.interval, gate.region)).toBe(gate.state);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never fail for the same values on both sides, whose change is exactly 0', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 2, maxLength: 60 }), claims, (values, drawn) => {
        const rows = rowsOf(values);
        for (const gate of gatesAfter(judged(gatesOf(drawn)), rows, rows)) {
          expect(gate.value).toBe(0);
          expect(gate.state).toBe('pass');
        }
      }),
      { numRuns: 40 },
    );
  });

  it('mirror when the sides change places', () => {
    fc.assert(
      fc.property(bits, bound, (units, low) => {
        const [base, head] = [units.map(([b]) => b), units.map(([, h]) => h)];
        const there = held(changeGate('share_change', region(low)), base, head);
        const back = held(changeGate('share_change', region(null, -low)), head, base);
        expect(back.state).toBe(there.state);
        expect(back.value! + there.value!).toBeCloseTo(0, 12);
        expect(back.interval!.low).toBeCloseTo(-there.interval!.high, 9);
        expect(back.interval!.high).toBeCloseTo(-there.interval!.low, 9);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a gate that stays undecided', () => {
  it('fails at the end where the pipeline says so, with a reason that says so', () => {
    const strict: Gate = { ...noDrop, onInconclusive: 'fail' } as Gate;
    const open = gatesAfter(judged([strict]), rowsOf([true, false]), rowsOf([false, true]));
    expect(open[0]!.state).toBe('inconclusive');
    const [settled] = settleUndecided(open, [strict]);
    expect(settled!.state).toBe('fail');
    expect(settled!.reason).toContain('on_inconclusive: fail');
    expect(settleUndecided(open, [noDrop])).toEqual(open);
  });
});
