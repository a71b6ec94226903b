// What a simulator is told: latency, faults, lifetime, seed, a scenario's mishaps. Settings in the directory win over
// those a process was started with, so that one process can change them for all.
import { parsePlainJson } from '../expression/plain-json.ts';
import { type Faults, fractionOf, NO_FAULTS, readFaults } from './faults.ts';
import { readScheduledMishap } from './mishap-input.ts';
import type { ScheduledMishap } from './mishaps.ts';
import type { Store } from './store.ts';

/** A range of times in milliseconds. */
export interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
}

/** What a model's tokens cost, in US dollars per million, when asked in single calls; batches pay half. */
export interface SimulatedPrice {
  readonly input: number;
  readonly output: number;
}

/** How a simulator behaves; a batch keeps the settings of the moment it was created. */
export interface Settings {
  /** From a batch's creation to its completion. */
  readonly latency: Latency;
  /** Of a single call. */
  readonly callLatency: Latency;
  readonly faults: Faults;
  /** Age at which an unfinished batch expires, in milliseconds; null: never. */
  readonly lifetimeMs: number | null;
  /** Seed of latencies and of the order of rows. */
  readonly seed: string;
  /** Share of each input that is said to be read from a cache, from 0 to 1. */
  readonly cached: number;
  /** Most prompt tokens of one model in batches that are not over; a batch above it finds the queue full. Null: any. */
  readonly queueTokens: number | null;
  /** For the bill; models that are absent have no known price. */
  readonly prices: Readonly<Record<string, SimulatedPrice>>;
  /** Mishaps of the nth call of a kind in the whole directory. */
  readonly mishaps: readonly ScheduledMishap[];
}

/** Settings where nothing was said. */
export const DEFAULT_SETTINGS: Settings = {
  latency: { minMs: 150, maxMs: 600 },
  callLatency: { minMs: 0, maxMs: 20 },
  faults: NO_FAULTS,
  lifetimeMs: null,
  seed: 'simulator',
  cached: 0,
  queueTokens: null,
  prices: {},
  mishaps: [],
};

/** The settings sent cannot be used. */
export class SettingsError extends Error {}

/**
 * Reads settings as data, e.g. from the control endpoint; what is not given comes from `base`. Throws SettingsError,
 * FaultsError or MishapError.
 */
export function readSettings(value: unknown, base: Settings): Settings {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new SettingsError('settings are a JSON object');
  }
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(DEFAULT_SETTINGS, name));
  if (unknown !== undefined) throw new SettingsError(`there is no setting "${unknown}"`);
  const read = <T>(name: keyof Settings, from: (value: unknown) => T, usual: T): T =>
    given[name] === undefined ? usual : from(given[name]);
  return {
    latency: read('latency', (one) => readLatency('latency', one), base.latency),
    callLatency: read('callLatency', (one) => readLatency('callLatency', one), base.callLatency),
    faults: read('faults', readFaults, base.faults),
    lifetimeMs: read('lifetimeMs', (one) => readAmount('lifetimeMs', one), base.lifetimeMs),
    seed: read('seed', String, base.seed),
    cached: read('cached', readShare, base.cached),
    queueTokens: read('queueTokens', (one) => readAmount('queueTokens', one), base.queueTokens),
    prices: read('prices', readPrices, base.prices),
    mishaps: read('mishaps', readMishaps, base.mishaps),
  };
}

function readLatency(name: string, value: unknown): Latency {
  const { minMs, maxMs } = (value ?? {}) as Record<string, unknown>;
  if (typeof minMs !== 'number' || typeof maxMs !== 'number' || !(minMs >= 0) || !(maxMs >= minMs)) {
    throw new SettingsError(`${name} is { minMs, maxMs } with 0 <= minMs <= maxMs`);
  }
  return { minMs, maxMs };
}

function readAmount(name: string, value: unknown): number | null {
  if (value === null || (typeof value === 'number' && value >= 0)) return value;
  throw new SettingsError(`${name} is a number, 0 or more, or null`);
}

function readShare(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new SettingsError('cached is a number from 0 to 1');
}

function readPrices(value: unknown): Record<string, SimulatedPrice> {
  const problem = new SettingsError('prices are { model: { input, output } }, in dollars per million tokens');
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw problem;
  const entries = Object.entries(value).map(([model, price]): [string, SimulatedPrice] => {
    const { input, output } = (price ?? {}) as Record<string, unknown>;
    if (typeof input !== 'number' || typeof output !== 'number' || !(input >= 0) || !(output >= 0)) {
      throw problem;
    }
    return [model, { input, output }];
  });
  return Object.fromEntries(entries);
}

function readMishaps(value: unknown): ScheduledMishap[] {
  if (!Array.isArray(value)) throw new SettingsError('mishaps are a list');
  return value.map(readScheduledMishap);
}

/** The settings in force: the directory's, else this process's. */
export async function currentSettings(store: Store, own: Settings): Promise<Settings> {
  const text = await store.settings();
  return text === null ? own : readSettings(parsePlainJson(text), own);
}

/** A seeded time from a range; the same names give the same time. */
export function timeOf(settings: Settings, latency: Latency, names: readonly string[]): number {
  const { minMs, maxMs } = latency;
  return Math.round(minMs + (maxMs - minMs) * fractionOf(JSON.stringify([settings.seed, ...names])));
}
