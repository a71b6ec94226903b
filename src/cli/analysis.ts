// The commands of the command line that read results once more: analyze, compare, export. They read words, call, print.
import type { Command } from 'commander';
import { ANALYSIS_FORMATS, analyseResults, formatAnalysis } from '../commands/analyze.ts';
import { type AnalyzeFlags, readWanted } from '../commands/analyze-flags.ts';
import { readChoice } from '../commands/arguments.ts';
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
    .command('analyze <run>')
    .description('estimate from the results of a run, or of a results.jsonl, what its report does not show')
    .option('--group-by <field>', 'one line for each value of this field')
    .option('--count <field>', 'how often each value occurs; may be repeated', collect, [])
    .option('--net <values>', 'net per unit, e.g. win=1,lose=-1, or outcome:win=1,lose=-1', collect, [])
    .option('--numeric <field>', 'mean, median and spread of a number; may be repeated', collect, [])
    .option('--quantile <field:share>', 'a quantile, e.g. steps:0.9', collect, [])
    .option('--stat <name=expr>', 'an expression over the lists of values, e.g. top=max(steps)', collect, [])
    .option('--format <format>', 'table, csv or json', 'table')
    .option('--json', 'the same as --format json')
    .action(async (name: string, flags: AnalyzeFlags & { format: string; json?: boolean }) => {
      const format = flags.json ? 'json' : readChoice('--format', flags.format, ANALYSIS_FORMATS);
      const analysis = await reading(name, root, place, (source) =>
        analyseResults(source, readWanted(flags, source.pipeline.report)),
      );
      process.stdout.write(formatAnalysis(analysis, format, screenOf(process.stdout)));
    });

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

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function screenOf(stdout: NodeJS.WriteStream): { readonly color: boolean; readonly width: number } {
  const color = stdout.isTTY === true && process.env.NO_COLOR === undefined;
  return { color, width: stdout.columns ?? 80 };
}
