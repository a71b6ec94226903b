// The commands of the command line that read results once more: analyze, compare, export. They read words, call, print.
import type { Command } from 'commander';
import { exportUnits, formatExport, readExport } from '../commands/export.ts';
import { openResults, type ResultSource } from '../commands/result-source.ts';
import type { RunPlaceOptions } from '../compose.ts';

/** What the program around these commands does for them. */
export interface Program {
  /** Where runs are kept. */
  readonly root: string;
  readonly place: RunPlaceOptions;
  readonly end: (code: number) => void;
}

/** Adds the commands to the command line. */
export function registerAnalysis(command: Command, { root, place }: Program): void {
  command
    .command('export <run>')
    .description('hand the units of a run, or of a results.jsonl, to other programs')
    .option('--format <format>', 'csv, jsonl or parquet (default: as the file is named, else csv)')
    .option('--what <units>', 'results or failures', 'results')
    .option('--out <file>', 'the file, or - for the standard output', '-')
    .action(async (name: string, flags: { format?: string; what: string; out: string }) => {
      const request = readExport(flags);
      await reading(name, root, place, async (source) => {
        const count = await exportUnits(source, request, process.stdout);
        process.stderr.write(formatExport(count, request, source));
      });
    });
}

/** Opens results, reads them, and closes them whatever happens. */
async function reading<T>(
  name: string,
  root: string,
  place: RunPlaceOptions,
  read: (source: ResultSource) => Promise<T>,
): Promise<T> {
  const source = await openResults(name, root, place);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}
