// What `doctor` finds out about keys and providers: whether keys are there and look like keys, whether who they are for
// can be reached and accepts them. Only calls that cost nothing; no part of a key is ever shown.
import type { RunPlaceOptions } from '../compose.ts';
import { checkAccess } from '../compose.ts';
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import {
  FREE_PROVIDERS,
  modelsOf,
  OWN_PROTOCOLS,
  type Protocol,
  protocolOf,
  settingsOf,
} from '../pipeline/resolve.ts';
import type { RunPorts } from '../ports/session.ts';
import { type Check, fine, found } from './doctor-check.ts';
import { DEFAULT_MODELS } from './init-templates.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What is looked at. */
export interface ProviderQuestions {
  readonly environment: Environment;
  /** Whose providers are asked as well; null: only those whose keys are set. */
  readonly pipeline: Pipeline | null;
  readonly isOffline: boolean;
  readonly place: RunPlaceOptions;
  readonly open: RunPorts['provider'];
}

/** How keys of the three services are called, and how they begin. */
const KEYS: Readonly<Record<Protocol, { readonly names: readonly string[]; readonly shape: RegExp }>> = {
  openai: { names: ['OPENAI_API_KEY'], shape: /^sk-(?!ant-)[\w-]{16,}$/ },
  anthropic: { names: ['ANTHROPIC_API_KEY'], shape: /^sk-ant-[\w-]{16,}$/ },
  gemini: { names: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'], shape: /^(?:AIza[\w-]{30,}|AQ\.[\w.-]{20,})$/ },
};

const ADDRESSES: Readonly<Record<Protocol, string>> = {
  openai: 'https://api.openai.com',
  anthropic: 'https://api.anthropic.com',
  gemini: 'https://generativelanguage.googleapis.com',
};

const TIMEOUT_MS = 30_000;

/** The checks, and how far the clock of the first provider that said its time is ahead of ours (ms). */
export async function checkProviders(
  questions: ProviderQuestions,
): Promise<{ readonly checks: readonly Check[]; readonly theirTime: number | null }> {
  const { environment, pipeline, isOffline, place } = questions;
  const checks: Check[] = [];
  for (const protocol of OWN_PROTOCOLS)
    for (const name of KEYS[protocol].names)
      checks.push(...checkKey(environment, name, KEYS[protocol].shape));
  const asked = pipeline === null ? [] : paidModels(pipeline);
  const ownNames = new Set(asked.map(({ provider }) => provider));
  if (pipeline !== null) {
    for (const name of keyNamesOf(pipeline)) checks.push(...checkKey(environment, name, null));
    if (ownNames.size === 0) checks.push(fine('providers', 'the pipeline asks none that needs a key'));
    const refused = accessProblem(pipeline, place);
    if (refused !== null) return { checks: [...checks, refused], theirTime: null };
  }
  const others = OWN_PROTOCOLS.filter(
    (protocol) => !ownNames.has(protocol) && KEYS[protocol].names.some((name) => hasKey(environment, name)),
  ).map((provider) => ({ provider: provider as string, model: DEFAULT_MODELS[provider] as string }));
  if (pipeline === null && others.length === 0)
    checks.push(fine('providers', 'no key is set; the simulated provider needs none'));
  let theirTime: number | null = null;
  for (const { provider, model } of [...asked, ...others]) {
    const name = `${provider} ${model}`;
    if (isOffline) {
      checks.push({ name, state: 'skipped', says: 'not asked, because of --offline', fix: null });
      continue;
    }
    theirTime ??= await askTime(addressOf(provider, pipeline));
    checks.push(await askHealth(questions, provider, model, ownNames.has(provider)));
  }
  return { checks, theirTime };
}

/** Whether a variable holds what can be a key; nothing when it is not set. */
function checkKey(environment: Environment, name: string, shape: RegExp | null): readonly Check[] {
  const value = environment[name];
  if (value === undefined || value === '') return [];
  const key = value.trim();
  const fix = `set ${name} again, to the key alone`;
  if (key === '') return [found('problem', name, 'is set to nothing but blanks', fix)];
  if (/^(['"]).*\1$/.test(key)) return [found('problem', name, 'is set, with quotes around the key', fix)];
  if (!/^[\x21-\x7e]+$/.test(key)) return [found('problem', name, 'holds characters that no key has', fix)];
  if (shape !== null && !shape.test(key))
    return [
      found(
        'warning',
        name,
        'is set, but does not look like a key of this service',
        `was another one copied? ${fix}`,
      ),
    ];
  return [fine(name, 'is set')];
}

function hasKey(environment: Environment, name: string): boolean {
  return (environment[name] ?? '').trim() !== '';
}

/** Each provider and model of a pipeline that costs money, once. */
function paidModels(pipeline: Pipeline): readonly { readonly provider: string; readonly model: string }[] {
  const byName = new Map(
    modelsOf(pipeline)
      .filter(({ provider }) => !FREE_PROVIDERS.includes(provider))
      .map(({ provider, model }) => [`${provider} ${model}`, { provider, model }]),
  );
  return [...byName.values()];
}

/** Variables of its own that a pipeline names for keys. */
function keyNamesOf(pipeline: Pipeline): readonly string[] {
  const known = Object.values(KEYS).flatMap(({ names }) => names);
  const named = Object.values(pipeline.providers).flatMap(({ keyEnv }) => (keyEnv === null ? [] : [keyEnv]));
  return [...new Set(named)].filter((name) => !known.includes(name));
}

function accessProblem(pipeline: Pipeline, place: RunPlaceOptions): Check | null {
  try {
    checkAccess(pipeline, place);
    return null;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [first] = error.diagnostics;
    return found(
      'problem',
      'providers',
      first?.what ?? 'one cannot be used',
      first?.fix ?? 'see docs/providers.md',
    );
  }
}

function addressOf(provider: string, pipeline: Pipeline | null): string | null {
  const settings = pipeline === null ? null : settingsOf(pipeline, provider);
  const protocol = protocolOf(provider, settings);
  return settings?.baseUrl ?? (protocol === null ? null : ADDRESSES[protocol]);
}

/** Asks for nothing, without a key: every answer of HTTP tells the time. */
async function askTime(address: string | null): Promise<number | null> {
  if (address === null) return null;
  try {
    const begun = Date.now();
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { headers } = await fetch(new URL(address).origin, { method: 'HEAD', redirect: 'manual', signal });
    const at = Date.parse(headers.get('date') ?? '');
    return Number.isNaN(at) ? null : at - (begun + Date.now()) / 2;
  } catch {
    return null;
  }
}

/** Asks for the model's description, with the key and the settings of a run. */
async function askHealth(
  { pipeline, open }: ProviderQuestions,
  provider: string,
  model: string,
  isWanted: boolean,
): Promise<Check> {
  const name = `${provider} ${model}`;
  const health = await open(provider, pipeline === null ? null : settingsOf(pipeline, provider)).then(
    (session) => session.health(model),
    (error: unknown) => ({
      kind: 'unusable' as const,
      why: error instanceof Error ? error.message : String(error),
      fix: 'see docs/providers.md',
    }),
  );
  switch (health.kind) {
    case 'ok':
      return fine(name, 'reached, and the key may use the model');
    case 'unusable':
      // What no pipeline asks stops no run.
      return found(isWanted ? 'problem' : 'warning', name, health.why, health.fix);
    case 'unsure':
      return found('warning', name, health.why, 'see whether the address can be reached from here');
    default:
      return health satisfies never;
  }
}
