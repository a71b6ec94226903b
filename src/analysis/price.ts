// What one request costs, and the most it can cost: integer arithmetic over a price that was fixed beforehand.
import type { Price, TokenPrice } from '../pipeline/pipeline.ts';
import type { ResolvedModel } from '../pipeline/resolve.ts';
import { costOf, type Money, parseUsd } from './money.ts';

/** Tokens of one request as billed; `cached` are those of `input` that are billed at the price for cached input. */
export interface BilledTokens {
  readonly input: number;
  readonly output: number;
  readonly cached?: number;
}

/**
 * Input tokens a provider may count beyond one per byte of text: roles, separators, the wrapping of a schema. No
 * tokenizer in use gives more tokens than a text has UTF-8 bytes.
 */
export const OVERHEAD_TOKENS = 512;

/** What a request cost. */
export function costOfRequest(tokens: BilledTokens, price: TokenPrice): Money {
  const { above } = price;
  const tier = above !== null && tokens.input > above.inputTokens ? above : price;
  const cached = tier.cachedInput === null ? 0 : Math.min(tokens.cached ?? 0, tokens.input);
  const plain = amount({ input: tokens.input - cached, output: tokens.output }, tier.input, tier.output);
  return cached === 0 ? plain : plain + amount({ input: cached, output: 0 }, tier.cachedInput ?? '0', '0');
}

/** The most that a request of so many UTF-8 bytes can cost, one attempt. */
export function boundOfRequest(inputBytes: number, maxTokens: number, price: TokenPrice): Money {
  const input = inputBytes + OVERHEAD_TOKENS;
  const usual = amount({ input, output: maxTokens }, price.input, price.output);
  const { above } = price;
  if (above === null || input <= above.inputTokens) return usual;
  const dear = amount({ input, output: maxTokens }, above.input, above.output);
  if (dear < usual) return usual;
  return dear;
}

function amount(tokens: { input: number; output: number }, input: string, output: string): Money {
  const money = costOf(tokens, { input, output });
  if (money === null) throw new Error(`a price cannot be read: ${input} and ${output} dollars`);
  return money;
}

/**
 * The price a pipeline declares: under `provider/model` or `model`, for both modes, or with the mode added for one of
 * them. The mode's own key counts before the one for both, the provider's before that for all. Null when there is none.
 */
export function declaredPrice(
  prices: Readonly<Record<string, Price>>,
  { provider, model, mode }: ResolvedModel,
): TokenPrice | null {
  const names = [`${provider}/${model}/${mode}`, `${model}/${mode}`, `${provider}/${model}`, model];
  const name = names.find((one) => Object.hasOwn(prices, one));
  const price = name === undefined ? undefined : prices[name];
  if (price === undefined || parseUsd(price.input) === null || parseUsd(price.output) === null) return null;
  return { input: price.input, output: price.output, cachedInput: null, above: null, source: 'pipeline' };
}
