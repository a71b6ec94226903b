// Watching a run: journals written by hand, a screen that remembers what it was shown.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDirectoryJournal } from '../../src/adapters/journals/directory.ts';
import type { Screen } from '../../src/commands/live-screen.ts';
import { findLively, watchRun } from '../../src/commands/watch.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { created, DIGEST, declared, settlement, stop } from '../engine/journal-cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'octobatch-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPTIONS = { workerEntry: null, simulatorUrl: null };
const KEY = 'abcdef0123456789abcdef0123456789';

const BEGUN: readonly JournalEvent[] = [
  created(4, ['lask']),
  declared(KEY, 0, '0-3'),
  { type: 'batch_submitted', batch: KEY, providerBatch: 'b', at: 3000 },
];
const ENDED: readonly JournalEvent[] = [
  {
    type: 'batch_collected',
    batch: KEY,
    status: 'completed',
    reason: null,
    answers: DIGEST,
    rows: 4,
    at: 4000,
  },
  {
    type: 'batch_settled',
    batch: KEY,
    settlements: [settlement(0, '0-3', { stops: [stop(0, '2')] })],
    strayRows: 0,
    at: 5000,
  },
  { type: 'run_finished', at: 6000 },
];

async function runOf(name: string, events: readonly JournalEvent[]): Promise<string> {
  const directory = join(folder, name);
  await openDirectoryJournal(join(directory, 'journal')).append(events, 0);
  return directory;
}

function screenOf(isTerminal: boolean, columns = 80, rows = 24): Screen & { readonly written: string[] } {
  const written: string[] = [];
  return {
    written,
    isTerminal,
    color: false,
    unicode: true,
    write: (text) => void written.push(text),
    size: () => ({ columns, rows }),
    onResize: () => () => {},
  };
}

describe('watching without a terminal', () => {
  it('prints a line for each thing that changed, while somebody else does the work', async () => {
    const directory = await runOf('other', BEGUN);
    const screen = screenOf(false);
    const watching = watchRun(directory, screen, OPTIONS, new AbortController().signal);
    await openDirectoryJournal(join(directory, 'journal')).append(ENDED, 1);
    expect(await watching).toBe('finished');
    const text = screen.written.join('');
    expect(text).toMatch(/^00:00:0\d UTC {2}lask: /);
    expect(text).toContain('00:00:06 UTC  lask: 3 valid, 1 failed, 0 in flight of 4\n');
    expect(text.trimEnd()).toMatch(/00:00:06 UTC {2}finished$/);
    expect(text).not.toContain('\u001b');
  });

  it('ends when it is interrupted, and leaves the run as it is', async () => {
    const directory = await runOf('left', BEGUN);
    const stop = new AbortController();
    stop.abort();
    const screen = screenOf(false);
    expect(await watchRun(directory, screen, OPTIONS, stop.signal)).toBe('interrupted');
    expect(screen.written.join('')).toContain('simulated batch abcdef01 of lask, 1 request: submitted');
    expect((await openDirectoryJournal(join(directory, 'journal')).read()).version).toBe(1);
  });

  it('says why a run is paused as long as nothing has happened since', async () => {
    const directory = await runOf('paused', BEGUN);
    const error = { kind: 'blocked', provider: 'openai', why: 'the key is refused' };
    writeFileSync(join(directory, 'report.json'), JSON.stringify({ error, timing: { elapsedMs: 2000 } }));
    const stop = new AbortController();
    stop.abort();
    const screen = screenOf(false);
    await watchRun(directory, screen, OPTIONS, stop.signal);
    expect(screen.written.join('')).toContain('paused: openai refuses: the key is refused');
    await openDirectoryJournal(join(directory, 'journal')).append(ENDED.slice(0, 1), 1);
    const later = screenOf(false);
    await watchRun(directory, later, OPTIONS, stop.signal);
    expect(later.written.join('')).not.toContain('paused');
  });

  it('is refused where there is no run', async () => {
    const nothing = watchRun(join(folder, 'none'), screenOf(false), OPTIONS, new AbortController().signal);
    await expect(nothing).rejects.toThrow('There is no run in');
  });
});

describe('watching on a terminal', () => {
  it('leaves the last picture as text when a person stops watching, and the run as it is', async () => {
    const stop = new AbortController();
    const screen = screenOf(true);
    const directory = await runOf('painted', BEGUN);
    const watching = watchRun(directory, screen, OPTIONS, stop.signal);
    while (!screen.written.join('').includes('test-0123456789'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    expect(await watching).toBe('interrupted');
    const text = screen.written.join('');
    expect(text.startsWith('\u001b[?1049h\u001b[?25l')).toBe(true);
    const [, after] = text.split('\u001b[?25h\u001b[?1049l');
    expect(after).toContain('test-0123456789');
    expect(after).toContain('Ctrl-C ends the watching, not the run');
    expect(after).not.toContain('\u001b');
  });

  it('paints nothing for a run that is over: its report follows', async () => {
    const screen = screenOf(true);
    const directory = await runOf('over', [...BEGUN, ...ENDED]);
    expect(await watchRun(directory, screen, OPTIONS, new AbortController().signal)).toBe('finished');
    expect(screen.written).toEqual([]);
  });
});

describe('the run that is watched when none is named', () => {
  it('is the unfinished one that changed last, else the one that did', async () => {
    const old = await runOf('old', BEGUN);
    const done = await runOf('done', [...BEGUN, ...ENDED]);
    const busy = await runOf('busy', [...BEGUN, ENDED[0]!]);
    expect(await findLively([old, done, busy], OPTIONS)).toBe(busy);
    expect(await findLively([done], OPTIONS)).toBe(done);
    expect(await findLively([], OPTIONS)).toBeNull();
  });
});
