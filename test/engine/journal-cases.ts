// Small builders of events for the engine's tests.
import {
  type JournalEvent,
  NOTHING_ASKED,
  type RunSettings,
  type Settlement,
  type Stop,
} from '../../src/engine/events.ts';

export const DIGEST = '0'.repeat(64);

/** Settings of a run that pays nothing. */
export const SETTINGS: RunSettings = {
  simulator: null,
  prices: {},
  cap: null,
  replays: null,
  source: 'pipelines/test',
  command: 'run pipelines/test',
};

/** The event that creates a run of `units` units over steps given as `e` (expression), `l` (llm) or `f` (fan-out, of 4) names. */
export function created(units: number, steps: readonly string[]): JournalEvent {
  return {
    type: 'run_created',
    journal: 1,
    engine: '0.1.0',
    run: 'test-0123456789',
    contentKey: 'c'.repeat(64),
    epoch: 0,
    nonce: 'n',
    snapshot: DIGEST,
    units,
    steps: steps.map((name) =>
      name.startsWith('f')
        ? { name, kind: 'fan_out', width: 4 }
        : { name, kind: name.startsWith('e') ? 'expression' : 'llm' },
    ),
    settings: SETTINGS,
    at: 1000,
  };
}

export function settlement(step: number, units: string, more: Partial<Settlement> = {}): Settlement {
  return {
    step,
    through: step,
    attempt: 1,
    units,
    outcomes: DIGEST,
    stops: [],
    capped: [0],
    ...NOTHING_ASKED,
    ...more,
  };
}

export function stop(step: number, failed: string, retries: Stop['retries'] = []): Stop {
  const count = failed === '' ? 0 : failed.split(',').length;
  return { step, failed, kinds: count === 0 ? {} : { invalid: count }, retries };
}

export function declared(
  batch: string,
  step: number,
  units: string,
  more: { attempt?: number; owner?: string } = {},
): JournalEvent {
  return {
    type: 'batch_declared',
    batch,
    step,
    provider: 'simulated',
    model: 'simulated',
    mode: 'batch',
    reserved: '0',
    tokens: 0,
    groups: [{ attempt: more.attempt ?? 1, units, feedback: null }],
    requests: DIGEST,
    count: 1,
    claim: { owner: more.owner ?? 'me', at: 2000, expires: 10_000 },
  };
}
