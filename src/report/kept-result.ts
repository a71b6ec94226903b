// What is kept of a complete run for those that come later: its line of figures, the terms under which another run may be
// held against it, and its report without any answer. Read back as data; what does not fit is as if it were not there.
import { compareUnits } from '../analysis/comparison.ts';
import { parseUnitValues, type UnitValues, writeUnitValues } from '../analysis/unit-values.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import { type Claim, changedClaims, parseClaims } from './claims.ts';
import type { Base } from './comment-notes.ts';
import { isComplete, parseResult, type ResultLine, writeResult } from './history.ts';
import type { Report } from './report.ts';

/** What two runs must have in common for a change between them to mean anything. */
export interface Terms {
  readonly seed: string;
  /** Version and generator of the random streams. */
  readonly streams: string;
  /** Digest of the items. */
  readonly items: string;
  readonly units: number;
  /** `provider/model` of each model step, in order. */
  readonly models: readonly string[];
}

export interface KeptResult {
  /** The run's id. */
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The workflow run that asked for it: of two the later one counts, whichever ended first. */
  readonly asked: number;
  readonly line: ResultLine;
  readonly terms: Terms;
  /** What each unit came to; null: they were too many, or it is not known. */
  readonly values: Pick<UnitValues, 'units' | 'columns'> | null;
  /** By what it was judged; null: it is not known. */
  readonly claims: readonly Claim[] | null;
  /** Null: it would have been too large, or another version of the engine wrote it. */
  readonly report: Report | null;
}

/** What of a run is held against another's. */
export interface Compared {
  readonly terms: Terms;
  readonly claims: readonly Claim[];
  readonly values: UnitValues | null;
}

const VERSION = 1;

/** Characters of a kept report; a larger one is left out. */
const MOST_REPORT = 100_000;

/** The result as text; null while there is none, and for answers that were invented. */
export function writeKeptResult(
  report: Report,
  line: ResultLine | null,
  { terms, claims, values }: Compared,
  { at, asked }: { readonly at: number; readonly asked: number },
): string | null {
  if (line === null || !isComplete(report) || report.simulated) return null;
  // Failures quote answers, and a pending part quotes nothing that lasts.
  const kept: Report = { ...report, failures: [], pending: null, timing: null };
  const whole = JSON.stringify(kept);
  const { runId: run, engineVersion: engine } = report.provenance;
  const units = values === null ? null : writeUnitValues(values);
  const parts = { version: VERSION, run, at, asked, line: writeResult(line), terms, claims, units, engine };
  return `${JSON.stringify({ ...parts, report: whole.length > MOST_REPORT ? null : kept }, null, 1)}\n`;
}

/** Reads it back; null for anything else. `engine`: this engine's version, the only one whose reports are taken. */
export function parseKeptResult(text: string | null, engine: string): KeptResult | null {
  if (text === null) return null;
  let value: Partial<Record<string, unknown>>;
  try {
    value = parsePlainJson(text) as Partial<Record<string, unknown>>;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || value.version !== VERSION) return null;
  const line = typeof value.line === 'string' ? parseResult(value.line) : null;
  const terms = value.terms as Terms | undefined;
  const isWhole =
    typeof value.run === 'string' && isNumber(value.at) && isNumber(value.asked) && isTerms(terms);
  if (line === null || !isWhole) return null;
  const report = value.engine === engine ? ((value.report ?? null) as Report | null) : null;
  const { run, at, asked } = value as { run: string; at: number; asked: number };
  const values = parseUnitValues(value.units);
  return { run, at, asked, line, terms: terms!, values, claims: parseClaims(value.claims), report };
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isTerms(terms: Terms | undefined): boolean {
  if (typeof terms !== 'object' || terms === null) return false;
  const texts = [terms.seed, terms.streams, terms.items];
  return (
    texts.every((text) => typeof text === 'string') &&
    typeof terms.units === 'number' &&
    Array.isArray(terms.models) &&
    terms.models.every((model) => typeof model === 'string')
  );
}

/** Why two runs cannot be compared, in a few words; null: they can. */
export function whyNotComparable(base: Terms, now: Terms): string | null {
  if (base.seed !== now.seed) return 'another seed';
  if (base.streams !== now.streams) return 'another version of the random streams';
  if (base.items !== now.items) return 'other items';
  if (base.units !== now.units) return 'another number of units';
  if (base.models.join('\n') !== now.models.join('\n')) return 'another model';
  return null;
}

/** The base of a comparison of a run with what was kept of a branch. */
export function baseOf(branch: string, kept: KeptResult | null, run: string, now: Compared): Base {
  if (kept === null) return { kind: 'missing', branch };
  const reason = whyNotComparable(kept.terms, now.terms);
  const { line: result } = kept;
  const changes = kept.claims === null ? [] : changedClaims(kept.claims, now.claims);
  const isSame = kept.run === run;
  const isPaired = reason === null && !isSame && kept.values !== null && now.values !== null;
  const comparison = isPaired ? compareUnits(kept.values!, now.values!) : null;
  const found = { branch, result, changes, isSame, comparison };
  return reason === null ? { kind: 'found', ...found } : { kind: 'not_comparable', ...found, reason };
}
