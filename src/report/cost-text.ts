// How a report words money. One figure from one source on every surface.
import { formatMoney, parseUsd } from '../analysis/money.ts';
import { formatCount } from '../analysis/numbers.ts';
import type { Report } from './report.ts';

/** Decimal text of US dollars as people read it. */
export function formatUsd(usd: string): string {
  return formatMoney(parseUsd(usd) ?? 0n);
}

/** What was spent, in a few words. */
export function costPhrase(report: Report): string {
  const { spent, wouldCost } = report.cost;
  if (!report.steps.some((step) => step.kind === 'llm')) return 'nothing to pay, no step asks a model';
  if (report.simulated && spent === '0') {
    return wouldCost === null
      ? 'nothing spent'
      : `nothing spent, ${formatUsd(wouldCost)} at the declared prices`;
  }
  return spent === null ? 'cost unknown, a price is missing' : formatUsd(spent);
}

/** What was spent and for how many tokens. */
export function costSummary(report: Report): string {
  const tokens = report.steps.reduce((sum, step) => sum + step.tokens.input + step.tokens.output, 0);
  return `${costPhrase(report)}, ${formatCount(tokens)} tokens${report.simulated ? ' counted for invented answers' : ''}`;
}
