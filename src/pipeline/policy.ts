// What the trusted side allows, where the pipeline itself comes from somebody else: its endpoints, headers, key names,
// prices and models must be those of the policy. A pipeline may lower what it costs, never raise or redirect it.
import type { Diagnostic } from './diagnostic.ts';
import type { Place } from './mistakes.ts';
import type { Pipeline, Price, ProviderSettings } from './pipeline.ts';
import { FREE_PROVIDERS, modelsOf, type ResolvedModel, resolveModel, settingsOf } from './resolve.ts';

/** What the trusted side allows. Nothing that is not here is taken from a pipeline. */
export interface Policy {
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  /** `provider/model` or `model`; null: any. */
  readonly models: readonly string[] | null;
  readonly prices: Readonly<Record<string, Price>>;
  /** US dollars as decimal text that one run may cost; null: the ceiling is set elsewhere. */
  readonly maxCost: string | null;
  /** True: scripts of the pipeline may be run, with whatever this user may do. Absent: they are not. */
  readonly scripts?: boolean;
}

/** For code nobody has vouched for: every provider as it is by itself, at the prices that are published. */
export const STRICT_POLICY: Policy = { providers: {}, models: null, prices: {}, maxCost: null };

/** Where a part of the pipeline stands, by its keys from the top: `['providers', 'azure', 'base_url']`. */
export type PlaceOf = (path: readonly string[]) => Place;

/**
 * Every breach of the policy by what the pipeline would use. What it says about providers that no step asks is left
 * alone: a run with invented answers needs nobody's permission.
 */
export function checkPolicy(pipeline: Pipeline, policy: Policy, placeOf: PlaceOf): Diagnostic[] {
  const found: Diagnostic[] = [];
  const refuse = (path: readonly string[], what: string, fix: string): void => {
    found.push({ ...placeOf(path), what, fix });
  };
  const models = modelsOf(pipeline).filter(({ provider }) => !FREE_PROVIDERS.includes(provider));
  for (const provider of new Set(models.map((one) => one.provider))) {
    const settings = settingsOf(pipeline, provider);
    if (settings === null) continue;
    for (const key of settingsBeyond(settings, settingsOf(policy, provider))) {
      const what = `providers.${provider}.${key} is not what the policy allows`;
      refuse(['providers', provider, key], what, `remove it, or allow it in the policy of whoever runs this`);
    }
  }
  for (const name of Object.keys(pipeline.prices)) {
    if (!models.some((one) => priceNames(one).includes(name))) continue;
    const price = pipeline.prices[name]!;
    const allowed = Object.hasOwn(policy.prices, name) ? policy.prices[name] : undefined;
    if (allowed?.input === price.input && allowed.output === price.output) continue;
    const what = `prices.${name} is not what the policy says, so no ceiling would hold`;
    refuse(['prices', name], what, 'remove it, or state it in the policy of whoever runs this');
  }
  const { models: allowed } = policy;
  for (const [index, step] of pipeline.steps.entries()) {
    if (step.kind !== 'llm' || allowed === null) continue;
    const { provider, model } = resolveModel(pipeline, step);
    if (FREE_PROVIDERS.includes(provider)) continue;
    if (allowed.includes(model) || allowed.includes(`${provider}/${model}`)) continue;
    const what = `the step '${step.name}' asks for the model '${provider}/${model}', which the policy does not allow`;
    const fix = allowed.length === 0 ? 'the policy allows none' : `allowed: ${allowed.join(', ')}`;
    refuse(step.model === null ? ['model'] : ['steps', String(index), 'model'], what, fix);
  }
  return found;
}

/** The keys, as a person writes them, with which settings go beyond those of the trusted side. */
export function settingsBeyond(settings: ProviderSettings, trusted: ProviderSettings | null): string[] {
  const beyond: string[] = [];
  const same = (key: string, mine: string | null, theirs: string | null | undefined): void => {
    if (mine !== null && mine !== theirs) beyond.push(key);
  };
  same('protocol', settings.protocol, trusted?.protocol);
  same('base_url', settings.baseUrl, trusted?.baseUrl);
  same('key_env', settings.keyEnv, trusted?.keyEnv);
  // Another window may have another price.
  same('completion_window', settings.completionWindow, trusted?.completionWindow ?? DEFAULT_WINDOW);
  same('batch_discount', settings.batchDiscount, trusted?.batchDiscount);
  const headers = trusted?.headers ?? {};
  const foreign = Object.entries(settings.headers).some(
    ([name, value]) => !Object.hasOwn(headers, name) || headers[name] !== value,
  );
  if (foreign) beyond.push('headers');
  const atMost = (key: string, mine: number | null, theirs: number | null | undefined): void => {
    if (mine !== null && theirs != null && mine > theirs) beyond.push(key);
  };
  atMost('max_requests', settings.maxRequests, trusted?.maxRequests);
  atMost('max_bytes', settings.maxBytes, trusted?.maxBytes);
  atMost('queue_tokens', settings.queueTokens, trusted?.queueTokens);
  atMost('concurrency', settings.concurrency, trusted?.concurrency ?? DEFAULT_CONCURRENCY);
  return beyond;
}

/** The completion window that the published prices of batches are for. */
const DEFAULT_WINDOW = '24h';

/** Single calls under way at once unless somebody says otherwise. */
export const DEFAULT_CONCURRENCY = 8;

/** The names under which a price of this model may stand, the most particular first. */
function priceNames({ provider, model, mode }: ResolvedModel): readonly string[] {
  const names = [`${provider}/${model}`, model];
  return [...names.map((name) => `${name}/${mode}`), ...names];
}

/** The pipeline with what the policy adds to it, so that a later job knows it too; headers, which may be secret, not. */
export function withPolicy(pipeline: Pipeline, policy: Policy): Pipeline {
  const providers = { ...pipeline.providers };
  for (const [name, trusted] of Object.entries(policy.providers)) {
    const own = settingsOf(pipeline, name);
    providers[name] = joinSettings(own, { ...trusted, headers: {} });
  }
  return { ...pipeline, providers, prices: { ...pipeline.prices, ...policy.prices } };
}

/** A pipeline's settings on top of the trusted ones they keep within. */
export function joinSettings(
  own: ProviderSettings | null,
  trusted: ProviderSettings | null,
): ProviderSettings {
  return {
    protocol: own?.protocol ?? trusted?.protocol ?? null,
    baseUrl: own?.baseUrl ?? trusted?.baseUrl ?? null,
    keyEnv: own?.keyEnv ?? trusted?.keyEnv ?? null,
    headers: { ...own?.headers, ...trusted?.headers },
    api: own?.api ?? trusted?.api ?? null,
    completionWindow: own?.completionWindow ?? trusted?.completionWindow ?? null,
    maxRequests: own?.maxRequests ?? trusted?.maxRequests ?? null,
    maxBytes: own?.maxBytes ?? trusted?.maxBytes ?? null,
    queueTokens: own?.queueTokens ?? trusted?.queueTokens ?? null,
    batchDiscount: own?.batchDiscount ?? trusted?.batchDiscount ?? null,
    concurrency: own?.concurrency ?? trusted?.concurrency ?? null,
    batchMaxAgeHours: own?.batchMaxAgeHours ?? trusted?.batchMaxAgeHours ?? null,
  };
}
