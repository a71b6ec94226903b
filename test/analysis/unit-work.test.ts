// What gates and figures may take over all units together: expressions that are each within the sandbox's fuel, and would
// hold a job for hours.
import { expect, test } from 'vitest';
import { CustomTally } from '../../src/analysis/figure-custom.ts';
import { ResamplingWork } from '../../src/analysis/figure-work.ts';
import { GateCounter } from '../../src/analysis/gate-counter.ts';
import { UnitWork } from '../../src/analysis/unit-work.ts';
import { compileExpression } from '../../src/expression/expression.ts';

const slow = 'sum(1 for i in range(1000)) > 0';

test('an expression has no steps any more once all units together have used them', () => {
  const work = new UnitWork(5_000);
  const expression = compileExpression(slow);
  expect(work.evaluate(expression, new Map())).toBe(true);
  expect(() => {
    for (let i = 0; i < 10; i++) work.evaluate(expression, new Map());
  }).toThrow('more than 5000 steps over all units');
});

test('a gate says of how many units it has no value for want of steps', () => {
  const region = { atLeast: 0.8, atMost: null };
  const gate = { kind: 'share', name: 'slow', expr: slow, region, confidence: 0.95 } as const;
  const counter = new GateCounter(gate, false, new UnitWork(5_000));
  for (let i = 0; i < 100; i++) counter.add(i, new Map());
  const tally = counter.tally();
  if (tally.kind !== 'share') throw new Error('not a share');
  expect(tally.tally.n + tally.errors).toBe(100);
  expect(tally.errors).toBeGreaterThan(90);
  expect(tally.firstError).toBe('LimitError: more than 5000 steps over all units');
});

/** One custom figure over 50 numbers. */
function customOf(work: ResamplingWork) {
  const tally = new CustomTally(compileExpression('sum(x)'), false, 'sum of x', work);
  for (let i = 0; i < 50; i++) tally.add(i, { kind: 'fields', values: [i] });
  return tally.estimate(0, { group: null, dropped: 0, confidence: 0.95, work });
}

test('a custom figure has no value once those before it have taken all steps, or all room', () => {
  expect(customOf(new ResamplingWork('1'))).toMatchObject({ value: 1225, note: null });
  const spent = new ResamplingWork('1');
  spent.spend(1_000_000_000);
  expect(customOf(spent)).toMatchObject({ value: null, note: 'no value: too much work' });
  const full = new ResamplingWork('1');
  expect(full.keep(19_999_980)).toBe(true);
  expect(customOf(full)).toMatchObject({ n: 50, value: null, note: 'no value: too many units' });
  // What it kept until then is there for others.
  expect(full.keep(20)).toBe(true);
  expect(full.keep(1)).toBe(false);
});
