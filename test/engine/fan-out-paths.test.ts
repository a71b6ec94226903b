// Children on every other path of a run: under a ceiling, call by call, in waves, from a recording, from another process.
import { describe, expect, it } from 'vitest';
import { createReplayProvider } from '../../src/adapters/providers/replay.ts';
import { accountFor } from '../../src/engine/account.ts';
import { recordingDigest } from '../../src/engine/recording.ts';
import type { LoadedPipeline, StopSpec } from '../../src/pipeline/pipeline.ts';
import type { RunPorts } from '../../src/ports/session.ts';
import { failureLine, resultLine } from '../../src/report/results.ts';
import { choir, chorus, linesOf, local, RATE, sometimes, split, WRITE } from './fan-out-world.ts';
import type { Script } from './scripted-provider.ts';
import { checkEveryEvent } from './shard-world.ts';
import {
  finish,
  kinds,
  PRICE,
  settleDown,
  timesAsked,
  type World,
  type WorldOptions,
  worldOf,
} from './world.ts';

const REHEARSAL = [WRITE, split('lines', 'line', 4), RATE];

async function play(loaded: LoadedPipeline, script: Script = choir(), options: WorldOptions = {}) {
  const world = await worldOf(loaded, script, options);
  const worker = await world.open();
  const records = await finish(world, worker);
  const { events } = await world.journal.read();
  checkEveryEvent(events);
  const lines = records.map((one) => (one.kind === 'valid' ? resultLine(one) : failureLine(one)));
  return { world, worker, records, events, lines, state: worker.context.state };
}

describe('the children of a run', () => {
  it('are asked only as far as the ceiling allows, and the rest when it is raised', async () => {
    const prices = { 'scripted/m/batch': PRICE };
    const loaded = chorus(REHEARSAL, { repeat: 4 });
    const { lines } = await play(loaded);
    // One request at a time, for each might be repeated twice; what they cost really uses it up.
    const cap = String(19_400_000_000n);
    const world = await worldOf(loaded, choir(), { session: { paid: true }, settings: { prices, cap } });
    const worker = await world.open();
    const paused = await settleDown(world, worker);
    expect(paused).toMatchObject({ kind: 'paused', reason: { kind: 'budget' } });
    expect(accountFor(paused.state)).toMatchObject({ sources: 12, failed: 0 });
    const { version } = await world.journal.read();
    await world.journal.append([{ type: 'cap_changed', cap: String(10n ** 13n), at: 1 }], version);
    const records = await finish(world, worker);
    expect(records.map((one) => resultLine(one as never))).toEqual(lines);
    expect(new Set(timesAsked(world))).toEqual(new Set([1]));
  });

  it('come out the same when they are asked call by call', async () => {
    const script = choir(sometimes(4, 5));
    const batch = await play(chorus(REHEARSAL, { repeat: 3 }), script);
    const calls = await play(chorus(REHEARSAL, { repeat: 3, mode: 'realtime' }), script);
    expect(calls.lines).toEqual(batch.lines);
    expect(new Set(kinds(batch.records)).has('valid')).toBe(true);
  });

  it('are asked by whoever goes on after a process died, each once', async () => {
    const world = await worldOf(chorus(REHEARSAL), {
      ...choir(),
      submit: (times) => (times === 1 ? 'created but unsure' : undefined),
    });
    await (await world.open('dead-1')).tick();
    world.pass(60_000);
    expect(kinds(await finish(world, await world.open('dead-2')))).toEqual(Array(6).fill('valid'));
    expect(new Set(timesAsked(world))).toEqual(new Set([1]));
  });

  it('are weighed with the wave that their source is of', async () => {
    const stop: StopSpec = {
      every: 4,
      rule: { kind: 'half_width', of: { kind: 'mean', expr: 'x' }, atMost: 0.12, confidence: 0.95 },
    };
    const steps = [
      local('sing', 'lines', '[random.random() for _ in range(random.randint(0, 3))]'),
      split('lines', 'x', 3),
    ];
    const { state, records } = await play(chorus(steps, { repeat: 60, stop }));
    const { waves } = state;
    expect(waves!.looks.length).toBeGreaterThan(1);
    expect(waves!.isOver).toBe(true);
    const opened = waves!.opened.size;
    expect(opened).toBeLessThan(180);
    expect(accountFor(state)).toMatchObject({ sources: opened, planned: records.length });
    const repetitions = new Set(records.map(({ unit }) => Number(/__rep(\d+)/.exec(unit)![1])));
    expect(Math.max(...repetitions)).toBe(opened / 3 - 1);
    const again = await play(chorus(steps, { repeat: 60, stop }));
    expect(again.state.waves!.opened.toString()).toBe(waves!.opened.toString());
  });

  it('leave a search for the best to the items they come from', async () => {
    const stop: StopSpec = {
      every: 6,
      rule: { kind: 'best', of: { kind: 'mean', expr: 'x' }, by: 'kind', wants: 'highest', fresh: 4 },
    };
    const steps = [
      local('sing', 'lines', "[random.random() + (5 if kind == 'cat' else 0) for _ in range(2)]"),
      split('lines', 'x', 2),
    ];
    const { state, records } = await play(chorus(steps, { repeat: 60, stop }));
    expect(state.waves!.looks.at(-1)!.weighed).toMatchObject({ kind: 'best', left: [2] });
    expect(records.at(-1)!.item).toBe('cat');
  });
});

/** A run that is answered from the recording of another one. */
async function replayed(recorded: World, loaded: LoadedPipeline) {
  const old: RunPorts = (await recorded.open()).context.ports;
  const digest = recordingDigest((await old.journal.read()).events);
  let own: RunPorts | null = null;
  const world = await worldOf(
    loaded,
    {},
    {
      settings: { replays: 'old', recording: { folder: 'old', digest, simulated: false } },
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
  return records.map((one) => (one.kind === 'valid' ? resultLine(one) : failureLine(one)));
}

describe('a recording of a run that fanned out', () => {
  it('answers every child again', async () => {
    const loaded = chorus(REHEARSAL, { repeat: 3 });
    const { world, lines } = await play(loaded, choir(sometimes(9, 6)));
    expect(await replayed(world, loaded)).toEqual(lines);
  });

  it('answers under a new limit too, and says which children it knows nothing of', async () => {
    const narrow = chorus([WRITE, split('lines', 'line', 2), RATE]);
    const { world, lines } = await play(narrow);
    expect(lines.filter((line) => line.includes('fan_out.too_many'))).toHaveLength(1);
    const wide = await replayed(world, chorus(REHEARSAL));
    expect(wide).toHaveLength(2 + linesOf('cat'));
    expect(wide.slice(0, 2)).toEqual(lines.slice(0, 2));
    expect(wide.slice(2).every((line) => line.includes('has no answer for this request'))).toBe(true);
  });
});
