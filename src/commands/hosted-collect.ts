// Goes over the runs that are not put away: moves each as far as it goes, or ends it. One that cannot be read or worked on
// keeps none of the others from their turn, and what there is no time for is left to the next job.
import { join } from 'node:path';
import { foldJournal } from '../engine/journal-fold.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import { openRun } from '../engine/tick.ts';
import { ArtifactGoneError } from '../ports/artifacts.ts';
import type { Digest } from '../ports/blobs.ts';
import { HostingError, PermissionError } from '../ports/hosting.ts';
import type { KeptRun } from '../ports/run-store.ts';
import { requestCancel } from './cancel.ts';
import type { MaxCost } from './ceiling.ts';
import type { HostedJob, HostedOutcome } from './hosted.ts';
import { type AdvanceOptions, advance } from './hosted-advance.ts';
import { giveUp, goneError } from './hosted-give-up.ts';
import { isAtWork, mergeHosted } from './hosted-merge.ts';
import { continueRun } from './run-pipeline.ts';
import { onlyMatch } from './runs.ts';

/** Runs that are opened before their turn, their own included: most of the time of a turn is waiting for an answer. */
const AHEAD = 6;

/** Which runs, and what with them. */
export interface CollectRequest {
  /** Whether a pipeline is meant, by its path in the repository. */
  readonly includes: (pipeline: string) => boolean;
  /** Id of a run or its beginning; null: all. */
  readonly run: string | null;
  readonly what: 'collect' | 'cancel' | 'report';
  readonly waitMs: number;
  readonly maxCost: MaxCost;
  /** Aborts when no more work shall be begun. */
  readonly budget: AbortSignal;
}

/** One run's turn. `outcome` null: it failed, and `error` says why. */
export interface Turn {
  readonly run: string;
  readonly outcome: HostedOutcome | null;
  readonly error: unknown;
}

/** Takes every run that is meant, the one that was moved longest ago first. Null for those there was no time for. */
export async function* collectHosted(job: HostedJob, request: CollectRequest): AsyncGenerator<Turn | string> {
  if (request.what === 'collect') for (const note of await mergeHosted(job)) job.say(note);
  const found: { run: string; state: RunState | Error | null }[] = [];
  const unfinished = await job.store.unfinished();
  const shown = request.what === 'collect' ? await job.store.shown() : new Map<string, number>();
  const settled = new Map<string, number>();
  const finished = await finishedFor(job, request, [...unfinished.keys()]);
  const isNamed = readNamed(request.run, [...unfinished.keys(), ...finished]);
  for (const [run, events] of unfinished) {
    const state = events instanceof Error ? events : stateOf(run, events);
    if (state === null || !isNamed(run) || !isMeant(state, request)) continue;
    if (request.what === 'cancel' || !(await isLeft(state, job))) found.push({ run, state });
  }
  // One that is put away is only shown again, or what follows it done, and only when it is named.
  for (const run of finished) if (isNamed(run)) found.push({ run, state: null });
  const age = ({ state }: (typeof found)[number]): number =>
    state instanceof Error ? 0 : (state?.lastEventAt ?? 0);
  found.sort((a, b) => age(a) - age(b) || (a.run < b.run ? -1 : 1));
  const ahead = openAhead(job, found);
  for (const { run, state } of found) {
    if (request.budget.aborted) {
      yield run;
      continue;
    }
    if (state instanceof Error) yield { run, outcome: null, error: state };
    else {
      const events = unfinished.get(run);
      const count = events === undefined || events instanceof Error ? 0 : events.length;
      yield await takeTurn(job, run, request, ahead, {
        isShown: request.run === null && shown.get(run) === count,
        shown: () => void settled.set(run, count),
      });
    }
  }
  await noteShown(job, settled);
}

/** What could not be noted the next job looks at once more. */
async function noteShown({ store }: HostedJob, runs: ReadonlyMap<string, number>): Promise<void> {
  if (runs.size === 0) return;
  try {
    await store.noteShown(runs);
  } catch (error) {
    if (!(error instanceof PermissionError || error instanceof HostingError)) throw error;
  }
}

/** Runs that are put away and may be meant. The beginning of an id means one that is to be collected before those. */
async function finishedFor(
  { store }: HostedJob,
  { what, run }: CollectRequest,
  unfinished: readonly string[],
): Promise<readonly string[]> {
  if (what === 'cancel' || run === null) return [];
  const finished = await store.finished();
  const isOther = what === 'collect' && !finished.includes(run);
  return isOther && unfinished.some((id) => id.startsWith(run)) ? [] : finished;
}

/** Opens a run, for what comes next. */
type Open = (run: string) => Promise<KeptRun>;

/** A run of a store, opened in its turn; those that follow are opened meanwhile, and what they are made of is fetched. */
function openAhead(
  { store, root }: HostedJob,
  found: readonly { readonly run: string; readonly state: RunState | Error | null }[],
): Open {
  const opened = new Map<string, Promise<KeptRun>>();
  const open = async (run: string, state: RunState | Error | null): Promise<KeptRun> => {
    const kept = await store.open(run, join(root, 'runs', run));
    // Blobs are found once the journal was read. What is wrong with them is seen again in the run's turn.
    const fetch = async (snapshot: string): Promise<void> => {
      await kept.journal.read();
      await kept.blobs.text(snapshot as Digest);
    };
    if (state !== null && !(state instanceof Error)) await fetch(state.snapshot).catch(() => {});
    return kept;
  };
  return (run) => {
    const at = found.findIndex((one) => one.run === run);
    for (const next of found.slice(at, at + AHEAD)) {
      if (opened.has(next.run) || next.state instanceof Error) continue;
      const kept = open(next.run, next.state);
      kept.catch(() => {});
      opened.set(next.run, kept);
    }
    const kept = opened.get(run)!;
    opened.delete(run);
    return kept;
  };
}

/** A shard that was merged is over, and one whose job may still be at work is left to it. */
async function isLeft(state: RunState | Error, job: HostedJob): Promise<boolean> {
  if (state instanceof Error || state.shard === null || state.canceling) return false;
  return state.shard.merged || (await isAtWork(job, state));
}

async function takeTurn(
  job: HostedJob,
  run: string,
  request: CollectRequest,
  open: Open,
  known: Pick<AdvanceOptions, 'isShown' | 'shown'>,
): Promise<Turn> {
  const directory = join(job.root, 'runs', run);
  try {
    const kept = await open(run);
    const place = await continueRun(directory, job.options, request.maxCost, kept);
    try {
      if (request.what === 'cancel') await requestCancel((await openRun(place.ports)).context);
      const outcome = await advance(job, run, place, {
        waitMs: request.waitMs,
        signal: request.budget,
        only: request.what === 'report' ? 'report' : 'work',
        own: null,
        ...known,
      });
      return { run, outcome, error: null };
    } finally {
      await place.close();
    }
  } catch (error) {
    if (!(error instanceof ArtifactGoneError)) return { run, outcome: null, error };
    const told = request.what === 'cancel' ? await giveUp(job, run, error) : goneError(run, error);
    return { run, outcome: null, error: told };
  }
}

function stateOf(run: string, events: Parameters<typeof foldJournal>[0]): RunState | Error | null {
  try {
    return foldJournal(events);
  } catch (error) {
    return error instanceof JournalError
      ? new JournalError(`Run ${run}: ${error.message}`)
      : (error as Error);
  }
}

/**
 * Tells of an id whether it was asked for: the one named, with its shards where it has any, or the only one that begins so.
 * Throws a ConfigurationError when several do.
 */
function readNamed(asked: string | null, ids: readonly string[]): (run: string) => boolean {
  if (asked === null) return () => true;
  const wholeOf = (run: string): string => run.replace(/-s\d+of\d+$/, '');
  const meant = ids.includes(asked) ? asked : onlyMatch([...new Set(ids.map(wholeOf))], asked);
  return (run) => meant !== null && (run === meant || wholeOf(run) === meant);
}

function isMeant(state: RunState | Error, { includes }: CollectRequest): boolean {
  // One that cannot be read may be of any pipeline.
  if (state instanceof Error) return true;
  return [state.settings.source, ...state.targets.map(({ pipeline }) => pipeline)].some(includes);
}
