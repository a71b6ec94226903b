// Keeping runs, at the door: what a person types, sees, and the exit codes a script goes by.
import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDecent, LONG, LONG_MS, openWorld, QUICK, type Spoken, type World } from './world.ts';

let world: World;
const say = async (...args: string[]): Promise<Spoken> => {
  const spoken = await world.octobatch(args);
  expectDecent(spoken);
  return spoken;
};
beforeAll(async () => {
  world = await openWorld('control');
  world.pipeline('tale');
  await world.settings({ latency: QUICK });
  for (const [seed, name] of [
    ['1', 'one'],
    ['2', 'two'],
  ] as const)
    await say('run', 'tale', '--max-cost', '1', '--seed', seed, '--name', name, '--quiet');
});
afterAll(() => world.close());

const runs = (): string[] => readdirSync(join(world.folder, '.octobatch/runs')).sort();

describe('runs that are kept', () => {
  it('are listed and told by their names', async () => {
    const list = await say('list');
    expect(list.stdout.split('\n')[0]).toMatch(
      /^RUN +NAME +PIPELINE +STATE +UNITS +VALID +FAILED +COST +AGE$/,
    );
    expect(list.stdout).toMatch(/^tale-\w{10} {2}two {3}tale +finished +6 +\d +\d +\$0\.\d+ +/m);
    const [first] = (await say('list', '--json')).stdout.split('\n');
    expect(JSON.parse(first!)).toMatchObject({ name: 'two', state: 'finished', planned: 6 });
    const info = await say('info', 'one');
    expect(info.stdout).toContain('openai/small/batch: $1 in, $4 out per million tokens (pipeline)');
    expect(info.stdout).toMatch(/^ {2}\w{8} of tell: 6 requests to openai small, batch_\w+: completed/m);
  });

  it('are never meant by a beginning that several have', async () => {
    const spoken = await say('cancel', 'tale');
    expect(spoken.code).toBe(2);
    expect(spoken.stderr).toMatch(
      /^run {2}"tale" is the beginning of 2 runs {2}\(say which: tale-\w{10}, tale-\w{10}\)\n$/,
    );
  });

  it('are verified with an exit code, and repaired', async () => {
    const before = await world.billed();
    expect(await say('verify')).toMatchObject({ code: 0 });
    appendFileSync(
      join(world.folder, '.octobatch/runs', runs()[0]!, 'results.jsonl'),
      '{"unit_id":"ghost"}\n',
    );
    const found = await say('verify');
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(
      /not sound: .*; 1 problem\n {2}results\.jsonl: 1 unit is not of this run \(ghost\) {2}\(repair publishes it again\)\n/,
    );
    const repaired = await say('repair', runs()[0]!);
    expect(repaired).toMatchObject({ code: 0 });
    expect(repaired.stdout).toMatch(/ {2}repaired:\n {2}published the files of the run again\n$/);
    expect(await say('verify', '--json')).toMatchObject({ code: 0 });
    expect(await world.billed()).toBe(before);
  });

  it('are put together, and the set is reported, analysed and compared', async () => {
    expect((await say('merge', 'one', 'two', '--into', 'both')).stdout).toMatch(
      /^both: \d+ valid and \d+ failed units of 2 runs;/,
    );
    const report = await say('report', 'both', '--json');
    expect(JSON.parse(report.stdout)).toMatchObject({ units: { planned: 12 }, verdict: 'pass' });
    expect((await say('analyze', 'both', '--count', 'good')).code).toBe(0);
    expect((await say('compare', 'one', 'two')).code).toBe(0);
  });

  it('are archived, brought back, and deleted only when somebody says so', async () => {
    expect((await say('archive', 'one')).stdout).toMatch(/^Run tale-\w{10} is archived\.\n$/);
    const again = await say('run', 'tale', '--max-cost', '1', '--seed', '1', '--quiet');
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('is archived as tale-')]);
    const back = await say('archive', '--undo', '--json', 'one');
    expect(JSON.parse(back.stdout)).toEqual({ run: expect.stringMatching(/^tale-/), archived: false });
    const asked = await say('prune', '--older-than', '0');
    expect(asked.code).toBe(2);
    expect(asked.stderr).toMatch(
      /^To be deleted for good: 2 runs, .*Asked again, what they answered would be paid again\.\n/,
    );
    expect(asked.stderr).toContain(
      'prune  there is nobody to ask  (say --yes, or look first with --dry-run)',
    );
    expect((await say('prune', '--older-than', '0', '--dry-run')).code).toBe(0);
    expect(runs()).toHaveLength(2);
    expect((await say('prune', '--older-than', '0', '--keep', '1', '--yes')).stdout).toMatch(
      /^Deleted 1 run, /,
    );
    expect(runs()).toHaveLength(1);
  });
});

describe('a run that changes its mode', () => {
  it('asks the rest call by call, under the same ceiling, and each unit once', async () => {
    const before = await world.billed();
    await world.settings({ latency: LONG });
    world.pipeline('halves', { limits: ', max_requests: 3' });
    const start = ['submit', 'halves', '--max-cost', '1', '--seed', '7', '--name', 'turned', '--quiet'];
    expect((await say(...start)).code).toBe(4);
    const turned = await say('mode', 'turned', 'realtime');
    expect(turned.stdout).toMatch(/^From now on run tale-\w{10} asks call by call\./);
    expect((await say('mode', 'turned', 'realtime')).stdout).toMatch(/ asks call by call already\./);
    expect((await say('mode', 'turned', 'sideways')).code).toBe(2);
    world.timePasses(LONG_MS);
    await world.settings({ latency: QUICK });
    const collected = await say('collect', 'turned', '--wait', '1m', '--quiet');
    expect(collected.code, collected.stderr).toBe(0);
    expect((await world.billed()) - before).toBe(6);
    expect((await say('verify', 'turned')).code).toBe(0);
  });
});

describe('a list of units', () => {
  it('is taken from standard input, and a wrong one is a mistake with its line', async () => {
    const start = '"$NODE" "$CLI" plan tale --units-file -';
    const env = { NODE: process.execPath };
    const planned = await world.shell(`printf 'b__rep0001\\na__rep0000\\n' | ${start}`, env);
    expect([planned.code, planned.stdout]).toEqual([0, expect.stringContaining('2 units')]);
    const wrong = await world.shell(`printf 'a__rep0000\\nb__rep0009\\n' | ${start}`, env);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining('-:2  there is no unit "b__rep0009"'),
    ]);
  });
});

describe('a damaged run', () => {
  it('is a sentence with the way out, to every command', async () => {
    await say('run', 'tale', '--max-cost', '1', '--seed', '9', '--name', 'torn', '--quiet');
    const [{ directory }] = (await say('list', '--json')).stdout
      .split('\n')
      .filter((line) => line.includes('"name":"torn"'))
      .map((line) => JSON.parse(line)) as [{ directory: string }];
    const journal = join(world.folder, directory, 'journal');
    const last = readdirSync(journal).sort().at(-1)!;
    writeFileSync(join(journal, last), '{"type":"run_fin');
    for (const command of ['status', 'collect', 'report', 'info']) {
      const spoken = await say(command, 'torn');
      expect(spoken.stderr, command).toMatch(
        /cannot be read in \d{8}\.jsonl: verify the run, and repair it\.\n$/,
      );
    }
    expect((await say('repair', 'torn')).code).toBe(0);
    expect((await say('collect', 'torn', '--quiet')).code).toBe(0);
    rmSync(join(world.folder, directory), { recursive: true });
  });
});
