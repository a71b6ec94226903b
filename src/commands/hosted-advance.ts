// Moves one run as far as this job can, has it shown to every commit that waits for it, and puts it away: what starting
// and collecting have in common. It is put away only when its end is shown; a job that dies leaves that to the next.
import type { RunPlace } from '../compose.ts';
import type { Target } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { submitShard } from '../engine/perform-shard.ts';
import type { RunState } from '../engine/state.ts';
import type { Pending } from '../report/report.ts';
import type { HostedJob, HostedOutcome } from './hosted.ts';
import { keepFiles } from './hosted-files.ts';
import { createShowing } from './hosted-show.ts';
import { type Outcome, workAndPublish } from './outcome.ts';

/** A run that moved within so long is looked at by each collector, where it is shown too: others may be at it (ms). */
const SETTLED_MS = 2 * 3_600_000;

/** What a run is advanced with. */
export interface AdvanceOptions {
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly only: 'work' | 'report';
  /** The commit that this job is about; null: it goes over runs. */
  readonly own: Target | null;
  /** A collector has noted that the run is shown as it stands, and nobody asks for it by its name: it need not be again. */
  readonly isShown?: boolean;
  /** Told when the run stands still and has been shown so, wherever it can be. */
  readonly shown?: () => void;
}

/** Works on an opened run, shows it, and puts it away at its end. The caller closes the place. */
export async function advance(
  job: HostedJob,
  run: string,
  place: RunPlace,
  options: AdvanceOptions,
): Promise<HostedOutcome> {
  const begun = foldJournal((await place.ports.journal.read()).events);
  const progress = job.follow(begun?.settings.source ?? run);
  const isOver = begun?.finished === true;
  const isAway = isOver && (await job.store.finished()).includes(run);
  // Hundreds of runs that stand still cost a collector nearly no call.
  const isStill =
    options.isShown === true && options.own === null && options.only === 'work' && begun !== null
      ? (state: RunState, pending: Pending) => standsStill(begun, state, pending, job.now())
      : undefined;
  const showing = createShowing(job, place, { own: options.own, isAway });
  let outcome: Outcome;
  try {
    outcome = await workAndPublish(place, {
      waitMs: options.waitMs,
      signal: options.signal,
      only: options.only,
      // Whoever starts the job of a finished run again wants what failed after it done.
      again: isOver && options.own !== null,
      seen: (state) => progress.seen(state),
      began: (entry) => progress.began(entry),
      ...(isStill === undefined ? {} : { isStill }),
      launcher: job.launcher,
      shownDirectory: null,
      view: (state) => showing.view(state),
      beforeWaiting: async (waiting) => {
        if (waiting.state.shard === null) await showing.show(waiting, null);
      },
    });
  } finally {
    progress.stop();
  }
  const { state } = outcome;
  if (state.shard !== null) {
    // What the parts come to is told when they are merged.
    if (options.only === 'work' && !options.signal.aborted && !state.finished)
      await submitShard(place.ports.journal, place.ports.clock);
    return { ...outcome, reportUrl: null, surroundings: null };
  }
  const { pending } = outcome.report;
  if (pending !== null && outcome.report.error === null && isStill?.(state, pending))
    return { ...outcome, reportUrl: null, surroundings: null };
  const html = state.finished ? await keepFiles(job, outcome, null) : null;
  const isShown = await showing.show(outcome, html);
  const isSettled = pending !== null && begun !== null && standsStill(begun, state, pending, job.now());
  if (isShown && isSettled) options.shown?.();
  if (state.finished) await close(job, run, place, outcome, isShown ? await showing.results(outcome) : null);
  return { ...outcome, reportUrl: html?.url ?? null, surroundings: showing.around() };
}

/** True for a run with which nothing has happened for long, and nothing did in this job: it waits as it did. */
function standsStill(begun: RunState, state: RunState, { batches }: Pending, now: number): boolean {
  if (state.finished || state.canceling || state.shard !== null) return false;
  if (state.lastEventAt !== begun.lastEventAt || now - state.lastEventAt < SETTLED_MS) return false;
  return batches.every((batch) => batch.state === 'running');
}

/** Puts a finished run away; `results` null: it is not shown everywhere, and the next job tries again. */
async function close(
  { store, say }: HostedJob,
  run: string,
  { ports }: RunPlace,
  { state }: Outcome,
  results: ReadonlyMap<string, string> | null,
): Promise<void> {
  if (results === null) {
    await store.takeBack(run);
    return;
  }
  const { events } = await ports.journal.read();
  // Somebody may have asked for the result since it was shown.
  const isAll = foldJournal(events)?.targets.length === state.targets.length;
  if (!isAll || (await store.putAway(run, results, events.length)) === 'conflict')
    say(`Another job has worked on ${run} at the same time; the next one puts it away.`);
}
