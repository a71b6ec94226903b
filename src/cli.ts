#!/usr/bin/env node
// The command line: reads words, calls a command, prints what it gives, and ends with its exit code.
import { Command, CommanderError, Help, type Option } from 'commander';
import { registerAnalysis } from './cli/analysis.ts';
import { registerAuthoring } from './cli/authoring.ts';
import { registerControl } from './cli/control.ts';
import {
  chosenUnits,
  placeOptions,
  ROOT,
  type RunFlags,
  readFailOn,
  type Shell,
  startRequest,
  withBaseline,
  withMaxCost,
  withName,
  withRunFlags,
  withShard,
  withUnits,
} from './cli/flags.ts';
import { tellCommands } from './cli/help.ts';
import { registerOperations } from './cli/operations.ts';
import { registerStart } from './cli/start.ts';
import { readCount, readDuration, readRange } from './commands/arguments.ts';
import { readMaxCost } from './commands/ceiling.ts';
import { EXIT, exitCodeOf, worstExit } from './commands/exit-code.ts';
import { screenOf } from './commands/live-screen.ts';
import { findBaseline, readLocalBase, viewAgainst } from './commands/local-base.ts';
import { reportSet } from './commands/merge-runs.ts';
import { type Outcome, workAndPublish } from './commands/outcome.ts';
import { createProgress } from './commands/progress.ts';
import { isSet } from './commands/result-set.ts';
import { continueRun, type StartRequest, startRun } from './commands/run-pipeline.ts';
import { findRun, findRuns, listRuns } from './commands/runs.ts';
import { collectAll, exitCodeOfPart, formatShardNote } from './commands/shards.ts';
import { shownPath } from './commands/shown-path.ts';
import { serveSimulator } from './commands/simulator.ts';
import { describeRuns, withoutMerged } from './commands/status.ts';
import { formatStatus } from './commands/status-text.ts';
import { describeTrouble } from './commands/trouble.ts';
import { workerEntry } from './commands/worker-entry.ts';
import { openRunPlace, type RunPlace } from './compose.ts';
import { submitShard } from './engine/perform-shard.ts';
import { ENGINE_VERSION } from './engine/version.ts';
import { parsePlainJson } from './expression/plain-json.ts';
import { formatDiagnostic } from './pipeline/diagnostic.ts';
import { logText } from './report/escape.ts';
import { toJson } from './report/json.ts';
import type { Report } from './report/report.ts';
import { toTerminal } from './report/terminal.ts';

/** How reports tell a reader to call this program again. */
const LAUNCHER = 'node dist/cli/index.js';

/** Runs that a quiet collect goes on with at the same time. */
const COLLECTED_AT_ONCE = 8;

interface SimulatorFlags {
  readonly dir: string;
  readonly port: string;
  readonly faults: string;
  readonly latency: string;
  readonly scenario?: string;
}

function buildProgram(shell: Shell, end: (code: number) => void): Command {
  const program = new Command('octobatch');
  program
    .description('Seeded simulations and LLM batch pipelines, with a verdict that can be trusted.')
    .version(ENGINE_VERSION)
    .exitOverride()
    .option('--no-color', 'no colours, as with the variable NO_COLOR')
    .hook('preAction', () => {
      if (program.opts<{ color: boolean }>().color === false) process.env.NO_COLOR = '1';
    })
    .configureHelp({ sortSubcommands: false, optionDescription: describeOption });

  withBaseline(withUnits(withName(withShard(withMaxCost(withRunFlags(program.command('run <pipeline>')))))))
    .description('start the run of a pipeline folder, or go on with it, until it is finished')
    .option('--wait <time>', 'wait at most so long for batches, e.g. 30m; then the run is pending (exit 4)')
    .action(async (pipeline: string, flags: RunFlags) => {
      const waitMs = flags.wait === undefined ? null : readDuration('--wait', flags.wait);
      end(await runOne(shell, pipeline, flags, waitMs));
    });

  withUnits(withName(withShard(withMaxCost(withRunFlags(program.command('submit <pipeline>'))))))
    .description('start the run, send what can be sent, and leave; collect goes on later')
    .action(async (pipeline: string, flags: RunFlags) => {
      end(await runOne(shell, pipeline, flags, 0));
    });

  withMaxCost(program.command('collect [runs...]'))
    .description('go on with runs by id or folder; without any, with all that are unfinished')
    .option('--wait <time>', 'wait at most so long for batches', '0')
    .option('--policy <file>', 'hold the runs to this policy, as for code of others')
    .option(
      '--fail-on <what>',
      'exit 1 when a gate fails (fail), when one is undecided too (inconclusive), or never',
      'fail',
    )
    .option('--json', 'print the reports as JSON, one per line')
    .option('--quiet', 'no progress')
    .action(async (names: string[], flags: RunFlags) => {
      const options = await placeOptions(shell, flags);
      const maxCost = readMaxCost('--max-cost', flags.maxCost ?? '');
      const waitMs = readDuration('--wait', flags.wait ?? '0');
      const goOn = async (folder: string): Promise<number> => {
        try {
          return await finish(shell, await continueRun(folder, options, maxCost), flags, waitMs);
        } catch (error) {
          // What is wrong with one run keeps none of the others from their turn.
          return explain(error);
        }
      };
      const codes: number[] = [];
      if (names.length > 0) for (const folder of await findRuns(ROOT, names)) codes.push(await goOn(folder));
      else
        codes.push(
          ...(await collectAll(
            ROOT,
            shell.place,
            goOn,
            (line) => void process.stderr.write(`${line}\n`),
            // The progress of several runs at once would be nobody's.
            flags.quiet === true ? COLLECTED_AT_ONCE : 1,
          )),
        );
      if (codes.length === 0) process.stdout.write('There is no unfinished run.\n');
      end(worstExit(codes));
    });

  program
    .command('status [runs...]')
    .description('tell where runs stand')
    .option('--json', 'print JSON, one run per line')
    .action(async (names: string[], flags: { json?: boolean }) => {
      const folders = names.length > 0 ? await findRuns(ROOT, names) : await listRuns(ROOT);
      const { runs, unreadable } = await describeRuns(folders, shell.place);
      for (const status of names.length > 0 ? runs : withoutMerged(runs))
        process.stdout.write(flags.json ? `${JSON.stringify(status)}\n` : formatStatus(status));
      end(worstExit(unreadable.map(({ error }) => explain(error))));
    });

  withBaseline(program.command('report <run>'))
    .description('write the report of a run again, from what is there')
    .option(
      '--fail-on <what>',
      'exit 1 when a gate fails (fail), when one is undecided too (inconclusive), or never',
      'never',
    )
    .option('--json', 'print the report as JSON')
    .action(async (name: string, flags: RunFlags) => {
      if (isSet(ROOT, name)) {
        const report = await reportSet(ROOT, name);
        printReport(report, flags);
        return end(exitCodeOf(report, readFailOn(flags.failOn)));
      }
      const baseline = await readBaseline(shell, flags);
      const place = openRunPlace(await findRun(ROOT, name), shell.place);
      end(await finish(shell, place, { ...flags, quiet: true }, null, 'report', baseline));
    });

  registerStart(program, shell, { end });
  registerAuthoring(program, shell, { end, explain });
  registerAnalysis(program, { root: ROOT, place: shell.place, end });
  registerControl(program, {
    ...{ root: ROOT, place: shell.place, end, explain },
    publish: (place) => publishQuietly(shell, place),
  });
  registerOperations(program, {
    ...shell,
    root: ROOT,
    end,
    finish: (place, flags, waitMs, only) => finish(shell, place, flags, waitMs, only),
  });

  program
    .command('simulator')
    .description('serve the batch services of the simulated provider until stopped')
    .requiredOption('--dir <folder>', 'where its state is kept')
    .option('--port <n>', 'port on 127.0.0.1; 0: any free one', '0')
    .option('--faults <shares>', 'e.g. malformed=0.05,missing=0.01', '')
    .option('--latency <range>', 'how long batches take', '150ms-600ms')
    .option('--scenario <file>', 'what goes wrong and when, as YAML; see examples/scenarios')
    .action(async (flags: SimulatorFlags) => {
      const request = {
        directory: flags.dir,
        port: readCount('--port', flags.port, 0),
        faults: flags.faults,
        latency: readRange('--latency', flags.latency),
        scenario: flags.scenario ?? null,
      };
      await serveSimulator(request, shell.signal, (url) => process.stdout.write(`${url}\n`));
    });
  tellCommands(program);
  return program;
}

/** An option in the help text. Nothing, as a default, is no news. */
function describeOption(option: Option): string {
  const isEmpty =
    option.defaultValue === '' || (Array.isArray(option.defaultValue) && option.defaultValue.length === 0);
  return isEmpty ? option.description : new Help().optionDescription(option);
}

async function runOne(
  shell: Shell,
  pipeline: string,
  flags: RunFlags,
  waitMs: number | null,
): Promise<number> {
  readFailOn(flags.failOn);
  const baseline = await readBaseline(shell, flags);
  const request: StartRequest = {
    ...startRequest(pipeline, flags),
    ...(await chosenUnits(flags)),
    ...(baseline === null
      ? {}
      : { base: (now) => readLocalBase(baseline, { now, nonce: null }, shell.place) }),
  };
  const { place, isNew } = await startRun(request, await placeOptions(shell, flags));
  if (!isNew && flags.quiet !== true) {
    process.stderr.write('The content of this run is unchanged: going on with what exists.\n');
  }
  return finish(shell, place, flags, waitMs, 'work', baseline);
}

/** The folder of the run that `--baseline` names; null: none. It must be there before anything is paid for. */
async function readBaseline({ place }: Shell, { baseline }: RunFlags): Promise<string | null> {
  return baseline === undefined ? null : findBaseline(ROOT, baseline, place);
}

/** Works on an opened run, prints its report, closes it, and gives the exit code. */
async function finish(
  shell: Shell,
  place: RunPlace,
  flags: Pick<RunFlags, 'failOn' | 'json' | 'quiet'>,
  waitMs: number | null,
  only: 'report' | 'work' = 'work',
  baseline: string | null = null,
): Promise<number> {
  const failOn = readFailOn(flags.failOn);
  const { stderr, stdout } = process;
  const progress = createProgress(screenOf(stderr, process.env), place.ports);
  let outcome: Outcome;
  try {
    outcome = await workAndPublish(place, {
      waitMs,
      signal: shell.signal,
      seen: flags.quiet === true ? () => {} : (state) => progress.seen(state),
      began: flags.quiet === true ? () => {} : (entry) => progress.began(entry),
      launcher: LAUNCHER,
      shownDirectory: shownPath(place.directory),
      only,
      again: true,
      ...(baseline === null ? {} : { view: viewAgainst(place, baseline, shell.place) }),
    });
    const mayMerge = only === 'work' && outcome.state.shard !== null;
    if (mayMerge && !shell.signal.aborted) await submitShard(place.ports.journal, place.ports.clock);
  } finally {
    progress.stop();
    await place.close();
  }
  const { report, state } = outcome;
  printReport(report, flags);
  if (!flags.json)
    stdout.write(
      `Files: ${logText(shownPath(place.directory), 400)}/ (results.jsonl, results.csv, failures.jsonl, report.html, report.md, report.json${report.postProcess === undefined ? '' : ', outputs/'})\n`,
    );
  stderr.write(formatShardNote(report, state.shard));
  return exitCodeOfPart(report, state.shard, failOn);
}

function printReport(report: Report, { json }: { readonly json?: boolean }): void {
  const { stdout } = process;
  const color = stdout.isTTY === true && process.env.NO_COLOR === undefined;
  stdout.write(
    json
      ? `${JSON.stringify(parsePlainJson(toJson(report)))}\n`
      : toTerminal(report, { color, width: stdout.columns ?? 80 }),
  );
}

/** Writes the files of a run again, from what is there. */
async function publishQuietly({ signal }: Shell, place: RunPlace): Promise<void> {
  const how = { waitMs: null, signal, seen: () => {}, launcher: LAUNCHER, only: 'report' } as const;
  await workAndPublish(place, { ...how, shownDirectory: shownPath(place.directory) });
}

/** Prints an error the way its kind deserves, and gives its exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const trouble = describeTrouble(error);
  switch (trouble.kind) {
    case 'configuration':
      for (const diagnostic of trouble.diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
      return EXIT.usage;
    case 'run':
      process.stderr.write(`${logText(trouble.message, 1000)}\n`);
      return EXIT.usage;
    case 'system':
      process.stderr.write(`${logText(trouble.message, 1000)}\n`);
      return EXIT.error;
    case 'bug':
      process.stderr.write(
        `This is a bug in octobatch. Please report it with the lines below.\n${trouble.stack}\n`,
      );
      return EXIT.error;
    default:
      return trouble satisfies never;
  }
}

/** Runs the command line in this process. */
async function main(): Promise<void> {
  const stop = new AbortController();
  let interrupts = 0;
  const interrupt = (): void => {
    interrupts++;
    stop.abort();
    // The second time the person means it: the journal is whole at every moment.
    if (interrupts > 1) process.exit(EXIT.pending);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  // Whoever reads the output may stop early, as `head` does: nothing more is to be said then.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? EXIT.ok);
  });
  let code: number = EXIT.ok;
  const shell: Shell = {
    signal: stop.signal,
    place: {
      workerEntry: workerEntry(import.meta.url),
      simulatorUrl: process.env.OCTOBATCH_SIMULATOR_URL ?? null,
      environment: process.env,
    },
  };
  try {
    await buildProgram(shell, (value) => {
      code = value;
    }).parseAsync(process.argv);
  } catch (error) {
    code = explain(error);
  }
  process.exitCode = code;
}

await main();
