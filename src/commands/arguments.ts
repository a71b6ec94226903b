// Reads the words of a command line or of an action's inputs into values. Every refusal says what would be accepted.
import { ConfigurationError } from '../pipeline/diagnostic.ts';

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

/** A mistake on the command line or in the inputs. */
export function usageError(name: string, what: string, fix: string): ConfigurationError {
  return new ConfigurationError([{ file: name, line: null, column: null, what, fix }]);
}
