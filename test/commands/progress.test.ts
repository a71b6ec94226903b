import { expect, test } from 'vitest';
import { createProgress } from '../../src/commands/progress.ts';
import type { RunState } from '../../src/engine/state.ts';
import { textAnswer } from '../engine/scripted-provider.ts';
import { PRICE, pipelineOf, worldOf } from '../engine/world.ts';

async function states(): Promise<RunState[]> {
  const world = await worldOf(
    pipelineOf(3, { retry: { maxAttempts: 1, feedback: false, from: null } }),
    { rows: (requests) => requests.map((one, i) => textAnswer(one, i === 0 ? 'no' : '{"n": 1}')) },
    { session: { paid: true }, settings: { prices: { 'scripted/m/batch': PRICE }, cap: String(10n ** 13n) } },
  );
  const seen: RunState[] = [];
  await (await world.open()).tick(undefined, (state) => seen.push(state));
  return seen;
}

test('a pipe gets a line for each thing that happened, once, with failures by kind', async () => {
  let text = '';
  const target = {
    write: (part: string) => void (text += part),
    isTerminal: false,
    color: false,
    columns: 80,
  };
  const progress = createProgress(target);
  for (const state of await states()) progress.seen(state);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/batch [0-9a-f]{8}/, 'batch #'));
  expect(lines).toEqual([
    'ask: batch #, 3 requests, sent to scripted',
    'ask: batch #, 3 requests, completed',
    'ask: 2 of 3 units valid, 1 failed (1 malformed)',
  ]);
});

test('a terminal gets the money below the steps', async () => {
  let text = '';
  const target = {
    write: (part: string) => void (text += part),
    isTerminal: true,
    color: false,
    columns: 80,
  };
  const progress = createProgress(target);
  for (const state of await states()) progress.seen(state);
  expect(text).toMatch(/\$0\.00 of at most \$10\.00, at most \$0\.00\d+ more under way/);
  expect(text).toMatch(/under \$0\.0001 of at most \$10\.00\n$/);
});
