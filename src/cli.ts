#!/usr/bin/env node
// The command line: reads words, calls a command, prints what it gives, and ends with its exit code.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { Command, CommanderError } from 'commander';
import { readChoice, readCount, readDuration } from './commands/arguments.ts';
import { evaluateExpression } from './commands/evaluate.ts';
import { EXIT, exitCodeOf, type FailOn, worstExit } from './commands/exit-code.ts';
import { type Outcome, workAndPublish } from './commands/outcome.ts';
import { formatPlan, planPipeline } from './commands/plan.ts';
import { createProgress } from './commands/progress.ts';
import { renderUnitPrompt } from './commands/render.ts';
import { borrowRun, startRun } from './commands/run-pipeline.ts';
import { findRun, listRuns } from './commands/runs.ts';
import { readFaultsText, serveSimulator } from './commands/simulator.ts';
import { describeRun, formatStatus } from './commands/status.ts';
import { describeTrouble } from './commands/trouble.ts';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from './compose.ts';
import { ENGINE_VERSION } from './engine/version.ts';
import { ConfigurationError, formatDiagnostic } from './pipeline/diagnostic.ts';
import type { Overrides } from './pipeline/load.ts';
import { jsonSchema } from './pipeline/schema.ts';
import { logText } from './report/escape.ts';
import { toJson } from './report/json.ts';
import { toTerminal } from './report/terminal.ts';

/** How reports tell a reader to call this program again. */
const LAUNCHER = 'node dist/cli/index.js';

/** Where runs are kept unless something else is said. */
const ROOT = '.octobatch';

/** What a command needs of the process; tests start real processes instead of replacing it. */
interface Shell {
  readonly signal: AbortSignal;
  readonly place: RunPlaceOptions;
}

interface RunFlags {
  readonly provider?: string;
  readonly model?: string;
  readonly seed?: string;
  readonly repeat?: string;
  readonly maxUnits?: string;
  readonly runDir?: string;
  readonly wait?: string;
  readonly failOn: string;
  readonly simulatorFaults: string;
  readonly simulatorLatency: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

function buildProgram(shell: Shell, end: (code: number) => void): Command {
  const program = new Command('octobatch');
  program
    .description('Seeded simulations and LLM batch pipelines, with a verdict that can be trusted.')
    .version(ENGINE_VERSION)
    .exitOverride()
    .configureHelp({ sortSubcommands: false });

  const withOverrides = (command: Command): Command =>
    command
      .option('--provider <name>', 'who answers the model steps, instead of what the pipeline says')
      .option('--model <name>', 'model for the model steps')
      .option('--seed <seed>', 'seed of the random streams')
      .option('--repeat <n>', 'repetitions of each item')
      .option('--max-units <n>', 'simulate at most this many units');
  const withRunFlags = (command: Command): Command =>
    withOverrides(command)
      .option('--run-dir <folder>', `keep the run in this folder (default: one below ${ROOT}/runs)`)
      .option('--fail-on <what>', 'exit 1 when a gate is: fail, inconclusive or never', 'fail')
      .option(
        '--simulator-faults <shares>',
        'faults of invented answers, e.g. malformed=0.05,missing=0.01',
        '',
      )
      .option(
        '--simulator-latency <range>',
        'how long simulated batches take, e.g. 150ms-600ms',
        '150ms-600ms',
      )
      .option('--json', 'print the report as JSON')
      .option('--quiet', 'no progress');

  withRunFlags(program.command('run <pipeline>'))
    .description('start the run of a pipeline folder, or go on with it, until it is finished')
    .option('--wait <time>', 'wait at most so long for batches, e.g. 30m; then the run is pending (exit 4)')
    .action(async (pipeline: string, flags: RunFlags) => {
      const waitMs = flags.wait === undefined ? null : readDuration('--wait', flags.wait);
      end(await runOne(shell, pipeline, flags, waitMs));
    });

  withRunFlags(program.command('submit <pipeline>'))
    .description('start the run, send what can be sent, and leave; collect goes on later')
    .action(async (pipeline: string, flags: RunFlags) => {
      end(await runOne(shell, pipeline, flags, 0));
    });

  program
    .command('collect [runs...]')
    .description('go on with runs by id or folder; without any, with all that are unfinished')
    .option('--wait <time>', 'wait at most so long for batches', '0')
    .option('--fail-on <what>', 'exit 1 when a gate is: fail, inconclusive or never', 'fail')
    .option('--json', 'print the reports as JSON, one per line')
    .option('--quiet', 'no progress')
    .action(async (names: string[], flags: RunFlags) => {
      const folders = names.length > 0 ? await findAll(names) : await unfinishedRuns(shell);
      if (folders.length === 0) process.stdout.write('There is no unfinished run.\n');
      const codes: number[] = [];
      for (const folder of folders) {
        const place = openRunPlace(folder, shell.place);
        codes.push(await finish(shell, place, flags, readDuration('--wait', flags.wait ?? '0')));
      }
      end(worstExit(codes));
    });

  program
    .command('status [runs...]')
    .description('tell where runs stand')
    .option('--json', 'print JSON, one run per line')
    .action(async (names: string[], flags: { json?: boolean }) => {
      for (const folder of names.length > 0 ? await findAll(names) : await listRuns(ROOT)) {
        const status = await describeRun(folder, shell.place);
        process.stdout.write(flags.json ? `${JSON.stringify(status)}\n` : formatStatus(status));
      }
    });

  program
    .command('report <run>')
    .description('write the report of a run again, from what is there')
    .option('--fail-on <what>', 'exit 1 when a gate is: fail, inconclusive or never', 'never')
    .option('--json', 'print the report as JSON')
    .action(async (name: string, flags: RunFlags) => {
      const place = openRunPlace(await findRun(ROOT, name), shell.place);
      end(await finish(shell, place, { ...flags, quiet: true }, null, 'report'));
    });

  withOverrides(program.command('plan <pipeline>'))
    .description('check a pipeline and count what a run would do; sends nothing')
    .option('--json', 'print JSON')
    .action(async (pipeline: string, flags: RunFlags) => {
      const plan = await planPipeline(pipeline, readOverrides(flags));
      process.stdout.write(flags.json ? `${JSON.stringify(plan)}\n` : formatPlan(plan));
    });

  program
    .command('validate <pipelines...>')
    .description('check pipeline folders; every mistake is one line with its place and the fix')
    .action(async (pipelines: string[]) => {
      const codes: number[] = [];
      for (const pipeline of pipelines) {
        try {
          const plan = await planPipeline(pipeline, {});
          process.stdout.write(`${pipeline}: valid, ${plan.steps.length} steps, ${plan.units} units\n`);
        } catch (error) {
          codes.push(explain(error));
        }
      }
      end(worstExit(codes));
    });

  program
    .command('eval <expression>')
    .description('evaluate an expression of the pipeline language')
    .option('--context <json>', 'the names it sees, as a JSON object', '{}')
    .option('--seed <seed>', 'seed of its random draws', '0')
    .option('--json', 'print {"value", "repr"}')
    .action((expression: string, flags: { context: string; seed: string; json?: boolean }) => {
      const form = flags.json ? 'json' : 'repr';
      process.stdout.write(`${evaluateExpression(expression, flags.context, flags.seed, form)}\n`);
    });

  withRunFlags(program.command('render <pipeline>'))
    .description("print a unit's prompt")
    .option('--step <name>', 'the model step (default: the first)')
    .option('--unit <id>', "the unit's id or number (default: the first)")
    .action(async (pipeline: string, flags: RunFlags & { step?: string; unit?: string }) => {
      const place = await borrowRun(startRequest(pipeline, flags), shell.place);
      try {
        const choice = { step: flags.step ?? null, unit: flags.unit ?? null };
        const found = await renderUnitPrompt(place, choice);
        if (flags.json) process.stdout.write(`${JSON.stringify(found)}\n`);
        else {
          const system = found.system === null ? '' : `[system]\n${found.system}\n[user]\n`;
          process.stdout.write(`${system}${found.prompt}${found.prompt.endsWith('\n') ? '' : '\n'}`);
        }
      } finally {
        await place.close();
      }
    });

  program
    .command('schema')
    .description('print the JSON Schema of pipeline.yaml, for editors')
    .action(() => {
      process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    });

  program
    .command('simulator')
    .description('serve the batch services of the simulated provider until stopped')
    .requiredOption('--dir <folder>', 'where its state is kept')
    .option('--port <n>', 'port on 127.0.0.1; 0: any free one', '0')
    .option('--faults <shares>', 'e.g. malformed=0.05,missing=0.01', '')
    .option('--latency <range>', 'how long batches take', '150ms-600ms')
    .action(async (flags: { dir: string; port: string; faults: string; latency: string }) => {
      const request = {
        directory: flags.dir,
        port: readCount('--port', flags.port, 0),
        faults: flags.faults,
        latency: readRange('--latency', flags.latency),
      };
      await serveSimulator(request, shell.signal, (url) => process.stdout.write(`${url}\n`));
    });
  return program;
}

async function runOne(
  shell: Shell,
  pipeline: string,
  flags: RunFlags,
  waitMs: number | null,
): Promise<number> {
  readFailOn(flags.failOn);
  const { place, isNew } = await startRun(startRequest(pipeline, flags), shell.place);
  if (!isNew && flags.quiet !== true) {
    process.stderr.write('The content of this run is unchanged: going on with what exists.\n');
  }
  return finish(shell, place, flags, waitMs);
}

/** Works on an opened run, prints its report, closes it, and gives the exit code. */
async function finish(
  shell: Shell,
  place: RunPlace,
  flags: Pick<RunFlags, 'failOn' | 'json' | 'quiet'>,
  waitMs: number | null,
  only: 'report' | 'work' = 'work',
): Promise<number> {
  const failOn = readFailOn(flags.failOn);
  const { stderr, stdout } = process;
  const progress = createProgress({
    write: (text) => void stderr.write(text),
    isTerminal: stderr.isTTY === true,
    color: stderr.isTTY === true && process.env.NO_COLOR === undefined,
    columns: stderr.columns ?? 80,
  });
  let outcome: Outcome;
  try {
    outcome = await workAndPublish(place, {
      waitMs,
      signal: shell.signal,
      seen: flags.quiet === true ? () => {} : (state) => progress.seen(state),
      launcher: LAUNCHER,
      shownDirectory: shownPath(place.directory),
      only,
    });
  } finally {
    progress.stop();
    await place.close();
  }
  const { report } = outcome;
  if (flags.json) stdout.write(`${JSON.stringify(JSON.parse(toJson(report)))}\n`);
  else {
    const color = stdout.isTTY === true && process.env.NO_COLOR === undefined;
    stdout.write(toTerminal(report, { color, width: stdout.columns ?? 80 }));
    stdout.write(
      `Files: ${shownPath(place.directory)}/ (results.jsonl, results.csv, failures.jsonl, report.md, report.json)\n`,
    );
  }
  return exitCodeOf(report, failOn);
}

function startRequest(pipeline: string, flags: RunFlags): Parameters<typeof startRun>[0] {
  if (!existsSync(pipeline)) {
    throw new ConfigurationError([
      {
        file: pipeline,
        line: null,
        column: null,
        what: 'there is no such folder',
        fix: 'give the folder of a pipeline',
      },
    ]);
  }
  readFaultsText(flags.simulatorFaults);
  return {
    pipeline: shownPath(pipeline),
    overrides: readOverrides(flags),
    root: ROOT,
    runDirectory: flags.runDir ?? null,
    faults: flags.simulatorFaults,
    latency: readRange('--simulator-latency', flags.simulatorLatency),
  };
}

function readFailOn(text: string): FailOn {
  return readChoice('--fail-on', text, ['fail', 'inconclusive', 'never']);
}

function readOverrides(flags: Partial<RunFlags>): Overrides {
  return {
    ...(flags.provider === undefined ? {} : { provider: flags.provider }),
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.repeat === undefined ? {} : { repeat: readCount('--repeat', flags.repeat, 1) }),
    ...(flags.maxUnits === undefined ? {} : { maxUnits: readCount('--max-units', flags.maxUnits, 1) }),
  };
}

function readRange(name: string, text: string): { minMs: number; maxMs: number } {
  const [min, max] = text.split('-');
  const minMs = readDuration(name, min ?? '');
  return { minMs, maxMs: Math.max(minMs, readDuration(name, max ?? min ?? '')) };
}

/** A path as a reader of the report can use it: relative when it lies below the working directory. */
function shownPath(path: string): string {
  const near = relative(process.cwd(), path).replaceAll('\\', '/');
  return near === '' ? '.' : near.startsWith('..') ? path : near;
}

async function findAll(names: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const name of names) folders.push(await findRun(ROOT, name));
  return folders;
}

async function unfinishedRuns(shell: Shell): Promise<string[]> {
  const folders: string[] = [];
  for (const folder of await listRuns(ROOT)) {
    if ((await describeRun(folder, shell.place)).state === 'open') folders.push(folder);
  }
  return folders;
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
  let code: number = EXIT.ok;
  const shell: Shell = {
    signal: stop.signal,
    place: { workerEntry: workerEntry(), simulatorUrl: process.env.OCTOBATCH_SIMULATOR_URL ?? null },
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

/** The compiled worker: beside the command line in a build, in a folder of its own in the bundle. */
function workerEntry(): URL | null {
  const places = ['./worker.js', '../worker/index.js'].map((path) => new URL(path, import.meta.url));
  return places.find((url) => existsSync(url)) ?? null;
}

await main();
