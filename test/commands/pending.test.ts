import { expect, test } from 'vitest';
import { describePending } from '../../src/commands/pending.ts';
import type { OpenBatch, RunState } from '../../src/engine/state.ts';

const options = { launcher: 'octobatch', directory: 'runs/a b', now: Date.UTC(2026, 10, 23, 10, 1) };
const claim = { owner: 'o', at: 0, expires: 0 };

function batch(key: string, part: Partial<OpenBatch>): [string, OpenBatch] {
  const whole = { key, step: 0, provider: 'openai', count: 3, submittedAt: null, cancelAsked: null, ...part };
  return [key, whole as OpenBatch];
}

function stateWith(batches: [string, OpenBatch][], part: Partial<RunState> = {}): RunState {
  const steps = [{ name: 'ask' }];
  return {
    steps,
    batches: new Map(batches),
    queues: new Map(),
    canceling: false,
    settings: {},
    ...part,
  } as unknown as RunState;
}

test('each batch is told by where it stands', () => {
  const submitted = { kind: 'submitted', providerBatch: 'x', at: 0 } as const;
  const state = stateWith([
    batch('11111111aa', { phase: { kind: 'claimed', claim } }),
    batch('22222222aa', { phase: { kind: 'claimed', claim } }),
    batch('33333333aa', { phase: submitted, submittedAt: Date.UTC(2026, 10, 23, 9, 31) }),
    batch('44444444aa', { phase: submitted, cancelAsked: { why: 'age', at: 0 } }),
    batch('55555555aa', { phase: { kind: 'postponed', cause: 'busy', why: 'w', retryAt: 0 } }),
    batch('66666666aa', { phase: { kind: 'postponed', cause: 'blocked', why: 'w', retryAt: 0 } }),
    batch('77777777aa', {
      phase: { kind: 'collected', answers: 'd', status: 'completed', reason: null, rows: 3 },
    }),
  ]);
  const waits = [
    { batch: '22222222aa', why: 'unsure', lookAt: options.now + 900_000, trouble: null },
  ] as const;
  const pending = describePending(state, waits, options);
  expect(pending.batches.map((one) => one.state)).toEqual([
    'declared',
    'unsure',
    'running',
    'canceling',
    'declared',
    'blocked',
    'back',
  ]);
  expect(pending.batches[2]).toMatchObject({ batch: '33333333', sent: '09:31 UTC', looked: '10:01 UTC' });
  expect(pending).toMatchObject({
    nextLook: '10:16 UTC',
    goOn: "octobatch collect 'runs/a b'",
    canceling: false,
  });
  // Where a later job goes on, nobody is told how to, and its schedule says when it looks.
  const later = describePending(state, waits, { ...options, directory: null });
  expect([later.nextLook, later.goOn]).toEqual([null, null]);
});

test('the deadline is a date, from the beginning of the run', () => {
  const createdAt = Date.UTC(2026, 10, 23, 8, 1);
  const settings = { deadlineMs: 3 * 86_400_000 } as RunState['settings'];
  expect(describePending(stateWith([], { createdAt, settings }), [], options).deadline).toBe(
    '2026-11-26 08:01 UTC',
  );
});

test('a queue is full until a batch that was in it comes back, or its time is over', () => {
  const running = batch('r', { phase: { kind: 'submitted', providerBatch: 'x', at: 0 } });
  const full = (behind: string[], retryAt: number) =>
    describePending(
      stateWith([running], {
        queues: new Map([['openai/m', { why: 'w', at: 0, retryAt, alone: 0, behind }]]),
      }),
      [],
      options,
    ).fullQueues;
  expect(full(['r'], 0)).toEqual(['openai/m']);
  expect(full(['r', 'gone'], options.now + 1)).toEqual([]);
  expect(full([], options.now + 1)).toEqual(['openai/m']);
  expect(full([], options.now)).toEqual([]);
});
