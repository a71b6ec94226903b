// Keeps the few units that a page lists, out of a stream of any length: the first valid and the first failed ones,
// each as short visible texts. It holds a bounded amount of text whatever the answers are.
import type { UnitRecord } from '../analysis/record.ts';
import { stringifyJson } from '../expression/json.ts';
import { isNumber, type Value } from '../expression/values.ts';
import { reportFailure } from './build.ts';
import { oneLine } from './escape.ts';
import type { ReportedFailure } from './report.ts';

const VALID_KEPT = 1500;
const FAILED_KEPT = 500;
/** Failed units that are kept with their raw answer. */
const RAW_KEPT = 50;
const FIELDS_KEPT = 24;
const CELL = 60;

/** One unit of the list. `cells` are visible texts by field; `failure` is null for a valid unit. */
export interface ListedUnit {
  readonly unit: string;
  readonly attempts: number;
  readonly cells: ReadonlyMap<string, string>;
  readonly failure: ReportedFailure | null;
}

/** Takes every record once, in canonical order. */
export interface UnitCollector {
  add(record: UnitRecord): void;
  list(): readonly ListedUnit[];
}

/** An empty list. */
export function collectUnits(): UnitCollector {
  const kept: ListedUnit[] = [];
  let valid = 0;
  let failed = 0;
  return {
    add(record) {
      const isValid = record.kind === 'valid';
      const place = isValid ? valid++ : failed++;
      if (place >= (isValid ? VALID_KEPT : FAILED_KEPT)) return;
      kept.push({
        unit: oneLine(record.unit, CELL),
        attempts: record.attempts,
        cells: cellsOf(record),
        failure: isValid ? null : withRaw(reportFailure(record), place < RAW_KEPT),
      });
    },
    list: () => kept,
  };
}

function withRaw(failure: ReportedFailure, keep: boolean): ReportedFailure {
  return keep ? failure : { ...failure, reason: oneLine(failure.reason, 160), raw: null };
}

/** Fields for people; internal ones begin with `_`. */
function cellsOf(record: UnitRecord): ReadonlyMap<string, string> {
  const cells = new Map<string, string>();
  for (const [name, value] of record.fields) {
    if (name.startsWith('_') || name === 'unit_id') continue;
    if (cells.size >= FIELDS_KEPT) break;
    cells.set(name, cellText(value));
  }
  return cells;
}

function cellText(value: Value): string {
  if (value === null || value === '') return '';
  if (typeof value === 'string') return oneLine(value, CELL);
  const text = stringifyJson(value);
  // A number keeps all its digits or it would be another one.
  return isNumber(value) && text.length <= CELL ? text : oneLine(text, CELL);
}
