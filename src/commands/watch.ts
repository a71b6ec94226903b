// Shows how a run moves, from its journal alone: another process may do the work. It writes nothing and asks nobody.
import pc from 'picocolors';
import { formatCount } from '../analysis/numbers.ts';
import { openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { JournalFold } from '../engine/journal-fold.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import { formatUsd } from '../report/cost-text.ts';
import { logText } from '../report/escape.ts';
import { formatSince } from './ages.ts';
import { describeRuns, describeState, findFinishedOwners, type RunStatus, readPause } from './status.ts';
import { formatStatus, nameBatch } from './status-text.ts';

/** Where the view goes. The size is asked each time: a person may change it. */
export interface Screen {
  readonly isTerminal: boolean;
  readonly color: boolean;
  write(text: string): void;
  size(): { readonly columns: number; readonly rows: number };
}

/** How often the journal is looked at (ms). */
const LOOK_MS = 1000;

const BAR_WIDTH = 24;

/** Follows a run until it is finished or the signal ends the watching. Throws a JournalError when there is no run. */
export async function watchRun(
  directory: string,
  screen: Screen,
  options: RunPlaceOptions,
  signal: AbortSignal,
): Promise<'finished' | 'interrupted'> {
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  const { journal, clock, owners } = place.ports;
  const view = screen.isTerminal ? paintedView(screen) : printedView(screen);
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
      const now = clock.now();
      view.show(describeState(state, { directory, now, finishedOwners, paused }), state, now);
      if (state.finished) return 'finished';
      if (signal.aborted) return 'interrupted';
      await clock.sleep(LOOK_MS, signal);
    }
  } finally {
    view.end();
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
  show(status: RunStatus, state: RunState, now: number): void;
  end(): void;
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

/** The whole screen, painted over at every look; the screen of before comes back at the end, with the last picture. */
function paintedView(screen: Screen): View {
  const colors = pc.createColors(screen.color);
  let last: { text: string; lines: readonly string[] } | null = null;
  return {
    show(status, _state, now) {
      const lines = frame(status, now, screen.size());
      const text = lines.map((line, index) => (index === 0 ? colors.bold(line) : line)).join('\u001b[K\n');
      if (last === null) screen.write('\u001b[?1049h\u001b[?25l');
      if (last?.text !== text) screen.write(`\u001b[H${text}\u001b[K\u001b[J`);
      last = { text, lines };
    },
    end() {
      if (last !== null) screen.write(`\u001b[?25h\u001b[?1049l${last.lines.join('\n')}\n`);
    },
  };
}

/** The picture: how far each step is, then everything that `status` tells, cut to the screen. */
export function frame(
  status: RunStatus,
  now: number,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): readonly string[] {
  const { planned, steps } = status.accounting;
  const width = Math.max(...steps.map(({ step }) => step.length));
  const bars = steps.map(({ step, valid, failed }) => {
    const filled = planned === 0 ? 0 : Math.round(((valid + failed) / planned) * BAR_WIDTH);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
    const lost = failed === 0 ? '' : `, ${formatCount(failed)} failed`;
    return `  ${step.padEnd(width)}  ${bar}  ${formatCount(valid)} of ${formatCount(planned)}${lost}`;
  });
  const [head = '', , ...told] = formatStatus(status).trimEnd().split('\n');
  const changed = `  last change ${formatSince(Date.parse(status.lastEvent), now)}; Ctrl-C ends the watching, not the run`;
  const lines = [head, ...bars, ...told.slice(steps.length), changed];
  const wrapped = lines.flatMap((line) => wrap(line, columns));
  const room = rows - 1;
  return wrapped.length <= room
    ? wrapped
    : [...wrapped.slice(0, Math.max(1, room - 1)), `  and ${wrapped.length - room + 1} lines more`];
}

/** Breaks a line between words where the terminal would break it: a line it breaks by itself moves everything below. */
function wrap(line: string, columns: number): string[] {
  const width = Math.max(20, columns - 1);
  const lines = [''];
  for (const word of line.split(/(?<=\S )/)) {
    const letters = [...word];
    const last = lines.at(-1)!;
    if ([...last].length + letters.length <= width) lines[lines.length - 1] = last + word;
    else lines.push(`    ${letters.slice(0, width - 4).join('')}`);
  }
  return lines;
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
