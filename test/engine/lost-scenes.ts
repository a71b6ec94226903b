// Runs of several pipelines whose process dies after so many appends, over blobs that can be lost.
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import type { LoadedPipeline, Mode } from '../../src/pipeline/pipeline.ts';
import { judged, salted } from '../adapters/journals/journal-scenes.ts';
import { choir, chorus, local, RATE, sometimes, split, WRITE } from './fan-out-world.ts';
import { losableBlobs } from './lost-world.ts';
import type { Script } from './scripted-provider.ts';
import { Death, mortal } from './shard-world.ts';
import { finish, PRICE, worldOf } from './world.ts';

/** A limit that nothing here comes near. */
export const CAP = 10n ** 12n;

/** A pipeline, and what it is answered. */
export interface Scene {
  readonly loaded: LoadedPipeline;
  readonly script: Script;
}

/** By mode and requests of a batch. */
export const SCENES: Readonly<Record<string, (mode: Mode, chunk: number) => Scene>> = {
  judged: (mode, chunk) => {
    const { items, pipeline } = judged(14, chunk, mode);
    const steps = [...pipeline.steps, local('sum', 'sum', 'die + n', 'sum != 7')];
    const script = salted(chunk);
    // No call is silent: whether a silence is a call's second depends on when a process died, loss or none.
    const ask: Script['ask'] = (request) => script.ask!(request, 1);
    return { loaded: { items, pipeline: { ...pipeline, steps } }, script: { ...script, ask } };
  },
  choir: (mode, chunkSize) => ({
    loaded: chorus(
      [
        local('mood', 'mood', 'random.randint(0, 9)', 'mood != 3'),
        WRITE,
        local('count', 'count', 'len(lines)', 'len(lines) != 4'),
        split('lines', 'line', 4),
        local('note', 'note', 'line + str(random.randint(0, 9))', "'7' not in note"),
        { ...RATE, mode },
      ],
      { repeat: 5, chunkSize, mode },
    ),
    script: choir(sometimes(chunkSize, 4)),
  }),
  twice: (mode, chunkSize) => ({
    loaded: chorus(
      [
        WRITE,
        split('lines', 'line', 4),
        { ...RATE, name: 'first' },
        local('again', 'again', '[n, n + 1]'),
        split('again', 'half', 2, 'halve'),
        RATE,
      ],
      { repeat: 3, chunkSize, mode },
    ),
    script: choir(sometimes(chunkSize + 1, 5)),
  }),
};

/** Whether a look at a batch, after so many others at any, finds it over. */
export type IsOver = (times: number) => boolean;
/** Every batch. */
export const AT_ONCE: IsOver = () => true;
/** So that several are over when the next step is packed. */
export const TOGETHER: IsOver = (times) => times > 8;
/** Some before others. */
export const ONE_IN_THREE: IsOver = (times) => times % 3 === 2;

/** A run of a scene whose process dies after so many appends. */
export async function begin({ loaded, script }: Scene, appends: number, isOver: IsOver) {
  const { blobs, lost } = losableBlobs();
  const slow: Script = {
    ...script,
    check: (times) =>
      isOver(times)
        ? { kind: 'ended', status: 'completed', reason: null }
        : { kind: 'running', status: 'in_progress', completed: 0 },
  };
  const inner = createMemoryJournal();
  const dying = mortal(inner, appends);
  const life = { ...dying };
  const world = await worldOf(loaded, slow, {
    ...{ blobs, session: { paid: true }, journal: () => life },
    settings: { prices: { 'scripted/m/batch': PRICE, 'scripted/m/realtime': PRICE }, cap: String(CAP) },
  });
  const worker = await world.open('dead-1');
  await finish(world, worker).catch((error: unknown) => {
    if (!(error instanceof Death)) throw error;
  });
  life.append = inner.append;
  return { world, lost };
}
