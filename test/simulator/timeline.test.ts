// Where a batch stands at any time: laws that hold for all durations.

import { expect, test } from 'vitest';
import { NO_FAULTS } from '../../src/simulator/faults.ts';
import { type BatchRecord, isOver, stateOf } from '../../src/simulator/timeline.ts';
import { fc } from '../property.ts';

const record = (changes: Partial<BatchRecord> = {}): BatchRecord => ({
  id: 'batch_1',
  protocol: 'openai',
  createdMs: 1000,
  input: 'file-1',
  details: {},
  tokens: 100,
  hiddenMs: 0,
  outputDelayMs: 0,
  seed: '1',
  cached: 0,
  model: 'm',
  total: 100,
  failure: null,
  durationMs: 1000,
  lifetimeMs: null,
  faults: NO_FAULTS,
  ...changes,
});

test('a batch passes through the statuses of the protocol in their order', () => {
  const seen = [0, 99, 100, 500, 899, 900, 999, 1000, 5000].map(
    (age) => stateOf(record(), null, 1000 + age).status,
  );
  expect(seen).toEqual([
    'validating',
    'validating',
    'in_progress',
    'in_progress',
    'in_progress',
    'finalizing',
    'finalizing',
    'completed',
    'completed',
  ]);
});

test('a batch without latency is complete at once', () => {
  expect(stateOf(record({ durationMs: 0 }), null, 1000)).toMatchObject({
    status: 'completed',
    executed: 100,
  });
});

test('a batch with a problem fails after validation', () => {
  const failing = record({ failure: [{ code: 'empty_file', message: '', line: null }] });
  expect(stateOf(failing, null, 1050).status).toBe('validating');
  expect(stateOf(failing, 1060, 1100).status).toBe('failed');
});

test('a batch that is over never changes, and no request is ever taken back', () => {
  const ages = fc.integer({ min: 0, max: 3000 });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2000 }),
      fc.option(ages, { nil: null }),
      fc.option(ages, { nil: null }),
      ages,
      ages,
      (durationMs, lifetimeMs, cancelAge, one, other) => {
        const batch = record({ durationMs, lifetimeMs });
        const cancelMs = cancelAge === null ? null : 1000 + cancelAge;
        const at = (age: number) => {
          const now = 1000 + age;
          // A cancellation that has not been asked for yet is not known.
          return stateOf(batch, cancelMs !== null && cancelMs <= now ? cancelMs : null, now);
        };
        const [before, after] = [at(Math.min(one, other)), at(Math.max(one, other))];
        expect(after.executed).toBeGreaterThanOrEqual(before.executed);
        expect(after.executed).toBeLessThanOrEqual(100);
        if (isOver(before)) expect(after).toEqual(before);
      },
    ),
  );
});
