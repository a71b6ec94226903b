// Schedules of mixed trouble drawn from a number: faults, mishaps and deaths. The same number gives the same schedule.
import type { DeathPlan } from '../crash/dying-ports.ts';
import { mendsAfterFirst, type Scenario } from './scenarios.ts';
import { TARGETS, type Target } from './targets.ts';

/** A scenario, and where it happens. */
export interface Schedule {
  readonly target: Target;
  readonly scenario: Scenario;
}

const MISHAPS = {
  batch: [
    ['create', { kind: 'rate_limit', retryAfterMs: 20, times: 2 }],
    ['create', { kind: 'overloaded' }],
    ['create', { kind: 'spend_limit' }],
    ['create', { kind: 'fail', status: 401 }],
    ['create', { kind: 'fail', status: 502 }],
    ['create', { kind: 'lose_create_answer' }],
    ['create', { kind: 'create_5xx_after', status: 500 }],
    ['create', { kind: 'late_visibility', ms: 60 }],
    ['create', { kind: 'late_file', ms: 60 }],
    ['create', { kind: 'queue_full' }],
    ['create', { kind: 'fail_batch' }],
    ['list', { kind: 'fail', status: 503, times: 2 }],
    ['upload', { kind: 'fail', status: 500 }],
    ['retrieve', { kind: 'fail', status: 503, times: 3 }],
    ['retrieve', { kind: 'fail', status: 404, times: 2 }],
    ['content', { kind: 'fail', status: 502 }],
    ['content', { kind: 'cut_download', afterBytes: 600 }],
  ],
  realtime: [
    ['ask', { kind: 'rate_limit', retryAfterMs: 20, times: 3 }],
    ['ask', { kind: 'overloaded', times: 2 }],
    ['ask', { kind: 'spend_limit' }],
    ['ask', { kind: 'fail', status: 401 }],
    ['ask', { kind: 'fail', status: 400 }],
    ['ask', { kind: 'fail', status: 500, times: 3 }],
    ['ask', { kind: 'fail', status: 504, times: 2 }],
    ['ask', { kind: 'lose_call_answer', times: 2 }],
  ],
} as const;

const FAULTS = [
  'malformed',
  'truncated',
  'missing',
  'errored',
  'refused',
  'duplicate',
  'contradicting',
  'unknown',
  'damaged',
  'control',
  'prose',
  'verbose',
] as const;

const PORT_CALLS = {
  batch: ['provider.submit', 'provider.find', 'provider.check', 'provider.collect'],
  realtime: ['provider.ask', 'provider.ask', 'provider.ask'],
} as const;

const OTHER_CALLS = [
  'journal.append',
  'blobs.put',
  'runner.check',
  'runner.render',
  'publisher.file',
] as const;

/** The schedule of a number. */
export function scheduleOf(seed: number): Schedule {
  const random = numbers(seed);
  const below = (count: number) => Math.floor(random() * count);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const target = pick(TARGETS);
  const { mode } = target;
  const mishaps = Array.from({ length: 1 + below(4) }, () => {
    const [call, doing] = pick<(typeof MISHAPS)[typeof mode][number]>(MISHAPS[mode]);
    return { at: { call, nth: 1 + below(mode === 'batch' ? 6 : 14) }, do: doing };
  });
  const chosen = Array.from({ length: below(4) }, () => pick(FAULTS));
  const faults = Object.fromEntries(chosen.map((fault) => [fault, 0.12]));
  const deaths = Array.from({ length: below(4) }, (): NonNullable<DeathPlan> => {
    const name = random() < 0.6 ? pick<string>(PORT_CALLS[mode]) : pick(OTHER_CALLS);
    return { name, nth: 1 + below(name === 'provider.ask' ? 9 : 4), when: pick(['before', 'after']) };
  });
  const together = random() < 0.15;
  const expires = mode === 'batch' && random() < 0.15;
  return {
    target,
    scenario: {
      name: `schedule ${seed}`,
      mishaps,
      // Who works beside others is not taken for dead, and so does not die.
      ...(together ? { workers: 2 } : { deaths }),
      behaviour: {
        faults: { ...faults, fenced: 0.1, seed: String(seed) },
        ...(expires ? { latency: { minMs: 200, maxMs: 200 }, lifetimeMs: 120 } : {}),
      },
      changes: { maxCost: random() < 0.25 ? '0.12' : '5' },
      ...(expires ? { reaction: mendsAfterFirst } : {}),
      isArranged: false,
      pauses: 'any',
      valid: 'some',
      attempts: 'any',
      doubt: true,
    },
  };
}

/** Numbers in [0, 1) from a seed. */
function numbers(seed: number): () => number {
  let state = (Math.imul(seed, 2_654_435_761) + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state ^ (state >>> 15)) >>> 0) / 2 ** 32;
  };
}
