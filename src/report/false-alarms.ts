// Says how often the gates of a report fail by chance alone. It knows rates, no results.
import type { FalseAlarms } from '../analysis/false-alarms.ts';
import { formatPlain } from '../analysis/numbers.ts';

/** One or two sentences; null when no gate is about an estimate. */
export function falseAlarmNote({ changes, absolute, isRough }: FalseAlarms): string | null {
  const said: string[] = [];
  if (changes !== null) {
    said.push(
      `Of pull requests that change nothing, at most ${percent(changes)} fail a gate on a change by chance.`,
    );
  }
  if (absolute !== null) {
    const often = isRough ? 'about' : 'at most';
    const more = isRough ? ', means of few and lopsided values in more' : '';
    said.push(
      `Values exactly on the bounds of their gates fail by chance in ${often} ${percent(absolute)} of runs${more}, values inside less often.`,
    );
  }
  return said.length === 0 ? null : said.join(' ');
}

function percent(rate: number): string {
  return `${formatPlain(rate * 100)}%`;
}
