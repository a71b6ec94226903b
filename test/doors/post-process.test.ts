// What a person sees of what is done after a run, and a process that dies in the middle of it.
import { type ChildProcess, spawn } from 'node:child_process';
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
import { afterAll, describe, expect, it } from 'vitest';
import { CLI } from '../entries.ts';
import type { Spoken } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'octobatch-after-door-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PIPELINE = `items: [{ id: red, sides: 6 }, { id: blue, sides: 8 }]
repeat: 20
steps:
  - name: roll
    expressions: { face: "random.randint(1, sides)" }
post_process:
`;

function write(name: string, after: string, files: Readonly<Record<string, string>> = {}): void {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'pipeline.yaml'), `name: ${name}\n${PIPELINE}${after}`);
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, name, path), text);
}

function start(args: readonly string[]): { child: ChildProcess; ended: Promise<Spoken> } {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Spoken>((resolve) =>
    child.on('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended };
}

const octobatch = (...args: readonly string[]) => start(args).ended;

describe('the command line', () => {
  it('shows what was done after the run, and where it is', async () => {
    write('shown', '  - { analysis: { group_by: sides, numbers: [face] }, output: face.txt }\n');
    const { code, stdout } = await octobatch('run', 'shown', '--quiet');
    expect(code).toBe(0);
    expect(stdout).toContain('After the run: 1 entry, 1 file in outputs/');
    expect(stdout).toMatch(/Files: .*outputs\/\)/);
  });

  it('ends with 3 when a script fails, and says how to go on', async () => {
    write('failing', '  - { script: bad.mjs }\n', {
      'bad.mjs': "console.error('no such table'); process.exit(1);",
    });
    const { code, stdout } = await octobatch('run', 'failing', '--quiet');
    expect(code).toBe(3);
    expect(stdout).toContain('is over, but its script failed');
    expect(stdout).toContain('no such table');
  });

  it('runs no script under a policy, and says so', async () => {
    write('judged', '  - { script: a.mjs }\n', { 'a.mjs': "throw new Error('ran');" });
    writeFileSync(join(folder, 'policy.yaml'), '{}\n');
    const { code, stdout } = await octobatch('run', 'judged', '--quiet', '--policy', 'policy.yaml');
    expect(code).toBe(0);
    expect(stdout).toContain('Not run: 1 entry of the pipeline');
  });

  it('does again what a death interrupted, and ends what the dead process left running', async () => {
    write('dying', '  - { script: slow.mjs, output: slow.txt }\n', {
      'slow.mjs': `import { appendFileSync, existsSync } from 'node:fs';
const marks = process.env.HOME + '/marks';
const isFirst = !existsSync(marks);
appendFileSync(marks, process.pid + '\\n');
if (isFirst) setInterval(() => {}, 1000);
else console.log('done at last');`,
    });
    const { child, ended } = start(['run', 'dying', '--quiet']);
    const marks = join(folder, 'marks');
    const isMarked = () => existsSync(marks) && readFileSync(marks, 'utf8').endsWith('\n');
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    while (!isMarked() && !isOver) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isMarked()).toBe(true);
    child.kill('SIGKILL');
    await ended;
    const { code, stdout } = await octobatch('run', 'dying', '--quiet');
    expect(stdout).toContain('slow.txt');
    expect(code).toBe(0);
    const pids = readFileSync(marks, 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    const [run] = readdirSync(join(folder, '.octobatch', 'runs')).filter((name) => name.startsWith('dying'));
    const outputs = join(folder, '.octobatch', 'runs', run!, 'outputs');
    expect(readFileSync(join(outputs, 'slow.txt'), 'utf8')).toBe('done at last\n');
    // Where a process can be told from a later one with its number, it has been ended.
    const stat = `/proc/${pids[0]}/stat`;
    if (!existsSync(`/proc/${process.pid}/stat`)) process.kill(pids[0]!, 'SIGKILL');
    // Without a parent that asks after it, it may stay a zombie.
    else if (existsSync(stat)) expect(readFileSync(stat, 'utf8')).toMatch(/\) Z /);
  });
});
