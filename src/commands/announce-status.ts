// From a report to the commit status and the end of the check run. One table, that of the design; what a model invented
// never gets either.
import { oneLine } from '../report/escape.ts';
import { isCommit } from '../report/history.ts';
import type { Report } from '../report/report.ts';
import type { FailOn } from './exit-code.ts';

/** What a commit is told: the state of its status, the conclusion of its check run, and one line. */
export interface Signal {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly conclusion: 'success' | 'failure' | 'neutral' | null;
  /** At most 140 characters. */
  readonly text: string;
}

/** GitHub's limit for the description of a status. */
const LONGEST = 140;

/**
 * The signal of a report; null when none is given, because an answer was invented. `supersededBy`: the commit that took
 * this one's place before it had a result. A gate that fails is a failure whatever `fail-on` says: that input is about
 * the job, and who wants a gate that blocks nothing does not require the status.
 */
export function signalOf(report: Report, supersededBy: string | null, failOn: FailOn): Signal | null {
  // A check run that is neutral would satisfy a branch rule, so that a dry run has none.
  if (report.simulated || report.verdict === 'dry_run') return null;
  if (supersededBy !== null) {
    const by = isCommit(supersededBy) ? ` (${supersededBy.slice(0, 7)})` : '';
    const text = `Superseded: a newer push${by} took the place of this commit before it had a result`;
    return { state: 'error', conclusion: 'failure', text };
  }
  const text = lineOf(report.headline);
  switch (report.verdict) {
    case 'pending':
      return { state: 'pending', conclusion: null, text };
    case 'pass':
      return { state: 'success', conclusion: 'success', text };
    case 'inconclusive':
      return failOn === 'inconclusive'
        ? { state: 'failure', conclusion: 'failure', text }
        : { state: 'success', conclusion: 'neutral', text };
    case 'fail':
      return { state: 'failure', conclusion: 'failure', text };
    case 'error':
      return { state: 'error', conclusion: 'failure', text };
    default:
      return report.verdict satisfies never;
  }
}

/** One visible line. GitHub counts characters as JavaScript or as people do; this fits either way. */
function lineOf(headline: string): string {
  const line = oneLine(headline, LONGEST);
  return line.length <= LONGEST ? line : oneLine(headline, LONGEST / 2);
}
