// A whole run answered from another one: what the engine makes of the replay provider.
import { describe, expect, it } from 'vitest';
import { createReplayProvider } from '../../src/adapters/providers/replay.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { isUncovered, recordingDigest } from '../../src/engine/recording.ts';
import type { LlmStep, LoadedPipeline } from '../../src/pipeline/pipeline.ts';
import type { RunPorts } from '../../src/ports/session.ts';
import { SETTINGS } from './journal-cases.ts';
import { textAnswer } from './scripted-provider.ts';
import { finish, kinds, pipelineOf, type World, worldOf } from './world.ts';

/** Answers `{"n": i}` for unit i; the first time unit 3 is asked, no JSON. */
async function recordedWorld(loaded: LoadedPipeline): Promise<World> {
  const world = await worldOf(loaded, {
    rows: (requests, times) =>
      requests.map((request) => {
        const number = /in (\d+)\?/.exec(request.prompt)?.[1] ?? '0';
        return textAnswer(request, times === 0 && number === '3' ? 'three' : `{"n": ${number}}`);
      }),
  });
  await finish(world, await world.open());
  return world;
}

interface Replay {
  readonly records: UnitRecord[];
  readonly contentKey: string;
}

async function replayOf(recorded: World, loaded: LoadedPipeline): Promise<Replay> {
  const old: RunPorts = (await recorded.open()).context.ports;
  const { events } = await old.journal.read();
  let own: RunPorts | null = null;
  const digest = recordingDigest(events);
  const world = await worldOf(
    loaded,
    {},
    {
      settings: { ...SETTINGS, replays: 'old', recording: { folder: 'old', digest, simulated: false } },
      session: {
        get batches() {
          return createReplayProvider({ run: 'old', recorded: old, blobs: own!.blobs });
        },
      },
    },
  );
  const worker = await world.open();
  own = worker.context.ports;
  const records = await finish(world, worker);
  expect(world.scripted.calls).toEqual([]);
  return { records, contentKey: worker.context.state.contentKey };
}

function withRule(loaded: LoadedPipeline, expr: string): LoadedPipeline {
  const step = loaded.pipeline.steps[0] as LlmStep;
  const rules = [{ name: 'new', expr, when: null, error: 'no', level: 'error' as const }];
  const steps = [{ ...step, checks: { ...step.checks, rules } }];
  return { ...loaded, pipeline: { ...loaded.pipeline, steps } };
}

describe('a run answered from a recording', () => {
  it('has the results of the recorded run, retries included', async () => {
    const loaded = pipelineOf(6);
    const recorded = await recordedWorld(loaded);
    const fresh = await finish(recorded, await recorded.open());
    const { records } = await replayOf(recorded, loaded);
    expect(records).toEqual(fresh);
    expect(records[3]).toMatchObject({ kind: 'valid', attempts: 2 });
  });

  it('is judged by the rules of now, and asks no model for what the recording does not cover', async () => {
    const recorded = await recordedWorld(pipelineOf(6));
    const { records } = await replayOf(recorded, withRule(pipelineOf(6), 'n != 4'));
    expect(kinds(records)).toEqual(['valid', 'valid', 'valid', 'valid', 'invalid', 'valid']);
    const [lost] = records.filter((record) => record.kind === 'failed');
    const [rule, end] = lost!.failure.issues;
    expect(rule).toMatchObject({ rule: 'new', message: 'no' });
    expect(isUncovered(end!.message)).toBe(true);
    expect(lost!.attempts).toBe(2);
  });

  it('shows the failure itself when the rule gives no further attempt', async () => {
    const recorded = await recordedWorld(pipelineOf(6));
    const once = pipelineOf(6, { retry: { maxAttempts: 1, feedback: true, from: null } });
    const { records } = await replayOf(recorded, withRule(once, 'n != 4'));
    expect(kinds(records)).toEqual(['valid', 'valid', 'valid', 'malformed', 'invalid', 'valid']);
  });

  it('does not depend on how it is packed', async () => {
    const recorded = await recordedWorld(pipelineOf(6, {}, { chunkSize: 4 }));
    const { records } = await replayOf(recorded, pipelineOf(6, {}, { chunkSize: 1 }));
    expect(records).toEqual((await replayOf(recorded, pipelineOf(6))).records);
  });

  it('is another run when the recording is another one', async () => {
    const [one, other] = [await recordedWorld(pipelineOf(2)), await recordedWorld(pipelineOf(4))];
    const keys = [await replayOf(one, pipelineOf(2)), await replayOf(other, pipelineOf(2))];
    expect(keys[0]!.contentKey).not.toBe(keys[1]!.contentKey);
    expect((await replayOf(one, pipelineOf(2))).contentKey).toBe(keys[0]!.contentKey);
  });
});
