// Reads the words of a command line or of an action's inputs into values. Every refusal says what would be accepted.
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import type { Overrides } from '../pipeline/load.ts';
import { MODES } from '../pipeline/resolve.ts';
import { DEFAULT_RNG, RNGS } from '../pipeline/rng.ts';
import { readPythonSeed } from '../simulation/mersenne.ts';
import type { Draws } from './draws.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `2h`, `0`: milliseconds. */
export function readDuration(name: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text.trim());
  if (match === null || (match[2] === undefined && Number(match[1]) !== 0)) {
    throw usageError(
      name,
      `"${text}" is no duration`,
      'write a number with its unit, such as 90s, 30m or 2h',
    );
  }
  return Number(match[1]) * (UNITS[match[2] ?? 'ms'] ?? 1);
}

/** A whole number from `least` on. */
export function readCount(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d{1,12}$/.test(text.trim()) || value < least) {
    throw usageError(
      name,
      `"${text}" is no whole number of at least ${least}`,
      `write one, such as ${Math.max(least, 100)}`,
    );
  }
  return value;
}

/** One of a few words. */
export function readChoice<const T extends string>(name: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined)
    throw usageError(name, `"${text}" is not possible`, `use one of: ${choices.join(', ')}`);
  return found;
}

/** `150ms-600ms`, or one duration for both ends: milliseconds. */
export function readRange(name: string, text: string): { minMs: number; maxMs: number } {
  const [min, max] = text.split('-');
  const minMs = readDuration(name, min ?? '');
  return { minMs, maxMs: Math.max(minMs, readDuration(name, max ?? min ?? '')) };
}

/** What stands above the pipeline's own word, as flags; absent ones leave it alone. */
export interface OverrideFlags {
  readonly provider?: string;
  readonly model?: string;
  readonly mode?: string;
  readonly seed?: string;
  readonly rng?: string;
  readonly repeat?: string;
  readonly maxUnits?: string;
}

/** The flags as overrides. */
export function readOverrides(flags: OverrideFlags): Overrides {
  return {
    ...(flags.provider === undefined ? {} : { provider: flags.provider }),
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.mode === undefined ? {} : { mode: readChoice('--mode', flags.mode, MODES) }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.rng === undefined ? {} : { rng: readChoice('--rng', flags.rng, RNGS) }),
    ...(flags.repeat === undefined ? {} : { repeat: readCount('--repeat', flags.repeat, 1) }),
    ...(flags.maxUnits === undefined ? {} : { maxUnits: readCount('--max-units', flags.maxUnits, 1) }),
  };
}

/** The seed and generator of what is tried out outside a pipeline. */
export function readDrawFlags(flags: Pick<OverrideFlags, 'seed' | 'rng'>): Draws {
  const rng = flags.rng === undefined ? DEFAULT_RNG : readChoice('--rng', flags.rng, RNGS);
  return { seed: readPythonSeed(flags.seed ?? '0'), rng };
}

/** A mistake on the command line or in the inputs. */
export function usageError(name: string, what: string, fix: string): ConfigurationError {
  return new ConfigurationError([{ file: name, line: null, column: null, what, fix }]);
}
