import { describe, expect, it } from 'vitest';
import { tInterval } from '../../src/analysis/intervals.ts';
import { confidenceAtLook, levelOverLooks } from '../../src/analysis/look.ts';
import { normalQuantile } from '../../src/analysis/special.ts';

describe('confidenceAtLook', () => {
  it('is the confidence itself at the only look', () => {
    expect(confidenceAtLook(0.95, 1, 1)).toBe(0.95);
  });

  it("is O'Brien and Fleming's at five looks of 5 %: z is 2.040 times the root of 5 over the look", () => {
    for (const look of [1, 2, 3, 4, 5]) {
      const z = normalQuantile((1 + confidenceAtLook(0.95, look, 5)) / 2);
      expect(z).toBeCloseTo(2.04 * Math.sqrt(5 / look), 2);
    }
  });

  it('is stricter early and never below the confidence of a single look', () => {
    for (const looks of [2, 3, 10, 50, 51, 1000]) {
      const levels = [1, Math.ceil(looks / 2), looks].map((look) => confidenceAtLook(0.99, look, looks));
      expect(levels).toEqual([...levels].sort((a, b) => b - a));
      expect(levels.at(-1)).toBeGreaterThanOrEqual(0.99);
    }
  });

  it('hardly jumps where the bounds of looking all the time take over', () => {
    const [exact, taken] = [50, 51].map((looks) => 1 - confidenceAtLook(0.95, looks, looks));
    expect(taken).toBeLessThan(exact!);
    expect(taken! / exact!).toBeGreaterThan(0.8);
  });

  it('gives usable intervals at the strictest look', () => {
    const ends = tInterval(0, 1, 9, confidenceAtLook(0.99, 1, 10_000));
    expect(Number.isFinite(ends.low) && Number.isFinite(ends.high)).toBe(true);
  });
});

describe('levelOverLooks', () => {
  it('undoes confidenceAtLook', () => {
    for (const [look, looks] of [
      [1, 1],
      [2, 5],
      [5, 5],
      [30, 60],
    ] as const) {
      const level = (1 - confidenceAtLook(0.98, look, looks)) / 2;
      expect(levelOverLooks(level, { look, looks })).toBeCloseTo(0.01, 6);
    }
  });

  it('is between nothing and one whatever comes', () => {
    for (const level of [0, 1e-300, 0.5, 1])
      for (const looks of [1, 3, 100]) {
        const found = levelOverLooks(level, { look: 1, looks });
        expect(found >= 0 && found <= 1).toBe(true);
      }
  });
});
