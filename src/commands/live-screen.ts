// A terminal that a picture is painted on, over and over: what to write so that it shows the next one, and how it is given
// back, also when the process dies of an error. It decides nothing about what is shown.

import type { ScreenSize } from './live-layout.ts';
import { colorLine, type Line } from './live-line.ts';

/** Where a view goes. The size is asked each time: a person may change it. */
export interface Screen {
  /** True for a terminal that can be painted on. */
  readonly isTerminal: boolean;
  readonly color: boolean;
  readonly unicode: boolean;
  write(text: string): void;
  size(): ScreenSize;
  /** Calls back when the size has changed, until the returned function is called. */
  onResize(changed: () => void): () => void;
}

const ESCAPE = '\u001b[';
/** Another screen, no cursor, no wrapping: a line that a terminal thinks too long must not push the others down. */
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l`;
const LEAVE = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`;
/** Between these a terminal shows nothing half painted; those that do not know them ignore them. */
const BEGIN_FRAME = `${ESCAPE}?2026h`;
const END_FRAME = `${ESCAPE}?2026l`;

/** What must be written where `before` is shown so that `after` is; null: nothing is known about what is shown. */
export function repaint(before: readonly string[] | null, after: readonly string[]): string {
  // A line is cleared before it is written: behind its last column there would be nothing to clear but that column.
  const changes = after.flatMap((line, row) =>
    before !== null && before[row] === line ? [] : [`${ESCAPE}${row + 1};1H${ESCAPE}K${line}`],
  );
  const isShorter = before === null || before.length > after.length;
  const rest = isShorter ? `${ESCAPE}${after.length + 1};1H${ESCAPE}J` : '';
  const whole = before === null ? `${ESCAPE}2J${changes.join('')}` : changes.join('') + rest;
  return whole === '' ? '' : BEGIN_FRAME + whole + END_FRAME;
}

/** A screen that is painted on. */
export interface Canvas {
  paint(lines: readonly Line[]): void;
  /** After a change of size nothing is known about what is shown. */
  forget(): void;
  /** Gives the terminal back as it was. */
  leave(): void;
}

/** Takes the terminal. It is given back with `leave`, or when the process ends in any way that a program can notice. */
export function enterScreen(screen: Screen): Canvas {
  let shown: readonly string[] | null = null;
  let isOpen = true;
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    process.off('exit', leave);
    process.off('SIGTSTP', suspend);
    process.off('SIGCONT', resume);
    screen.write(LEAVE);
  };
  // Ctrl-Z: whoever gets the terminal next must find it as it was.
  const suspend = (): void => {
    screen.write(LEAVE);
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = (): void => {
    shown = null;
    screen.write(ENTER);
  };
  process.on('exit', leave);
  if (process.platform !== 'win32') process.on('SIGTSTP', suspend).on('SIGCONT', resume);
  screen.write(ENTER);
  return {
    paint(lines) {
      if (!isOpen) return;
      const next = lines.map((line) => colorLine(line, screen.color));
      const text = repaint(shown, next);
      shown = next;
      if (text !== '') screen.write(text);
    },
    forget() {
      shown = null;
    },
    leave,
  };
}

/** A stream of this process as a screen. Colours and signs follow what the environment says about the terminal. */
export function screenOf(
  stream: NodeJS.WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): Screen {
  const isTerminal = stream.isTTY === true && environment.TERM !== 'dumb';
  return {
    isTerminal,
    color: isTerminal && (environment.NO_COLOR ?? '') === '',
    unicode: knowsUnicode(environment),
    write: (text) => void stream.write(text),
    size: () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }),
    onResize(changed) {
      stream.on('resize', changed);
      return () => void stream.off('resize', changed);
    },
  };
}

/** Whether the locale is one of UTF-8. Windows has none, and its terminals know it. */
function knowsUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  const locale = LC_ALL || LC_CTYPE || LANG || '';
  return process.platform === 'win32' || process.platform === 'darwin' || /utf-?8/i.test(locale);
}
