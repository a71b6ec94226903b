// Small finished runs of a pipeline without a model, for tests of what reads them.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openResults, type ResultSource } from '../../src/commands/result-source.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import { work } from '../../src/commands/work.ts';

export const OPTIONS = { workerEntry: null, simulatorUrl: null };

/** What differs between the pipelines. `win`: an expression; `more`: lines at the end. */
export interface Duel {
  readonly win?: string;
  readonly seed?: number;
  readonly repeat?: number;
  readonly more?: string;
}

/** A folder of its own for the runs of one file. */
export function makeFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `octobatch-${name}-`));
}

/** Plays a duel of two knights to its end, in `folder/name`, and gives that folder. A blow of 20 breaks the lance: it fails. */
export async function play(folder: string, name: string, duel: Duel = {}): Promise<string> {
  const { win = 'blow + edge > 10', seed = 5, repeat = 100, more = '' } = duel;
  const pipeline = join(folder, 'pipelines', name);
  mkdirSync(pipeline, { recursive: true });
  writeFileSync(
    join(pipeline, 'pipeline.yaml'),
    `name: duel
seed: ${seed}
items: [{ id: red, edge: 2 }, { id: blue, edge: 0 }]
repeat: ${repeat}
steps:
  - name: fight
    expressions:
      blow: random.randint(1, 20)
      result: "'win' if ${win} else 'lose'"
      gold: blow * 3 if result == 'win' else -5
    rules:
      - { name: lance, expr: blow < 20, error: "the lance broke" }
report: { group_by: id, outcomes: [result], metrics: [gold] }
${more}`,
  );
  const directory = join(folder, name);
  const { place } = await startRun(
    {
      pipeline,
      overrides: {},
      root: folder,
      runDirectory: directory,
      faults: '',
      latency: { minMs: 0, maxMs: 0 },
    },
    OPTIONS,
  );
  try {
    await work(place, { waitMs: null, signal: new AbortController().signal, seen: () => {} });
  } finally {
    await place.close();
  }
  return directory;
}

/** Reads results and closes them. */
export async function reading<T>(name: string, read: (source: ResultSource) => Promise<T>): Promise<T> {
  const source = await openResults(name, 'nowhere', OPTIONS);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}
