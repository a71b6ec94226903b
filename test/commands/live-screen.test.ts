// Painting: what is written makes a terminal show the next picture, and the terminal is given back.

import { describe, expect, it } from 'vitest';
import { enterScreen, repaint, type Screen, screenOf } from '../../src/commands/live-screen.ts';
import { openLiveView } from '../../src/commands/live-view.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { created } from '../engine/journal-cases.ts';
import { fc } from '../property.ts';

/** What a terminal of these columns shows after it was sent `text`; it knows what a repaint may use, and no more. */
function shows(before: readonly string[], text: string, columns: number): string[] {
  const rows = [...before];
  let row = 0;
  let column = 0;
  const sequence = /\u001b\[(\?2026[hl]|2J|(\d+);1H|K|J)|[^\u001b]/gu;
  let end = 0;
  for (const match of text.matchAll(sequence)) {
    expect(match.index).toBe(end);
    end += match[0].length;
    const [whole, code, target] = match;
    while (rows.length <= row) rows.push('');
    if (code === undefined) {
      // The last column is written over and over: the terminal does not wrap.
      const line = rows[row]!.padEnd(column);
      rows[row] = line.slice(0, column) + whole + line.slice(column + 1);
      column = Math.min(column + 1, columns - 1);
    } else if (target !== undefined) {
      row = Number(target) - 1;
      column = 0;
    } else if (code === 'K') rows[row] = rows[row]!.slice(0, column);
    else if (code === 'J') rows.splice(row, rows.length, rows[row]!.slice(0, column));
    else if (code === '2J') rows.splice(0);
  }
  expect(end).toBe(text.length);
  while (rows.at(-1)?.trim() === '') rows.pop();
  return rows;
}

const COLUMNS = 8;
const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '█'), maxLength: COLUMNS }), {
  maxLength: 6,
});
const trimmed = (picture: readonly string[]): string[] => {
  const rows = [...picture];
  while (rows.at(-1)?.trim() === '') rows.pop();
  return rows;
};

describe('a repaint', () => {
  it('makes whatever was shown into the next picture', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(shows(before, repaint(before, after), COLUMNS)).toEqual(trimmed(after));
        expect(shows(['garbage', 'xxxxxxxx'], repaint(null, after), COLUMNS)).toEqual(trimmed(after));
      }),
    );
  });

  it('writes nothing when nothing has changed, and only lines that have', () => {
    expect(repaint(['a', 'b'], ['a', 'b'])).toBe('');
    expect(repaint(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe('\u001b[?2026h\u001b[2;1H\u001b[Kx\u001b[?2026l');
  });
});

function memoryScreen(): Screen & { readonly written: string[]; resize(columns: number): void } {
  const written: string[] = [];
  const listeners = new Set<() => void>();
  let columns = 80;
  return {
    written,
    isTerminal: true,
    color: false,
    unicode: true,
    write: (text) => void written.push(text),
    size: () => ({ columns, rows: 24 }),
    onResize(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    resize(next) {
      columns = next;
      for (const changed of listeners) changed();
    },
  };
}

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';

describe('the terminal', () => {
  it('is given back once, and nothing is painted afterwards', () => {
    const screen = memoryScreen();
    const canvas = enterScreen(screen);
    canvas.paint([[['plain', 'a']]]);
    canvas.leave();
    canvas.leave();
    canvas.paint([[['plain', 'b']]]);
    expect(screen.written[0]).toBe(ENTER);
    expect(screen.written.at(-1)).toBe(LEAVE);
    expect(screen.written.filter((text) => text === LEAVE)).toHaveLength(1);
  });

  it('is given back when the process exits on the way, and no listener stays behind', () => {
    const before = process.listenerCount('exit');
    const screen = memoryScreen();
    enterScreen(screen);
    const [added] = process.listeners('exit').slice(before);
    (added as () => void)();
    expect(screen.written.at(-1)).toBe(LEAVE);
    expect(process.listenerCount('exit')).toBe(before);
    expect(process.listenerCount('SIGTSTP')).toBe(0);
  });

  it.each([
    [{ LANG: 'de_DE.UTF-8' }, true, true],
    [{ LANG: 'C', NO_COLOR: '1' }, false, false],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8', NO_COLOR: '' }, false, true],
  ])('of %j: signs beyond ASCII %s, colours %s', (environment, unicode, color) => {
    const stream = { isTTY: true, columns: 90, rows: 30, write: () => true } as unknown as NodeJS.WriteStream;
    const screen = screenOf(stream, environment);
    expect(screen.color).toBe(color);
    if (process.platform === 'linux') expect(screen.unicode).toBe(unicode);
    expect(screen.size()).toEqual({ columns: 90, rows: 30 });
  });

  it('is not painted on when it cannot be, or when there is none', () => {
    const stream = { isTTY: true, write: () => true } as unknown as NodeJS.WriteStream;
    expect(screenOf(stream, { TERM: 'dumb' }).isTerminal).toBe(false);
    expect(screenOf({ ...stream, isTTY: false } as NodeJS.WriteStream, {}).isTerminal).toBe(false);
  });
});

describe('a view', () => {
  it('paints anew when the window changes, in its new width', async () => {
    const screen = memoryScreen();
    const none = { lines: () => (async function* (): AsyncGenerator<string> {})() };
    const view = openLiveView(screen, { blobs: none, now: Date.now, hint: 'hint', patienceMs: 0 });
    view.seen(foldJournal([created(10, ['ewalk', 'lask'])])!);
    while (screen.written.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(screen.written[0]).toBe(ENTER);
    const painted = screen.written.length;
    screen.resize(30);
    const text = screen.written.slice(painted).join('');
    expect(text).toContain('\u001b[2J');
    for (const row of shows([], text, 30)) expect([...row].length).toBeLessThanOrEqual(30);
    view.stop('nothing');
    screen.resize(50);
    expect(screen.written.at(-1)).toBe(LEAVE);
  });
});
