// Hands the units of a run, or of a results file, to other programs: as CSV, JSON lines or Parquet. It reads them twice where
// columns must be known first, and holds one chunk of rows.
import type { Writable } from 'node:stream';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import type { UnitRecord } from '../analysis/record.ts';
import { parquetBytes } from '../compose.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { csvHeader, csvRow, MOST_COLUMNS } from '../report/csv.ts';
import { ColumnSurvey, cellsOf, type ExportColumn, type Exported, rowOf } from '../report/export.ts';
import { failureLine, resultLine } from '../report/results.ts';
import { readChoice, usageError } from './arguments.ts';
import { writeExport } from './export-target.ts';
import type { ResultSource } from './result-source.ts';

const FORMATS = ['csv', 'jsonl', 'parquet'] as const;

/** What is written, and where: a path, or `-`. */
export interface ExportRequest {
  readonly what: Exported;
  readonly format: (typeof FORMATS)[number];
  readonly out: string;
}

/** Reads the flags; without a format the end of the file's name says it, and otherwise it is CSV. */
export function readExport(flags: {
  readonly what: string;
  readonly format?: string;
  readonly out: string;
  readonly to?: string;
}): ExportRequest {
  if (flags.to !== undefined)
    throw usageError(
      '--to',
      'only a run directory is written to a folder',
      'add --format octobatch, or use --out',
    );
  const what = readChoice('--what', flags.what, ['results', 'failures']);
  const said = flags.format ?? FORMATS.find((format) => flags.out.endsWith(`.${format}`)) ?? 'csv';
  return { what, format: readChoice('--format', said, FORMATS), out: flags.out };
}

/** Writes the units in canonical order, and gives how many they are. */
export async function exportUnits(
  source: ResultSource,
  { what, format, out }: ExportRequest,
  output: Writable & { readonly isTTY?: boolean },
): Promise<number> {
  if (format === 'parquet' && out === '-' && output.isTTY === true) {
    throw usageError('--out', 'Parquet is nothing for a screen', 'name a file with --out, or a pipe');
  }
  let count = 0;
  async function* wanted(): AsyncGenerator<UnitRecord> {
    count = 0;
    for await (const records of source.records())
      for (const record of records) {
        if ((record.kind === 'valid') !== (what === 'results')) continue;
        count++;
        yield record;
      }
  }
  const survey = async (): Promise<readonly ExportColumn[]> => {
    const found = new ColumnSurvey();
    for await (const record of wanted()) found.add(rowOf(record));
    if (found.isCut) {
      const what = `its units have more than ${formatCount(MOST_COLUMNS)} fields, too many for a table`;
      throw usageError(source.name, what, 'use --format jsonl');
    }
    return found.columns();
  };
  async function* lines(): AsyncGenerator<string> {
    for await (const record of wanted())
      yield `${record.kind === 'valid' ? resultLine(record) : failureLine(record)}\n`;
  }
  async function* table(): AsyncGenerator<string> {
    const names = (await survey()).map(({ name }) => name);
    yield csvHeader(names);
    for await (const record of wanted()) yield csvRow(names, rowOf(record));
  }
  async function* parquet(): AsyncGenerator<Uint8Array> {
    const columns = await survey();
    const stored = columns.map(
      ({ name, type }) => ({ name, type: type === 'json' ? 'text' : type }) as const,
    );
    async function* rows() {
      for await (const record of wanted()) yield cellsOf(columns, rowOf(record));
    }
    yield* parquetBytes(stored, rows(), `octobatch ${ENGINE_VERSION}`);
  }
  await writeExport(out, { csv: table, jsonl: lines, parquet }[format](), output);
  return count;
}

/** What was written, in a line. */
export function formatExport(count: number, { what, out }: ExportRequest, source: ResultSource): string {
  const { inFlight } = source.accounting;
  const which = what === 'results' ? 'valid' : 'failed';
  const where = out === '-' ? '' : ` in ${out}`;
  const later = inFlight === 0 ? '' : `; ${formatUnits(inFlight)} not finished yet`;
  return `${formatUnits(count).replace(' ', ` ${which} `)}${where}${later}\n`;
}
