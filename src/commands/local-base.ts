// Another run on this machine, for a run to be held against. Unlike what is kept of a branch, all of it is there: it is
// judged by the very gates of the run that is held against it.
import type { Accounting } from '../analysis/accounting.ts';
import { costSteps } from '../analysis/cost.ts';
import { usdText } from '../analysis/money.ts';
import { openRunPlace, type RunPlace, type RunPlaceOptions } from '../compose.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { analyseRun, sidesOf } from '../engine/perform-analyse.ts';
import type { PublishedBase } from '../engine/perform-publish.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { errorOfState } from '../engine/run-error.ts';
import type { RunState } from '../engine/state.ts';
import { openRun } from '../engine/tick.ts';
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import { whyNotComparable } from '../report/terms.ts';
import { usageError } from './arguments.ts';
import type { View } from './outcome.ts';
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

/**
 * The run in `folder` as what another is held against. `now`: by what that one is judged; `nonce`: of its journal, null
 * before it has one.
 */
export async function readLocalBase(
  folder: string,
  { now, nonce }: { readonly now: LoadedPipeline; readonly nonce: string | null },
  options: RunPlaceOptions,
): Promise<PublishedBase> {
  const other = openQuietly(folder, options);
  try {
    const { context } = await openRun(other.ports);
    const { run, snapshot } = context.state;
    // Two folders may hold runs of one id, which asked a model twice.
    const isSame = nonce === context.state.nonce;
    const then = await readSnapshot(other.ports.blobs, snapshot);
    const { pipeline, analysis } = await analyseRun(context, { judgedBy: now.pipeline });
    return {
      name: run,
      reason: isSame ? null : whyNotComparable(readTerms(then), readTerms(now)),
      isSame,
      values: analysis.values,
      overall: analysis.overall,
      sides: sidesOf(analysis),
      report: funnelOf(analysis.accounting, pipeline.prices),
    };
  } finally {
    await other.close();
  }
}

/** What the page shows of it beside the other's steps. */
function funnelOf(
  accounting: Accounting,
  prices: LoadedPipeline['pipeline']['prices'],
): PublishedBase['report'] {
  const costs = costSteps(accounting, prices);
  const steps = accounting.steps.map(({ step, valid, paid, children }, at) => {
    const total = costs[at]?.total ?? null;
    const cost = total === null ? null : usdText(total);
    return { step, valid, paid, cost, ...(children === undefined ? {} : { children }) };
  });
  const { planned, sources } = accounting;
  return { units: { planned, ...(sources === undefined ? {} : { sources }) }, steps };
}

/** How a run at `place` is looked at when it is held against the run in `folder`. */
export function viewAgainst(
  place: RunPlace,
  folder: string,
  options: RunPlaceOptions,
): (state: RunState) => View {
  return ({ reportSnapshot, nonce }) => ({
    judgedBy: null,
    base: async () => {
      const now = await readSnapshot(place.ports.blobs, reportSnapshot);
      return readLocalBase(folder, { now, nonce }, options);
    },
  });
}

function openQuietly(folder: string, options: RunPlaceOptions): RunPlace {
  return openRunPlace(folder, { ...options, workerEntry: null });
}
