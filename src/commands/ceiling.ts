// The ceiling of a run's cost: the lowest of what the command line, the policy and the pipeline say. A pipeline lowers
// it, never raises it; a run that costs money has one, unless somebody says in so many words that it shall not.
import { costOf, formatMoney, type Money, parseUsd } from '../analysis/money.ts';
import { ConfigurationError, type Diagnostic } from '../pipeline/diagnostic.ts';
import type { LoadedPipeline, Pipeline, TokenPrice } from '../pipeline/pipeline.ts';
import type { Policy } from '../pipeline/policy.ts';
import { FREE_PROVIDERS, modelName, modelsOf, resolveModel } from '../pipeline/resolve.ts';
import { planUnits } from '../simulation/units.ts';
import { usageError } from './arguments.ts';

/** What whoever starts the run said: an amount, that there shall be no ceiling, or nothing. */
export type MaxCost =
  | { readonly kind: 'amount'; readonly money: Money }
  | { readonly kind: 'none' }
  | { readonly kind: 'unsaid' };

/** Reads `5`, `0.25` or `none`; '' is nothing. Throws a ConfigurationError. */
export function readMaxCost(name: string, text: string): MaxCost {
  const word = text.trim();
  if (word === '') return { kind: 'unsaid' };
  if (word === 'none') return { kind: 'none' };
  const money = parseUsd(word.replace(/^\$/, ''));
  if (money === null) {
    throw usageError(
      name,
      `"${text}" is no amount`,
      'write US dollars such as 5 or 0.25, or none for no ceiling',
    );
  }
  return { kind: 'amount', money };
}

/** Who may set a ceiling. With a policy the pipeline's word alone is none: its author is not the one who pays. */
export interface Ceilings {
  readonly maxCost: MaxCost;
  readonly policy: Policy | null;
}

/** The lowest of all ceilings in picodollars; null: there is none. */
export function capOf(pipeline: Pick<Pipeline, 'maxCost'>, { maxCost, policy }: Ceilings): Money | null {
  const said = maxCost.kind === 'amount' ? maxCost.money : null;
  return lowest([said, amountOf(policy?.maxCost), amountOf(pipeline.maxCost)]);
}

/** The lowest of several ceilings, of which null is none. */
export function lowest(ceilings: readonly (Money | null)[]): Money | null {
  return ceilings.reduce(
    (least, one) => (least === null || (one !== null && one < least) ? one : least),
    null,
  );
}

function amountOf(text: string | null | undefined): Money | null {
  if (text == null) return null;
  const money = parseUsd(text);
  // A limit nobody can read is no limit that was met.
  if (money === null) throw usageError('max_cost', `"${text}" is no amount`, 'write US dollars such as 5');
  return money;
}

/** True when the run would ask somebody who wants money for it. */
export function isPaid(pipeline: Pipeline): boolean {
  return modelsOf(pipeline).some(({ provider }) => !FREE_PROVIDERS.includes(provider));
}

/**
 * Throws a ConfigurationError when a run that costs money has no ceiling that its payer knows of, or one that cannot be
 * kept because a price is unknown.
 */
export function checkCeiling(
  loaded: LoadedPipeline,
  prices: Readonly<Record<string, TokenPrice | null>>,
  ceilings: Ceilings,
  shownAs: string,
): void {
  const { pipeline } = loaded;
  if (!isPaid(pipeline)) return;
  const { maxCost, policy } = ceilings;
  const cap = capOf(pipeline, ceilings);
  if (maxCost.kind === 'none' && cap === null) return;
  const trusted = maxCost.kind !== 'unsaid' || policy?.maxCost != null;
  const found: Diagnostic[] = [];
  const refuse = (what: string, fix: string): void => {
    found.push({ file: shownAs, line: null, column: null, what, fix });
  };
  if (!trusted && (policy !== null || pipeline.maxCost === null)) {
    const answers = boundOfAnswers(loaded, prices);
    const most = answers === null ? '' : `, and its answers alone may come to ${formatMoney(answers)}`;
    const own = pipeline.maxCost === null ? '' : '; max_cost in the pipeline can only lower one';
    const what = `this run costs money and has no ceiling${most}${own}`;
    refuse(what, 'set one with --max-cost 5 (in the Action: max-cost), or say --max-cost none');
  }
  for (const one of modelsOf(pipeline)) {
    if (FREE_PROVIDERS.includes(one.provider)) continue;
    if ((prices[modelName(one)] ?? null) !== null) continue;
    const what = `the price of ${one.provider}/${one.model} in ${one.mode} mode is not known, so no ceiling can be kept`;
    const where = policy === null ? "under 'prices:'" : "under 'prices:' of the policy";
    const remedy =
      cap === null || maxCost.kind !== 'none'
        ? 'accept any cost with --max-cost none'
        : 'remove the max_cost that still holds';
    refuse(what, `state it ${where}, or ${remedy}`);
  }
  if (found.length > 0) throw new ConfigurationError(found);
}

/** What all answers cost when each is as long as it may be and every attempt is used; null: a price is unknown. */
function boundOfAnswers(
  { pipeline, items }: LoadedPipeline,
  prices: Readonly<Record<string, TokenPrice | null>>,
): Money | null {
  let units = planUnits(pipeline, items).count;
  let sum = 0n;
  for (const step of pipeline.steps) {
    if (step.kind === 'fan_out') units *= step.maxChildren;
    if (step.kind !== 'llm') continue;
    const asked = resolveModel(pipeline, step);
    if (FREE_PROVIDERS.includes(asked.provider)) continue;
    const price = prices[modelName(asked)] ?? null;
    const longest = Math.max(step.maxTokens, step.maxTokensCeiling ?? 0);
    const tokens = { input: 0, output: longest * units * step.retry.maxAttempts };
    const cost = price === null ? null : costOf(tokens, price);
    if (cost === null) return null;
    sum += cost;
  }
  return sum;
}
