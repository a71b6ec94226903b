// Whether somebody is still at a run that is over: what is done after it may take an hour, and needs its files where they
// are. It waits for nobody.
import { openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { foldJournal } from '../engine/journal-fold.ts';

/** True while a living process, or one of another machine within its time, does what is done after a run. */
export async function isHeldAfterwards(directory: string, options: RunPlaceOptions): Promise<boolean> {
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  try {
    const { journal, clock, owners } = place.ports;
    const known = foldJournal((await journal.read()).events)?.postProcess;
    for (const { begun } of known === undefined ? [] : [known, ...known.joined.values()])
      if (begun !== null && clock.now() < begun.until && !(await owners.isFinished(begun.owner))) return true;
    return false;
  } finally {
    await place.close();
  }
}
