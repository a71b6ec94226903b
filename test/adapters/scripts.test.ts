// Programs that mean harm, or come to some: each ends in its limits with a sentence, and leaves nothing behind.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createWorkbench } from '../../src/adapters/scripts.ts';
import { findFiles } from '../../src/adapters/scripts-files.ts';
import { type Program, runProgram } from '../../src/adapters/scripts-process.ts';
import type { ScriptCall, ScriptEnd, Workbench } from '../../src/ports/scripts.ts';

const root = mkdtempSync(join(tmpdir(), 'octobatch-scripts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let benches = 0;

async function open(): Promise<{ bench: Workbench; run: string }> {
  const run = join(root, String(benches++));
  mkdirSync(run);
  const bench = createWorkbench(run, { PATH: process.env.PATH });
  await bench.clear();
  return { bench, run };
}

const NEVER = new AbortController().signal;

async function runScript(
  bench: Workbench,
  source: string,
  call: Partial<ScriptCall> = {},
  signal: AbortSignal = NEVER,
): Promise<ScriptEnd> {
  await bench.layout.file('pipeline/a.mjs', [source]);
  const plain = { interpreter: ['node'], path: 'a.mjs', args: [], output: null };
  return bench.run({ ...plain, timeoutMs: 200_000, maxOutputBytes: 100_000, ...call }, signal);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A process that has ended and that nobody has asked after is none.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isRunning)) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a program under limits', () => {
  it('that prints without end is ended, and what it printed is not kept', async () => {
    const { bench } = await open();
    const endless = "for (;;) process.stdout.write('x'.repeat(65536));";
    const end = await runScript(bench, endless, { output: 'x.txt' });
    expect(end).toMatchObject({
      kind: 'failed',
      why: 'it printed more than 100000 bytes and was ended',
      files: [],
    });
    expect(existsSync(join(bench.directory, 'outputs/x.txt'))).toBe(false);
  });

  it('that takes too long is ended, also when it does not listen', async () => {
    const { bench } = await open();
    const deaf =
      "process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); setInterval(() => {}, 1000);";
    const end = await runScript(bench, deaf, { timeoutMs: 500 });
    expect(end).toMatchObject({ kind: 'failed', why: 'it took longer than 0.5 s and was ended' });
  });

  it('takes its children along when it ends, and waits for none that hold its output', async () => {
    const { bench } = await open();
    const parent = `import { spawn } from 'node:child_process';
const pids = [];
for (let i = 0; i < 5; i++) pids.push(spawn('sleep', ['300'], { stdio: 'inherit' }).pid);
process.stdout.write(JSON.stringify(pids), () => process.exit(0));`;
    const end = await runScript(bench, parent, { output: 'pids.json' });
    expect(end.kind).toBe('ok');
    const pids = JSON.parse(readFileSync(join(bench.directory, 'outputs/pids.json'), 'utf8')) as number[];
    expect(pids).toHaveLength(5);
    await untilGone(pids);
  });

  it('that makes more and more of itself ends with all of them', async () => {
    const { bench } = await open();
    // A small one, for this machine's sake: two that start two more each.
    const fork = `import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
appendFileSync('pids', process.pid + '\\n');
const depth = Number(process.env.DEPTH ?? '0');
if (depth < 2) for (let i = 0; i < 2; i++)
  spawn(process.execPath, [process.argv[1]], { env: { DEPTH: String(depth + 1) }, stdio: 'inherit' });
setInterval(() => {}, 1000);`;
    const stop = new AbortController();
    const ended = runScript(bench, fork, { timeoutMs: 200_000 }, stop.signal);
    const read = () => readFileSync(join(bench.directory, 'pids'), { encoding: 'utf8', flag: 'a+' });
    // Seven, when all of them live.
    while (read().split('\n').length < 8) await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    expect(await ended).toMatchObject({ kind: 'interrupted' });
    const pids = read().trim().split('\n').map(Number);
    await untilGone(pids);
  });

  it('is ended when the job is, and that is no failure of its own', async () => {
    const { bench } = await open();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const end = await runScript(bench, 'setInterval(() => {}, 1000);', {}, stop.signal);
    expect(end.kind).toBe('interrupted');
    expect((await runScript(bench, '', {}, stop.signal)).kind).toBe('interrupted');
  });

  it('is quoted by the end of what it said, errors first', async () => {
    const { bench } = await open();
    const end = await runScript(
      bench,
      "console.log('out'.repeat(5000)); console.error('e'.repeat(100000) + ' the last words'); process.exit(1);",
    );
    expect(end.why).toBe('it ended with exit code 1');
    expect(end.said).toContain('the last words\n');
    expect(end.said.length).toBeLessThan(9_000);
  });

  it.skipIf(process.platform === 'win32')(
    'is read to its end, also where files are written slowly',
    async () => {
      const { bench } = await open();
      const speak = `import { existsSync, writeFileSync } from 'node:fs';
writeFileSync('here', '');
while (!existsSync('go'));
process.stdout.write('o'.repeat(120000));
writeFileSync('spoken', '');`;
      const ended = runScript(bench, speak, { output: 'x.txt', maxOutputBytes: 200_000 });
      const until = async (name: string): Promise<void> => {
        while (!existsSync(join(bench.directory, name)))
          await new Promise((resolve) => setTimeout(resolve, 1));
      };
      await until('here');
      // Whoever opens such a file waits for the other side: all threads that write files do.
      const pipes = Array.from({ length: 4 }, (_, i) => join(bench.directory, `fifo-${i}`));
      expect(spawnSync('mkfifo', pipes).status).toBe(0);
      const waiting = pipes.map((path) => openFile(path, 'r'));
      writeFileSync(join(bench.directory, 'go'), '');
      await until('spoken');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      for (const path of pipes) closeSync(openSync(path, 'w'));
      for (const file of await Promise.all(waiting)) await file.close();
      expect((await ended).kind).toBe('ok');
      expect(readFileSync(join(bench.directory, 'outputs/x.txt'))).toHaveLength(120_000);
    },
  );

  it.skipIf(!existsSync('/dev/full'))(
    'is not waited for when the disk is full and it left somebody behind who holds its pipes',
    async () => {
      const { bench } = await open();
      const pid = join(bench.directory, 'pid');
      const source = `import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const left = spawn('sleep', ['600'], { detached: true, stdio: ['ignore', 'ignore', 'inherit'] });
left.unref();
writeFileSync('pid', String(left.pid));
console.log('more than fits');
setInterval(() => {}, 1000);`;
      const full: Program = {
        command: process.execPath,
        args: ['--input-type=module', '-e', source],
        directory: bench.directory,
        environment: { PATH: process.env.PATH ?? '' },
        stdout: '/dev/full',
        timeoutMs: 200_000,
        maxBytes: 100_000,
        running: join(bench.directory, '.running'),
      };
      await expect(runProgram(full, NEVER)).rejects.toThrow('ENOSPC');
      const left = Number(readFileSync(pid, 'utf8'));
      expect(isRunning(left)).toBe(true);
      process.kill(left, 'SIGKILL');
      await untilGone([left]);
    },
  );

  it('that ends itself by a signal is said to', async () => {
    const { bench } = await open();
    const end = await runScript(bench, "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);");
    expect(end).toMatchObject({ kind: 'failed', why: 'it was ended by SIGKILL' });
  });
});

describe('what a program leaves', () => {
  it('is taken only from outputs/, and a link there is refused with all the rest', async () => {
    const { bench, run } = await open();
    writeFileSync(join(run, 'secret'), 'secret');
    const linking = `import { symlinkSync, writeFileSync } from 'node:fs';
writeFileSync('outputs/fine.txt', 'fine');
symlinkSync('../../secret', 'outputs/link.txt');`;
    const end = await runScript(bench, linking);
    expect(end).toMatchObject({ kind: 'failed', why: 'it left links, or what is no file, below outputs/' });
    expect(await findFiles(join(bench.directory, 'outputs'))).toEqual({ files: [], others: 0 });
  });

  it('cannot make outputs/ itself lead elsewhere', async () => {
    const { bench, run } = await open();
    mkdirSync(join(run, 'elsewhere'));
    const replacing = `import { rmSync, symlinkSync } from 'node:fs';
rmSync('outputs', { recursive: true });
symlinkSync('../elsewhere', 'outputs');`;
    expect((await runScript(bench, replacing, { output: 'a.txt' })).kind).toBe('failed');
    await bench.write('b.txt', 'b', { isCompressed: false, isNew: false });
    expect(readdirSync(join(run, 'elsewhere'))).toEqual([]);
    await bench.deliver('key');
    expect(readdirSync(join(run, 'outputs'))).toEqual(['b.txt']);
  });

  it('is not what stands in the place of what it printed', async () => {
    const { bench, run } = await open();
    writeFileSync(join(run, 'secret'), 'secret');
    const replacing = `import { rmSync, symlinkSync } from 'node:fs';
rmSync('.printed');
symlinkSync('../secret', '.printed');`;
    const end = await runScript(bench, replacing, { output: 'a.txt' });
    expect(end).toMatchObject({ kind: 'failed', why: 'it took away the file for what it prints', files: [] });
    expect(await findFiles(join(bench.directory, 'outputs'))).toEqual({ files: [], others: 0 });
  });

  it('is bounded in bytes and in number, and has names that every system can have', async () => {
    const { bench } = await open();
    const leaves = (code: string) =>
      runScript(bench, `import { writeFileSync } from 'node:fs';\n${code}`).then(({ why }) => why);
    expect(await leaves("writeFileSync('outputs/big', Buffer.alloc(200000));")).toBe(
      'it left more than 100000 bytes below outputs/',
    );
    expect(await leaves("for (let i = 0; i < 1001; i++) writeFileSync('outputs/f' + i, '');")).toContain(
      'more than 1000 files',
    );
    expect(await leaves("writeFileSync('outputs/a:b', '');")).toContain('not every system');
    expect(await leaves("for (const f of ['a', 'A']) writeFileSync('outputs/' + f, '');")).toMatch(
      /case only|^null$/,
    );
    expect((await findFiles(join(bench.directory, 'outputs'))).files).toEqual([]);
  });
});

describe('files below outputs/', () => {
  const how = { isCompressed: false, isNew: true };

  it.each([
    ['../a', 'leaves the folder'],
    ['/a', 'is an absolute path'],
    ['a/../../b', 'leaves the folder'],
    ['a//b', 'has a part that is no name'],
    ['.hidden', 'has a part that is no name'],
    ['con.txt', 'has a part that is the name of a device'],
    ['C:/a', 'is an absolute path'],
  ])('%s is no path there', async (path, why) => {
    const { bench } = await open();
    await expect(bench.write(path, 'x', how)).rejects.toThrow(why);
  });

  it('are written once each, whatever the case of their names', async () => {
    const { bench } = await open();
    await bench.write('Units/One.txt', '1', how);
    await expect(bench.write('Units/One.txt', '2', how)).rejects.toThrow('another unit');
    await expect(bench.write('units/one.TXT', '2', how)).rejects.toThrow('another unit');
    await expect(bench.write('Units/One.txt/more', '2', how)).rejects.toThrow('below a file');
    await bench.write('Deep/k', '3', how);
    await expect(bench.write('DEEP', '2', how)).rejects.toThrow('differs from a folder in case only');
    await expect(bench.write('deep/K/x', '4', how)).rejects.toThrow('the name of another file');
  });

  it('have the folder they lie in for themselves, also when another unit wants its name for a file', async () => {
    const { bench } = await open();
    await bench.write('units/1.txt', '1', how);
    await expect(bench.write('units', '2', how)).rejects.toThrow('is a folder already');
    await bench.write('units/3.txt', '3', how);
    expect(readdirSync(join(bench.directory, 'outputs', 'units')).sort()).toEqual(['1.txt', '3.txt']);
  });

  it('are not written through a link', async () => {
    const { bench, run } = await open();
    mkdirSync(join(run, 'elsewhere'));
    mkdirSync(join(bench.directory, 'outputs'));
    symlinkSync(join(run, 'elsewhere'), join(bench.directory, 'outputs', 'sub'));
    await expect(bench.write('sub/a.txt', 'x', how)).rejects.toThrow('by a link');
    expect(readdirSync(join(run, 'elsewhere'))).toEqual([]);
  });

  it('are compressed as far as their names allow, and over no other file', async () => {
    const { bench } = await open();
    const outputs = join(bench.directory, 'outputs');
    const plain = { isCompressed: false, isNew: true };
    const long = 'x'.repeat(119);
    for (const name of ['a', 'k', 'k.gz', long, 'results.jsonl.gz']) await bench.write(name, name, plain);
    await bench.layout.file('results.jsonl', ['{}\n']);
    const { files, left, why } = await bench.gzip(['**'], false);
    expect(files.map(({ path }) => path)).toEqual(['a.gz']);
    expect([left, why]).toEqual([3, "is another file's already"]);
    expect(readdirSync(outputs).sort()).toEqual(['a.gz', 'k', 'k.gz', 'results.jsonl.gz', long]);
    expect(readFileSync(join(outputs, 'k.gz'), 'utf8')).toBe('k.gz');
    expect((await bench.gzip([`outputs/${long}`], false)).why).toContain('has a part that is no name');
  });

  it('come back from their lines of Base64 byte for byte', async () => {
    const { bench } = await open();
    const bytes = Buffer.from(Array.from({ length: 150_001 }, (_, i) => (i * 7) % 256));
    mkdirSync(join(bench.directory, 'outputs'));
    writeFileSync(join(bench.directory, 'outputs', 'a.bin'), bytes);
    const lines: string[] = [];
    for await (const line of bench.encoded('a.bin')) lines.push(line);
    await bench.restore('b.bin', lines);
    expect(readFileSync(join(bench.directory, 'outputs', 'b.bin')).equals(bytes)).toBe(true);
  });

  it('count as in place only with their list', async () => {
    const { bench, run } = await open();
    expect(await bench.delivered()).toBeNull();
    await bench.write('a.txt', 'a', how);
    await bench.deliver('one');
    expect(await bench.delivered()).toBe('one');
    rmSync(join(run, 'outputs'), { recursive: true });
    expect(await bench.delivered()).toBeNull();
  });
});
