// Writes the files that have a line for each unit: results.jsonl, failures.jsonl and results.csv, in one pass over the
// records, which whoever analyses them sees on their way. It judges nothing.
import type { UnitRecord } from '../analysis/record.ts';
import type { Publisher } from '../ports/publisher.ts';
import { csvColumns, csvHeader, csvRow, MOST_COLUMNS } from '../report/csv.ts';
import { failureLine, resultLine } from '../report/results.ts';
import type { RunContext } from './perform-context.ts';
import { readRecordBunches } from './perform-results.ts';
import { TextRelay } from './text-relay.ts';

/** Valid units whose fields name the columns of the table; one that has others has it written anew. */
const COLUMNS_AFTER = 200;

/** Writes the files; `seen` gets every finished unit once, in canonical order. */
export async function writeUnitFiles(
  context: RunContext,
  publisher: Publisher,
  seen: (record: UnitRecord) => void,
): Promise<void> {
  const [results, failures, rows] = [new TextRelay(), new TextRelay(), new TextRelay()];
  const table = new TableWriter(rows);
  const add = (record: UnitRecord): void => {
    seen(record);
    if (record.kind === 'failed') {
      failures.write(`${failureLine(record)}\n`);
      return;
    }
    results.write(`${resultLine(record)}\n`);
    table.add(record);
  };
  const relays = [results, failures, rows];
  const publish = (name: string, relay: TextRelay): Promise<void> =>
    publisher.file(name, relay.chunks()).finally(() => relay.leave());
  await allOf([
    publish('results.jsonl', results),
    publish('failures.jsonl', failures),
    publish('results.csv', rows),
    pass(context, relays, add, () => table.end()),
  ]);
  if (table.isWhole) return;
  await publisher.file('results.csv', tableOf(context, table.columns()));
}

async function pass(
  context: RunContext,
  relays: readonly TextRelay[],
  add: (record: UnitRecord) => void,
  atEnd: () => void,
): Promise<void> {
  try {
    for await (const records of readRecordBunches(context)) {
      for (const record of records) add(record);
      for (const relay of relays) if (relay.isFull) await relay.drained();
    }
    atEnd();
    for (const relay of relays) relay.end();
  } catch (error) {
    for (const relay of relays) relay.end({ error });
    throw error;
  }
}

/** Waits for all of them to end, so that nothing goes on behind somebody's back; throws the first failure. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(work);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

type Row = Parameters<typeof csvRow>[1];

/** Rows of the table as they come, under the columns of the first units. */
class TableWriter {
  private readonly rows: TextRelay;
  private readonly fields = new Set<string>();
  private first: Row[] | null = [];
  private header: readonly string[] = [];
  /** False: a unit had fields that have no column. */
  isWhole = true;

  constructor(rows: TextRelay) {
    this.rows = rows;
  }

  add(row: Row): void {
    const { size } = this.fields;
    if (size <= 2 * MOST_COLUMNS) for (const name of row.fields.keys()) this.fields.add(name);
    if (this.first === null) {
      if (this.fields.size > size) this.isWhole = false;
      if (this.isWhole) this.rows.write(csvRow(this.header, row));
    } else if (this.first.push(row) === COLUMNS_AFTER) this.begin();
  }

  end(): void {
    if (this.first !== null) this.begin();
  }

  columns(): readonly string[] {
    return csvColumns(this.fields);
  }

  private begin(): void {
    this.header = this.columns();
    this.rows.write(csvHeader(this.header));
    for (const row of this.first ?? []) this.rows.write(csvRow(this.header, row));
    this.first = null;
  }
}

/** The table from the beginning, when its columns are known. */
async function* tableOf(context: RunContext, columns: readonly string[]): AsyncGenerator<string> {
  yield csvHeader(columns);
  for await (const records of readRecordBunches(context))
    for (const record of records) if (record.kind === 'valid') yield csvRow(columns, record);
}
