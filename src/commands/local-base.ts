// Another run on this machine, for a run to be held against. Unlike what is kept of a branch, all of it is there: it is
// judged by the very gates of the run that is held against it.
import { openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { analyseRun, sidesOf } from '../engine/perform-analyse.ts';
import type { PublishedBase } from '../engine/perform-publish.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { errorOfState } from '../engine/run-error.ts';
import type { RunState } from '../engine/state.ts';
import { openRun } from '../engine/tick.ts';
import { whyNotComparable } from '../report/terms.ts';
import { usageError } from './arguments.ts';
import { findRun } from './runs.ts';
import { readTerms } from './terms.ts';

/** The folder of a run that others can be held against. Throws a ConfigurationError when there is none, or no result. */
export async function findBaseline(root: string, name: string, options: RunPlaceOptions): Promise<string> {
  const folder = await findRun(root, name);
  const place = openQuietly(folder, options);
  try {
    const state = foldJournal((await place.ports.journal.read()).events);
    if (state?.finished && errorOfState(state) === null) return folder;
    const what = `run "${name}" has no complete result`;
    throw usageError('--baseline', what, 'finish it with `collect`, or name another run');
  } finally {
    await place.close();
  }
}

/** The run in `folder` as what the run at `place`, in that state, is held against. */
export async function readLocalBase(
  place: RunPlace,
  state: RunState,
  folder: string,
  options: RunPlaceOptions,
): Promise<PublishedBase> {
  const now = await readSnapshot(place.ports.blobs, state.reportSnapshot);
  const other = openQuietly(folder, options);
  try {
    const { context } = await openRun(other.ports);
    const { run, nonce, snapshot } = context.state;
    // Two folders may hold runs of one id, which asked a model twice.
    const isSame = nonce === state.nonce;
    const then = await readSnapshot(other.ports.blobs, snapshot);
    const { analysis } = await analyseRun(context, { judgedBy: now.pipeline });
    return {
      name: run,
      reason: isSame ? null : whyNotComparable(readTerms(then), readTerms(now)),
      isSame,
      values: analysis.values,
      overall: analysis.overall,
      sides: sidesOf(analysis),
      report: null,
    };
  } finally {
    await other.close();
  }
}

function openQuietly(folder: string, options: RunPlaceOptions): RunPlace {
  return openRunPlace(folder, { ...options, workerEntry: null });
}
