// Units out of a results.jsonl, and out of the failures.jsonl beside it, as if they came from a run. It knows no pipeline, and
// takes whatever another program wrote that way.
import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FailedUnit, LoopRecord, UnitRecord, ValidUnit } from '../analysis/record.ts';
import { fieldsFromJson, JsonError } from '../expression/json.ts';
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
  readonly valid: number;
  /** How many units failed, by kind. */
  readonly failures: Readonly<Record<string, number>>;
  /** Whether units are repetitions of items. */
  readonly repeats: boolean;
}

/** Looks over a file; null: whether its units repeat can only be said by reading it. Throws as `readResultsFile`. */
export async function surveyResultsFile(path: string): Promise<FileSurvey | null> {
  let [valid, line] = [0, 0];
  let first: UnitRecord | null = null;
  let mayRepeat = false;
  for await (const texts of readLines(path)) {
    for (const text of texts) {
      line++;
      if (text.trim() === '') continue;
      valid++;
      first ??= validOf(fieldsOf(path, line, text, null));
      mayRepeat ||= REPEATED.some((mark) => text.includes(mark));
    }
  }
  const failures: Record<string, number> = {};
  let repeats = first !== null && first.item !== first.unit;
  for await (const { failure, unit, item } of readFailures(path)) {
    failures[failure.kind] = (failures[failure.kind] ?? 0) + 1;
    if (item !== unit) repeats = true;
  }
  return repeats || !mayRepeat ? { valid, failures, repeats } : null;
}

/** What the line of a repeated unit has in it: the end of its id, as it is or escaped. */
const REPEATED = ['__rep', '\\u00'];

/**
 * Valid units in the order of the file, then the failed ones; with `only`, the values of all other fields may be None.
 * Throws a ConfigurationError with the line that is no result.
 */
export async function* readResultsFile(
  path: string,
  only: ReadonlySet<string> | null = null,
): AsyncGenerator<UnitRecord> {
  const wanted = only === null ? null : new Set([...only, 'unit_id']);
  let line = 0;
  for await (const texts of readLines(path))
    for (const text of texts) {
      line++;
      if (text.trim() !== '') yield validOf(fieldsOf(path, line, text, wanted));
    }
  yield* readFailures(path);
}

/** The failed units that belong to a results file. */
async function* readFailures(path: string): AsyncGenerator<FailedUnit> {
  const failures = failuresBeside(path);
  if (failures === null) return;
  let line = 0;
  for await (const texts of readLines(failures))
    for (const text of texts) {
      line++;
      if (text.trim() !== '') yield failedOf(fieldsOf(failures, line, text, null));
    }
}

/** The lines of a file, many at a time, without their line feeds; empty ones are there too. */
async function* readLines(path: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  yield [rest];
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

function validOf(fields: Map<string, Value>): ValidUnit {
  const unit = idOf(fields);
  const metadata = fields.get('_metadata');
  fields.delete('_metadata');
  const known = metadata instanceof PyDict ? metadata : new PyDict();
  for (const [name, value] of childFields(unit)) fields.set(name, value);
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

function failedOf(fields: Map<string, Value>): FailedUnit {
  const unit = idOf(fields);
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
  if (!(value instanceof PyDict)) return new Map();
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

/** Empty where a line names no unit. */
function idOf(fields: Map<string, Value>): string {
  const id = fields.get('unit_id');
  fields.delete('unit_id');
  return typeof id === 'string' ? id : '';
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
  const repeated = repetitionOf({ id: unit, repeats: true });
  return repeated?.item ?? unit.slice(0, unit.length - branchOf(unit).length);
}

function countOf(value: Value | undefined, without: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : without;
}
