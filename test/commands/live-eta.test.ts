// How long a run may still take: told from what was seen, and not told where that says nothing.
import { describe, expect, it } from 'vitest';
import { createExperience } from '../../src/commands/live-eta.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { created, DIGEST, declared, settlement } from '../engine/journal-cases.ts';

const KEYS = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
const MINUTE = 60_000;

function sent(key: string, units: string, at: number): readonly JournalEvent[] {
  return [declared(key, 0, units), { type: 'batch_submitted', batch: key, providerBatch: key, at }];
}

function back(key: string, units: string, at: number): readonly JournalEvent[] {
  return [
    {
      type: 'batch_collected',
      batch: key,
      status: 'completed',
      reason: null,
      answers: DIGEST,
      rows: 1,
      at,
    },
    { type: 'batch_settled', batch: key, settlements: [settlement(0, units)], strayRows: 0, at },
  ];
}

function stateOf(events: readonly JournalEvent[]) {
  return foldJournal(events)!;
}

describe('batches', () => {
  const begun = [
    created(30, ['lask']),
    ...sent(KEYS[0]!, '0-9', 0),
    ...sent(KEYS[1]!, '10-19', 0),
    ...sent(KEYS[2]!, '20-29', 5 * MINUTE),
  ];
  const twoBack = [...begun, ...back(KEYS[0]!, '0-9', 6 * MINUTE), ...back(KEYS[1]!, '10-19', 9 * MINUTE)];

  it('are expected to take as long as those before them, from two on', () => {
    const experience = createExperience();
    experience.observe(stateOf(begun), 5 * MINUTE);
    expect(experience.estimate(stateOf(begun), 5 * MINUTE)).toBeNull();
    const oneBack = stateOf([...begun, ...back(KEYS[0]!, '0-9', 6 * MINUTE)]);
    experience.observe(oneBack, 6 * MINUTE);
    expect(experience.estimate(oneBack, 6 * MINUTE)).toBeNull();
    experience.observe(stateOf(twoBack), 9 * MINUTE);
    expect(experience.estimate(stateOf(twoBack), 9 * MINUTE)).toEqual({
      leftMs: 5 * MINUTE,
      of: 'run',
      because: 'if none is asked again: 2 batches of lask took 6 min to 9 min',
    });
  });

  it('that are older than any before them follow no rule', () => {
    const experience = createExperience();
    experience.observe(stateOf(begun), 5 * MINUTE);
    experience.observe(stateOf([...begun, ...back(KEYS[0]!, '0-9', 6 * MINUTE)]), 6 * MINUTE);
    experience.observe(stateOf(twoBack), 9 * MINUTE);
    expect(experience.estimate(stateOf(twoBack), 15 * MINUTE)).toBeNull();
  });

  it('say nothing about units that are in none', () => {
    const rest = [created(40, ['lask']), ...twoBack.slice(1)];
    const experience = createExperience();
    experience.observe(stateOf([created(40, ['lask']), ...begun.slice(1)]), 5 * MINUTE);
    experience.observe(stateOf(rest), 9 * MINUTE);
    expect(experience.estimate(stateOf(rest), 9 * MINUTE)).toBeNull();
  });
});

describe('steps that are computed here', () => {
  const computed = (through: number): readonly JournalEvent[] => [
    created(1000, ['ewalk']),
    { type: 'work_settled', settlement: settlement(0, `0-${through}`), at: 2000 },
  ];

  it('go on at the speed of the last minute', () => {
    const experience = createExperience();
    experience.observe(stateOf([created(1000, ['ewalk'])]), 0);
    const half = stateOf(computed(499));
    experience.observe(half, 10_000);
    expect(experience.estimate(half, 10_000)).toEqual({
      leftMs: 10_000,
      of: 'run',
      because: 'at 50 units a second in ewalk',
    });
  });

  it('have no speed in the first seconds, nor when nothing moves for a minute', () => {
    const experience = createExperience();
    experience.observe(stateOf([created(1000, ['ewalk'])]), 0);
    const half = stateOf(computed(499));
    experience.observe(half, 1_000);
    expect(experience.estimate(half, 1_000)).toBeNull();
    experience.observe(half, 2 * MINUTE);
    expect(experience.estimate(half, 2 * MINUTE)).toBeNull();
  });

  it('tell nothing about the steps behind them', () => {
    const experience = createExperience();
    const both = [created(1000, ['ewalk', 'lask']), computed(499)[1]!];
    experience.observe(stateOf(both.slice(0, 1)), 0);
    experience.observe(stateOf(both), 10_000);
    expect(experience.estimate(stateOf(both), 10_000)).toBeNull();
  });
});
