// Who answers a step: the one place where a step's own word, the pipeline's and the defaults meet. The command line is
// already in the pipeline by then. Opens and checks nothing.
import type { LlmStep, Mode, Pipeline, ProviderSettings } from './pipeline.ts';

/** The provider when nobody names one: it needs no key and costs nothing. */
export const DEFAULT_PROVIDER = 'simulated';

/** Models used when nobody names one. None that costs money: that would be a surprise. */
const DEFAULT_MODELS: Readonly<Record<string, string>> = { simulated: 'simulated', replay: 'recorded' };

/** Providers whose answers are invented or recorded, so that they cost nothing and need no key. */
export const FREE_PROVIDERS: readonly string[] = ['simulated', 'replay'];

/** The ways to ask a model. */
export const MODES = ['batch', 'realtime'] as const satisfies readonly Mode[];

/** Who answers a step, and how it is asked. */
export interface ResolvedModel {
  readonly provider: string;
  /** '' when nobody named one and the provider has no default; such a pipeline is refused when it is loaded. */
  readonly model: string;
  readonly mode: Mode;
}

/** The provider, model and mode of a step: its own, else the pipeline's, else the default. */
export function resolveModel(
  pipeline: Pick<Pipeline, 'provider' | 'model' | 'mode'>,
  step: Pick<LlmStep, 'provider' | 'model' | 'mode'>,
): ResolvedModel {
  const provider = step.provider ?? pipeline.provider ?? DEFAULT_PROVIDER;
  const ownDefault = Object.hasOwn(DEFAULT_MODELS, provider) ? DEFAULT_MODELS[provider] : undefined;
  return {
    provider,
    model: step.model ?? pipeline.model ?? ownDefault ?? '',
    // A recording answers at once, and in batches only.
    mode: provider === 'replay' ? 'batch' : (step.mode ?? pipeline.mode ?? 'batch'),
  };
}

/** Every provider, model and mode the steps ask, each once, in the order of the steps. */
export function modelsOf(pipeline: Pipeline): readonly ResolvedModel[] {
  const byName = new Map<string, ResolvedModel>();
  for (const step of pipeline.steps) {
    if (step.kind !== 'llm') continue;
    const found = resolveModel(pipeline, step);
    byName.set(modelName(found), found);
  }
  return [...byName.values()];
}

/** The pipeline with all its model steps asked in one mode; undefined: as it says. */
export function inMode(pipeline: Pipeline, mode: Mode | undefined): Pipeline {
  if (mode === undefined) return pipeline;
  const steps = pipeline.steps.map((step) => (step.kind === 'llm' ? { ...step, mode } : step));
  return { ...pipeline, mode, steps };
}

/** `provider/model/mode`: the name under which a run keeps its price. */
export function modelName({ provider, model, mode }: ResolvedModel): string {
  return `${provider}/${model}/${mode}`;
}

/** What the pipeline says about a provider, or null. A provider's name is the user's, so it may be `constructor`. */
export function settingsOf(pipeline: Pick<Pipeline, 'providers'>, provider: string): ProviderSettings | null {
  return Object.hasOwn(pipeline.providers, provider) ? (pipeline.providers[provider] ?? null) : null;
}

/** Whose protocols the adapters speak; each is also the name of the provider it comes from. */
export const OWN_PROTOCOLS = ['openai', 'anthropic', 'gemini'] as const;

export type Protocol = (typeof OWN_PROTOCOLS)[number];

/** Whose protocol a provider speaks; null: nobody said, and its name does not tell. */
export function protocolOf(provider: string, settings: ProviderSettings | null): Protocol | null {
  return settings?.protocol ?? OWN_PROTOCOLS.find((one) => one === provider) ?? null;
}

/** True when an address never leaves this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
