import { expect, test } from 'vitest';
import type { Screen } from '../../src/commands/live-screen.ts';
import { createProgress, printProgress } from '../../src/commands/progress.ts';
import { JournalFold } from '../../src/engine/journal-fold.ts';
import type { RunState } from '../../src/engine/state.ts';
import type { RunPorts } from '../../src/ports/session.ts';
import { created, settlement } from '../engine/journal-cases.ts';
import { textAnswer } from '../engine/scripted-provider.ts';
import { PRICE, pipelineOf, worldOf } from '../engine/world.ts';

async function states(): Promise<{ readonly seen: RunState[]; readonly ports: RunPorts }> {
  const world = await worldOf(
    pipelineOf(3, { retry: { maxAttempts: 1, feedback: false, from: null } }),
    { rows: (requests) => requests.map((one, i) => textAnswer(one, i === 0 ? 'no' : '{"n": 1}')) },
    { session: { paid: true }, settings: { prices: { 'scripted/m/batch': PRICE }, cap: String(10n ** 13n) } },
  );
  const seen: RunState[] = [];
  const { context, tick } = await world.open();
  await tick(undefined, (state) => seen.push(state));
  return { seen, ports: context.ports };
}

function screenOf(): Screen & { readonly written: string[] } {
  const written: string[] = [];
  return {
    written,
    isTerminal: false,
    color: false,
    unicode: true,
    write: (text) => void written.push(text),
    size: () => ({ columns: 80, rows: 24 }),
    onResize: () => () => {},
  };
}

test('a pipe gets a line for each thing that happened, once, with failures by kind', async () => {
  const screen = screenOf();
  const { seen, ports } = await states();
  const progress = createProgress(screen, ports);
  for (const state of seen) progress.seen(state);
  progress.began('runs.py');
  progress.stop();
  const lines = screen.written
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/batch [0-9a-f]{8}/, 'batch #'));
  expect(lines).toEqual([
    'ask: batch #, 3 requests, sent to scripted',
    'ask: batch #, 3 requests, completed',
    'ask: 2 of 3 units valid, 1 failed (1 malformed)',
    'after the run: runs.py',
  ]);
});

test('a terminal gets nothing of a run that is over in a moment: its report follows', async () => {
  const screen = { ...screenOf(), isTerminal: true };
  const { seen, ports } = await states();
  const progress = createProgress(screen, ports);
  for (const state of seen) progress.seen(state);
  progress.stop();
  expect(screen.written).toEqual([]);
});

test('a pipe hears of a step less and less often while more units come to it, and how it ended', () => {
  const screen = screenOf();
  const progress = printProgress(screen.write);
  const fold = new JournalFold();
  fold.apply([created(200_000, ['e1', 'e2'])]);
  for (let from = 0; from < 200_000; from += 1000) {
    const both = settlement(0, `${from}-${from + 999}`, { through: 1, capped: [0, 0] });
    fold.apply([{ type: 'work_settled', settlement: both, at: 1 }]);
    progress.seen(fold.state()!);
  }
  expect(screen.written[0]).toBe('e2: 1000 of 1000 units valid\n');
  expect(screen.written.length).toBeLessThan(30);
  expect(screen.written.slice(-2)).toEqual([
    'e1: 200000 of 200000 units valid\n',
    'e2: 200000 of 200000 units valid\n',
  ]);
});
