// Holds units, draws and tables against what Octobatch's own scripts gave; see test/golden/octobatch/README.md.
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadFolder } from '../../src/compose.ts';
import { fieldsToJson } from '../../src/expression/json.ts';
import { planUnits } from '../../src/simulation/units.ts';
import { makeFolder, play, write } from './runs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GOLDEN = join(ROOT, 'test/golden/octobatch');

const textOf = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');
const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('units', () => {
  it.each(['direct', 'cross', 'permutation', 'once'])(
    'of %s have the ids, the order and the fields that Octobatch gives them',
    async (name) => {
      const folder = write(makeFolder(), {
        'config.yaml': `${textOf(GOLDEN, 'units', `${name}.yaml`)}
pipeline: { steps: [{ name: s, scope: expression, expressions: { n: "1" } }] }
`,
        'items.yaml': textOf(GOLDEN, 'units/items.yaml'),
      });
      const { pipeline, items } = await loadFolder(folder, folder, {}, null);
      const units = planUnits(pipeline, items);
      const ours = Array.from({ length: units.count }, (_, at) =>
        JSON.parse(fieldsToJson(units.unit(at).fields)),
      );
      const theirs = linesOf(textOf(GOLDEN, 'units', `${name}.jsonl`));
      expect(ours).toEqual(theirs);
      expect(ours.map((one) => Object.keys(one))).toEqual(theirs.map((one) => Object.keys(one)));
    },
  );
});

/** The calls that the recorded tables come from, as entries of a pipeline. */
const ENTRIES = `
post_process:
  - { name: a, script: scripts/analyze_results.py, output: shares.txt, args: [--group-by, id, --count-field, position, --net-positive, "10", --net-negative, "0", --title, Where they ended] }
  - { name: b, script: scripts/analyze_results.py, output: shares.csv, args: [--group-by, id, --count-field, position, --net-positive, "10", --net-negative, "0", --output-format, csv] }
  - { name: c, script: scripts/analyze_results.py, output: steps.txt, args: [--group-by, position, --numeric-field, steps_taken, --title, Steps] }
  - { name: d, script: scripts/analyze_results.py, output: wind.csv, args: [--group-by, position, --numeric-field, wind, --output-format, csv] }
`;

describe('a walk with rng: python', () => {
  const folder = join(makeFolder(), 'harbour');
  cpSync(join(ROOT, 'test/fixtures/harbour-walk'), folder, { recursive: true });
  appendFileSync(join(folder, 'config.yaml'), ENTRIES);
  const run = play(folder, { rng: 'python', maxUnits: 40 });

  it('draws what Octobatch draws, the seed that two steps share included', async () => {
    const { directory } = await run;
    const ours = linesOf(textOf(directory, 'results.jsonl'));
    const theirs = linesOf(textOf(GOLDEN, 'walk/units.jsonl'));
    expect(ours).toHaveLength(40);
    for (const [at, { unit_id, position, path, steps_taken, direction, wind, tide }] of theirs.entries())
      expect(ours[at]).toMatchObject({ unit_id, position, path, steps_taken, direction, wind, tide });
  });

  it.each(['shares.txt', 'shares.csv', 'steps.txt', 'wind.csv'])(
    'has the figures of its analyser: %s',
    async (name) => {
      const { directory } = await run;
      const ours = tableOf(textOf(directory, 'outputs', name));
      const theirs = tableOf(textOf(GOLDEN, 'walk', name));
      expect(theirs.length).toBeGreaterThan(0);
      expect(ours).toHaveLength(theirs.length);
      expect(asTheirs(ours, theirs)).toEqual(theirs);
    },
  );
});

/** The rows of a table by its columns; what stands above and below it may be worded otherwise. */
function tableOf(text: string): Record<string, string>[] {
  const separator = text.includes(' | ') ? '|' : ',';
  const [head, ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line.includes(separator) && !line.includes('---'))
    .map((line) => line.split(separator).map((cell) => cell.trim()));
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [head![at]!, cell])));
}

/** The columns that theirs has, with as many digits; ours has one more, of what was dropped, and does not round in CSV. */
function asTheirs(ours: readonly Record<string, string>[], theirs: readonly Record<string, string>[]) {
  return theirs.map((row, at) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => {
        const own = ours[at]?.[name] ?? 'no such column';
        const digits = /^-?\d+\.(\d+)$/.exec(cell)?.[1]?.length;
        // Python rounds halves to the even digit.
        const isSame = digits !== undefined && Math.abs(Number(own) - Number(cell)) <= 0.5001 * 10 ** -digits;
        return [name, isSame ? cell : own];
      }),
    ),
  );
}
