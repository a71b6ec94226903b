import { describe, test } from 'vitest';
import {
  binomialProbability,
  incompleteGamma,
  incompleteGammaTail,
  inverseIncompleteGamma,
} from '../../src/analysis/special.ts';
import { chiSquareTail, normalTail, studentTwoSided } from '../../src/analysis/tails.ts';
import { near, rowsOf } from './golden.ts';

function agrees(name: string, f: (...args: number[]) => number, tolerance: number, floor = 1e-300): void {
  for (const row of rowsOf(name)) near(f(...row.slice(0, -1)), row.at(-1), tolerance, [name, row], floor);
}

describe('probabilities agree with scipy, far tails included', () => {
  test('the incomplete gamma function', () => agrees('incompleteGamma', incompleteGamma, 1e-11));
  test('its complement', () => agrees('incompleteGammaTail', incompleteGammaTail, 1e-10));
  test('its inverse', () => agrees('inverseIncompleteGamma', inverseIncompleteGamma, 1e-10));
  test('the normal tail', () => agrees('normalTail', normalTail, 1e-12));
  test("Student's two tails", () => agrees('studentTwoSided', studentTwoSided, 1e-10));
  test('the chi-square tail', () => agrees('chiSquareTail', chiSquareTail, 1e-11));
  test('the binomial probability', () => agrees('binomialProbability', binomialProbability, 1e-11));
});
