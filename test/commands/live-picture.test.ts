// What the live view reads off a run: counts of every step, batches in words, failures out of blobs.
import { describe, expect, it } from 'vitest';
import { createFailureReader } from '../../src/commands/live-failures.ts';
import { liveSteps, pictureOf } from '../../src/commands/live-picture.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { formatOutcome } from '../../src/engine/outcome-line.ts';
import { created, DIGEST, declared, settlement, stop } from '../engine/journal-cases.ts';

const KEY = 'abcdef0123456789abcdef0123456789';
const EXTRAS = { eta: null, paused: null, failures: [], hint: 'hint' };

const SENT: readonly JournalEvent[] = [
  created(6, ['ewalk', 'lask']),
  { type: 'work_settled', settlement: settlement(0, '0-3', { stops: [stop(0, '2')] }), at: 2000 },
  declared(KEY, 1, '0-1'),
  { type: 'batch_submitted', batch: KEY, providerBatch: 'batch_\u001b[31m1', at: 3000 },
];

describe('a picture', () => {
  it('tells of each step what is over, under way and waiting, and how much is to come', () => {
    const [walk, ask] = liveSteps(foldJournal(SENT)!);
    expect(walk).toMatchObject({ valid: 3, failed: 1, underWay: 0, waiting: 2, expected: 6 });
    // One has failed before it: five can come.
    expect(ask).toMatchObject({ valid: 0, underWay: 2, waiting: 1, expected: 5, asked: 'simulated' });
  });

  it('tells of a batch in a few words, and shows nothing of a provider that a terminal would obey', () => {
    const picture = pictureOf(foldJournal(SENT)!, 63_000, EXTRAS);
    expect(picture.batches).toEqual([
      expect.objectContaining({
        id: 'batch_\\u{1b}[31m1',
        step: 'lask',
        says: 'sent 1 min ago',
        isHeldUp: false,
      }),
    ]);
    expect(picture.ageMs).toBe(62_000);
    expect(picture.money).toBeNull();
  });

  it('marks what is held up', () => {
    const postponed: JournalEvent = {
      type: 'batch_postponed',
      batch: KEY,
      cause: 'busy',
      why: 'too many requests',
      retryAt: 70_000,
    };
    const [batch] = pictureOf(foldJournal([...SENT.slice(0, 3), postponed])!, 10_000, EXTRAS).batches;
    expect(batch).toMatchObject({ isHeldUp: true, says: 'tried again in 1 min: too many requests' });
  });
});

describe('the last failures', () => {
  const line = (unit: number, step: string | null): string =>
    formatOutcome(
      {
        unit,
        id: `unit-${unit}\u202e`,
        attempt: 1,
        failure:
          step === null
            ? null
            : {
                kind: 'invalid',
                step,
                issues: [{ path: '/n', rule: 'r', message: `no ${unit}\n` }],
                raw: null,
              },
        warnings: [],
        loops: [null],
      },
      ['{}'],
    );
  const blobs = (lines: readonly string[]) => ({
    reads: 0,
    async *lines() {
      this.reads++;
      yield* lines;
    },
  });

  it('are read from the newest blob of each step, once, and are harmless', async () => {
    const state = foldJournal(SENT)!;
    const store = blobs([line(0, null), line(2, 'ewalk'), line(3, null)]);
    const reader = createFailureReader(store);
    expect(await reader.follow(state)).toBe(true);
    expect(await reader.follow(state)).toBe(false);
    expect(store.reads).toBe(1);
    expect(reader.last()).toEqual([
      { kind: 'invalid', step: 'ewalk', unit: 'unit-2\\u{202e}', issue: '/n: no 2' },
    ]);
  });

  it('are none where a blob cannot be read: that is for whoever works on the run', async () => {
    const reader = createFailureReader({
      // biome-ignore lint/correctness/useYield: it fails before there is anything to give
      async *lines() {
        throw new Error(`no blob ${DIGEST}`);
      },
    });
    expect(await reader.follow(foldJournal(SENT)!)).toBe(false);
    expect(reader.last()).toEqual([]);
  });
});
