// Shows how a run moves, from its journal alone: another process may do the work. It writes nothing and asks nobody.
import { openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { JournalFold } from '../engine/journal-fold.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import type { RunPorts } from '../ports/session.ts';
import { formatUsd } from '../report/cost-text.ts';
import { logText } from '../report/escape.ts';
import type { Screen } from './live-screen.ts';
import { openLiveView } from './live-view.ts';
import { describeRuns, describeState, findFinishedOwners, type RunStatus, readPause } from './status.ts';
import { formatStatus, nameBatch, sayPause } from './status-text.ts';

/** How often the journal is looked at (ms). */
const LOOK_MS = 1000;

/** Follows a run until it is finished or the signal ends the watching. Throws a JournalError when there is no run. */
export async function watchRun(
  directory: string,
  screen: Screen,
  options: RunPlaceOptions,
  signal: AbortSignal,
): Promise<'finished' | 'interrupted'> {
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  const { journal, clock, owners } = place.ports;
  const view = screen.isTerminal ? paintedView(screen, place.ports) : printedView(screen);
  let how: 'finished' | 'interrupted' | 'failed' = 'failed';
  const fold = new JournalFold();
  let version = 0;
  try {
    for (;;) {
      const news = await journal.readAfter(version);
      fold.apply(news.events);
      version = news.version;
      const state = fold.state();
      if (state === null) throw new JournalError(`There is no run in ${directory}.`);
      const finishedOwners = await findFinishedOwners(state, owners.isFinished);
      const paused = await readPause(directory, state);
      view.show(describeState(state, { directory, now: clock.now(), finishedOwners, paused }), state);
      if (state.finished || signal.aborted) return (how = state.finished ? 'finished' : 'interrupted');
      await clock.sleep(LOOK_MS, signal);
    }
  } finally {
    view.end(how);
    await place.close();
  }
}

/** The run a person most likely means: the unfinished one that changed last, else the one that did; null: none. */
export async function findLively(
  folders: readonly string[],
  options: RunPlaceOptions,
): Promise<string | null> {
  const { runs } = await describeRuns(folders, options);
  const open = runs.filter(({ state }) => state === 'open');
  const [liveliest] = (open.length > 0 ? open : runs).toSorted((a, b) =>
    a.lastEvent < b.lastEvent ? 1 : -1,
  );
  return liveliest?.directory ?? null;
}

/** Hears of every look; `end` leaves the terminal as it was. */
interface View {
  show(status: RunStatus, state: RunState): void;
  end(how: 'finished' | 'interrupted' | 'failed'): void;
}

/** One line for each thing that changed, with the time of the change. */
function printedView(screen: Screen): View {
  const said = new Map<string, string>();
  return {
    show(status, state) {
      const time = `${new Date(state.lastEventAt).toISOString().slice(11, 19)} UTC`;
      const facts = factsOf(status);
      for (const [name, fact] of facts) {
        if (said.get(name) !== fact) screen.write(`${time}  ${logText(fact, 300)}\n`);
        said.set(name, fact);
      }
      for (const name of said.keys()) if (!facts.has(name)) said.delete(name);
    },
    end() {},
  };
}

/** What can change about a run, by name; ages are left out. */
function factsOf(status: RunStatus): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const { step, valid, failed, inFlight, entered } of status.accounting.steps) {
    if (entered === 0) continue;
    facts.set(
      `step ${step}`,
      `${step}: ${valid} valid, ${failed} failed, ${inFlight} in flight of ${entered}`,
    );
  }
  for (const batch of status.batches) {
    const ending = batch.endAsked === null ? '' : ', its end was asked for';
    const held = batch.phase === 'postponed' ? `: ${batch.says}` : ending;
    facts.set(`batch ${batch.key}`, `${nameBatch(batch)}: ${batch.phase}${held}`);
  }
  const { spent, reserved } = status.money;
  const spentText = spent === null ? 'an unknown amount' : formatUsd(spent);
  if (spent !== '0' || reserved !== '0')
    facts.set('money', `spent ${spentText}, reserved ${formatUsd(reserved)}`);
  if (status.paused !== null) facts.set('paused', lastLine(formatStatus(status)).trim());
  if (status.canceled) facts.set('canceled', 'the run is cancelled');
  if (status.state === 'finished') facts.set('finished', 'finished');
  return facts;
}

/** The live view; it stays as text only where no report follows. */
function paintedView(screen: Screen, { blobs, clock }: Pick<RunPorts, 'blobs' | 'clock'>): View {
  const hint = 'Ctrl-C ends the watching, not the run';
  const view = openLiveView(screen, { blobs, now: clock.now, hint, patienceMs: 0 });
  return {
    show: ({ paused }, state) => view.seen(state, paused === null ? null : logText(sayPause(paused), 480)),
    end: (how) => view.stop(how === 'interrupted' ? 'picture' : 'nothing'),
  };
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
