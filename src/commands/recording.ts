// Finds the run whose answers are to be used again, and what its replay's settings say about it.
import { openRunPlace, type RunPlaceOptions } from '../compose.ts';
import type { RunSettings } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { hasInventedAnswers, recordingDigest } from '../engine/recording.ts';
import { usageError } from './arguments.ts';
import { findRun } from './runs.ts';
import { shownPath } from './shown-path.ts';

/** The settings of a run that is answered from a recording. */
export type ReplaySettings = Required<Pick<RunSettings, 'replays' | 'recording'>>;

/** A recorded run by its id or folder. Throws a ConfigurationError when there is none. */
export async function findRecording(
  root: string,
  name: string,
  options: RunPlaceOptions,
): Promise<ReplaySettings> {
  const directory = await findRun(root, name);
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  try {
    const { events } = await place.ports.journal.read();
    const state = foldJournal(events);
    if (state === null)
      throw usageError('--from', `the run in ${directory} has not begun`, 'name one that has');
    return {
      replays: state.run,
      recording: {
        folder: shownPath(directory),
        digest: recordingDigest(events),
        simulated: hasInventedAnswers(events),
        ...(state.waves === null
          ? {}
          : { waves: { units: state.units, opened: state.waves.opened.toString() } }),
      },
    };
  } finally {
    await place.close();
  }
}
