// Real processes that meet on one run: with clocks that disagree, and with somebody who reads, ends or tidies it. Whatever
// meets, nothing is asked twice, and the run ends as one that was alone, or says why not.
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LONG_MS, repeatedRequests, startWitness, type Witness } from '../crash/witness.ts';
import { CLI } from '../entries.ts';
import { isOurs } from '../node-half.ts';

const COURIER = fileURLToPath(new URL('../fixtures/courier', import.meta.url));
const SHIFT = fileURLToPath(new URL('./clock-shift.mjs', import.meta.url));
const HOURS = 3_600_000;
const QUICK_MS = 100;

let folder: string;
let witness: Witness;
let expected: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-together-'));
  await cp(COURIER, join(folder, 'courier'), { recursive: true });
  witness = await startWitness(join(folder, 'simulator'), '--latency', `${QUICK_MS}ms`);
  const whole = await octobatch(['run', 'courier', '--run-dir', 'whole', '--quiet']).ended;
  expect(whole.code, whole.output).toBe(0);
  expected = await readFile(join(folder, 'whole', 'results.jsonl'), 'utf8');
});

afterAll(async () => {
  await witness.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Ending {
  readonly code: number | null;
  readonly output: string;
}

interface Living {
  /** Resolves when its output says so. */
  saying(text: string): Promise<void>;
  kill(): void;
  readonly ended: Promise<Ending>;
}

function octobatch(args: readonly string[], offsetMs = 0): Living {
  const child = spawn(process.execPath, ['--import', pathToFileURL(SHIFT).href, CLI, ...args], {
    cwd: folder,
    env: {
      ...process.env,
      NO_COLOR: '1',
      OCTOBATCH_SIMULATOR_URL: witness.url,
      CLOCK_OFFSET_MS: String(offsetMs),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const { text, resolve } of waiting) if (output.includes(text)) resolve();
    });
  }
  const ended = new Promise<Ending>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      for (const one of waiting) one.resolve();
      resolve({ code, output });
    });
  });
  return {
    saying: (text) => new Promise((resolve) => waiting.push({ text, resolve })),
    kill: () => child.kill('SIGKILL'),
    ended,
  };
}

/** Batches that are created from now on are under way until `letThemEnd`. */
const holdBatches = (): Promise<void> => witness.batchesTake(LONG_MS);

async function letThemEnd(): Promise<void> {
  await witness.batchesTake(QUICK_MS);
  witness.timePasses(LONG_MS);
}

const resultsOf = (run: string): Promise<string> => readFile(join(folder, run, 'results.jsonl'), 'utf8');

async function askingNothingTwice(work: () => Promise<void>): Promise<void> {
  const before = (await witness.creates()).length;
  await work();
  expect(repeatedRequests((await witness.creates()).slice(before))).toEqual([]);
}

describe('a clock that is wrong', () => {
  it('costs nothing when it was ahead, behind, or is moved back between two processes', async () => {
    const clocks = [
      ['ahead', 2 * HOURS, 0],
      ['behind', -2 * HOURS, 0],
      ['moved-back', 30 * HOURS, -30 * HOURS],
    ] as const;
    for (const [name, first, second] of clocks.filter((_, index) => isOurs(index))) {
      await askingNothingTwice(async () => {
        await holdBatches();
        const sent = await octobatch(['submit', 'courier', '--run-dir', name], first).ended;
        expect(sent.code, sent.output).toBe(4);
        await letThemEnd();
        const rest = await octobatch(['collect', name, '--wait', '3m'], second).ended;
        expect(rest.code, rest.output).toBe(0);
        expect(await resultsOf(name)).toBe(expected);
      });
    }
  });

  it('costs nothing when the process that had it was killed in the middle', async () => {
    await askingNothingTwice(async () => {
      await holdBatches();
      const first = octobatch(['run', 'courier', '--run-dir', 'killed'], 2 * HOURS);
      await first.saying('sent to');
      first.kill();
      await first.ended;
      await letThemEnd();
      const second = await octobatch(['run', 'courier', '--run-dir', 'killed']).ended;
      expect(second.code, second.output).toBe(0);
      expect(await resultsOf('killed')).toBe(expected);
    });
  });
});

describe('two processes on one run', () => {
  it('share it when one runs and the other collects, looks and verifies', async () => {
    await askingNothingTwice(async () => {
      await holdBatches();
      const first = octobatch(['run', 'courier', '--run-dir', 'shared']);
      await first.saying('sent to');
      const collecting = octobatch(['collect', 'shared', '--wait', '3m']);
      const watching = octobatch(['watch', 'shared']);
      const isWatched = watching.saying('submitted');
      const looks = [octobatch(['status', 'shared']).ended, octobatch(['verify', 'shared']).ended];
      await Promise.all([...looks, isWatched]);
      await letThemEnd();
      const others = await Promise.all([...looks, collecting.ended, watching.ended]);
      const one = await first.ended;
      expect(one.code, one.output).toBe(0);
      for (const other of others) expect(other.code, other.output).toBe(0);
      expect(await resultsOf('shared')).toBe(expected);
    });
  });

  it('agree on the end when one runs and the other cancels it', async () => {
    await askingNothingTwice(async () => {
      const first = octobatch(['run', 'courier', '--run-dir', 'ended']);
      await first.saying('sent to');
      const cancel = await octobatch(['cancel', 'ended']).ended;
      const one = await first.ended;
      // Whoever comes to the end first: what was answered by then counts, and both say how the run ended.
      for (const { code, output } of [one, cancel]) expect([0, 3], output).toContain(code);
      const books = await octobatch(['verify', 'ended']).ended;
      expect(books.code, books.output).toBe(0);
    });
  });

  it('do not tidy away what is being worked on', async () => {
    await askingNothingTwice(async () => {
      await holdBatches();
      const first = octobatch(['run', 'courier', '--name', 'busy']);
      await first.saying('sent to');
      const archived = await octobatch(['archive', 'busy']).ended;
      expect(archived.code, archived.output).toBe(2);
      const pruned = await octobatch(['prune', '--older-than', '0d', '--yes']).ended;
      expect(pruned.code, pruned.output).toBe(0);
      await letThemEnd();
      const one = await first.ended;
      expect(one.code, one.output).toBe(0);
      const listed = await octobatch(['list', '--json']).ended;
      expect(listed.output).toContain('"busy"');
    });
  });
});
