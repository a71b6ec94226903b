// The action's inputs as values. Names what is wrong with each of them, all at once; reads nothing else.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readChoice, readCount, readDuration, usageError } from '../commands/arguments.ts';
import { type MaxCost, readMaxCost } from '../commands/ceiling.ts';
import type { FailOn } from '../commands/exit-code.ts';
import { checkPolicySource, isPath, policyText } from '../commands/policy-source.ts';
import { shownPath } from '../commands/shown-path.ts';
import { readFaultsText } from '../commands/simulator.ts';
import type { BaselineWish } from '../engine/events.ts';
import { MOST_SHARDS } from '../engine/shard.ts';
import { ConfigurationError, type Diagnostic } from '../pipeline/diagnostic.ts';
import type { Overrides } from '../pipeline/load.ts';
import { type Policy, STRICT_POLICY } from '../pipeline/policy.ts';
import { readPolicy } from '../pipeline/policy-file.ts';
import { MODES } from '../pipeline/resolve.ts';
import { isBranchName } from './branch-name.ts';
import { isGlob } from './glob.ts';
import { isRunId, type Job } from './job.ts';
import { rootOf } from './selection.ts';

const COMMANDS = ['run', 'submit', 'collect', 'plan', 'report', 'cancel'] as const;

export type ActionCommand = (typeof COMMANDS)[number];

/** When a pull request's comment is written. */
const COMMENTS = ['always', 'changes', 'failures', 'never'] as const;

export type CommentMode = (typeof COMMENTS)[number];

/** Where runs are kept between jobs; `folder` is where this job works on them. */
export type StatePlace =
  | { readonly kind: 'branch'; readonly branch: string; readonly folder: string }
  | { readonly kind: 'artifact'; readonly folder: string }
  | { readonly kind: 'folder'; readonly folder: string };

export interface ActionInputs {
  readonly command: ActionCommand;
  /** Paths and globs, relative to the working directory; empty only for `collect`, `report` and `cancel`: every run. */
  readonly pipelines: readonly string[];
  /** Id of a run, or its beginning; null: every run of `pipelines`. */
  readonly run: string | null;
  readonly overrides: Overrides;
  /** How long to wait for batches, in milliseconds. */
  readonly waitMs: number;
  /** How long a run may take from its creation, in milliseconds; null: for ever. */
  readonly deadlineMs: number | null;
  readonly failOn: FailOn;
  readonly baseline: BaselineWish;
  readonly comment: CommentMode;
  /** Whether a check run is made beside the commit status. */
  readonly check: boolean;
  readonly state: StatePlace;
  /** The part of the run that is this machine's; for `plan` only `of` counts. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  /** What speaks to GitHub; null outside of it. */
  readonly token: string | null;
  readonly faults: string;
  readonly maxCost: MaxCost;
  /** What pipelines may say about providers; null: anything. */
  readonly policy: Policy | null;
}

/** What of a job decides how its inputs are read. */
export type InputsJob = Pick<Job, 'isForeign' | 'defaultBranch' | 'askedRun'>;

/** Commands that go over the runs there are, of every pipeline when none is named. */
export const OVER_RUNS: readonly ActionCommand[] = ['collect', 'report', 'cancel'];

/**
 * Reads inputs by their names in action.yml; `get` gives '' for one that is not set. In a job about code of somebody
 * else there is a policy in any case. Throws a ConfigurationError with every mistake.
 */
export function readInputs(get: (name: string) => string, job: InputsJob): ActionInputs {
  const mistakes: Diagnostic[] = [];
  const refuse = (error: unknown, name: string): void => {
    if (!(error instanceof ConfigurationError)) throw error;
    mistakes.push(...error.diagnostics.map((diagnostic) => ({ ...diagnostic, file: `input ${name}` })));
  };
  /** The value of an input, or `otherwise` when it is not set or wrong. */
  function read<T, U>(name: string, otherwise: U, parse: (text: string) => T): T | U {
    const text = get(name).trim();
    if (text === '') return otherwise;
    try {
      return parse(text);
    } catch (error) {
      refuse(error, name);
      return otherwise;
    }
  }
  const text = (name: string) => read(name, null, (word) => word);
  const count = (name: string) => read(name, null, (word) => readCount(name, word, 1));

  const command = read('command', 'run' as const, (word) => readChoice('command', word, COMMANDS));
  const overRuns = OVER_RUNS.includes(command);
  const pipelines = read('pipeline', [], readLines);
  const run = read('run', null, (word) => readRun(word, overRuns));
  const asked = command === 'cancel' ? (run ?? job.askedRun) : run;
  try {
    if (pipelines.length === 0) needPipeline(command, overRuns, asked);
  } catch (error) {
    refuse(error, 'pipeline');
  }
  const ofPayer = read('policy', null, (word) => {
    if (job.isForeign) checkOrigin(word, pipelines);
    return isPath(word)
      ? readPolicy(policyText('input policy', word), shownPath(word))
      : readPolicy(word, 'input policy');
  });
  const branch = read('state-branch', STATE_BRANCH, (word) => readStateBranch(word, job));
  const token = text('token');
  const [provider, model, seed] = [text('provider'), text('model'), text('seed')];
  const mode = read('mode', null, (word) => readChoice('mode', word, MODES));
  const [repeat, maxUnits] = [count('repeat'), count('max-units')];
  const inputs: ActionInputs = {
    command,
    pipelines,
    run: asked,
    overrides: {
      ...(provider === null ? {} : { provider }),
      ...(model === null ? {} : { model }),
      ...(mode === null ? {} : { mode }),
      ...(seed === null ? {} : { seed }),
      ...(repeat === null ? {} : { repeat }),
      ...(maxUnits === null ? {} : { maxUnits }),
    },
    waitMs: command === 'submit' ? 0 : read('wait', command === 'run' ? DEFAULT_WAIT_MS : 0, readWait),
    deadlineMs: read('deadline', DEFAULT_DEADLINE_MS, readDeadline),
    failOn: read('fail-on', 'fail' as const, (word) =>
      readChoice('fail-on', word, ['fail', 'inconclusive', 'never']),
    ),
    baseline: read('baseline', { kind: 'event' } as const, readBaseline),
    comment: read('comment', 'always' as const, (word) => readChoice('comment', word, COMMENTS)),
    check: read('check', false, readCheck),
    state: placeOf(text('state') ?? 'branch', branch, token),
    shard: read('shard', null, (word) => readShard(word, command)),
    token,
    faults: read('simulator-faults', '', (word) => {
      readFaultsText(word);
      return word;
    }),
    maxCost: read('max-cost', { kind: 'unsaid' } as const, (word) => readMaxCost('max-cost', word)),
    policy: ofPayer ?? (job.isForeign ? STRICT_POLICY : null),
  };
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return inputs;
}

const STATE_BRANCH = 'octobatch-state';
const STATE_FOLDER = '.octobatch';
const DEFAULT_DEADLINE_MS = 72 * 3_600_000;

/** What is written in lines, one a line; lines that begin with # are remarks. */
function readLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

function needPipeline(command: ActionCommand, overRuns: boolean, run: string | null): void {
  if (command === 'cancel' && run === null) {
    const fix = 'give the id of a run as `run`, or the pipelines whose runs shall end as `pipeline`';
    throw usageError('pipeline', 'it is empty, and so is `run`: nothing says what to cancel', fix);
  }
  if (overRuns) return;
  throw usageError('pipeline', 'it is empty', 'give the folder of a pipeline, such as pipelines/sailor');
}

/** Lines with a pattern are taken for all that they could match. */
function checkOrigin(policy: string, lines: readonly string[]): void {
  const meant = lines.filter((line) => !line.startsWith('!'));
  const paths = lines.length === 0 ? ['.'] : meant.filter((line) => !isGlob(line));
  checkPolicySource('policy', policy, paths, meant.filter(isGlob).map(rootOf));
}

function readRun(text: string, overRuns: boolean): string {
  if (!overRuns) {
    const fix = 'leave it out, or use one of the commands collect, report and cancel';
    throw usageError('run', 'this command does not go over runs that are there', fix);
  }
  if (isRunId(text)) return text;
  const fix = 'give the id that the report shows, such as sailor-0a1b2c3d4e, or its beginning';
  throw usageError('run', `"${text}" is no id of a run`, fix);
}

function readStateBranch(text: string, { defaultBranch }: InputsJob): string {
  readBranch('state-branch', text);
  if (text !== defaultBranch) return text;
  const fix = `name a branch that holds nothing else, such as ${STATE_BRANCH}`;
  throw usageError('state-branch', `"${text}" is the branch of the code`, fix);
}

function readBranch(name: string, text: string): string {
  if (isBranchName(text)) return text;
  const fix = "write the branch's name as git shows it, such as main, without refs/heads/";
  throw usageError(name, `"${text}" is no name of a branch`, fix);
}

/** Without a token nothing can be written to a branch: the bundle was started outside of GitHub, and a folder is kept. */
function placeOf(word: string, branch: string, token: string | null): StatePlace {
  switch (word) {
    case 'branch':
      return token === null
        ? { kind: 'folder', folder: STATE_FOLDER }
        : { kind: 'branch', branch, folder: STATE_FOLDER };
    case 'artifact':
      return { kind: 'artifact', folder: STATE_FOLDER };
    default:
      return { kind: 'folder', folder: word };
  }
}

function readBaseline(text: string): BaselineWish {
  return text === 'none' ? { kind: 'none' } : { kind: 'branch', branch: readBranch('baseline', text) };
}

function readDeadline(text: string): number | null {
  if (text === 'none') return null;
  const ms = readDuration('deadline', text);
  if (ms > 0) return ms;
  throw usageError('deadline', 'every run would be over at once', 'write none for runs without a deadline');
}

function readCheck(text: string): boolean {
  return readChoice('check', text.toLowerCase(), ['true', 'false']) === 'true';
}

function readShard(text: string, command: ActionCommand): { index: number; of: number } {
  if (OVER_RUNS.includes(command)) {
    const fix = 'leave it out: what the shards have submitted is put together by the first `collect`';
    throw usageError('shard', `${command} has no shards`, fix);
  }
  const match = (command === 'plan' ? /^(?:(\d{1,3})\/)?(\d{1,3})$/ : /^(\d{1,3})\/(\d{1,3})$/).exec(text);
  const [index, of] = [Number(match?.[1] ?? 1), Number(match?.[2] ?? 0)];
  if (match !== null && index >= 1 && index <= of && of <= MOST_SHARDS) return { index, of };
  const fix =
    command === 'plan'
      ? `write the number of machines, 1 to ${MOST_SHARDS}`
      : `write its number and how many there are, 1/7 to 7/7 for seven machines; at most ${MOST_SHARDS}`;
  throw usageError('shard', `"${text}" is no shard`, fix);
}

const DEFAULT_WAIT_MS = 15 * 60_000;

function readWait(text: string): number {
  return readDuration('wait', text);
}

/** Makes `folder`, relative to the workspace, the place from which all paths count. Throws a ConfigurationError. */
export function enterFolder(workspace: string, folder: string): void {
  const path = resolve(workspace, folder === '' ? '.' : folder);
  if (!existsSync(path)) {
    throw usageError(
      'input working-directory',
      `there is no folder "${folder}"`,
      'check out the repository first',
    );
  }
  process.chdir(path);
}
