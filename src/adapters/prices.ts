// What tokens cost: the pipeline's own prices first, else a maintained price list with the batch discount taken off.
// It never guesses: a near name, another endpoint or a price it cannot express has no price.
import type { ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import { BATCH_DISCOUNTS, BATCH_DISCOUNTS_READ } from '../analysis/batch-discount.ts';
import { multiplyDecimals, parseUsd } from '../analysis/money.ts';
import { declaredPrice } from '../analysis/price.ts';
import type { Pipeline, ProviderSettings, TokenPrice } from '../pipeline/pipeline.ts';
import { FREE_PROVIDERS, modelName, type ResolvedModel, settingsOf } from '../pipeline/resolve.ts';

/** The price list in use; a test holds it against the installed package. */
export const PRICE_LIST = { name: 'genai-prices', version: '0.1.8', date: '2026-09-23' } as const;

/** Names of our providers in the price list, where they differ. */
const LIST_NAMES: ReadonlyMap<string, string> = new Map([['gemini', 'google']]);

/** What is documented of each, and nothing more: the list's prices are those of these providers' own services. */
const OWN_ENDPOINT: ReadonlySet<string> = new Set(['openai', 'anthropic', 'gemini']);

type PriceList = typeof import('@pydantic/genai-prices');

/**
 * The price of each model and mode that is paid for, by `provider/model/mode`; null: not known. Looked up once, when a
 * run is created. `at` chooses among dated prices; left out, today.
 */
export async function lookUpPrices(
  wanted: readonly ResolvedModel[],
  pipeline: Pick<Pipeline, 'prices' | 'providers'>,
  at: Date = new Date(),
): Promise<Readonly<Record<string, TokenPrice | null>>> {
  const prices: Record<string, TokenPrice | null> = Object.create(null);
  let list: PriceList | null = null;
  for (const one of wanted) {
    if (FREE_PROVIDERS.includes(one.provider)) continue;
    let price = declaredPrice(pipeline.prices, one);
    if (price === null) {
      list ??= await import('@pydantic/genai-prices');
      price = listedPrice(list, one, settingsOf(pipeline, one.provider), at);
    }
    prices[modelName(one)] = price;
  }
  return { ...prices };
}

function listedPrice(
  list: PriceList,
  wanted: ResolvedModel,
  settings: ProviderSettings | null,
  at: Date,
): TokenPrice | null {
  const providerId = LIST_NAMES.get(wanted.provider) ?? wanted.provider;
  const found = list.calcPrice({}, wanted.model, { providerId, timestamp: at });
  // The list finds providers and models by near names too; only what it calls exactly so is meant.
  if (found === null || found.provider.id !== providerId || !isCalled(found.model, wanted.model)) return null;
  if (!isOwnService(wanted.provider, found.provider, settings?.baseUrl ?? null)) return null;
  if (changesInTheDay(found.model)) return null;
  const source = `${PRICE_LIST.name} ${PRICE_LIST.version} (${PRICE_LIST.date})`;
  const single = readListed(found.model_price, source);
  if (single === null || wanted.mode === 'realtime') return single;
  const ofTable = BATCH_DISCOUNTS.get(wanted.provider) ?? null;
  const share = settings?.batchDiscount ?? ofTable?.share ?? null;
  if (share === null) return null;
  const said = settings?.batchDiscount ? 'by the pipeline' : BATCH_DISCOUNTS_READ;
  return discounted(single, share, ofTable?.cachedToo ?? false, `${source}, batch × ${share} (${said})`);
}

/** True when the list has a model of exactly this id, or names it as another id of it. */
function isCalled(model: ModelInfo, id: string): boolean {
  if (model.id === id) return true;
  const names = 'or' in model.match ? model.match.or : [model.match];
  return names.some((name) => 'equals' in name && name.equals === id);
}

/** Prices are those of the provider's own service, not of whatever speaks its protocol elsewhere. */
function isOwnService(provider: string, listed: Provider, baseUrl: string | null): boolean {
  if (baseUrl === null) return OWN_ENDPOINT.has(provider);
  // The origin alone: no path may look like another host.
  const origin = URL.canParse(baseUrl) ? new URL(baseUrl).origin : '';
  return new RegExp(`^(?:${listed.api_pattern})$`).test(origin);
}

function changesInTheDay({ prices }: ModelInfo): boolean {
  return Array.isArray(prices) && prices.some(({ constraint }) => constraint?.type === 'time_of_date');
}

/** A listed price in our terms; null when these cannot express it. */
function readListed(listed: ModelPrice, source: string): TokenPrice | null {
  // Where thinking has a price of its own, one price for the output would be wrong.
  if (listed.output_reasoning_mtok !== undefined || listed.requests_kcount !== undefined) return null;
  const sides = [listed.input_mtok, listed.output_mtok, listed.cache_read_mtok].map(readSide);
  const [input, output, cached] = sides;
  if (!input || !output || cached === undefined) return null;
  const starts = new Set(sides.flatMap((side) => side?.tier?.start ?? []));
  if (starts.size > 1) return null;
  const [inputTokens] = starts;
  const above =
    inputTokens === undefined
      ? null
      : {
          inputTokens,
          input: (input.tier ?? input).price,
          output: (output.tier ?? output).price,
          cachedInput: cached === null ? null : (cached.tier ?? cached).price,
        };
  return { input: input.price, output: output.price, cachedInput: cached?.price ?? null, above, source };
}

interface Side {
  readonly price: string;
  readonly tier: { readonly start: number; readonly price: string } | null;
}

/** One price with its tier; null: none is listed, undefined: it cannot be expressed. */
function readSide(listed: ModelPrice[string]): Side | null | undefined {
  if (listed === undefined) return null;
  if (typeof listed === 'number') {
    const price = decimalOf(listed);
    return price === null ? undefined : { price, tier: null };
  }
  const [tier, ...more] = listed.tiers;
  const price = decimalOf(listed.base);
  if (price === null || more.length > 0) return undefined;
  if (tier === undefined) return { price, tier: null };
  const dear = decimalOf(tier.price);
  return dear === null ? undefined : { price, tier: { start: tier.start, price: dear } };
}

/** The number as the list's authors wrote it. */
function decimalOf(value: number): string | null {
  const text = String(value);
  return parseUsd(text) === null ? null : text;
}

type Rate = Omit<TokenPrice, 'above' | 'source'>;

function discounted(
  single: TokenPrice,
  share: string,
  cachedToo: boolean,
  source: string,
): TokenPrice | null {
  const usual = discountRate(single, share, cachedToo);
  const dear = single.above === null ? null : discountRate(single.above, share, cachedToo);
  if (usual === null || (dear === null && single.above !== null)) return null;
  const above =
    dear === null || single.above === null ? null : { ...dear, inputTokens: single.above.inputTokens };
  return { ...usual, above, source };
}

/** Where no page says that both discounts add up, cached input costs the lesser of the two: never told too low. */
function discountRate(rate: Rate, share: string, cachedToo: boolean): Rate | null {
  const input = multiplyDecimals(rate.input, share);
  const output = multiplyDecimals(rate.output, share);
  if (input === null || output === null) return null;
  if (rate.cachedInput === null) return { input, output, cachedInput: null };
  const both = multiplyDecimals(rate.cachedInput, share);
  const cached = cachedToo ? both : lesser(rate.cachedInput, input);
  return { input, output, cachedInput: cached };
}

function lesser(a: string, b: string): string {
  return (parseUsd(a) ?? 0n) < (parseUsd(b) ?? 0n) ? a : b;
}
