// The registry of providers: from a name, what the pipeline and the policy say about it, and a key from the environment
// to a session. It opens nothing that is not asked for, and never one provider in the place of another.

import { createAnthropicProvider } from './adapters/providers/anthropic.ts';
import { LIVE as ANTHROPIC } from './adapters/providers/anthropic-live.ts';
import { createGeminiProvider } from './adapters/providers/gemini.ts';
import { LIVE as GEMINI } from './adapters/providers/gemini-live.ts';
import { createOpenAiProvider } from './adapters/providers/openai.ts';
import { createReplayProvider } from './adapters/providers/replay.ts';
import { createAnswerContexts } from './adapters/providers/simulated.ts';
import { ConfigurationError } from './pipeline/diagnostic.ts';
import type { Pipeline, ProviderSettings } from './pipeline/pipeline.ts';
import { DEFAULT_CONCURRENCY, joinSettings, type Policy, settingsBeyond } from './pipeline/policy.ts';
import {
  FREE_PROVIDERS,
  isLoopback,
  modelsOf,
  type Protocol,
  protocolOf,
  settingsOf,
} from './pipeline/resolve.ts';
import type { Blobs } from './ports/blobs.ts';
import type { Journal } from './ports/journal.ts';
import type { BatchProvider, Health, RealtimeProvider } from './ports/provider.ts';
import type { ProviderSession, RunPorts } from './ports/session.ts';

/** What opening providers depends on beside the pipeline. What is absent is as in production, with no key at all. */
export interface ProviderOptions {
  /** Where keys are looked for, by name. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What a pipeline may say about providers; null: anything, its author is whoever runs it. */
  readonly policy?: Policy | null;
  /** Told every key, and every header value that may be one, before it is used, so that logs can hide it. */
  readonly hide?: (secret: string) => void;
  readonly timing?: {
    /** How often a batch of a real provider is looked at (ms). */
    readonly pollMs?: number;
    /** First pause before a read is repeated (ms). */
    readonly backoffMs?: number;
    /** How long a new batch may be missing from a list (ms). */
    readonly lateVisibilityMs?: number;
    /** How long a single call may take (ms). */
    readonly callTimeoutMs?: number;
  };
}

/** What the run itself gives: its simulator, and its recording. */
export interface RunParts {
  /** The address of a simulator, started when first asked for. */
  simulator(): Promise<string>;
  /** The recording the run is answered from; rejects when it has none. */
  recording(): Promise<Recorded>;
  readonly blobs: Pick<Blobs, 'lines'>;
}

/** A recorded run, open for reading. */
export interface Recorded {
  readonly run: string;
  readonly journal: Pick<Journal, 'read'>;
  readonly blobs: Pick<Blobs, 'lines'>;
}

/** How soon a local simulator is looked at again (ms): a look costs nothing there. */
const SIMULATOR_POLL_MS = 50;
/** Batches of real providers take minutes to hours. */
const POLL_MS = 30_000;
/** Two hours after the day that providers promise. */
const MAX_BATCH_AGE_HOURS = 26;
const HOUR_MS = 3_600_000;

/** Variables that may hold keys, by the protocol's owner: the first that is set counts. */
const KEY_NAMES: Readonly<Record<Protocol, readonly [string, ...string[]]>> = {
  openai: ['OPENAI_API_KEY'],
  anthropic: ['ANTHROPIC_API_KEY'],
  gemini: ['GOOGLE_API_KEY', 'GEMINI_API_KEY'],
};

/** Shorter header values (`1`, `true`) are no secrets, and hiding them would hide half of a log. */
const MIN_SECRET_LENGTH = 8;

/** The variables that may hold keys unless a provider names its own. */
export const KEY_VARIABLES: readonly string[] = Object.values(KEY_NAMES).flat();

/** The run's providers, each opened once. */
export function createRegistry(parts: RunParts, options: ProviderOptions): RunPorts['provider'] {
  const sessions = new Map<string, Promise<ProviderSession>>();
  return (name, settings) => {
    const known = sessions.get(name);
    if (known !== undefined) return known;
    const opening = open(name, settings, parts, options);
    sessions.set(name, opening);
    // What failed may be mended and asked for again.
    opening.catch(() => sessions.delete(name));
    return opening;
  };
}

async function open(
  name: string,
  settings: ProviderSettings | null,
  parts: RunParts,
  options: ProviderOptions,
): Promise<ProviderSession> {
  if (name === 'simulated') return openSimulated(await parts.simulator(), settings);
  if (name === 'replay') return openReplay(await parts.recording(), parts.blobs, settings);
  return openPaid(resolveAccess(name, settings, options), options);
}

/** Throws a ConfigurationError when a provider that the pipeline asks cannot be opened: not allowed, or without a key. */
export function checkAccess(pipeline: Pipeline, options: ProviderOptions): void {
  const names = new Set(modelsOf(pipeline).map(({ provider }) => provider));
  for (const name of names) {
    if (!FREE_PROVIDERS.includes(name)) resolveAccess(name, settingsOf(pipeline, name), options);
  }
}

/** A provider that costs money, as it is to be reached. */
interface Access {
  readonly name: string;
  readonly protocol: Protocol;
  readonly keyName: string;
  readonly apiKey: string;
  readonly settings: ProviderSettings;
}

function resolveAccess(name: string, own: ProviderSettings | null, options: ProviderOptions): Access {
  const policy = options.policy ?? null;
  const trusted = policy === null ? null : settingsOf(policy, name);
  const beyond = own === null || policy === null ? [] : settingsBeyond(own, trusted);
  if (beyond.length > 0) {
    const what = `${beyond.map((key) => `providers.${name}.${key}`).join(', ')}: not what the policy allows`;
    throw refusal(what, 'remove it, or allow it in the policy of whoever runs this');
  }
  const settings = joinSettings(own, trusted);
  const protocol = protocolOf(name, settings);
  if (protocol === null) {
    throw refusal(
      `the provider '${name}' is not known`,
      `say under providers.${name} whose 'protocol:' it speaks`,
    );
  }
  const { baseUrl, keyEnv } = settings;
  if (baseUrl !== null && keyEnv === null && !isLoopback(baseUrl)) {
    const what = `providers.${name} has an address of its own, but does not say which key may be sent there`;
    throw refusal(what, "add 'key_env:' with the variable's name");
  }
  const keyNames = keyEnv === null ? KEY_NAMES[protocol] : ([keyEnv] as const);
  const { environment = {} } = options;
  const keyOf = (variable: string): string =>
    (Object.hasOwn(environment, variable) ? environment[variable] : undefined)?.trim() ?? '';
  const keyName = keyNames.find((one) => keyOf(one) !== '') ?? keyNames[0];
  const apiKey = keyOf(keyName);
  if (apiKey === '') {
    const what = `the environment variable ${keyNames.join(' or ')} with the key of '${name}' is not set`;
    throw refusal(what, 'set it, or use --provider simulated, whose answers are invented and cost nothing');
  }
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    const what = `the environment variable ${keyName} holds characters that no key has (not shown)`;
    throw refusal(what, 'set it again, to the key alone');
  }
  return { name, protocol, keyName, apiKey, settings };
}

function refusal(what: string, fix: string): ConfigurationError {
  return new ConfigurationError([{ file: 'provider', line: null, column: null, what, fix }]);
}

/** What an adapter gives. */
interface Opened {
  readonly batches: BatchProvider;
  readonly realtime: RealtimeProvider;
  health(model: string): Promise<Health>;
}

function openPaid(access: Access, { hide, timing }: ProviderOptions): ProviderSession {
  const { name, keyName, apiKey, settings } = access;
  const secrets = Object.values(settings.headers).filter((value) => value.length >= MIN_SECRET_LENGTH);
  for (const secret of [apiKey, ...secrets]) hide?.(secret);
  const { pollMs = POLL_MS, ...adapterTiming } = timing ?? {};
  const common = {
    ...adapterTiming,
    name,
    apiKey,
    keyName,
    baseUrl: settings.baseUrl,
    headers: settings.headers,
    concurrency: settings.concurrency ?? DEFAULT_CONCURRENCY,
  };
  const { batches, realtime, health } = openProtocol(access, common);
  return {
    batches,
    realtime,
    contexts: null,
    paid: true,
    maxBatchAgeMs: (settings.batchMaxAgeHours ?? MAX_BATCH_AGE_HOURS) * HOUR_MS,
    queueTokens: settings.queueTokens,
    // Its health is asked first of all, and that loads it.
    prepare() {},
    health,
    pollMs,
  };
}

/** The options all adapters share. */
interface AdapterOptions {
  readonly name: string;
  readonly apiKey: string;
  /** The variable it was found in, for advice. */
  readonly keyName: string;
  readonly baseUrl: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly concurrency: number;
  readonly backoffMs?: number;
  readonly lateVisibilityMs?: number;
  readonly callTimeoutMs?: number;
}

function openProtocol({ protocol, settings }: Access, common: AdapterOptions): Opened {
  switch (protocol) {
    case 'openai': {
      const { api, completionWindow } = settings;
      const limits = ownLimits(settings);
      return createOpenAiProvider({ ...common, api, completionWindow, limits });
    }
    case 'anthropic':
      return createAnthropicProvider({ ...common, limits: { ...ANTHROPIC.limits, ...ownLimits(settings) } });
    case 'gemini':
      return createGeminiProvider({ ...common, limits: { ...GEMINI.limits, ...ownLimits(settings) } });
    default:
      return protocol satisfies never;
  }
}

function ownLimits({ maxRequests, maxBytes }: ProviderSettings): { maxRequests?: number; maxBytes?: number } {
  return {
    ...(maxRequests === null ? {} : { maxRequests }),
    ...(maxBytes === null ? {} : { maxBytes }),
  };
}

function openSimulated(url: string, settings: ProviderSettings | null): ProviderSession {
  const { batches, realtime, prepare } = createOpenAiProvider({
    name: 'simulated',
    apiKey: 'no-key-needed',
    baseUrl: `${url}/v1`,
    concurrency: settings?.concurrency ?? DEFAULT_CONCURRENCY,
    limits: settings === null ? {} : ownLimits(settings),
    lateVisibilityMs: 0,
    backoffMs: 10,
  });
  return { ...free(settings), batches, realtime, prepare, contexts: createAnswerContexts({ url }) };
}

function openReplay(
  recorded: Recorded,
  blobs: Pick<Blobs, 'lines'>,
  settings: ProviderSettings | null,
): ProviderSession {
  const batches = createReplayProvider({ run: recorded.run, recorded, blobs });
  return { ...free(settings), batches, realtime: null, prepare() {}, contexts: null };
}

/** What holds for answers that cost nothing. */
function free(settings: ProviderSettings | null) {
  const hours = settings?.batchMaxAgeHours ?? null;
  return {
    paid: false,
    maxBatchAgeMs: hours === null ? null : hours * HOUR_MS,
    queueTokens: settings?.queueTokens ?? null,
    health: (): Promise<Health> => Promise.resolve({ kind: 'ok' }),
    pollMs: SIMULATOR_POLL_MS,
  };
}
