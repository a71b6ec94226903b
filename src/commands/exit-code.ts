// From a verdict to an exit code: the one table both front doors follow.
import type { Report } from '../report/report.ts';

/** When gates turn a run red: a failing one, also an undecided one, or none at all. */
export type FailOn = 'fail' | 'inconclusive' | 'never';

/** Exit codes: 0 fine, 1 a gate, 2 configuration or usage, 3 error, 4 pending. */
export const EXIT = { ok: 0, gate: 1, usage: 2, error: 3, pending: 4 } as const;

/** The exit code of one report. Invented answers are never a success, but they are no failure of the job either. */
export function exitCodeOf(report: Pick<Report, 'verdict' | 'gatesState'>, failOn: FailOn): number {
  switch (report.verdict) {
    case 'error':
      return EXIT.error;
    case 'pending':
      return EXIT.pending;
    case 'pass':
    case 'fail':
    case 'inconclusive':
    case 'dry_run': {
      if (failOn === 'never') return EXIT.ok;
      const red =
        report.gatesState === 'fail' || (report.gatesState === 'inconclusive' && failOn === 'inconclusive');
      return red ? EXIT.gate : EXIT.ok;
    }
    default:
      return report.verdict satisfies never;
  }
}

/** Of several exit codes the one that matters most. */
export function worstExit(codes: readonly number[]): number {
  const order = [EXIT.usage, EXIT.error, EXIT.gate, EXIT.pending];
  return order.find((code) => codes.includes(code)) ?? EXIT.ok;
}
