// The command line as a person meets it: real processes of the compiled program.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { CLI } from '../entries.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SAILOR = join(ROOT, 'examples/drunken-sailor');

const folder = mkdtempSync(join(tmpdir(), 'octobatch-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function octobatch(
  args: readonly string[],
  cwd = folder,
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [CLI, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
}

/** `place  what  (fix)` on one line. */
const DIAGNOSTIC = /^\S.*? {2}\S.* {2}\(.+\)$/;

describe('bad input', () => {
  it('is one line per mistake, with its place and the fix, and exit code 2, for every broken folder', () => {
    const broken = join(ROOT, 'test/golden/pipeline/broken');
    const names = readdirSync(broken, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(names.length).toBeGreaterThan(20);
    const { status, stdout, stderr } = octobatch([
      'validate',
      ...names.map(({ name }) => join(broken, name)),
    ]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(DIAGNOSTIC);
    for (const { name } of names) {
      expect(
        lines.some((line) => line.includes(`/broken/${name}`)),
        name,
      ).toBe(true);
    }
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('on the command line is a sentence, exit code 2, and leaves nothing behind', () => {
    for (const args of [
      ['run', 'nowhere'],
      ['run', ''],
      ['validate', ''],
      ['run', SAILOR, '--run-dir', ''],
      ['init', ''],
      ['run', SAILOR, '--repeat', 'many'],
      ['run', SAILOR, '--fail-on', 'sometimes'],
      ['run', SAILOR, '--wait', '5 parsecs'],
      ['run', SAILOR, '--simulator-faults', 'gremlins=1'],
      ['run', SAILOR, '--provider', 'openai'],
      ['report', 'no-such-run'],
      ['eval', '1 +'],
      ['eval', 'x', '--context', '[1]'],
    ]) {
      const { status, stderr } = octobatch(args);
      expect(status, args.join(' ')).toBe(2);
      expect(stderr.trimEnd(), args.join(' ')).toMatch(DIAGNOSTIC);
    }
    expect(octobatch(['frobnicate']).status).toBe(2);
    expect(existsSync(join(folder, '.octobatch'))).toBe(false);
  });
});

describe('looking', () => {
  it('evaluates an expression as Python does, with draws from a seed', () => {
    const draw = octobatch(['eval', 'random.randint(1, 6)', '--seed', '1']).stdout;
    expect(draw).toMatch(/^[1-6]\n$/);
    expect(octobatch(['eval', 'random.randint(1, 6)', '--seed', '1']).stdout).toBe(draw);
    expect(octobatch(['eval', "[x / 2, 'a' * 2, {}]", '--context', '{"x": 10}']).stdout).toBe(
      "[5.0, 'aa', {}]\n",
    );
  });

  it('prints the prompt of a unit and leaves no run behind', () => {
    const { status, stdout } = octobatch(['render', SAILOR, '--unit', 'pier__rep0003']);
    expect(status).toBe(0);
    expect(stdout).toContain('He started at 5 and took');
    expect(octobatch(['render', SAILOR, '--unit', '3']).stdout).toBe(stdout);
    expect(existsSync(join(folder, '.octobatch'))).toBe(false);
  });

  it('prints a JSON Schema that an editor can use', () => {
    const schema = JSON.parse(octobatch(['schema']).stdout) as { $schema: string; properties: object };
    expect(schema.$schema).toContain('2020-12');
    expect(Object.keys(schema.properties)).toContain('steps');
  });

  it('counts what a run would do', () => {
    const { stdout } = octobatch(['plan', join(ROOT, 'examples/market-haggle'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      units: 120,
      steps: [{}, { requests: { least: 120, most: 360 } }, {}],
    });
  });
});

describe('a run', () => {
  it('of the first example ends in a dry run whose first line says that its answers are simulated', () => {
    const { status, stdout } = octobatch(['run', SAILOR, '--max-units', '50', '--quiet']);
    expect(status, stdout).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^Dry run: drunken-sailor, simulated answers/);
    const { stdout: status2 } = octobatch(['status', '--json']);
    expect(JSON.parse(status2)).toMatchObject({ state: 'finished', accounting: { planned: 50, valid: 50 } });
  });

  it('of the pipeline in the README works as it is printed', () => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const yaml = /```yaml\n(# pipelines\/dice\/pipeline\.yaml\n[\s\S]*?)```/.exec(readme)?.[1];
    mkdirSync(join(folder, 'pipelines/dice'), { recursive: true });
    writeFileSync(join(folder, 'pipelines/dice/pipeline.yaml'), yaml ?? '');
    expect(octobatch(['validate', 'pipelines/dice']).stdout).toContain('valid, 2 steps, 400 units');
    expect(octobatch(['render', 'pipelines/dice']).stdout).toContain('Two dice show');
    const { status, stdout } = octobatch(['run', 'pipelines/dice', '--quiet']);
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('would hold');
  });

  it('gives each unit one line of results, its fields flat and what is internal under _metadata', () => {
    const directory = join(folder, 'flat');
    octobatch(['run', SAILOR, '--max-units', '3', '--quiet', '--run-dir', directory]);
    const lines = readFileSync(join(directory, 'results.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { unit_id: string }).unit_id)).toEqual([
      'pier__rep0000',
      'pier__rep0001',
      'pier__rep0002',
    ]);
    expect(Object.keys(JSON.parse(lines[0]!) as object)).toEqual([
      'unit_id',
      'id',
      'scenario_name',
      'start_position',
      'position',
      'path',
      'steps_taken',
      'final_position',
      'outcome',
      '_metadata',
    ]);
  });

  it('fails with exit code 1 when a gate fails, unless told never to', () => {
    const directory = join(folder, 'failing');
    mkdirSync(directory);
    writeFileSync(
      join(directory, 'pipeline.yaml'),
      'name: coin\nitems: [{ id: a }]\nrepeat: 200\nsteps: [{ name: toss, expressions: { heads: random.random() < 0.5 } }]\ngates: [{ name: always heads, share: heads, at_least: 0.9 }]\n',
    );
    expect(octobatch(['run', 'failing', '--quiet']).status).toBe(1);
    expect(octobatch(['run', 'failing', '--quiet', '--fail-on', 'never']).status).toBe(0);
  });

  it('tells the system’s refusal in one line, and goes on where it was once that is mended', () => {
    const directory = join(folder, 'blocked');
    writeFileSync(directory, 'a file where a folder should be');
    const args = ['run', SAILOR, '--max-units', '5', '--quiet', '--run-dir', directory];
    const { status, stderr } = octobatch(args);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^The system said no: .*\n$/);
    rmSync(directory);
    expect(octobatch(args).status).toBe(0);
  });
});
