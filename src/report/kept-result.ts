// What is kept of a complete run for those that come later: its line of figures, the terms under which another run may be
// held against it, and its report without any answer. Read back as data; what does not fit is as if it were not there.
import type { BaseResult } from '../analysis/against.ts';
import type { Slice } from '../analysis/estimate.ts';
import { type Asked, parseAsked, underGates } from '../analysis/gate-asked.ts';
import { parseUnitValues, type UnitValues, writeUnitValues } from '../analysis/unit-values.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import { type Claim, changedClaims, parseClaims } from './claims.ts';
import { type Base, lastBlocks } from './comment-notes.ts';
import { isComplete, parseResult, type ResultLine, writeResult } from './history.ts';
import type { PageBase } from './html-section.ts';
import { parseFunnel } from './kept-funnel.ts';
import { parseSides } from './kept-sides.ts';
import { parseSlice } from './kept-slice.ts';
import { writeBlocks } from './markdown.ts';
import type { Report } from './report.ts';
import { parseTerms, type Terms, whyNotComparable } from './terms.ts';

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
  readonly values: BaseResult['values'];
  /** The estimates of all units; null: they are not known. */
  readonly overall: Slice | null;
  /** Its steps, as far as others are shown beside them; null: they are not known. */
  readonly funnel: PageBase['report'];
  /** By what it was judged; null: it is not known. */
  readonly claims: readonly Claim[] | null;
  /** What its gates asked of each unit. */
  readonly gates: readonly Asked[];
  /** What each of its gates on a change rests on, in the order of all its gates. */
  readonly sides: NonNullable<BaseResult['sides']>;
  /** Null: it would have been too large, or another version of the engine wrote it. */
  readonly report: Report | null;
}

/** What of a run is held against another's. */
export interface Compared {
  readonly terms: Terms;
  readonly claims: readonly Claim[];
  readonly gates: readonly Asked[];
  readonly values: UnitValues | null;
  readonly sides: NonNullable<BaseResult['sides']>;
}

const VERSION = 1;

/** Characters of a kept report, and of all that is kept; what is larger is left out, and not read. */
const MOST_REPORT = 100_000;
const MOST_TEXT = 2_000_000;

/** The result as text; null while there is none, and for answers that were invented. */
export function writeKeptResult(
  report: Report,
  line: ResultLine | null,
  { terms, claims, gates, values, sides }: Compared,
  { at, asked }: { readonly at: number; readonly asked: number },
): string | null {
  if (line === null || !isComplete(report) || report.simulated) return null;
  // Failures quote answers; groups may be many, and what it was held against is kept in a place of its own.
  const bare = { failures: [], groups: [], pending: null, timing: null, against: null };
  const kept: Report = { ...report, ...bare };
  const whole = JSON.stringify(kept);
  const { runId: run, engineVersion: engine } = report.provenance;
  const units = values === null ? null : writeUnitValues(values);
  const parts = { version: VERSION, run, at, asked, line: writeResult(line), terms, claims, gates };
  const all = { ...parts, sides, units, engine, report: whole.length > MOST_REPORT ? null : kept };
  const text = `${JSON.stringify(all, null, 1)}\n`;
  return text.length <= MOST_TEXT ? text : `${JSON.stringify({ ...all, units: null }, null, 1)}\n`;
}

/** Reads it back; null for anything else. `engine`: this engine's version, the only one whose reports are taken. */
export function parseKeptResult(text: string | null, engine: string): KeptResult | null {
  if (text === null || text.length > MOST_TEXT) return null;
  let value: Partial<Record<string, unknown>>;
  try {
    value = parsePlainJson(text) as Partial<Record<string, unknown>>;
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || value.version !== VERSION) return null;
  const line = typeof value.line === 'string' ? parseResult(value.line) : null;
  const terms = parseTerms(value.terms);
  const { run, at, asked } = value;
  if (line === null || terms === null) return null;
  if (typeof run !== 'string' || typeof at !== 'number' || typeof asked !== 'number') return null;
  const values = parseUnitValues(value.units);
  const whole = (value.report ?? null) as Report | null;
  const [overall, funnel] = [parseSlice(whole?.overall), parseFunnel(whole)];
  const report = value.engine === engine && whole !== null && canBeShown(whole) ? whole : null;
  const judged = {
    claims: parseClaims(value.claims),
    gates: parseAsked(value.gates),
    sides: parseSides(value.sides),
  };
  return { run, at, asked, line, terms, values, overall, funnel, ...judged, report };
}

/** A report of which a part is missing, or something else, is no report: it is shown once, to nobody. */
function canBeShown(report: Report): boolean {
  try {
    writeBlocks(lastBlocks({ commit: '', report }, true));
    return true;
  } catch {
    return false;
  }
}

/** What a comment says of a branch's result beside that of a run. */
export function baseOf(
  branch: string,
  kept: KeptResult | null,
  run: string,
  now: Pick<Compared, 'terms' | 'claims'>,
): Base {
  if (kept === null) return { kind: 'missing', branch };
  const isSame = kept.run === run;
  const reason = isSame ? null : whyNotComparable(kept.terms, now.terms);
  const changes = kept.claims === null ? [] : changedClaims(kept.claims, now.claims);
  const found = { branch, result: kept.line, changes, isSame };
  return reason === null ? { kind: 'found', ...found } : { kind: 'not_comparable', ...found, reason };
}

/** What was kept of a branch, for a run to be held against. */
export function baseResultOf(
  name: string,
  kept: KeptResult,
  run: string,
  now: Pick<Compared, 'terms' | 'gates'>,
): BaseResult {
  const isSame = kept.run === run;
  const reason = isSame ? null : whyNotComparable(kept.terms, now.terms);
  const { values, overall, sides } = kept;
  return underGates({ name, reason, isSame, values, overall, sides }, kept.gates, now.gates);
}
