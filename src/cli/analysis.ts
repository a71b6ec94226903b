// The commands of the command line that read results once more: analyze, compare, export. They read words, call, print.
import type { Command } from 'commander';
import { ANALYSIS_FORMATS, analyseResults, formatAnalysis } from '../commands/analyze.ts';
import { type AnalyzeFlags, readWanted } from '../commands/analyze-flags.ts';
import { readChoice } from '../commands/arguments.ts';
import { compareResults, exitCodeOfComparison, formatRunComparison } from '../commands/compare.ts';
import { exportUnits, formatExport, readExport } from '../commands/export.ts';
import { exportOctobatch, formatOctobatch } from '../commands/export-octobatch.ts';
import { openResults, type ResultSource } from '../commands/result-source.ts';
import type { RunPlaceOptions } from '../compose.ts';
import { screenData } from '../report/escape.ts';
import { readFailOn } from './flags.ts';

interface CompareFlags {
  readonly outcome: readonly string[];
  readonly metric: readonly string[];
  readonly units?: boolean;
  readonly paired?: boolean;
  readonly failOn: string;
  readonly json?: boolean;
}

/** What the program around these commands does for them. */
export interface Program {
  /** Where runs are kept. */
  readonly root: string;
  readonly place: RunPlaceOptions;
  readonly end: (code: number) => void;
}

/** Adds the commands to the command line. */
export function registerAnalysis(command: Command, { root, place, end }: Program): void {
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
      const analyse = (source: ResultSource) =>
        analyseResults(source, readWanted(flags, source.pipeline.report));
      const { count, numeric, stat } = flags;
      const isPlain = count.length + numeric.length > 0 && stat.length === 0;
      const analysis = await reading(name, root, place, analyse, isPlain);
      const text = formatAnalysis(analysis, format, screenOf(process.stdout));
      const isData = format !== 'table' && process.stdout.isTTY === true;
      process.stdout.write(isData ? screenData(text) : text);
    });

  command
    .command('compare <base> <run>')
    .description('hold a run against another one, or a results.jsonl: what changed, and how sure that is')
    .option('--outcome <field>', 'compare how often its values occur; may be repeated', collect, [])
    .option('--metric <field>', 'compare the mean of a number; may be repeated', collect, [])
    .option('--units', 'list the units that differ')
    .option('--paired', 'refuse when the units of the two are not the same')
    .option(
      '--fail-on <what>',
      'exit 1 when a gate on a change fails (fail), when one is undecided too (inconclusive), or never',
      'fail',
    )
    .option('--json', 'print JSON')
    .action(async (baseName: string, headName: string, flags: CompareFlags) => {
      const failOn = readFailOn(flags.failOn);
      const { outcome: outcomes, metric: metrics, units = false, paired = false } = flags;
      await reading(baseName, root, place, (base) =>
        reading(headName, root, place, async (head) => {
          const compared = await compareResults(base, head, { outcomes, metrics, units, paired });
          process.stdout.write(
            flags.json
              ? `${JSON.stringify(compared)}\n`
              : formatRunComparison(compared, screenOf(process.stdout)),
          );
          end(exitCodeOfComparison(compared, head, failOn));
        }),
      );
    });

  command
    .command('export <run>')
    .description('hand the units of a run, or of a results.jsonl, to other programs')
    .option('--format <format>', 'csv, jsonl, parquet or octobatch (default: as the file is named, else csv)')
    .option('--what <units>', 'results or failures', 'results')
    .option('--out <file>', 'the file, or - for the standard output', '-')
    .option(
      '--to <folder>',
      "with --format octobatch: the run directory that is made, for Octobatch's own scripts",
    )
    .action(async (name: string, flags: { format?: string; what: string; out: string; to?: string }) => {
      if (flags.format === 'octobatch')
        return reading(name, root, place, async (source) => {
          const written = await exportOctobatch(source, flags.to);
          process.stderr.write(formatOctobatch(written, flags.to ?? ''));
        });
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
  isPlain = false,
): Promise<T> {
  const source = await openResults(name, root, place, isPlain);
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
