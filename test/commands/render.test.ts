// The prompt of one unit, also of one that is a child: by what the run knows, or worked out on the spot.
import { describe, expect, it } from 'vitest';
import { renderUnitPrompt } from '../../src/commands/render.ts';
import type { RunPlace } from '../../src/compose.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import type { Step } from '../../src/pipeline/pipeline.ts';
import { choir, chorus, local, RATE, split, WRITE } from '../engine/fan-out-world.ts';
import { settleDown, type World, worldOf } from '../engine/world.ts';

async function placeOf(world: World): Promise<RunPlace> {
  return { ports: (await world.open()).context.ports } as RunPlace;
}

const sing = local('sing', 'lines', "[unit_id + ' la', unit_id + ' lo'] if kind != 'elk' else []");
const hum = local('hum', 'note', 'len(line)');
const LOCAL: readonly Step[] = [sing, split('lines', 'line', 3), hum, { ...RATE, template: 'rate' }];

async function prompt(place: RunPlace, unit: string | null, step: string | null = null): Promise<string> {
  const { prompt: text } = await renderUnitPrompt(place, { unit, step });
  return text;
}

async function refusal(place: RunPlace, unit: string | null, step: string | null = null): Promise<string> {
  try {
    await renderUnitPrompt(place, { unit, step });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('it is rendered');
}

describe('the prompt of a child', () => {
  it('is worked out through local fan-outs before anything ran', async () => {
    const place = await placeOf(await worldOf(chorus(LOCAL), choir()));
    expect(await prompt(place, 'cat__fan001')).toBe('rate cat__fan001: cat lo');
    expect(await prompt(place, null)).toBe('rate ant__fan000: ant la');
  });

  it('is that of the run once it is there', async () => {
    const world = await worldOf(chorus([WRITE, split('lines', 'line', 4), RATE]), choir());
    await settleDown(world, await world.open());
    const place = await placeOf(world);
    expect(await prompt(place, 'cat__fan003', 'rate')).toBe('rate cat__fan003: cat sings 3');
    expect(await prompt(place, null, 'rate')).toBe('rate ant__fan000: ant sings 0');
    expect(await prompt(place, 'cat')).toBe('write about cat');
  });

  it('is refused where there is no such child, with what there is', async () => {
    const place = await placeOf(await worldOf(chorus(LOCAL), choir()));
    const said = await Promise.all(
      ['ant__fan002', 'elk__fan000', 'ant', 'ant__fan003', 'ant__fan0001', 'owl__fan000', '2'].map((unit) =>
        refusal(place, unit),
      ),
    );
    expect(said).toMatchInlineSnapshot(`
      [
        "--unit  unit ant has only 2 children at step "split"  (choose another unit)",
        "--unit  unit elk has no children at step "split"  (choose another unit)",
        "--unit  there is no unit "ant" at step "rate"  (units there are children made by "split", such as ant__fan000)",
        "--unit  there is no unit "ant__fan003" at step "rate"  (units there are children made by "split", such as ant__fan000)",
        "--unit  there is no unit "ant__fan0001" at step "rate"  (units there are children made by "split", such as ant__fan000)",
        "--unit  there is no unit "owl__fan000" at step "rate"  (units there are children made by "split", such as ant__fan000)",
        "--unit  there is no unit "2" at step "rate"  (units there are children made by "split", such as ant__fan000)",
      ]
    `);
  });

  it('is refused where it takes an answer that is not there yet', async () => {
    const place = await placeOf(await worldOf(chorus([WRITE, split('lines', 'line', 4), RATE]), choir()));
    expect(await refusal(place, 'ant__fan000', 'rate')).toMatchInlineSnapshot(
      `"--step  the prompt of "rate" needs the answer to "write", which unit ant__fan000 does not have yet  (run the pipeline first)"`,
    );
    expect(await prompt(place, 'ant')).toBe('write about ant');
  });
});
