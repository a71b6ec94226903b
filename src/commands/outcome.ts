// Works on an opened run and publishes what it has become: the common end of run, submit and collect.
import type { RunPlace } from '../compose.ts';
import { publish } from '../engine/perform-publish.ts';
import { errorOfPause } from '../engine/run-error.ts';
import { openRun } from '../engine/tick.ts';
import type { Report } from '../report/report.ts';
import { describePending, describeTiming } from './pending.ts';
import { type WorkOptions, work } from './work.ts';

/** One run's outcome for a front door. */
export interface Outcome {
  readonly report: Report;
  readonly directory: string;
}

/** Works as long as it may, then writes the run's files. `shownDirectory` is how a person names the folder. */
export async function workAndPublish(
  place: RunPlace,
  options: WorkOptions & {
    readonly launcher: string;
    readonly shownDirectory: string;
    /** `report`: publish what is there, do nothing for the run. */
    readonly only: 'work' | 'report';
  },
): Promise<Outcome> {
  const { worker, waits, paused } =
    options.only === 'work'
      ? await work(place, options)
      : { worker: await openRun(place.ports), waits: [], paused: null };
  // Another process may have finished the run meanwhile: its files must not be replaced by older ones.
  await worker.context.follow();
  const { state } = worker.context;
  const { launcher, shownDirectory: directory } = options;
  const report = await publish(worker.context, place.publisher, {
    launcher,
    pending: state.finished
      ? null
      : describePending(state, waits, { launcher, directory, now: place.ports.clock.now() }),
    timing: describeTiming(state),
    error: paused === null || state.finished ? null : errorOfPause(paused),
  });
  return { report, directory: place.directory };
}
