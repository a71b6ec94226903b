// The files that have a line for each unit, out of one pass over a run.
import { describe, expect, it } from 'vitest';
import { createMemoryPublisher } from '../../src/adapters/publishers/memory.ts';
import { createInlineRunner } from '../../src/adapters/runners/inline.ts';
import { writeUnitFiles } from '../../src/engine/perform-unit-files.ts';
import type { LoadedPipeline } from '../../src/pipeline/pipeline.ts';
import type { Publisher } from '../../src/ports/publisher.ts';
import type { LocalRunner } from '../../src/ports/runner.ts';
import { assignments, stepOf } from '../simulation/steps.ts';
import { textAnswer } from './scripted-provider.ts';
import { pipelineOf, settleDown, type World, worldOf } from './world.ts';

/** Units 0 to `count` - 1; every seventh fails for good, and the last has a field that no other has. */
async function runOf(count: number): Promise<World> {
  return worldOf(pipelineOf(count, { schema: null }, { strategy: { kind: 'direct', group: 'items' } }), {
    rows: (requests) =>
      requests.map((one, at) =>
        textAnswer(one, at % 7 === 6 ? 'no JSON' : at === count - 1 ? '{"n": 1, "late": "x,y"}' : '{"n": 1}'),
      ),
  });
}

async function filesOf(world: World, publisher = createMemoryPublisher()) {
  const worker = await world.open();
  await settleDown(world, worker);
  const seen: string[] = [];
  await writeUnitFiles(worker.context, publisher, ({ unit }) => seen.push(unit));
  return { files: publisher.files, seen };
}

describe('the files of units', () => {
  it('have each unit in one of them, in canonical order, and whoever looks sees all', async () => {
    const { files, seen } = await filesOf(await runOf(500));
    const lines = (name: string) => (files.get(name) ?? '').split('\n').filter((line) => line !== '');
    const ids = (name: string) => lines(name).map((line) => JSON.parse(line).unit_id as string);
    expect(seen).toHaveLength(500);
    expect([...seen].sort()).toEqual(seen);
    expect([...ids('results.jsonl'), ...ids('failures.jsonl')].sort()).toEqual(seen);
    expect(ids('results.jsonl')).toEqual([...ids('results.jsonl')].sort());
    expect(lines('results.csv')).toHaveLength(lines('results.jsonl').length + 1);
  });

  it('give the table a column for a field that only the last unit has', async () => {
    const { files } = await filesOf(await runOf(500));
    const rows = (files.get('results.csv') ?? '').trimEnd().split('\r\n');
    expect(rows[0]).toMatch(/,late$/);
    expect(rows.at(-1)).toMatch(/,"x,y"$/);
    expect(rows.slice(1, -1).every((row) => row.endsWith(','))).toBe(true);
  });

  it('end with the error of the file that cannot be written, and no other hangs', async () => {
    const memory = createMemoryPublisher();
    const full: Publisher & { files: ReadonlyMap<string, string> } = {
      files: memory.files,
      file: async (name, chunks) => {
        if (name === 'results.csv') throw new Error('the disk is full');
        return memory.file(name, chunks);
      },
    };
    await expect(filesOf(await runOf(300), full)).rejects.toThrow('the disk is full');
  });
});

describe('chunks computed before their turn', () => {
  const walk = stepOf({
    name: 'walk',
    init: assignments({ place: '5' }),
    expressions: assignments({ place: 'place + random.choice([-1, 1])' }),
    loopUntil: 'place <= 0 or place >= 10',
    maxIterations: 60,
  });
  const judge = stepOf({ name: 'judge', expressions: assignments({ luck: '1 / (place % 7)' }) });

  /** A runner that does what it is given in an order of its own. */
  function late(ahead: number): LocalRunner {
    const inline = createInlineRunner();
    let given = 0;
    return {
      ...inline,
      ahead,
      async computeLines(work, units) {
        for (let turns = (given++ * 7) % 5; turns > 0; turns--) await new Promise(setImmediate);
        return inline.computeLines(work, units);
      },
    };
  }

  it('leave the same journal and the same files, however many there are at a time', async () => {
    const loaded: LoadedPipeline = pipelineOf(3_300);
    const pipeline = { ...loaded.pipeline, steps: [walk, judge] };
    const runs = await Promise.all(
      [0, 1, 2, 5].map(async (ahead) => {
        const world = await worldOf({ ...loaded, pipeline }, {}, { runner: late(ahead) });
        const { files } = await filesOf(world);
        const settled = (await world.journal.read()).events.filter(({ type }) => type === 'work_settled');
        return JSON.stringify([[...files], settled]);
      }),
    );
    expect(runs[0]).toContain('"kind\\":\\"expression\\"');
    for (const run of runs) expect(run).toBe(runs[0]);
  });
});
