// What `validate` and `plan` say about doubtful and broken pipelines: real processes of the compiled program.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CLI } from '../entries.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOUBTFUL = 'test/golden/pipeline/doubtful/overwritten-init';
const BROKEN = 'test/golden/pipeline/broken/loop-at-once';
const WARNING = `${DOUBTFUL}/pipeline.yaml:5:13  warning: walk.init.direction is overwritten by walk.direction before anything reads it  (remove it from init)\n`;

function octobatch(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('a doubtful pipeline', () => {
  test('is valid, and the doubt stands on standard error', () => {
    expect(octobatch('validate', DOUBTFUL)).toEqual({
      status: 0,
      stdout: `${DOUBTFUL}: valid, 1 step, 1 unit\n`,
      stderr: WARNING,
    });
  });

  test('is planned with the same words, and with the places as JSON', () => {
    const { status, stdout, stderr } = octobatch('plan', DOUBTFUL, '--json');
    expect({ status, stderr }).toEqual({ status: 0, stderr: WARNING });
    expect(JSON.parse(stdout).warnings).toMatchObject([{ line: 5, column: 13, fix: 'remove it from init' }]);
  });
});

test('a pipeline that names what is not there is a mistake of its author', () => {
  const { status, stdout, stderr } = octobatch('validate', DOUBTFUL, BROKEN);
  expect({ status, lines: stderr.split('\n').length, stdout }).toEqual({
    status: 2,
    lines: 4,
    stdout: `${DOUBTFUL}: valid, 1 step, 1 unit\n`,
  });
  expect(stderr).toContain(`${BROKEN}/pipeline.yaml:7:17  walk.loop_until is always true`);
});
