import { describe, expect, test } from 'vitest';
import { newcombe, pairedNewcombe } from '../../src/analysis/compare-shares.ts';
import { decide, meansToSettle } from '../../src/analysis/decision.ts';
import {
  detectablePaired,
  detectableUnpaired,
  unitsPaired,
  unitsUnpaired,
} from '../../src/analysis/power.ts';
import { pairedToSettle, unpairedToSettle } from '../../src/analysis/settle.ts';
import { fc } from '../property.ts';
import { rowsOf } from './golden.ts';

const AIM = { alpha: 0.05, power: 0.8 };

describe('what can be seen', () => {
  test('the units of two samples agree with statsmodels', () => {
    for (const [base, head, alpha, power, units] of rowsOf('unitsUnpaired')) {
      // statsmodels leaves out the chance of finding the change the wrong way round, as we do: one unit apart at most.
      expect(Math.abs(unitsUnpaired(base, head, { alpha, power }) - units)).toBeLessThanOrEqual(1);
    }
  });

  test('the smallest change and the units for it are each other turned around', () => {
    const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(share, fc.integer({ min: 50, max: 100_000 }), (base, n) => {
        const { down, up } = detectableUnpaired(base, n, n, AIM);
        if (down !== null) expect(Math.abs(unitsUnpaired(base, base - down, AIM) - n)).toBeLessThanOrEqual(1);
        if (up !== null) expect(Math.abs(unitsUnpaired(base, base + up, AIM) - n)).toBeLessThanOrEqual(1);
        const paired = detectablePaired(base / 2, n, AIM);
        if (paired !== null) expect(Math.abs(unitsPaired(base / 2, paired, AIM) - n)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('what is too near the end of the scale, or changes too rarely, is not found', () => {
    expect(detectableUnpaired(0.01, 100, 100, AIM)).toMatchObject({ down: null });
    expect(detectableUnpaired(0, 100, 100, AIM).down).toBeNull();
    expect(detectablePaired(0.01, 50, AIM)).toBeNull();
    expect(detectablePaired(0, 1_000_000, AIM)).toBeNull();
    for (const share of [0, 0.5, 1]) expect(unitsUnpaired(share, share, AIM)).toBe(Number.POSITIVE_INFINITY);
    for (const part of [0, 0.5, 1]) expect(unitsPaired(part, 0, AIM)).toBe(Number.POSITIVE_INFINITY);
    expect(detectableUnpaired(0.5, 0, 0, AIM)).toEqual({ down: null, up: null });
  });

  test('pairs that agree mostly need fewer units', () => {
    // 80 % to 75 %: all changes one way, a tenth of the units changing, and two independent samples.
    expect(unitsPaired(0.05, 0.05, AIM)).toBeLessThan(unitsPaired(0.1, 0.05, AIM));
    expect(unitsPaired(0.1, 0.05, AIM)).toBeLessThan(unitsUnpaired(0.8, 0.75, AIM));
  });
});

describe('what would settle a change', () => {
  const region = { atLeast: -0.05, atMost: null };

  test('does settle it, and much less does not', () => {
    const base = { x: 80, n: 100 };
    const head = { x: 78, n: 100 };
    expect(decide(newcombe(base, head, 0.95), region)).toBe('inconclusive');
    const units = unpairedToSettle(base, head, region, 0.95) ?? 0;
    const at = (n: number) => newcombe({ x: 0.8 * n, n }, { x: 0.78 * n, n }, 0.95);
    expect(decide(at(units), region)).toBe('pass');
    expect(decide(at(units * 0.9), region)).toBe('inconclusive');
  });

  test('does so for pairs', () => {
    const counts = { both: 70, baseOnly: 10, headOnly: 8, neither: 12 };
    const units = pairedToSettle(counts, region, 0.99) ?? 0;
    const at = (n: number) =>
      pairedNewcombe({ both: 0.7 * n, baseOnly: 0.1 * n, headOnly: 0.08 * n, neither: 0.12 * n }, 0.99);
    expect(decide(at(units), region)).toBe('pass');
    expect(decide(at(units * 0.9), region)).toBe('inconclusive');
    // Fewer than two samples would need.
    expect(units).toBeLessThan(unpairedToSettle({ x: 80, n: 100 }, { x: 78, n: 100 }, region, 0.99) ?? 0);
  });

  test('never comes where the change lies on its bound, or nothing was seen', () => {
    expect(unpairedToSettle({ x: 80, n: 100 }, { x: 75, n: 100 }, region, 0.95)).toBeNull();
    expect(unpairedToSettle({ x: 0, n: 0 }, { x: 0, n: 0 }, region, 0.95)).toBeNull();
    expect(pairedToSettle({ both: 0, baseOnly: 0, headOnly: 0, neither: 0 }, region, 0.95)).toBeNull();
  });

  test('is for a change of a mean what decision.ts says of a mean', () => {
    // Error 0.1 over 400 units, 0.05 from the bound: the half-width must shrink from 0.196 to 0.05.
    expect(meansToSettle(0, 400, 0.1, region, 0.95)).toBe(6_200);
  });
});
