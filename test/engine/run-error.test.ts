import { expect, test } from 'vitest';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { errorOfPause, errorOfState } from '../../src/engine/run-error.ts';
import { created, settlement } from './journal-cases.ts';

test('a cap that was used up is told with the least cap that would do, in whole cents', () => {
  const pause = {
    kind: 'budget',
    needs: 310_000_000_001n,
    left: 20_000_000_000n,
    cap: 250_000_000_000n,
  } as const;
  expect(errorOfPause(pause)).toEqual({
    kind: 'budget',
    needs: '0.310000000001',
    left: '0.02',
    cap: '0.25',
    enough: '0.55',
  });
});

test('a cap that was lowered below what is spent leaves nothing, and never less', () => {
  const error = errorOfPause({
    kind: 'budget',
    needs: 10n,
    left: -1_000_000_000_000n,
    cap: 1_000_000_000_000n,
  });
  expect(error).toMatchObject({ left: '0', enough: '2.01' });
});

test('what a provider says is handed on as it is', () => {
  expect(errorOfPause({ kind: 'blocked', provider: 'openai', why: 'insufficient_quota' })).toEqual({
    kind: 'blocked',
    provider: 'openai',
    why: 'insufficient_quota',
  });
});

test('a run that is cancelled between two waves was stopped, though it lost no unit', () => {
  const begun = { ...created(9, ['e1']), firstWave: 3 } as JournalEvent;
  const wave: JournalEvent = { type: 'work_settled', settlement: settlement(0, '0-2'), at: 4 };
  const end: JournalEvent[] = [
    { type: 'cancel_requested', at: 5 },
    { type: 'run_finished', at: 6 },
  ];
  expect(errorOfState(foldJournal([begun, wave, ...end])!)).toEqual({ kind: 'canceled' });
  const weighed = { kind: 'gates', enough: true, gates: 1, undecided: 0 } as const;
  const over: JournalEvent = { type: 'wave_weighed', look: 1, weighed, opens: '', at: 5 };
  expect(errorOfState(foldJournal([begun, wave, over, ...end])!)).toBeNull();
});
