// A run that fans out as its users meet it: its tables, its groups, the comparison of two of them. Every hand of cards is
// played here, so that no model is needed; what a table of five cards was dealt decides how many units there are.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyseResults } from '../../src/commands/analyze.ts';
import { type AnalyzeFlags, readWanted } from '../../src/commands/analyze-flags.ts';
import { compareResults } from '../../src/commands/compare.ts';
import { exportUnits, readExport } from '../../src/commands/export.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import { work } from '../../src/commands/work.ts';
import { makeFolder, OPTIONS, reading } from './finished-runs.ts';

const folder = makeFolder('fan-out');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function deal(name: string, hands: string): Promise<string> {
  const pipeline = join(folder, 'pipelines', name);
  mkdirSync(pipeline, { recursive: true });
  writeFileSync(
    join(pipeline, 'pipeline.yaml'),
    `name: table
seed: 3
items: [{ id: oak, rich: true }, { id: elm, rich: false }]
repeat: 40
steps:
  - name: shuffle
    expressions:
      players: random.randint(1, 4)
      hands: "${hands}"
    rules: [{ name: full, expr: players < 4 or rich, error: nobody has a chair }]
  - { name: seat, fan_out: hands, as: hand, max: 6 }
  - name: play
    expressions:
      card: random.randint(1, 13)
      won: card + hand > 12
report: { group_by: id, outcomes: [won], metrics: [card] }
`,
  );
  const directory = join(folder, name);
  const request = { pipeline, overrides: {}, root: folder, runDirectory: directory, faults: '' };
  const { place } = await startRun({ ...request, latency: { minMs: 0, maxMs: 0 } }, OPTIONS);
  try {
    await work(place, { waitMs: null, signal: new AbortController().signal, seen: () => {} });
  } finally {
    await place.close();
  }
  return directory;
}

const NONE: AnalyzeFlags = { count: [], net: [], numeric: [], quantile: [], stat: [] };
const analysis = (name: string, flags: Partial<AnalyzeFlags>) =>
  reading(name, (source) =>
    analyseResults(source, readWanted({ ...NONE, ...flags }, source.pipeline.report)),
  );

let run = '';
let longer = '';
beforeAll(async () => {
  run = await deal('run', '[i for i in range(players)]');
  longer = await deal('longer', '[i for i in range(players + (1 if rich else 0))]');
});

async function exported(format: 'csv' | 'jsonl'): Promise<string> {
  const out = join(folder, `out.${format}`);
  await reading(run, (source) => exportUnits(source, readExport({ what: 'results', out }), process.stdout));
  return out;
}

describe('the units of a run that fans out', () => {
  test('are a table that says which child of which unit each is', async () => {
    const rows = parse(readFileSync(await exported('csv'), 'utf8'), { columns: true }) as Record<
      string,
      string
    >[];
    expect(rows.length).toBeGreaterThan(100);
    for (const row of rows) {
      const place = row._fan_index!.padStart(3, '0');
      expect(row.unit_id).toBe(`${row._fan_parent_id}__fan${place}`);
      expect(row.hand).toBe(row._fan_index);
    }
  });

  test('are analysed by their place in the list, from the run and from a file of its results alike', async () => {
    const file = await exported('jsonl');
    const [own, alone] = [
      await analysis(run, { groupBy: '_fan_index', count: ['won'] }),
      await analysis(file, { groupBy: '_fan_index', count: ['won'] }),
    ];
    expect(own.groups.map(({ group }) => group)).toEqual(['0', '1', '2', '3']);
    const shares = (of: typeof own) =>
      of.groups.map(({ units, outcomes }) => [units, outcomes[0]!.values.map(({ interval }) => interval)]);
    expect(shares(alone)).toEqual(shares(own));
  });

  test('hang together by the unit that they were', async () => {
    for (const name of [run, await exported('jsonl')]) {
      const { overall } = await analysis(name, { count: ['won'] });
      expect(overall.outcomes[0]!.values[0]!.interval.method).toBe(
        'Wilson, clustered by the unit before the fan-out',
      );
    }
  });

  test('that failed before stand for the most they could have been', async () => {
    const { units, overall } = await analysis(run, { count: ['won'] });
    expect(units.failed).toBeGreaterThan(0);
    expect(overall.dropped).toBe(6 * units.failed);
  });

  test('are compared with the same children of another run, and the others are counted', async () => {
    const request = { outcomes: [], metrics: [], paired: true, units: true };
    const compared = await reading(run, (base) =>
      reading(longer, (head) => compareResults(base, head, request)),
    );
    // One more at the richer table each time; nobody else's draws have moved.
    expect(compared).toMatchObject({ unpaired: null, baseOnly: 0, headOnly: 40, units: [] });
    expect(compared.comparison!.changes.every(({ change }) => change === 0)).toBe(true);
  });
});
