// Works on an opened run and publishes what it has become: the common end of run, submit and collect.
import { join } from 'node:path';
import type { RunPlace } from '../compose.ts';
import type { PauseReason } from '../engine/decide.ts';
import { postProcess } from '../engine/perform-post-process.ts';
import { type Published, type PublishedBase, publish } from '../engine/perform-publish.ts';
import { scopeOf } from '../engine/post-process-plan.ts';
import { errorOfPause } from '../engine/run-error.ts';
import type { RunState } from '../engine/state.ts';
import { openRun, type RunWorker, type TroubledWait } from '../engine/tick.ts';
import type { Publisher } from '../ports/publisher.ts';
import type { Pending } from '../report/report.ts';
import { writeOctobatchRun } from './octobatch-run.ts';
import { describePending, describeTiming } from './pending.ts';
import { type WorkOptions, work } from './work.ts';

/** How a run is looked at: two commits that share results may have other gates, and another base. */
export interface View {
  /** The snapshot by whose gates it is judged; null: as the run says. */
  readonly judgedBy: string | null;
  /** Asked once the run is finished for what it is held against; null: nothing. */
  readonly base: (() => Promise<PublishedBase | null>) | null;
  /** What its scripts see it held against: as the commit does for which somebody vouched for them. Absent: as `base`. */
  readonly madeAgainst?: View['base'];
}

/** One run's outcome for a front door. */
export interface Outcome extends Published {
  readonly directory: string;
  /** The run as it was reported. */
  readonly state: RunState;
  /** The same, looked at otherwise; its files go into that folder below the run's own. */
  readonly judge: (view: View, folder: string) => Promise<Outcome>;
}

/** How a run is worked on and shown. `shownDirectory` is how a person names the folder; null: they need not know. */
export interface OutcomeOptions extends WorkOptions {
  readonly launcher: string;
  readonly shownDirectory: string | null;
  /** `report`: publish what is there, do nothing for the run. */
  readonly only: 'work' | 'report';
  /** True: scripts that failed after the run are tried once more. */
  readonly again?: boolean;
  /** Hears of each entry that is begun when all units are over. */
  readonly began?: (entry: string) => void;
  /** Called once with the report of a run that is about to be waited for. */
  readonly beforeWaiting?: (outcome: Outcome) => Promise<void>;
  /** True for an unfinished run that stands as an earlier job has shown it: its files are not written once more. */
  readonly isStill?: (state: RunState, pending: Pending) => boolean;
  /** How the run is looked at; absent: as it says, and held against nothing. */
  readonly view?: (state: RunState) => View;
}

/** Works as long as it may, then writes the run's files. */
export async function workAndPublish(place: RunPlace, options: OutcomeOptions): Promise<Outcome> {
  const { beforeWaiting } = options;
  const beforeWait: WorkOptions['beforeWait'] =
    beforeWaiting &&
    (async (worker, waits) => beforeWaiting(await show(place, options, worker, waits, null)));
  const { worker, waits, paused } =
    options.only === 'work'
      ? await work(place, { ...options, ...(beforeWait === undefined ? {} : { beforeWait }) })
      : { worker: await openRun(place.ports), waits: [], paused: null };
  // Another process may have finished the run meanwhile: its files must not be replaced by older ones.
  await worker.context.follow();
  return show(place, options, worker, waits, paused);
}

/** Does what the pipeline asks for once its run is over, as far as this process may; in a folder below the run's own. */
async function afterwards(
  { workbench, mayRunScripts }: RunPlace,
  { launcher, only, again = false, signal, began }: OutcomeOptions,
  { context }: RunWorker,
  { judgedBy, base, madeAgainst = base }: View,
  folder: string,
): Promise<void> {
  const { state, pipeline } = context;
  if (!state.finished || workbench === null) return;
  await postProcess(context, {
    bench: workbench(folder),
    judgedBy,
    async layOut({ directory, layout }) {
      // Scripts that were made for Octobatch look for its files.
      if (pipeline.form === 'octobatch') await writeOctobatchRun(context, directory);
      const shown = { launcher, pending: null, timing: describeTiming(state), error: null };
      await publish(context, layout, { ...shown, judgedBy, base: madeAgainst });
    },
    isWork: only === 'work',
    mayRunScripts,
    // What failed for others is theirs to try again.
    again: again && folder === '',
    signal,
    ...(began === undefined ? {} : { began }),
  });
}

async function show(
  place: RunPlace,
  options: OutcomeOptions,
  worker: RunWorker,
  waits: readonly TroubledWait[],
  paused: PauseReason | null,
): Promise<Outcome> {
  const { launcher, shownDirectory, view, isStill } = options;
  const { context } = worker;
  const { state: before } = context;
  const now = place.ports.clock.now();
  const pending = before.finished
    ? null
    : describePending(before, waits, { launcher, directory: shownDirectory, now });
  const isLeft = pending !== null && paused === null && isStill?.(before, pending) === true;
  /** Snapshots whose entries this process has dealt with: those that look at them otherwise have them too. */
  const done = new Set<string>();
  const write = async (seen: View, folder: string): Promise<Outcome> => {
    const { judgedBy, base } = seen;
    const { by } = scopeOf(before, judgedBy);
    if (!done.has(by)) await afterwards(place, options, worker, seen, folder);
    done.add(by);
    const { state } = context;
    const publisher: Publisher = {
      file: async (name, chunks) => {
        if (!isLeft) await place.publisher.file(join(folder, name), chunks);
      },
    };
    const published = await publish(context, publisher, {
      launcher,
      pending,
      timing: describeTiming(state),
      error: paused === null || state.finished ? null : errorOfPause(paused),
      judgedBy,
      base,
    });
    return { ...published, directory: join(place.directory, folder), state, judge: write };
  };
  return write(view?.(before) ?? { judgedBy: null, base: null }, '');
}
