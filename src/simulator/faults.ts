// Seeded faults: which requests go wrong, and how. A fault belongs to a request (attempt included), never to a batch.
import { createHash } from 'node:crypto';

/**
 * The faults a user can ask for. At most one happens to a request. New ones go before `fenced`: where a kind stands
 * decides which requests it happens to.
 *
 * - Of the answer's text: `malformed` (beyond repair), `truncated`, `refused`, and those a reader should cope with:
 *   `control` (raw control characters inside strings), `prose` (text around the JSON), `fenced` (a code fence and text
 *   around it), `verbose` (padded up to the tokens allowed).
 * - Of the request: `errored` (a server error), `rejected` (the request itself is refused).
 * - Of the rows of a batch: `missing` (executed, but no row), `duplicate` (the same row twice), `contradicting` (two
 *   rows that differ), `unknown` (besides its own a row nobody asked for), `damaged` (a row that is not JSON).
 */
export const FAULT_KINDS = [
  'malformed',
  'truncated',
  'missing',
  'refused',
  'errored',
  'rejected',
  'control',
  'prose',
  'verbose',
  'duplicate',
  'contradicting',
  'unknown',
  'damaged',
  'fenced',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Share of requests (0 to 1) each fault happens to, and the seed that picks them. */
export type Faults = Readonly<Record<FaultKind, number>> & { readonly seed: string };

/** No fault at all. */
export const NO_FAULTS: Faults = {
  malformed: 0,
  truncated: 0,
  missing: 0,
  refused: 0,
  errored: 0,
  rejected: 0,
  control: 0,
  prose: 0,
  verbose: 0,
  duplicate: 0,
  contradicting: 0,
  unknown: 0,
  damaged: 0,
  fenced: 0,
  seed: '0',
};

/** What happens to one request. `variant` picks among kinds of one fault. */
export interface Fate {
  readonly fault: FaultKind | null;
  readonly variant: number;
}

/** Faults that cannot be used, in words for a person. */
export class FaultsError extends Error {
  readonly what: string;
  readonly fix: string;

  constructor(what: string) {
    const fix = `write shares from 0 to 1 such as "malformed=0.05,missing=0.01"; known: ${FAULT_KINDS.join(', ')}, seed`;
    super(`${what} (${fix})`);
    this.name = 'FaultsError';
    this.what = what;
    this.fix = fix;
  }
}

/** Reads the command line's form, e.g. `malformed=0.05,missing=0.01,seed=7`. Throws FaultsError. */
export function parseFaults(text: string): Faults {
  const given = new Map<string, unknown>();
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const [name = '', value] = part.split('=', 2).map((piece) => piece.trim());
    if (value === undefined || value === '') throw new FaultsError(`the fault "${name}" has no value`);
    if (given.has(name)) throw new FaultsError(`the fault "${name}" is given twice`);
    given.set(name, name === 'seed' ? value : Number(value));
  }
  return toFaults(given);
}

/** Completes and checks faults given as data. Throws FaultsError. */
export function readFaults(value: unknown): Faults {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new FaultsError('the faults are not an object');
  }
  return toFaults(new Map(Object.entries(value)));
}

function toFaults(given: ReadonlyMap<string, unknown>): Faults {
  const faults: Record<FaultKind, number> & { seed: string } = { ...NO_FAULTS };
  for (const [name, value] of given) {
    if (name === 'seed') {
      faults.seed = String(value);
      continue;
    }
    const kind = FAULT_KINDS.find((known) => known === name);
    if (kind === undefined) throw new FaultsError(`there is no fault "${name}"`);
    if (typeof value !== 'number' || !(value >= 0 && value <= 1)) {
      throw new FaultsError(`the share of "${name}" is not a number from 0 to 1`);
    }
    faults[kind] = value;
  }
  const sum = FAULT_KINDS.reduce((total, kind) => total + faults[kind], 0);
  if (sum > 1 + 1e-9) throw new FaultsError('the shares of the faults add up to more than 1');
  // Models that write broken JSON write fenced JSON too: unless something else is said, as often.
  if (!given.has('fenced')) faults.fenced = Math.min(faults.malformed, Math.max(0, 1 - sum));
  return faults;
}

const SPARED: Fate = { fault: null, variant: 0 };

/** The fate of one request, from the fault seed and the request's hash alone. */
export function chooseFate(faults: Faults, requestHash: string): Fate {
  if (FAULT_KINDS.every((kind) => faults[kind] === 0)) return SPARED;
  const digest = createHash('sha256')
    .update(`fault/${faults.seed.length}:${faults.seed}/${requestHash}`)
    .digest();
  const draw = digest.readUIntBE(0, 6) / 2 ** 48;
  const variant = digest.readUInt32BE(6);
  let bound = 0;
  for (const kind of FAULT_KINDS) {
    bound += faults[kind];
    if (draw < bound) return { fault: kind, variant };
  }
  return { fault: null, variant };
}

/** A number in [0, 1) from a text, for seeded choices that are not part of any answer. */
export function fractionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

/**
 * The hash that names a request whatever batch carries it: the 40 hex digits our own `custom_id`s end in, or a
 * digest of a foreign one.
 */
export function requestHashOf(customId: string): string {
  const own = /^[0-9a-f]{8}-([0-9a-f]{40})$/.exec(customId);
  return own?.[1] ?? createHash('sha256').update(customId).digest('hex').slice(0, 40);
}
