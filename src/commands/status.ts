// Tells where a run stands: what waits for what since when, and what it has cost. It reads the journal, and the last
// report only for why the run is paused; it moves nothing.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accounting, StepAccount } from '../analysis/accounting.ts';
import { usdText } from '../analysis/money.ts';
import { formatCount } from '../analysis/numbers.ts';
import type { RunError } from '../analysis/verdict.ts';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import { accountFor } from '../engine/account.ts';
import { budgetOf } from '../engine/budget.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { isPostProcessOpen } from '../engine/perform-post-process.ts';
import { formatShard, wholeRunId } from '../engine/shard.ts';
import { JournalError, type OpenBatch, queueName, type RunState } from '../engine/state.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import type { Mode } from '../pipeline/pipeline.ts';
import type { Report } from '../report/report.ts';
import { formatSince } from './ages.ts';
import { listRuns } from './runs.ts';

/** A batch that is not settled yet. `says` tells its standing in words; it may quote a provider. */
export interface BatchStatus {
  readonly key: string;
  readonly step: string;
  readonly provider: string;
  readonly model: string;
  readonly mode: Mode;
  readonly requests: number;
  readonly phase: OpenBatch['phase']['kind'];
  /** When it was submitted, or when it came into the phase it is in; null: the journal does not say. */
  readonly since: string | null;
  readonly ageMs: number | null;
  /** Why its end was asked for: it is too old, or the run is cancelled; null: it was not. */
  readonly endAsked: 'age' | 'run' | null;
  /** Its id at the provider, once it has one. */
  readonly providerBatch: string | null;
  /** The most it and its retries can cost, in US dollars. */
  readonly reserved: string;
  readonly says: string;
}

/** Units that wait at a step for work to begin. */
export interface WaitingStatus {
  readonly step: string;
  readonly units: number;
  /** Of them, those that were tried before. */
  readonly retries: number;
  readonly says: string;
}

/** A step's books with money as text, so that they can be written as JSON. */
export interface StepStatus extends Omit<StepAccount, 'firstCost' | 'retryCost' | 'uncertain'> {
  /** Of first attempts and of the others; null: a price is not known. */
  readonly firstCost: string | null;
  readonly retryCost: string | null;
  readonly uncertain: string;
}

/** One run's standing. Times are ISO texts in UTC, money is US dollars as decimal text. */
export interface RunStatus {
  readonly run: string;
  readonly directory: string;
  readonly pipeline: string;
  readonly state: 'finished' | 'open';
  /** The part (such as `2/7`) of the run `of` that this one is, and whether that goes on in its place; null: it is no part. */
  readonly shard: { readonly part: string; readonly of: string; readonly merged: boolean } | null;
  /** Which wave (from 1) a run is at that may end early, and how many units it has at the most; null: it is no such run. */
  readonly wave: { readonly number: number; readonly most: number; readonly isLast: boolean } | null;
  /** Its end is or was wanted before its time. */
  readonly canceled: boolean;
  /** Id of the run whose answers it uses again, or null. */
  readonly replays: string | null;
  readonly started: string;
  readonly lastEvent: string;
  readonly accounting: Omit<Accounting, 'steps'> & { readonly steps: readonly StepStatus[] };
  readonly money: {
    /** Null: a price is not known. */
    readonly spent: string | null;
    /** The most that requests without an answer may have cost beside it. */
    readonly uncertain: string;
    readonly reserved: string;
    readonly cap: string | null;
  };
  /** Why nothing goes on until a person does something, as the process said that worked on it last; or null. */
  readonly paused: RunError | null;
  readonly batches: readonly BatchStatus[];
  readonly waiting: readonly WaitingStatus[];
}

/** What the journal does not tell. */
export interface StatusOptions {
  readonly directory: string;
  readonly now: number;
  /** Owners of claims that certainly do not run any more. */
  readonly finishedOwners: ReadonlySet<string>;
  readonly paused: RunError | null;
}

/** Reads a run's status; throws a JournalError when there is no run. */
export async function describeRun(directory: string, options: RunPlaceOptions): Promise<RunStatus> {
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  try {
    const { clock, owners } = place.ports;
    const state = await stateIn(directory, place);
    const finishedOwners = await findFinishedOwners(state, owners.isFinished);
    const paused = await readPause(directory, state);
    return describeState(state, { directory, now: clock.now(), finishedOwners, paused });
  } finally {
    await place.close();
  }
}

/** The state of a run by its journal, and the time. Throws a JournalError when there is no run. */
export async function readRunState(
  directory: string,
  options: RunPlaceOptions,
): Promise<{ readonly state: RunState; readonly now: number }> {
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  try {
    return { state: await stateIn(directory, place), now: place.ports.clock.now() };
  } finally {
    await place.close();
  }
}

async function stateIn(directory: string, { ports }: RunPlace): Promise<RunState> {
  const state = foldJournal((await ports.journal.read()).events);
  if (state === null) throw new JournalError(`There is no run in ${directory}.`);
  return state;
}

/** A run's status at a moment. */
export function describeState(state: RunState, options: StatusOptions): RunStatus {
  const { known, unpriced, uncertain, reserved } = budgetOf(state);
  return {
    run: state.run,
    directory: options.directory,
    pipeline: state.settings.source,
    state: state.finished ? 'finished' : 'open',
    shard: describeShard(state),
    wave: describeWave(state),
    canceled: state.canceling,
    replays: state.settings.replays,
    started: isoTime(state.createdAt),
    lastEvent: isoTime(state.lastEventAt),
    accounting: describeAccounts(accountFor(state)),
    money: {
      spent: unpriced ? null : usdText(known),
      uncertain: usdText(uncertain),
      reserved: usdText(reserved),
      cap: state.cap === null ? null : usdText(state.cap),
    },
    paused: options.paused,
    batches: [...state.batches.values()].map((batch) => describeBatch(state, batch, options)),
    waiting: describeWaiting(state, options.now),
  };
}

function describeShard(state: RunState): RunStatus['shard'] {
  if (state.shard === null) return null;
  return { part: formatShard(state.shard), of: wholeRunId(state), merged: state.shard.merged };
}

function describeWave({ waves, units }: RunState): RunStatus['wave'] {
  if (waves === null) return null;
  return { number: waves.looks.length + (waves.isOver ? 0 : 1), most: units, isLast: waves.isOver };
}

function describeAccounts(accounting: Accounting): RunStatus['accounting'] {
  const steps = accounting.steps.map((step) => ({
    ...step,
    firstCost: step.firstCost === null ? null : usdText(step.firstCost),
    retryCost: step.retryCost === null ? null : usdText(step.retryCost),
    uncertain: usdText(step.uncertain),
  }));
  return { ...accounting, steps };
}

/** Without the shards that are told of as the run that they are a part of. */
export function withoutMerged(runs: readonly RunStatus[]): readonly RunStatus[] {
  const known = new Set(runs.map(({ run }) => run));
  return runs.filter(({ shard }) => !(shard?.merged && known.has(shard.of)));
}

/**
 * Folders of the runs below `root` that are not finished, or not done with what comes after. `known`: states that were read
 * just before, by folder.
 */
export async function listUnfinished(
  root: string,
  options: RunPlaceOptions,
  known: ReadonlyMap<string, RunState> = new Map(),
): Promise<string[]> {
  const [open, unreadable]: [string[], string[]] = [[], []];
  for (const directory of await listRuns(root)) {
    const place = openRunPlace(directory, { ...options, workerEntry: null });
    try {
      const state = known.get(directory) ?? (await stateIn(directory, place));
      if (!state.finished || (await isPostProcessOpen(state, place.ports.blobs))) open.push(directory);
    } catch {
      // Whoever works on it says what is wrong with it.
      unreadable.push(directory);
    } finally {
      await place.close();
    }
  }
  return [...open, ...unreadable];
}

/** The status of several runs; what is wrong with one keeps none of the others from being told. */
export async function describeRuns(
  folders: readonly string[],
  options: RunPlaceOptions,
): Promise<{
  readonly runs: readonly RunStatus[];
  readonly unreadable: readonly { readonly directory: string; readonly error: unknown }[];
}> {
  const runs: RunStatus[] = [];
  const unreadable: { directory: string; error: unknown }[] = [];
  for (const directory of folders) {
    try {
      runs.push(await describeRun(directory, options));
    } catch (error) {
      unreadable.push({ directory, error });
    }
  }
  return { runs, unreadable };
}

/** Which claimants of a run's batches have stopped. */
export async function findFinishedOwners(
  state: RunState,
  isFinished: (owner: string) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const finished = new Set<string>();
  for (const { phase } of state.batches.values()) {
    if (phase.kind !== 'claimed' && phase.kind !== 'calling') continue;
    if (!finished.has(phase.claim.owner) && (await isFinished(phase.claim.owner)))
      finished.add(phase.claim.owner);
  }
  return finished;
}

/**
 * Why whoever worked on the run last had to stop. The journal does not say it, for it is no fact about the run; the
 * report does, and counts as long as nothing has happened since it was written.
 */
export async function readPause(directory: string, state: RunState): Promise<RunError | null> {
  if (state.finished) return null;
  const text = await readFile(join(directory, 'report.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const { error, timing } = parsePlainJson(text) as Pick<Report, 'error' | 'timing'>;
  return timing?.elapsedMs === state.lastEventAt - state.createdAt ? error : null;
}

function describeBatch(state: RunState, batch: OpenBatch, options: StatusOptions): BatchStatus {
  const { phase, submittedAt } = batch;
  const since = sinceOf(batch);
  return {
    key: batch.key,
    step: state.steps[batch.step]!.name,
    provider: batch.provider,
    model: batch.model,
    mode: batch.mode,
    requests: batch.count,
    phase: phase.kind,
    since: submittedAt === null && since === null ? null : isoTime(submittedAt ?? since ?? 0),
    ageMs: since === null ? null : Math.max(0, options.now - since),
    endAsked: batch.cancelAsked?.why ?? null,
    providerBatch: phase.kind === 'submitted' ? phase.providerBatch : null,
    reserved: usdText(batch.reserved),
    says: sayBatch(batch, options),
  };
}

function sinceOf({ phase, submittedAt, declaredAt, creating }: OpenBatch): number | null {
  switch (phase.kind) {
    case 'claimed':
      return creating === null ? declaredAt : phase.claim.at;
    case 'postponed':
      return declaredAt;
    case 'submitted':
    case 'calling':
      return phase.at;
    case 'collected':
      return submittedAt;
    default:
      return phase satisfies never;
  }
}

function sayBatch(batch: OpenBatch, { now, finishedOwners }: StatusOptions): string {
  const { phase } = batch;
  switch (phase.kind) {
    case 'claimed': {
      const { owner, at, expires } = phase.claim;
      const holder = finishedOwners.has(owner)
        ? 'by a process that has ended: whoever goes on looks for it first'
        : expires < now
          ? `by a process that let its claim run out ${formatSince(expires, now)}`
          : `by a process whose claim lasts until ${clockTime(expires)}`;
      return `declared, not sent yet; claimed ${formatSince(at, now)} ${holder}`;
    }
    case 'postponed':
      return sayHeldUp(phase.cause, phase.why, phase.retryAt, now);
    case 'submitted': {
      const end = batch.cancelAsked;
      const wanted =
        end === null
          ? 'in progress'
          : `its end was asked for ${formatSince(end.at, now)}, because ${end.why === 'age' ? 'it was too old' : 'the run is cancelled'}`;
      return `submitted ${formatSince(phase.at, now)}, ${wanted}`;
    }
    case 'calling': {
      const { stopped, answered, again, at } = phase;
      const done = `${answered.size} of ${batch.count} calls answered`;
      if (stopped !== null) return `${done}; ${sayHeldUp(stopped.cause, stopped.why, stopped.retryAt, now)}`;
      const dead = finishedOwners.has(phase.claim.owner)
        ? '; the process has ended, and calls without an answer are repeated once'
        : '';
      return `${done}, ${again ? 'the others asked a second and last time' : 'begun'} ${formatSince(at, now)}${again ? '' : dead}`;
    }
    case 'collected':
      return `back (${phase.status}), ${formatCount(phase.rows)} answers to be checked`;
    default:
      return phase satisfies never;
  }
}

function sayHeldUp(cause: 'busy' | 'blocked', why: string, retryAt: number, now: number): string {
  if (cause === 'blocked') return `blocked by the provider, nothing is sent until somebody goes on: ${why}`;
  const until = retryAt > now ? `postponed until ${clockTime(retryAt)}` : 'postponed, may be tried again now';
  return `${until}, because: ${why}`;
}

function describeWaiting(state: RunState, now: number): WaitingStatus[] {
  return state.steps.flatMap((step): WaitingStatus[] => {
    let units = 0;
    let retries = 0;
    for (const group of step.ready) {
      units += group.units.size;
      if (group.attempt > 1) retries += group.units.size;
    }
    if (units === 0) return [];
    return [{ step: step.name, units, retries, says: sayWaiting(state, step, now) }];
  });
}

function sayWaiting(state: RunState, step: RunState['steps'][number], now: number): string {
  if (state.canceling) return 'to be given up, because the run is cancelled';
  if (step.kind === 'expression') return 'to be computed here';
  const { provider, model } = step;
  const queue =
    provider === null || model === null ? undefined : state.queues.get(queueName({ provider, model }));
  const behind = queue?.behind.map((key) => state.batches.get(key)?.phase.kind) ?? [];
  const drained = behind.some((phase) => phase !== 'submitted');
  if (queue === undefined || drained || (behind.length === 0 && now >= queue.retryAt)) {
    return 'to be packed into a batch by whoever goes on';
  }
  const room =
    behind.length > 0
      ? `${behind.length} of its batches are in it`
      : `tried again at ${clockTime(queue.retryAt)}`;
  return `for room in the queue of ${provider} ${model}, found full ${formatSince(queue.at, now)} (${room}): ${queue.why}`;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** `12:30:05 UTC`. */
function clockTime(ms: number): string {
  return `${isoTime(ms).slice(11, 19)} UTC`;
}
