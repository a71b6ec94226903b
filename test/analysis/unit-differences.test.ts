// Which units came out otherwise: every one of them, outcomes before numbers, and nothing where nothing differs.

import { expect, test } from 'vitest';
import { unitDifferences } from '../../src/analysis/unit-differences.ts';
import type { UnitColumn } from '../../src/analysis/unit-values.ts';
import { fc } from '../property.ts';

const column = (part: Partial<UnitColumn>): UnitColumn => ({
  kind: 'mean',
  name: 'steps',
  isGate: false,
  labels: [],
  values: [],
  ...part,
});
const runOf = (...columns: readonly UnitColumn[]) => ({ units: columns[0]!.values.length, columns });

test('labels are compared by what they say, whatever their numbers', () => {
  const base = runOf(
    column({ kind: 'category', name: 'end', labels: ['ship', 'water'], values: [0, 1, 1, null] }),
  );
  const head = runOf(
    column({ kind: 'category', name: 'end', labels: ['water', 'ship'], values: [1, 1, 0, 0] }),
  );
  const found = unitDifferences(base, head, 10);
  expect([...found]).toEqual([
    [1, [{ name: 'end', isMetric: false, base: 'water', head: 'ship' }]],
    [3, [{ name: 'end', isMetric: false, base: null, head: 'water' }]],
  ]);
});

test('an outcome that is another one comes before any number, and large moves before small ones', () => {
  const values = [0, 1, 2, 3];
  const base = runOf(
    column({ values }),
    column({ kind: 'share', name: 'won', isGate: true, values: [1, 1, 1, 1] }),
  );
  const head = runOf(
    column({ values: [0.1, 3, 2, 2.5] }),
    column({ kind: 'share', name: 'won', isGate: true, values: [1, 1, 0, 1] }),
  );
  expect([...unitDifferences(base, head, 10).keys()]).toEqual([2, 1, 3, 0]);
  expect([...unitDifferences(base, head, 2).keys()]).toEqual([2, 1]);
  expect(unitDifferences(base, head, 1).get(2)).toEqual([
    { name: 'won', isMetric: false, base: 'yes', head: 'no' },
  ]);
});

test('what a gate on a number says once more is said once', () => {
  const gate = { name: 'long enough', isGate: true };
  const base = runOf(column({ ...gate, values: [1] }), column({ values: [1] }));
  const head = runOf(column({ ...gate, values: [2] }), column({ values: [2] }));
  expect(unitDifferences(base, head, 9).get(0)).toEqual([
    { name: 'steps', isMetric: true, base: '1', head: '2' },
  ]);
});

test('the same run differs nowhere, and what the base does not have is no difference', () => {
  const values = fc.array(fc.option(fc.integer({ min: 0, max: 1 })), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.constantFrom('share', 'mean', 'category'), (all, kind) => {
      const run = runOf(column({ kind, labels: ['a', 'b'], values: all }));
      expect(unitDifferences(run, run, 100).size).toBe(0);
      const other = runOf(column({ kind, name: 'else', labels: ['a', 'b'], values: all }));
      expect(unitDifferences(other, run, 100).size).toBe(0);
    }),
  );
});
