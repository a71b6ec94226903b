// Reads what a run is asked to hold, and what it draws and pays by: seed, generator, prices and gates. Judges no result.
import type { Cursor } from './cursor.ts';
import type { Place } from './mistakes.ts';
import type { Gate, Price, Region, Rng } from './pipeline.ts';
import type { Reading } from './reading.ts';
import { DEFAULT_RNG, RNGS } from './rng.ts';
import type { NativeInput } from './schema.ts';

/** The keys both forms have at the top. */
export type ClaimsInput = Pick<NativeInput, 'seed' | 'rng' | 'prices' | 'report' | 'gates'>;

const DEFAULT_CONFIDENCE = 0.95;

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

type GateInput = NonNullable<NativeInput['gates']>[number];

/** The gates; each makes exactly one claim. */
export function readGates(cursor: Cursor<ClaimsInput>, reading: Reading): Gate[] {
  const seen = new Set<string>();
  return cursor
    .at('gates')
    .list()
    .flatMap((gate) => {
      const name = gate.at('name').text();
      if (name === null) return [];
      if (seen.has(name))
        reading.mistakes.add(gate.at('name').place, `two gates are named '${name}'`, 'rename one');
      if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) {
        reading.mistakes.add(
          gate.at('name').place,
          'the name of the gate holds a control character',
          'remove it',
        );
      }
      seen.add(name);
      return readGate(gate, name, reading) ?? [];
    });
}

/** The claims of a gate that are expressions over a result's fields. */
export const GATE_EXPRESSIONS = ['share', 'mean'] as const;

const CLAIMS = ['share', 'mean', 'valid_share', 'cost'] as const;

function readGate(gate: Cursor<GateInput>, name: string, reading: Reading): Gate | null {
  const claims = CLAIMS.filter((claim) => gate.at(claim).present);
  const [kind, second] = claims;
  if (kind === undefined || second !== undefined) {
    const what = kind === undefined ? 'claims nothing' : `claims two things, '${kind}' and '${second}'`;
    reading.mistakes.add(gate.place, `the gate '${name}' ${what}`, `give it one of ${CLAIMS.join(', ')}`);
    return null;
  }
  const confidence = gate.at('confidence').number() ?? DEFAULT_CONFIDENCE;
  switch (kind) {
    case 'share':
    case 'mean': {
      const expr = reading.expression(gate.at(kind), `gates.${name}.${kind}`);
      const region = readRegion(gate, kind === 'share' ? 1 : null, gate.place, name, reading);
      return region === null ? null : { kind, name, expr, region, confidence };
    }
    case 'valid_share': {
      refuseOuterBounds(gate, kind, name, reading);
      const region = readRegion(gate.at(kind), 1, gate.at(kind).place, name, reading);
      return region === null ? null : { kind, name, region, confidence };
    }
    case 'cost': {
      refuseOuterBounds(gate, kind, name, reading);
      const region = readRegion(gate.at(kind), null, gate.at(kind).place, name, reading);
      return region === null ? null : { kind, name, region };
    }
    default:
      return kind satisfies never;
  }
}

type BoundsInput = Pick<GateInput, 'between' | 'at_least' | 'at_most'>;

function refuseOuterBounds(gate: Cursor<GateInput>, kind: string, name: string, reading: Reading): void {
  for (const key of ['between', 'at_least', 'at_most'] as const) {
    if (gate.at(key).present) {
      const fix = `write ${kind}: { ${key}: ... }`;
      reading.mistakes.add(gate.at(key).place, `the gate '${name}' has '${key}' beside '${kind}'`, fix);
    }
  }
}

function readRegion(
  cursor: Cursor<BoundsInput>,
  highest: number | null,
  place: Place,
  name: string,
  reading: Reading,
): Region | null {
  const [low, high] = cursor.at('between').list();
  const atLeast = low?.number() ?? cursor.at('at_least').number();
  const atMost = high?.number() ?? cursor.at('at_most').number();
  const refuse = (what: string, fix: string): null => {
    reading.mistakes.add(place, `the gate '${name}' ${what}`, fix);
    return null;
  };
  if (cursor.at('between').present && (cursor.at('at_least').present || cursor.at('at_most').present)) {
    return refuse("has 'between' and another bound", "keep 'between', or 'at_least' and 'at_most'");
  }
  if (atLeast === null && atMost === null) {
    return refuse('has no bound', 'add between: [low, high], at_least or at_most');
  }
  if (atLeast !== null && atMost !== null && atLeast > atMost) {
    return refuse(`can never hold: ${atLeast} is above ${atMost}`, 'swap the bounds');
  }
  for (const bound of [atLeast, atMost]) {
    if (highest !== null && bound !== null && (bound < 0 || bound > highest)) {
      return refuse(`has the bound ${bound} for a share`, 'write shares as 0 to 1, such as 0.95 for 95%');
    }
  }
  return { atLeast, atMost };
}
