// The live view of a run on a terminal: keeps the picture fresh while time passes, the run moves and the window changes.
import type { RunState } from '../engine/state.ts';
import type { Blobs } from '../ports/blobs.ts';
import { logText } from '../report/escape.ts';
import { formatAge } from './ages.ts';
import { createExperience } from './live-eta.ts';
import { createFailureReader } from './live-failures.ts';
import { layOut } from './live-layout.ts';
import { lineText } from './live-line.ts';
import { pictureOf } from './live-picture.ts';
import { type Canvas, enterScreen, type Screen } from './live-screen.ts';
import { ASCII, UNICODE } from './live-steps.ts';

/** A view of one run. */
export interface LiveView {
  /** Hears of every state. `paused`: why nothing goes on until a person does something. */
  seen(state: RunState, paused?: string | null): void;
  /** Hears of each entry that is begun when all units are over. */
  began(entry: string): void;
  /** Gives the terminal back; `leaving` also the last picture, as plain lines. */
  stop(leaving: 'nothing' | 'picture'): void;
}

/** What a view stands on. */
export interface LiveSource {
  readonly blobs: Pick<Blobs, 'lines'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What Ctrl-C does. */
  readonly hint: string;
  /** A run that is over before that is not painted at all (ms). */
  readonly patienceMs: number;
}

/** Ages move on by themselves. */
const REPAINT_MS = 1_000;
/** States may come by the hundred a second. */
const LEAST_PAUSE_MS = 80;

/** Opens a view; nothing is written before there is something to see. */
export function openLiveView(screen: Screen, { blobs, now, hint, patienceMs }: LiveSource): LiveView {
  const glyphs = screen.unicode ? UNICODE : ASCII;
  const experience = createExperience();
  const failures = createFailureReader(blobs);
  const openedAt = now();
  let canvas: Canvas | null = null;
  let latest: { readonly state: RunState; readonly paused: string | null } | null = null;
  let after: { readonly entry: string; readonly since: number } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let due = Number.POSITIVE_INFINITY;
  let isStopped = false;

  const lines = () => {
    if (latest === null) return [];
    const { state, paused } = latest;
    const eta = paused === null ? experience.estimate(state, now()) : null;
    const picture = pictureOf(state, now(), {
      eta,
      paused,
      ...(after === null
        ? {}
        : {
            afterwards: `${logText(after.entry, 120)}, for ${formatAge(Math.max(0, now() - after.since))}`,
          }),
      failures: failures.last(),
      hint,
    });
    return layOut(picture, screen.size(), glyphs);
  };
  const paint = (): void => {
    canvas ??= enterScreen(screen);
    canvas.paint(lines());
    if (latest !== null)
      void failures.follow(latest.state).then((isNew) => {
        if (isNew) wake(LEAST_PAUSE_MS);
      });
    wake(REPAINT_MS);
  };
  /** Paints in so many milliseconds at the latest. */
  function wake(ms: number): void {
    const at = now() + ms;
    if (isStopped || at >= due) return;
    if (timer !== null) clearTimeout(timer);
    due = at;
    timer = setTimeout(() => {
      due = Number.POSITIVE_INFINITY;
      paint();
    }, ms);
    // A view keeps no process alive.
    timer.unref();
  }
  const stopListening = screen.onResize(() => {
    canvas?.forget();
    if (canvas !== null) paint();
  });

  return {
    seen(state, paused = null) {
      latest = { state, paused };
      experience.observe(state, now());
      wake(Math.max(LEAST_PAUSE_MS, openedAt + patienceMs - now()));
    },
    began(entry) {
      after = { entry, since: now() };
      wake(LEAST_PAUSE_MS);
    },
    stop(leaving) {
      if (isStopped) return;
      isStopped = true;
      if (timer !== null) clearTimeout(timer);
      stopListening();
      const last = lines();
      canvas?.leave();
      if (leaving === 'picture') screen.write(`${last.map(lineText).join('\n')}\n`);
    },
  };
}
