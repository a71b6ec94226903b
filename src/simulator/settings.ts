// What a simulator is told: latency, faults, lifetime, seed. Settings in the directory win over those a process was
// started with, so that one process can change them for all.
import { type Faults, fractionOf, NO_FAULTS, readFaults } from './faults.ts';
import type { Store } from './store.ts';

/** How a simulator behaves; a batch keeps the settings of the moment it was created. */
export interface Settings {
  /** Range of the time from a batch's creation to its completion, in milliseconds. */
  readonly latency: { readonly minMs: number; readonly maxMs: number };
  readonly faults: Faults;
  /** Age at which an unfinished batch expires, in milliseconds; null: never. */
  readonly lifetimeMs: number | null;
  /** Seed of latencies and of the order of rows. */
  readonly seed: string;
}

/** Settings where nothing was said. */
export const DEFAULT_SETTINGS: Settings = {
  latency: { minMs: 150, maxMs: 600 },
  faults: NO_FAULTS,
  lifetimeMs: null,
  seed: 'simulator',
};

/** The settings sent cannot be used. */
export class SettingsError extends Error {}

/** Reads settings as data, e.g. from the control endpoint; what is not given comes from `base`. Throws SettingsError. */
export function readSettings(value: unknown, base: Settings): Settings {
  if (value === null || typeof value !== 'object') throw new SettingsError('settings are a JSON object');
  const given = value as Record<string, unknown>;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(DEFAULT_SETTINGS, name));
  if (unknown !== undefined) throw new SettingsError(`there is no setting "${unknown}"`);
  const latency = given.latency === undefined ? base.latency : readLatency(given.latency);
  const faults = given.faults === undefined ? base.faults : readFaults(given.faults);
  const lifetimeMs = given.lifetimeMs === undefined ? base.lifetimeMs : given.lifetimeMs;
  if (lifetimeMs !== null && !(typeof lifetimeMs === 'number' && lifetimeMs >= 0)) {
    throw new SettingsError('lifetimeMs is a number of milliseconds or null');
  }
  const seed = given.seed === undefined ? base.seed : String(given.seed);
  return { latency, faults, lifetimeMs, seed };
}

function readLatency(value: unknown): Settings['latency'] {
  const { minMs, maxMs } = (value ?? {}) as Record<string, unknown>;
  if (typeof minMs !== 'number' || typeof maxMs !== 'number' || !(minMs >= 0) || !(maxMs >= minMs)) {
    throw new SettingsError('latency is { minMs, maxMs } with 0 <= minMs <= maxMs');
  }
  return { minMs, maxMs };
}

/** The settings in force: the directory's, else this process's. */
export async function currentSettings(store: Store, own: Settings): Promise<Settings> {
  const text = await store.settings();
  return text === null ? own : readSettings(JSON.parse(text), own);
}

/** How long a batch takes, from the seed and its first custom ids. */
export function durationOf(settings: Settings, firstIds: readonly string[]): number {
  const { minMs, maxMs } = settings.latency;
  return Math.round(minMs + (maxMs - minMs) * fractionOf(JSON.stringify([settings.seed, ...firstIds])));
}
