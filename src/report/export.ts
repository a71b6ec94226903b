// Units as the rows of a table for other programs: which columns there are, of what type, and what stands in a cell. It
// writes no file format.
import type { UnitRecord } from '../analysis/record.ts';
import { stringifyJson } from '../expression/json.ts';
import { type Fields, isFloat, isInt, toNumber, type Value } from '../expression/values.ts';
import { isColumn, MOST_COLUMNS } from './csv.ts';
import { failureFields } from './results.ts';

/** Whose rows: the valid units, or those that failed. */
export type Exported = 'results' | 'failures';

/** One unit as a row, by column. */
export interface ExportRow {
  readonly unit: string;
  /** Without `unit_id`; names that are internal are no columns, see `isColumn`. */
  readonly fields: Fields;
}

/**
 * What a column holds. `integer`: of 64 bits. `number`: doubles, and whole numbers that are exact as such. `json`: lists,
 * dicts, or a mixture, every value as its JSON.
 */
export type ColumnType = 'boolean' | 'integer' | 'number' | 'text' | 'json';

/** A column; the first is always `unit_id`, a text. */
export interface ExportColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** A value in its column; absent and None are null, texts and JSON are strings. */
export type Cell = boolean | bigint | number | string | null;

/** The row of a unit: of a valid one its fields, of a failed one its failure record. */
export function rowOf(record: UnitRecord): ExportRow {
  const { kind, unit } = record;
  return { unit, fields: kind === 'valid' ? record.fields : failureFields(record) };
}

const MOST_INT = 2n ** 63n - 1n;

/** Learns the columns from all rows before the first is written: in the order in which they first appear. */
export class ColumnSurvey {
  /** There are more fields than a table takes. */
  isCut = false;
  private readonly seen = new Map<string, Set<Kind>>();

  add({ fields }: ExportRow): void {
    for (const [name, value] of fields) {
      if (!isColumn(name) || name === 'unit_id') continue;
      let kinds = this.seen.get(name);
      if (kinds === undefined) {
        if (this.seen.size >= MOST_COLUMNS) {
          this.isCut = true;
          continue;
        }
        kinds = new Set();
        this.seen.set(name, kinds);
      }
      if (value !== null) kinds.add(kindOf(value));
    }
  }

  columns(): readonly ExportColumn[] {
    const found = [...this.seen].map(([name, kinds]): ExportColumn => ({ name, type: typeOf(kinds) }));
    return [{ name: 'unit_id', type: 'text' }, ...found];
  }
}

type Kind = 'boolean' | 'small' | 'long' | 'huge' | 'float' | 'text' | 'other';

function kindOf(value: Value): Kind {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'text';
  if (isInt(value)) {
    if (typeof value === 'number') return 'small';
    return value <= MOST_INT && value >= -MOST_INT - 1n ? 'long' : 'huge';
  }
  return isFloat(value) ? 'float' : 'other';
}

/** One type for all that was seen; where a number would lose digits, JSON. */
function typeOf(kinds: ReadonlySet<Kind>): ColumnType {
  const only = (...allowed: readonly Kind[]): boolean => [...kinds].every((kind) => allowed.includes(kind));
  if (only('text')) return 'text';
  if (only('boolean')) return 'boolean';
  if (only('small', 'long')) return 'integer';
  return only('small', 'float') ? 'number' : 'json';
}

/** What stands in each column of a row. */
export function cellsOf(columns: readonly ExportColumn[], { unit, fields }: ExportRow): readonly Cell[] {
  return columns.map(({ name, type }, at) => (at === 0 ? unit : cellOf(type, fields.get(name) ?? null)));
}

function cellOf(type: ColumnType, value: Value): Cell {
  if (value === null) return null;
  switch (type) {
    case 'boolean':
      return value as boolean;
    case 'text':
      return value as string;
    case 'integer':
      return BigInt(value as number | bigint);
    case 'number':
      return toNumber(value);
    case 'json':
      return stringifyJson(value);
    default:
      return type satisfies never;
  }
}
