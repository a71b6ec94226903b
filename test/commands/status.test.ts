// Where a run stands, in words: journals written by hand, at a moment of the test's choosing.
import { describe, expect, it } from 'vitest';
import { formatAge, formatSince } from '../../src/commands/ages.ts';
import { describeState, type RunStatus, type StatusOptions } from '../../src/commands/status.ts';
import { formatStatus } from '../../src/commands/status-text.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { created, DIGEST, declared, SETTINGS, settlement, stop } from '../engine/journal-cases.ts';

const KEY = 'abcdef0123456789abcdef0123456789';
const OTHER = '0123456789abcdef0123456789abcdef';
const MINUTE = 60_000;
const NOON = Date.UTC(2026, 0, 2, 12);

/** Declared at noon and claimed for 15 minutes. */
function asked(key: string, units: string, more: object = {}): JournalEvent {
  const claim = { owner: 'me', at: NOON, expires: NOON + 15 * MINUTE };
  return { ...declared(key, 0, units), provider: 'openai', model: 'gpt', claim, ...more } as JournalEvent;
}

function statusOf(
  events: readonly JournalEvent[],
  now: number,
  more: Partial<StatusOptions> = {},
): RunStatus {
  const options = { directory: 'runs/test', now, finishedOwners: new Set<string>(), paused: null, ...more };
  return describeState(foldJournal(events)!, options);
}

/** What the first batch is said to do. */
function says(events: readonly JournalEvent[], now: number, more: Partial<StatusOptions> = {}): string {
  return statusOf([created(10, ['lask']), asked(KEY, '0-9'), ...events], now, more).batches[0]!.says;
}

const SUBMITTED: JournalEvent = {
  type: 'batch_submitted',
  batch: KEY,
  providerBatch: 'batch_77',
  at: NOON + MINUTE,
};

describe('the status of a batch', () => {
  it('says who claimed it, and whether that process still runs', () => {
    expect(says([], NOON + MINUTE)).toBe(
      'declared, not sent yet; claimed 1 min ago by a process whose claim lasts until 12:15:00 UTC',
    );
    expect(says([], NOON + MINUTE, { finishedOwners: new Set(['me']) })).toContain(
      'by a process that has ended',
    );
    expect(says([], NOON + 20 * MINUTE)).toContain('let its claim run out 5 min ago');
  });

  it('says since when it is at the provider, and when its end was asked for', () => {
    const now = NOON + 131 * MINUTE;
    expect(says([SUBMITTED], now)).toBe('submitted 2 h 10 min ago, in progress');
    const end = { type: 'batch_cancel_asked', batch: KEY, why: 'age', at: now - 5 * MINUTE } as const;
    expect(says([SUBMITTED, end], now)).toBe(
      'submitted 2 h 10 min ago, its end was asked for 5 min ago, because it was too old',
    );
    const [batch] = statusOf([created(10, ['lask']), asked(KEY, '0-9'), SUBMITTED], now).batches;
    expect(batch).toMatchObject({
      providerBatch: 'batch_77',
      provider: 'openai',
      model: 'gpt',
      mode: 'batch',
      since: '2026-01-02T12:01:00.000Z',
      ageMs: 130 * MINUTE,
    });
  });

  it('says why it was put off, and until when', () => {
    const later = {
      type: 'batch_postponed',
      batch: KEY,
      cause: 'busy',
      why: '503',
      retryAt: NOON + MINUTE,
    } as const;
    expect(says([later], NOON)).toBe('postponed until 12:01:00 UTC, because: 503');
    expect(says([later], NOON + 2 * MINUTE)).toContain('may be tried again now');
    const blocked = { ...later, cause: 'blocked', why: 'the key is refused' } as const;
    expect(says([blocked], NOON)).toBe(
      'blocked by the provider, nothing is sent until somebody goes on: the key is refused',
    );
  });

  it('counts the calls that were answered', () => {
    const begun = { type: 'calls_begun', batch: KEY, again: false, at: NOON } as const;
    const some = { type: 'calls_answered', batch: KEY, answers: DIGEST, units: '0-3', at: NOON } as const;
    expect(
      statusOf(
        [created(10, ['lask']), asked(KEY, '0-9', { mode: 'realtime', count: 10 }), begun, some],
        NOON + 3 * MINUTE,
      ).batches[0]!.says,
    ).toBe('4 of 10 calls answered, begun 3 min ago');
  });

  it('says that its answers are back', () => {
    const back = { status: 'expired', reason: null, answers: DIGEST, rows: 7, at: NOON } as const;
    expect(says([SUBMITTED, { type: 'batch_collected', batch: KEY, ...back }], NOON)).toBe(
      'back (expired), 7 answers to be checked',
    );
  });
});

describe('the status of waiting units', () => {
  const returned = {
    type: 'batch_returned',
    cause: 'queue_full',
    batch: OTHER,
    why: 'enqueued token limit',
    retryAt: NOON + 10 * MINUTE,
    at: NOON + 2 * MINUTE,
  } as const;

  it('names the full queue, since when, and what makes room', () => {
    const alone = [created(10, ['lask']), asked(OTHER, '0-9'), returned];
    const now = NOON + 4 * MINUTE;
    expect(statusOf(alone, now).waiting).toEqual([
      {
        step: 'lask',
        units: 10,
        retries: 0,
        says: 'for room in the queue of openai gpt, found full 2 min ago (tried again at 12:10:00 UTC): enqueued token limit',
      },
    ]);
    const behind = [created(10, ['lask']), asked(KEY, '0-4'), SUBMITTED, asked(OTHER, '5-9'), returned];
    expect(statusOf(behind, now).waiting[0]!.says).toContain('(1 of its batches are in it)');
    expect(statusOf(alone, NOON + 11 * MINUTE).waiting[0]!.says).toBe(
      'to be packed into a batch by whoever goes on',
    );
  });

  it('counts those that wait for another attempt', () => {
    const events: JournalEvent[] = [
      created(10, ['lask']),
      asked(KEY, '0-3'),
      SUBMITTED,
      {
        type: 'batch_collected',
        batch: KEY,
        status: 'completed',
        reason: null,
        answers: DIGEST,
        rows: 4,
        at: NOON,
      },
      {
        type: 'batch_settled',
        batch: KEY,
        settlements: [settlement(0, '0-3', { stops: [stop(0, '', [{ step: 0, units: '1-2' }])] })],
        strayRows: 0,
        at: NOON,
      },
    ];
    expect(statusOf(events, NOON).waiting).toMatchObject([{ units: 8, retries: 2 }]);
    const ending = [...events, { type: 'cancel_requested', at: NOON } as const];
    expect(statusOf(ending, NOON)).toMatchObject({
      canceled: true,
      waiting: [{ says: 'to be given up, because the run is cancelled' }],
    });
  });
});

describe('the status as lines', () => {
  const paid = { ...SETTINGS, cap: '5000000000000' };
  const events = [
    { ...created(10, ['lask']), settings: paid } as JournalEvent,
    asked(KEY, '0-4', { reserved: '1250000000000' }),
    SUBMITTED,
  ];

  it('tells money, batches and waiting units', () => {
    expect(formatStatus(statusOf(events, NOON + 61 * MINUTE))).toBe(
      [
        'test-0123456789  open  pipelines/test',
        '  10 planned = 0 valid + 0 failed + 10 in flight; last change 2026-01-02T12:01:00.000Z',
        '  lask: 0 valid, 0 failed, 10 in flight of 10',
        '  spent $0.00, reserved $1.25, of at most $5.00',
        '  waits for openai gpt batch abcdef01 of lask, 1 request: submitted 1 h ago, in progress',
        '  5 units wait at lask: to be packed into a batch by whoever goes on',
        '',
      ].join('\n'),
    );
  });

  it('can be written as JSON, money as text', () => {
    const text = JSON.stringify(statusOf(events, NOON));
    expect(JSON.parse(text)).toMatchObject({
      money: { spent: '0', reserved: '1.25', cap: '5' },
      accounting: { steps: [{ firstCost: '0', uncertain: '0' }] },
      batches: [{ key: KEY, reserved: '1.25' }],
    });
  });

  it('tells why the run is paused and how to go on', () => {
    const paused = { kind: 'budget', needs: '2', left: '0.5', cap: '5', enough: '6.5' } as const;
    expect(formatStatus(statusOf(events, NOON, { paused }))).toContain(
      'paused: the budget; the next request with its retries may cost $2.00, and $0.50 of $5.00 is left. Go on with --max-cost 6.5 or more',
    );
  });

  it('says what became of units that were fanned out', () => {
    const children = { units: '0-2,4', outcomes: DIGEST };
    const events: JournalEvent[] = [
      created(3, ['fan', 'lask']),
      { type: 'work_settled', settlement: settlement(0, '0-1', { children, stops: [] }), at: NOON },
    ];
    const text = formatStatus(statusOf(events, NOON));
    expect(text).toContain('  3 planned, 5 by now = 0 valid + 0 failed + 5 in flight;');
    expect(text).toContain('  fan: 2 valid → 4, 0 failed, 1 in flight of 3\n');
  });

  it('makes what a provider says harmless', () => {
    const why = '\u001b[31m::error::gone\nmad';
    const later: JournalEvent = { type: 'batch_postponed', batch: OTHER, cause: 'busy', why, retryAt: NOON };
    const text = formatStatus(statusOf([created(10, ['lask']), asked(OTHER, '0-9'), later], NOON - 1));
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').some((line) => line.trimStart().startsWith('::'))).toBe(false);
    expect(text.split('\n')).toHaveLength(5);
  });
});

describe('an age', () => {
  it('is said in its two largest units', () => {
    const ages = [0, 999, 1000, 61_000, 3_600_000, 7_800_000, 90_000_000, 86_400_000 * 3].map(formatAge);
    expect(ages).toEqual([
      'under 1 s',
      'under 1 s',
      '1 s',
      '1 min 1 s',
      '1 h',
      '2 h 10 min',
      '1 d 1 h',
      '3 d',
    ]);
    expect(formatSince(0, 500)).toBe('just now');
    expect(formatSince(5000, 0)).toBe('in 5 s');
  });
});
