// Results as CSV (RFC 4180, CRLF), row by row. Text that a spreadsheet would run as a formula is defused.
import { stringifyJson } from '../expression/json.ts';
import { type Fields, isNumber, type Value } from '../expression/values.ts';

/**
 * Most columns of a table. Answers may bring names of their own, each unit others: a table of all of them would grow with
 * the square of the units.
 */
export const MOST_COLUMNS = 1_000;

/** The last column, empty, of a table that would have had more; no field is named so. */
const CUT = '(further fields are in results.jsonl)';

/** Internal names that a table has all the same: which child of which unit a unit is. */
const OF_CHILDREN = ['_fan_index', '_fan_parent_id'];

/** Whether a field is a column of a table; names that begin with `_` are internal. */
export function isColumn(name: string): boolean {
  return !name.startsWith('_') || OF_CHILDREN.includes(name);
}

/** The columns for these fields: `unit_id` first, each name once, internal ones and what is too many left out. */
export function csvColumns(fields: Iterable<string>): readonly string[] {
  const names = new Set(['unit_id']);
  for (const field of fields) if (isColumn(field)) names.add(field);
  return names.size <= MOST_COLUMNS ? [...names] : [...[...names].slice(0, MOST_COLUMNS), CUT];
}

/** The header row with its line end. */
export function csvHeader(columns: readonly string[]): string {
  return `${columns.map((column) => textCell(column)).join(',')}\r\n`;
}

/** Any row with its line end. */
export function formatCells(cells: readonly (string | number | null)[]): string {
  return `${cells.map((value) => cell(value)).join(',')}\r\n`;
}

/** One unit's row with its line end. Absent fields and None are empty, lists and dicts are JSON. */
export function csvRow(
  columns: readonly string[],
  record: { readonly unit: string; readonly fields: Fields },
): string {
  const cells = columns.map((column) => cell(column === 'unit_id' ? record.unit : record.fields.get(column)));
  return `${cells.join(',')}\r\n`;
}

function cell(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return textCell(value);
  // A negative number begins with `-` and is still no formula.
  return isNumber(value) ? stringifyJson(value) : textCell(stringifyJson(value));
}

function textCell(text: string): string {
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
