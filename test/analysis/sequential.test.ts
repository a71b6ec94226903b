import { describe, expect, test } from 'vitest';
import { crossingChances, obrienFleming } from '../../src/analysis/sequential.ts';
import { normalQuantile } from '../../src/analysis/special.ts';

/** Jennison and Turnbull 2000, table 2.3: the constants for 2 to 10 looks. */
const PUBLISHED = [
  [0.05, [1.977, 2.004, 2.024, 2.04, 2.053, 2.063, 2.072, 2.08, 2.087]],
  [0.01, [2.58, 2.595, 2.609, 2.621, 2.631, 2.64, 2.648, 2.654, 2.66]],
] as const;

const total = (chances: readonly number[]) => chances.reduce((sum, chance) => sum + chance, 0);

describe('several looks', () => {
  test("have O'Brien and Fleming's published constants", () => {
    for (const [alpha, constants] of PUBLISHED) {
      constants.forEach((constant, i) => {
        const bounds = obrienFleming(i + 2, alpha);
        expect(bounds).toHaveLength(i + 2);
        expect((bounds.at(-1) ?? 0).toFixed(3), `${i + 2} looks at ${alpha}`).toBe(constant.toFixed(3));
      });
    }
  });

  test('raise as many false alarms as was said, and no more', () => {
    for (const looks of [1, 2, 5, 10]) {
      for (const alpha of [0.05, 0.01]) {
        expect(total(crossingChances(obrienFleming(looks, alpha), 0))).toBeCloseTo(alpha, 8);
      }
    }
  });

  test('without a correction raise the false alarms of Armitage, McPherson and Rowe', () => {
    const alarms = (looks: number) =>
      total(crossingChances(new Array(looks).fill(normalQuantile(0.975)), 0)).toFixed(3);
    expect([1, 2, 3, 4, 5, 10, 20].map(alarms)).toEqual([
      '0.050',
      '0.083',
      '0.107',
      '0.126',
      '0.142',
      '0.193',
      '0.248',
    ]);
  });

  test('find a real change nearly as often as one look does', () => {
    const drift = normalQuantile(0.975) + normalQuantile(0.8);
    expect(total(crossingChances(obrienFleming(1, 0.05), drift))).toBeCloseTo(0.8, 4);
    const power = total(crossingChances(obrienFleming(5, 0.05), drift));
    expect(power).toBeGreaterThan(0.78);
    expect(power).toBeLessThan(0.8);
  });
});
