// Several runs in one word and one sum.
import { describe, expect, test } from 'vitest';
import { addUp } from '../../src/commands/totals.ts';
import type { Report } from '../../src/report/report.ts';

/** A report of which only what is added up matters. */
function report(verdict: Report['verdict'], valid = 10, failed = 0, spent: string | null = '0'): Report {
  return {
    verdict,
    units: { planned: valid + failed, valid, failed, inFlight: 0 },
    cost: { spent, wouldCost: null, cap: null, unpriced: [] },
  } as unknown as Report;
}

describe('the totals of several runs', () => {
  test('take the worst verdict, whatever the order', () => {
    expect(addUp([report('pass'), report('fail'), report('dry_run')], false).verdict).toBe('fail');
    expect(addUp([report('inconclusive'), report('pass')], false).verdict).toBe('inconclusive');
    expect(addUp([report('pass'), report('dry_run')], false).verdict).toBe('dry_run');
  });

  test('are pending while one run is, unless one is in error', () => {
    expect(addUp([report('fail'), report('pending')], false)).toMatchObject({
      status: 'pending',
      verdict: 'fail',
    });
    expect(addUp([report('error'), report('pending')], false)).toMatchObject({
      status: 'error',
      verdict: 'error',
    });
  });

  test('are in error when a run has no report at all', () => {
    expect(addUp([report('pass')], true)).toMatchObject({ status: 'error', verdict: 'error', valid: 10 });
    expect(addUp([], true)).toMatchObject({ status: 'error', verdict: 'error', valid: 0, failed: 0 });
  });

  test('add up units and exact money, and know when money is unknown', () => {
    const both = [report('pass', 7, 3, '0.1'), report('pass', 5, 1, '0.2')];
    expect(addUp(both, false)).toMatchObject({ valid: 12, failed: 4, cost: '0.3' });
    expect(addUp([...both, report('pass', 1, 0, null)], false).cost).toBeNull();
  });
});
