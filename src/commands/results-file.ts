// Units out of a results.jsonl, and out of the failures.jsonl beside it, as if they came from a run. It knows no pipeline, and
// takes whatever another program wrote that way.
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FailedUnit, LoopRecord, UnitRecord, ValidUnit } from '../analysis/record.ts';
import { fieldsFromJson, JsonError } from '../expression/json.ts';
import { JsonLineReader } from '../expression/json-bytes.ts';
import {
  dictEntries,
  dictGet,
  type Fields,
  listItems,
  PyDict,
  PyList,
  type Value,
} from '../expression/values.ts';
import { branchOf, repetitionOf } from '../simulation/unit-stream.ts';
import type { FailureKind, Issue } from '../validation/failure.ts';
import { usageError } from './arguments.ts';

/** The kinds that a failure record may name; anything else counts as `invalid`. */
const KINDS: Readonly<Record<FailureKind, true>> = {
  rejected: true,
  expired: true,
  canceled: true,
  refused: true,
  truncated: true,
  malformed: true,
  invalid: true,
  missing: true,
  transport: true,
  expression: true,
  template: true,
};

/** The failures that belong to a results file, or null. */
function failuresBeside(path: string): string | null {
  const beside = join(dirname(path), 'failures.jsonl');
  return path.endsWith('results.jsonl') && existsSync(beside) ? beside : null;
}

/** What can be seen of a results file without reading what its units came to. */
export interface FileSurvey {
  /** How many units failed, by kind. */
  readonly failures: Readonly<Record<string, number>>;
  /** Whether units are repetitions of items. */
  readonly repeats: boolean;
}

/**
 * Looks over a file; null: how its units hang together can only be said by reading it. Throws as `readResultsFile`, for its
 * first unit.
 */
export async function surveyResultsFile(path: string): Promise<FileSurvey | null> {
  const first = await firstOf(path);
  if (first?.fields.has('_fan_parent_id') === true) return null;
  const failures: Record<string, number> = {};
  let repeats = first !== null && first.item !== first.unit;
  for await (const records of readFailures(path))
    for (const { failure, unit, item } of records) {
      failures[failure.kind] = (failures[failure.kind] ?? 0) + 1;
      if (item !== unit) repeats = true;
    }
  return repeats || !hasMark(path) ? { failures, repeats } : null;
}

async function firstOf(path: string): Promise<ValidUnit | null> {
  for await (const [first] of readUnits(path, null, validOf, 1)) if (first !== undefined) return first;
  return null;
}

/** Whether any line has in it what the line of a repeated unit or of a child has. */
function hasMark(path: string): boolean {
  for (const piece of readPieces(path)) if (MARKS.some((mark) => piece.includes(mark))) return true;
  return false;
}

/** The end of an id, as it is or escaped. */
const MARKS = ['__rep', '__fan', '\\u00'];

/**
 * Valid units in the order of the file, then the failed ones, some at a time; with `only`, the values of all other fields
 * may be None, or missing where another unit has them. Throws a ConfigurationError with the line that is no result.
 */
export async function* readResultsFile(
  path: string,
  only: ReadonlySet<string> | null = null,
): AsyncGenerator<readonly UnitRecord[]> {
  for await (const records of readUnits(path, only, validOf)) yield records;
  for await (const records of readFailures(path)) yield records;
}

/** The failed units that belong to a results file. */
async function* readFailures(path: string): AsyncGenerator<readonly FailedUnit[]> {
  const failures = failuresBeside(path);
  if (failures === null) return;
  for await (const records of readUnits(failures, null, failedOf)) yield records;
}

/** What each line is read into; `most` of each part of the file. */
async function* readUnits<Unit>(
  path: string,
  wanted: ReadonlySet<string> | null,
  unitOf: (fields: Map<string, Value>, id: string) => Unit,
  most: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Unit[]> {
  const plain = wanted === null ? null : new JsonLineReader(wanted, ID, decode);
  const wantedOrId = wanted === null ? null : new Set([...wanted, ID]);
  let line = 0;
  for (const piece of readPieces(path)) {
    const units: Unit[] = [];
    for (let at = 0; at < piece.length && units.length < most; ) {
      line++;
      const fields = plain?.read(piece, at) ?? null;
      if (plain !== null && fields !== null) {
        units.push(unitOf(fields, textOf(plain.apart)));
        at = plain.end + 1;
        continue;
      }
      const end = piece.indexOf(LINE_FEED, at);
      const text = decode(piece, at, end);
      if (text.trim() !== '') {
        const all = fieldsOf(path, line, text, wantedOrId);
        const id = textOf(all.get(ID));
        all.delete(ID);
        units.push(unitOf(all, id));
      }
      at = end + 1;
    }
    yield units;
  }
}

/** Bytes that are read at once. */
const PIECE = 2 ** 18;
const LINE_FEED = 10;
/** The member that names a line's unit. */
const ID = 'unit_id';

/** The lines of a file, many at a time, each with a line feed; they are there until the next ones are asked for. */
function* readPieces(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    let bytes = Buffer.allocUnsafe(PIECE);
    let begun = 0;
    for (;;) {
      // Room for the line feed that the last line may not have.
      const length = begun + readSync(file, bytes, begun, bytes.length - begun - 1, null);
      if (length === begun) break;
      const end = bytes.lastIndexOf(LINE_FEED, length - 1) + 1;
      if (end > 0) yield bytes.subarray(0, end);
      begun = length - end;
      const isFull = end === 0 && length === bytes.length - 1;
      const next = isFull ? Buffer.allocUnsafe(bytes.length * 2) : bytes;
      bytes.copy(next, 0, end, length);
      bytes = next;
    }
    if (begun > 0) {
      bytes[begun] = LINE_FEED;
      yield bytes.subarray(0, begun + 1);
    }
  } finally {
    closeSync(file);
  }
}

function decode(bytes: Buffer, from: number, to: number): string {
  return bytes.toString('utf8', from, to);
}

function fieldsOf(
  path: string,
  line: number,
  text: string,
  only: ReadonlySet<string> | null,
): Map<string, Value> {
  try {
    return fieldsFromJson(text, only);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const fix = 'give a results.jsonl: one JSON object a line';
    throw usageError(path, `line ${line} is no JSON object: ${error.message}`, fix);
  }
}

const NOTHING_KNOWN = new PyDict();
const NO_LOOPS: ReadonlyMap<string, LoopRecord> = new Map();

function validOf(fields: Map<string, Value>, unit: string): ValidUnit {
  const metadata = fields.get('_metadata');
  if (metadata !== undefined) fields.delete('_metadata');
  const known = metadata instanceof PyDict ? metadata : NOTHING_KNOWN;
  if (unit.includes('__fan')) for (const [name, value] of childFields(unit)) fields.set(name, value);
  return {
    kind: 'valid',
    unit,
    item: itemOf(unit),
    attempts: countOf(dictGet(known, 'attempts'), 1),
    capped: dictGet(known, 'capped') === true,
    loops: loopsOf(dictGet(known, 'loops')),
    fields,
  };
}

function failedOf(fields: Map<string, Value>, unit: string): FailedUnit {
  const [kind, step, raw, input, errors] = ['kind', 'step', 'raw_response', 'input', 'errors'].map((name) =>
    fields.get(name),
  );
  const isKnown = typeof kind === 'string' && Object.hasOwn(KINDS, kind);
  return {
    kind: 'failed',
    unit,
    item: itemOf(unit),
    attempts: countOf(fields.get('retry_count'), 0) + 1,
    fields: new Map([...(input instanceof PyDict ? openFields(input) : []), ...childFields(unit)]),
    failure: {
      kind: isKnown ? (kind as FailureKind) : 'invalid',
      step: typeof step === 'string' ? step : '',
      issues: errors instanceof PyList ? listItems(errors).map(issueOf) : [],
      raw: typeof raw === 'string' ? raw : null,
    },
  };
}

function issueOf(value: Value): Issue {
  const text = (name: string): string => {
    const found = value instanceof PyDict ? dictGet(value, name) : undefined;
    return typeof found === 'string' ? found : '';
  };
  return { path: text('path'), rule: text('rule'), message: text('message') };
}

function openFields(input: PyDict): Fields {
  return new Map([...dictEntries(input)].filter(([name]) => name !== 'unit_id') as [string, Value][]);
}

function loopsOf(value: Value | undefined): ReadonlyMap<string, LoopRecord> {
  if (!(value instanceof PyDict)) return NO_LOOPS;
  return new Map(
    [...dictEntries(value)].flatMap(([step, loop]) =>
      loop instanceof PyDict
        ? [
            [
              String(step),
              {
                iterations: countOf(dictGet(loop, 'iterations'), 0),
                capped: dictGet(loop, 'timeout') === true,
              },
            ] as const,
          ]
        : [],
    ),
  );
}

/** Empty where there is no text: a line may name no unit. */
function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Which child of which unit it is, as its id says it: to be asked for as any field. */
function childFields(unit: string): readonly (readonly [string, Value])[] {
  const [, parent, place] = unit.includes('__fan') ? (/^(.*)__fan(\d+)$/s.exec(unit) ?? []) : [];
  if (parent === undefined) return [];
  return [
    ['_fan_index', Number(place)],
    ['_fan_parent_id', parent],
  ];
}

/** The unit's id without its repetition, and without which child it is. */
function itemOf(unit: string): string {
  // Most ids are of no child, and end as those of repetitions do: an expression takes longer to say so.
  let end = unit.length;
  while (isDigit(unit.charCodeAt(end - 1))) end--;
  if (end < unit.length && unit.endsWith('__rep', end)) return unit.slice(0, end - 5);
  const repeated = repetitionOf({ id: unit, repeats: true });
  return repeated?.item ?? unit.slice(0, unit.length - branchOf(unit).length);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function countOf(value: Value | undefined, without: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : without;
}
