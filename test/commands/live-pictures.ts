// Pictures of runs for the tests of the live view: each shows something that the others do not.
import type { LiveBatch, LiveStep, Picture } from '../../src/commands/live-picture.ts';

/** A step with nothing in it. */
export function stepOf(name: string, more: Partial<LiveStep> = {}): LiveStep {
  return {
    name,
    kind: 'llm',
    valid: 0,
    failed: 0,
    underWay: 0,
    waiting: 0,
    retried: 0,
    expected: 0,
    asked: null,
    children: null,
    ...more,
  };
}

/** A batch that was sent. */
export function batchOf(id: string, step: string, more: Partial<LiveBatch> = {}): LiveBatch {
  return {
    id,
    step,
    asked: 'openai gpt-5-mini',
    requests: 5000,
    mode: 'batch',
    says: 'sent 4 min 10 s ago',
    isHeldUp: false,
    ...more,
  };
}

const DOLLAR = 10n ** 12n;

/** A run that begins. */
export const BEGUN: Picture = {
  run: 'drunken-sailor-0123456789',
  standing: 'open',
  ageMs: 800,
  quietMs: 0,
  planned: 1000,
  valid: 0,
  failed: 0,
  inFlight: 1000,
  shard: null,
  wave: null,
  steps: [
    stepOf('walk', { kind: 'expression', waiting: 1000, expected: 1000 }),
    stepOf('analyze', { expected: 1000 }),
  ],
  batches: [],
  money: null,
  eta: null,
  paused: null,
  failures: [],
  hint: 'Ctrl-C stops here; collect goes on',
};

/** A run with everything: a fan-out, money, batches of two providers, failures with text of strangers, waves, an estimate. */
export const BUSY: Picture = {
  ...BEGUN,
  run: 'market-haggle-dc8f97ec6d',
  ageMs: 754_000,
  planned: 12_000,
  valid: 5020,
  failed: 37,
  inFlight: 6943,
  shard: '2/7',
  wave: { number: 2, opened: 12_000, most: 48_000, isLast: false },
  steps: [
    stepOf('customer', { kind: 'expression', valid: 12_000, expected: 12_000 }),
    stepOf('offers', { kind: 'fan_out', valid: 12_000, expected: 12_000, children: 50_400 }),
    stepOf('haggle', {
      valid: 20_000,
      failed: 31,
      underWay: 25_000,
      waiting: 5369,
      retried: 412,
      expected: 50_400,
      asked: 'openai gpt-5-mini',
    }),
    stepOf('review', {
      valid: 5020,
      failed: 6,
      underWay: 14_000,
      waiting: 974,
      expected: 50_369,
      asked: 'anthropic claude-haiku-5',
    }),
  ],
  batches: [
    batchOf('batch_67ab12cd34ef5678901234a1b2c3d4', 'haggle'),
    batchOf('batch_67ab12cd34ef5678901234ffffff00', 'haggle', {
      says: 'sent 3 min 2 s ago, being cancelled',
    }),
    batchOf('3f9c01aa', 'haggle', {
      says: 'tried again in 2 min: the queue of gpt-5-mini is full',
      isHeldUp: true,
    }),
    batchOf('msgbatch_01HkcTjaV5uDC8jWR4ZsDV8H', 'review', {
      asked: 'anthropic claude-haiku-5',
      requests: 14_000,
      says: 'sent 58 s ago',
    }),
  ],
  money: { spent: (DOLLAR * 42n) / 100n, unpriced: false, reserved: (DOLLAR * 31n) / 100n, cap: DOLLAR * 2n },
  eta: {
    leftMs: 540_000,
    of: 'wave',
    because: 'if none is asked again: 3 batches of haggle took 6 min to 9 min',
  },
  failures: [
    {
      kind: 'invalid',
      step: 'haggle',
      unit: 'smith__0003__fan002',
      issue: 'sold for 3, below the cost of 18',
    },
    {
      kind: 'malformed',
      step: 'review',
      unit: '鍛冶屋のブラナ__0012',
      issue: '申し訳ありませんが、お答えできません。',
    },
    {
      kind: 'refused',
      step: 'haggle',
      unit: 'alchemist__0105',
      issue: 'I cannot help with that \\u{1b}[31m',
    },
  ],
};

/** A run that waits for a person. */
export const PAUSED: Picture = {
  ...BUSY,
  shard: null,
  wave: null,
  eta: null,
  batches: [],
  paused:
    'the budget; the next request with its retries may cost $0.02, and $0.01 of $2.00 is left. Go on with --max-cost 2.01 or more',
  money: { spent: (DOLLAR * 199n) / 100n, unpriced: false, reserved: 0n, cap: DOLLAR * 2n },
  hint: 'Ctrl-C ends the watching, not the run',
};

/** A run of many steps that asks call by call, at prices that nobody knows. */
export const LONG: Picture = {
  ...BEGUN,
  run: 'the-longest-name-that-anybody-would-give-to-a-pipeline-of-theirs-0123456789',
  ageMs: 90_000_000,
  planned: 1_000_000,
  inFlight: 1_000_000,
  steps: Array.from({ length: 14 }, (_, i) =>
    stepOf(i === 7 ? 'a step whose name has sixty-four letters, which is all that may be' : `step ${i + 1}`, {
      kind: i % 2 === 0 ? 'expression' : 'llm',
      ...(i < 6
        ? { valid: 1_000_000, expected: 1_000_000 }
        : i === 6
          ? { valid: 123_456, waiting: 876_544, expected: 1_000_000 }
          : { expected: 1_000_000 }),
    }),
  ),
  batches: [
    batchOf('c0ffee00', 'step 7', {
      mode: 'realtime',
      asked: 'gemini gemini-3-flash',
      requests: 200,
      says: '12 of 200 calls answered',
    }),
  ],
  money: { spent: 0n, unpriced: true, reserved: 0n, cap: null },
  eta: { leftMs: 71_000, of: 'run', because: 'at 12,345 units a second in step 7' },
};
