// Waiting by what rate-limit headers told, on a clock of the test's own.
import { describe, expect, test } from 'vitest';
import { createPacer, MAX_PACING_MS } from '../../src/adapters/pacing.ts';

/** A clock that sleeps by moving on. */
function clockAt(start: number) {
  const sleeps: number[] = [];
  let now = start;
  return {
    sleeps,
    now: () => now,
    sleep: async (ms: number) => {
      sleeps.push(ms);
      now += ms;
    },
  };
}

const NEVER = new AbortController().signal;

describe('a pacer', () => {
  test('lets calls through when it knows nothing, or something is left', async () => {
    const clock = clockAt(1000);
    const pacer = createPacer(clock);
    await pacer.ready(NEVER);
    pacer.note('tokens', 10, 5000);
    await pacer.ready(NEVER);
    await pacer.ready(NEVER);
    expect(clock.sleeps).toEqual([]);
  });

  test('waits until the last of the limits that are used up is full again, once', async () => {
    const clock = clockAt(1000);
    const pacer = createPacer(clock);
    pacer.note('tokens', 0, 4000);
    pacer.note('requests', 0, 2000);
    await pacer.ready(NEVER);
    await pacer.ready(NEVER);
    expect(clock.sleeps).toEqual([3000]);
  });

  test('counts the calls between two answers against the requests that are left', async () => {
    const clock = clockAt(1000);
    const pacer = createPacer(clock);
    pacer.note('requests', 2, 4000);
    for (let call = 0; call < 3; call++) await pacer.ready(NEVER);
    expect(clock.sleeps).toEqual([3000]);
  });

  test('never waits longer than a minute', async () => {
    const clock = clockAt(1000);
    const pacer = createPacer(clock);
    pacer.note('requests', 0, 1e15);
    await pacer.ready(NEVER);
    expect(clock.sleeps).toEqual([MAX_PACING_MS]);
  });

  test('holds calls as long as the service asked for, the longest time told', async () => {
    const clock = clockAt(1000);
    const pacer = createPacer(clock);
    pacer.hold(9000);
    pacer.hold(3000);
    await pacer.ready(NEVER);
    expect(clock.sleeps).toEqual([8000]);
  });

  test('believes the newest headers, and none that make no sense', async () => {
    const clock = clockAt(1000);
    const pacer = createPacer(clock);
    pacer.note('requests', 0, 9000);
    pacer.note('requests', 5, 9000);
    pacer.note('tokens', Number.NaN, 9000);
    pacer.note('tokens', 0, Number.POSITIVE_INFINITY);
    await pacer.ready(NEVER);
    expect(clock.sleeps).toEqual([]);
  });

  test('ends the wait when the signal does', async () => {
    const pacer = createPacer();
    const stop = new AbortController();
    pacer.hold(Date.now() + 50_000);
    const waiting = pacer.ready(stop.signal);
    stop.abort();
    await waiting;
    await pacer.ready(AbortSignal.abort());
  });
});
