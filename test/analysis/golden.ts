// What scipy, statsmodels and plain counting say (oracle/compare.py), and how near to it a number must be.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Draw } from '../../src/analysis/resampling.ts';
import { openStream } from '../../src/simulation/stream.ts';

const golden = JSON.parse(
  readFileSync(new URL('../golden/analysis/compare.json', import.meta.url), 'utf8'),
) as Record<string, readonly Row[]>;

/** Arguments, then what is right. What a place holds is known to the test that reads it. */
// biome-ignore lint/suspicious/noExplicitAny: rows are of many shapes, and each test names its own
export type Row = readonly any[];

/** The rows of that name; there is always one. */
export function rowsOf(name: string): readonly Row[] {
  const rows = golden[name] ?? [];
  expect(rows.length).toBeGreaterThan(0);
  return rows;
}

/** Relative to what is right, with a floor for values near zero. */
export function near(got: number, want: number, tolerance: number, what: unknown, floor = 1e-12): void {
  if (got === want) return;
  const error = Math.abs(got - want) / Math.max(Math.abs(want), floor);
  expect(error, `${JSON.stringify(what)?.slice(0, 200)}: ${got}, not ${want}`).toBeLessThan(tolerance);
}

/** Seeded draws of that name. */
export function drawOf(name: string): Draw {
  const stream = openStream(['test', name]);
  return () => stream.double();
}
