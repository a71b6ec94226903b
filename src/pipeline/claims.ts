// Reads what a run draws and pays by: seed, generator and prices. What it is asked to show and to hold is read elsewhere.
import type { Cursor } from './cursor.ts';
import type { Price, Rng } from './pipeline.ts';
import type { Reading } from './reading.ts';
import { DEFAULT_RNG, RNGS } from './rng.ts';
import type { NativeInput } from './schema.ts';

/** The keys both forms have at the top. */
export type ClaimsInput = Pick<NativeInput, 'seed' | 'rng' | 'prices' | 'report' | 'gates' | 'false_alarms'>;

/** The seed as canonical text: a decimal integer, or the text as written. */
export function readSeed(cursor: Cursor<ClaimsInput>): string {
  const scalar = cursor.at('seed').scalar;
  return scalar === null ? '0' : String(scalar.value);
}

/** The generator of all draws. */
export function readRng(cursor: Cursor<ClaimsInput>): Rng {
  return RNGS.find((rng) => rng === cursor.at('rng').text()) ?? DEFAULT_RNG;
}

/** A decimal number of 0 or more as text, digit for digit; null when absent. */
export function readDecimal(cursor: Cursor<number | string>, label: string, reading: Reading): string | null {
  const scalar = cursor.scalar;
  if (scalar === null) return null;
  if (!/^[0-9]+(\.[0-9]+)?$/.test(scalar.text)) {
    // The schema has reported text already; what is left is a number in a form such as 1e-7.
    if (typeof scalar.value !== 'string') {
      reading.mistakes.add(cursor.place, `${label} is ${scalar.text}`, 'write a decimal number such as 0.15');
    }
    return null;
  }
  return scalar.text;
}

/** Prices by model. */
export function readPrices(cursor: Cursor<ClaimsInput>, reading: Reading): Record<string, Price> {
  const prices = cursor.at('prices').entries();
  return Object.fromEntries(
    prices.map(({ name, cursor: price }) => [
      name,
      {
        input: readDecimal(price.at('input'), `prices.${name}.input`, reading) ?? '0',
        output: readDecimal(price.at('output'), `prices.${name}.output`, reading) ?? '0',
      },
    ]),
  );
}
