// Every filter and every test by name. A name that is not here does not exist: templates are checked against it.
import type { Value } from '../expression/values.ts';
import type { Table } from './callable.ts';
import { mapFilter, SEQUENCE_FILTERS, selection } from './sequence-filters.ts';
import { ofValue, VALUE_TESTS } from './tests.ts';
import { operand } from './text.ts';
import { TEXT_FILTERS } from './text-filters.ts';
import { VALUE_FILTERS } from './value-filters.ts';

/** The filters of Jinja 3.1. */
export const FILTERS: Table<Value> = new Map([
  ...TEXT_FILTERS,
  ...SEQUENCE_FILTERS,
  ...VALUE_FILTERS,
  ['map', mapFilter(() => FILTERS)],
  ['select', selection(() => TESTS, { keep: true, byAttribute: false })],
  ['reject', selection(() => TESTS, { keep: false, byAttribute: false })],
  ['selectattr', selection(() => TESTS, { keep: true, byAttribute: true })],
  ['rejectattr', selection(() => TESTS, { keep: false, byAttribute: true })],
]);

/** The tests of Jinja 3.1. */
export const TESTS: Table<boolean> = new Map([
  ...VALUE_TESTS,
  ofValue('filter', (value) => isNameIn(FILTERS, value)),
  ofValue('test', (value) => isNameIn(TESTS, value)),
]);

function isNameIn(table: ReadonlyMap<string, unknown>, value: Value): boolean {
  const name = operand(value);
  return typeof name === 'string' && table.has(name);
}
