import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  binomialCdf,
  incompleteBeta,
  inverseIncompleteBeta,
  logGamma,
  normalQuantile,
  studentQuantile,
} from '../../src/analysis/special.ts';

type Rows = readonly (readonly number[])[];
const golden = JSON.parse(
  readFileSync(new URL('../golden/analysis/scipy.json', import.meta.url), 'utf8'),
) as Record<string, Rows>;

/** Every row: arguments, then what scipy says. The error is relative, with a floor for values near zero. */
function agrees(name: string, f: (...args: number[]) => number, tolerance: number, floor = 1e-12): void {
  const rows = golden[name] ?? [];
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const args = row.slice(0, -1);
    const want = row[row.length - 1] as number;
    const got = f(...args);
    const error = Math.abs(got - want) / Math.max(Math.abs(want), floor);
    expect(error, `${name}(${args.join(', ')}) = ${got}, scipy ${want}`).toBeLessThan(tolerance);
  }
}

describe('special functions agree with scipy', () => {
  test('log-gamma', () => agrees('logGamma', logGamma, 1e-13, 1));
  test('the normal quantile, far tails included', () => agrees('normalQuantile', normalQuantile, 1e-14));
  test('the incomplete beta function', () => agrees('incompleteBeta', incompleteBeta, 1e-11));
  test('its inverse', () => agrees('inverseIncompleteBeta', inverseIncompleteBeta, 1e-10));
  test("Student's t quantile, from 1 to a million degrees of freedom", () =>
    agrees('studentQuantile', studentQuantile, 1e-9));
  test('the binomial distribution', () => agrees('binomialCdf', binomialCdf, 1e-11));
});

test('a quantile of t without degrees of freedom is no number, and no endless search', () => {
  expect(studentQuantile(0.975, Number.NaN)).toBeNaN();
});
