// The choice of a generator from the command line, as a whole: real processes of the compiled program.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { CLI } from '../entries.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURE = join(ROOT, 'test/fixtures/harbour-walk');

const folder = mkdtempSync(join(tmpdir(), 'octobatch-rng-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function octobatch(args: readonly string[], input = ''): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
    input,
  });
}

interface Row {
  readonly unit: string;
  readonly walk: string;
  readonly luck: number;
}

const golden = readFileSync(join(ROOT, 'test/golden/simulation/python-walks.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line): Row => JSON.parse(line));

describe('--rng python', () => {
  test('makes eval draw as random.Random(seed)', () => {
    const { stdout } = octobatch(['eval', 'random.randint(1, 6)', '--rng', 'python', '--seed', '42']);
    expect(stdout).toBe('6\n');
    const lines = '{"expr":"random.randint(1, 6)","seed":42}\n{"expr":"random.random()"}\n';
    expect(octobatch(['eval', '--jsonl', '--rng', 'python'], lines).stdout).toBe(
      // random.Random(0).random()
      '{"value":6,"repr":"6"}\n{"value":0.8444218515250481,"repr":"0.8444218515250481"}\n',
    );
  });

  test('runs an Octobatch folder to the paths of its own seeds, and the report says what that costs', () => {
    const { status, stdout } = octobatch([
      'run',
      FIXTURE,
      '--rng',
      'python',
      '--run-dir',
      'walks',
      '--quiet',
      '--json',
      '--simulator-latency',
      '1ms',
    ]);
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.provenance).toMatchObject({ streamVersion: '1 python' });
    expect(report.provenance.reproduce).toContain('--rng python');
    expect(report.notRun.map(({ name }: { name: string }) => name)).toEqual([
      'independent draws in each step',
    ]);
    const walked = readFileSync(join(folder, 'walks/results.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { unit_id: string; path: number[] })
      .map(({ unit_id: unit, path }) => ({
        unit,
        walk: path
          .slice(1)
          .map((position, at) => (position > path[at]! ? '+' : '-'))
          .join(''),
      }));
    expect(walked).toEqual(golden.slice(1, 101).map(({ unit, walk }) => ({ unit, walk })));
  });

  test('draws for a prompt what Octobatch draws for it, with repetitions and without', () => {
    const luck = (args: readonly string[]): number =>
      Number(/^luck (\d+):/.exec(octobatch(['render', FIXTURE, '--rng', 'python', ...args]).stdout)?.[1]);
    expect(luck(['--unit', 'start_at_5__rep0042'])).toBe(golden[43]!.luck);
    expect(luck(['--repeat', '1'])).toBe(golden[0]!.luck);
  });

  test('is said by plan before anything is run', () => {
    const { stdout } = octobatch(['plan', FIXTURE, '--rng', 'python', '--seed', '7']);
    expect(stdout).toMatch(/not run: seed 7 \(/);
    expect(stdout).toMatch(/not run: independent draws in each step \(/);
  });
});

test('an unknown generator, or nothing to do, is a mistake of the person', () => {
  for (const args of [['eval', '1', '--rng', 'xorshift'], ['eval'], ['eval', '1', '--jsonl'], ['render']]) {
    expect(octobatch(args).status, args.join(' ')).toBe(2);
  }
});
