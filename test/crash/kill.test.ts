// Real processes: killed at random moments, and two at once on one run. The command line is the compiled one.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { CLI } from '../entries.ts';
import { isOurs } from '../node-half.ts';
import { LONG_MS, repeatedRequests, startWitness, type Witness } from './witness.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COURIER = 'test/fixtures/courier';
/** On each of two versions of Node. */
const KILLS = 8;

let folder: string;
let witness: Witness;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-kill-'));
  witness = await startWitness(
    join(folder, 'simulator'),
    '--faults',
    'malformed=0.15,missing=0.1',
    '--latency',
    '20ms-120ms',
  );
});

afterAll(async () => {
  await witness.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly ms: number;
}

/** Runs the command line; killed with SIGKILL after `killAfterMs`, if that comes first. */
function octobatch(args: readonly string[], killAfterMs: number | null = null): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: ROOT,
      env: { ...process.env, OCTOBATCH_SIMULATOR_URL: witness.url, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const timer = killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (timer !== null) clearTimeout(timer);
      resolve({ code, signal, output, ms: Number(process.hrtime.bigint() - started) / 1e6 });
    });
  });
}

async function traces(directory: string): Promise<Record<string, string>> {
  const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');
  const { timing: _, ...report } = JSON.parse(await read('report.json')) as Report;
  return {
    results: await read('results.jsonl'),
    failures: await read('failures.jsonl'),
    report: JSON.stringify(report),
  };
}

/** A small seeded sequence in [0, 1): which moments are tried must not change from run to run. */
function* moments(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe('the command line', () => {
  it('loses and repeats nothing when it is killed with kill -9 at random moments', async () => {
    const whole = await octobatch(['run', COURIER, '--run-dir', join(folder, 'whole'), '--quiet']);
    expect(whole.code, whole.output).toBe(0);
    const expected = await traces(join(folder, 'whole'));
    const random = moments(isOurs(0) ? 20261123 : 20261124);
    let killed = 0;
    let span = whole.ms;
    for (let round = 0; killed < KILLS; round++) {
      const before = (await witness.creates()).length;
      const directory = join(folder, `kill-${round}`);
      const args = ['run', COURIER, '--run-dir', directory, '--quiet'];
      const first = await octobatch(args, 30 + random.next().value! * span);
      if (first.signal === 'SIGKILL') killed++;
      // The machine may have less to do by now than at first, and even less the next time.
      else span = Math.min(span, first.ms) * 0.9;
      const last = first.signal === 'SIGKILL' ? await octobatch(args) : first;
      expect(last.code, last.output).toBe(0);
      expect(await traces(directory), `round ${round}`).toEqual(expected);
      expect(repeatedRequests((await witness.creates()).slice(before)), `round ${round}`).toEqual([]);
    }
  }, 600_000);

  it('gives one result when two processes work on one run at the same time', async () => {
    const alone = join(folder, 'alone');
    expect((await octobatch(['run', COURIER, '--run-dir', alone, '--quiet', '--seed', '11'])).code).toBe(0);
    const before = (await witness.creates()).length;
    const directory = join(folder, 'two');
    const args = ['run', COURIER, '--run-dir', directory, '--quiet', '--seed', '11'];
    const endings = await Promise.all([octobatch(args), octobatch(args)]);
    expect(
      endings.map((ending) => ending.code),
      endings.map((ending) => ending.output).join('\n'),
    ).toEqual([0, 0]);
    expect(await traces(directory)).toEqual(await traces(alone));
    expect(repeatedRequests((await witness.creates()).slice(before))).toEqual([]);
  });

  it('goes on after Ctrl-C where it was, and says how', async () => {
    const directory = join(folder, 'interrupted');
    await witness.batchesTake(LONG_MS);
    const args = [CLI, 'run', COURIER, '--run-dir', directory, '--seed', '12'];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, OCTOBATCH_SIMULATOR_URL: witness.url },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let isAsked = false;
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      // Once: a second time would mean that it shall stop where it stands, without a word.
      if (!isAsked && output.includes('sent to')) isAsked = child.kill('SIGINT');
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, output).toBe(4);
    expect(output).toContain('collect');
    await witness.batchesTake(20);
    witness.timePasses(LONG_MS);
    const rest = await octobatch(['collect', directory, '--wait', '3m']);
    expect(rest.code, rest.output).toBe(0);
  });
});
