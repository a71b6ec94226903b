import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadFolder } from '../../src/compose.ts';
import { fieldsToJson } from '../../src/expression/json.ts';
import type { ExpressionStep, LoadedPipeline, Rng } from '../../src/pipeline/pipeline.ts';
import { normalisedText, pipelineFromJson, pipelineToJson } from '../../src/pipeline/snapshot.ts';
import { compileLocalSteps } from '../../src/simulation/local-chunk.ts';
import { openUnitStream } from '../../src/simulation/unit-stream.ts';
import { planUnits } from '../../src/simulation/units.ts';

const FOLDER = fileURLToPath(new URL('../fixtures/harbour-walk', import.meta.url));

interface Row {
  readonly unit: string;
  readonly walk: string;
  readonly wind: number;
  readonly tide: readonly number[];
  readonly luck: number;
}

const [alone, ...repeated] = readFileSync(
  new URL('../golden/simulation/python-walks.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line): Row => JSON.parse(line));

function load(overrides: { rng?: Rng; repeat?: number; seed?: string }): Promise<LoadedPipeline> {
  return loadFolder(FOLDER, 'harbour-walk', overrides);
}

// What the two local steps give, in the shape of the golden rows.
function simulate({ pipeline, items }: LoadedPipeline): Omit<Row, 'luck'>[] {
  const table = planUnits(pipeline, items);
  const steps = pipeline.steps.filter((step): step is ExpressionStep => step.kind === 'expression');
  const compute = compileLocalSteps({ steps, seed: pipeline.seed, rng: pipeline.rng }, () => null);
  return Array.from({ length: table.count }, (_, index) => {
    const { id, fields } = table.unit(index);
    const outcome = compute({ id, fields: fieldsToJson(fields) });
    if (outcome.kind !== 'done') throw new Error(outcome.failure.issues[0]?.message);
    const { path } = JSON.parse(outcome.steps[0]!.fields) as { path: number[] };
    const walk = path.slice(1).map((position, at) => (position > path[at]! ? '+' : '-'));
    const { wind, tide } = JSON.parse(outcome.steps[1]!.fields) as Pick<Row, 'wind' | 'tide'>;
    return { unit: id, walk: walk.join(''), wind, tide };
  });
}

function localPart({ luck: _, ...row }: Row): Omit<Row, 'luck'> {
  return row;
}

describe('rng: python', () => {
  test.each([100, 1000])(
    'walks the paths Octobatch walks, unit by unit, for %i repetitions',
    async (repeat) => {
      const walked = simulate(await load({ rng: 'python', repeat }));
      expect(walked).toHaveLength(repeat);
      expect(walked).toEqual(repeated.slice(0, repeat).map(localPart));
    },
  );

  test('seeds each step on its own where nothing repeats', async () => {
    expect(simulate(await load({ rng: 'python', repeat: 1 }))).toEqual([localPart(alone!)]);
  });

  test("draws for a prompt from the unit's seed, or from that of the step", () => {
    const luck = (id: string, repeats: boolean): number => {
      const stream = openUnitStream({ seed: '0', rng: 'python' }, { id, repeats }, 'tell', 'prompt');
      let drawn = stream.uint32() >>> 12;
      while (drawn >= 1_000_000) drawn = stream.uint32() >>> 12;
      return drawn + 1;
    };
    expect(luck('start_at_5', false)).toBe(alone!.luck);
    expect(luck('start_at_5__rep0007', true)).toBe(repeated[7]!.luck);
  });

  test('takes an item whose own id looks like a repetition for what it is', () => {
    const first = (id: string, repeats: boolean): number =>
      openUnitStream({ seed: '0', rng: 'python' }, { id, repeats }, 'step').uint32();
    expect(first('a__rep0001', false)).not.toBe(first('a__rep0001', true));
    expect(first('a__rep0001__rep0002', true)).not.toBe(first('a__rep0003', true));
  });

  test('is not changed by the seed of the run, and says so', async () => {
    const seeded = await load({ rng: 'python', repeat: 3, seed: '42' });
    expect(simulate(seeded)).toEqual(repeated.slice(0, 3).map(localPart));
    expect(seeded.pipeline.notRun.map(({ name }) => name)).toContain('seed 42');
  });

  test('warns when several steps of a repeated unit draw the same numbers, and only then', async () => {
    const warnings = async (overrides: Parameters<typeof load>[0]) =>
      (await load(overrides)).pipeline.notRun.map(({ name, reason }) => `${name}: ${reason}`).join('\n');
    expect(await warnings({ rng: 'python' })).toMatch(
      /^independent draws in each step: .* the same numbers: random_walk, weather, tell$/,
    );
    const { warnings: shown } = await loadFolder(FOLDER, 'harbour-walk', { rng: 'python' });
    expect(shown).toMatchObject([
      {
        file: 'harbour-walk/config.yaml',
        what: await warnings({ rng: 'python' }),
        fix: expect.stringMatching(/./),
      },
    ]);
    expect(await warnings({ rng: 'python', repeat: 1 })).toBe('');
    expect(await warnings({ rng: 'arc4' })).toBe('');
    expect(await warnings({})).toBe('');
  });
});

describe('the choice of a generator', () => {
  test('changes the draws', async () => {
    const rngs: Rng[] = ['tychei', 'arc4', 'python'];
    const walks = await Promise.all(
      rngs.map(async (rng) => simulate(await load({ rng, repeat: 20 })).map(({ walk }) => walk)),
    );
    expect(new Set(walks.map((walk) => walk.join())).size).toBe(3);
  });

  test('is part of what a run is known by, but for the default, which was there before the choice', async () => {
    const texts = await Promise.all(
      [{}, { rng: 'tychei' }, { rng: 'arc4' }, { rng: 'python' }].map(async (overrides) =>
        normalisedText((await load(overrides as { rng?: Rng })).pipeline),
      ),
    );
    expect(texts[1]).toBe(texts[0]);
    expect(new Set(texts).size).toBe(3);
    expect(texts[0]).not.toContain('rng');
  });

  test('survives the snapshot; a snapshot from before the choice has the default', async () => {
    const { pipeline } = await load({ rng: 'arc4' });
    const text = pipelineToJson(pipeline);
    expect(pipelineFromJson(text)).toEqual(pipeline);
    expect(pipelineFromJson(text.replace('"rng":"arc4",', '')).rng).toBe('tychei');
  });
});
