// Reads a file of items: YAML, JSON, JSONL or CSV, into rows that know their place. What an item must look like is
// decided in items.ts.
//
// CSV: the first row names the fields. A cell that is written as a JSON number is a number; every other cell, an empty
// one too, is text.
import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import { JsonError, parseJson } from '../expression/json.ts';
import { dictEntries, dictOf, listItems, PyDict, PyList, type Value } from '../expression/values.ts';
import { Mistakes, type Place } from './mistakes.ts';
import type { Reading } from './reading.ts';
import type { YamlVersion } from './scalars.ts';
import { SourceText } from './source-text.ts';
import { placeOf, type Tree, toValue } from './tree.ts';
import { ITEMS_LIMITS, readTree } from './tree-reader.ts';

/** One row of a list of items. */
export interface Row {
  readonly value: Value;
  /** Costly for JSON; ask only to report a mistake. */
  place(): Place;
}

/** A list of rows, or named lists; null for a name whose value is no list. */
export type ItemSource =
  | { readonly kind: 'list'; readonly rows: readonly Row[] }
  | {
      readonly kind: 'groups';
      readonly groups: ReadonlyMap<string, readonly Row[] | null>;
      readonly place: Place;
    };

/** Reads an items file; null after adding a mistake. `named` is where the file is named. */
export async function readItemFile(
  path: string,
  named: Place,
  version: YamlVersion,
  reading: Reading,
): Promise<ItemSource | null> {
  if (/\.(?:jsonl|ndjson)$/i.test(path)) return jsonLines(path, named, reading);
  const read = await reading.files.read(path);
  if (read.kind !== 'text') {
    await reading.refuseFile('items file', path, read, named);
    return null;
  }
  const source = new SourceText(reading.shown(path), read.text);
  if (/\.csv$/i.test(path)) return csv(source, reading.mistakes);
  if (/\.json$/i.test(path)) return json(source, reading.mistakes);
  if (/\.ya?ml$/i.test(path)) return yaml(source, version, reading.mistakes);
  const fix = 'use a .yaml, .json, .jsonl or .csv file';
  reading.mistakes.add(named, `the kind of the items file '${path}' is not known`, fix);
  return null;
}

/** The rows or groups of a tree, as the configuration or an items file holds them. */
export function sourceOfTree(tree: Tree): ItemSource | null {
  if (tree.kind === 'list') return { kind: 'list', rows: rowsOfTree(tree.items) };
  if (tree.kind === 'scalar') return null;
  const groups = new Map<string, readonly Row[] | null>();
  for (const [key, entry] of tree.entries) {
    groups.set(key, entry.tree.kind === 'list' ? rowsOfTree(entry.tree.items) : null);
  }
  return { kind: 'groups', groups, place: placeOf(tree) };
}

function rowsOfTree(trees: readonly Tree[]): Row[] {
  return trees.map((tree) => ({ value: toValue(tree), place: () => placeOf(tree) }));
}

function yaml(source: SourceText, version: YamlVersion, mistakes: Mistakes): ItemSource | null {
  const before = mistakes.count;
  const tree = readTree(source, version, ITEMS_LIMITS, mistakes);
  if (mistakes.count > before) return null;
  const items = tree === null ? null : sourceOfTree(tree);
  if (items === null) noItems(source, mistakes);
  return items;
}

function json(source: SourceText, mistakes: Mistakes): ItemSource | null {
  if (source.text.trim() === '') return noItems(source, mistakes);
  let value: Value;
  try {
    value = parseJson(source.text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    mistakes.add(source.placeAt(error.offset), `the file is not JSON: ${error.message}`, 'correct the JSON');
    return null;
  }
  // The JSON reader keeps no places: to report one, the text is read once more, as the YAML it also is.
  let tree: Tree | null | undefined;
  const placeOfRow = (key: string | null, index: number): Place => {
    tree ??= readTree(source, '1.2', ITEMS_LIMITS, new Mistakes());
    const list = key === null ? tree : tree?.kind === 'map' ? tree.entries.get(key)?.tree : null;
    const row = list?.kind === 'list' ? list.items[index] : undefined;
    return row === undefined ? source.placeAt(0) : placeOf(row);
  };
  const rows = (list: PyList, key: string | null): Row[] =>
    listItems(list).map((item, index) => ({ value: item, place: () => placeOfRow(key, index) }));
  if (value instanceof PyList) return { kind: 'list', rows: rows(value, null) };
  if (!(value instanceof PyDict)) return noItems(source, mistakes);
  const groups = new Map<string, readonly Row[] | null>();
  for (const [key, group] of dictEntries(value)) {
    const name = String(key);
    groups.set(name, group instanceof PyList ? rows(group, name) : null);
  }
  return { kind: 'groups', groups, place: source.placeAt(0) };
}

function noItems(source: SourceText, mistakes: Mistakes): null {
  mistakes.add(source.placeAt(0), 'the file holds no items', 'write a list of items');
  return null;
}

// There may be a million of them: no closure each.
class LineRow implements Row {
  readonly value: Value;
  private readonly file: string;
  private readonly line: number;

  constructor(value: Value, file: string, line: number) {
    this.value = value;
    this.file = file;
    this.line = line;
  }

  place(): Place {
    return { file: this.file, line: this.line, column: 1 };
  }
}

async function jsonLines(path: string, named: Place, reading: Reading): Promise<ItemSource | null> {
  if (!(await reading.files.exists(path))) {
    const read = await reading.files.read(path);
    if (read.kind !== 'text') await reading.refuseFile('items file', path, read, named);
    return null;
  }
  const file = reading.shown(path);
  const rows: Row[] = [];
  let number = 0;
  let broken = 0;
  for await (const line of reading.files.lines(path)) {
    number++;
    if (line.trim() === '') continue;
    try {
      rows.push(new LineRow(parseJson(line), file, number));
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      const place = { file, line: number, column: error.column };
      reading.mistakes.add(
        place,
        `the line is not JSON: ${error.message}`,
        'write one JSON object in a line',
      );
      if (++broken >= MAX_BROKEN_ROWS) return null;
    }
  }
  return broken > 0 ? null : { kind: 'list', rows };
}

// A file of another kind would otherwise give a mistake for each of a million lines.
const MAX_BROKEN_ROWS = 20;

const JSON_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

function csv(source: SourceText, mistakes: Mistakes): ItemSource | null {
  const records = csvRecords(source, mistakes);
  if (records === null) return null;
  const [header, ...body] = records;
  if (header === undefined) return noItems(source, mistakes);
  for (const [i, name] of header.cells.entries()) {
    if (name === '' || header.cells.indexOf(name) !== i) {
      const what = name === '' ? `column ${i + 1} has no name` : `two columns are named '${name}'`;
      mistakes.add(header.place, what, 'name every column once in the first row');
      return null;
    }
  }
  const rows: Row[] = [];
  let ragged = 0;
  for (const { cells, place } of body) {
    if (cells.length !== header.cells.length) {
      const what = `the row has ${cells.length} cells; the first row names ${header.cells.length}`;
      mistakes.add(place, what, 'give every column a cell, and quote cells that hold a comma');
      if (++ragged >= MAX_BROKEN_ROWS) return null;
      continue;
    }
    const value = dictOf(header.cells.map((name, i) => [name, cellValue(cells[i]!)] as const));
    rows.push(new LineRow(value, place.file, place.line));
  }
  return ragged > 0 ? null : { kind: 'list', rows };
}

function cellValue(cell: string): Value {
  return JSON_NUMBER.test(cell) && Number.isFinite(Number(cell)) ? parseJson(cell) : cell;
}

interface CsvRecord {
  readonly cells: readonly string[];
  readonly place: Place & { readonly line: number };
}

function csvRecords(source: SourceText, mistakes: Mistakes): CsvRecord[] | null {
  try {
    const parsed = parseCsv(source.text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return parsed.map(({ record, info }) => {
      // `lines` counts to the record's end; cells with line breaks began earlier.
      const breaks = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      return { cells: record, place: { file: source.file, line: info.lines - breaks, column: 1 } };
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const lines = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1;
    const place = { file: source.file, line: lines, column: 1 };
    mistakes.add(
      place,
      `the file is not CSV: ${error.message.split('\n')[0] ?? ''}`,
      'check the quotes of this row',
    );
    return null;
  }
}
