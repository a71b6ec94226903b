#!/usr/bin/env node
// The command line: reads words, calls a command, prints what it gives, and ends with its exit code.
import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerOperations } from './cli/operations.ts';
import {
  type OverrideFlags,
  readChoice,
  readCount,
  readDrawFlags,
  readDuration,
  readOverrides,
  readRange,
  usageError,
} from './commands/arguments.ts';
import { readMaxCost } from './commands/ceiling.ts';
import { createEvaluator, evaluateExpression } from './commands/evaluate.ts';
import { EXIT, exitCodeOf, type FailOn, worstExit } from './commands/exit-code.ts';
import { answerLines } from './commands/json-lines.ts';
import { type Outcome, workAndPublish } from './commands/outcome.ts';
import { planCost, planPipeline } from './commands/plan.ts';
import { formatPlan, formatWarnings } from './commands/plan-text.ts';
import { readPolicyFile } from './commands/policy-source.ts';
import { createProgress } from './commands/progress.ts';
import { formatPrompt, renderUnitPrompt } from './commands/render.ts';
import { createRenderer } from './commands/render-lines.ts';
import { borrowRun, continueRun, startRun } from './commands/run-pipeline.ts';
import { findRun, findRuns, listRuns } from './commands/runs.ts';
import { shownPath } from './commands/shown-path.ts';
import { readFaultsText, serveSimulator } from './commands/simulator.ts';
import { describeRun, listUnfinished } from './commands/status.ts';
import { formatStatus } from './commands/status-text.ts';
import { describeTrouble } from './commands/trouble.ts';
import { workerEntry } from './commands/worker-entry.ts';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from './compose.ts';
import { ENGINE_VERSION } from './engine/version.ts';
import { parsePlainJson } from './expression/plain-json.ts';
import { formatDiagnostic } from './pipeline/diagnostic.ts';
import { jsonSchema } from './pipeline/schema.ts';
import { logText } from './report/escape.ts';
import { toJson } from './report/json.ts';
import { toTerminal } from './report/terminal.ts';

/** How reports tell a reader to call this program again. */
const LAUNCHER = 'node dist/cli/index.js';

/** Where runs are kept unless something else is said. */
const ROOT = '.octobatch';

const RNG_HELP = "generator of the draws: tychei, arc4, or python for CPython's own";
const MAX_COST_HELP = 'US dollars the run may cost, or none; a pipeline can only lower it';
const JSONL_HELP = 'answer JSON lines from standard input, one line each';

interface EvalFlags extends OverrideFlags {
  readonly context: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

/** What a command needs of the process; tests start real processes instead of replacing it. */
interface Shell {
  readonly signal: AbortSignal;
  readonly place: RunPlaceOptions;
}

interface SimulatorFlags {
  readonly dir: string;
  readonly port: string;
  readonly faults: string;
  readonly latency: string;
  readonly scenario?: string;
}

interface RunFlags extends OverrideFlags {
  readonly runDir?: string;
  readonly policy?: string;
  readonly maxCost?: string;
  readonly from?: string;
  readonly wait?: string;
  readonly failOn: string;
  readonly simulatorFaults: string;
  readonly simulatorLatency: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

interface RenderFlags extends RunFlags {
  readonly step?: string;
  readonly unit?: string;
  readonly jsonl?: boolean;
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
      .option('--mode <mode>', 'how models are asked: batch or realtime')
      .option('--policy <file>', 'hold the pipeline to this policy, as for code of others')
      .option('--seed <seed>', 'seed of the random streams')
      .option('--rng <name>', RNG_HELP)
      .option('--repeat <n>', 'repetitions of each item')
      .option('--max-units <n>', 'simulate at most this many units');
  const withRunFlags = (command: Command): Command =>
    withOverrides(command)
      .option('--run-dir <folder>', `keep the run in this folder (default: one below ${ROOT}/runs)`)
      .option('--fail-on <what>', 'exit 1 when a gate is: fail, inconclusive or never', 'fail')
      .option('--from <run>', 'with --provider replay: the recorded run that answers')
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

  const withMaxCost = (command: Command): Command => command.option('--max-cost <usd>', MAX_COST_HELP);

  withMaxCost(withRunFlags(program.command('run <pipeline>')))
    .description('start the run of a pipeline folder, or go on with it, until it is finished')
    .option('--wait <time>', 'wait at most so long for batches, e.g. 30m; then the run is pending (exit 4)')
    .action(async (pipeline: string, flags: RunFlags) => {
      const waitMs = flags.wait === undefined ? null : readDuration('--wait', flags.wait);
      end(await runOne(shell, pipeline, flags, waitMs));
    });

  withMaxCost(withRunFlags(program.command('submit <pipeline>')))
    .description('start the run, send what can be sent, and leave; collect goes on later')
    .action(async (pipeline: string, flags: RunFlags) => {
      end(await runOne(shell, pipeline, flags, 0));
    });

  withMaxCost(program.command('collect [runs...]'))
    .description('go on with runs by id or folder; without any, with all that are unfinished')
    .option('--wait <time>', 'wait at most so long for batches', '0')
    .option('--policy <file>', 'hold the runs to this policy, as for code of others')
    .option('--fail-on <what>', 'exit 1 when a gate is: fail, inconclusive or never', 'fail')
    .option('--json', 'print the reports as JSON, one per line')
    .option('--quiet', 'no progress')
    .action(async (names: string[], flags: RunFlags) => {
      const folders =
        names.length > 0 ? await findRuns(ROOT, names) : await listUnfinished(ROOT, shell.place);
      if (folders.length === 0) process.stdout.write('There is no unfinished run.\n');
      const codes: number[] = [];
      const options = placeOptions(shell, flags);
      const maxCost = readMaxCost('--max-cost', flags.maxCost ?? '');
      const waitMs = readDuration('--wait', flags.wait ?? '0');
      for (const folder of folders) {
        try {
          const place = await continueRun(folder, options, maxCost);
          codes.push(await finish(shell, place, flags, waitMs));
        } catch (error) {
          // What is wrong with one run keeps none of the others from their turn.
          codes.push(explain(error));
        }
      }
      end(worstExit(codes));
    });

  program
    .command('status [runs...]')
    .description('tell where runs stand')
    .option('--json', 'print JSON, one run per line')
    .action(async (names: string[], flags: { json?: boolean }) => {
      for (const folder of names.length > 0 ? await findRuns(ROOT, names) : await listRuns(ROOT)) {
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

  withMaxCost(withOverrides(program.command('plan <pipeline>')))
    .description('check a pipeline and tell what a run would do and may cost; sends nothing')
    .option('--json', 'print JSON')
    .action(async (pipeline: string, flags: RunFlags) => {
      const maxCost = readMaxCost('--max-cost', flags.maxCost ?? '');
      const plan = await planCost(pipeline, readOverrides(flags), placeOptions(shell, flags), maxCost);
      process.stderr.write(formatWarnings(plan));
      process.stdout.write(flags.json ? `${JSON.stringify(plan)}\n` : formatPlan(plan));
    });

  program
    .command('validate <pipelines...>')
    .description('check pipeline folders; every mistake and doubt is one line with its place and the fix')
    .action(async (pipelines: string[]) => {
      const codes: number[] = [];
      for (const pipeline of pipelines) {
        try {
          const plan = await planPipeline(pipeline, {});
          process.stderr.write(formatWarnings(plan));
          process.stdout.write(`${pipeline}: valid, ${plan.steps.length} steps, ${plan.units} units\n`);
        } catch (error) {
          codes.push(explain(error));
        }
      }
      end(worstExit(codes));
    });

  program
    .command('eval [expression]')
    .description('evaluate an expression of the pipeline language')
    .option('--context <json>', 'the names it sees, as a JSON object', '{}')
    .option('--seed <seed>', 'seed of its random draws', '0')
    .option('--rng <name>', RNG_HELP)
    .option('--json', 'print {"value", "repr"}')
    .option('--jsonl', `${JSONL_HELP}: {"expr", "context"?, "seed"?, "rng"?}`)
    .action(async (expression: string | undefined, flags: EvalFlags) => {
      const draws = readDrawFlags(flags);
      if (readLinesOr('an expression', expression, flags)) return answerStdin(shell, createEvaluator(draws));
      const form = flags.json ? 'json' : 'repr';
      process.stdout.write(`${evaluateExpression(expression ?? '', flags.context, draws, form)}\n`);
    });

  withRunFlags(program.command('render [pipeline]'))
    .description("print a unit's prompt")
    .option('--step <name>', 'the model step (default: the first)')
    .option('--unit <id>', "the unit's id or number (default: the first)")
    .option('--jsonl', `${JSONL_HELP}: {"template", "context"?, "templates"?, "seed"?, "rng"?}`)
    .action(async (pipeline: string | undefined, flags: RenderFlags) => {
      if (readLinesOr('a pipeline', pipeline, flags))
        return answerStdin(shell, createRenderer(readDrawFlags(flags)));
      const place = await borrowRun(startRequest(pipeline ?? '', flags), placeOptions(shell, flags));
      try {
        const found = await renderUnitPrompt(place, { step: flags.step ?? null, unit: flags.unit ?? null });
        process.stdout.write(flags.json ? `${JSON.stringify(found)}\n` : formatPrompt(found));
      } finally {
        await place.close();
      }
    });

  registerOperations(program, {
    ...shell,
    root: ROOT,
    end,
    finish: (place, flags, waitMs, only) => finish(shell, place, flags, waitMs, only),
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
  return program;
}

/** True for lines, false for the one thing that is named; exactly one of both must be asked for. */
function readLinesOr(
  noun: string,
  named: string | undefined,
  { jsonl = false }: { jsonl?: boolean },
): boolean {
  if (jsonl === (named === undefined)) return jsonl;
  throw usageError('--jsonl', `give ${noun} or --jsonl, one of both`, 'see --help');
}

function answerStdin(shell: Shell, answer: (line: string) => string): Promise<void> {
  return answerLines(process.stdin, process.stdout, answer, shell.signal);
}

async function runOne(
  shell: Shell,
  pipeline: string,
  flags: RunFlags,
  waitMs: number | null,
): Promise<number> {
  readFailOn(flags.failOn);
  const { place, isNew } = await startRun(startRequest(pipeline, flags), placeOptions(shell, flags));
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
  if (flags.json) stdout.write(`${JSON.stringify(parsePlainJson(toJson(report)))}\n`);
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
    throw usageError(pipeline, 'there is no such folder', 'give the folder of a pipeline');
  }
  readFaultsText(flags.simulatorFaults);
  return {
    pipeline: shownPath(pipeline),
    overrides: readOverrides(flags),
    root: ROOT,
    runDirectory: flags.runDir ?? null,
    faults: flags.simulatorFaults,
    latency: readRange('--simulator-latency', flags.simulatorLatency),
    maxCost: readMaxCost('--max-cost', flags.maxCost ?? ''),
    from: flags.from ?? null,
  };
}

/** How runs are opened when a policy may have been named. */
function placeOptions({ place }: Shell, { policy }: { readonly policy?: string }): RunPlaceOptions {
  return policy === undefined ? place : { ...place, policy: readPolicyFile('--policy', policy) };
}

function readFailOn(text: string): FailOn {
  return readChoice('--fail-on', text, ['fail', 'inconclusive', 'never']);
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
