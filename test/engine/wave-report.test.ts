// What the report of a run in waves says of its end, and that its gates are held at the look at which it ended: with the
// base that was known at its start.
import { describe, expect, it } from 'vitest';
import { createMemoryBlobs } from '../../src/adapters/blobs/memory.ts';
import { createMemoryPublisher } from '../../src/adapters/publishers/memory.ts';
import type { RunSettings } from '../../src/engine/events.ts';
import { analyseRun, sidesOf } from '../../src/engine/perform-analyse.ts';
import { storeBase } from '../../src/engine/perform-base.ts';
import { type PublishedBase, publish } from '../../src/engine/perform-publish.ts';
import { createRun } from '../../src/engine/perform-snapshot.ts';
import type { RunWorker } from '../../src/engine/tick.ts';
import type { Gate, LoadedPipeline } from '../../src/pipeline/pipeline.ts';
import type { Report } from '../../src/report/report.ts';
import { SETTINGS } from './journal-cases.ts';
import { answersByPrompt, byBest, byGate, looksOf, shareGate, wavedPipeline } from './wave-world.ts';
import { finish, PRICE, settleDown, type World, worldOf } from './world.ts';

async function reportOf(worker: RunWorker, base: PublishedBase | null = null): Promise<Report> {
  const options = { launcher: 'octobatch', pending: null, timing: null, error: null, base: async () => base };
  return (await publish(worker.context, createMemoryPublisher(), options)).report;
}

async function finished(
  loaded: LoadedPipeline,
  settings: Partial<RunSettings> = {},
  blobs = createMemoryBlobs(),
): Promise<{ worker: RunWorker; world: World }> {
  const session = { paid: true };
  const world = await worldOf(loaded, answersByPrompt(), { session, settings, blobs });
  const worker = await world.open();
  await finish(world, worker);
  return { worker, world };
}

describe('the report of a run that ended early', () => {
  it('says what was spared, in units and in dollars', async () => {
    const prices = { 'scripted/m/batch': PRICE };
    const { worker } = await finished(wavedPipeline(100, byGate(20, shareGate(0.4))), { prices });
    const report = await reportOf(worker);
    expect(report).toMatchObject({
      verdict: 'pass',
      units: { planned: 120, valid: 117 },
      gates: [{ state: 'pass', look: { look: 2, looks: 5 } }],
      stopped: {
        look: 2,
        looks: 5,
        units: 120,
        most: 300,
        isOver: true,
        enough: true,
        saved: { units: 180 },
      },
    });
    const { usd } = report.stopped!.saved;
    expect(Number(usd)).toBeCloseTo((Number(report.cost.spent) / 120) * 180, 9);
  });

  it('holds gates once where their decision did not end it', async () => {
    const loaded = wavedPipeline(100, byBest(4, 5), { gates: [shareGate(0.4)] });
    const report = await reportOf((await finished(loaded)).worker);
    expect(report.gates[0]).not.toHaveProperty('look');
    expect(report.stopped?.found).toMatchObject({ kind: 'best', left: ['cats'], fresh: { n: 5 } });
  });

  it('tells while it is open which wave it is at', async () => {
    let checks = 0;
    const world = await worldOf(wavedPipeline(12, byGate(4, shareGate(0.75))), {
      ...answersByPrompt(),
      check: () =>
        ++checks > 3
          ? { kind: 'running', status: 'x', completed: 0 }
          : { kind: 'ended', status: 'completed', reason: null },
    });
    const worker = await world.open();
    for (let ticks = 0; ticks < 6; ticks++) {
      await worker.tick();
      world.pass(5000);
    }
    const report = await reportOf(worker);
    expect(report).toMatchObject({ verdict: 'pending', units: { planned: 24 } });
    expect(report.stopped).toMatchObject({ look: 1, looks: 3, units: 24, most: 36, isOver: false });
    expect(looksOf(worker.context.state)).toHaveLength(1);
  });
});

describe('a gate on a change that ends a run', () => {
  const change: Gate = {
    ...{ kind: 'share_change', name: 'no drop', expr: 'n > 2', confidence: 0.95 },
    region: { atLeast: -0.1, atMost: null },
  };
  const adaptive = (every = 20) => wavedPipeline(100, byGate(every, change));

  async function baseOf(repeat: number, blobs: ReturnType<typeof createMemoryBlobs>): Promise<PublishedBase> {
    const whole = wavedPipeline(repeat, null, { gates: [change] });
    const { analysis } = await analyseRun((await finished(whole, {}, blobs)).worker.context);
    const { values, overall } = analysis;
    return { name: 'main', reason: null, isSame: false, values, overall, report: null };
  }

  it('is held against the base of its first start, over the units that both have', async () => {
    const blobs = createMemoryBlobs();
    const base = await baseOf(100, blobs);
    const { worker } = await finished(adaptive(), { against: await storeBase(blobs, base) }, blobs);
    expect(worker.context.state.waves).toMatchObject({ isOver: true });
    const report = await reportOf(worker, base);
    // The same answers: no change at all, and certain enough long before the last wave.
    expect(report).toMatchObject({ verdict: 'pass', gates: [{ state: 'pass', value: 0 }] });
    expect(report.units.planned).toBeLessThan(300);
    expect(report.stopped).toMatchObject({ enough: true, found: { kind: 'gates', undecided: 0 } });
  });

  it('does not end it where no base was known, but is held against one that came later', async () => {
    const blobs = createMemoryBlobs();
    const { worker } = await finished(adaptive(50), {}, blobs);
    expect(looksOf(worker.context.state)).toEqual([
      [false, '150-299'],
      [false, ''],
    ]);
    expect((await reportOf(worker)).verdict).toBe('inconclusive');
    const base = await baseOf(60, blobs);
    expect(await reportOf(worker, base)).toMatchObject({ verdict: 'pass', gates: [{ n: 177 }] });
  });

  it('is judged by what the run was weighed by, also where nobody names that again', async () => {
    const blobs = createMemoryBlobs();
    const base = await baseOf(100, blobs);
    const { worker } = await finished(adaptive(), { against: await storeBase(blobs, base) }, blobs);
    const options = { launcher: 'octobatch', pending: null, timing: null, error: null };
    const { report } = await publish(worker.context, createMemoryPublisher(), options);
    expect(report).toMatchObject({ verdict: 'pass', against: { name: 'main' }, gates: [{ value: 0 }] });
  });

  it('is judged by what it asks, whatever gates the report has by then', async () => {
    const blobs = createMemoryBlobs();
    const other = { ...change, name: 'the rest', expr: 'n > 3' };
    const begun = (...gates: Gate[]) => wavedPipeline(100, byGate(20, change), { gates });
    const whole = wavedPipeline(100, null, { gates: [change, other] });
    const { context } = (await finished(whole, {}, blobs)).worker;
    const { analysis } = await analyseRun(context);
    // As of a base of which no unit is known.
    const facts = { name: 'main', reason: null, isSame: false, values: null, report: null };
    const base = { ...facts, overall: analysis.overall, sides: sidesOf(analysis) };
    const settings = { against: await storeBase(blobs, base) };
    const { worker, world } = await finished(begun(change, other), settings, blobs);
    const later = begun({ ...other, name: 'no drop' }, { ...change, name: 'the rest' });
    await createRun({ ...worker.context.ports, journal: world.journal }, later, SETTINGS);
    await worker.context.follow();
    const report = await reportOf(worker, base);
    // Next to no change in either, for each is held against its own question, under whatever name.
    expect(report.gates.map(({ name }) => name)).toEqual(['no drop', 'the rest']);
    for (const gate of report.gates) expect(Math.abs(gate.value ?? 1)).toBeLessThan(0.1);
  });

  it('keeps a run of the same content to itself: it is begun once, whatever the base is by then', async () => {
    const blobs = createMemoryBlobs();
    const world = await worldOf(adaptive(), answersByPrompt(), { blobs });
    const before = (await settleDown(world, await world.open())).state;
    const base = await baseOf(20, blobs);
    const other = await worldOf(adaptive(), answersByPrompt(), {
      settings: { against: await storeBase(blobs, base) },
    });
    expect((await other.open()).context.state.contentKey).toBe(before.contentKey);
  });
});
