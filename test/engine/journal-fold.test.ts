import { describe, expect, it } from 'vitest';
import { checkAccounting } from '../../src/analysis/accounting.ts';
import { accountFor } from '../../src/engine/account.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { JournalError, validUnits } from '../../src/engine/state.ts';
import { created, DIGEST, declared, settlement, stop } from './journal-cases.ts';

const fold = (...events: JournalEvent[]) => foldJournal(events)!;
const settled = (batch: string, ...settlements: ReturnType<typeof settlement>[]): JournalEvent[] => [
  { type: 'batch_submitted', batch, providerBatch: `at-${batch}`, at: 3000 },
  { type: 'batch_collected', batch, status: 'completed', reason: null, answers: DIGEST, rows: 1, at: 4000 },
  { type: 'batch_settled', batch, settlements, strayRows: 0, at: 5000 },
];

describe('the fold of a journal', () => {
  it('is nothing for an empty journal', () => {
    expect(foldJournal([])).toBeNull();
  });

  it('starts with every unit waiting at the first step', () => {
    const state = fold(created(10, ['e1', 'l2']));
    expect(state.steps[0]!.ready.map((group) => group.units.toString())).toEqual(['0-9']);
    expect(state.steps[1]!.ready).toEqual([]);
  });

  it('moves units that pass to the next step and keeps those that fail where they failed', () => {
    const state = fold(created(10, ['e1', 'l2']), {
      type: 'work_settled',
      settlement: settlement(0, '0-4', { stops: [stop(0, '3')] }),
      at: 2000,
    });
    expect(state.steps[0]!.ready.map((group) => group.units.toString())).toEqual(['5-9']);
    expect(state.steps[0]!.failed.toString()).toBe('3');
    expect(state.steps[1]!.ready.map((group) => group.units.toString())).toEqual(['0-2,4']);
    expect(checkAccounting(accountFor(state))).toBeNull();
  });

  it('lets a unit stop in the middle of a chunk that went through several local steps', () => {
    const state = fold(created(4, ['e1', 'e2', 'e3']), {
      type: 'work_settled',
      settlement: settlement(0, '0-3', { through: 2, stops: [stop(1, '2')], capped: [0, 1, 0] }),
      at: 2000,
    });
    expect(state.steps.map((step) => step.passed.toString())).toEqual(['0-3', '0-1,3', '0-1,3']);
    expect(state.steps[1]!.capped).toBe(1);
    expect(validUnits(state).toString()).toBe('0-1,3');
    expect(checkAccounting(accountFor(state))).toBeNull();
  });

  it('sends a judged unit back to the step that made it, and voids what it had from there on', () => {
    const state = fold(
      created(3, ['l1', 'l2']),
      declared('a', 0, '0-2'),
      ...settled('a', settlement(0, '0-2')),
      declared('b', 1, '0-2'),
      ...settled('b', settlement(1, '0-2', { stops: [stop(1, '', [{ step: 0, units: '1' }])] })),
    );
    expect(state.steps[0]!.passed.toString()).toBe('0,2');
    expect(state.steps[0]!.ready).toMatchObject([{ attempt: 2, feedback: DIGEST }]);
    expect(state.steps[1]!.passed.toString()).toBe('0,2');
    const books = accountFor(state);
    expect(books).toMatchObject({ planned: 3, valid: 2, failed: 0, inFlight: 1 });
    expect(checkAccounting(books)).toBeNull();
  });

  it('counts first attempts and retries apart', () => {
    const state = fold(
      created(2, ['l1']),
      declared('a', 0, '0-1'),
      ...settled(
        'a',
        settlement(0, '0-1', {
          stops: [stop(0, '', [{ step: 0, units: '1' }])],
          requests: 2,
          usage: { input: 20, output: 10 },
        }),
      ),
      declared('b', 0, '1', { attempt: 2 }),
      ...settled('b', settlement(0, '1', { attempt: 2, requests: 1, usage: { input: 12, output: 5 } })),
    );
    expect(accountFor(state).steps[0]).toMatchObject({
      valid: 2,
      retried: 1,
      firstAttemptValid: 1,
      requests: 3,
      usage: { input: 32, output: 15 },
      retryUsage: { input: 12, output: 5 },
    });
  });

  it('refuses a journal that puts a unit in two places at once', () => {
    expect(() => fold(created(3, ['l1']), declared('a', 0, '0-1'), declared('b', 0, '1-2'))).toThrow(
      JournalError,
    );
  });

  it('refuses a journal of a newer engine untouched', () => {
    const event = { ...created(1, ['e1']), journal: 99 } as JournalEvent;
    expect(() => fold(event)).toThrow(/version 99/);
  });

  it('refuses an event it does not know', () => {
    expect(() => fold(created(1, ['e1']), { type: 'magic', at: 1 } as unknown as JournalEvent)).toThrow(
      /does not know/,
    );
  });
});
