// The flags that several commands of the command line share, and what they mean. It does nothing with them.
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import {
  type OverrideFlags,
  readChoice,
  readOverrides,
  readRange,
  usageError,
} from '../commands/arguments.ts';
import { readMaxCost } from '../commands/ceiling.ts';
import type { FailOn } from '../commands/exit-code.ts';
import { policyText } from '../commands/policy-source.ts';
import { readRunName } from '../commands/run-names.ts';
import type { StartRequest } from '../commands/run-pipeline.ts';
import { readShard } from '../commands/shards-plan.ts';
import { shownPath } from '../commands/shown-path.ts';
import { readFaultsText } from '../commands/simulator.ts';
import { readUnitsFile } from '../commands/units-file.ts';
import type { RunPlaceOptions } from '../compose.ts';

/** Where runs are kept unless something else is said. */
export const ROOT = '.octobatch';

/** What generators there are, for people. */
export const RNG_HELP = "generator of the draws: tychei, arc4, or python for CPython's own";
const MAX_COST_HELP = 'US dollars the run may cost, or none; a pipeline can only lower it';

/** What a command needs of the process; tests start real processes instead of replacing it. */
export interface Shell {
  readonly signal: AbortSignal;
  readonly place: RunPlaceOptions;
}

/** The flags of a run, as words. */
export interface RunFlags extends OverrideFlags {
  readonly runDir?: string;
  readonly policy?: string;
  readonly maxCost?: string;
  readonly from?: string;
  readonly shard?: string;
  readonly name?: string;
  readonly unitsFile?: string;
  readonly baseline?: string;
  readonly wait?: string;
  readonly failOn: string;
  readonly simulatorFaults: string;
  readonly simulatorLatency: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags that stand above the pipeline's own word. */
export function withOverrides(command: Command): Command {
  return command
    .option('--provider <name>', 'who answers the model steps, instead of what the pipeline says')
    .option('--model <name>', 'model for the model steps')
    .option('--mode <mode>', 'how models are asked: batch or realtime')
    .option('--policy <file>', 'hold the pipeline to this policy, as for code of others')
    .option('--seed <seed>', 'seed of the random streams')
    .option('--rng <name>', RNG_HELP)
    .option('--repeat <n>', 'repetitions of each item')
    .option('--max-units <n>', 'simulate at most this many units');
}

/** The flags of a run, or of looking at one. */
export function withRunFlags(command: Command): Command {
  return withOverrides(command)
    .option('--run-dir <folder>', `keep the run in this folder (default: one below ${ROOT}/runs)`)
    .option(
      '--fail-on <what>',
      'exit 1 when a gate fails (fail), when one is undecided too (inconclusive), or never',
      'fail',
    )
    .option('--from <run>', 'with --provider replay: the recorded run that answers')
    .option('--simulator-faults <shares>', 'faults of invented answers, e.g. malformed=0.05,missing=0.01', '')
    .option('--simulator-latency <range>', 'how long simulated batches take, e.g. 150ms-600ms', '150ms-600ms')
    .option('--json', 'print the report as JSON')
    .option('--quiet', 'no progress');
}

/** The ceiling of the cost. */
export function withMaxCost(command: Command): Command {
  return command.option('--max-cost <usd>', MAX_COST_HELP);
}

/** The run that this one is held against. */
export function withBaseline(command: Command): Command {
  return command.option('--baseline <run>', 'hold the result against another run, by id or folder');
}

/** The part of a run that is worked on here. */
export function withShard(command: Command): Command {
  return command.option('--shard <i/n>', 'only this part of the run, such as 2/7; collect merges the parts');
}

/** The name of a run. */
export function withName(command: Command): Command {
  return command.option('--name <name>', 'what the run is called beside its id; each name is used once');
}

/** The only units that are run. */
export function withUnits(command: Command): Command {
  return command.option(
    '--units-file <file>',
    'only the units of this list, one id a line; - reads them from standard input',
  );
}

/** The units that the flags choose. Throws a ConfigurationError. */
export async function chosenUnits({
  unitsFile,
}: Pick<RunFlags, 'unitsFile'>): Promise<Pick<StartRequest, 'units'>> {
  return unitsFile === undefined ? {} : { units: await readUnitsFile(unitsFile) };
}

/** What the flags ask for. Throws a ConfigurationError. */
export function startRequest(pipeline: string, flags: RunFlags): StartRequest {
  if (!existsSync(pipeline)) {
    throw usageError(
      pipeline === '' ? 'pipeline' : pipeline,
      'there is no such folder',
      'give the folder of a pipeline',
    );
  }
  if (flags.runDir === '') throw usageError('--run-dir', 'it has no name', 'name a folder, or leave it out');
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
    name: flags.name === undefined ? null : readRunName('--name', flags.name),
    shard: flags.shard === undefined ? null : readShard('--shard', flags.shard),
  };
}

/** How runs are opened when a policy may have been named. */
export async function placeOptions(
  { place }: Pick<Shell, 'place'>,
  { policy }: { readonly policy?: string },
): Promise<RunPlaceOptions> {
  if (policy === undefined) return place;
  const text = policyText('--policy', policy);
  const { readPolicy } = await import('../pipeline/policy-file.ts');
  return { ...place, policy: readPolicy(text, shownPath(policy)) };
}

/** When gates turn a run red. */
export function readFailOn(text: string): FailOn {
  return readChoice('--fail-on', text, ['fail', 'inconclusive', 'never']);
}
