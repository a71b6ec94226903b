// Starts a pipeline's run for a commit, or goes on with the one that its content has already; and ends the runs of the
// same pull request that this commit makes void. What is unchanged is shown and paid for never again.
import { join } from 'node:path';
import type { BaseResult } from '../analysis/against.ts';
import { openRunPlace, type RunPlace } from '../compose.ts';
import type { Target } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { RunClosedError, type RunState } from '../engine/state.ts';
import { openRun } from '../engine/tick.ts';
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import { PermissionError } from '../ports/hosting.ts';
import { checkCollector } from './announce-collector.ts';
import { requestCancel } from './cancel.ts';
import type { HostedJob, HostedOutcome } from './hosted.ts';
import { advance } from './hosted-advance.ts';
import { readBeside, readHead } from './hosted-base.ts';
import { createKeeper } from './hosted-keeper.ts';
import { type StartRequest, startRun } from './run-pipeline.ts';
import { describeJudged } from './terms.ts';

/** What is asked for beside what every start asks for. */
export interface HostedStart {
  readonly request: StartRequest;
  readonly target: Target | null;
  readonly waitMs: number;
  /** A schedule asks models anew; anything else is content with the answers there are. */
  readonly isSchedule: boolean;
  /** `report`: show the run that there is. */
  readonly only: 'work' | 'report';
}

/** Starts or goes on. Throws a ConfigurationError for what is wrong in the pipeline or its ceiling. */
export async function startHosted(job: HostedJob, start: HostedStart): Promise<HostedOutcome> {
  const { target } = start;
  const { place, isNew } = await openStart(job, start);
  try {
    const state = foldJournal((await place.ports.journal.read()).events)!;
    const isFree = Object.keys(state.settings.prices).length === 0;
    if (!isNew)
      job.say(
        state.finished
          ? `The content is that of ${state.run}, which is finished: its result is shown, and nothing is paid again.`
          : `The content is that of ${state.run}: going on with it.`,
      );
    // What is not kept beyond this job is waited for: invented answers come soon.
    const waitMs = isFree && job.isKept ? Math.max(start.waitMs, FREE_WAIT_MS) : start.waitMs;
    if (isNew && !isFree && job.isKept && job.hosting !== null) {
      const warning = await checkCollector(job.hosting);
      if (warning !== null) job.warn(warning);
    }
    const { signal } = job;
    const outcome = await advance(job, state.run, place, { waitMs, signal, only: start.only, own: target });
    if (target !== null && target.pull !== null && (await isNewest(job, target)))
      await supersede(job, state, target);
    return outcome;
  } finally {
    await place.close();
  }
}

/** How long a run that costs nothing is waited for when it ends with its job (ms). */
export const FREE_WAIT_MS = 15 * 60_000;

async function openStart(
  job: HostedJob,
  { request, target, isSchedule, only }: HostedStart,
): Promise<{ place: RunPlace; isNew: boolean }> {
  const base = async (loaded: LoadedPipeline): Promise<BaseResult | null> =>
    target === null ? null : (await readBeside(job, target, '', describeJudged(loaded))).result;
  const whole = { ...request, target, mustExist: only === 'report', base };
  if (!job.isKept) return startRun(whole, job.options);
  const keeper = createKeeper(job, isSchedule);
  try {
    const begin = () => startRun({ ...whole, keeper }, job.options);
    return await begin().catch((error: unknown) => {
      // Others ended it, showed its end, or merged it, just now: looked at again there is another run, or its result.
      if (error instanceof RunClosedError) return begin();
      throw error;
    });
  } catch (error) {
    // What costs money is begun only where its state outlives the job; anything else can do without.
    if (!(error instanceof PermissionError) || keeper.keptPaid()) throw error;
    job.say(
      `The run is kept in this job only, so that later ones have no result to compare with: that would need ${error.permission}.`,
    );
    return startRun(whole, job.options);
  }
}

/**
 * Ends the runs of this pull request and pipeline that wait for older commits only. One that cannot be ended is left to
 * those who collect: the run that was asked for here is under way, whatever becomes of it.
 */
async function supersede(job: HostedJob, own: RunState, target: Target): Promise<void> {
  for (const [other, events] of await job.store.unfinished()) {
    if (other === own.run || events instanceof Error) continue;
    const state = readState(events);
    if (state === null || state.finished || state.canceling || !isVoid(state, target)) continue;
    job.say(`${other} was for an older commit of this pull request and is ended.`);
    try {
      await end(job, other, target);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      job.warn(`${other}, for an older commit of this pull request, could not be ended: ${why}`);
    }
  }
}

/** Nothing more is sent for the run, so that nothing is held against a policy or a ceiling. */
async function end(job: HostedJob, run: string, target: Target): Promise<void> {
  const directory = join(job.root, 'runs', run);
  const place = openRunPlace(directory, job.options, await job.store.open(run, directory));
  try {
    const { context } = await openRun(place.ports);
    // Somebody else may have asked for it meanwhile.
    const isWanted = (state: RunState): boolean => isVoid(state, target);
    if ((await requestCancel(context, { kind: 'superseded', by: target.commit }, isWanted)) === 'unwanted')
      return;
    await advance(job, run, place, { waitMs: 0, signal: job.signal, only: 'work', own: null });
  } finally {
    await place.close();
  }
}

/** False when the pull request has moved on: this job is late, or was started again, and ends nothing that is newer. */
async function isNewest(job: HostedJob, { pull, commit }: Target): Promise<boolean> {
  const head = pull === null ? null : await readHead(job, pull);
  return head === null || head === commit;
}

/** True when all that wait for a run are commits of the target's pull request for which an earlier workflow run asked. */
function isVoid(state: RunState, { pull, pipeline, commit, workflowRun }: Target): boolean {
  const isOlder = (other: Target): boolean =>
    other.pull === pull &&
    other.pipeline === pipeline &&
    other.commit !== commit &&
    other.workflowRun < workflowRun;
  return state.targets.length > 0 && state.targets.every(isOlder);
}

/** Null: it makes no sense to this engine, which the collector tells. */
function readState(events: Parameters<typeof foldJournal>[0]): RunState | null {
  try {
    return foldJournal(events);
  } catch {
    return null;
  }
}
