import { describe, expect, test } from 'vitest';
import { smallestPassing } from '../../src/analysis/decision.ts';
import { formatRegion } from '../../src/analysis/gate-text.ts';
import { evaluateGates, type GateSituation, type GateTally } from '../../src/analysis/gates.ts';
import { clopperPearsonHigh, clopperPearsonLow } from '../../src/analysis/intervals.ts';
import { NumberTally, ShareTally } from '../../src/analysis/tally.ts';
import type { Gate, Region } from '../../src/pipeline/pipeline.ts';

const region = (atLeast: number | null, atMost: number | null): Region => ({ atLeast, atMost });
const shareGate = (bounds: Region, confidence = 0.95): Gate => ({
  kind: 'share',
  name: 'claim',
  expr: 'x',
  region: bounds,
  confidence,
});

function shares(x: number, n: number, errors = 0): GateTally {
  const tally = new ShareTally(false);
  for (let i = 0; i < n; i++) tally.add(0, i < x);
  return { kind: 'share', tally, errors, firstError: errors > 0 ? 'TypeError: no' : null };
}

function numbers(values: readonly number[]): GateTally {
  const tally = new NumberTally(false, false);
  for (const value of values) tally.add(0, value);
  return { kind: 'mean', tally, errors: 0, firstError: null };
}

function situation(valid: number, failed = 0, cost: bigint | null = 0n): GateSituation {
  return { planned: valid + failed, valid, failed, inFlight: 0, cost, uncertain: 0n };
}

const only = (gate: Gate, tally: GateTally, where: GateSituation) =>
  evaluateGates([gate], [tally], where)[0]!;

describe('a gate on a share', () => {
  const half = region(0.45, 0.55);

  test('passes when its whole interval lies inside, fails when it lies outside, else stays undecided', () => {
    expect(only(shareGate(half), shares(500, 1000), situation(1000)).state).toBe('pass');
    expect(only(shareGate(half), shares(300, 1000), situation(1000)).state).toBe('fail');
    expect(only(shareGate(half), shares(540, 1000), situation(1000)).state).toBe('inconclusive');
  });

  test('says the fewest units that could ever pass, and about how many would settle it', () => {
    const few = only(shareGate(half, 0.99), shares(250, 500), situation(500));
    expect(few.state).toBe('inconclusive');
    expect(few.smallest).toBeGreaterThan(500);
    expect(few.reason).toContain('can never pass it');
    const open = only(shareGate(region(0.8, null)), shares(330, 400), situation(400));
    expect(open.toSettle).toBeGreaterThan(400);
    const enough = open.toSettle ?? 0;
    const x = Math.round(enough * 0.825);
    expect(only(shareGate(region(0.8, null)), shares(x, enough), situation(enough)).state).toBe('pass');
  });

  test('covers the dropped units as soon as they are more than one in a hundred', () => {
    const gate = shareGate(region(0.8, null));
    const kept = only(gate, shares(900, 1000), situation(1000, 10));
    expect(kept.state).toBe('pass');
    expect(kept.worst).toBeNull();
    const dropped = only(gate, shares(900, 1000), situation(1000, 200));
    expect(dropped.state).toBe('inconclusive');
    expect(dropped.worst).toEqual({ low: 900 / 1200, high: 1100 / 1200 });
    expect(dropped.interval?.low).toBeCloseTo(clopperPearsonLow(900, 1200, 0.95), 12);
    expect(dropped.interval?.high).toBeCloseTo(clopperPearsonHigh(1100, 1200, 0.95), 12);
    expect(dropped.reason).toContain('200 units dropped');
  });

  test('counts units without an answer as dropped, and shows why', () => {
    const result = only(shareGate(region(0.8, null)), shares(900, 950, 50), situation(1000));
    expect(result).toMatchObject({ errors: 50, firstError: 'TypeError: no' });
    expect(result.worst).not.toBeNull();
  });

  test('stays undecided without any answer', () => {
    const result = only(shareGate(half), shares(0, 0), situation(0, 5));
    expect(result).toMatchObject({ state: 'inconclusive', value: null });
  });
});

describe('the fewest units', () => {
  test('are those found by trying every number', () => {
    const cases: [Region, number][] = [
      [region(0.45, 0.55), 0.95],
      [region(0.45, 0.55), 0.99],
      [region(0.9, null), 0.95],
      [region(null, 0.02), 0.99],
      [region(0.02, 0.2), 0.9],
    ];
    for (const [bounds, confidence] of cases) {
      const passes = (n: number) => {
        for (let x = 0; x <= n; x++) {
          const inside =
            clopperPearsonLow(x, n, confidence) >= (bounds.atLeast ?? 0) &&
            clopperPearsonHigh(x, n, confidence) <= (bounds.atMost ?? 1);
          if (inside) return true;
        }
        return false;
      };
      const smallest = smallestPassing(bounds, confidence) ?? 0;
      expect(passes(smallest)).toBe(true);
      for (let n = Math.max(1, smallest - 40); n < smallest; n++) expect(passes(n)).toBe(false);
    }
  });

  test('do not exist for a single point', () => {
    expect(smallestPassing(region(1, 1), 0.95)).toBeNull();
    expect(smallestPassing(region(0.5, 0.5), 0.95)).toBeNull();
  });
});

test('a gate on a mean is held against the t interval', () => {
  const gate: Gate = { kind: 'mean', name: 'm', expr: 'x', region: region(24, 26), confidence: 0.95 };
  const near = numbers(Array.from({ length: 400 }, (_, i) => 25 + ((i % 5) - 2)));
  expect(only(gate, near, situation(400)).state).toBe('pass');
  expect(only(gate, numbers([25]), situation(1)).state).toBe('inconclusive');
  const wide = only(gate, numbers([10, 20, 30, 40]), situation(4));
  expect(wide.state).toBe('inconclusive');
  expect(wide.toSettle).toBeGreaterThan(100);
  const dropped = only(gate, near, situation(400, 500));
  expect(dropped.state).toBe('inconclusive');
  expect(dropped.worst).toEqual({ low: (400 * 25 + 500 * 23) / 900, high: (400 * 25 + 500 * 27) / 900 });
});

test('a gate on a mean takes a few units that agree for few, and many for what nothing varies in', () => {
  const gate: Gate = { kind: 'mean', name: 'm', expr: 'x', region: region(4, null), confidence: 0.95 };
  const of = (n: number) => only(gate, numbers(new Array(n).fill(5)), situation(n));
  expect(of(5)).toMatchObject({ state: 'inconclusive', value: 5, n: 5, interval: null, toSettle: null });
  expect(of(5).reason).toContain('too few independent draws');
  expect(of(6)).toMatchObject({ state: 'pass', interval: { low: 5, high: 5 } });
});

test('a gate on a mean of 0 and 1 is one on a share', () => {
  const gate: Gate = { kind: 'mean', name: 'm', expr: 'x', region: region(null, 0.01), confidence: 0.95 };
  const none = only(gate, numbers(new Array(100).fill(0)), situation(100));
  expect(none).toMatchObject({ state: 'inconclusive', value: 0 });
  expect(none.interval!.high).toBeCloseTo(clopperPearsonHigh(0, 100, 0.95), 12);
  const one = only(gate, numbers(Array.from({ length: 100 }, (_, at) => Number(at === 7))), situation(100));
  expect(one.interval!.low).toBeCloseTo(clopperPearsonLow(1, 100, 0.95), 12);
  const dropped = only(gate, numbers(new Array(100).fill(0)), situation(100, 100));
  expect(dropped.worst).toEqual({ low: 0, high: 0.5 });
});

test('a gate on valid units counts every planned unit', () => {
  const gate: Gate = { kind: 'valid_share', name: 'v', region: region(0.95, null), confidence: 0.95 };
  expect(only(gate, { kind: 'none' }, situation(1000, 2)).state).toBe('pass');
  expect(only(gate, { kind: 'none' }, situation(800, 200))).toMatchObject({
    state: 'fail',
    value: 0.8,
    n: 1000,
  });
  expect(only(gate, { kind: 'none' }, situation(20))).toMatchObject({ state: 'inconclusive', smallest: 72 });
});

test('a gate on cost is exact, and undecided without a price', () => {
  const gate: Gate = { kind: 'cost', name: 'c', region: region(null, 0.1) };
  expect(only(gate, { kind: 'none' }, situation(1, 0, 100_000_000_000n)).state).toBe('pass');
  expect(only(gate, { kind: 'none' }, situation(1, 0, 100_000_000_001n)).state).toBe('fail');
  expect(only(gate, { kind: 'none' }, situation(1, 0, null))).toMatchObject({
    state: 'inconclusive',
    value: null,
  });
});

test('a gate on cost is undecided where answers that never arrived make the difference', () => {
  const between: Gate = { kind: 'cost', name: 'c', region: region(0.05, 0.1) };
  const state = (cents: number, more: number) =>
    only(
      between,
      { kind: 'none' },
      { ...situation(1, 0, BigInt(cents) * 10_000_000_000n), uncertain: BigInt(more) * 10_000_000_000n },
    ).state;
  expect([state(6, 2), state(9, 2), state(11, 2), state(4, 2), state(2, 1)]).toEqual([
    'pass',
    'inconclusive',
    'fail',
    'inconclusive',
    'fail',
  ]);
});

test('no gate is held before the run is over', () => {
  const results = evaluateGates([shareGate(region(0.1, null))], [shares(90, 100)], {
    ...situation(100),
    planned: 200,
    inFlight: 100,
  });
  expect(results[0]).toMatchObject({ state: 'inconclusive', value: null });
});

test('regions read as people write them', () => {
  expect(formatRegion({ kind: 'share', region: region(0.45, 0.55) })).toBe('45% to 55%');
  expect(formatRegion({ kind: 'valid_share', region: region(0.999, null) })).toBe('≥ 99.9%');
  expect(formatRegion({ kind: 'cost', region: region(null, 0.25) })).toBe('≤ $0.25');
  expect(formatRegion({ kind: 'mean', region: region(-2, null) })).toBe('≥ −2');
});
