// Several runs seen as one, for those who need a single word or number. Adds up; judges nothing anew.
import { parseUsd, usdText } from '../analysis/money.ts';
import type { Verdict } from '../analysis/verdict.ts';
import type { Report } from '../report/report.ts';

/** `cost` is US dollars as decimal text; null when a part of it is unknown. */
export interface Totals {
  readonly status: 'completed' | 'pending' | 'error';
  readonly verdict: Verdict;
  readonly valid: number;
  readonly failed: number;
  readonly cost: string | null;
}

/** From the worst to the best. */
const ORDER: readonly Verdict[] = ['error', 'fail', 'inconclusive', 'pending', 'dry_run', 'pass'];

/** The totals of at least one report; `broken` is true when a run did not even get as far as a report. */
export function addUp(reports: readonly Report[], broken: boolean): Totals {
  const verdicts = new Set<Verdict>(reports.map((report) => report.verdict));
  if (broken) verdicts.add('error');
  const pending = verdicts.has('pending');
  let cost: bigint | null = 0n;
  for (const { spent } of reports.map((report) => report.cost)) {
    const amount = spent === null ? null : parseUsd(spent);
    cost = cost === null || amount === null ? null : cost + amount;
  }
  return {
    status: verdicts.has('error') ? 'error' : pending ? 'pending' : 'completed',
    verdict: ORDER.find((verdict) => verdicts.has(verdict)) ?? 'error',
    valid: reports.reduce((sum, report) => sum + report.units.valid, 0),
    failed: reports.reduce((sum, report) => sum + report.units.failed, 0),
    cost: cost === null ? null : usdText(cost),
  };
}
