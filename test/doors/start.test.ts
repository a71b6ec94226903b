// The beginning, as a person meets it: init and doctor of the compiled command line, without a terminal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDecent, KEY, openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld('start');
});
afterAll(() => world.close());

describe('init without a terminal', () => {
  it('asks nothing, writes a pipeline, and the commands it names work', async () => {
    const made = await world.octobatch(['init', 'sims/tower']);
    expectDecent(made);
    expect(made.code).toBe(0);
    expect(made.stderr).toBe('');
    const next = made.stdout.split('Next:\n')[1]!.trim().split('\n');
    expect(next).toHaveLength(2);
    for (const command of next) {
      const spoken = await world.shell(command.replace(/^ *node \S+/, '"$NODE" "$CLI"'), {
        NODE: process.execPath,
      });
      expect([command, spoken.code]).toEqual([command, 0]);
    }
    const validated = await world.octobatch(['validate', 'sims/tower']);
    expect([validated.code, validated.stdout, validated.stderr]).toEqual([
      0,
      'sims/tower: valid, 1 step, 2,000 units\n',
      '',
    ]);
  });

  it('overwrites nothing: exit code 2, one line', async () => {
    await world.octobatch(['init', 'sims/twice']);
    const before = readFileSync(join(world.folder, 'sims/twice/pipeline.yaml'), 'utf8');
    const again = await world.octobatch(['init', 'sims/twice', '--template', 'judge']);
    expectDecent(again);
    expect(again.code).toBe(2);
    expect(again.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(readFileSync(join(world.folder, 'sims/twice/pipeline.yaml'), 'utf8')).toBe(before);
  });

  it('tells as JSON what it wrote', async () => {
    const { code, stdout } = await world.octobatch(['init', 'sims/json', '--template', 'prompts', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).files).toHaveLength(4);
  });
});

describe('doctor', () => {
  it('says a line a check and ends with 0, or with 1 when something stops runs', async () => {
    world.pipeline('tale');
    const well = await world.octobatch(['doctor', 'tale']);
    expectDecent(well);
    expect([well.code, well.stderr]).toEqual([0, '']);
    expect(well.stdout).toMatch(/^ok {7}openai small {2,}reached, and the key may use the model$/m);
    expect(well.stdout).toMatch(/, 0 problems\n$/);
    const ill = await world.octobatch(['doctor', 'tale', '--json'], { TALE_KEY: '' });
    expect(ill.code).toBe(1);
    expect(JSON.parse(ill.stdout).problems).toBe(1);
    expect(ill.stdout).not.toContain(KEY);
  });
});
