// The commands of the command line for runs that exist: retry, cancel, watch, revalidate. They read words, call, print.
import type { Command } from 'commander';
import { readDuration, usageError } from '../commands/arguments.ts';
import { formatKept, requestCancel } from '../commands/cancel.ts';
import { readMaxCost } from '../commands/ceiling.ts';
import { EXIT, type FailOn } from '../commands/exit-code.ts';
import { screenOf } from '../commands/live-screen.ts';
import { formatRetry, retryUnits } from '../commands/retry.ts';
import { compareRuns, formatComparison, startRevalidation } from '../commands/revalidate.ts';
import { continueRun } from '../commands/run-pipeline.ts';
import { findRun, listRuns } from '../commands/runs.ts';
import { describeRun } from '../commands/status.ts';
import { findLively, watchRun } from '../commands/watch.ts';
import { closingOnFailure, openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import { openRun } from '../engine/tick.ts';
import { placeOptions } from './flags.ts';

interface FinishFlags {
  readonly failOn: FailOn | string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

interface Flags extends FinishFlags {
  readonly wait: string;
  readonly policy?: string;
  readonly maxCost?: string;
}

interface RetryFlags extends Flags {
  readonly step?: string;
  readonly kind?: string;
}

/** What the program around these commands does for them. */
export interface Program {
  /** Where runs are kept. */
  readonly root: string;
  readonly signal: AbortSignal;
  readonly place: RunPlaceOptions;
  readonly end: (code: number) => void;
  /** Works on an opened run or only reports it, prints its report, closes it, and gives the exit code. */
  readonly finish: (
    place: RunPlace,
    flags: FinishFlags,
    waitMs: number | null,
    only?: 'report' | 'work',
  ) => Promise<number>;
}

/** Adds the commands to the command line. */
export function registerOperations(command: Command, program: Program): void {
  const { root, end, finish } = program;
  const withFinish = (one: Command, failOn: string): Command =>
    one
      .option(
        '--fail-on <what>',
        'exit 1 when a gate fails (fail), when one is undecided too (inconclusive), or never',
        failOn,
      )
      .option('--json', 'print the report as JSON')
      .option('--quiet', 'no progress');
  const withWork = (one: Command, wait: string): Command =>
    withFinish(one, 'fail')
      .option('--wait <time>', 'wait at most so long for batches', wait)
      .option('--max-cost <usd>', 'US dollars the run may cost, or none; a pipeline can only lower it')
      .option('--policy <file>', 'hold the run to this policy, as for code of others');

  withWork(command.command('retry <run>'), '0')
    .description('try failed units again, one attempt more, then go on like collect')
    .option('--step <name>', 'only those that failed at this step')
    .option('--kind <kind>', 'only failures of this kind, e.g. transport')
    .action(async (name: string, flags: RetryFlags) => {
      // A finished run has no ceiling to move: it is put back to work first.
      const isOpen = await retryRun(program, await findRun(root, name), flags);
      const place = await openToWork(program, name, flags);
      end(await finish(place, flags, readDuration('--wait', flags.wait), isOpen ? 'work' : 'report'));
    });

  withWork(command.command('cancel <run>'), '10m')
    .description('end a run: cancel what is at a provider, keep what was answered, report it')
    .action(async (name: string, flags: Flags) => {
      const place = await openToWork(program, name, flags);
      const result = await closingOnFailure(place, async () => {
        return requestCancel((await openRun(place.ports)).context);
      });
      if (result === 'finished') process.stderr.write('The run is finished already: nothing to cancel.\n');
      const code = await finish(place, flags, readDuration('--wait', flags.wait));
      if (result !== 'finished') {
        process.stderr.write(formatKept(await describeRun(place.directory, program.place)));
      }
      end(code);
    });

  withFinish(command.command('watch [run]'), 'fail')
    .description('show how a run moves until it is finished; another process may do the work')
    .action(async (name: string | undefined, flags: FinishFlags) => {
      const folder =
        name === undefined
          ? await findLively(await listRuns(root), program.place)
          : await findRun(root, name);
      if (folder === null) throw usageError('run', 'there is no run yet', 'start one with `run`');
      const how = await watchRun(
        folder,
        screenOf(process.stdout, process.env),
        program.place,
        program.signal,
      );
      if (how === 'interrupted') return end(EXIT.pending);
      const place = openRunPlace(folder, program.place);
      end(await finish(place, { ...flags, quiet: true }, null, 'report'));
    });

  withFinish(command.command('revalidate <run>'), 'fail')
    .description("judge a run's recorded answers by its pipeline as it is now; asks no model, costs nothing")
    .option('--pipeline <folder>', 'the pipeline, when it is not where the run was made from')
    .option('--run-dir <folder>', 'keep the new run in this folder')
    .action(async (name: string, flags: FinishFlags & { pipeline?: string; runDir?: string }) => {
      const recorded = await findRun(root, name);
      const { pipeline = null, runDir: runDirectory = null } = flags;
      const place = await startRevalidation({ recorded, pipeline, root, runDirectory }, program.place);
      const code = await finish(place, flags, null);
      const comparison = await compareRuns(recorded, place.directory, program.place);
      process.stdout.write(
        flags.json ? `${JSON.stringify(comparison)}\n` : `\n${formatComparison(comparison)}`,
      );
      end(code);
    });
}

/** Puts failed units back to work and says how many; false: there is nothing to do. */
async function retryRun(program: Program, folder: string, flags: RetryFlags): Promise<boolean> {
  const place = openRunPlace(folder, { ...program.place, workerEntry: null });
  try {
    const { context } = await openRun(place.ports);
    const count = await retryUnits(context, { step: flags.step ?? null, kind: flags.kind ?? null });
    process.stderr.write(formatRetry(count));
    return count.retried > 0 || count.goesOn;
  } finally {
    await place.close();
  }
}

async function openToWork({ root, place }: Program, name: string, flags: Flags): Promise<RunPlace> {
  const options = await placeOptions({ place }, flags);
  return continueRun(await findRun(root, name), options, readMaxCost('--max-cost', flags.maxCost ?? ''));
}
