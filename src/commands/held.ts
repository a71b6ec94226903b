// Whether somebody is still at a run that is over: what is done after it may take an hour, and needs its files where they
// are. It waits for nobody.
import { openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import type { RunState } from '../engine/state.ts';
import type { RunPorts } from '../ports/session.ts';

/** True while a living process, or one of another machine within its time, does what is done after a run. */
export async function isHeldAfterwards(directory: string, options: RunPlaceOptions): Promise<boolean> {
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  try {
    const state = foldJournal((await place.ports.journal.read()).events);
    return state !== null && (await isBusyAfterwards(state, place.ports));
  } finally {
    await place.close();
  }
}

/** The same of a run whose state is known. */
export async function isBusyAfterwards(
  { postProcess }: Pick<RunState, 'postProcess'>,
  { clock, owners }: Pick<RunPorts, 'clock' | 'owners'>,
): Promise<boolean> {
  for (const { begun } of [postProcess, ...postProcess.joined.values()])
    if (begun !== null && clock.now() < begun.until && !(await owners.isFinished(begun.owner))) return true;
  return false;
}
