import { describe, expect, test } from 'vitest';
import { benjaminiHochberg, decideHolm, holm } from '../../src/analysis/multiplicity.ts';
import { normalQuantile } from '../../src/analysis/special.ts';
import { normalTail } from '../../src/analysis/tails.ts';
import { fc } from '../property.ts';
import { near, rowsOf } from './golden.ts';

describe('several questions', () => {
  test('Holm and Benjamini-Hochberg agree with statsmodels', () => {
    for (const [name, adjust] of [
      ['holm', holm],
      ['benjaminiHochberg', benjaminiHochberg],
    ] as const) {
      for (const [ps, wanted] of rowsOf(name)) {
        const got = adjust(ps);
        expect(got).toHaveLength(wanted.length);
        got.forEach((p, i) => {
          near(p, wanted[i], 1e-12, [name, ps], 1e-300);
        });
      }
    }
  });

  test('an interval at the confidence of a decision never contradicts it', () => {
    const z = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(fc.array(z, { maxLength: 12 }), fc.constantFrom(0.01, 0.05), (zs, alpha) => {
        const ps = zs.map((value) => 2 * normalTail(Math.abs(value)));
        const decisions = decideHolm(ps, alpha);
        decisions.forEach(({ rejected, confidence, adjusted }, i) => {
          const excludes = Math.abs(zs[i] as number) > normalQuantile((1 + confidence) / 2);
          expect(excludes).toBe(rejected);
          expect(adjusted <= alpha).toBe(rejected);
        });
        const some = zs.some((value) => Math.abs(value) > normalQuantile(1 - alpha / zs.length / 2));
        expect(decisions.some(({ rejected }) => rejected)).toBe(some);
      }),
    );
  });
});
