// A run in parts at the door: each command is a process of its own, on machines that are folders; the service is the
// simulator on the loopback address. Their folders are brought together and collected.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectDecent,
  firstLine,
  inPairs,
  LONG,
  LONG_MS,
  openWorld,
  QUICK,
  type Spoken,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld('shards');
  world.pipeline('tale', { more: 'gates: [{ name: none, share: "1 > 2", at_least: 0.5 }]' });
});
afterAll(() => world.close());

const RUNS = join('.octobatch', 'runs');

/** Runs a command where another machine would: in a folder that has the pipeline and no runs. */
function onMachine(machine: string, words: readonly string[]): Promise<Spoken> {
  mkdirSync(join(world.folder, machine), { recursive: true });
  cpSync(join(world.folder, 'tale'), join(world.folder, machine, 'tale'), { recursive: true });
  return world.shell(`cd ${machine} && node "$CLI" ${words.join(' ')}`);
}

/** Brings the folders of a machine's runs to the one that collects. */
function bring(machine: string, to: string): void {
  cpSync(join(world.folder, machine, RUNS), join(world.folder, to, RUNS), { recursive: true });
  rmSync(join(world.folder, machine), { recursive: true });
}

function traces(machine: string): object {
  const runs = join(world.folder, machine, RUNS);
  const run = readdirSync(runs).find((name) => !/-s\d+of\d+$/.test(name)) ?? 'none';
  const read = (name: string): string => readFileSync(join(runs, run, name), 'utf8');
  const { timing: _, ...report } = JSON.parse(read('report.json')) as { timing: unknown };
  return { run, report, results: read('results.jsonl'), failures: read('failures.jsonl') };
}

describe('a run in parts', () => {
  it('is planned, submitted by several machines, merged, and paid once', async () => {
    const before = await world.billed();
    const whole = await onMachine('one', ['run', 'tale', '--seed', '1', '--max-cost', '1']);
    // Its gate cannot be met.
    expect(whole.code, whole.stderr).toBe(1);
    const asked = (await world.billed()) - before;
    expect(asked, whole.stdout + whole.stderr).toBeGreaterThanOrEqual(6);

    const plan = await onMachine('one', ['plan', 'tale', '--seed', '1', '--shards', '3', '--json']);
    const { shard: names } = JSON.parse(plan.stdout) as { shard: readonly string[] };
    expect(names).toEqual(['1/3', '2/3', '3/3']);
    const text = await onMachine('one', ['plan', 'tale', '--shards', '9']);
    expect(text.stdout).toContain('  6 shards of 1 units: --shard 1/6 to --shard 6/6\n');

    await world.settings({ latency: LONG });
    const submit = (name: string): string[] => [
      'submit',
      'tale',
      '--seed',
      '1',
      '--max-cost',
      '1',
      '--shard',
      name,
      '--quiet',
    ];
    await inPairs(names.slice(0, 2), async (name) => {
      const spoken = await onMachine(`machine-${name[0]}`, submit(name));
      expect(spoken.code, spoken.stderr).toBe(4);
      expect(firstLine(spoken.stderr)).toBe(
        `This is shard ${name} of the run. collect merges all 3 when they are in one place; gates are judged then.`,
      );
      expectDecent(spoken);
    });
    bring('machine-1', 'home');
    bring('machine-2', 'home');
    const early = await onMachine('home', ['collect', '--quiet']);
    expect(early.code, early.stderr).toBe(4);
    expect(early.stderr).toMatch(
      /^Run tale-\w{10} is not merged yet: Shard 3\/3 is not here; run it, or bring the folder\.$/m,
    );
    const refused = await onMachine('home', ['run', 'tale', '--seed', '1', '--max-cost', '1']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('a part of this run, of 3, is in');

    await onMachine('home', submit('3/3'));
    world.timePasses(LONG_MS);
    await world.settings({ latency: QUICK });
    let collected = early;
    for (let turn = 0; turn < 9 && collected.code === 4; turn++)
      collected = await onMachine('home', ['collect', '--wait', '10s', '--quiet']);
    expect(collected.code, collected.stdout + collected.stderr).toBe(1);
    expect((await world.billed()) - before).toBe(2 * asked);
    expect(traces('home')).toEqual(traces('one'));

    const status = await onMachine('home', ['status']);
    expect(status.stdout.match(/^tale-\w+.*$/gm)).toHaveLength(1);
    const part = readdirSync(join(world.folder, 'home', RUNS)).find((name) => name.endsWith('s2of3'))!;
    for (const command of ['collect', 'report', 'cancel', 'retry']) {
      const closed = await onMachine('home', [command, part]);
      expect(closed.code, command).toBe(2);
      expect(closed.stderr).toMatch(
        /^Run tale-\w+-s2of3 is shard 2\/3 of run tale-\w+ and was merged into it;/m,
      );
      expectDecent(closed);
    }
    expect(traces('home')).toEqual(traces('one'));
    for (const spoken of [whole, plan, early, refused, collected, status]) expectDecent(spoken);
  });

  it('is refused with what would be accepted', async () => {
    for (const name of ['0/3', '4/3', '3', '1/300']) {
      const { code, stderr } = await world.octobatch(['run', 'tale', '--max-cost', '1', '--shard', name]);
      expect(code).toBe(2);
      expect(stderr).toBe(
        `--shard  "${name}" is no part of a run  (write which of how many, such as 2/7; at most 256)\n`,
      );
    }
    expect((await world.octobatch(['plan', 'tale', '--shards', '0'])).code).toBe(2);
  });
});
