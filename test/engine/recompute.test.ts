// Lost blobs that need nobody to be asked: they are made again, with the same bytes, whenever the process died.
import { describe, expect, it } from 'vitest';
import { namedBlobs } from '../../src/engine/audit.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { recompute } from '../../src/engine/perform-recompute.ts';
import type { LoadedPipeline, Mode } from '../../src/pipeline/pipeline.ts';
import { fc } from '../property.ts';
import { choir, chorus, RATE, sometimes } from './fan-out-world.ts';
import { AT_ONCE, begin, ONE_IN_THREE, SCENES, TOGETHER } from './lost-scenes.ts';
import { diedAfter, losable } from './lost-world.ts';
import { textAnswer } from './scripted-provider.ts';
import type { World } from './world.ts';

/** Ports that ask nobody. */
async function portsOf(world: World) {
  const { ports } = (await world.open()).context;
  return {
    ...ports,
    provider: async () => {
      throw new Error('A repair asks nobody.');
    },
  };
}

/** Loses blobs, and makes them again; gives what came of each. */
async function again(
  world: World,
  loaded: LoadedPipeline,
  lost: Set<string>,
  isLost: (role: string, event: JournalEvent) => boolean,
): Promise<string[]> {
  const { events } = await world.journal.read();
  const blobs = namedBlobs(events).filter(({ role, event }) => isLost(role, events[event]!));
  for (const { digest } of blobs) lost.add(digest);
  return [...(await recompute(await portsOf(world), loaded, events, blobs)).values()];
}

const EVERYTHING = { answers: true, requests: true, outcomes: true };

describe('requests that are lost', () => {
  it('are rendered again to the byte, with all local outcomes, in whatever moment the process died', async () => {
    const seen = { requests: 0, open: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(SCENES)),
        fc.constantFrom<Mode>('batch', 'realtime'),
        fc.integer({ min: 2, max: 9 }),
        fc.nat(60),
        fc.constantFrom(AT_ONCE, TOGETHER, ONE_IN_THREE),
        async (name, mode, chunk, appends, isOver) => {
          const scene = SCENES[name]!(mode, chunk);
          const { world, lost } = await begin(scene, 1 + appends, isOver);
          const { batches } = (await world.open('dead-2')).context.state;
          const made = await again(
            world,
            scene.loaded,
            lost,
            (role) => role !== 'answers' && role in EVERYTHING,
          );
          expect(made.filter((is) => is !== 'made')).toEqual([]);
          expect(lost.size).toBe(0);
          seen.requests += made.length;
          seen.open += batches.size;
        },
      ),
      { numRuns: 25 },
    );
    for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(0);
  }, 60_000);

  const loaded = chorus([{ ...RATE, template: 'ask' }], { repeat: 2, mode: 'batch' });

  it('are not taken for those that were sent where they come out otherwise', async () => {
    const { world, lost } = await diedAfter(loaded, choir(), 'batch_submitted', {});
    const templates = { ...loaded.pipeline.templates, ask: 'tell of {{ unit_id }}' };
    const other = { ...loaded, pipeline: { ...loaded.pipeline, templates } };
    expect(await again(world, other, lost, (role) => role === 'requests')).toEqual(['changed']);
    expect(lost.size).toBe(1);
    expect(await again(world, loaded, lost, (role) => role === 'requests')).toEqual(['made']);
  });

  it('are not given up because a disk is full', async () => {
    const { world, lost } = await diedAfter(loaded, choir(), 'batch_submitted', {});
    const { events } = await world.journal.read();
    const requests = losable(events);
    for (const { digest } of requests) lost.add(digest);
    const put = async (): Promise<never> => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    const ports = await portsOf(world);
    const full = { ...ports, blobs: { ...ports.blobs, put } };
    await expect(recompute(full, loaded, events, requests)).rejects.toThrow('no space left');
    // A blob that the disk does not give is as good as lost here: whoever asked knows which those are.
    const away = async function* (): AsyncGenerator<never> {
      yield* [];
      throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
    };
    const gone = { ...ports, blobs: { ...ports.blobs, lines: away, bunches: away } };
    expect([...(await recompute(gone, loaded, events, requests)).values()]).not.toContain('made');
  });

  it('of prompts that cannot be rendered are failures again', async () => {
    const templates = {
      ...loaded.pipeline.templates,
      ask: 'ask {{ 1 / (kind | length - 3) }} {{ nobody.age }}',
    };
    const broken = { ...loaded, pipeline: { ...loaded.pipeline, templates } };
    const { world, lost } = await diedAfter(broken, choir(), null, {});
    const { events } = await world.journal.read();
    expect(events.map(({ type }) => type)).toContain('work_settled');
    expect(await again(world, broken, lost, (role) => role === 'outcomes')).toEqual(['made']);
  });
});

describe('answers of single calls', () => {
  const loaded = chorus([{ ...RATE, template: 'ask', mode: 'realtime' }], { repeat: 4, mode: 'realtime' });
  const stands = (type: JournalEvent['type']) => (role: string, event: JournalEvent) =>
    role === 'answers' && event.type === type;

  it('that are lost together are put together again from those that came one by one', async () => {
    const { world, lost } = await diedAfter(loaded, choir(sometimes(3, 4)), null, {});
    const made = await again(world, loaded, lost, stands('batch_collected'));
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made)).toEqual(new Set(['made']));
  });

  it('that are lost one by one are found among all of their batch', async () => {
    const { world, lost } = await diedAfter(loaded, choir(), null, {});
    const made = await again(world, loaded, lost, stands('calls_answered'));
    expect(made.length).toBeGreaterThan(1);
    expect(new Set(made)).toEqual(new Set(['made']));
  });

  it('are lost for good where they stood nowhere else', async () => {
    const { world, lost } = await diedAfter(loaded, choir(), null, {});
    const made = await again(world, loaded, lost, (role) => role === 'answers');
    expect(new Set(made)).toEqual(new Set(['lost']));
  });

  it('are made again with the calls that nobody answered', async () => {
    const script = {
      ...choir(),
      ask: (request: Parameters<typeof textAnswer>[0]) =>
        request.prompt.includes('elk')
          ? ({ kind: 'unanswered', why: 'silence' } as const)
          : ({ kind: 'answered', answer: textAnswer(request) } as const),
    };
    const { world, lost } = await diedAfter(loaded, script, null, {});
    const made = await again(
      world,
      loaded,
      lost,
      (role, { type }) => role === 'requests' || type === 'batch_collected',
    );
    expect(new Set(made)).toEqual(new Set(['made']));
  });
});
