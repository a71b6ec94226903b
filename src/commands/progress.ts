// Tells a person how a run moves while this process works on it: a terminal gets the live view, a pipe a line per change.
import { accountFor } from '../engine/account.ts';
import type { OpenBatch, RunState } from '../engine/state.ts';
import type { RunPorts } from '../ports/session.ts';
import { logText } from '../report/escape.ts';
import type { Screen } from './live-screen.ts';
import { openLiveView } from './live-view.ts';

/** Hears of every state of a run; `stop` leaves the terminal clean. */
export interface Progress {
  seen(state: RunState): void;
  /** Hears of each entry that is begun when all units are over. */
  began(entry: string): void;
  stop(): void;
}

/** While more units come to a step there is another line about it when there are so many times as many. */
const WORTH_A_LINE = 1.25;

/** A run that takes no longer is not worth another screen (ms). */
const PATIENCE_MS = 500;

/** Progress in the form that suits the screen. */
export function createProgress(
  screen: Screen,
  { blobs, clock }: Pick<RunPorts, 'blobs' | 'clock'>,
): Progress {
  if (!screen.isTerminal) return printProgress(screen.write);
  const view = openLiveView(screen, {
    blobs,
    now: clock.now,
    hint: 'Ctrl-C stops here; collect goes on',
    patienceMs: PATIENCE_MS,
  });
  return {
    seen: (state) => view.seen(state),
    began: (entry) => view.began(entry),
    // The report follows.
    stop: () => view.stop('nothing'),
  };
}

/** One line per thing that happened: a step begun or done, a batch sent or back; for pipes and logs. */
export function printProgress(write: (text: string) => void): Progress {
  const said = new Set<string>();
  /** Units that had come to a step when a line about it was written last. */
  const told = new Map<string, number>();
  const say = (key: string, text: string): void => {
    if (said.has(key)) return;
    said.add(key);
    write(`${logText(text, 200)}\n`);
  };
  return {
    seen(state) {
      for (const batch of state.batches.values()) {
        const noun = batch.mode === 'batch' ? `batch ${batch.key.slice(0, 8)}, ` : '';
        const counted = batch.mode === 'batch' ? 'requests' : 'single calls';
        const name = `${state.steps[batch.step]!.name}: ${noun}${batch.count} ${counted}`;
        const what = happened(batch);
        if (what !== null) say(`${batch.key} ${what}`, `${name}, ${what}`);
        if (batch.cancelAsked !== null) say(`${batch.key} cancel`, `${name}, being canceled`);
      }
      for (const [queue, { why }] of state.queues)
        say(`${queue} ${why}`, `no room in the queue of ${queue}: ${why}`);
      let isMoreToCome = false;
      for (const step of accountFor(state).steps) {
        const isQuiet = step.inFlight === 0 && step.entered > 0;
        const isFew = isMoreToCome && step.entered < (told.get(step.step) ?? 0) * WORTH_A_LINE;
        isMoreToCome ||= step.inFlight > 0;
        if (!isQuiet || isFew) continue;
        told.set(step.step, step.entered);
        const kinds = Object.entries(step.failures).map(([kind, count]) => `${count} ${kind}`);
        const lost = step.failed === 0 ? '' : `, ${step.failed} failed (${kinds.join(', ')})`;
        const key = `${step.step} ${step.valid} ${step.failed}`;
        say(key, `${step.step}: ${step.valid} of ${step.entered} units valid${lost}`);
      }
    },
    began: (entry) => say(`after ${entry}`, `after the run: ${entry}`),
    stop() {},
  };
}

/** The last thing that happened to a batch, or null when that is of no interest. */
function happened({ phase, provider }: OpenBatch): string | null {
  switch (phase.kind) {
    case 'submitted':
      return `sent to ${provider}`;
    case 'calling':
      return phase.again ? `asked of ${provider} again` : `asked of ${provider} one by one`;
    case 'collected':
      return phase.status;
    case 'postponed':
      return `not sent yet: ${phase.why}`;
    case 'claimed':
      return null;
    default:
      return phase satisfies never;
  }
}
