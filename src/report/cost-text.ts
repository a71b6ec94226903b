// How a report words money. One figure from one source on every surface; what is not known is said to be unknown.
import { formatMoney, parseUsd } from '../analysis/money.ts';
import { formatCount, roughly } from '../analysis/numbers.ts';
import type { Report } from './report.ts';

/** Decimal text of US dollars as people read it. */
export function formatUsd(usd: string): string {
  return formatMoney(parseUsd(usd) ?? 0n);
}

/** About what `units` would cost when `had` of them cost that much; null where it was nothing, or nobody knows. */
export function priceOf(units: number, had: number, spent: string | null): string | null {
  const cost = parseUsd(spent ?? '') ?? 0n;
  if (cost <= 0n || had === 0) return null;
  return formatMoney(BigInt(roughly(Number((cost * BigInt(units)) / BigInt(had)))));
}

/** What was spent, in a few words, and of how much. */
export function costPhrase(report: Report): string {
  const { spent, wouldCost, cap, prices } = report.cost;
  if (!report.steps.some((step) => step.kind === 'llm')) return 'nothing to pay, no step asks a model';
  const limit = cap === null ? '' : ` (cap ${formatUsd(cap)})`;
  if (prices.length === 0 && (report.simulated || report.provenance.replays !== null)) {
    const would = wouldCost === null ? '' : `, ${formatUsd(wouldCost)} at the declared prices`;
    return `nothing spent${would}${limit}`;
  }
  if (spent === null) return `cost unknown, a price is missing${limit}`;
  return `${formatUsd(spent)}${cap === null ? '' : ` of at most ${formatUsd(cap)}`}`;
}

/** What may have been spent beside that, or null: `at most $0.02 more for 3 requests whose answers never arrived`. */
export function uncertainPhrase(report: Report): string | null {
  const { uncertain, uncertainRequests } = report.cost;
  if (uncertainRequests === 0) return null;
  const unpriced = report.steps.some((step) => step.uncertainRequests > 0 && step.cost === null);
  const amount = unpriced ? 'an unknown amount' : `at most ${formatUsd(uncertain)}`;
  const requests =
    uncertainRequests === 1
      ? '1 request whose answer'
      : `${formatCount(uncertainRequests)} requests whose answers`;
  return `${amount} more for ${requests} never arrived`;
}

/** What was spent and for how many tokens. */
export function costSummary(report: Report): string {
  const tokens = report.steps.reduce((sum, step) => sum + step.tokens.input + step.tokens.output, 0);
  const said = report.simulated
    ? ' counted for invented answers'
    : report.provenance.replays === null
      ? ''
      : ' of recorded answers';
  return `${costPhrase(report).replace(/^cost /, '')}, ${formatCount(tokens)} tokens${said}`;
}
